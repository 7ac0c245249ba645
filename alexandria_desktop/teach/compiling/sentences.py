"""Sentences that can stand alone and are worth a question.

What makes a good one follows what teachers refuse in made questions (Heilman, "Automatic factual question generation
from text", 2011; Kumar et al., "RevUP", 2015): it leans on no other sentence, it is neither short nor long, it says
something of the matter of its chapter, and it is the author's own running text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from alexandria_desktop.teach.compiling.excerpts import Excerpt
from alexandria_desktop.teach.compiling.objectives import Objective
from alexandria_desktop.teach.compiling.sources import Embed, Shelf
from alexandria_desktop.teach.compiling.tongues import Tongue, tongue
from alexandria_desktop.teach.compiling.words import Frequencies, Word, is_spaced, words_of
from alexandria_desktop.text.fold import fold
from alexandria_desktop.text.sentences import sentence_spans

SHORTEST, LONGEST = 9, 38
"""Words of a sentence."""
_BEST = (12, 28)
_SIGNS = re.compile(r"[\[\]{}<>=|*_@]|\d\)|\(\d|https?:|\.\.\.|…")
_BRACKETS = (("(", ")"), ("“", "”"), ("«", "»"))
_LOW_BRACKETS = (("(", ")"), ("„", "“"), ("«", "»"))
_NEAREST = 0.75
"""How near a sentence must be to the objective, where the farthest of its lesson has 0.5 and the nearest 1.5."""
_POINTING = 6
"""Words at the beginning of a sentence in which nothing may point out of it."""
_NAMED = re.compile(r"“[^”]{2,40}”|«[^»]{2,40}»|„[^“]{2,40}“")
"""A few words in quotation marks, which name something and are no speech."""
_SPOKEN = re.compile(r"[“„«\"]")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a stretch that is read."""

    excerpt: Excerpt
    start: int
    """In the section, as ``end``."""
    end: int
    text: str
    words: tuple[Word, ...]
    """Counted in ``text``."""
    worth: float

    @property
    def stems(self) -> frozenset[str]:
        """The stems of its words."""
        return frozenset(one.stem for one in self.words)


def sentences_of(shelf: Shelf, excerpt: Excerpt) -> list[tuple[int, int]]:
    """Return all sentences of a stretch."""
    text = shelf.sources[excerpt.book].sections[excerpt.section].text
    return list(sentence_spans(text, excerpt.start, excerpt.end))


def good_sentences(
    shelf: Shelf,
    excerpts: Sequence[Excerpt],
    lesson: Frequencies,
    objective: Objective,
    embed: Embed | None,
) -> list[Sentence]:
    """Return the sentences of some stretches that can be asked about, the best first.

    ``lesson`` counts the words of what is read in it.
    """
    found = []
    for excerpt in excerpts:
        source = shelf.sources[excerpt.book]
        section, known = source.sections[excerpt.section], tongue(source.language)
        for start, end in sentences_of(shelf, excerpt):
            text = section.text[start:end]
            if not section.is_running(start, end) or not stands_alone(text, known):
                continue
            words = tuple(words_of(text))
            worth = _worth(shelf, words, lesson, frozenset(objective.stems), known)
            found.append(Sentence(excerpt, start, end, text, words, worth))
    near = _nearness([one.text for one in found], objective, embed)
    found = [
        replace(one, worth=round(one.worth * by, 5)) for one, by in zip(found, near, strict=True) if by >= _NEAREST
    ]
    return sorted(found, key=lambda one: (-one.worth, one.excerpt.book, one.excerpt.section, one.start))


def _nearness(texts: Sequence[str], objective: Objective, embed: Embed | None) -> list[float]:
    """Return how near sentences are to the objective in meaning, from 0.5 to 1.5."""
    if embed is None or not texts:
        return [1.0] * len(texts)
    cosines = embed(texts) @ embed([objective.text])[0]
    low, high = float(cosines.min()), float(cosines.max())
    return [0.5 + (float(one) - low) / max(high - low, 1e-6) for one in cosines]


def stands_alone(text: str, known: Tongue) -> bool:
    """Whether a sentence can be understood without the ones around it, as far as its words show."""
    if not is_spaced(text) or "\n" in text or text.rstrip()[-1:] not in ".!。؟۔।":
        return False
    words = words_of(text)
    if not SHORTEST <= len(words) <= LONGEST or not _begins_well(text, words, known):
        return False
    if any(fold(one.text) in known.pointing for one in words[:_POINTING]):
        return False
    if _SIGNS.search(text) or _SPOKEN.search(_NAMED.sub("", text)) or text.count(";") > 1:
        return False
    brackets = _LOW_BRACKETS if "„" in text else _BRACKETS
    if any(text.count(opened) != text.count(closed) for opened, closed in brackets):
        return False
    plain = " " + " ".join(re.findall(r"[^\W_]+", fold(text))) + " "
    return not any(f" {one.strip()} " in plain for one in known.leaning)


def _begins_well(text: str, words: Sequence[Word], known: Tongue) -> bool:
    first = words[0]
    if text[: first.start].strip() or first.text[:1].islower():
        return False
    return fold(first.text) not in known.backwards


def _worth(
    shelf: Shelf, words: Sequence[Word], chapter: Frequencies, objective: frozenset[str], known: Tongue
) -> float:
    """Return how much a sentence says: the weight of its words in the lesson, and of those of the objective."""
    counted = shelf.frequencies
    matter = {one.stem for one in words if fold(one.text) not in known.small and not one.is_number}
    if not matter:
        return 0.0
    weights = [counted.weight(one) * min(chapter.times(one), 6) / 6 for one in sorted(matter)]
    asked = sum(counted.weight(one) for one in sorted(matter & objective))
    length = 1.0 if _BEST[0] <= len(words) <= _BEST[1] else 0.8
    return length * (sum(sorted(weights, reverse=True)[:6]) / 6 + 0.35 * asked)
