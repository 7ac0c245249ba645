"""How words are used in a book: which stand where nouns stand, which are names, and beside what.

No dictionary and no tagger: a noun is told by the company it keeps. A word that stands again and again between an
article or preposition and a small word or a stop ("the struggle for", "of instinct.") is one; an adjective is followed
by its noun there, and a verb does not follow an article.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from alexandria_desktop.teach.compiling.sources import Source
from alexandria_desktop.teach.compiling.tongues import Tongue, tongue
from alexandria_desktop.teach.compiling.words import word_spans
from alexandria_desktop.text.fold import fold

SHORTEST = 4
"""Letters of a word that counts as a term."""
_SEEN = 3
"""Times that a word must be seen, and be seen as a noun, before it is believed to be one."""
_AS_NOUN = 0.1
"""The share of its places in which it must be seen as one."""
_BEFORE_MATTER, _CLEARLY = 0.45, 0.4
"""The share of its places before a word that carries matter, above which it is an adjective; unless it is seen as a
noun in such a share, for verbs follow nouns too."""
_STOPS = frozenset(".,;:!?—–()[]\n“”«»،؛؟…")
_NO_NOUNS = {
    "en": ("ly", "ed", "ing", "able", "ible", "ous", "ful", "less", "ive", "ical", "est"),
    "fr": ("ment", "ant", "eux", "er", "ait"),
    "es": ("mente", "ando", "iendo"),
    "it": ("mente", "ando", "endo"),
}
"""Endings of adverbs, participles and adjectives; a word that has a plural may be a noun all the same."""


@dataclass(slots=True)
class _Company:
    """Where the words of a book stand; all words folded."""

    times: Counter[str] = field(default_factory=Counter)
    as_noun: Counter[str] = field(default_factory=Counter)
    before_matter: Counter[str] = field(default_factory=Counter)
    """Places before a word that is not small."""
    inside: Counter[str] = field(default_factory=Counter)
    """Places that begin no sentence."""
    capital: Counter[str] = field(default_factory=Counter)
    """Of these, those with a capital."""
    forms: Counter[str] = field(default_factory=Counter)
    """As they are written."""
    pairs: Counter[tuple[str, str]] = field(default_factory=Counter)


@dataclass(frozen=True)
class Usage:
    """The words of one book."""

    source: Source

    @cached_property
    def tongue(self) -> Tongue:
        """What is known of the book's language."""
        return tongue(self.source.language)

    @cached_property
    def _company(self) -> _Company:
        found = _Company()
        for section in self.source.sections:
            self._count(section.text, found)
        return found

    def _count(self, text: str, found: _Company) -> None:
        """Count the words of a section; over a long book this is where the time goes, so it is done by the list."""
        folded, spans = fold(text), word_spans(text)
        plain = [folded[start:end] for start, end in spans]
        stops = [_has_stop(text[one[1] : two[0]]) for one, two in pairwise(spans)]
        found.times.update(plain)
        found.forms.update(text[start:end] for start, end in spans)
        found.pairs.update(pairwise(plain))
        inside = [at + 1 for at, is_stop in enumerate(stops) if not is_stop]
        found.inside.update(plain[at] for at in inside)
        found.capital.update(plain[at] for at in inside if text[spans[at][0]].isupper())
        small, before_nouns, last = self.tongue.small, self.tongue.before_nouns, len(plain) - 1
        found.before_matter.update(plain[at - 1] for at in inside if plain[at] not in small)
        found.as_noun.update(
            plain[at]
            for at in inside
            if plain[at - 1] in before_nouns and (at == last or stops[at] or plain[at + 1] in small)
        )

    def times(self, word: str) -> int:
        """Return how often a word stands in the book."""
        return self._company.times[fold(word)]

    def is_small(self, word: str) -> bool:
        """Whether a word carries no matter."""
        return fold(word) in self.tongue.small

    def is_noun(self, word: str) -> bool:
        """Whether a word stands where nouns stand, and says more than "case" or "manner" does."""
        plain, known = fold(word), self._company
        if len(plain) < SHORTEST or known.times[plain] < _SEEN or plain in self.tongue.empty:
            return False
        if plain in self.tongue.small:
            return False
        if self.tongue.nouns_are_capital:
            return word[:1].isupper() and known.capital[plain] >= 0.9 * known.inside[plain] > 0
        times, as_noun = known.times[plain], known.as_noun[plain]
        if known.before_matter[plain] > _BEFORE_MATTER * times and as_noun < _CLEARLY * times:
            return False
        if self._ends_otherwise(plain) and known.times[f"{plain}s"] < _SEEN:
            return False  # "breed" has a plural, "discovering" has none
        return as_noun >= max(_SEEN, _AS_NOUN * times) and not self.is_name(word)

    def _ends_otherwise(self, plain: str) -> bool:
        endings = _NO_NOUNS.get(self.source.language.split("-")[0].lower(), ())
        return any(plain.endswith(one) and len(plain) >= len(one) + 3 for one in endings)

    def is_name(self, word: str) -> bool:
        """Whether a word is written with a capital wherever it stands inside a sentence."""
        plain, known = fold(word), self._company
        if self.tongue.nouns_are_capital or not word[:1].isupper() or len(plain) < SHORTEST:
            return False
        return known.inside[plain] >= _SEEN and known.capital[plain] > 0.9 * known.inside[plain]

    def written(self, word: str) -> str:
        """Return a word as it is written inside a sentence: a capital only where it always has one."""
        lower = word[:1].lower() + word[1:]
        return word if self.is_name(word) or self.tongue.nouns_are_capital else lower

    def together(self, one: str, two: str) -> int:
        """Return how often one word is followed by the other."""
        return self._company.pairs[fold(one), fold(two)]

    @cached_property
    def nouns(self) -> tuple[str, ...]:
        """All words that stand where nouns stand, as they are mostly written, the most frequent first."""
        return self._ranked([word for word in self._shown if self.is_noun(word)])

    @cached_property
    def names(self) -> tuple[str, ...]:
        """All words that are names, the most frequent first."""
        return self._ranked([word for word in self._shown if self.is_name(word)])

    @cached_property
    def _shown(self) -> list[str]:
        best: dict[str, str] = {}
        for form, _ in sorted(self._company.forms.items(), key=lambda pair: (-pair[1], pair[0])):
            best.setdefault(fold(form), form)
        return list(best.values())

    def _ranked(self, found: list[str]) -> tuple[str, ...]:
        return tuple(sorted(found, key=lambda word: (-self.times(word), word)))


def _has_stop(gap: str) -> bool:
    return gap != " " and not _STOPS.isdisjoint(gap)
