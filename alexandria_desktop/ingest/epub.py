"""EPUB 2 and 3: a tolerant, lazy container. Opening reads three small files; each chapter is read when asked for."""

from __future__ import annotations

import mimetypes
from html import escape
from pathlib import Path

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.book.model import Book, BookFormat, Resource, Section
from alexandria_desktop.ingest.archive import Archive
from alexandria_desktop.ingest.epub_contents import Contents, parse_nav, parse_ncx
from alexandria_desktop.ingest.epub_package import Package, SpineItem, parse_package, parse_xml, resolve
from alexandria_desktop.ingest.epub_protection import Protection, read_protection, reveal_font
from alexandria_desktop.text.canonical import local_name

CONTAINER = "META-INF/container.xml"
ENCRYPTION = "META-INF/encryption.xml"
PACKAGE_TYPE = "application/oebps-package+xml"
_DOCUMENTS = frozenset({"application/xhtml+xml", "text/html", "image/svg+xml", "text/x-oeb1-document"})
_MAX_PACKAGE = 32 * 1024 * 1024


def open_epub(path: Path, *, edition: str) -> EpubSource:
    """Open an EPUB; raises ReaderError with what is wrong with it."""
    archive = Archive(path)
    try:
        return EpubSource(archive, path, edition)
    except BaseException:
        archive.close()
        raise


class EpubSource:
    """An opened EPUB."""

    def __init__(self, archive: Archive, path: Path, edition: str) -> None:
        self._archive = archive
        self._protection = self._read_protection()
        opf_href = self._find_package()
        package = parse_package(archive.read(opf_href, limit=_MAX_PACKAGE), opf_href, path.stem)
        if package is None:
            raise ReaderError(Code.IMPORT_DAMAGED, "The list of the book's parts cannot be read.", detail=opf_href)
        self._package = package
        self._identifier = package.unique_identifier or ""
        spine = self._readable_spine(package)
        contents = self._read_contents(package)
        self._book = Book(
            format=BookFormat.EPUB,
            edition=edition,
            metadata=package.metadata,
            sections=tuple(self._section(index, item) for index, item in enumerate(spine)),
            toc=contents.toc,
            cover_href=package.cover_href,
            direction=package.direction,
            fixed_layout=package.fixed_layout,
            start_href=contents.start_href or package.start_href,
            page_list=contents.page_list,
            warnings=tuple(package.warnings),
        )

    @property
    def book(self) -> Book:
        """The description of the book."""
        return self._book

    def section(self, index: int) -> Resource:
        """Return a section's document as stored; a picture in the reading order comes wrapped in a page."""
        section = self._book.sections[index]
        if section.media_type.startswith("image/") and section.media_type != "image/svg+xml":
            return _picture_page(section)
        return Resource(section.href, section.media_type, self._archive.read(section.href))

    def resource(self, href: str) -> Resource | None:
        """Return a file of the book, fonts revealed, or None where it has none of that name."""
        if href not in self._archive.names:
            return None
        data = self._archive.read(href)
        algorithm = self._protection.obfuscated.get(href)
        if algorithm:
            data = reveal_font(data, algorithm, self._identifier)
        item = self._package.manifest.get(href)
        media_type = item.media_type if item and item.media_type else mimetypes.guess_type(href)[0]
        return Resource(href, media_type or "application/octet-stream", data)

    def close(self) -> None:
        """Let go of the file."""
        self._archive.close()

    def _read_protection(self) -> Protection:
        names = self._archive.names
        encryption = parse_xml(self._archive.read(ENCRYPTION)) if ENCRYPTION in names else None
        protection = read_protection(encryption, names)
        if protection.is_protected:
            raise ReaderError(
                Code.IMPORT_PROTECTED,
                "This book is protected (DRM) and opens only in the program it was sold for.",
            )
        return protection

    def _find_package(self) -> str:
        if CONTAINER not in self._archive.names:
            raise ReaderError(Code.IMPORT_DAMAGED, "This EPUB lacks the file that says where its book is.")
        root = parse_xml(self._archive.read(CONTAINER, limit=_MAX_PACKAGE))
        for rootfile in () if root is None else root.iter():
            if local_name(rootfile) != "rootfile":
                continue
            href = resolve("", rootfile.get("full-path") or "")
            if href and href in self._archive.names:
                return href
        raise ReaderError(Code.IMPORT_DAMAGED, "This EPUB does not hold the book that it names.")

    def _readable_spine(self, package: Package) -> list[SpineItem]:
        spine: list[SpineItem] = []
        for item in package.spine:
            if item.item.href not in self._archive.names:
                package.warnings.append(f"A chapter is missing from the file: {item.item.href}.")
            elif _can_be_shown(item):
                spine.append(item)
            else:
                package.warnings.append(f"A part of this kind cannot be shown: {item.item.media_type}.")
        if not spine:
            raise ReaderError(Code.IMPORT_NO_CONTENT, "This book has no chapters that can be read.")
        return spine

    def _section(self, index: int, item: SpineItem) -> Section:
        media_type = item.item.media_type
        if media_type not in _DOCUMENTS and not media_type.startswith("image/"):
            media_type = "application/xhtml+xml"
        if media_type == "text/x-oeb1-document":
            media_type = "text/html"
        return Section(
            index=index,
            href=item.item.href,
            media_type=media_type,
            linear=item.linear,
            size=self._archive.size(item.item.href),
            cfi=item.cfi,
        )

    def _read_contents(self, package: Package) -> Contents:
        contents = Contents()
        for href, parse in ((package.nav_href, parse_nav), (package.ncx_href, parse_ncx)):
            if href is None or href not in self._archive.names:
                continue
            try:
                found = parse(self._archive.read(href, limit=_MAX_PACKAGE), href)
            except ReaderError as error:
                package.warnings.append(f"The contents cannot be read: {error.message}")
                continue
            if found.toc:
                return found
            contents = contents if contents.page_list else found
        return contents


def _can_be_shown(item: SpineItem) -> bool:
    media_type, href = item.item.media_type, item.item.href.lower()
    is_document = media_type in _DOCUMENTS or media_type.startswith("image/")
    return is_document or href.endswith((".xhtml", ".html", ".htm", ".xml"))


def _picture_page(section: Section) -> Resource:
    name = escape(section.href.rsplit("/", 1)[-1], quote=True)
    page = (
        '<html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head>'
        f'<body><p class="alexandria-picture"><img src="{name}" alt=""/></p></body></html>'
    )
    return Resource(section.href, "application/xhtml+xml", page.encode())
