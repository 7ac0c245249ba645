"""FictionBook 2, plain or zipped: XML with its pictures inside and its notes in a body of their own."""

from __future__ import annotations

import base64
import binascii
import re
from pathlib import Path

from lxml import etree

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.book.model import Book, BookFormat, Resource
from alexandria_desktop.ingest.archive import Archive
from alexandria_desktop.ingest.encoding import decode_text
from alexandria_desktop.ingest.fb2_metadata import cover_name, read_metadata
from alexandria_desktop.ingest.fb2_pages import PICTURE_FOLDER, plan_pages
from alexandria_desktop.ingest.pictures import picture_type
from alexandria_desktop.ingest.written import MAX_FILE, WrittenBook, read_whole, sections_of, title_of_file
from alexandria_desktop.text.canonical import local_name

_DECLARED = re.compile(rb"""(?:\xef\xbb\xbf)?\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_ROOT = re.compile(r"<(?:\w+:)?FictionBook\b")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def open_fb2(path: Path, *, edition: str) -> Fb2Source:
    """Open a FictionBook; raises ReaderError where it is damaged or empty."""
    root = _parse(_read(path))
    return Fb2Source(root, path, edition)


class Fb2Source:
    """An opened FictionBook."""

    def __init__(self, root: etree._Element, path: Path, edition: str) -> None:
        self._pictures: dict[str, etree._Element] = {}
        for element in root.iter():
            if local_name(element) == "binary" and element.get("id"):
                self._pictures.setdefault(f"{PICTURE_FOLDER}/{element.get('id')}", element)
        metadata = read_metadata(root, title_of_file(path))
        plan = plan_pages(root, metadata.language)
        if not plan.parts:
            raise ReaderError(Code.IMPORT_NO_CONTENT, "This FictionBook has no text.")
        cover = cover_name(root)
        cover_href = f"{PICTURE_FOLDER}/{cover}" if cover else None
        book = Book(
            format=BookFormat.FB2,
            edition=edition,
            metadata=metadata,
            sections=sections_of(plan.parts),
            toc=plan.toc,
            cover_href=cover_href if cover_href in self._pictures else None,
        )
        self._written = WrittenBook(book, plan.parts)

    @property
    def book(self) -> Book:
        """The description of the book."""
        return self._written.book

    def section(self, index: int) -> Resource:
        """Write one section."""
        return self._written.section(index)

    def resource(self, href: str) -> Resource | None:
        """Return a picture or a section by name."""
        element = self._pictures.get(href)
        if element is None:
            return self._written.resource(href)
        try:
            data = base64.b64decode(element.text or "")
        except (binascii.Error, ValueError):
            return None
        declared = element.get("content-type") or ""
        fallback = declared if declared.startswith("image/") else "application/octet-stream"
        return Resource(href, picture_type(data) or fallback, data)

    def close(self) -> None:
        """Nothing is held open."""


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        if file.read(2) != b"PK":
            return read_whole(path)
    with Archive(path) as archive:
        name = next((name for name in archive.order if name.lower().endswith(".fb2")), None)
        if name is None:
            raise ReaderError(Code.IMPORT_NOT_A_BOOK, "The archive holds no FictionBook.")
        return archive.read(name, limit=MAX_FILE)


def _parse(data: bytes) -> etree._Element:
    # decoded here and not by the parser, which ends at the first byte that its encoding does not have
    text = _ILLEGAL.sub("", _decode(data))
    start = _ROOT.search(text)
    root = _parsed(text[start.start() :].encode("utf-8", "replace")) if start else None
    if root is None or local_name(root) != "FictionBook":
        raise ReaderError(Code.IMPORT_DAMAGED, "This FictionBook is damaged and cannot be read.")
    return root


def _decode(data: bytes) -> str:
    declared = _DECLARED.match(data[:200])
    if declared:
        try:
            return data.decode(declared.group(1).decode("ascii"), "replace")
        except LookupError:
            pass
    return decode_text(data)[0]


def _parsed(data: bytes) -> etree._Element | None:
    parser = etree.XMLParser(
        recover=True,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=True,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
