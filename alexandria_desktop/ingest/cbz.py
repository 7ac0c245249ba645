"""CBZ: a zip of pictures, each a page; ComicInfo.xml says what it is."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from lxml import etree

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.book.model import Book, BookFormat, Direction, Metadata, Resource, TocEntry
from alexandria_desktop.ingest.archive import Archive
from alexandria_desktop.ingest.detect import PICTURES
from alexandria_desktop.ingest.pictures import picture_type
from alexandria_desktop.ingest.written import Part, WrittenBook, sections_of, title_of_file
from alexandria_desktop.ingest.xhtml import escaped, page
from alexandria_desktop.text.canonical import local_name
from alexandria_desktop.text.plain import clean_line, clean_text

COMIC_INFO = "comicinfo.xml"
_MAX_INFO = 4 * 1024 * 1024
_CREATORS = ("Writer", "Penciller", "CoverArtist")
_DIGITS = re.compile(r"(\d+)")


def open_cbz(path: Path, *, edition: str) -> CbzSource:
    """Open a comic; raises ReaderError where it holds no picture."""
    archive = Archive(path)
    try:
        return CbzSource(archive, path, edition)
    except BaseException:
        archive.close()
        raise


class CbzSource:
    """An opened comic."""

    def __init__(self, archive: Archive, path: Path, edition: str) -> None:
        self._archive = archive
        names = sorted(filter(_is_page, archive.order), key=natural_key)
        if not names:
            raise ReaderError(Code.IMPORT_NO_CONTENT, "The archive holds no pictures.")
        info = self._read_info()
        parts = [self._part(index, name) for index, name in enumerate(names)]
        book = Book(
            format=BookFormat.CBZ,
            edition=edition,
            metadata=_metadata(info, path),
            sections=sections_of(parts),
            toc=_contents(info, names, parts),
            cover_href=names[_cover(info, len(names))],
            direction=Direction.RTL if _said(info, "Manga") == "YesAndRightToLeft" else Direction.LTR,
            fixed_layout=True,
        )
        self._written = WrittenBook(book, parts)

    @property
    def book(self) -> Book:
        """The description of the book."""
        return self._written.book

    def section(self, index: int) -> Resource:
        """Return the page that shows one picture."""
        return self._written.section(index)

    def resource(self, href: str) -> Resource | None:
        """Return a picture, or the page of one."""
        if href not in self._archive.names:
            return self._written.resource(href)
        data = self._archive.read(href)
        return Resource(href, picture_type(data) or "application/octet-stream", data)

    def close(self) -> None:
        """Let go of the file."""
        self._archive.close()

    def _part(self, index: int, name: str) -> Part:
        return Part(
            f"pages/{index:05d}.xhtml", f"Page {index + 1}", partial(_write, index, name), self._archive.size(name)
        )

    def _read_info(self) -> etree._Element | None:
        name = next((name for name in self._archive.order if name.lower().rsplit("/", 1)[-1] == COMIC_INFO), None)
        if name is None:
            return None
        parser = etree.XMLParser(recover=True, resolve_entities=False, load_dtd=False, no_network=True)
        try:
            return etree.fromstring(self._archive.read(name, limit=_MAX_INFO), parser)
        except (etree.XMLSyntaxError, ReaderError):
            return None  # a comic reads well without it


def natural_key(name: str) -> list[tuple[int, int, str]]:
    """Return the key that sorts ``page 10`` behind ``page 9``, folder by folder."""
    parts = _DIGITS.split(name.casefold().replace("/", "\x00"))
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts if part]


def _is_page(name: str) -> bool:
    path = PurePosixPath(name)
    is_hidden = any(part.startswith((".", "__MACOSX")) for part in path.parts)
    return not is_hidden and path.suffix.lower() in PICTURES


def _write(index: int, name: str) -> bytes:
    number = f"Page {index + 1}"
    return page(
        f'<p class="alexandria-picture"><img src="../{escaped(quote(name))}" alt="{number}"/></p>', title=number
    )


def _said(info: etree._Element | None, name: str) -> str:
    if info is None:
        return ""
    return next((clean_line(child.text or "") for child in info if local_name(child) == name), "")


def _metadata(info: etree._Element | None, path: Path) -> Metadata:
    series, number = _said(info, "Series"), _said(info, "Number")
    issue = f"{series} #{number}" if series and number else series
    creators = (name.strip() for field in _CREATORS for name in _said(info, field).split(","))
    summary = (
        next((child.text or "" for child in info if local_name(child) == "Summary"), "") if info is not None else ""
    )
    subjects = (word.strip() for field in ("Genre", "Tags") for word in _said(info, field).split(","))
    gtin = re.sub(r"\D", "", _said(info, "GTIN"))
    return Metadata(
        title=_said(info, "Title") or issue or title_of_file(path),
        authors=tuple(dict.fromkeys(filter(None, creators))),
        language=_said(info, "LanguageISO").lower() or None,
        publisher=_said(info, "Publisher") or None,
        published=_date(info),
        description=clean_text(summary) or None,
        identifiers=(("isbn", gtin),) if len(gtin) == 13 and gtin.startswith(("978", "979")) else (),
        subjects=tuple(dict.fromkeys(filter(None, subjects))),
        series=series or None,
        series_index=float(number) if re.fullmatch(r"\d{1,6}(?:\.\d{1,4})?", number) else None,
    )


def _date(info: etree._Element | None) -> str | None:
    year, month, day = (_said(info, name) for name in ("Year", "Month", "Day"))
    if not re.fullmatch(r"\d{4}", year):
        return None
    parts = [year]
    for value, most in ((month, 12), (day, 31)):
        if not value.isdecimal() or not 1 <= int(value) <= most:
            break
        parts.append(f"{int(value):02d}")
    return "-".join(parts)


def _pages(info: etree._Element | None) -> list[etree._Element]:
    return [] if info is None else [element for element in info.iter() if local_name(element) == "Page"]


def _image_number(element: etree._Element, count: int) -> int | None:
    value = element.get("Image") or ""
    return int(value) if value.isdecimal() and int(value) < count else None


def _cover(info: etree._Element | None, count: int) -> int:
    for element in _pages(info):
        if element.get("Type") == "FrontCover":
            return _image_number(element, count) or 0
    return 0


def _contents(info: etree._Element | None, names: list[str], parts: list[Part]) -> tuple[TocEntry, ...]:
    """Return the bookmarks of ComicInfo, else a line for each folder where there are several."""
    marks: list[TocEntry] = []
    for element in _pages(info):
        number, title = _image_number(element, len(parts)), clean_line(element.get("Bookmark") or "")
        if number is not None and title:
            marks.append(TocEntry(title, parts[number].href))
    if marks:
        return tuple(marks)
    firsts: dict[str, str] = {}
    for name, part in zip(names, parts, strict=True):
        firsts.setdefault(str(PurePosixPath(name).parent), part.href)
    if len(firsts) < 2:
        return ()
    return tuple(TocEntry(clean_line(PurePosixPath(folder).name) or "Pages", href) for folder, href in firsts.items())
