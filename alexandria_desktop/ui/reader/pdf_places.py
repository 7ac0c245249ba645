"""Between places of an open PDF and locators, contents and printed page numbers."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from alexandria_desktop.book.model import TocEntry
from alexandria_desktop.pdf.model import PageWords, PdfInfo, Rect
from alexandria_desktop.text.canonical import TEXT_VERSION
from alexandria_desktop.text.fold import fold
from alexandria_desktop.ui.reader.pdf_pages import Place, to_display
from sync.places.locator import CONTEXT, Locator, PdfTarget, Quote

QUOTED = 120
"""Characters of the words at the top of the screen that are kept with a position."""


@dataclass(frozen=True, slots=True)
class PagePart:
    """Words of one page that are marked."""

    page: int
    start: int
    end: int
    words: PageWords
    quads: tuple[Rect, ...] = ()

    @property
    def text(self) -> str:
        """The words themselves."""
        return self.words.text[self.start : self.end]


class PdfPlaces:
    """What a PDF says of its own places."""

    def __init__(self, info: PdfInfo, edition: str) -> None:
        self.info = info
        self.edition = edition
        self.entries = tuple(
            TocEntry(line.title, "" if line.page is None else href_of(line.page, line.top), line.level)
            for line in info.outline
        )
        starts = [
            (line.page, (line.top or 0.0) / max(1.0, info.pages[line.page].height), index)
            for index, line in enumerate(info.outline)
            if line.page is not None
        ]
        self._starts = sorted(starts, key=lambda start: start[:2])

    def chapter_at(self, place: Place) -> int:
        """Return the line of the contents that a place belongs to, or -1."""
        at = bisect_right(self._starts, (place.page, place.fraction + 1e-3), key=lambda start: start[:2]) - 1
        return self._starts[at][2] if at >= 0 else -1

    def place_of_href(self, href: str) -> Place | None:
        """Return the place of ``page/12`` or, so many points down, ``page/12#top=345``."""
        path, _, fragment = href.partition("#")
        kind, _, number = path.partition("/")
        if kind != "page" or not number.isdecimal() or int(number) >= len(self.info.pages):
            return None
        top = fragment.removeprefix("top=")
        return self.place_at_top(int(number), float(top) if top.isdecimal() else None)

    def place_at_top(self, page: int, top: float | None) -> Place:
        """Return the place so many points below the top of a page; a destination outside the page is its top."""
        height = self.info.pages[page].height
        return Place(page, top / height if top is not None and 0 < top < height else 0.0)

    def label(self, page: int) -> str:
        """Return ``p. 12 of 340``, with the printed number before it where that is another."""
        number, printed = f"{page + 1:,} of {len(self.info.pages):,}", self.printed(page)
        return f"p. {printed} ({number})" if printed and printed != str(page + 1) else f"p. {number}"

    def short_label(self, page: int) -> str:
        """Return ``p. 12``, as it is printed."""
        return f"p. {self.printed(page) or page + 1}"

    def printed(self, page: int) -> str:
        """Return the printed number of a page, or nothing."""
        return self.info.labels[page] if page < len(self.info.labels) else ""

    def locator_at(self, place: Place, words: PageWords | None) -> Locator:
        """Return the locator of a height on a page, with the first words below it as its anchor."""
        start = end = 0
        quote = None
        if words is not None and words.words:
            start = self.offset_below(place, words)
            end = min(len(words.text), start + QUOTED)
            quote = Quote.at(words.text, start, end) if end > start else None
        target = PdfTarget(place.page, start, end, label=self.printed(place.page) or None)
        return self._locator(target, quote, place)

    def offset_below(self, place: Place, words: PageWords) -> int:
        """Return the offset of the first word below a height; the end of the text where none is."""
        info = self.info.pages[place.page]
        y = place.fraction * info.height
        below = next((word for word in words.words if to_display(info, word.rect)[3] > y), None)
        return below.start if below is not None else len(words.text)

    def locator_of(self, parts: Sequence[PagePart]) -> Locator:
        """Return the locator of marked words, which may run over pages."""
        first, last = parts[0], parts[-1]
        quads = tuple((part.page, rect) for part in parts for rect in part.quads)
        target = PdfTarget(
            first.page,
            first.start,
            last.end,
            last.page if last.page != first.page else None,
            self.printed(first.page) or None,
            quads,
        )
        quote = Quote(
            "\n".join(part.text for part in parts),
            first.words.text[max(0, first.start - CONTEXT) : first.start],
            last.words.text[last.end : last.end + CONTEXT],
        )
        info = self.info.pages[first.page]
        top = min((to_display(info, rect)[1] for rect in first.quads), default=0.0)
        return self._locator(target, quote, Place(first.page, max(0.0, top / max(1.0, info.height))))

    def restored(self, locator: Locator) -> Place:
        """Return the place that a kept position means: page and fraction, both in its progression."""
        pages = len(self.info.pages)
        target = locator.target
        if not isinstance(target, PdfTarget) or not 0 <= target.page < pages:
            return Place.at(locator.progression, pages)
        below = locator.progression * pages - target.page
        rounding = 1e-6 * pages
        if not rounding < below <= 1 + rounding:  # the page's top, or a progression of another edition
            return Place(target.page)
        return Place(target.page, min(1.0, below))

    def _locator(self, target: PdfTarget, quote: Quote | None, place: Place) -> Locator:
        progression = place.progression(len(self.info.pages))
        return Locator(target, quote, progression, self.edition, TEXT_VERSION)


def href_of(page: int, top: float | None = None) -> str:
    """Return the address of a page, or of a height on it, as the contents name it."""
    return f"page/{page}#top={round(top)}" if top is not None and top >= 1 else f"page/{page}"


def range_on(locator: Locator, words: PageWords) -> tuple[int, int] | None:
    """Return where a locator's words stand on its first page, only if they agree with its quote."""
    target = locator.target
    assert isinstance(target, PdfTarget)
    text = words.text
    end = target.end if target.end_page in (None, target.page) else len(text)
    exact = locator.quote.exact if locator.quote is not None else ""
    if 0 <= target.start < end <= len(text):
        found, quoted = _letters(text[target.start : end]), _letters(exact)
        runs_on = target.end_page not in (None, target.page)
        if not exact or found == quoted or (runs_on and quoted.startswith(found)):
            return target.start, end
    at = fold(text).find(fold(exact)) if exact else -1
    return (at, at + len(exact)) if at >= 0 else None


def _letters(text: str) -> str:
    """Return text without white space, which lines and blocks set anew."""
    return "".join(fold(text).split())
