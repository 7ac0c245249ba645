"""Between places of an open book and locators."""

from __future__ import annotations

from alexandria_desktop.book.model import BookFormat
from alexandria_desktop.read.open_book import OpenBook
from alexandria_desktop.text.canonical import TEXT_VERSION
from alexandria_desktop.text.cfi_path import find_range, range_of
from alexandria_desktop.text.fold import fold
from sync.places.locator import EpubTarget, Locator, PdfTarget, Quote, Target, TextTarget


def make_locator(book: OpenBook, section: int, start: int, end: int) -> Locator:
    """Return a stretch of a section as a locator, with its quote, its context and (in an EPUB) its CFI."""
    text = book.text(section)
    described = book.book.sections[section]
    target: Target
    if book.book.format is BookFormat.EPUB:
        path = range_of(text, book.document(section).root, start, end)
        cfi = f"epubcfi({described.cfi}{path})" if described.cfi and path else None
        target = EpubTarget(described.href, start, end, cfi)
    else:
        target = TextTarget(described.href, start, end)
    return Locator(
        target,
        quote=Quote.at(text.text, start, end),
        progression=book.progression(section, start, len(text.text)),
        edition=book.book.edition,
        text_version=TEXT_VERSION,
    )


def find_locator(book: OpenBook, locator: Locator) -> tuple[int, int, int] | None:
    """Return (section, start, end) of a locator of this edition, only if the words there agree with its quote.

    The target's offsets come first, then its CFI, then the words themselves in its section.
    """
    target = locator.target
    if isinstance(target, PdfTarget) or not isinstance(target, EpubTarget | TextTarget):
        return None
    section = book.section_of_href(target.href)
    if section is None:
        return None
    text = book.text(section)
    exact = locator.quote.exact if locator.quote else ""
    candidates = [(target.start, target.end)]
    if isinstance(target, EpubTarget) and target.cfi:
        found = find_range(target.cfi.rpartition("!")[2].rstrip(")"), text, book.document(section).root)
        candidates += [found] if found else []
    for start, end in candidates:
        if 0 <= start <= end <= len(text.text) and (not exact or fold(text.text[start:end]) == fold(exact)):
            return section, start, end
    if exact:
        at = fold(text.text).find(fold(exact))
        if at >= 0:
            return section, at, at + len(exact)
    return None
