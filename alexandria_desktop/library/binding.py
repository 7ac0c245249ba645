"""Bind a folder of Markdown to an EPUB, the same bytes for the same words, so that an edition is known by it."""

from __future__ import annotations

import hashlib
import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Any

BINDING = 2
"""Changes when the same words are bound in another way."""

_LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
_COVER = "cover.svg"
_DRAWING = re.compile(r"<svg\b")
_IN_SVG = '<svg xmlns="http://www.w3.org/2000/svg"'
_PAGE = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" lang="en" xml:lang="en">
<head><title>{title}</title><link href="style.css" rel="stylesheet" type="text/css"/></head>
<body>
{body}</body>
</html>
"""


@dataclass(frozen=True, slots=True)
class Manuscript:
    """A book that ships with the program, as it is before it is bound."""

    key: str
    """What the library calls it in what it remembers."""
    folder: Path
    """Its chapters are the folder's Markdown files in the order of their names, its cover is ``cover.svg``."""
    title: str
    author: str
    identifier: str
    style: str

    def digest(self) -> str:
        """Return what changes whenever the bound book would change."""
        return digest_of([self.folder], self.title, self.author, self.identifier, self.style)

    def bind(self, target: Path) -> Path:
        """Write the book as an EPUB."""
        from ebooklib import epub

        book = epub.EpubBook()
        book.set_identifier(self.identifier)
        book.set_title(self.title)
        book.set_language("en")
        book.add_author(self.author)
        style = epub.EpubItem(uid="style", file_name="style.css", media_type="text/css", content=self.style.encode())
        book.add_item(style)
        for cover in self._cover():
            book.set_cover(_COVER, cover.read_text(encoding="utf-8").encode(), create_page=False)
        for file in self._chapters():
            source = file.read_text(encoding="utf-8")
            chapter = self._chapter(file, source)
            book.add_item(chapter)
            book.spine.append(chapter)
            book.toc.append(epub.Link(chapter.file_name, _title(source), file.stem))
        book.add_item(epub.EpubNcx())
        book.add_item(epub.EpubNav())
        return write_book(book, target)

    def _chapters(self) -> list[Path]:
        return sorted(self.folder.glob("*.md"))

    def _cover(self) -> list[Path]:
        return sorted(self.folder.glob(_COVER))

    def _chapter(self, file: Path, source: str) -> Any:
        from ebooklib import epub
        from markdown_it import MarkdownIt

        # The words are the program's own, so what they hold of HTML is meant.
        rules = MarkdownIt("commonmark", {"html": True, "xhtmlOut": True, "typographer": True})
        body = rules.enable(["table", "smartquotes"]).render(source)
        page = _PAGE.format(title=escape(_title(source)), body=_DRAWING.sub(_IN_SVG, body))
        # A plain item is kept as it is; EbookLib's own kind of chapter is read as HTML, which loses capitals in SVG.
        return epub.EpubItem(
            uid=file.stem, file_name=f"{file.stem}.xhtml", media_type="application/xhtml+xml", content=page.encode()
        )


def digest_of(folders: Iterable[Path], *words: str) -> str:
    """Return what changes with any file in folders, with words beside them, and with the way of binding."""
    found = hashlib.sha256("\0".join((str(BINDING), *words)).encode())
    for folder in folders:
        for file in sorted(one for one in folder.rglob("*") if one.is_file()):
            found.update(f"\0{file.relative_to(folder).as_posix()}\0".encode())
            found.update(file.read_bytes())
    return found.hexdigest()


def write_book(book: Any, target: Path) -> Path:
    """Write a book of EbookLib's to a file, the same bytes for the same book."""
    from ebooklib import epub

    target.parent.mkdir(parents=True, exist_ok=True)
    epub.write_epub(str(target), book, {"mtime": _LONG_AGO, "epub3_pages": False})  # it takes notes for pages
    _settle_dates(target)
    return target


def _title(source: str) -> str:
    return source.splitlines()[0].lstrip("# ").strip()


def _settle_dates(file: Path) -> None:
    """Write a container again with one date for all that is in it."""
    with zipfile.ZipFile(file) as written:
        members = [(one.filename, one.compress_type, written.read(one)) for one in written.infolist()]
    part = file.with_suffix(".part")
    with zipfile.ZipFile(part, "w") as settled:
        for name, compression, data in members:
            entry = zipfile.ZipInfo(name, _LONG_AGO.timetuple()[:6])
            entry.compress_type = compression
            settled.writestr(entry, data)
    part.replace(file)
