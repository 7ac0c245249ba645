"""The guide: a short book about the program, written in Markdown and bound to an EPUB by the program itself."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from alexandria_desktop.base.resources import resource
from alexandria_desktop.library.binding import digest_of, write_book
from alexandria_desktop.library.shipped import on_the_shelf

if TYPE_CHECKING:
    from alexandria_desktop.library.library import Library

TITLE = "Reading with Alexandria"
AUTHOR = "The makers of Alexandria"
IDENTIFIER = "urn:uuid:5b1c8f2e-6f0a-5d7b-9a51-0c8b6a7d2f10"

_STYLE = """
table { border-collapse: collapse; margin: 1em 0; width: 100%; }
td, th { border-bottom: 1px solid; padding: 0.3em 0.8em 0.3em 0; text-align: left; vertical-align: top; }
pre { white-space: pre-wrap; font-size: 0.9em; }
"""


def build_guide(target: Path) -> Path:
    """Write the guide as an EPUB; the same program writes the same bytes each time."""
    from ebooklib import epub
    from markdown_it import MarkdownIt

    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    book = epub.EpubBook()
    book.set_identifier(IDENTIFIER)
    book.set_title(TITLE)
    book.set_language("en")
    book.add_author(AUTHOR)
    style = epub.EpubItem(uid="style", file_name="style.css", media_type="text/css", content=_STYLE.encode())
    book.add_item(style)
    chapters: list[Any] = []
    for file in sorted(resource("help").glob("*.md")):
        source = file.read_text(encoding="utf-8")
        title = source.splitlines()[0].lstrip("# ").strip()
        chapter = epub.EpubHtml(uid=file.stem, title=title, file_name=f"{file.stem}.xhtml", lang="en")
        chapter.content = (
            f"<html><head><title>{escape(title)}</title></head><body>{markdown.render(source)}</body></html>"
        )
        chapter.add_item(style)
        book.add_item(chapter)
        chapters.append(chapter)
    book.toc = chapters
    book.spine = chapters
    book.add_item(epub.EpubNcx())
    book.add_item(epub.EpubNav())
    return write_book(book, target)


class Guide:
    """The guide as a book that ships with the program."""

    key = "guide"
    title = TITLE
    author = AUTHOR

    def digest(self) -> str:
        """Return what changes whenever the bound book would change."""
        return digest_of([resource("help")], TITLE, AUTHOR, IDENTIFIER, _STYLE)

    def bind(self, target: Path) -> Path:
        """Write the guide as an EPUB."""
        return build_guide(target)


def guide_book(library: Library) -> UUID:
    """Return the guide's book, put on the shelf the first time, and renewed where this program's text is newer."""
    return on_the_shelf(library, Guide())
