"""Questions that are answered by finding a sentence in the book.

A sentence that shows what it does, by a turn of phrase, is asked for by that: where a term is explained, where an
example or a reason is given. Any other is asked for by what it speaks of. The chapter is named, and a question is made
only if no more than three sentences of that chapter answer it; all of them are right.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from alexandria_desktop.teach.compiling.clozes import Usage
from alexandria_desktop.teach.compiling.sentences import Sentence
from alexandria_desktop.teach.compiling.sources import Shelf, Source, Span
from alexandria_desktop.teach.compiling.words import Word, stems_of
from alexandria_desktop.text.fold import fold
from alexandria_desktop.text.sentences import sentence_spans

MOST_ANSWERS = 3
_WORDS = re.compile(r"[^\W_]+")


class Turn(StrEnum):
    """What a sentence does."""

    DEFINES = "defines"
    EXAMPLE = "example"
    REASON = "reason"
    SPEAKS = "speaks"


_CUES: dict[str, dict[Turn, tuple[str, ...]]] = {
    "en": {
        Turn.DEFINES: (" is called ", " are called ", " may be called ", " mean by ", " is meant by ", " is defined ",
                       " consists in ", " is known as ", " means that ", " what is called ", " we call ", " i call "),
        Turn.EXAMPLE: (" for instance ", " for example ", " e g ", " as an example ", " as an instance "),
        Turn.REASON: (" because ", " owing to ", " the reason ", " the cause of ", " due to ", " results from "),
    },
    "de": {
        Turn.DEFINES: (" nennt man ", " heisst das ", " bedeutet ", " genannt wird "),
        Turn.EXAMPLE: (" zum beispiel ", " beispielsweise ", " z b "),
        Turn.REASON: (" weil ", " deshalb ", " der grund "),
    },
    "fr": {
        Turn.DEFINES: (" on appelle ", " s appelle ", " signifie ", " est appele "),
        Turn.EXAMPLE: (" par exemple ",),
        Turn.REASON: (" parce que ", " a cause de ", " la raison "),
    },
    "es": {
        Turn.DEFINES: (" se llama ", " significa ", " se define "),
        Turn.EXAMPLE: (" por ejemplo ",),
        Turn.REASON: (" porque ", " a causa de ", " la razon "),
    },
}  # fmt: skip

_PROMPTS: dict[str, dict[Turn, str]] = {
    "en": {
        Turn.DEFINES: "{where}find the sentence that explains what is meant by “{what}”.",
        Turn.EXAMPLE: "{where}find the sentence that gives an example, and in which {what} comes up.",
        Turn.REASON: "{where}find the sentence that gives a reason, and in which {what} comes up.",
        Turn.SPEAKS: "{where}find the sentence that brings together {what}.",
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Search:
    """A sentence to be found."""

    sentence: Sentence
    prompt: str
    answers: tuple[Span, ...]
    """All sentences of the section that are right, in order."""
    worth: float


def searches(shelf: Shelf, usages: Sequence[Usage], sentences: Sequence[Sentence]) -> list[Search]:
    """Return the sentences that can be asked for, the best first."""
    found = []
    for sentence in sentences:
        one = _search(shelf, usages[sentence.excerpt.book], sentence)
        if one is not None:
            found.append(one)
    return sorted(found, key=lambda one: (-one.worth, one.sentence.excerpt.book, one.sentence.start))


def _search(shelf: Shelf, usage: Usage, sentence: Sentence) -> Search | None:
    source = shelf.sources[sentence.excerpt.book]
    terms = _terms(shelf, usage, sentence)
    turn = _turn(sentence.text, source.language)
    bonus = 1.6 if turn is not Turn.SPEAKS else 1.0
    wanted = {Turn.DEFINES: 1, Turn.SPEAKS: 3}.get(turn, 2)
    if len(terms) < min(2, wanted):
        return None
    chosen = terms[:wanted]
    answers = _answers(source, sentence, turn, [one.stem for one in chosen])
    if len(answers) > MOST_ANSWERS:
        return None
    words = [one.text for one in sorted(chosen, key=lambda one: one.start)]
    where = f"In “{sentence.excerpt.chapter}”, " if sentence.excerpt.chapter else ""
    prompt = _PROMPTS["en"][turn].format(where=where, what=_listed(words, turn))
    return Search(sentence, prompt[:1].upper() + prompt[1:], answers, sentence.worth * bonus)


def _turn(text: str, language: str) -> Turn:
    plain = f" {' '.join(_WORDS.findall(fold(text)))} "
    for turn, cues in _CUES.get(language.split("-")[0].lower(), {}).items():
        if any(one in plain for one in cues):
            return turn
    return Turn.SPEAKS


def _terms(shelf: Shelf, usage: Usage, sentence: Sentence) -> list[Word]:
    counted = shelf.frequencies
    found: dict[str, Word] = {}
    for word in sentence.words[1:]:
        if not word.is_number and len(word.text) > 3 and (usage.is_noun(word.text) or usage.is_name(word.text)):
            found.setdefault(word.stem, word)
    return sorted(found.values(), key=lambda one: (-counted.weight(one.stem), one.start))


def _answers(source: Source, sentence: Sentence, turn: Turn, wanted: Sequence[str]) -> tuple[Span, ...]:
    """Return every sentence of the section that does the same and speaks of the same."""
    text = source.sections[sentence.excerpt.section].text
    found = []
    for start, end in sentence_spans(text, 0, len(text)):
        stems = set(stems_of(text[start:end]))
        if all(one in stems for one in wanted) and turn in (Turn.SPEAKS, _turn(text[start:end], source.language)):
            found.append((start, end))
    return tuple(found)


def _listed(words: Sequence[str], turn: Turn) -> str:
    if turn is Turn.DEFINES:
        return words[0]
    quoted = [f"“{one}”" for one in words]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"
