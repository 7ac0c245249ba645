"""The canonical text of a PDF page: what notes, hits and lessons count in, the same in every process.

The rule, version 1, follows that of ``alexandria_desktop.text.canonical``. Words come from MuPDF in its order, with
ligatures taken apart; words of a line are joined by a space, and so are lines, but for two lines that meet between
Chinese or Japanese characters; blocks (paragraphs, mostly) are joined by a line feed. Hyphens at line ends stay as they
are. Characters that only help line breaking and those that XML cannot hold are dropped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

import pymupdf

from alexandria_desktop.pdf.model import PageWords, Rect, Word
from alexandria_desktop.pdf.opening import MUPDF_ERRORS
from alexandria_desktop.text.canonical import DROPPED, SPACES

_FLAGS = pymupdf.TEXT_MEDIABOX_CLIP | pymupdf.TEXT_PRESERVE_WHITESPACE
_GONE = re.compile(f"[\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff{DROPPED}{SPACES}]")
_WIDE = re.compile("[\u2e80-\u2fdf\u3001-\u30ff\u3400-\u9fff\uf900-\ufaff\uff01-\uff60]")
MAX_WORDS = 200_000
"""A page with more is drawn but not read."""


def page_words(document: pymupdf.Document, number: int) -> PageWords:
    """Return the text of a page and its words; a page that cannot be read has none."""
    pieces: list[str] = []
    words: list[Word] = []
    length = 0
    line, last = -1, (-1, -1)
    for text, rect, block, line_of_block in _raw_words(document, number):
        separator = ""
        if words:
            separator = _separator(words[-1].text, text, last, (block, line_of_block))
        if (block, line_of_block) != last:
            line += 1
            last = (block, line_of_block)
        start = length + len(separator)
        length = start + len(text)
        pieces += (separator, text)
        words.append(Word(text, start, length, rect, line))
    return PageWords("".join(pieces), tuple(words))


def page_text(document: pymupdf.Document, number: int) -> str:
    """Return the canonical text of a page."""
    pieces: list[str] = []
    previous, last = "", (-1, -1)
    for text, _, block, line in _raw_words(document, number):
        if pieces:
            pieces.append(_separator(previous, text, last, (block, line)))
        pieces.append(text)
        previous, last = text, (block, line)
    return "".join(pieces)


def page_document(text: str, *, title: str = "") -> bytes:
    """Return a page's text as an XHTML document whose canonical text is that very text."""
    paragraphs = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in text.split("\n")) if text else ""
    return (
        f'<html xmlns="http://www.w3.org/1999/xhtml"><head><title>{escape(title)}</title></head>'
        f"<body>{paragraphs}</body></html>"
    ).encode()


def page_quads(document: pymupdf.Document, number: int, start: int, end: int) -> tuple[Rect, ...]:
    """Return the rectangles, one a line, that cover a range of a page's text."""
    words = [word for word in page_words(document, number).words if word.start < end and word.end > start]
    if not words:
        return ()
    boxes: dict[int, Rect] | None = None
    if words[0].start < start or words[-1].end > end:  # only a cut through a word needs each letter's place
        boxes = _character_boxes(document, number)
    lines: dict[int, Rect] = {}
    for word in words:
        rect = _part(word, start, end, boxes)
        known = lines.get(word.line)
        lines[word.line] = _union(known, rect) if known else rect
    return tuple(lines.values())


def _raw_words(document: pymupdf.Document, number: int) -> Iterator[tuple[str, Rect, int, int]]:
    try:
        raw = document[number].get_text("words", flags=_FLAGS)
    except MUPDF_ERRORS:
        return
    for x0, y0, x1, y1, text, block, line, _ in raw[:MAX_WORDS]:
        if not text.isalnum():
            text = _GONE.sub("", text)
            if not text:
                continue
        yield text, (x0, y0, x1, y1), block, line


def _separator(before: str, after: str, last: tuple[int, int], this: tuple[int, int]) -> str:
    if this[0] != last[0]:
        return "\n"
    if this[1] != last[1] and _WIDE.match(before[-1]) and _WIDE.match(after[0]):
        return ""
    return " "


def _character_boxes(document: pymupdf.Document, number: int) -> dict[int, Rect]:
    """Return the place of each letter by its offset; empty where letters and words do not agree."""
    words = page_words(document, number).words
    offsets = [offset for word in words for offset in range(word.start, word.end)]
    boxes: list[Rect] = []
    try:
        blocks = document[number].get_text("rawdict", flags=_FLAGS)["blocks"]
    except MUPDF_ERRORS:
        return {}
    for block in blocks:
        for line in block.get("lines", ()):
            for span in line["spans"]:
                boxes += [tuple(char["bbox"]) for char in span["chars"] if not _GONE.match(char["c"])]
    return dict(zip(offsets, boxes, strict=True)) if len(offsets) == len(boxes) else {}


def _part(word: Word, start: int, end: int, boxes: dict[int, Rect] | None) -> Rect:
    """Return the place of the part of a word that lies in the range."""
    first, last = max(start, word.start), min(end, word.end)
    if first == word.start and last == word.end:
        return word.rect
    if boxes:
        rect = boxes[first]
        for offset in range(first + 1, last):
            rect = _union(rect, boxes[offset])
        return rect
    x0, y0, x1, y1 = word.rect  # no letters to go by: share the word's width out evenly
    width = (x1 - x0) / (word.end - word.start)
    return (x0 + width * (first - word.start), y0, x0 + width * (last - word.start), y1)


def _union(one: Rect, other: Rect) -> Rect:
    return (min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3]))
