"""What is done to a quiz: its title and rules, and its questions with their keys."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from uuid import UUID

from PySide6.QtCore import QObject

from alexandria_desktop.teach.authoring.history import Step
from alexandria_desktop.ui.context import Context
from alexandria_desktop.ui.courses.builder.open_course import OpenCourse
from alexandria_desktop.ui.courses.builder.quiz_view import QuizView
from alexandria_desktop.ui.courses.builder.tree import CourseTree
from sync.assessing.assessment import AssessmentDocument
from sync.assessing.questions.keys import Key
from sync.assessing.questions.model import Question


class QuizChanges(QObject):
    """Carries out what the page of a quiz asks for."""

    def __init__(self, context: Context, opened: OpenCourse, tree: CourseTree, view: QuizView) -> None:
        super().__init__(opened)
        self._authoring = context.library.authoring
        self._opened = opened
        self._tree = tree
        self._view = view
        view.renamed.connect(self._rename)
        view.ruled.connect(self._rule)
        view.grouped.connect(self._group)
        view.told.connect(self._tell)
        view.asked.connect(self._ask)
        view.moved.connect(self._move)
        view.removed.connect(self._remove)

    def _rename(self, title: str) -> None:
        if self._view.quiz is not None:
            self._tree.rename(self._view.quiz.id, title)
            self._view.quiz = replace(self._view.quiz, title=title)
            self._rule(self._view.quiz)

    def _rule(self, quiz: AssessmentDocument) -> None:
        one, change = UUID(quiz.id), self._authoring.change_assessment
        undo, redo = partial(change, one, self._stored(quiz)), partial(change, one, quiz)
        self._opened.type(Step("changed the quiz", undo, redo, f"quiz {quiz.id}"))

    def _group(self, before: AssessmentDocument, after: AssessmentDocument) -> None:
        one, change = UUID(after.id), self._authoring.change_assessment
        self._opened.do(Step("changed the groups", partial(change, one, before), partial(change, one, after)))

    def _tell(self, question: Question, key: Key) -> None:
        if self._view.quiz is None:
            return
        stored, put = self._stored(self._view.quiz), self._authoring.put_question
        one, before = UUID(stored.id), next((q for q in stored.questions if q.id == question.id), question)
        undo = partial(put, one, before, stored.keys.get(question.id))
        joins = f"question {stored.id} {question.id}"
        self._opened.type(Step("changed a question", undo, partial(put, one, question, key), joins))

    def _ask(self, question: Question, key: Key, at: int) -> None:
        if self._view.quiz is not None:
            one, make = UUID(self._view.quiz.id), self._authoring
            undo = partial(make.remove_question, one, question.id)
            redo = partial(make.put_question, one, question, key, at=at)
            self._opened.do(Step("asked a question", undo, redo), question.id)

    def _move(self, question: Question, key: Key, at: int) -> None:
        if self._view.quiz is not None:
            one, put = UUID(self._view.quiz.id), self._authoring.put_question
            ids = [known.id for known in self._view.quiz.questions]
            was = ids.index(question.id) if question.id in ids else at
            undo, redo = (partial(put, one, question, key, at=place) for place in (was, at))
            self._opened.do(Step("moved a question", undo, redo), question.id)

    def _remove(self, question_id: str) -> None:
        if self._view.quiz is None:
            return
        stored, make = self._stored(self._view.quiz), self._authoring
        places = [number for number, known in enumerate(stored.questions) if known.id == question_id]
        for at in places[:1]:
            one, key = UUID(stored.id), stored.keys.get(question_id)
            undo = partial(make.put_question, one, stored.questions[at], key, at=at)
            self._opened.do(Step("took a question away", undo, partial(make.remove_question, one, question_id)))

    def _stored(self, quiz: AssessmentDocument) -> AssessmentDocument:
        """Return a quiz as it was read; what is shown may have been changed since."""
        read = self._opened.read
        return (read.quiz(quiz.id) if read is not None else None) or quiz
