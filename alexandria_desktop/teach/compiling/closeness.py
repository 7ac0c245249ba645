"""How near passages are to objectives in meaning, looked at closer where it may matter.

The vector of two hundred words is the mean of many things, so the passages that fit best at first are cut into windows
of some sentences, and their best window counts. Where there is a finer model, it reads the best windows of the first
few again; that is slow, and so done for few.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from alexandria_desktop.teach.compiling.sources import Embed, Vectors
from alexandria_desktop.text.sentences import sentence_spans
from alexandria_desktop.text.words import word_count

WINDOW = 45
"""Words of a window at least."""


def best_windows(query: str, texts: Sequence[str], embed: Embed) -> tuple[list[str], Vectors]:
    """Return the window of each text that is nearest to a query, and its cosine."""
    cut = [_windows(text) for text in texts]
    flat = [window for found in cut for window in found]
    if not flat:
        return [], np.zeros(0, dtype=np.float32)
    cosines = embed(flat) @ embed([query])[0]
    chosen: list[str] = []
    nearness: list[float] = []
    at = 0
    for found in cut:
        best = at + int(np.argmax(cosines[at : at + len(found)]))
        chosen.append(flat[best])
        nearness.append(float(cosines[best]))
        at += len(found)
    return chosen, np.array(nearness, dtype=np.float32)


def _windows(text: str) -> list[str]:
    spans = list(sentence_spans(text, 0, len(text)))
    counts = [word_count(text[start:end]) for start, end in spans]
    found: list[str] = []
    for first in range(len(spans)):
        last, words = first, counts[first]
        while words < WINDOW and last + 1 < len(spans):
            last += 1
            words += counts[last]
        found.append(text[spans[first][0] : spans[last][1]])
        if last + 1 == len(spans):
            break
    return found or [text]
