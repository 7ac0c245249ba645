"""Fold text for comparison without changing its length, so that offsets stay good.

Case, accents, typographic quotes and dashes, and kinds of white space are levelled, each character to one character.
"""

from __future__ import annotations

import unicodedata

_SIGNS = {
    "‘": "'", "’": "'", "‚": "'", "‛": "'", "′": "'", "`": "'", "´": "'", "ʼ": "'",
    "“": '"', "”": '"', "„": '"', "‟": '"', "«": '"', "»": '"', "″": '"',
    "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "―": "-", "−": "-", "⸺": "-", "⸻": "-",
    "\n": " ", "\t": " ", "\r": " ", "\u00a0": " ",
    "ß": "s", "æ": "a", "œ": "o", "ø": "o", "ł": "l", "đ": "d", "ı": "i",
}  # fmt: skip


class _Table(dict[int, int]):
    """Translation table that fills itself with each character's fold."""

    def __missing__(self, code: int) -> int:
        folded = _fold_character(chr(code))
        self[code] = folded
        return folded


def _fold_character(character: str) -> int:
    lowered = character.lower()
    if len(lowered) != 1:
        lowered = lowered[0]
    sign = _SIGNS.get(lowered)
    if sign is not None:
        return ord(sign)
    base = unicodedata.normalize("NFKD", lowered)[:1] or lowered
    # a combining mark that stands alone must stay a character of its own
    return ord(base.lower()[:1] or lowered)


_TABLE = _Table()


def fold(text: str) -> str:
    """Return the text folded for comparison; always as long as the text."""
    return text.translate(_TABLE)
