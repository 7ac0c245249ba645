"""Plain text: encoding, paragraphs and chapters guessed; Project Gutenberg's and Aozora Bunko's habits known."""

from __future__ import annotations

from pathlib import Path

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.book.model import Book, BookFormat, BookSource, Metadata, TocEntry
from alexandria_desktop.ingest.aozora import is_aozora, markup_of, without_legend
from alexandria_desktop.ingest.encoding import decode_text
from alexandria_desktop.ingest.plain_chapters import Chapter, chapters_of
from alexandria_desktop.ingest.plain_header import Header, read_header
from alexandria_desktop.ingest.written import Part, WrittenBook, read_whole, sections_of, title_of_file
from alexandria_desktop.ingest.xhtml import escaped, page


def open_text(path: Path, *, edition: str) -> BookSource:
    """Open a text file; raises ReaderError where it is empty or too large."""
    text, _ = decode_text(read_whole(path))
    return book_of_text(text, title_of_file(path), edition=edition)


def book_of_text(text: str, title: str, *, edition: str, format: BookFormat = BookFormat.TEXT) -> BookSource:
    """Make a book of plain text; ``title`` stands where the text names none."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    if not text.strip():
        raise ReaderError(Code.IMPORT_EMPTY, "The file holds no words.")
    aozora = is_aozora(text)
    header = read_header(text)
    chapters = chapters_of(without_legend(text) if aozora else text, aozora=aozora)
    parts = [_part(index, chapter, header, aozora=aozora) for index, chapter in enumerate(chapters)]
    book = Book(
        format=format,
        edition=edition,
        metadata=Metadata(title=header.title or title, authors=header.authors, language=header.language),
        sections=sections_of(parts),
        toc=tuple(
            TocEntry(chapter.title, part.href)
            for chapter, part in zip(chapters, parts, strict=True)
            if chapter.title and not chapter.is_continuation
        ),
    )
    return WrittenBook(book, parts)


def _part(index: int, chapter: Chapter, header: Header, *, aozora: bool) -> Part:
    def write() -> bytes:
        return page(
            "".join(_paragraph(paragraph, aozora=aozora) for paragraph in chapter.paragraphs),
            title=chapter.title,
            language=header.language,
        )

    return Part(f"text/{index:04d}.xhtml", chapter.title, write, chapter.size)


def _paragraph(paragraph: tuple[str, str], *, aozora: bool) -> str:
    kind, text = paragraph
    lines = [markup_of(line) if aozora else escaped(line) for line in text.split("\n")]
    if kind == "heading":
        return f"<h2>{'<br/>'.join(lines)}</h2>\n"
    if kind == "verse":
        return f"<p>{'<br/>'.join(lines)}</p>\n"
    if kind == "rule":
        return "<hr/>\n"
    return "<p>" + "\n".join(lines) + "</p>\n"
