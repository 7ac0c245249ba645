"""The course compiler over the library: what it proposes from books; what a teacher takes is written at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from uuid import UUID

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.library.authoring import Authoring
from alexandria_desktop.library.compiling_sources import Shelves
from alexandria_desktop.library.core import Core
from alexandria_desktop.library.course_documents import Added
from alexandria_desktop.library.courses import Courses
from alexandria_desktop.library.finding import Finding, fine_model
from alexandria_desktop.library.prepare import embedder
from alexandria_desktop.library.reading import ReadingRoom
from alexandria_desktop.teach.authoring.order_keys import spread
from alexandria_desktop.teach.blocks import PassageBlock
from alexandria_desktop.teach.compiling.closeness import Models
from alexandria_desktop.teach.compiling.proposal import Gone, Proposal, ProposedLesson
from alexandria_desktop.teach.compiling.propose import LESSONS_EACH, Progress, Wish, propose
from alexandria_desktop.teach.compiling.sources import Source
from alexandria_desktop.teach.document import LessonDocument
from sync.assessing.assessment import AssessmentDocument


class Compiling:
    """Proposes lessons and questions from books, and writes what is accepted."""

    def __init__(self, core: Core, room: ReadingRoom, finding: Finding, taught: Courses, authoring: Authoring) -> None:
        self._shelves = Shelves(core, room, finding)
        self._taught = taught
        self._authoring = authoring

    def propose(
        self,
        book_ids: Sequence[UUID],
        objectives: Sequence[str],
        *,
        minutes_per_lesson: int = 20,
        questions_per_lesson: int = 4,
        lessons_per_objective: int = LESSONS_EACH,
        is_cancelled: Callable[[], bool] = lambda: False,
        on_progress: Progress = lambda _done, _of, _words: None,
    ) -> Proposal | None:
        """Return a proposal; None where it was cancelled. Nothing is written.

        Raises ReaderError(usage) without books or objectives, ReaderError(book.unknown).
        """
        asked = tuple(dict.fromkeys(" ".join(one.split()) for one in objectives if one.strip()))
        books = tuple(dict.fromkeys(book_ids))
        if not books or not asked:
            raise ReaderError(Code.USAGE, "A proposal needs at least one book and one objective.")
        wish = Wish(
            objectives=asked,
            minutes_per_lesson=max(1, minutes_per_lesson),
            questions_per_lesson=max(0, questions_per_lesson),
            lessons_per_objective=max(1, lessons_per_objective),
            pace=self._taught.pace(),
        )
        steps = len(books) + 2 * len(asked)
        sources: list[Source] = []
        unread: list[Gone] = []
        for number, book_id in enumerate(books):
            if is_cancelled():
                return None
            on_progress(number, steps, "Reading the books…")
            source, gone = self._shelves.source(book_id)
            if source is not None:
                sources.append(source)
            if gone is not None:
                unread.append(gone)
        found = propose(
            sources,
            wish,
            _models(),
            is_cancelled=is_cancelled,
            on_progress=lambda done, _of, words: on_progress(len(books) + done, steps, words),
        )
        return None if found is None else replace(found, unread=tuple(unread))

    def accept(self, course_id: UUID, proposal: Proposal, chosen: Collection[str]) -> Added:
        """Write the chosen passages and items at the end of a course, all or none; ``remove_parts`` undoes it.

        Raises ReaderError(course.not-yours), ReaderError(usage) where nothing is chosen.
        """
        taken = proposal.only(chosen).lessons
        if not taken:
            raise ReaderError(Code.USAGE, "Nothing of the proposal was chosen.")
        asked = [quiz_of(lesson) for lesson in taken if lesson.items]
        return self._authoring.add_parts(course_id, [lesson_of(one) for one in taken], asked)


def _models() -> Models:
    model, finer = embedder(), fine_model()
    return Models(
        embed=model.embed if model is not None else None,
        fine=finer.embed if finer is not None else None,
        fine_languages=finer.info.languages if finer is not None else frozenset(),
    )


def lesson_of(lesson: ProposedLesson) -> LessonDocument:
    """Return a proposed lesson as a course holds it; its minutes are reckoned anew when it is changed."""
    blocks = tuple(
        PassageBlock(id=one.id[:12], order=order, place=one.place, text=one.text)
        for one, order in zip(lesson.passages, spread(len(lesson.passages)), strict=True)
    )
    return LessonDocument(
        id=lesson.id,
        title=lesson.title,
        objectives=(lesson.objective,),
        prerequisites=lesson.after,
        blocks=blocks,
    )


def quiz_of(lesson: ProposedLesson) -> AssessmentDocument:
    """Return the items of a proposed lesson as a quiz for practice."""
    return AssessmentDocument(
        id=f"quiz {lesson.id}",
        lesson_id=lesson.id,
        title="Check your reading",
        questions=tuple(item.question for item in lesson.items),
        keys={item.question.id: item.key for item in lesson.items},
    )
