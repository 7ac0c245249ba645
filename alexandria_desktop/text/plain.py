"""Plain text out of what a file claims: no markup, no controls, bounded length."""

from __future__ import annotations

import re

_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_SPACES = re.compile(r"\s+")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
MAX_LINE = 500
MAX_TEXT = 20_000


def clean_line(value: str) -> str:
    """Return one line of at most 500 characters, without controls and direction overrides; markup stays as text."""
    text = _SPACES.sub(" ", _CONTROLS.sub("", value)).strip()
    return text if len(text) <= MAX_LINE else text[: MAX_LINE - 1].rstrip() + "…"


def clean_text(value: str) -> str:
    """Return a paragraph or more, for a description: tags dropped, controls dropped, at most 20,000 characters."""
    lines = (_SPACES.sub(" ", _CONTROLS.sub("", line)).strip() for line in _TAG.sub("\n", value).splitlines())
    return "\n".join(line for line in lines if line)[:MAX_TEXT]
