"""The table of round trips: what comes back the same from each format. ``python -m tests.support.round_trips``."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from alexandria_desktop.teach import blocks as b
from alexandria_desktop.teach.document import CourseDocument, LessonDocument
from alexandria_desktop.teach.formats.catalogue import FORMATS, Format
from alexandria_desktop.teach.formats.report import Loss
from sync.assessing.assessment import AssessmentDocument, Mode, Pool
from sync.assessing.questions import keys as k
from sync.assessing.questions import model as q
from sync.assessing.questions.shuffling import scattered
from sync.places.locator import EpubTarget, Locator, Quote
from tests.support.courses import HEARD, IMAGE, SOUND
from tests.support.meaning import meanings

BOTH_WAYS = tuple(one for one in FORMATS if one.read and one.write)
SAME, TOLD, OUT, WRONG = "=", "~", "-", "!"
ID = "4b0c9e5c-0b7f-4c55-9b0f-3f1d8b6f0c1"


def _choices(*texts: str) -> tuple[q.Choice, ...]:
    return tuple(q.Choice(id=f"{ID[:-2]}{at}{ID[-1]}{at}", text=text) for at, text in enumerate(texts))


ABC = _choices("Ahab", "Ishmael", "Queequeg")
XYZ = tuple(replace(one, id=one.id.replace("4b0c", "5b0c"), text=one.text[::-1]) for one in ABC)
SCATTERED = scattered(ABC)
PLACE = Locator(EpubTarget("c1.xhtml", 10, 60), Quote("Call me Ishmael.", "", " Some years ago"), 0.1, "ab" * 32)
MC = q.MultipleChoice(id=f"{ID}1", title="Narrator", prompt="Who <em>tells</em> it?", choices=ABC)
MC_KEY = k.MultipleChoiceKey(shares={ABC[1].id: 1.0})
MA = q.MultipleAnswer(id=f"{ID}1", prompt="Who sails?", choices=ABC)
MA_KEY = k.MultipleAnswerKey(right=(ABC[0].id, ABC[1].id))
TEXT = q.ShortText(id=f"{ID}1", prompt="Which ship?")
TEXT_KEY = k.ShortTextKey(variants=(k.Variant(text="Pequod"), k.Variant(text="The Pequod")))
NUMBER = q.Numeric(id=f"{ID}1", prompt="When?")
NUMBER_KEY = k.NumericKey(variants=(k.NumberVariant(value=Decimal(1851), tolerance=Decimal(1)),))
MATCH = q.Matching(id=f"{ID}1", prompt="Turn round", premises=ABC, responses=scattered(XYZ))
MATCH_KEY = k.MatchingKey(pairs={one.id: other.id for one, other in zip(ABC, XYZ, strict=True)})
ORDER = q.Ordering(id=f"{ID}1", prompt="By rank", items=SCATTERED)
ORDER_KEY = k.OrderingKey(order=tuple(one.id for one in ABC))
ESSAY = q.Essay(id=f"{ID}1", prompt="Why?")
ESSAY_KEY = k.EssayKey()


def _cloze(*kinds: str) -> tuple[q.Question, k.Key]:
    gaps = tuple(
        q.Gap(id=f"gap{at}", kind=kind, choices=ABC if kind == "choice" else ()) for at, kind in enumerate(kinds, 1)
    )
    keys = {
        gap.id: k.GapKey(shares={ABC[1].id: 1.0}) if gap.kind == "choice"
        else k.GapKey(numbers=NUMBER_KEY.variants) if gap.kind == "number" else k.GapKey(variants=TEXT_KEY.variants[:1])
        for gap in gaps
    }  # fmt: skip
    text = ", ".join(f"{gap.kind} [[{gap.id}]]" for gap in gaps)
    return q.Cloze(id=f"{ID}1", prompt=f"{text} it is", gaps=gaps), k.ClozeKey(gaps=keys)


def _of(question: q.Question, key: k.Key, **facts: object) -> CourseDocument:
    test = AssessmentDocument(id=f"{ID}2", title="Test", questions=(question,), keys={question.id: key})
    return CourseDocument(id=f"{ID}3", title="Whales", assessments=(replace(test, **facts),))  # type: ignore[arg-type]


def _taught(*blocks: b.Block) -> CourseDocument:
    return CourseDocument(
        id=f"{ID}3", title="Whales", lessons=(LessonDocument(id=f"{ID}4", title="One", blocks=blocks),)
    )


def samples() -> Iterator[tuple[str, CourseDocument]]:
    """Give the name of each thing that a course can hold, and a course that has it."""
    yield "multiple choice", _of(MC, MC_KEY)
    yield "multiple answer, each counts", _of(MA, MA_KEY)
    yield "multiple answer, all or nothing", _of(MA, replace(MA_KEY, credit=k.Credit.ALL))
    yield "true or false", _of(q.TrueFalse(id=f"{ID}1", prompt="Fish?"), k.TrueFalseKey(is_true=False))
    yield "short text", _of(TEXT, TEXT_KEY)
    yield "numeric, tolerance", _of(NUMBER, NUMBER_KEY)
    yield "matching", _of(MATCH, MATCH_KEY)
    yield "ordering", _of(ORDER, ORDER_KEY)
    yield "cloze, one gap", _of(*_cloze("choice"))
    yield "cloze, several gaps", _of(*_cloze("choice", "number", "text"))
    yield "essay", _of(ESSAY, ESSAY_KEY)
    yield "find the passage", _of(q.FindPassage(id=f"{ID}1", prompt="Find it"), k.FindPassageKey(passages=(PLACE,)))
    yield "points", _of(replace(MC, points=3.0), MC_KEY)
    yield "pictures", _of(replace(MC, media=(IMAGE,)), MC_KEY)
    yield "sounds and their words", _of(replace(MC, media=(SOUND,)), MC_KEY)
    yield "partly right choices", _of(MC, k.MultipleChoiceKey(shares={ABC[1].id: 1.0, ABC[2].id: 0.5}))
    yield "choices that keep their order", _of(replace(MC, is_shuffled=False), MC_KEY)
    yield "feedback to everybody", _of(MC, replace(MC_KEY, feedback=k.Feedback(general="Chapter 1")))
    yield "feedback to right and wrong", _of(MC, replace(MC_KEY, feedback=k.Feedback(right="Yes", wrong="No")))
    yield "feedback to each choice", _of(MC, replace(MC_KEY, feedback=k.Feedback(each={ABC[0].id: "The captain"})))
    yield (
        "accepted texts with shares",
        _of(TEXT, k.ShortTextKey(variants=(*TEXT_KEY.variants, k.Variant(text="ship", share=0.5)))),
    )
    yield "case and accents that matter", _of(TEXT, replace(TEXT_KEY, is_case_strict=True, is_accent_strict=True))
    yield (
        "tolerance in per cent",
        _of(
            NUMBER,
            k.NumericKey(variants=(k.NumberVariant(value=Decimal(9), tolerance=Decimal("0.1"), is_relative=True),)),
        ),
    )
    yield "unit", _of(replace(NUMBER, unit="m"), NUMBER_KEY)
    yield "ordering by neighbours", _of(ORDER, replace(ORDER_KEY, credit=k.Credit.EACH))
    yield "notes for graders", _of(ESSAY, k.EssayKey(notes="Look for islands"))
    yield "rubric", _of(ESSAY, k.EssayKey(rubric=(k.Criterion(id=f"{ID}5", title="Rigour", text="Sound", points=2.0),)))
    yield "limits of words", _of(replace(ESSAY, min_words=50), ESSAY_KEY)
    yield "graded", _of(MC, MC_KEY, mode=Mode.GRADED)
    yield "passing score", _of(MC, MC_KEY, passing_score=50.0)
    yield "time limit", _of(MC, MC_KEY, time_limit=600)
    yield "attempts", _of(MC, MC_KEY, max_attempts=2)
    yield "pools", _of(MC, MC_KEY, pools=(Pool(id=f"{ID}6", title="P", questions=(MC.id,)),))
    yield "lesson: text", _taught(b.TextBlock(id="b", order="a0", html="<h2>Hi</h2><p>Words</p>"))
    yield (
        "lesson: passage with its place",
        _taught(b.PassageBlock(id="b", order="a0", place=b.BookPlace(locator=PLACE), text="Call me Ishmael.")),
    )
    yield "lesson: picture", _taught(b.ImageBlock(id="b", order="a0", media=IMAGE))
    yield (
        "lesson: exercise",
        _taught(b.OrderBlock(id="b", order="a0", prompt="Sort", items=(b.Item(id="i", text="x"),))),
    )
    yield "objectives and description", replace(_of(MC, MC_KEY), description="About whales", objectives=("Know them",))


def outcome(one: Format, course: CourseDocument) -> str:
    """Return how a course comes back from a format."""
    assert one.write is not None
    assert one.read is not None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"Test{(one.suffixes or ('.zip',))[0]}"
        report = one.write(course, path, HEARD)
        if report.codes() & {Loss.QUESTION, Loss.LESSON}:
            return OUT
        opened = one.read(path)
    back = opened.document
    is_same = [meanings(test) for test in back.assessments] == [meanings(test) for test in course.assessments]
    ours = [replace(test, id="", questions=(), keys={}) for test in course.assessments]
    theirs = [replace(test, id="", questions=(), keys={}) for test in back.assessments]
    is_same = is_same and ours == theirs and back.lessons == course.lessons
    is_same = is_same and (back.description, back.objectives) == (course.description, course.objectives)
    if report.lines or opened.report.lines:
        return TOLD
    return SAME if is_same else WRONG


def table() -> str:
    """Return the table in Markdown."""
    names = " | ".join(one.title for one in BOTH_WAYS)
    lines = [f"| | {names} |", f"|---|{':-:|' * len(BOTH_WAYS)}"]
    for name, course in samples():
        lines.append(f"| {name} | {' | '.join(outcome(one, course) for one in BOTH_WAYS)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    print(table())
