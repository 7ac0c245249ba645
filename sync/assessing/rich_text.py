"""The small safe HTML of courses: paragraphs, headings, lists, emphasis and links, in one canonical form.

Everything that a teacher writes and every format brings in goes through ``sanitised``. The result is well-formed XHTML
without scripts, styles or pictures, its links lead only where ``addresses`` lets them, and sanitising it again changes
nothing, so two texts that look alike are alike. A text of one plain paragraph is kept without its ``<p>``: a choice
reads ``Paris``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import escape
from typing import Annotated

from sync.assessing.addresses import safe_address
from sync.assessing.markup import BLOCKS, LINES, Node, parse

RICH = "rich text"
RichText = Annotated[str, RICH]
"""Text in the canonical form that this module makes; what reads JSON sanitises every field of this type."""

MAX_DEPTH = 12
"""Lists and quotations that are nested deeper are lifted."""

_INLINE = {
    "em": "em", "i": "em", "cite": "em", "dfn": "em", "var": "em", "strong": "strong", "b": "strong", "code": "code",
    "kbd": "code", "samp": "code", "tt": "code", "sub": "sub", "sup": "sup", "a": "a",
}  # fmt: skip
_HEADINGS = {"h1": "h2", "h2": "h2", "h3": "h3", "h4": "h4", "h5": "h4", "h6": "h4"}
_WHITE = re.compile(r"[ \t\n\r\f]+")
_SPACED = re.compile(r"[ \t]*\n[ \t]*")
_LANGUAGE = re.compile(r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$")
_QUIET = frozenset(
    {
        "html",
        "body",
        "head",
        "div",
        "span",
        "section",
        "article",
        "main",
        "font",
        "tbody",
        "thead",
        "td",
        "th",
        "u",
        "small",
    }
)


@dataclass(slots=True)
class Sanitised:
    """A text in canonical form, and what was in it that the form does not hold."""

    html: str
    lost: tuple[str, ...] = ()
    """Names of elements whose meaning is gone (``img``, ``table``, ``script``), each once, in order of appearance."""


def sanitised(html: str) -> str:
    """Return the canonical form of any HTML, however broken or hostile."""
    return sanitise(html).html


def sanitise(html: str) -> Sanitised:
    """Return the canonical form of any HTML and the names of what it cannot hold."""
    work = _Work()
    out = "".join(work.blocks(parse(html).children, 0))
    single = re.fullmatch(r"<p>((?:(?!</?p[ >]).)*)</p>", out, re.DOTALL)
    return Sanitised(single.group(1) if single else out, tuple(dict.fromkeys(work.lost)))


def from_plain(text: str) -> str:
    """Return plain text as rich text: blank lines part paragraphs, line ends are kept."""
    paragraphs = re.split(r"\n[ \t]*\n+", text.replace("\r\n", "\n").replace("\r", "\n").strip())
    marked = ("<p>" + escape(one, quote=False).replace("\n", "<br/>") + "</p>" for one in paragraphs)
    return sanitised("".join(marked))


def to_plain(html: str) -> str:
    """Return rich text as plain text, a line for each paragraph, heading and item."""
    lines: list[str] = [""]
    for piece in _spoken(parse(html).children):
        if piece == "\n":
            if lines[-1].strip():
                lines.append("")
        else:
            lines[-1] += piece
    return "\n".join(line.strip() for line in lines).strip()


def is_empty(html: str) -> bool:
    """Whether a rich text says nothing."""
    return not to_plain(html)


def as_blocks(html: str) -> str:
    """Return rich text as a sequence of blocks: the paragraph that was left out is put back."""
    children = parse(html).children
    bare = bool(html) and not any(isinstance(child, Node) and child.tag in BLOCKS for child in children)
    return f"<p>{html}</p>" if bare else html


def _spoken(children: Iterable[Node | str]) -> Iterator[str]:
    for child in children:
        if isinstance(child, str):
            yield _WHITE.sub(" ", child)
        elif child.tag == "br":
            yield "\n"
        elif child.tag in BLOCKS:
            yield "\n"
            yield from _spoken(child.children)
            yield "\n"
        else:
            yield from _spoken(child.children)


@dataclass(slots=True)
class _Work:
    """One pass over a text."""

    lost: list[str] = field(default_factory=list)

    def blocks(self, children: Iterable[Node | str], depth: int) -> Iterator[str]:
        """Give the blocks of a sequence of nodes; loose words become paragraphs."""
        loose: list[Node | str] = []
        for child in children:
            if isinstance(child, str) or not _holds_blocks(child):
                loose.append(child)
                continue
            yield from self._paragraph(loose)
            loose = []
            yield from self._block(child, depth)
        yield from self._paragraph(loose)

    def _block(self, node: Node, depth: int) -> Iterator[str]:
        tag = _HEADINGS.get(node.tag, node.tag)
        if tag in ("p", "h2", "h3", "h4", "pre") and not any(_holds_blocks(child) for child in node.elements()):
            yield from self._paragraph(node.children, tag, node)
        elif tag in ("ul", "ol") and depth < MAX_DEPTH:
            items = "".join(self._items(node, depth + 1))
            if items:
                yield f"<{tag}{_attributes(node)}>{items}</{tag}>"
        elif tag == "blockquote" and depth < MAX_DEPTH:
            inner = "".join(self.blocks(node.children, depth + 1))
            if inner:
                yield f"<blockquote{_attributes(node)}>{inner}</blockquote>"
        elif tag == "tr":
            cells = [part for child in node.children for part in (child, " ")]
            yield from self.blocks(cells, depth)
        else:
            self._lose(node)
            yield from self.blocks(node.children, depth)

    def _items(self, node: Node, depth: int) -> Iterator[str]:
        for child in node.children:
            inside = child.children if isinstance(child, Node) and child.tag == "li" else [child]
            attributes = _attributes(child) if isinstance(child, Node) and child.tag == "li" else ""
            out = "".join(self.blocks(inside, depth))
            single = re.fullmatch(r"<p>((?:(?!</?p[ >]).)*)</p>((?:<[uo]l.*)?)", out, re.DOTALL)
            if out:
                yield f"<li{attributes}>{single.group(1) + single.group(2) if single else out}</li>"

    def _paragraph(self, children: Iterable[Node | str], tag: str = "p", node: Node | None = None) -> Iterator[str]:
        inner = _set(list(self._runs(children)), keep_white=tag == "pre")
        if inner:
            yield f"<{tag}{_attributes(node) if node else ''}>{inner}</{tag}>"

    def _runs(self, children: Iterable[Node | str], around: frozenset[str] = frozenset()) -> Iterator[_Run]:
        for child in children:
            if isinstance(child, str):
                yield _Run("text", child)
                continue
            tag = _INLINE.get(child.tag)
            if child.tag == "br":
                yield _Run("break")
            elif tag is None or tag in around or (tag == "a" and not _address(child)):
                self._lose(child)
                yield from self._runs(child.children, around)
            else:
                start = f'<a href="{escape(_address(child))}">' if tag == "a" else f"<{tag}>"
                yield _Run("open", start)
                yield from self._runs(child.children, around | {tag})
                yield _Run("close", f"</{tag}>")

    def _lose(self, node: Node) -> None:
        if node.tag not in _QUIET and node.tag not in _INLINE and node.tag not in LINES:
            self.lost.append(node.tag)
        elif node.tag == "a" and node.attributes.get("href"):
            self.lost.append("a")


@dataclass(slots=True)
class _Run:
    """A piece of a paragraph: text, a break, or the start or end of emphasis."""

    kind: str
    text: str = ""


def _set(runs: list[_Run], *, keep_white: bool) -> str:
    """Return a paragraph's markup with its white space settled and empty emphasis gone."""
    if not keep_white:
        _settle(runs)
    runs = [run for run in runs if run.kind != "text" or run.text]
    runs = _without_empty(runs)
    while runs and runs[-1].kind == "break":
        runs = _without_empty(runs[:-1])
    while runs and runs[0].kind == "break":
        runs = _without_empty(runs[1:])
    if not any(run.kind == "text" and run.text.strip() for run in runs):
        return ""
    return "".join(
        escape(run.text, quote=False) if run.kind == "text" else "<br/>" if run.kind == "break" else run.text
        for run in runs
    )


def _settle(runs: list[_Run]) -> None:
    """Collapse white space across emphasis: one space at most, none at either end of a line."""
    last: _Run | None = None
    is_spaced = True
    for run in runs:
        if run.kind == "break":
            if last is not None:
                last.text = last.text.rstrip(" ")
            last, is_spaced = None, True
        elif run.kind == "text":
            run.text = _WHITE.sub(" ", run.text)
            if is_spaced:
                run.text = run.text.lstrip(" ")
            if run.text:
                last, is_spaced = run, run.text.endswith(" ")
    if last is not None:
        last.text = last.text.rstrip(" ")


def _without_empty(runs: list[_Run]) -> list[_Run]:
    out: list[_Run] = []
    for run in runs:
        if run.kind == "close" and out and out[-1].kind == "open":
            out.pop()
        else:
            out.append(run)
    return out


def _holds_blocks(node: Node | str) -> bool:
    return isinstance(node, Node) and node.has_blocks


def _address(node: Node) -> str:
    return safe_address(node.attributes.get("href", ""))


def _attributes(node: Node) -> str:
    direction = node.attributes.get("dir", "").lower()
    language = node.attributes.get("lang") or node.attributes.get("xml:lang") or ""
    out = f' dir="{direction}"' if direction in ("ltr", "rtl", "auto") else ""
    return out + (f' lang="{language}"' if _LANGUAGE.match(language) else "")
