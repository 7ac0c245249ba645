"""A quiz in the middle of the builder: its rules, its questions, each with its key apart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QLabel, QLineEdit, QSpinBox, QVBoxLayout, QWidget

from alexandria_desktop.teach.authoring import groups
from alexandria_desktop.teach.authoring.lines import new_id
from alexandria_desktop.teach.blocks import Block, PassageBlock
from alexandria_desktop.ui.appearance.appearance import Appearance
from alexandria_desktop.ui.appearance.fonts import MEDIUM, TextSize
from alexandria_desktop.ui.context import Context
from alexandria_desktop.ui.courses.builder.group_rows import NEW, GroupChoice, GroupRows
from alexandria_desktop.ui.courses.builder.points_field import points_field
from alexandria_desktop.ui.courses.builder.question_forms import QuestionForm
from alexandria_desktop.ui.courses.builder.question_kinds import KINDS, fresh_question
from alexandria_desktop.ui.courses.builder.rich_edit import RichEdit
from alexandria_desktop.ui.courses.words import small
from alexandria_desktop.ui.widgets.button import make_button, make_icon_button
from alexandria_desktop.ui.widgets.flow import FlowLayout
from alexandria_desktop.ui.widgets.menu import Menu
from alexandria_desktop.ui.widgets.segmented import Segmented
from sync.assessing.assessment import AssessmentDocument, Mode, Pool
from sync.assessing.questions import keys as k
from sync.assessing.questions import model as q


class QuestionCard(QFrame):
    """One question."""

    told = Signal(object, object)
    """(Question, Key)"""
    removed = Signal(str)
    moved = Signal(str, int)
    grouped = Signal(str, str)
    """(question id, group)"""

    def __init__(self, appearance: Appearance, question: q.Question, key: k.Key | None, number: int) -> None:
        super().__init__()
        self.form = QuestionForm(appearance, question, key)
        self.form.told.connect(self.told)
        self.setProperty("panel", "block")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(f"Question {number}, {KINDS.get(question.kind, 'of a newer version')}")
        head = QLabel(f"{number} · {KINDS.get(question.kind, 'Of a newer version')}")
        head.setFont(appearance.font(TextSize.SMALL, MEDIUM))
        head.setProperty("tone", "muted")
        points = points_field(question.points)
        points.valueChanged.connect(lambda value: self.form.change({"points": float(value)}))
        gone = make_icon_button(appearance.icon("delete", "muted"), "Take the question away")
        gone.clicked.connect(lambda: self.removed.emit(question.id))
        row = QHBoxLayout()
        self.group = GroupChoice(appearance)
        self.group.chosen.connect(lambda group: self.grouped.emit(question.id, group))
        row.addWidget(head, 1)
        row.addWidget(self.group)
        row.addWidget(points)
        row.addWidget(gone)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 12)
        column.setSpacing(8)
        column.addLayout(row)
        self.prompt: QWidget = self
        if not isinstance(question, q.Cloze):
            prompt = RichEdit(appearance, question.prompt, "What is asked", size=TextSize.LARGE)
            prompt.edited.connect(lambda html: self.form.change({"prompt": html}))
            self.prompt = prompt
            column.addWidget(prompt)
        column.addWidget(self.form)

    @property
    def question(self) -> q.Question:
        """The question as it is now."""
        return self.form.question

    @property
    def key(self) -> k.Key:
        """Its key as it is now."""
        return self.form.key

    def has_keyboard(self) -> bool:
        """Whether the keyboard is anywhere in it."""
        inside = self.focusWidget()
        return self.hasFocus() or (inside is not None and inside.hasFocus())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Alt with the arrows moves a question, Delete takes it away."""
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step is not None and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.moved.emit(self.question.id, step)
        elif event.key() == Qt.Key.Key_Delete and self.hasFocus():
            self.removed.emit(self.question.id)
        else:
            super().keyPressEvent(event)


class QuizView(QWidget):
    """One assessment; goes into a pane that scrolls."""

    renamed = Signal(str)
    ruled = Signal(object)
    """(AssessmentDocument): its rules changed."""
    grouped = Signal(object, object)
    """(AssessmentDocument before, after): a group was begun, filled or taken apart."""
    asked = Signal(object, object, int)
    """(Question, Key, place): put a question in."""
    told = Signal(object, object)
    """(Question, Key): a question was changed."""
    moved = Signal(object, object, int)
    """(Question, Key, its place among the others)"""
    removed = Signal(str)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._look = context.appearance
        self.quiz: AssessmentDocument | None = None
        self._cards: list[QuestionCard] = []
        self.title = QLineEdit()
        self.title.setProperty("plain", True)
        self.title.setAccessibleName("Title of the quiz")
        self.title.setPlaceholderText("Title of the quiz")
        self.title.setFont(self._look.font(TextSize.TITLE, MEDIUM))
        self.title.textEdited.connect(self.renamed)
        self.told_first = RichEdit(self._look, "", "What students are told before they begin", size=TextSize.LARGE)
        self.told_first.edited.connect(self._on_told_first)
        self.mode = Segmented(((Mode.PRACTICE.value, "Practice"), (Mode.GRADED.value, "Graded")), name="Mode")
        self.mode.chosen.connect(self._on_rule)
        self._mode_words = small(self._look)
        self.passing = _number(0, 100, " % to pass", "Percent that are needed to pass")
        self.limit = _number(0, 600, " min", "Minutes that there are", none="no limit")
        self.tries = _number(0, 50, " attempts", "Attempts that there are", none="any number of attempts")
        self.drawn = _number(0, 500, " of the questions", "How many questions each attempt asks", none="all questions")
        self.groups = GroupRows(self._look)
        self.groups.renamed.connect(lambda group, title: self._group(groups.changed, group, title=title))
        self.groups.drawn.connect(lambda group, draw: self._group(groups.changed, group, draw=draw))
        self.groups.removed.connect(lambda group: self._group(groups.without, group))
        self.shuffled = QCheckBox("Own order for each attempt")
        for box in (self.passing, self.limit, self.tries, self.drawn):
            box.valueChanged.connect(self._on_rule)
        self.shuffled.toggled.connect(self._on_rule)
        self.add = make_button("Add a question", icon=self._look.icon("add", "muted"))
        self.add.clicked.connect(self._choose_kind)
        self._column = QVBoxLayout()
        self._column.setSpacing(10)
        rules = QWidget()
        flow = FlowLayout(rules, gap=8)
        for part in (self.mode, self.passing, self.limit, self.tries, self.drawn, self.shuffled):
            flow.addWidget(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 24, 0, 48)
        column.setSpacing(10)
        for one in (self.title, self.told_first, rules, self._mode_words, self.groups):
            column.addWidget(one)
        column.addSpacing(4)
        column.addLayout(self._column)
        column.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)

    def show_quiz(self, quiz: AssessmentDocument) -> None:
        """Show a quiz; what stands there already as it is now is left alone, with the keyboard in it."""
        same = self.quiz is not None and self.quiz.id == quiz.id
        self.quiz = quiz
        if not self.title.hasFocus():
            self.title.setText(quiz.title)
            self.title.setCursorPosition(0)  # a long one is read from its beginning
        if not (same and self.told_first.hasFocus()) and self.told_first.html() != quiz.instructions:
            self.told_first.show_html(quiz.instructions)
        rules = (self.passing, self.limit, self.tries, self.drawn, self.shuffled)
        was = [one.blockSignals(True) for one in rules]
        self.mode.choose(quiz.mode.value)
        self.passing.setValue(round(quiz.passing_score))
        self.limit.setValue(round((quiz.time_limit or 0) / 60))
        self.tries.setValue(quiz.max_attempts or 0)
        self.drawn.setValue(next((pool.draw for pool in quiz.pools if not pool.questions), 0))
        self.shuffled.setChecked(quiz.is_shuffled)
        for one, blocked in zip(rules, was, strict=True):
            one.blockSignals(blocked)
        self._say_mode(quiz.mode)
        shown = [card.question for card in self._cards]
        if not same or shown != list(quiz.questions):
            self._fill(quiz)
        self._show_groups(quiz)

    def take_focus(self) -> None:
        """Put the keyboard on the first question, or on the title."""
        (self._cards[0].prompt if self._cards else self.title).setFocus(Qt.FocusReason.OtherFocusReason)

    def focus_question(self, question_id: str) -> None:
        """Put the keyboard in a question."""
        for card in self._cards:
            if card.question.id == question_id:
                card.prompt.setFocus(Qt.FocusReason.OtherFocusReason)

    def take_block(self, block: Block) -> None:
        """Take a passage as the answer of the question that the keyboard was in, or ask for it in a new one."""
        if not isinstance(block, PassageBlock):
            return
        place = block.place
        named = {"book_id": place.book_id, "book_title": place.book_title, "book_author": place.book_author}
        asking = [card for card in self._cards if isinstance(card.question, q.FindPassage)]
        without = [card for card in asking if isinstance(card.key, k.FindPassageKey) and not card.key.passages]
        if without:
            without[0].form.change(named, {"passages": (place.locator,)})
            if self.quiz is not None:
                self._fill(replace(self.quiz, questions=tuple(c.question for c in self._cards), keys=self._keys()))
            return
        question, key = fresh_question("find_passage")
        assert isinstance(key, k.FindPassageKey)
        self.asked.emit(
            replace(question, prompt="Find the passage.", **named),  # type: ignore[arg-type]
            replace(key, passages=(place.locator,)),
            len(self._cards),
        )

    def _keys(self) -> dict[str, k.Key]:
        return {card.question.id: card.key for card in self._cards}

    def _fill(self, quiz: AssessmentDocument) -> None:
        for card in self._cards:
            self._column.removeWidget(card)
            card.hide()
            card.deleteLater()
        self._cards = []
        for number, question in enumerate(quiz.questions, 1):
            card = QuestionCard(self._look, question, quiz.keys.get(question.id), number)
            card.told.connect(self.told)
            card.removed.connect(self.removed)
            card.moved.connect(self._on_moved)
            card.grouped.connect(self._on_grouped)
            card.group.show_group(quiz.pools, question.id)
            self._cards.append(card)
            self._column.addWidget(card)

    def _on_moved(self, question_id: str, step: int) -> None:
        place = next(number for number, card in enumerate(self._cards) if card.question.id == question_id)
        if 0 <= place + step < len(self._cards):
            self.moved.emit(self._cards[place].question, self._cards[place].key, place + step)

    def _on_told_first(self, html: str) -> None:
        if self.quiz is not None:
            self.quiz = replace(self.quiz, instructions=html)
            self.ruled.emit(self.quiz)

    def _on_rule(self, *_: object) -> None:
        if self.quiz is None:
            return
        self.quiz = replace(
            self.quiz,
            mode=Mode(self.mode.choice()),
            passing_score=_kept(self.quiz.passing_score, self.passing.value()),
            time_limit=round(_kept((self.quiz.time_limit or 0) / 60, self.limit.value()) * 60) or None,
            max_attempts=self.tries.value() or None,
            is_shuffled=self.shuffled.isChecked(),
            pools=groups.with_rest(self.quiz.pools, self.drawn.value()),
        )
        self._say_mode(self.quiz.mode)
        self.ruled.emit(self.quiz)

    def _on_grouped(self, question: str, group: str) -> None:
        if group == NEW:
            made = new_id()
            self._group(groups.begun, question, made)
            self.groups.rows[made].title.setFocus(Qt.FocusReason.OtherFocusReason)
            self.groups.rows[made].title.selectAll()
        else:
            self._group(groups.put_into, question, group)

    def _group(self, change: Callable[..., tuple[Pool, ...]], *names: str, **facts: object) -> None:
        """Change the groups, and show and tell of it; what is typed joins what was typed before."""
        if self.quiz is not None:
            before, self.quiz = self.quiz, replace(self.quiz, pools=change(self.quiz.pools, *names, **facts))
            self._show_groups(self.quiz)
            if facts:
                self.ruled.emit(self.quiz)
            else:
                self.grouped.emit(before, self.quiz)

    def _show_groups(self, quiz: AssessmentDocument) -> None:
        self.groups.show_groups(quiz)
        has_groups = bool(groups.groups_of(quiz.pools))
        self.drawn.setSuffix(" of the rest" if has_groups else " of the questions")
        self.drawn.setSpecialValueText("All of the rest" if has_groups else "All questions")
        for card in self._cards:
            card.group.show_group(quiz.pools, card.question.id)

    def _say_mode(self, mode: Mode) -> None:
        self._mode_words.setText(
            "Students get the answers with the quiz and see at once what was right."
            if mode is Mode.PRACTICE
            else "The answers stay with you and the server; they never reach a student's computer."
        )

    def _choose_kind(self) -> None:
        menu = Menu(parent=self)
        menu.aboutToHide.connect(menu.deleteLater)
        for kind, words in KINDS.items():
            menu.addAction(words).setData(kind)
        menu.triggered.connect(lambda action: self.asked.emit(*fresh_question(str(action.data())), len(self._cards)))
        menu.popup(self.add.mapToGlobal(QPoint(0, self.add.height())))


def _kept(before: float, shown: int) -> float:
    """Return a number as it was where what is shown of it did not change."""
    return before if round(before) == shown else float(shown)


def _number(low: int, high: int, suffix: str, name: str, *, none: str = "") -> QSpinBox:
    box = QSpinBox()
    box.setRange(low, high)
    box.setSuffix(suffix)
    box.setAccessibleName(name)
    box.setToolTip(name)
    box.lineEdit().setTextMargins(6, 0, 0, 0)
    if none:
        box.setSpecialValueText(none.capitalize())
    return box
