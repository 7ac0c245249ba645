"""Markdown of other programs as HTML, with formulas between dollar signs left as they are."""

from __future__ import annotations

import re
from html import escape

from markdown_it import MarkdownIt

_FORMULA = re.compile(r"(?<!\\)\$[^$\n]{1,2000}(?<!\\)\$")
_KEPT = re.compile("\ue000(\\d+)\ue001")


def as_html(text: str) -> str:
    """Return Markdown as HTML; HTML in it is text, not markup."""
    formulas: list[str] = []

    def keep(found: re.Match[str]) -> str:
        formulas.append(found.group())
        return f"\ue000{len(formulas) - 1}\ue001"

    bare = _FORMULA.sub(keep, text.replace("\ue000", "").replace("\ue001", ""))
    html = str(MarkdownIt("commonmark", {"html": False}).enable("table").render(bare))
    return _KEPT.sub(lambda found: escape(formulas[int(found.group(1))]), html)
