"""What a PDF is: pages, their printed numbers, its contents and its words about itself."""

from __future__ import annotations

import re

import pymupdf

from alexandria_desktop.pdf.linking import top_of
from alexandria_desktop.pdf.model import Matrix, OutlineEntry, PageInfo, PdfInfo
from alexandria_desktop.pdf.opening import MUPDF_ERRORS
from alexandria_desktop.text.plain import clean_line

MAX_OUTLINE = 10_000
MAX_LEVEL = 12
_LETTER = (612.0, 792.0)
_DATE = re.compile(r"(?:D:)?(\d{4})(\d{2})?(\d{2})?")
_ISO_DATE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")


def describe(document: pymupdf.Document, *, needed_password: bool = False) -> PdfInfo:
    """Return the description of an open document; what is damaged in it is left out."""
    return PdfInfo(
        pages=tuple(_page(document, number) for number in range(document.page_count)),
        labels=_labels(document),
        outline=_outline(document),
        metadata=tuple(_metadata(document)),
        was_repaired=bool(document.is_repaired),
        needed_password=needed_password,
    )


def _page(document: pymupdf.Document, number: int) -> PageInfo:
    try:
        page = document.load_page(number)
        rect = page.rect
        if rect.is_empty or rect.is_infinite:
            return PageInfo(*_LETTER)
        if not page.rotation:
            return PageInfo(rect.width, rect.height)
        a, b, c, d, e, f = (float(value) for value in page.rotation_matrix)
        matrix: Matrix = (a, b, c, d, e, f)
        return PageInfo(rect.width, rect.height, int(page.rotation), matrix)
    except MUPDF_ERRORS:
        return PageInfo(*_LETTER)


def _labels(document: pymupdf.Document) -> tuple[str, ...]:
    try:
        if not document.get_page_labels():
            return ("",) * int(document.page_count)
        return tuple(clean_line(document[number].get_label()) for number in range(document.page_count))
    except MUPDF_ERRORS:
        return ("",) * int(document.page_count)


def _outline(document: pymupdf.Document) -> tuple[OutlineEntry, ...]:
    try:
        lines = document.get_toc(simple=False)[:MAX_OUTLINE]
    except MUPDF_ERRORS:
        return ()
    entries: list[OutlineEntry] = []
    for level, title, number, target in lines:
        words = clean_line(str(title))
        if words:
            page = number - 1 if 1 <= number <= document.page_count else None
            top = top_of(document, page, target) if page is not None else None
            entries.append(OutlineEntry(words, page, min(max(0, level - 1), MAX_LEVEL), top))
    return tuple(entries)


def _metadata(document: pymupdf.Document) -> list[tuple[str, str]]:
    said = document.metadata or {}
    found: list[tuple[str, str]] = []
    for name in ("title", "author", "subject", "keywords", "creator", "producer"):
        value = clean_line(str(said.get(name) or ""))
        if value:
            found.append((name, value))
    created = iso_date(str(said.get("creationDate") or ""))
    if created:
        found.append(("created", created))
    language = clean_line(str(_language(document) or "")).lower()
    if re.fullmatch(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})*", language):
        found.append(("language", language))
    return found


def _language(document: pymupdf.Document) -> str | None:
    try:
        kind, value = document.xref_get_key(document.pdf_catalog(), "Lang")
    except MUPDF_ERRORS:
        return None
    return str(value) if kind == "string" else None


def iso_date(stamp: str) -> str | None:
    """Return a PDF's date (``D:20240131…``) as ``2024-01-31``, as far as it makes sense, or None."""
    iso = _ISO_DATE.match(stamp)
    if iso and stamp[4:5] == "-":
        return iso.group()
    match = _DATE.match(stamp)
    if not match or not 1400 <= int(match[1]) <= 2200:
        return None
    year, month, day = match[1], match[2], match[3]
    if not month or not 1 <= int(month) <= 12:
        return year
    if not day or not 1 <= int(day) <= 31:
        return f"{year}-{month}"
    return f"{year}-{month}-{day}"
