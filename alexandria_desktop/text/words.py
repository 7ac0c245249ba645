"""Count words and tell scripts apart; Chinese, Japanese and Thai write without spaces."""

from __future__ import annotations

import re

_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af]")
_THAI = re.compile(r"[\u0e00-\u0e7f]")


def word_count(text: str) -> int:
    """Return the number of words; two characters of a script without spaces count as one."""
    spaced = len(text.split())
    if text.isascii():
        return spaced
    return spaced + len(_CJK.findall(text)) // 2 + len(_THAI.findall(text)) // 5


def has_cjk(text: str) -> bool:
    """Whether Chinese, Japanese or Korean characters occur."""
    return not text.isascii() and _CJK.search(text) is not None


def has_thai(text: str) -> bool:
    """Whether Thai characters occur."""
    return not text.isascii() and _THAI.search(text) is not None


_CJK_RUN = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af]+")


def cjk_bigrams(text: str) -> str:
    """Return the pairs of neighbouring CJK characters, spaced, for a full-text index; other text is left out.

    A single character between others gives itself.
    """
    pairs: list[str] = []
    for match in _CJK_RUN.finditer(text):
        run = match.group()
        if len(run) == 1:
            pairs.append(run)
        pairs.extend(run[index : index + 2] for index in range(len(run) - 1))
    return " ".join(pairs)
