"""Text cut into what may be exchanged against each other: words, runs of spaces, line ends, signs.

Joined, the tokens are the text again. No token ends inside what a reader sees as one character: combining accents,
joined emoji, flags and CRLF stay whole. Scripts that write no spaces are cut into single characters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache

from sync.merge.versions import blocks

_PLANES = 0x20000
_JOINER = "\u200d"
# Beside the marks: the non-joiner, Thai and Lao am, half-width voicing, skin tones, and the tags of subdivision flags.
_EXTENDING = "\u200c\u0e33\u0eb3\uff9e\uff9f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f\U000e0100-\U000e01ef"
# Thai, Lao, Myanmar, Khmer, kana and bopomofo, ideographs of all planes.
_SPACELESS = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3031-\u312f\u31a0-\u31bf\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9d\U0001b000-\U0001b16f\U00020000-\U0003ffff"
)
_PREPENDED = "\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2"
_FLAG = "[\U0001f1e6-\U0001f1ff]{2}"


def tokens(text: str) -> list[str]:
    """Return the tokens of a text; both versions of an earlier conflict are one token."""
    cut = _pattern().findall
    found: list[str] = []
    done = 0
    for start, end in blocks(text):
        found += cut(text, done, start)
        found.append(text[start:end])
        done = end
    return found + cut(text, done)


def apart(found: Sequence[str]) -> Iterator[str]:
    """Yield tokens with a space where two words of different origin would become one."""
    before = ""
    for token in found:
        if before and _begins(token[0]) and _goes_on(before[-1]) and len(tokens(before + token)) == len(tokens(before)):
            yield " "
        yield token
        before = token


def is_line_end(token: str) -> bool:
    """Whether a token ends a line."""
    return token[0] in "\r\n"


@cache
def _begins(sign: str) -> bool:
    """Whether a sign begins a word of a script with spaces."""
    return re.fullmatch(rf"[^\W{_SPACELESS}]", sign) is not None


@cache
def _goes_on(sign: str) -> bool:
    """Whether a word may go on after a sign."""
    return _begins(sign) or unicodedata.category(sign)[0] == "M"


@cache
def _pattern() -> re.Pattern[str]:
    marks = f"{_ranges('M')}{_EXTENDING}"
    letter = rf"[^\W{_SPACELESS}{marks}]"
    rest = rf"(?:{_JOINER}|[{marks}])*"
    word = rf"(?:{letter}{rest})+"
    number = r"(?<=\d)[.,](?=\d)"
    return re.compile(
        rf"\r\n|[\r\n]|[^\S\r\n]+(?:[{marks}{_JOINER}]+)?"
        rf"|[{_PREPENDED}]*{word}(?:(?:['’]|{number}){word})*"
        rf"|{_FLAG}{rest}"
        rf"|[{_PREPENDED}]*.(?:{_JOINER}[^\w\s{marks}]|{_JOINER}|[{marks}])*",
        re.DOTALL,
    )


def _ranges(category: str) -> str:
    """Return a character class of all characters of a category."""
    found: list[list[int]] = []
    for code in range(_PLANES):
        if unicodedata.category(chr(code))[0] == category:
            if found and found[-1][1] == code - 1:
                found[-1][1] = code
            else:
                found.append([code, code])
    return "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in found)
