"""Answers and keys in words, for people who read what was given and what would have been right."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sync.assessing.questions import keys as k
from sync.assessing.questions import model as q
from sync.assessing.questions.answers import Answer, Chosen, Filled, Matched, Ordered, Selected, Written
from sync.assessing.rich_text import to_plain
from sync.places.locator import Locator

_SAID = {"true": "True", "false": "False"}


def given(question: q.Question, answer: Answer | None) -> str:
    """Return what was answered, in plain words; empty where nothing was."""
    match answer:
        case Chosen(choices):
            return _listed(choices, _choices(question))
        case Written(text):
            return text.strip()
        case Matched(pairs) if isinstance(question, q.Matching):
            return _paired(question, pairs)
        case Ordered(order) if isinstance(question, q.Ordering):
            return _numbered(order, question)
        case Filled(gaps) if isinstance(question, q.Cloze):
            return ", ".join(_filled(gap, gaps.get(gap.id, "")) for gap in question.gaps)
        case Selected(place):
            return f"“{place.quote.exact}”" if place.quote is not None else ""
    return ""


def right(question: q.Question, key: k.Key | None) -> str:
    """Return what would have been right, in plain words; empty where only a person can say."""
    match key:
        case k.MultipleChoiceKey(shares=shares):
            return _listed([name for name, share in shares.items() if share >= 1], _choices(question))
        case k.MultipleAnswerKey(right=names):
            return _listed(names, _choices(question)) or "None of them"
        case k.TrueFalseKey(is_true=is_true):
            return "True" if is_true else "False"
        case k.ShortTextKey(variants=variants):
            return next((one.text for one in variants if one.share >= 1), "")
        case k.NumericKey(variants=numbers):
            return next((str(one.value) for one in numbers if one.share >= 1), "")
        case k.MatchingKey(pairs=pairs) if isinstance(question, q.Matching):
            return _paired(question, pairs)
        case k.OrderingKey(order=order) if isinstance(question, q.Ordering):
            return _numbered(order, question)
        case k.ClozeKey(gaps=gaps) if isinstance(question, q.Cloze):
            return ", ".join(_right_gap(gap, gaps.get(gap.id)) for gap in question.gaps)
        case k.FindPassageKey(passages=passages):
            return next((f"“{one.quote.exact}”" for one in passages if one.quote is not None), "")
    return ""


def place_of(key: k.Key | None) -> Locator | None:
    """Return the place in a book that says what is right, where the key knows one."""
    return key.passages[0] if isinstance(key, k.FindPassageKey) and key.passages else None


def _choices(question: q.Question) -> Mapping[str, str]:
    choices = question.choices if isinstance(question, q.MultipleChoice | q.MultipleAnswer) else ()
    return {**_SAID, **{choice.id: to_plain(choice.text) for choice in choices}}


def _listed(names: Iterable[str], words: Mapping[str, str]) -> str:
    return ", ".join(words[name] for name in names if name in words)


def _paired(question: q.Matching, pairs: Mapping[str, str]) -> str:
    words = {choice.id: to_plain(choice.text) for choice in question.responses}
    lines = [(to_plain(one.text), words.get(pairs.get(one.id, ""), "–")) for one in question.premises]
    return "\n".join(f"{left}: {found}" for left, found in lines)


def _numbered(order: Iterable[str], question: q.Ordering) -> str:
    words = {item.id: to_plain(item.text) for item in question.items}
    known = [words[name] for name in order if name in words]
    return "\n".join(f"{number}. {text}" for number, text in enumerate(known, 1))


def _filled(gap: q.Gap, text: str) -> str:
    words = {choice.id: to_plain(choice.text) for choice in gap.choices}
    return words.get(text, text).strip() or "–"


def _right_gap(gap: q.Gap, key: k.GapKey | None) -> str:
    if key is None:
        return "–"
    if gap.kind == "choice":
        return _filled(gap, next((name for name, share in key.shares.items() if share >= 1), ""))
    texts = [one.text for one in key.variants if one.share >= 1]
    return next(iter([*texts, *(str(one.value) for one in key.numbers if one.share >= 1)]), "–")
