"""Split text into sentences, in the scripts of the world, without a model."""

from __future__ import annotations

import re
from collections.abc import Iterator

_END = re.compile(
    r"""
    (?: [.!?…]+ ["'”’»)\]]* (?=\s+["'“‘«(\[¿¡—]*[^\W\d_]) | [.!?…]+ ["'”’»)\]]* (?=\s*$)
      | [。！？｡]+ [」』”’）]*
      | [؟۔।॥]+ ["'”’»)\]]*
    )
    """,
    re.VERBOSE,
)
_SHORT_FORM = re.compile(
    r"(?:^|[\s(“‘\"'])(?:[A-Z]|Mr|Mrs|Ms|Dr|St|Sr|Jr|Prof|Capt|Col|Gen|Rev|Hon|Mme|Mlle|No|vol|Vol|pp?|cf|ca|etc|vs|e\.g|i\.e|ch)\.$"
)


def sentence_spans(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of each sentence between two offsets; white space between them belongs to none.

    A line feed, which stands between blocks of a document, ends a sentence.
    """
    while start < end:
        stop = text.find("\n", start, end)
        stop = end if stop == -1 else stop
        yield from _in_block(text, start, stop)
        start = stop + 1


def _in_block(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    begin = start
    for match in _END.finditer(text, start, end):
        stop = match.end()
        if match.group().startswith(".") and _SHORT_FORM.search(text[max(begin, stop - 12) : stop]):
            continue
        if _goes_on(text, stop, end):
            continue
        yield begin, stop
        begin = stop
        while begin < end and text[begin].isspace():
            begin += 1
    if begin < end:
        yield begin, end


def _goes_on(text: str, position: int, end: int) -> bool:
    """Whether a small letter follows, as in ``“Stop!” he said``."""
    while position < end and not text[position].isalnum():
        position += 1
    return position < end and text[position].islower()
