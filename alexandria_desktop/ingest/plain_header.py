"""What the first lines of a text file say about it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from alexandria_desktop.ingest.aozora import is_aozora, title_and_author
from alexandria_desktop.text.plain import clean_line

_LANGUAGES = {
    "english": "en", "french": "fr", "german": "de", "spanish": "es", "italian": "it", "portuguese": "pt",
    "dutch": "nl", "finnish": "fi", "swedish": "sv", "danish": "da", "norwegian": "no", "latin": "la", "greek": "el",
    "russian": "ru", "polish": "pl", "czech": "cs", "hungarian": "hu", "catalan": "ca", "esperanto": "eo",
    "chinese": "zh", "japanese": "ja", "tagalog": "tl", "welsh": "cy", "hebrew": "he", "arabic": "ar",
}  # fmt: skip
_GUTENBERG = re.compile(r"project gutenberg", re.IGNORECASE)
START = re.compile(r"^\*\*\* ?START OF (?:THE|THIS) PROJECT GUTENBERG EBOOK[^\n]*$", re.IGNORECASE | re.M)
END = re.compile(
    r"^(?:\*\*\* ?END OF (?:THE|THIS) PROJECT GUTENBERG EBOOK|End of (?:the )?Project Gutenberg)[^\n]*$", re.I | re.M
)
_FIELD = re.compile(r"^(Title|Author|Authors|Language):[ \t]*([^\n]*(?:\n[ \t]{4,}[^\n]+)*)", re.M)
_BY = re.compile(r"^(?:by|von|de|par|di|por|av|af|door)\s+(?P<name>\S.{1,70})$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Header:
    """Title, authors and language as far as the text gives them."""

    title: str | None = None
    authors: tuple[str, ...] = ()
    language: str | None = None


def read_header(text: str) -> Header:
    """Read Project Gutenberg's header, Aozora Bunko's first lines, or a title with ``by Somebody`` below it."""
    head = text[:8000]
    if _GUTENBERG.search(head):
        return _gutenberg(head)
    if is_aozora(text):
        found = title_and_author(text)
        return Header(clean_line(found[0]), found[1], "ja") if found else Header(language="ja")
    return _title_and_by(head)


def _gutenberg(head: str) -> Header:
    start = START.search(head)
    fields = {name: clean_line(value) for name, value in _FIELD.findall(head[: start.start()] if start else head)}
    authors = fields.get("Author") or fields.get("Authors") or ""
    language = fields.get("Language", "").split(",")[0].strip().lower()
    return Header(
        fields.get("Title") or None,
        tuple(name.strip() for name in re.split(r"\s+and\s+|;", authors) if name.strip()),
        _LANGUAGES.get(language) or (language if re.fullmatch(r"[a-z]{2}", language) else None),
    )


def _title_and_by(head: str) -> Header:
    lines = [line.strip() for line in head.split("\n") if line.strip()][:4]
    for title, below in pairwise(lines):
        by = _BY.match(below)
        if by and len(title) <= 100:
            return Header(clean_line(title), (clean_line(by.group("name")),))
    return Header()
