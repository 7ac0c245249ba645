"""EPUB canonical fragment identifiers over a parsed document: a path of steps to a text node, and back.

Even steps name the n-th element, odd ones the text between elements; offsets count UTF-16 units, as the standard's
implementations do. A CFI is the fast path only: whoever follows one compares the text it leads to.
"""

from __future__ import annotations

import re

from lxml import etree

from alexandria_desktop.text.canonical import CanonicalText, TextPoint

_STEP = re.compile(r"/(\d+)(?:\[((?:\^.|[^\]])*)\])?")
_OFFSET = re.compile(r":(\d+)")


def path_of(point: TextPoint, root: etree._Element) -> str:
    """Return the steps from the document's root element to a place in a text node, for example ``/4/2/1:12``."""
    element = point.element
    text = element.tail if point.is_tail else element.text
    units = len((text or "")[: point.offset].encode("utf-16-le")) // 2
    if point.is_tail:
        parent = element.getparent()
        if parent is None:
            return f"/1:{units}"
        last = f"/{2 * (parent.index(element) + 1) + 1}:{units}"
        element = parent
    else:
        last = f"/1:{units}"
    steps: list[str] = []
    while element is not root:
        parent = element.getparent()
        if parent is None:
            break
        identifier = element.get("id")
        assertion = f"[{_escape(identifier)}]" if identifier else ""
        steps.append(f"/{2 * (parent.index(element) + 1)}{assertion}")
        element = parent
    return "".join(reversed(steps)) + last


def range_of(text: CanonicalText, root: etree._Element, start: int, end: int) -> str | None:
    """Return a range's two paths in the short form ``common,from,to``; None in a document without text."""
    first, last = text.point(start), text.point(end, end=True)
    if first is None or last is None:
        return None
    one, other = path_of(first, root), path_of(last, root)
    if end <= start:
        return one
    mine, theirs = one.split("/")[1:], other.split("/")[1:]
    shared = 0
    while shared < min(len(mine), len(theirs)) - 1 and mine[shared] == theirs[shared]:
        shared += 1
    common = "".join(f"/{step}" for step in mine[:shared])
    return f"{common},/{'/'.join(mine[shared:])},/{'/'.join(theirs[shared:])}"


def find_range(cfi: str, text: CanonicalText, root: etree._Element) -> tuple[int, int] | None:
    """Return the canonical offsets that a CFI's part behind ``!`` names, or None where it leads nowhere."""
    common, _, rest = cfi.partition(",")
    first, _, last = rest.partition(",")
    start = _find(common + first, text, root)
    end = _find(common + last, text, root) if last else start
    return (start, end) if start is not None and end is not None and end >= start else None


def _find(path: str, text: CanonicalText, root: etree._Element) -> int | None:
    element = root
    steps = [(int(number), identifier) for number, identifier in _STEP.findall(path)]
    offset = _OFFSET.search(path.rpartition("/")[2])
    for number, identifier in steps:
        if number % 2:
            return _in_text(element, number, int(offset.group(1)) if offset else 0, text)
        index = number // 2 - 1
        named = _named(root, _unescape(identifier)) if identifier else None
        if named is not None:
            element = named
        elif 0 <= index < len(element):
            element = element[index]
        else:
            return None
    return _in_text(element, 1, 0, text)


def _in_text(element: etree._Element, number: int, units: int, text: CanonicalText) -> int | None:
    index = (number - 1) // 2 - 1
    node, is_tail = (element, False) if index < 0 else (element[index], True) if index < len(element) else (None, False)
    if node is None:
        return None
    raw = (node.tail if is_tail else node.text) or ""
    offset = len(raw.encode("utf-16-le")[: 2 * units].decode("utf-16-le", "ignore"))
    return text.offset_of_point(node, is_tail=is_tail, offset=offset)


def _named(root: etree._Element, identifier: str) -> etree._Element | None:
    found = root.xpath("//*[@id = $name]", name=identifier)
    return found[0] if isinstance(found, list) and found and isinstance(found[0], etree._Element) else None


def _escape(identifier: str) -> str:
    return re.sub(r"([\^\[\](),;=])", r"^\1", identifier)


def _unescape(identifier: str) -> str:
    return re.sub(r"\^(.)", r"\1", identifier)
