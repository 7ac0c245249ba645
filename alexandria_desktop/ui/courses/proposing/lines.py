"""A proposal as lines that can be read and decided one by one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from alexandria_desktop.teach.blocks import BookPlace
from alexandria_desktop.teach.compiling.proposal import Gone, Proposal, ProposedItem, ProposedLesson, ProposedPassage
from alexandria_desktop.teach.compiling.telling import answer_of, prompt_of, why
from sync.assessing.questions.model import FindPassage


class Kind(StrEnum):
    """What a line is."""

    UNREAD = "unread"
    UNMET = "unmet"
    LESSON = "lesson"
    PASSAGE = "passage"
    ITEM = "item"


class Decision(StrEnum):
    """What the teacher said to a line."""

    OPEN = "open"
    TAKEN = "taken"
    THROWN = "thrown"


DECISION_WORDS = {Decision.OPEN: "Not decided", Decision.TAKEN: "Ticked", Decision.THROWN: "Thrown away"}


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the list."""

    kind: Kind
    title: str
    about: str = ""
    id: str = ""
    """Of a passage or item; of a lesson its own."""
    lesson: str = ""
    """The id of the lesson that it belongs to."""
    place: BookPlace | None = None
    more: tuple[tuple[str, str], ...] = ()
    """(heading, words) to be read beside the list."""


def lines_of(proposal: Proposal) -> list[Line]:
    """Return what is shown, top to bottom: what did not come first, then each lesson with what is in it."""
    found = [_gone(Kind.UNREAD, "Not used", one) for one in proposal.unread]
    found += [_gone(Kind.UNMET, "Nothing found", one) for one in proposal.unmet]
    for number, lesson in enumerate(proposal.lessons, 1):
        found.append(_lesson(number, lesson))
        found += [_passage(one, lesson) for one in lesson.passages]
        found += [_item(one, lesson) for one in lesson.items]
    return found


def _gone(kind: Kind, words: str, one: Gone) -> Line:
    return Line(kind, f"{words}: {one.name}", one.reason, more=((one.name, one.reason),))


def _lesson(number: int, lesson: ProposedLesson) -> Line:
    passages, items = len(lesson.passages), len(lesson.items)
    holds = f"{_counted(passages, 'passage')}, {_counted(items, 'question')}, about {lesson.minutes} min"
    return Line(
        Kind.LESSON,
        f"{number}. {lesson.title}",
        f"{lesson.objective} · {holds}",
        id=lesson.id,
        lesson=lesson.id,
        more=(("Lesson", lesson.title), ("Objective", lesson.objective), ("Holds", holds)),
    )


def _passage(one: ProposedPassage, lesson: ProposedLesson) -> Line:
    where = _where(one)
    return Line(
        Kind.PASSAGE,
        " ".join(one.text[:600].split()),
        where,
        id=one.id,
        lesson=lesson.id,
        place=one.place,
        more=(
            ("", one.text),
            ("From", where + (f", by {one.place.book_author}" if one.place.book_author else "")),
            ("Why", why(one)),
            ("Reading", f"About {max(1, round(one.minutes))} min. {_hardness(one.difficulty)}"),
        ),
    )


def _where(one: ProposedPassage | ProposedItem) -> str:
    return " · ".join(part for part in (one.place.book_title, one.chapter) if part)


def _hardness(difficulty: float) -> str:
    """Return LIX and rare words in plain words; the limits are Björnsson's, moved by what rare words add."""
    for most, words in ((35, "Easy"), (45, "Plain"), (55, "Somewhat hard"), (65, "Hard")):
        if difficulty < most:
            return f"{words} to read ({difficulty:.0f})."
    return f"Very hard to read ({difficulty:.0f})."


def _item(one: ProposedItem, lesson: ProposedLesson) -> Line:
    asked = prompt_of(one)
    kind = "Find in the book" if isinstance(one.question, FindPassage) else "Fill the gap"
    more = [("Question", asked)]
    answer = answer_of(one)
    if answer:
        more.append(("Answer", answer))
    more += [("The sentence", one.sentence), ("From", _where(one))]
    about = f"{kind} · {answer}" if answer else kind
    return Line(Kind.ITEM, asked, about, id=one.id, lesson=lesson.id, place=one.place, more=tuple(more))


def _counted(number: int, name: str) -> str:
    return f"1 {name}" if number == 1 else f"{number} {name}s"
