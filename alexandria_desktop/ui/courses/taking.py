"""Taking a course: its page, its lessons and its questions, and the way between them and the books."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QInputDialog, QStackedWidget, QVBoxLayout, QWidget

from alexandria_desktop.base.errors import AlexandriaError
from alexandria_desktop.library import course_looks
from alexandria_desktop.library.learning import Standing
from alexandria_desktop.store.changes import Changes
from alexandria_desktop.teach.blocks import BookPlace
from alexandria_desktop.teach.document import CourseDocument, LessonDocument
from alexandria_desktop.teach.taking import path
from alexandria_desktop.ui.context import Context
from alexandria_desktop.ui.courses.certificate import write_certificate
from alexandria_desktop.ui.courses.course_page import CoursePage
from alexandria_desktop.ui.courses.lesson_bar import Walk
from alexandria_desktop.ui.courses.lesson_page import LessonPage
from alexandria_desktop.ui.courses.panes import Bar
from alexandria_desktop.ui.courses.quiz_page import QuizPage
from alexandria_desktop.ui.tasks import Task
from alexandria_desktop.ui.widgets.banner import Banner
from sync.assessing.judging import due_of
from sync.assessing.questions.model import FindPassage

_SHOWN = ("content_items", "courses", "lessons", "assessments", "assessment_attempts", "attempt_grades")


@dataclass(frozen=True, slots=True)
class _Read:
    course: CourseDocument
    standing: Standing
    minutes: Mapping[str, int]
    in_file: bool
    """Whether it came in a pack, and no server knows of it."""
    in_own_look: bool
    """Whether the reader does not want the look that the teacher offers."""


class TakingScreen(QWidget):
    """One course as its student goes through it."""

    left = Signal()
    book_wanted = Signal(object, object)
    """(the book's id, Locator): shown in the reader, from which one comes back here."""
    words_wanted = Signal(object, str, object)
    """(the book's id, a sentence, what takes the Locator): words are to be selected in the book."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.course: CourseDocument | None = None
        self._standing = Standing()
        self._minutes: Mapping[str, int] = {}
        self._in_own_look = False
        self.walk: Walk | None = None
        """Where in the lesson one is while it is read in its books."""
        self._lesson: LessonDocument | None = None
        self._task: Task | None = None
        self._wanted: UUID | None = None
        self._is_through = False
        """Whether the reader said so of the lesson that is shown."""
        look = context.appearance
        self._bar = Bar(look, "Back")
        self._bar.left.connect(self.go_back)
        self.banner = Banner(look)
        self.banner.retried.connect(self._try_again)
        self.page = CoursePage(look)
        self.lesson = LessonPage(look, context.library.learning.file_of)
        self.quiz = QuizPage(context)
        self.stack = QStackedWidget()
        for part in (self.page, self.lesson, self.quiz):
            self.stack.addWidget(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for one in (self._bar, self.banner, self.stack):
            column.addWidget(one)
        column.setStretch(2, 1)
        self._connect()

    def _connect(self) -> None:
        self.page.lesson_wanted.connect(self.open_lesson)
        self.page.assessment_wanted.connect(self.open_assessment)
        self.page.certificate_wanted.connect(self.save_certificate)
        self.page.answers_wanted.connect(self._save_answers)
        self.page.left.connect(self.left)
        self.lesson.place_wanted.connect(self.open_place)
        self.lesson.assessment_wanted.connect(self.open_assessment)
        self.lesson.finished.connect(self._on_finished)
        self.lesson.previous_wanted.connect(lambda: self._step(-1))
        self.lesson.left.connect(self.show_page)
        self.lesson.own_look_wanted.connect(self._want_own_look)
        self._context.appearance.changed.connect(self._show_look)
        self.quiz.left.connect(self._after_quiz)
        self.quiz.place_wanted.connect(self._on_words_wanted)
        self.quiz.book_wanted.connect(self.open_place)

    # --- what is shown ------------------------------------------------------------------------------------------

    def open(self, course_id: UUID) -> None:
        """Show the page of a course."""
        if self._task is not None:
            self._task.cancel()
        self._wanted = course_id
        library = self._context.library

        def read() -> _Read:
            course = library.courses.seen_by_students(course_id)
            in_file = course_id in library.course_packs.came_in_a_file()
            is_own = course_looks.reads_in_own(library.settings(), course.id)
            return _Read(course, library.learning.standing(course), library.courses.minutes(course), in_file, is_own)

        self._task = self._context.tasks.run(read, self._on_read, self.banner.show_error, priority=5)

    def show_page(self) -> None:
        """Go from a lesson or its questions to the page of the course."""
        self._keep_time()
        self._show(self.page)
        self._refresh()
        self.page.take_focus()

    def open_lesson(self, lesson_id: str) -> None:
        """Show a lesson."""
        course = self.course
        lesson = next((one for one in course.lessons if one.id == lesson_id), None) if course is not None else None
        if course is None or lesson is None:
            return
        self._keep_time()
        self._lesson, self._is_through = lesson, False
        number = course.lessons.index(lesson)
        rest = [one for one in course.lessons if one.id not in self._standing.done and one is not lesson]
        self.lesson.show_lesson(
            lesson, path.assessments_of(course, lesson), number=number + 1, of=len(course.lessons), is_last=not rest
        )
        self._show_look()
        self._show(self.lesson)
        self.lesson.take_focus()

    def open_assessment(self, assessment_id: str) -> None:
        """Show the questions of the course that have this id."""
        course = self.course
        found = (
            next((one for one in course.assessments if one.id == assessment_id), None) if course is not None else None
        )
        if course is not None and found is not None:
            self._keep_time()
            self._show(self.quiz)
            self.quiz.open(found, due_of(course.settings))

    def go_back(self) -> None:
        """Go back once: to the course's page, and from there to the courses."""
        if self.stack.currentWidget() is self.page:
            self.left.emit()
        else:
            self.show_page()

    def on_changes(self, changes: Changes) -> None:
        """Hear what was written; a lesson that is being read stays as it is."""
        if changes.touches(*_SHOWN) and self.stack.currentWidget() is self.page:
            self._refresh()

    def flush(self) -> None:
        """Write what was answered and read last; for the end of the program."""
        self._keep_time()
        self.quiz.flush()

    def take_focus(self) -> None:
        """Put the keyboard where one was."""
        current = self.stack.currentWidget()
        if current is self.page:
            self.page.take_focus()
        elif current is self.lesson:
            self.lesson.take_focus()

    def open_place(self, place: BookPlace) -> None:
        """Open a place in its book; out of a lesson, the lesson goes along."""
        in_lesson = self._lesson is not None and self.stack.currentWidget() is self.lesson
        self.walk = Walk.of(self._lesson, place) if in_lesson and self._lesson is not None else None
        self._open(place)

    def go_on(self) -> None:
        """Open the next place of the lesson that is read in its books."""
        following = self.walk.following() if self.walk is not None else None
        if following is not None:
            before, (self.walk, place) = self.walk, following

            def failed(error: AlexandriaError) -> None:
                self.walk = before
                self._context.navigator.report(error)  # over the book that is still shown

            self._open(place, failed)

    def come_back(self) -> None:
        """Go on in the lesson where it was left, or at the passage that one has come to since."""
        walk, self.walk = self.walk, None
        if walk is not None:
            self.lesson.show_block(walk.block)
        self.take_focus()

    def _open(self, place: BookPlace, failed: Callable[[AlexandriaError], None] | None = None) -> None:
        self._with_book(
            place.locator.edition,
            place.book_title,
            place.book_author,
            lambda book_id: self.book_wanted.emit(book_id, place.locator),
            failed,
        )

    def _save_answers(self) -> None:
        if self.course is not None:
            self._context.navigator.save_answers(UUID(self.course.id))

    def save_certificate(self) -> None:
        """Ask for whom and where, and write the certificate."""
        syncing = self._context.library.syncing
        self._context.tasks.run(lambda: syncing.status().name, self._ask_for_name, self.banner.show_error)

    def _ask_for_name(self, known: str) -> None:
        course = self.course
        student, is_given = QInputDialog.getText(self, "Certificate", "The name on the certificate", text=known)
        if course is None or not is_given:
            return
        name = "".join(letter if letter.isalnum() or letter in " -" else "-" for letter in course.title)[:80]
        chosen, _ = QFileDialog.getSaveFileName(
            self, "Save the certificate", f"{name or 'Certificate'}.pdf", "PDF (*.pdf)"
        )
        if chosen:
            self.write_certificate(Path(chosen), student.strip())

    def write_certificate(self, file: Path, student: str) -> None:
        """Write the certificate of the course that is shown."""
        course = self.course
        if course is None:
            return
        done = [found.completed_at for found in self._standing.lessons.values() if found.completed_at is not None]
        on = max(done, default=datetime.now(UTC)).astimezone().date()
        try:
            write_certificate(file, course=course.title, student=student, on=on, lessons=len(course.lessons))
        except AlexandriaError as error:
            self.banner.show_error(error, can_retry=False)
        else:
            self._context.navigator.say(f"Saved {file.name}.")

    # --- what happens -------------------------------------------------------------------------------------------

    def _on_read(self, read: _Read) -> None:
        self._task = None
        is_new = self.course is None or self.course.id != read.course.id
        self.course, self._standing, self._minutes = read.course, read.standing, read.minutes
        self._in_own_look = read.in_own_look
        self.page.show_course(read.course, read.standing, read.minutes, in_file=read.in_file)
        if is_new:
            self._lesson = None
            self.banner.hide()
            self._show(self.page)
            self.page.take_focus()

    def _show_look(self, _: object = None) -> None:
        """Show the lesson in the look that the teacher offers, where the reader's own allows and wants it."""
        theme = course_looks.offered(self.course) if self.course is not None else None
        if theme is not None and course_looks.can_be_shown(theme, self._context.appearance.theme):
            shown = None if self._in_own_look else theme
            self.lesson.show_look(shown, offered=theme.name, is_own=self._in_own_look)
        else:
            self.lesson.show_look(None)

    def _want_own_look(self, wanted: bool) -> None:
        course, library = self.course, self._context.library
        if course is not None:
            self._in_own_look = wanted
            self._show_look()
            self.lesson.take_focus()
            change = course_looks.own_look(course.id, wanted=wanted)
            self._context.tasks.run(lambda: library.set(change), failed=self.banner.show_error)

    def _refresh(self) -> None:
        if self.course is not None:
            self.open(UUID(self.course.id))

    def _try_again(self) -> None:
        if self._wanted is not None:
            self.open(self._wanted)

    def _show(self, part: QWidget) -> None:
        self.stack.setCurrentWidget(part)
        self._bar.setVisible(part is not self.quiz)
        self._bar.title.setText(self.course.title if self.course is not None and part is self.lesson else "")

    def _on_finished(self) -> None:
        course, lesson = self.course, self._lesson
        if course is None or lesson is None:
            return
        self._is_through = True
        learning, seconds = self._context.library.learning, self.lesson.take_seconds()

        def told(standing: Standing) -> None:
            self._standing = standing
            if lesson.id not in standing.done:
                waiting = [
                    one for one in path.assessments_of(course, lesson) if not standing.tries[one.id].is_satisfied
                ]
                if waiting:
                    self.open_assessment(waiting[0].id)
                    return
            following = path.next_lesson(course, standing.done)
            if following is None:
                self.show_page()
            else:
                self.open_lesson(following.id)

        self._context.tasks.run(
            lambda: learning.note_time(course, lesson, seconds, is_through=True),
            told,
            self.banner.show_error,
            priority=5,
        )

    def _after_quiz(self) -> None:
        """Questions that were answered may be what a lesson still waited for."""
        course, lesson, learning = self.course, self._lesson, self._context.library.learning
        assessed = self.quiz.assessment
        if course is None or assessed is None:
            return
        owner = next((one for one in course.lessons if one.id == assessed.lesson_id), None)
        if owner is None or lesson is not owner or not self._is_through:
            self.show_page()
            return
        self._lesson, self._is_through = None, False
        self._context.tasks.run(
            lambda: learning.note_time(course, owner, 0, is_through=True),
            lambda _: self.show_page(),
            self.banner.show_error,
            priority=5,
        )

    def _step(self, by: int) -> None:
        course, lesson = self.course, self._lesson
        if course is not None and lesson in course.lessons:
            at = course.lessons.index(lesson) + by
            if 0 <= at < len(course.lessons):
                self.open_lesson(course.lessons[at].id)

    def _keep_time(self) -> None:
        course, lesson = self.course, self._lesson
        if course is None or lesson is None or self.stack.currentWidget() is not self.lesson:
            return
        seconds, learning = self.lesson.take_seconds(), self._context.library.learning
        self._context.tasks.run(lambda: learning.note_time(course, lesson, seconds), failed=self.banner.show_error)

    def _on_words_wanted(self, question: FindPassage) -> None:
        sentence = "Select the words that answer the question, then press “Answer with this”."
        self._with_book(
            question.edition,
            question.book_title,
            question.book_author,
            lambda book_id: self.words_wanted.emit(book_id, sentence, self.quiz.take_place),
        )

    def _with_book(
        self,
        edition: str,
        title: str,
        author: str,
        use: Callable[[UUID], None],
        failed: Callable[[AlexandriaError], None] | None = None,
    ) -> None:
        learning = self._context.library.learning
        self._context.tasks.run(
            lambda: learning.find_book(edition, title, author),
            use,
            failed or (lambda error: self.banner.show_error(error, can_retry=False)),
            priority=5,
        )
