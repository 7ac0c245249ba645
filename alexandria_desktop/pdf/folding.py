"""Text as it is compared in a search: whatever its case, accents, ligatures, hyphens and white space."""

from __future__ import annotations

import unicodedata

HYPHENS = "-\u2010\u2011"


class _Folding(dict[int, str]):
    """What each character counts as, worked out once for each."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        if character in HYPHENS or unicodedata.category(character) in ("Mn", "Cf"):
            folded = ""
        elif character.isspace():
            folded = " "
        else:
            decomposed = unicodedata.normalize("NFKD", character.casefold())
            folded = "".join(c for c in decomposed if unicodedata.category(c) != "Mn").casefold()
        self[code] = folded
        return folded


FOLDING = _Folding()
for _quote, _plain in zip("\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u00ab\u00bb", '\'\'\'\'"""""', strict=True):
    FOLDING[ord(_quote)] = _plain
for _dash in "\u2012\u2013\u2014\u2015":
    FOLDING[ord(_dash)] = "\u2014"


def fold(text: str) -> str:
    """Return text as it is compared. A hyphen counts for nothing, nor the line end after it: cut words are found."""
    for hyphen in HYPHENS:
        text = text.replace(f"{hyphen} ", hyphen)
    return text.translate(FOLDING)


def folded_needle(words: str) -> str:
    """Return what a reader typed as it is looked for: folded, its white space single."""
    return " ".join(fold(words).split())
