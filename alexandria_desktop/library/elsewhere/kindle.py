"""Read a Kindle's file of clippings, in the languages in which Kindles write it.

A record is the title with the author in brackets; a line that says what it is, where and when; an empty line; the
words; a line of ten equals signs. The second line is a sentence in the device's language: what it is about is told by
one word of it, where by the number after the language's word for a location.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from alexandria_desktop.text.canonical import collapse

_RULE = re.compile(r"^={7,}[^\S\n]*$", re.M)
_NOTHING = "\ufeff\u200b\u200e\u200f\u2060"
"""Signs without a width that stand at the beginning of lines."""

_BOOKMARK = (
    "bookmark", "lesezeichen", "marcador", "signet", "segnalibro", "bladwijzer", "закладка", "ブックマーク", "书签",
    "書籤",
)  # fmt: skip
_HIGHLIGHT = (
    "highlight", "markierung", "subrayado", "resaltado", "surlign", "passage", "evidenziazione", "destaque", "realce",
    "clip ", "выделенный", "ハイライト", "标注", "標註", "标记", "標記",
)  # fmt: skip
_NOTE = (
    "note", "notiz", "nota", "notitie", "anotação", "заметка", "メモ", "笔记", "筆記", "註記", "备注",
)  # fmt: skip
_PLACE = re.compile(
    r"(?:\bloc(?:ation|atie|\.)?|\bposition|\bposici[óo]n|\bposizione|\bposiç[ãa]o|\bemplacement|\bместо|位置(?:\s*No\.)?)"
    r"\s*\#?\s*(\d+)(?:\s*(?:[-–—~]|t/m)\s*(\d+))?",
    re.I,
)
_PAGE = re.compile(
    r"(?:\bpage|\bseite|\bp[áa]gina|\bpagina|\bстранице|第)\s*(\d+)(?:\s*[-–—]\s*(\d+))?|(\d+)(?:\s*[-–—]\s*(\d+))?\s*ページ",
    re.I,
)
_LIMIT = re.compile(r"\s*<[^<>]{10,160}>\s*\Z")
"""What stands in place of the words where a publisher lets no more of them be taken out."""


class ClippingKind(StrEnum):
    """What a reader did."""

    HIGHLIGHT = "highlight"
    NOTE = "note"
    BOOKMARK = "bookmark"


@dataclass(frozen=True, slots=True)
class Clipping:
    """One record."""

    title: str
    author: str
    kind: ClippingKind
    text: str
    """The words that were marked, or of the note; empty where a publisher allows no more."""
    start: int | None = None
    """Location, or page where there is no location."""
    end: int | None = None
    said: str = ""
    """The second line as it is in the file."""

    @property
    def key(self) -> str:
        """What tells this record from all others, the same in each copy of the file."""
        parts = (self.title, self.author, self.kind.value, str(self.start), str(self.end), self.text)
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]

    @property
    def book(self) -> tuple[str, str]:
        """Title and author."""
        return self.title, self.author

    def holds(self, place: int | None) -> bool:
        """Whether a place lies in what was marked."""
        return None not in (place, self.start, self.end) and self.start <= place <= self.end  # type: ignore[operator]

    def replaces(self, other: Clipping) -> bool:
        """Whether this is a highlight that was drawn longer or shorter later; a Kindle keeps both."""
        if self.kind is not ClippingKind.HIGHLIGHT or other.kind is not self.kind or self.book != other.book:
            return False
        near = self.holds(other.start) or other.holds(self.start)
        one, two = collapse(self.text), collapse(other.text)
        return near and bool(one) and bool(two) and (one in two or two in one)


def parse_clippings(words: str) -> list[Clipping]:
    """Return the records of a file in its order; what is no record is passed over, a record twice is one."""
    found = dict.fromkeys(_records(words.replace("\r\n", "\n").replace("\r", "\n")))
    return list(found)


def settled(clippings: list[Clipping]) -> list[Clipping]:
    """Return clippings without the highlights that were drawn anew later."""
    by_book: dict[tuple[str, str], list[Clipping]] = {}
    for one in clippings:
        of_it = by_book.get(one.book, [])
        by_book[one.book] = [*(other for other in of_it if not one.replaces(other)), one]
    return [one for of_it in by_book.values() for one in of_it]


def _records(words: str) -> Iterator[Clipping]:
    for part in _RULE.split(words):
        lines = part.strip("\n").split("\n")
        if len(lines) < 2:
            continue
        heading, said = lines[0].strip(f"{_NOTHING} \t"), lines[1].strip(f"{_NOTHING} \t")
        if not heading or not re.match(r"[-–—]", said):
            continue
        text = "\n".join(lines[2:]).strip()
        kind = _kind(said, text)
        if kind is ClippingKind.HIGHLIGHT and _LIMIT.match(text):
            text = ""
        title, author = _title_and_author(heading)
        start, end = _place(said)
        yield Clipping(title, author, kind, text, start, end, said)


def _kind(said: str, text: str) -> ClippingKind:
    # The date comes last; no month is to be taken for a kind of record.
    telling = said.rpartition("|")[0].lower() or said.lower()
    for kind, words in (
        (ClippingKind.BOOKMARK, _BOOKMARK),
        (ClippingKind.HIGHLIGHT, _HIGHLIGHT),
        (ClippingKind.NOTE, _NOTE),
    ):
        if any(word in telling for word in words):
            return kind
    return ClippingKind.HIGHLIGHT if text else ClippingKind.BOOKMARK


def _place(said: str) -> tuple[int | None, int | None]:
    found = _PLACE.search(said) or _PAGE.search(said)
    if found is None:
        return None, None
    first, last = [*(one for one in found.groups() if one is not None), None][:2]
    start = int(str(first))
    if last is None:
        return start, start
    # Older Kindles leave out what both numbers have in common: 1300-05.
    end = int(last) if len(last) >= len(str(first)) else int(str(first)[: -len(last)] + last)
    return start, max(start, end)


def _title_and_author(heading: str) -> tuple[str, str]:
    """Split ``Title (Series) (Author (Editor))`` at the last bracket of the outermost kind."""
    if not heading.endswith((")", "）")):
        return heading, ""
    depth = 0
    for at in range(len(heading) - 1, -1, -1):
        depth += (heading[at] in ")）") - (heading[at] in "(（")
        if depth == 0:
            title = heading[:at].strip()
            return (title, heading[at + 1 : -1].strip()) if title else (heading, "")
    return heading, ""
