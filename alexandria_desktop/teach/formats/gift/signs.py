"""The signs of GIFT: which are escaped, and how a text is cut at those that are not."""

from __future__ import annotations

import re

_SPECIAL = re.compile(r"[~=#{}:\\]")
_ESCAPED = re.compile(r"\\([~=#{}:\\n])")


def escaped(text: str) -> str:
    """Return text that GIFT takes as it stands."""
    return _SPECIAL.sub(lambda found: "\\" + found.group(), text.replace("\r\n", "\n")).replace("\n", "\\n")


def unescaped(text: str) -> str:
    """Return the text that an escaped one means."""
    return _ESCAPED.sub(lambda found: "\n" if found.group(1) == "n" else found.group(1), text)


def find(text: str, signs: str, start: int = 0) -> int:
    """Return where the first of the signs stands unescaped, or -1."""
    at = start
    while at < len(text):
        if text[at] == "\\":
            at += 2
        elif text.startswith(signs, at) if len(signs) > 1 else text[at] == signs:
            return at
        else:
            at += 1
    return -1


def cut(text: str, signs: str) -> tuple[str, str]:
    """Return what stands before and after the first unescaped signs; nothing after where there are none."""
    at = find(text, signs)
    return (text, "") if at < 0 else (text[:at], text[at + len(signs) :])


def answers(text: str) -> list[tuple[str, str]]:
    """Return each answer with the sign, ``=`` or ``~``, that starts it."""
    found: list[tuple[str, str]] = []
    at = 0
    start = -1
    while at < len(text):
        if text[at] == "\\":
            at += 2
            continue
        if text[at] in "=~":
            if start >= 0:
                found.append((text[start], text[start + 1 : at]))
            start = at
        at += 1
    if start >= 0:
        found.append((text[start], text[start + 1 :]))
    return found
