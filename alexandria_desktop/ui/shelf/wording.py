"""How a book is put into words: authors, progress, dates, sizes; for people and for screen readers."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QLocale

from alexandria_desktop.store.book_rows import BookRow
from alexandria_desktop.store.positions import FINISHED

FORMATS = {"epub": "EPUB", "pdf": "PDF", "txt": "Text", "md": "Markdown", "html": "HTML", "fb2": "FB2", "cbz": "CBZ",
           "mobi": "MOBI"}  # fmt: skip


def authors_line(row: BookRow, *, most: int = 2) -> str:
    """Return the authors in one line, the first few by name."""
    names = row.authors
    if len(names) <= most:
        return " and ".join(names) if len(names) == 2 else ", ".join(names)
    rest = len(names) - most + 1
    return f"{', '.join(names[: most - 1])} and {rest} others"


def format_name(key: str) -> str:
    """Return the name of a format."""
    return FORMATS.get(key, key.upper())


def language_name(tag: str) -> str:
    """Return the English name of a language, or its tag where Qt knows none."""
    language = QLocale(tag.replace("-", "_")).language()
    if language == QLocale.Language.C:
        return tag
    return QLocale.languageToString(language)


def percent(progress: float) -> str:
    """Return progress as a number with its unit; anything begun is at least one percent."""
    return f"{max(1, min(100, round(progress)))} %" if progress > 0 else ""


def series_line(row: BookRow) -> str:
    """Return the series and the place in it."""
    if not row.series:
        return ""
    return f"{row.series} {row.series_index:g}" if row.series_index is not None else row.series


def day(moment: datetime | None) -> str:
    """Return a day as ``3 Nov 2026`` in the reader's own zone."""
    if moment is None:
        return ""
    local = moment.astimezone()
    return f"{local.day} {QLocale.c().standaloneMonthName(local.month, QLocale.FormatType.ShortFormat)} {local.year}"


def size_words(size: int) -> str:
    """Return a number of bytes with its unit."""
    for unit, least in (("GB", 1_000_000_000), ("MB", 1_000_000), ("KB", 1_000)):
        if size >= least:
            return f"{size / least:.1f} {unit}" if size < 10 * least else f"{size // least:,} {unit}"
    return f"{size} bytes"


def spoken(row: BookRow) -> str:
    """Return what a screen reader says of a book."""
    words = row.title
    if row.authors:
        words += f", by {authors_line(row, most=3)}"
    if not row.is_here:
        words += ", not on this computer"
    if row.progress >= FINISHED:
        return f"{words}, finished"
    return f"{words}, {max(1, round(row.progress))} percent read" if row.progress > 0 else f"{words}, unread"


def tip(row: BookRow) -> str:
    """Return a book's tip: everything that a small cell may have cut."""
    lines = [row.title, authors_line(row, most=4), series_line(row)]
    state = percent(row.progress)
    lines.append(" · ".join(part for part in (format_name(row.format), state and f"{state} read") if part))
    if not row.is_here:
        lines.append("Not on this computer. Opening it fetches the file.")
    return "\n".join(line for line in lines if line)


def counted(number: int, one: str, many: str) -> str:
    """Return a number with its noun: ``1 book``, ``1,024 books``."""
    return f"{number:,} {one if number == 1 else many}"
