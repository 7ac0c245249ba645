"""HTML as a tree of plain nodes, parsed without a document type, entities of its own or a network."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

MAX_DEPTH = 100
"""Deeper elements are lifted."""

LINES = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "ul", "ol", "li", "blockquote", "tr", "br"})
BLOCKS = (LINES - {"br"}) | {
    "html", "body", "head", "div", "section", "article", "main", "header", "footer", "nav", "aside", "figure",
    "figcaption", "table", "thead", "tbody", "tfoot", "caption", "dl", "dt", "dd", "hr", "address", "details",
    "summary", "fieldset", "form", "center",
}  # fmt: skip
"""Elements that end the line before and after them."""
_SILENT = frozenset(
    {"script", "style", "title", "template", "iframe", "object", "embed", "applet", "noscript", "svg", "math", "audio",
     "video", "select", "textarea", "canvas"}
)  # fmt: skip
"""Elements whose content is no text to read."""
_PLAYED = frozenset({"audio", "video", "object"})
_VOID = frozenset(
    {"br", "img", "hr", "input", "meta", "link", "source", "wbr", "col", "embed", "area", "base", "track", "param"}
)
_CLOSES_ITSELF = {"p": BLOCKS, "li": frozenset({"li"}), "tr": frozenset({"tr"}), "td": frozenset({"td", "th", "tr"}),
                  "th": frozenset({"td", "th", "tr"}), "dt": frozenset({"dt", "dd"}),
                  "dd": frozenset({"dt", "dd"})}  # fmt: skip
_HOLDERS = frozenset({"ul", "ol", "table", "blockquote", "div", "dl"})
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


@dataclass(slots=True)
class Node:
    """An element with its children."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Node | str] = field(default_factory=list)
    has_blocks: bool = False
    """Whether it is, or holds, an element that ends a line."""
    instead: str = ""
    """What a sound, a film or an object has inside for who cannot see or hear it."""

    def elements(self) -> Iterator[Node]:
        """Give the children that are elements."""
        return (child for child in self.children if isinstance(child, Node))

    def walk(self) -> Iterator[Node]:
        """Give this node and all below it, in order of the text."""
        pending = [self]
        while pending:
            node = pending.pop()
            yield node
            pending.extend(reversed(list(node.elements())))


def parse(html: str) -> Node:
    """Return a root node whose children are the given HTML; broken markup is mended as a reader would expect."""
    builder = _Builder()
    builder.feed(_ILLEGAL.sub("", html.replace("\r\n", "\n").replace("\r", "\n")))
    builder.close()
    return builder.finished()


def without_illegal(text: str) -> str:
    """Return text without the characters that XML cannot hold."""
    return _ILLEGAL.sub("", text)


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._root = Node("#root")
        self._stack = [self._root]
        self._silent: list[str] = []
        self._played: Node | None = None
        """The sound, film or object that is open."""

    def finished(self) -> Node:
        """Return the root when all has been fed."""
        for node in reversed(list(self._root.walk())):
            node.has_blocks = node.tag in BLOCKS or any(child.has_blocks for child in node.elements())
        return self._root

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element."""
        if self._silent:
            if tag == self._silent[-1]:
                self._silent.append(tag)
            elif tag == "source" and self._played is not None:
                self._played.attributes.setdefault("src", _ILLEGAL.sub("", dict(attrs).get("src") or ""))
            return
        while len(self._stack) > 1 and tag in _CLOSES_ITSELF.get(self._stack[-1].tag, ()):
            self._stack.pop()
        node = Node(tag, {name: _ILLEGAL.sub("", value or "") for name, value in attrs})
        self._stack[-1].children.append(node)
        if tag in _SILENT and tag not in _VOID:
            self._silent.append(tag)
            self._played = node if tag in _PLAYED else None
        elif tag not in _VOID and len(self._stack) < MAX_DEPTH:
            self._stack.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open and close an element that is written as empty."""
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close an element and what is still open in it."""
        if self._silent:
            if tag == self._silent[-1]:
                self._silent.pop()
            return
        for at in range(len(self._stack) - 1, 0, -1):
            if self._stack[at].tag == tag:
                del self._stack[at:]
                return
            if self._stack[at].tag in _HOLDERS and tag not in _HOLDERS:
                return

    def handle_data(self, data: str) -> None:
        """Take text."""
        if not self._silent:
            self._stack[-1].children.append(_ILLEGAL.sub("", data))
        elif self._played is not None:
            self._played.instead += _ILLEGAL.sub("", data)
