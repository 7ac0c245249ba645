"""From books and objectives to a proposal: which passages, in which lessons, with which questions.

The same books and objectives give the same proposal, ids included, on any machine that has the same models.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from alexandria_desktop.teach.authoring.duration import Pace
from alexandria_desktop.teach.compiling.asking import Asker
from alexandria_desktop.teach.compiling.closeness import Models
from alexandria_desktop.teach.compiling.excerpts import Excerpt, choose
from alexandria_desktop.teach.compiling.identity import digest, place_of
from alexandria_desktop.teach.compiling.objectives import Objective, objective_of, shared_words
from alexandria_desktop.teach.compiling.paragraphs import at_paragraphs
from alexandria_desktop.teach.compiling.path import Stage, cut
from alexandria_desktop.teach.compiling.proposal import Gone, Proposal, ProposedLesson, ProposedPassage
from alexandria_desktop.teach.compiling.relevance import Scores, score
from alexandria_desktop.teach.compiling.sources import Shelf, Source

Progress = Callable[[int, int, str], None]
"""(done, of, what is being done)"""

LESSONS_EACH = 3
"""Lessons for an objective at most, where nothing else is said."""
_SHORT_TITLE = 70


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a teacher wants."""

    objectives: tuple[str, ...]
    minutes_per_lesson: int = 20
    questions_per_lesson: int = 4
    lessons_per_objective: int = LESSONS_EACH
    pace: Pace = field(default_factory=Pace)

    @property
    def words(self) -> int:
        """Words that are read in a lesson."""
        return max(200, int((self.minutes_per_lesson - self.questions_per_lesson) * self.pace.words_a_minute))


def propose(
    sources: Sequence[Source],
    wish: Wish,
    models: Models,
    *,
    is_cancelled: Callable[[], bool] = lambda: False,
    on_progress: Progress = lambda _done, _of, _words: None,
) -> Proposal | None:
    """Return a proposal; None where it was cancelled. ``models.embed`` is the model of the sources' vectors."""
    shelf = Shelf(tuple(sources))
    languages = sorted({source.language for source in sources})
    objectives = [objective_of(text, languages) for text in wish.objectives]
    if not shelf.pieces or not objectives:
        return Proposal(
            unmet=tuple(Gone(one.text, "None of the chosen books has words to read.") for one in objectives)
        )
    steps = 2 * len(objectives)

    def may_go_on(number: int) -> bool:
        on_progress(number, steps, f"Looking for “{objectives[number].text}”…")
        return not is_cancelled()

    scores = score(shelf, objectives, models, may_go_on=may_go_on)
    if scores is None or is_cancelled():
        return None
    chosen = choose(shelf, scores, words=wish.words * wish.lessons_per_objective, is_cancelled=is_cancelled)
    chosen = at_paragraphs(shelf, chosen)
    asker = Asker(shelf, wish.questions_per_lesson, models.embed)
    lessons: list[ProposedLesson] = []
    unmet: list[Gone] = []
    for number, (objective, excerpts) in enumerate(zip(objectives, chosen, strict=True)):
        on_progress(len(objectives) + number, steps, f"Asking about “{objective.text}”…")
        stages = cut(excerpts, words=wish.words, most=wish.lessons_per_objective)
        if not stages:
            unmet.append(Gone(objective.text, _why_unmet(shelf, scores, number, objective)))
        for stage in stages:
            if is_cancelled():
                return None
            after = (lessons[-1].id,) if lessons else ()
            lessons.append(_lesson(shelf, stage, objective, scores, asker, wish, after))
    return Proposal(lessons=_with_own_titles(lessons), unmet=tuple(unmet))


def _lesson(
    shelf: Shelf,
    stage: Stage,
    objective: Objective,
    scores: Scores,
    asker: Asker,
    wish: Wish,
    after: tuple[str, ...],
) -> ProposedLesson:
    passages = tuple(_passage(shelf, one, objective, scores, wish.pace) for one in stage.excerpts)
    items = asker.items(stage.excerpts, objective)
    best = max(stage.excerpts, key=lambda one: (one.score, -one.section, -one.start))
    return ProposedLesson(
        id=digest("lesson", *(one.id for one in passages)),
        title=best.chapter or objective.text,
        objective=objective.text,
        minutes=max(1, math.ceil(sum(one.minutes for one in passages) + len(items))),
        after=after,
        passages=passages,
        items=items,
    )


def _passage(shelf: Shelf, one: Excerpt, objective: Objective, scores: Scores, pace: Pace) -> ProposedPassage:
    source = shelf.sources[one.book]
    place = place_of(source, one.section, one.start, one.end)
    text = source.sections[one.section].text[one.start : one.end]
    return ProposedPassage(
        id=digest("passage", source.id, place.locator.edition, one.section, one.start, one.end),
        place=place,
        text=text,
        chapter=one.chapter,
        score=one.score,
        shared=shared_words(text, objective),
        meaning=round(float(max(scores.meaning[one.objective][number] for number in one.pieces)), 4),
        difficulty=one.difficulty,
        minutes=round(one.words / pace.words_a_minute, 2),
    )


def _with_own_titles(lessons: Sequence[ProposedLesson]) -> tuple[ProposedLesson, ...]:
    seen: dict[str, int] = {}
    found = []
    for lesson in lessons:
        title = lesson.title if len(lesson.title) <= _SHORT_TITLE else f"{lesson.title[: _SHORT_TITLE - 1].rstrip()}…"
        seen[title] = seen.get(title, 0) + 1
        found.append(replace(lesson, title=title if seen[title] == 1 else f"{title} ({seen[title]})"))
    return tuple(found)


def _why_unmet(shelf: Shelf, scores: Scores, number: int, objective: Objective) -> str:
    counted = shelf.frequencies
    missing = [word for word, one in zip(objective.words, objective.stems, strict=False) if not counted.texts(one)]
    if missing and len(missing) == len(objective.words):
        return "None of its words stands in the chosen books, and no passage is near it in meaning."
    if missing:
        *others, last = [f"“{word}”" for word in missing]
        named = f"{', '.join(others)} and {last} stand" if others else f"{last} stands"
        return f"No passage is near it: {named} nowhere in the chosen books."
    best = int(scores.whole[number].argmax())
    book, piece = shelf.pieces[best]
    owner = int(scores.whole[:, best].argmax())
    where = piece.heading or piece.chapter or shelf.sources[book].title
    if owner != number:
        return f"What comes near it, in “{where}”, fits another objective better."
    return f"Its words stand in the books, but never together; the nearest passage is in “{where}”."
