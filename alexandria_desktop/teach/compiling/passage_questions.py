"""Questions that are answered by finding a sentence in the book.

A sentence that shows by a turn of phrase what it does is asked for by that: where a term is explained, where an example
or a reason is given. Any other is asked for by the terms that it brings together. The chapter is named, and a question
is made only if no more than three sentences of that section answer it; all of them are right.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from alexandria_desktop.teach.compiling.clozes import telling
from alexandria_desktop.teach.compiling.sentences import Sentence
from alexandria_desktop.teach.compiling.sources import Shelf, Source, Span
from alexandria_desktop.teach.compiling.usage import Usage
from alexandria_desktop.teach.compiling.words import Frequencies, Word, stem, stems_of
from alexandria_desktop.text.fold import fold
from alexandria_desktop.text.sentences import sentence_spans

MOST_ANSWERS = 3
_TERMS = 3
_PARTICLES = frozenset(("de", "von", "van", "di", "da", "du", "la", "le", "al", "ibn"))
_POSSESSIVE = re.compile(r"['’]s$")
_WORDS = re.compile(r"[^\W_]+")


class Turn(StrEnum):
    """What a sentence does."""

    DEFINES = "defines"
    EXAMPLE = "example"
    REASON = "reason"
    SPEAKS = "speaks"


_WORTH = {Turn.DEFINES: 1.6, Turn.EXAMPLE: 1.2, Turn.REASON: 1.4, Turn.SPEAKS: 1.0}

_CUES: dict[str, dict[Turn, tuple[str, ...]]] = {
    "en": {
        Turn.EXAMPLE: ("for instance", "for example", "e g", "as an example", "as an instance"),
        Turn.REASON: ("because", "owing to", "the reason", "due to", "results from", "the cause of", "depends on"),
    },
    "de": {Turn.EXAMPLE: ("zum beispiel", "beispielsweise", "z b"), Turn.REASON: ("weil", "deshalb", "der grund")},
    "fr": {Turn.EXAMPLE: ("par exemple",), Turn.REASON: ("parce que", "a cause de", "la raison")},
    "es": {Turn.EXAMPLE: ("por ejemplo",), Turn.REASON: ("porque", "a causa de", "la razon")},
}
_TERM = r"[“\"‘']?((?:[^\W\d_]+[ -]){0,2}[^\W\d_]+)"
_DEFINING: dict[str, tuple[re.Pattern[str], ...]] = {
    "en": (
        re.compile(rf"\b(?:is|are|be|been|what is|what are) called (?:the |a |an )?{_TERM}"),
        re.compile(rf"\bknown as (?:the |a |an )?{_TERM}"),
        re.compile(rf"\bby (?:the |an? )?{_TERM}[”\"’']?,? (?:I|we) mean\b"),
        re.compile(rf"\b[Ww]e (?:shall |will |may )?call (?:the |a |an )?{_TERM}"),
        re.compile(rf"^(?:The |An? )?{_TERM}[”\"’']? (?:consists|consist) (?:essentially |chiefly )?in\b"),
        re.compile(rf"^(?:The |An? )?{_TERM}[”\"’']? (?:is|are|may be) defined\b"),
    ),
    "de": (re.compile(rf"\bnennt man (?:den |die |das )?{_TERM}"), re.compile(rf"\bgenannt {_TERM}")),
    "fr": (re.compile(rf"\bon appelle (?:le |la |les )?{_TERM}"), re.compile(rf"\bs['’]appelle (?:le |la )?{_TERM}")),
    "es": (re.compile(rf"\bse llama (?:el |la )?{_TERM}"),),
}

_PROMPTS: dict[str, dict[Turn, str]] = {
    "en": {
        Turn.DEFINES: "find the sentence that says what is meant by {what}.",
        Turn.EXAMPLE: "find the sentence that gives an example, and speaks of {what}.",
        Turn.REASON: "find the sentence that gives a reason, and speaks of {what}.",
        Turn.SPEAKS: "find the sentence that speaks of {what}.",
    },
    "de": {
        Turn.DEFINES: "finde den Satz, der sagt, was {what} bedeutet.",
        Turn.EXAMPLE: "finde den Satz, der ein Beispiel gibt und von {what} spricht.",
        Turn.REASON: "finde den Satz, der einen Grund nennt und von {what} spricht.",
        Turn.SPEAKS: "finde den Satz, der von {what} spricht.",
    },
    "fr": {
        Turn.DEFINES: "trouvez la phrase qui dit ce que signifie {what}.",
        Turn.EXAMPLE: "trouvez la phrase qui donne un exemple et parle de {what}.",
        Turn.REASON: "trouvez la phrase qui donne une raison et parle de {what}.",
        Turn.SPEAKS: "trouvez la phrase qui parle de {what}.",
    },
    "es": {
        Turn.DEFINES: "busque la frase que dice qué significa {what}.",
        Turn.EXAMPLE: "busque la frase que da un ejemplo y habla de {what}.",
        Turn.REASON: "busque la frase que da una razón y habla de {what}.",
        Turn.SPEAKS: "busque la frase que habla de {what}.",
    },
}
"""In the language of the book, as students read it there; English where ours is not listed."""
_WHERE = {"en": "In “{chapter}”, ", "de": "In „{chapter}“: ", "fr": "Dans « {chapter} », ", "es": "En «{chapter}», "}
_AND = {"en": "and", "de": "und", "fr": "et", "es": "y"}
_QUOTED = {"en": "“{}”", "de": "„{}“", "fr": "« {} »", "es": "«{}»"}


@dataclass(frozen=True, slots=True)
class Search:
    """A sentence to be found."""

    sentence: Sentence
    prompt: str
    answers: tuple[Span, ...]
    """All sentences of the section that are right, in order."""
    worth: float


def searches(shelf: Shelf, usages: Sequence[Usage], sentences: Sequence[Sentence], lesson: Frequencies) -> list[Search]:
    """Return the sentences that can be asked for, the best first."""
    found = []
    for sentence in sentences:
        one = _search(shelf, usages[sentence.excerpt.book], sentence, lesson)
        if one is not None:
            found.append(one)
    return sorted(found, key=lambda one: (-one.worth, one.sentence.excerpt.book, one.sentence.start))


def _search(shelf: Shelf, usage: Usage, sentence: Sentence, lesson: Frequencies) -> Search | None:
    source = shelf.sources[sentence.excerpt.book]
    defined = _defined(sentence.text, usage)
    turn = Turn.DEFINES if defined else _turn(sentence.text, source.language)
    terms = _terms(shelf, usage, sentence, lesson)
    words = [defined] if defined else [usage.written(_POSSESSIVE.sub("", one.text)) for one in terms]
    if not words or (turn is Turn.SPEAKS and len(words) < 2):
        return None
    answers = _answers(source, sentence, turn, words)
    if not 1 <= len(answers) <= MOST_ANSWERS:
        return None
    prompt = _asked(turn, words, sentence.excerpt.chapter, source.language)
    worth = sentence.worth * _WORTH[turn] * sum(telling(shelf, one, lesson) for one in terms)
    return Search(sentence, prompt, answers, worth)


def _asked(turn: Turn, words: Sequence[str], chapter: str, language: str) -> str:
    tag = _primary(language) if _primary(language) in _PROMPTS else "en"
    *others, last = [_QUOTED[tag].format(one) for one in words]
    what = f"{', '.join(others)} {_AND[tag]} {last}" if others else last
    where = _WHERE[tag].format(chapter=chapter) if chapter else ""
    prompt = where + _PROMPTS[tag][turn].format(what=what)
    return prompt[:1].upper() + prompt[1:]


def _turn(text: str, language: str) -> Turn:
    plain = f" {' '.join(_WORDS.findall(fold(text)))} "
    for turn, cues in _CUES.get(_primary(language), {}).items():
        if any(f" {one} " in plain for one in cues):
            return turn
    return Turn.SPEAKS


def _defined(text: str, usage: Usage) -> str:
    """Return the term that a sentence explains; empty where it explains none."""
    for pattern in _DEFINING.get(_primary(usage.source.language), ()):
        match = pattern.search(text)
        words = match.group(1).split() if match is not None else []
        while words and not (usage.is_noun(words[-1]) or usage.is_name(words[-1])):
            words.pop()
        while words and usage.is_small(words[0]):
            words.pop(0)
        if words:
            return " ".join(words)
    return ""


def _terms(shelf: Shelf, usage: Usage, sentence: Sentence, lesson: Frequencies) -> list[Word]:
    """Return the most telling terms of a sentence, in its order."""
    found: dict[str, Word] = {}
    for before, word in pairwise((None, *sentence.words)):
        if word is None or (before is not None and _is_of_a_name(before, word)):
            continue
        if sentence.text[word.end : word.end + 1] == "." and word.end + 1 < len(sentence.text):
            continue  # "Alph." is no word to look for
        if usage.is_noun(word.text) or usage.is_name(word.text):
            found.setdefault(word.stem, word)
    ranked = sorted(found.values(), key=lambda one: (-telling(shelf, one, lesson), one.start))
    chosen = [one for one in ranked if telling(shelf, one, lesson) > 0][:_TERMS]
    return sorted(chosen, key=lambda one: one.start)


def _is_of_a_name(before: Word, word: Word) -> bool:
    """Whether a word is the later part of somebody's name, by which alone nobody looks."""
    return word.text[:1].isupper() and (before.text[:1].isupper() or before.text in _PARTICLES)


def _answers(source: Source, sentence: Sentence, turn: Turn, words: Sequence[str]) -> tuple[Span, ...]:
    """Return every sentence of the section that does the same and speaks of the same."""
    text = source.sections[sentence.excerpt.section].text
    wanted = {stem(word) for one in words for word in one.split()}
    found = []
    for start, end in sentence_spans(text, 0, len(text)):
        is_right = start == sentence.start or (
            wanted <= set(stems_of(text[start:end]))
            and (turn in (Turn.SPEAKS, Turn.DEFINES) or turn is _turn(text[start:end], source.language))
        )
        if is_right and (turn is not Turn.DEFINES or start == sentence.start):
            found.append((start, end))
    return tuple(found)


def _primary(language: str) -> str:
    return language.split("-")[0].lower()
