"""Markdown (CommonMark with tables and strike-through): a section for each heading of the first two levels.

HTML inside the text is shown as text. Links to a heading (``#some-title``) lead to the section that holds it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.book.model import Book, BookFormat, BookSource, Metadata, TocEntry
from alexandria_desktop.ingest.encoding import decode_text
from alexandria_desktop.ingest.written import Part, WrittenBook, read_whole, sections_of, title_of_file
from alexandria_desktop.ingest.xhtml import page
from alexandria_desktop.text.plain import clean_line, clean_text

LONG_SECTION = 100_000
"""Characters from which on a section without headings goes on in another."""
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(?P<body>.*?\n)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.S)
_FIELD = re.compile(r"^(?P<name>[A-Za-z_-]+)[ \t]*:[ \t]*(?P<value>.*(?:\n[ \t]+-?.*)*)", re.M)
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(slots=True)
class _Chapter:
    title: str = ""
    tokens: list[Token] = field(default_factory=list)
    size: int = 0


def open_markdown(path: Path, *, edition: str) -> BookSource:
    """Open a Markdown file; raises ReaderError where it is empty or too large."""
    text, _ = decode_text(read_whole(path))
    text = _ILLEGAL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    fields, body = _front_matter(text)
    if not body.strip():
        raise ReaderError(Code.IMPORT_EMPTY, "The file holds no words.")
    parser = MarkdownIt("commonmark", {"html": False, "xhtmlOut": True}).enable(["table", "strikethrough"])
    tokens = parser.parse(body)
    chapters = _chapters(tokens)
    hrefs = [f"text/{index:04d}.xhtml" for index in range(len(chapters))]
    toc = _name_headings(chapters, hrefs)
    language = fields.get("lang") or fields.get("language")
    parts = [
        Part(href, chapter.title, _writer(parser, chapter, language), chapter.size)
        for href, chapter in zip(hrefs, chapters, strict=True)
    ]
    first_title = next((_plain(tokens[at + 1]) for at, token in enumerate(tokens) if token.tag == "h1"), "")
    book = Book(
        format=BookFormat.MARKDOWN,
        edition=edition,
        metadata=Metadata(
            title=fields.get("title") or first_title or title_of_file(path),
            authors=tuple(filter(None, (clean_line(name) for name in re.split(r"[;\n]", fields.get("author", ""))))),
            language=language.lower() if language else None,
            description=clean_text(fields.get("description", "")) or None,
            published=fields.get("date") or None,
        ),
        sections=sections_of(parts),
        toc=tuple(toc),
    )
    return WrittenBook(book, parts)


def _writer(parser: MarkdownIt, chapter: _Chapter, language: str | None) -> Any:
    def write() -> bytes:
        body = parser.renderer.render(chapter.tokens, parser.options, {})
        return page(body, title=chapter.title, language=language)

    return write


def _front_matter(text: str) -> tuple[dict[str, str], str]:
    """Return the simple fields of a YAML head (values, or lists a line each) and the text after it."""
    match = _FRONT_MATTER.match(text)
    if not match:
        return {}, text
    fields: dict[str, str] = {}
    for found in _FIELD.finditer(match.group("body")):
        lines = (line.strip().removeprefix("- ").strip("\"' ") for line in found.group("value").split("\n"))
        name = found.group("name").lower().removesuffix("s")
        fields[name] = "\n".join(filter(None, lines))
    if "title" in fields:
        fields["title"] = clean_line(fields["title"])
    return fields, text[match.end() :]


def _chapters(tokens: list[Token]) -> list[_Chapter]:
    chapters = [_Chapter()]
    for at, token in enumerate(tokens):
        current = chapters[-1]
        starts_block = token.level == 0 and token.nesting >= 0
        if token.type == "heading_open" and token.level == 0 and token.tag in ("h1", "h2"):
            title = _plain(tokens[at + 1])
            only_title = len(current.tokens) == 3 and current.tokens[0].tag == "h1"  # a book's title page: go on below
            if current.tokens and not (only_title and token.tag == "h2"):
                chapters.append(_Chapter(title))
            elif not current.title:
                current.title = title
        elif starts_block and current.size > LONG_SECTION:
            chapters.append(_Chapter(current.title))
        chapters[-1].tokens.append(token)
        chapters[-1].size += len(token.content)
    return chapters


def _name_headings(chapters: list[_Chapter], hrefs: list[str]) -> list[TocEntry]:
    """Give each heading an id, point links at them, and return the contents."""
    toc: list[TocEntry] = []
    places: dict[str, str] = {}
    for chapter, href in zip(chapters, hrefs, strict=True):
        for at, token in enumerate(chapter.tokens):
            if token.type != "heading_open":
                continue
            title = _plain(chapter.tokens[at + 1])
            name = _slug(title, places)
            token.attrSet("id", name)
            places[name] = f"{href}#{name}"
            level = int(token.tag[1]) - 1
            if title and token.level == 0 and level < 3:
                toc.append(TocEntry(title, places[name], level))
    for link in _links(chapters):
        target = str(link.attrGet("href") or "")
        if target.startswith("#") and target[1:].lower() in places:
            # sections lie in one folder, so the bare name of the file is the way there
            link.attrSet("href", places[target[1:].lower()].removeprefix("text/"))
    lowest = min((entry.level for entry in toc), default=0)
    return [TocEntry(entry.title, entry.href, entry.level - lowest) for entry in toc]


def _links(chapters: Iterable[_Chapter]) -> Iterable[Token]:
    for chapter in chapters:
        for token in chapter.tokens:
            yield from (child for child in token.children or () if child.type == "link_open")


def _plain(token: Token) -> str:
    kinds = ("text", "code_inline")
    text = "".join(
        child.content if child.type in kinds else " " if child.type == "softbreak" else ""
        for child in token.children or ()
    )
    return clean_line(text)


def _slug(title: str, taken: dict[str, str]) -> str:
    base = re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-") or "section"
    name, count = base, 0
    while name in taken:
        count += 1
        name = f"{base}-{count}"
    return name
