"""Kindle and Mobipocket files (MOBI, PRC, AZW, AZW3) without DRM, and PalmDOC texts."""

from __future__ import annotations

import re
from pathlib import Path

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.book.model import Book, BookFormat, BookSource, Direction, Metadata, Resource
from alexandria_desktop.ingest.encoding import decode_text
from alexandria_desktop.ingest.kf8 import Kf8
from alexandria_desktop.ingest.mobi6 import Mobi6
from alexandria_desktop.ingest.mobi_palm import NONE, Header, PalmDatabase, read_header
from alexandria_desktop.ingest.mobi_pictures import Pictures
from alexandria_desktop.ingest.mobi_text import read_text
from alexandria_desktop.ingest.plain import book_of_text
from alexandria_desktop.ingest.written import WrittenBook, read_whole, sections_of, title_of_file
from alexandria_desktop.text.plain import clean_line, clean_text

_AUTHOR, _PUBLISHER, _DESCRIPTION, _ISBN, _SUBJECT, _DATE, _RIGHTS, _ASIN = 100, 101, 103, 104, 105, 106, 109, 113
_BOUNDARY, _FIXED_LAYOUT, _KF8_COVER, _COVER, _TITLE, _LANGUAGE, _DIRECTION = 121, 122, 129, 201, 503, 524, 527
_LOCALES = {
    0x01: "ar", 0x03: "ca", 0x04: "zh", 0x05: "cs", 0x06: "da", 0x07: "de", 0x08: "el", 0x09: "en", 0x0A: "es",
    0x0B: "fi", 0x0C: "fr", 0x0D: "he", 0x0E: "hu", 0x10: "it", 0x11: "ja", 0x12: "ko", 0x13: "nl", 0x14: "no",
    0x15: "pl", 0x16: "pt", 0x18: "ro", 0x19: "ru", 0x1D: "sv", 0x1F: "tr", 0x22: "uk", 0x39: "hi",
}  # fmt: skip
_ISO_DATE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")


def open_mobi(path: Path, *, edition: str) -> BookSource:
    """Open a Kindle file; raises ReaderError where it is protected or damaged."""
    database = PalmDatabase(read_whole(path))
    header = read_header(database)
    if header.encryption:
        raise ReaderError(
            Code.IMPORT_PROTECTED, "This book is protected (DRM) and opens only in the program it was sold for."
        )
    if not header.is_mobi:
        text, _ = decode_text(read_text(database, header))
        return book_of_text(text, database.name or title_of_file(path), edition=edition, format=BookFormat.MOBI)
    return MobiSource(database, header, path, edition)


class MobiSource:
    """An opened Kindle file."""

    def __init__(self, database: PalmDatabase, header: Header, path: Path, edition: str) -> None:
        pictures = Pictures(database, header.first_image)
        boundary = header.number(_BOUNDARY)
        if header.version < 8 and boundary != NONE and database.record(boundary - 1)[:8] == b"BOUNDARY":
            header = read_header(database, boundary)  # both formats in one file: the newer one is the better
        text = read_text(database, header)
        self._content: Kf8 | Mobi6 = (Kf8 if header.version >= 8 else Mobi6)(database, header, text, pictures)
        self._pictures = pictures
        book = Book(
            format=BookFormat.MOBI,
            edition=edition,
            metadata=_metadata(header, clean_line(database.name.replace("_", " ")) or title_of_file(path)),
            sections=sections_of(self._content.parts),
            toc=self._content.toc,
            cover_href=_cover(header, pictures),
            direction=Direction.RTL if header.said(_DIRECTION) == "rtl" else Direction.LTR,
            fixed_layout=header.said(_FIXED_LAYOUT) == "true",
            warnings=tuple(self._content.warnings),
        )
        self._written = WrittenBook(book, self._content.parts)

    @property
    def book(self) -> Book:
        """The description of the book."""
        return self._written.book

    def section(self, index: int) -> Resource:
        """Return one section."""
        return self._written.section(index)

    def resource(self, href: str) -> Resource | None:
        """Return a picture, font, style sheet or section by name."""
        flow = self._content.flow(href) if isinstance(self._content, Kf8) else None
        return flow or self._pictures.resource(href) or self._written.resource(href)

    def close(self) -> None:
        """Nothing is held open."""


def _metadata(header: Header, fallback: str) -> Metadata:
    date = _ISO_DATE.match(header.said(_DATE))
    isbn = re.sub(r"[^\dXx]", "", header.said(_ISBN))
    asin = clean_line(header.said(_ASIN))
    authors = (clean_line(name) for text in header.texts(_AUTHOR) for name in re.split(r"[;&]", text))
    language = clean_line(header.said(_LANGUAGE)).lower() or _LOCALES.get(header.locale & 0x3FF)
    return Metadata(
        title=clean_line(header.said(_TITLE)) or clean_line(header.full_name) or fallback,
        authors=tuple(filter(None, authors)),
        language=language or None,
        publisher=clean_line(header.said(_PUBLISHER)) or None,
        published=date.group() if date else None,
        description=clean_text(header.said(_DESCRIPTION)) or None,
        identifiers=tuple(pair for pair in (("isbn", isbn), ("asin", asin)) if pair[1]),
        subjects=tuple(filter(None, map(clean_line, header.texts(_SUBJECT)))),
        rights=clean_line(header.said(_RIGHTS)) or None,
    )


def _cover(header: Header, pictures: Pictures) -> str | None:
    number = header.number(_COVER)
    if number == NONE:
        named = re.match(r"kindle:embed:([0-9A-V]+)", header.said(_KF8_COVER))
        number = int(named.group(1), 32) - 1 if named else NONE
    if number == NONE or not pictures.exists(number + 1):
        return None
    return pictures.href(number + 1)
