"""The guide: a short book about the program, the pages of the manual, bound to an EPUB by the program itself."""

from __future__ import annotations

from contextlib import closing
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from alexandria_desktop.base.resources import resource
from alexandria_desktop.library.binding import digest_of, write_book
from alexandria_desktop.library.manual import Link, ManualPage, read_manual, render
from alexandria_desktop.library.shipped import on_the_shelf
from sync.places.locator import EpubTarget, Locator

if TYPE_CHECKING:
    from alexandria_desktop.library.library import Library

TITLE = "Reading with Alexandria"
AUTHOR = "The makers of Alexandria"
IDENTIFIER = "urn:uuid:5b1c8f2e-6f0a-5d7b-9a51-0c8b6a7d2f10"

_STYLE = """
table { border-collapse: collapse; margin: 1em 0; width: 100%; }
td, th { border-bottom: 1px solid; padding: 0.3em 0.8em 0.3em 0; text-align: left; vertical-align: top; }
td, th, td code { overflow-wrap: break-word; }
th, td code { white-space: nowrap; }
pre { white-space: pre-wrap; font-size: 0.9em; }
img { display: block; max-width: 100%; margin: 1em 0; }
"""


def build_guide(target: Path) -> Path:
    """Write the guide as an EPUB; the same program writes the same bytes each time."""
    from ebooklib import epub

    manual = read_manual()
    book = epub.EpubBook()
    book.set_identifier(IDENTIFIER)
    book.set_title(TITLE)
    book.set_language("en")
    book.add_author(AUTHOR)
    book.add_item(epub.EpubItem(uid="style", file_name="style.css", media_type="text/css", content=_STYLE.encode()))
    pictures: set[str] = set()
    chapters = {page.name: _chapter(page, manual.names, pictures) for page in manual.pages}
    for chapter in chapters.values():
        book.add_item(chapter)
    for name in sorted(pictures):
        data = resource(f"pictures/{name}").read_bytes()
        kind = f"image/{Path(name).suffix[1:]}"
        book.add_item(epub.EpubItem(uid=name, file_name=f"pictures/{name}", media_type=kind, content=data))
    book.toc = [
        chapters[manual.home.name],
        *(
            (epub.Section(part.title, chapters[part.pages[0].name].file_name), [chapters[p.name] for p in part.pages])
            for part in manual.parts
        ),
    ]
    book.spine = list(chapters.values())
    book.add_item(epub.EpubNcx())
    book.add_item(epub.EpubNav())
    return write_book(book, target)


def _chapter(page: ManualPage, names: frozenset[str], pictures: set[str]) -> Any:
    """Return a page as a chapter; the names of its pictures are added to ``pictures``."""
    from ebooklib import epub

    up = "../" * page.name.count("/")

    def follow(link: Link) -> str | None:
        if not link.page:
            return None  # a file of the source, which the book does not hold
        return f"{up}{link.page}.xhtml" + (f"#{link.anchor}" if link.anchor else "")

    def depict(name: str, words: str) -> str:
        pictures.add(name)
        return f'<img src="{up}pictures/{escape(name)}" alt="{escape(words)}"/>'

    body = render(page, names, follow=follow, depict=depict)
    uid = page.name.replace("/", "-")
    chapter = epub.EpubHtml(uid=uid, title=page.title, file_name=f"{page.name}.xhtml", lang="en")
    chapter.content = f"<html><head><title>{escape(page.title)}</title></head><body>{body}</body></html>"
    chapter.add_link(href=f"{up}style.css", rel="stylesheet", type="text/css")
    return chapter


def place_of_page(library: Library, book_id: UUID, name: str) -> Locator | None:
    """Return where a page of the guide begins, or None where this edition of it has no such page."""
    with closing(library.reading.open(book_id)) as book:
        for section in book.book.sections:
            if section.href.endswith(f"{name}.xhtml"):
                before = book.progression(section.index, 0, 0)
                return Locator(EpubTarget(section.href), progression=before)
    return None


class Guide:
    """The guide as a book that ships with the program."""

    key = "guide"
    title = TITLE
    author = AUTHOR

    def digest(self) -> str:
        """Return what changes whenever the bound book would change."""
        return digest_of([resource("help"), resource("pictures")], TITLE, AUTHOR, IDENTIFIER, _STYLE)

    def bind(self, target: Path) -> Path:
        """Write the guide as an EPUB."""
        return build_guide(target)


def guide_book(library: Library) -> UUID:
    """Return the guide's book, put on the shelf the first time, and renewed where this program's text is newer."""
    return on_the_shelf(library, Guide())
