"""The small HTML of courses out of a document of Qt's: quotations, lists within lists, headings, emphasis, links."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby

from PySide6.QtGui import QFont, QTextBlock, QTextCharFormat, QTextDocument, QTextListFormat

QUOTED = 40
"""Pixels that Qt moves a quotation in; what is moved in as far is one."""
NUMBERED = QTextListFormat.Style.ListDecimal

CODE = "monospace"
"""The family that Qt sets code in."""


@dataclass(frozen=True, slots=True)
class _Line:
    """A block of the document and where it stands."""

    block: QTextBlock
    quoted: int
    """How many quotations it is in."""
    depth: int
    """How many lists it is in."""
    listed: str
    """The list that it is an item of, or nothing."""


def html_of(document: QTextDocument) -> str:
    """Return what a document says, not yet in the canonical form."""
    lines: list[_Line] = []
    block = document.begin()
    while block.isValid():
        lines.append(_line(block, lines[-1] if lines else None))
        block = block.next()
    return "".join(_quoted(lines, 0))


def quoted(block: QTextBlock) -> int:
    """Return how many quotations a block is in."""
    return round(block.blockFormat().leftMargin() / QUOTED)


def _line(block: QTextBlock, before: _Line | None) -> _Line:
    inside = block.textList()
    if inside is not None:
        form = inside.format()
        return _Line(block, quoted(block), max(1, form.indent()), "ol" if form.style() == NUMBERED else "ul")
    # A second paragraph of an item is no item to Qt, but moved in as far as its list.
    goes_on = before is not None and before.depth and before.quoted == quoted(block)
    return _Line(block, quoted(block), min(block.blockFormat().indent(), before.depth) if before and goes_on else 0, "")


def _quoted(lines: Sequence[_Line], level: int) -> Iterator[str]:
    for deeper, found in groupby(lines, lambda line: line.quoted > level):
        if deeper:
            yield f"<blockquote>{''.join(_quoted(list(found), level + 1))}</blockquote>"
        else:
            yield from _listed(list(found), 0)


def _listed(lines: Sequence[_Line], depth: int) -> Iterator[str]:
    for deeper, found in groupby(lines, lambda line: line.depth > depth):
        if not deeper:
            yield from _plain(list(found))
            continue
        kind = ""
        for item in _items(list(found), depth + 1):
            wanted = item[0].listed or "ul"
            if wanted != kind:
                yield f"</{kind}><{wanted}>" if kind else f"<{wanted}>"
                kind = wanted
            rest = "".join(_listed(item[1:], depth + 1))
            yield f"<li>{_paragraph(item[0].block, 'p') if rest.startswith('<p') else _words(item[0].block)}{rest}</li>"
        yield f"</{kind}>"


def _items(lines: Sequence[_Line], depth: int) -> list[list[_Line]]:
    """Return the items of a list, each with the lines that belong to it."""
    items: list[list[_Line]] = []
    for line in lines:
        if not items or (line.listed and line.depth == depth):
            items.append([line])
        else:
            items[-1].append(line)
    return items


def _plain(lines: Sequence[_Line]) -> Iterator[str]:
    for is_set, found in groupby(lines, lambda line: line.block.blockFormat().nonBreakableLines()):
        if is_set:
            yield f"<pre>{chr(10).join(_words(line.block) for line in found)}</pre>"
            continue
        for line in found:
            level = line.block.blockFormat().headingLevel()
            yield _paragraph(line.block, f"h{min(4, max(2, level))}" if level else "p")


def _paragraph(block: QTextBlock, tag: str) -> str:
    return f"<{tag}>{_words(block)}</{tag}>"


def _words(block: QTextBlock) -> str:
    return "".join(_pieces(block))


def _pieces(block: QTextBlock) -> Iterator[str]:
    is_heading, is_set = bool(block.blockFormat().headingLevel()), block.blockFormat().nonBreakableLines()
    place = block.begin()
    while not place.atEnd():
        fragment = place.fragment()
        place += 1
        form = fragment.charFormat()
        text = escape(fragment.text(), quote=False).replace("\u2028", "<br/>")
        if not is_set and (form.fontFixedPitch() or CODE in (form.fontFamilies() or ())):
            text = f"<code>{text}</code>"
        vertical = form.verticalAlignment()
        if vertical == QTextCharFormat.VerticalAlignment.AlignSuperScript:
            text = f"<sup>{text}</sup>"
        elif vertical == QTextCharFormat.VerticalAlignment.AlignSubScript:
            text = f"<sub>{text}</sub>"
        if form.fontItalic():
            text = f"<em>{text}</em>"
        if form.fontWeight() > QFont.Weight.Medium and not is_heading:
            text = f"<strong>{text}</strong>"
        if form.isAnchor() and form.anchorHref():
            text = f'<a href="{escape(form.anchorHref())}">{text}</a>'
        yield text
