"""What differs between two versions of a course, a line for each thing that a teacher would name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from enum import StrEnum
from typing import Any, TypeVar

from alexandria_desktop.teach import blocks as b
from alexandria_desktop.teach.document import CourseDocument, LessonDocument
from sync.assessing.assessment import AssessmentDocument
from sync.assessing.rich_text import to_plain

T = TypeVar("T")
_LONGEST = 60


class Change(StrEnum):
    """What became of a thing."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs."""

    change: Change
    where: str
    """The lesson or quiz, empty for the course itself."""
    what: str
    before: str = ""
    after: str = ""


def differences(before: CourseDocument, after: CourseDocument) -> list[Difference]:
    """Return what changed from one version to the other; the same course gives none."""
    found = _facts("", before, after, ("title", "description", "objectives", "difficulty", "code", "language"))
    found += _parts("", "Lesson", before.lessons, after.lessons)
    for old, new in _both(before.lessons, after.lessons):
        found += _lesson(old, new)
    found += _parts("", "Quiz", before.assessments, after.assessments, ordered=False)
    for one, other in _both(before.assessments, after.assessments):
        found += _assessment(one, other)
    found += _parts("", "Notes on", before.layers, after.layers, ordered=False)
    for over, beneath in _both(after.layers, before.layers):
        found += _parts(f"Notes on {over.title}", "", beneath.blocks, over.blocks, ordered=False)
    if before.settings != after.settings:
        found.append(Difference(Change.CHANGED, "", "Settings"))
    return found


def _lesson(before: LessonDocument, after: LessonDocument) -> list[Difference]:
    where = after.title
    found = _facts(where, before, after, ("title", "kind", "objectives", "minutes", "prerequisites"))
    found += _parts(where, "", before.blocks, after.blocks)
    for old, new in _both(before.blocks, after.blocks):
        if replace(old, order="") != replace(new, order=""):
            found.append(Difference(Change.CHANGED, where, _name(new), _words(old), _words(new)))
    return found


def _assessment(before: AssessmentDocument, after: AssessmentDocument) -> list[Difference]:
    where = after.title or "Quiz"
    rules = ("title", "instructions", "mode", "passing_score", "time_limit", "max_attempts", "is_shuffled", "pools")
    found = _facts(where, before, after, rules)
    found += _parts(where, "Question", before.questions, after.questions)
    for old, new in _both(before.questions, after.questions):
        if old != new:
            found.append(Difference(Change.CHANGED, where, _name(new), _words(old), _words(new)))
        elif before.keys.get(old.id) != after.keys.get(new.id):
            found.append(Difference(Change.CHANGED, where, f"Answer of {_name(new)}"))
    return found


def _facts(where: str, before: object, after: object, names: Sequence[str]) -> list[Difference]:
    found = []
    for name in names:
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            what = name.removeprefix("is_").replace("_", " ").capitalize()
            found.append(Difference(Change.CHANGED, where, what, _plain(old), _plain(new)))
    return found


def _parts(
    where: str, kind: str, before: Sequence[Any], after: Sequence[Any], *, ordered: bool = True
) -> list[Difference]:
    old, new = {one.id: one for one in before}, {one.id: one for one in after}
    found = [
        Difference(Change.REMOVED, where, f"{kind} {_name(one)}".strip(), before=_words(one))
        for name, one in old.items()
        if name not in new
    ]
    found += [
        Difference(Change.ADDED, where, f"{kind} {_name(one)}".strip(), after=_words(one))
        for name, one in new.items()
        if name not in old
    ]
    stayed_before = [name for name in old if name in new]
    stayed_after = [name for name in new if name in old]
    if ordered and stayed_before != stayed_after:
        still = _longest_kept(stayed_before, stayed_after)
        found += [
            Difference(Change.MOVED, where, f"{kind} {_name(new[name])}".strip())
            for name in stayed_after
            if name not in still
        ]
    return found


def _longest_kept(before: Sequence[str], after: Sequence[str]) -> set[str]:
    """Return the most names that are in one order in both."""
    places = {name: place for place, name in enumerate(before)}
    best: list[tuple[int, list[str]]] = []
    for name in after:
        shorter = [chain for last, chain in best if last < places[name]]
        best.append((places[name], [*_longest(shorter), name]))
    return set(_longest([chain for _, chain in best]))


def _longest(chains: Sequence[list[str]]) -> list[str]:
    found: list[str] = []
    for chain in chains:
        if len(chain) > len(found):
            found = chain
    return found


def _both(before: Sequence[T], after: Sequence[T]) -> list[tuple[T, T]]:
    known = {one.id: one for one in before}  # type: ignore[attr-defined]
    return [(known[one.id], one) for one in after if one.id in known]  # type: ignore[attr-defined]


def _name(thing: object) -> str:
    title = getattr(thing, "title", "")
    words = title or _words(thing)
    if not words and isinstance(thing, b.Block):
        return thing.kind
    return f"“{words if len(words) <= _LONGEST else words[: _LONGEST - 1] + '…'}”" if words else ""


def _words(thing: object) -> str:
    """Return the words of a block, question or lesson, those of its parts too."""
    found: list[str] = []
    _gather(thing, found)
    return " ".join(" ".join(found).split())


def _gather(value: object, found: list[str]) -> None:
    if isinstance(value, b.BookPlace):
        return
    if is_dataclass(value):
        for part in fields(value):
            if part.name in (
                "html",
                "text",
                "prompt",
                "title",
                "caption",
                "left",
                "right",
                "when",
                "alt",
                "label",
                "url",
            ):
                held = getattr(value, part.name)
                found.extend([to_plain(held)] if isinstance(held, str) and held else [])
            else:
                _gather(getattr(value, part.name), found)
    elif isinstance(value, tuple):
        for one in value:
            _gather(one, found)


def _plain(value: object) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, tuple):
        return "; ".join(_plain(one) for one in value)
    if isinstance(value, Mapping) or is_dataclass(value):
        return ""
    return to_plain(str(value))
