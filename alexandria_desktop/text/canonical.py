"""The canonical text of a document: the one text that notes, hits and lessons count in.

The rule, version 1. The page script (``resources/web/canonical.js``) applies the same rule to the page that is shown,
and a test proves both equal on every book at hand; change them together and raise ``TEXT_VERSION``.

1. Take the text nodes below ``body`` in document order, leaving out whole elements that are not read as running text
   (``SKIPPED``: ruby annotations, scripts, styles, tooltips and the like) and those with the attribute ``hidden``.
2. Each start and end of a block element (``BLOCKS``) is a boundary, and so is each ``br``.
3. Characters that only help line breaking are dropped (``DROPPED``: soft hyphen, word joiner, zero-width space, BOM).
4. A run of white space (``SPACES``) and boundaries becomes one line feed if it holds a boundary, else one space.
5. White space at the beginning and end of the document is dropped.

Offsets count code points. The page counts UTF-16 units and converts where it meets Python.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lxml import etree

TEXT_VERSION = 1

SKIPPED = frozenset(
    {"script", "style", "template", "rt", "rp", "head", "title", "desc", "metadata", "annotation", "annotation-xml"}
)
BLOCKS = frozenset(
    {
        "address", "article", "aside", "blockquote", "body", "br", "caption", "center", "dd", "details", "dialog",
        "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5",
        "h6", "header", "hgroup", "hr", "legend", "li", "main", "menu", "nav", "ol", "option", "p", "pre", "section",
        "summary", "table", "tbody", "td", "text", "tfoot", "th", "thead", "tr", "ul",
    }
)  # fmt: skip
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
DROPPED = "\u00ad\u200b\u2060\ufeff"
SPACES = (
    " \t\n\r\f\u000b\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
BOUNDARY = "\x1e"
"""Stands for a block boundary in the raw text; XML cannot hold it."""

_ALL = SPACES + DROPPED + BOUNDARY
_RUN = re.compile(f"[{_ALL}]{{2,}}|[{_ALL[1:]}]")
_SPACE = re.compile(f"[{SPACES}]")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading element of a document: where its words are, and its level, 1 to 6."""

    start: int
    end: int
    level: int


@dataclass(frozen=True, slots=True)
class TextPoint:
    """A place between characters of one text node, as lxml keeps it: an element's ``text`` or its ``tail``."""

    element: etree._Element
    is_tail: bool
    offset: int
    """Code points into that text."""


class CanonicalText:
    """The canonical text of a document and the way back from an offset to the node it came from."""

    __slots__ = ("_anchors", "_cuts_canonical", "_cuts_raw", "_headings", "_nodes", "_starts", "raw_length", "text")

    def __init__(
        self,
        pieces: list[str],
        nodes: list[tuple[etree._Element, bool] | None],
        anchors: dict[str, int],
        headings: list[tuple[int, int, int]],
    ) -> None:
        self._anchors = anchors
        self._headings = headings
        raw = "".join(pieces)
        self.raw_length = len(raw)
        self._starts = array("q")
        self._nodes: list[tuple[etree._Element, bool]] = []
        position = 0
        for piece, node in zip(pieces, nodes, strict=True):
            if node is not None:
                self._starts.append(position)
                self._nodes.append(node)
            position += len(piece)
        self.text, self._cuts_raw, self._cuts_canonical = _collapse(raw)

    def to_raw(self, offset: int, *, end: bool = False) -> int:
        """Return the raw offset of a canonical offset; as the end of a range it stays behind the last character."""
        if end and offset > 0:
            return self.to_raw(offset - 1) + 1
        # cuts hold, for each collapsed run, where the text goes on after it on both sides
        index = bisect_right(self._cuts_canonical, offset) - 1
        if index < 0:
            return offset
        return self._cuts_raw[index] + (offset - self._cuts_canonical[index])

    def from_raw(self, raw: int) -> int:
        """Return the canonical offset of a raw offset; inside a collapsed run, the end of what it became."""
        index = bisect_right(self._cuts_raw, raw) - 1
        offset = raw if index < 0 else self._cuts_canonical[index] + (raw - self._cuts_raw[index])
        following = self._cuts_canonical[index + 1] if index + 1 < len(self._cuts_canonical) else len(self.text)
        return max(0, min(offset, following))

    def point(self, offset: int, *, end: bool = False) -> TextPoint | None:
        """Return the text node and offset where a canonical offset lies, or None in a document without text."""
        if not self._nodes:
            return None
        raw = self.to_raw(offset, end=end)
        index = (bisect_left(self._starts, raw) if end else bisect_right(self._starts, raw)) - 1
        index = max(0, index)
        element, is_tail = self._nodes[index]
        return TextPoint(element, is_tail, raw - self._starts[index])

    @property
    def anchors(self) -> dict[str, int]:
        """Every ``id`` (and ``a name``) of the document with the canonical offset where it begins."""
        return {name: self.from_raw(raw) for name, raw in self._anchors.items()}

    @property
    def headings(self) -> list[Heading]:
        """The headings in order; an empty one is left out."""
        found = (
            Heading(self.from_raw(start), min(len(self.text), self.from_raw(stop)), level)
            for start, stop, level in self._headings
        )
        return [heading for heading in found if heading.end > heading.start]

    def stretches(self, is_meant: Callable[[etree._Element], bool]) -> tuple[tuple[int, int], ...]:
        """Return the stretches of text that stand in elements that are meant, in order, none touching the next."""
        found: list[tuple[int, int]] = []
        for index, (node, is_tail) in enumerate(self._nodes):
            owner = node.getparent() if is_tail else node
            if owner is None or not is_meant(owner):
                continue
            stop = self._starts[index + 1] if index + 1 < len(self._starts) else self.raw_length
            start, end = self.from_raw(self._starts[index]), min(len(self.text), self.from_raw(stop))
            if found and start <= found[-1][1]:
                found[-1] = (found[-1][0], max(end, found[-1][1]))
            elif end > start:
                found.append((start, end))
        return tuple(found)

    def offset_of_point(self, element: etree._Element, *, is_tail: bool, offset: int) -> int | None:
        """Return the canonical offset of a place in a text node, or None where that node is not in the text."""
        for index, (node, tail) in enumerate(self._nodes):
            if node is element and tail == is_tail:
                return self.from_raw(self._starts[index] + offset)
        return None


def canonical_text(body: etree._Element) -> CanonicalText:
    """Return the canonical text of a document's body (or of any element of a parsed document)."""
    pieces: list[str] = []
    nodes: list[tuple[etree._Element, bool] | None] = []
    walk = _Walk()
    for piece, node in walk.pieces(body):
        pieces.append(piece)
        nodes.append(node)
        walk.length += len(piece)
    return CanonicalText(pieces, nodes, walk.anchors, walk.headings)


class _Walk:
    """One walk through a tree: its text, and on the way its anchors and headings by raw offset."""

    def __init__(self) -> None:
        self.length = 0
        self.anchors: dict[str, int] = {}
        self.headings: list[tuple[int, int, int]] = []

    def pieces(self, body: etree._Element) -> Iterator[tuple[str, tuple[etree._Element, bool] | None]]:
        walker = etree.iterwalk(body, events=("start", "end"))
        begun = 0
        for event, element in walker:
            name = local_name(element)
            if event == "start":
                if name in SKIPPED or element.get("hidden") is not None:
                    walker.skip_subtree()
                    continue
                if name in BLOCKS:
                    yield BOUNDARY, None
                begun = self.length if name in _HEADINGS else begun
                self._note_anchor(element, name)
                if element.text:
                    yield element.text, (element, False)
            else:
                if name in _HEADINGS and element.get("hidden") is None:
                    self.headings.append((begun, self.length, int(name[1])))
                if name in BLOCKS and element.get("hidden") is None:
                    yield BOUNDARY, None
                if element is not body and element.tail:
                    yield element.tail, (element, True)

    def _note_anchor(self, element: etree._Element, name: str) -> None:
        anchor = element.get("id") or (element.get("name") if name == "a" else None)
        if anchor:
            self.anchors.setdefault(anchor, self.length)


def local_name(element: etree._Element) -> str:
    """Return an element's name without its namespace; empty for comments and instructions."""
    tag = element.tag
    if not isinstance(tag, str):
        return ""
    return tag.rpartition("}")[2]


def collapse(raw: str) -> str:
    """Return text with the rule's points 3 to 5 applied, for text that comes from no document (a typed quote)."""
    return _collapse(raw)[0]


def _collapse(raw: str) -> tuple[str, array[int], array[int]]:
    """Collapse white space; also return, for each change, where both texts go on (raw, canonical)."""
    parts: list[str] = []
    cuts_raw, cuts_canonical = array("q"), array("q")
    position = length = 0
    for match in _RUN.finditer(raw):
        start, stop = match.span()
        if start > position:
            parts.append(raw[position:start])
            length += start - position
        run = match.group()
        if BOUNDARY in run:
            replacement = "\n"
        elif _SPACE.search(run):
            replacement = " "
        else:
            replacement = ""
        if replacement and length and stop < len(raw):
            parts.append(replacement)
            length += 1
        position = stop
        cuts_raw.append(position)
        cuts_canonical.append(length)
    if position < len(raw):
        parts.append(raw[position:])
    text = "".join(parts)
    if text.endswith(" "):  # a lone space at the very end is no run
        text = text[:-1]
    if text.startswith(" "):
        text = text[1:]
        cuts_canonical = array("q", (max(0, cut - 1) for cut in cuts_canonical))
        cuts_canonical.insert(0, 0)
        cuts_raw.insert(0, 1)
    return text, cuts_raw, cuts_canonical
