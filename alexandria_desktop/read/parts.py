"""Split a long document into parts that a page can lay out at once, at block boundaries.

Locators never see parts: each part knows where it begins in the canonical text of the whole document.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass

from lxml import etree

from alexandria_desktop.text.canonical import BLOCKS, SKIPPED, canonical_text, local_name
from alexandria_desktop.text.document import XHTML, Document

PART_CHARACTERS = 120_000
"""Aim for the text of one part; a page of this length lays out in well under the time of a page turn's notice."""

SPLIT_CHARACTERS = 200_000
"""Documents up to this length stay whole."""


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a document that is served as one page."""

    body: etree._Element
    start: int
    """Canonical offset in the whole document of the part's own offset 0."""
    length: int
    """Code points of canonical text."""

    @property
    def end(self) -> int:
        """Canonical offset in the whole document behind the part's last character."""
        return self.start + self.length


def split_document(document: Document, *, limit: int = SPLIT_CHARACTERS, size: int = PART_CHARACTERS) -> list[Part]:
    """Return the parts of a document in order; one part, the body itself, where it is short enough."""
    whole = document.text()
    if len(whole.text) <= limit:
        return [Part(document.body, 0, len(whole.text))]
    parts: list[Part] = []
    start = 0
    for body in _bodies(document.body, size):
        length = len(canonical_text(body).text)
        if length == 0 and parts:
            continue
        parts.append(Part(body, start, length))
        start += length + 1  # the line feed between two blocks
    return parts


def part_of(parts: list[Part], offset: int) -> int:
    """Return the index of the part that holds a canonical offset of the document."""
    for index, part in enumerate(parts):
        if offset <= part.end:
            return index
    return len(parts) - 1


class _Splitter:
    """Copies a tree into several bodies, opening the same ancestors again in each."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._filled = 0
        self.bodies: list[etree._Element] = []
        self._ancestors: list[etree._Element] = []
        self._open: list[etree._Element] = []

    def enter(self, element: etree._Element) -> None:
        self._ancestors.append(element)
        if not self._open:
            self._reopen()
        else:
            self._open.append(_shallow(element, self._open[-1]))
        self._open[-1].text = element.text

    def leave(self) -> None:
        self._ancestors.pop()
        self._open.pop()

    def add(self, block: etree._Element, weight: int) -> None:
        if self._filled and self._filled + weight > self._size and _is_block(block):
            self._reopen(before=block)
        self._open[-1].append(deepcopy(block))
        self._filled += weight

    def tail(self, text: str | None) -> None:
        if text and len(self._open[-1]):
            self._open[-1][-1].tail = text

    def _reopen(self, before: etree._Element | None = None) -> None:
        self._filled = 0
        self._open = []
        for index, element in enumerate(self._ancestors):
            following = self._ancestors[index + 1] if index + 1 < len(self._ancestors) else before
            again = _shallow(element, self._open[-1] if self._open else None)
            if self.bodies:
                again.attrib.pop("id", None)
                _continue_list(element, again, following)
            self._open.append(again)
        self.bodies.append(self._open[0])


def _bodies(body: etree._Element, size: int) -> list[etree._Element]:
    splitter = _Splitter(size)
    splitter.enter(body)
    stack = [iter(list(body))]
    path = [body]
    while stack:
        child = next(stack[-1], None)
        if child is None:
            stack.pop()
            closed = path.pop()
            if stack:
                splitter.leave()
                splitter.tail(closed.tail)
            continue
        weight = _weight(child)
        if weight > size and len(child) > 1 and _is_block(child):
            splitter.enter(child)
            stack.append(iter(list(child)))
            path.append(child)
        else:
            splitter.add(child, weight)
    return splitter.bodies


def _weight(element: etree._Element) -> int:
    if local_name(element) in SKIPPED:
        return 0
    return sum(map(len, element.itertext())) + 1


def _is_block(element: etree._Element) -> bool:
    return local_name(element) in BLOCKS


def _shallow(element: etree._Element, parent: etree._Element | None) -> etree._Element:
    if parent is None:
        again = etree.Element(element.tag, dict(element.attrib), nsmap=element.nsmap)
    else:
        again = etree.SubElement(parent, element.tag, dict(element.attrib), nsmap=element.nsmap)
    return again


def _continue_list(element: etree._Element, again: etree._Element, following: etree._Element | None) -> None:
    """Let an ordered list go on counting in the next part."""
    if element.tag != f"{{{XHTML}}}ol" or following is None:
        return
    first = element.get("start") or "1"
    before = sum(1 for item in following.itersiblings(f"{{{XHTML}}}li", preceding=True))
    if first.lstrip("-").isdigit():
        again.set("start", str(int(first) + before))
