"""A small library of books made here, for pictures of the program and for trying what the guide says."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_HOUR = re.compile(rb"(dcterms:modified[^>]*>)[^<]*")

SAMPLES = Path(__file__).resolve().parent / "samples"


@dataclass(frozen=True, slots=True)
class SampleBook:
    """A book: its title page, and chapters of Markdown."""

    title: str
    author: str
    chapters: tuple[tuple[str, str], ...]
    language: str = "en"
    series: tuple[str, int] | None = None


SMALL = (
    SampleBook("Night Trains of the North", "Olga Brandt", (("Departure", "The platform was longer than the town."),)),
    SampleBook("Eleven Bridges", "Paul Idowu", (("One", "The first bridge was a plank, and cost nothing."),)),
    SampleBook(
        "Von der langsamen Kunst, Karten zu lesen", "Jette Lindqvist",
        (("Vorrede", "Wer eine Karte faltet, faltet auch den Weg."),), "de",
    ),
    SampleBook("كتاب الرياح", "ليلى منصور", (("البداية", "كانت الريح تعرف أسماء البيوت كلها."),), "ar"),
    SampleBook("A Short History of String", "Beatrix Oduya", (("Knots", "Before the wheel there was the knot."),)),
    SampleBook("The Bee-Keeper’s Arithmetic", "Samuel Ortega", (("Counting", "Nobody has counted a swarm twice."),)),
    SampleBook(
        "Letters from a Slow Ship", "Mira Castellan", (("The first", "We have been at sea for a year, and are well."),),
        series=("The Slow Ship", 1),
    ),
    SampleBook(
        "Answers to a Slow Ship", "Mira Castellan", (("The first", "Your letter came while I was planting beans."),),
        series=("The Slow Ship", 2),
    ),
    SampleBook("What the Clock Said", "Henrik Aldous", (("Noon", "It said twelve, and was believed."),)),
    SampleBook("The Glass Orchard", "Noor Velasco", (("Winter", "In January one could see the seeds."),)),
)  # fmt: skip
"""Books that fill a shelf; a line of text each."""


def sample_books() -> tuple[SampleBook, ...]:
    """Return all of them; the first two are long enough to be read in."""
    return (*(_read(SAMPLES / name) for name in ("harbour.md", "gardens.md")), *SMALL)


def write_sample_books(folder: Path) -> list[Path]:
    """Write each as an EPUB and return the files, in their order."""
    folder.mkdir(parents=True, exist_ok=True)
    return [_write(book, folder / f"{number:02}.epub") for number, book in enumerate(sample_books(), 1)]


def _read(file: Path) -> SampleBook:
    head, *chapters = file.read_text(encoding="utf-8").split("\n## ")
    title, author = head.strip().splitlines()
    parted = (chapter.partition("\n") for chapter in chapters)
    return SampleBook(title.lstrip("# "), author, tuple((name, text.strip()) for name, _, text in parted))


def _write(book: SampleBook, file: Path) -> Path:
    from ebooklib import epub
    from markdown_it import MarkdownIt

    made = epub.EpubBook()
    made.set_identifier(f"urn:alexandria:sample:{file.stem}")
    made.set_title(book.title)
    made.set_language(book.language)
    made.add_author(book.author)
    if book.series is not None:
        name, number = book.series
        made.add_metadata(None, "meta", name, {"property": "belongs-to-collection", "id": "series"})
        made.add_metadata(None, "meta", "series", {"refines": "#series", "property": "collection-type"})
        made.add_metadata(None, "meta", str(number), {"refines": "#series", "property": "group-position"})
    chapters: list[Any] = []
    for number, (name, text) in enumerate(book.chapters, 1):
        chapter = epub.EpubHtml(uid=f"c{number}", title=name, file_name=f"c{number}.xhtml", lang=book.language)
        chapter.content = f"<h1>{name}</h1>{MarkdownIt('commonmark').render(text)}"
        made.add_item(chapter)
        chapters.append(chapter)
    made.toc, made.spine = chapters, chapters
    made.add_item(epub.EpubNcx())
    made.add_item(epub.EpubNav())
    epub.write_epub(str(file), made)
    _settle(file)
    return file


def _settle(file: Path) -> None:
    """Write a book's archive without the hour at which it was made: the same book is the same file, with one cover."""
    with zipfile.ZipFile(file) as archive:
        parts = [(one.filename, one.compress_type, archive.read(one)) for one in archive.infolist()]
    with zipfile.ZipFile(file, "w") as archive:
        for name, packed, data in parts:
            data = _HOUR.sub(rb"\g<1>2026-01-01T00:00:00Z", data) if name.endswith(".opf") else data
            archive.writestr(zipfile.ZipInfo(name), data, packed)
