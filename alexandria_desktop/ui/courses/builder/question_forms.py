"""The answer of a question as a teacher writes it: a form for each kind that gives question and, apart from it, key."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QRadioButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from alexandria_desktop.teach.authoring.lines import (
    Gapped,
    from_gapped,
    from_lines,
    new_id,
    one_line,
    parted,
    to_gapped,
    to_lines,
    typed_number,
)
from alexandria_desktop.ui.appearance.appearance import Appearance
from alexandria_desktop.ui.courses.builder.choice_rows import ChoiceRows
from alexandria_desktop.ui.courses.words import small
from sync.assessing.questions import keys as k
from sync.assessing.questions import model as q
from sync.assessing.questions.shuffling import scattered
from sync.assessing.rich_text import from_plain, to_plain


class QuestionForm(QWidget):
    """The answer of one question; ``told`` has the whole question and key after each change."""

    told = Signal(object, object)
    """(Question, Key)"""

    def __init__(self, appearance: Appearance, question: q.Question, key: k.Key | None) -> None:
        super().__init__()
        self.question = question
        self.key = key if key is not None else k.KEY_KINDS.get(question.kind, k.OtherKey)()
        self._appearance = appearance
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self._build()
        self._feedback()

    def change(self, question: dict[str, Any] | None = None, key: dict[str, Any] | None = None) -> None:
        """Take changed fields and tell of them."""
        self.question = replace(self.question, **(question or {}))
        self.key = replace(self.key, **(key or {}))
        self.told.emit(self.question, self.key)

    def _build(self) -> None:
        builders: dict[type[q.Question], Callable[[], None]] = {
            q.MultipleChoice: self._choices, q.MultipleAnswer: self._choices, q.TrueFalse: self._true_false,
            q.ShortText: self._short_text, q.Numeric: self._numeric, q.Matching: self._matching,
            q.Ordering: self._ordering, q.Cloze: self._cloze, q.Essay: self._essay, q.FindPassage: self._passage,
        }  # fmt: skip
        build = builders.get(type(self.question))
        if build is None:
            self._column.addWidget(small(self._appearance, "This question needs a newer version of Alexandria."))
        else:
            build()

    # --- choices ------------------------------------------------------------------------------------------------

    def _choices(self) -> None:
        assert isinstance(self.question, q.MultipleChoice | q.MultipleAnswer)
        is_single = isinstance(self.question, q.MultipleChoice)
        rows = ChoiceRows(self._appearance, self.question.choices, self._right(), is_single=is_single)
        rows.changed.connect(self._tell_choices)
        self._column.addWidget(rows)

    def _right(self) -> frozenset[str]:
        if isinstance(self.key, k.MultipleChoiceKey):
            return frozenset(name for name, share in self.key.shares.items() if share >= 1)
        return frozenset(self.key.right) if isinstance(self.key, k.MultipleAnswerKey) else frozenset()

    def _tell_choices(self, choices: tuple[q.Choice, ...], right: tuple[str, ...]) -> None:
        if isinstance(self.key, k.MultipleChoiceKey):
            partly = {name: share for name, share in self.key.shares.items() if share < 1 and name not in right}
            self.change({"choices": choices}, {"shares": partly | dict.fromkeys(right, 1.0)})
        else:
            self.change({"choices": choices}, {"right": right})

    # --- short answers ------------------------------------------------------------------------------------------

    def _true_false(self) -> None:
        assert isinstance(self.key, k.TrueFalseKey)
        row = QHBoxLayout()
        for words, value in (("True", True), ("False", False)):
            button = QRadioButton(words)
            button.setChecked(self.key.is_true is value)
            button.clicked.connect(lambda _=False, value=value: self.change(key={"is_true": value}))
            row.addWidget(button)
        row.addStretch(1)
        self._column.addLayout(row)

    def _short_text(self) -> None:
        key = self.key
        assert isinstance(key, k.ShortTextKey)
        edit = self._area("\n".join(one.text for one in key.variants), "Accepted answers, one a line; * is any letters")

        def told() -> None:
            texts = [line.strip() for line in edit.toPlainText().splitlines() if line.strip()]
            known = {one.text: one for one in self.key.variants} if isinstance(self.key, k.ShortTextKey) else {}
            self.change(key={"variants": tuple(known.get(text, k.Variant(text=text)) for text in texts)})

        edit.textChanged.connect(told)
        row = QHBoxLayout()
        for words, name in (("Case matters", "is_case_strict"), ("Accents matter", "is_accent_strict")):
            box = QCheckBox(words)
            box.setChecked(bool(getattr(key, name)))
            box.toggled.connect(lambda held, name=name: self.change(key={name: held}))
            row.addWidget(box)
        row.addStretch(1)
        self._column.addLayout(row)

    def _numeric(self) -> None:
        assert isinstance(self.key, k.NumericKey)
        assert isinstance(self.question, q.Numeric)
        first = self.key.variants[0] if self.key.variants else None
        value, give, unit = QLineEdit(), QLineEdit(), QLineEdit(self.question.unit)
        if first is not None:
            value.setText(f"{first.value}")
            shown = first.tolerance * 100 if first.is_relative else first.tolerance
            give.setText(f"{shown.normalize():f}{' %' if first.is_relative else ''}" if first.tolerance else "")
        grid = QGridLayout()
        for column, (words, edit) in enumerate((("Right", value), ("Give or take (5 or 5 %)", give), ("Unit", unit))):
            edit.setAccessibleName(words)
            grid.addWidget(small(self._appearance, words), 0, column)
            grid.addWidget(edit, 1, column)
        self._column.addLayout(grid)

        def told() -> None:
            number, tolerance = typed_number(value.text()), typed_number(give.text().replace("%", "")) or Decimal(0)
            relative = "%" in give.text()
            variants = self.key.variants[1:] if isinstance(self.key, k.NumericKey) else ()
            if number is not None:
                known = first if first is not None else k.NumberVariant(value=number)
                share = abs(tolerance) / (100 if relative else 1)
                variants = (replace(known, value=number, tolerance=share, is_relative=relative), *variants)
            self.change({"unit": unit.text().strip()}, {"variants": variants})

        for edit in (value, give, unit):
            edit.textEdited.connect(told)

    # --- lists --------------------------------------------------------------------------------------------------

    def _matching(self) -> None:
        assert isinstance(self.question, q.Matching)
        assert isinstance(self.key, k.MatchingKey)
        texts = {one.id: one_line(one.text) for one in self.question.responses}
        pairs = self.key.pairs
        lines = [f"{one_line(one.text)} = {texts.get(pairs.get(one.id, ''), '')}" for one in self.question.premises]
        lines += [f"= {texts[one.id]}" for one in self.question.responses if one.id not in pairs.values()]
        edit = self._area("\n".join(lines), "One pair a line: left = right; “= right” alone leads astray", 132)
        edit.textChanged.connect(lambda: self._tell_matching(edit.toPlainText()))

    def _tell_matching(self, typed: str) -> None:
        assert isinstance(self.question, q.Matching)
        split = [parted(line) for line in typed.splitlines() if line.strip()]
        lefts = from_lines("\n".join(a for a, _ in split if a), [(c.id, c.text) for c in self.question.premises])
        rights = from_lines(
            "\n".join(dict.fromkeys(b for _, b in split if b)), [(c.id, c.text) for c in self.question.responses]
        )
        by_words = {one_line(one.text): one.id for one in rights}
        named = iter(lefts)
        pairs = {next(named).id: by_words.get(" ".join(b.split()), "") for a, b in split if a}
        self.change(
            {
                "premises": tuple(q.Choice(id=one.id, text=one.text) for one in lefts),
                "responses": scattered(q.Choice(id=one.id, text=one.text) for one in rights),
            },
            {"pairs": {left: right for left, right in pairs.items() if right}},
        )

    def _ordering(self) -> None:
        assert isinstance(self.question, q.Ordering)
        assert isinstance(self.key, k.OrderingKey)
        texts = {one.id: one.text for one in self.question.items}
        order = [name for name in self.key.order if name in texts] or list(texts)
        edit = self._area(to_lines((name, texts[name]) for name in order), "One a line, in the right order", 112)

        def told() -> None:
            assert isinstance(self.question, q.Ordering)
            assert isinstance(self.key, k.OrderingKey)
            known = {one.id: one.text for one in self.question.items}
            found = from_lines(edit.toPlainText(), [(name, known[name]) for name in self.key.order if name in known])
            items = scattered(q.Choice(id=one.id, text=one.text) for one in found)
            self.change({"items": items}, {"order": tuple(one.id for one in found)})

        edit.textChanged.connect(told)

    def _cloze(self) -> None:
        edit = self._area(from_gapped(self._gapped()), "Text with gaps: Darwin sailed on the {Beagle|HMS Beagle}.", 112)

        def told() -> None:
            found = to_gapped(edit.toPlainText(), self._gapped())
            self.change({"prompt": found.prompt, "gaps": found.gaps}, {"gaps": dict(found.keys)})

        edit.textChanged.connect(told)

    def _gapped(self) -> Gapped:
        assert isinstance(self.question, q.Cloze)
        gaps = self.key.gaps if isinstance(self.key, k.ClozeKey) else {}
        return Gapped(self.question.prompt, self.question.gaps, gaps)

    # --- what a person grades -----------------------------------------------------------------------------------

    def _essay(self) -> None:
        assert isinstance(self.question, q.Essay)
        assert isinstance(self.key, k.EssayKey)
        row = QHBoxLayout()
        for words, name in (("At least", "min_words"), ("At most", "max_words")):
            box = QSpinBox()
            box.setRange(0, 20_000)
            box.setSpecialValueText("any")
            box.setSuffix(" words")
            box.lineEdit().setTextMargins(6, 0, 0, 0)
            box.setAccessibleName(f"{words} so many words")
            box.setValue(getattr(self.question, name) or 0)
            box.valueChanged.connect(lambda value, name=name: self.change({name: value or None}))
            row.addWidget(QLabel(words))
            row.addWidget(box)
        row.addStretch(1)
        self._column.addLayout(row)
        typed = "\n".join(f"{one.title} = {one.points:g}" for one in self.key.rubric)
        edit = self._area(typed, "Rubric, one line each: what is looked at = points")
        edit.textChanged.connect(lambda: self._tell_rubric(edit.toPlainText()))
        answer = self._area(to_plain(self.key.model_answer), "A model answer, for graders only")
        answer.textChanged.connect(lambda: self.change(key={"model_answer": from_plain(answer.toPlainText())}))

    def _tell_rubric(self, typed: str) -> None:
        assert isinstance(self.key, k.EssayKey)
        known = {one.title: one for one in self.key.rubric}
        found = []
        for number, line in enumerate(one for one in typed.splitlines() if one.strip()):
            title, points = parted(line)
            spare = self.key.rubric[number] if number < len(self.key.rubric) else k.Criterion(id=new_id())
            worth = typed_number(points)
            same = known.get(title, replace(spare, title=title))
            found.append(replace(same, points=float(worth) if worth is not None and worth >= 0 else 1.0))
        self.change(key={"rubric": tuple(found)})

    def _passage(self) -> None:
        assert isinstance(self.question, q.FindPassage)
        assert isinstance(self.key, k.FindPassageKey)
        quotes = [one.quote.exact for one in self.key.passages if one.quote is not None]
        told = [f"“{words[:160]}” in {self.question.book_title}" for words in quotes]
        sentence = "Choose a passage on the right and press Enter, and it is the answer."
        self._column.addWidget(small(self._appearance, "\n".join(told) if told else sentence))

    # --- for all ------------------------------------------------------------------------------------------------

    def _feedback(self) -> None:
        if isinstance(self.question, q.OtherQuestion):
            return
        graded = not isinstance(self.question, q.Essay)
        for words, name in (("Said when it is right", "right"), ("Said when it is wrong", "wrong")) if graded else ():
            line = QLineEdit(to_plain(getattr(self.key.feedback, name)))
            line.setPlaceholderText(words)
            line.setAccessibleName(words)
            line.textEdited.connect(
                lambda text, name=name: self.change(key={"feedback": _saying(self.key.feedback, name, text)})
            )
            self._column.addWidget(line)

    def _area(self, text: str, name: str, height: int = 80) -> QPlainTextEdit:
        edit = QPlainTextEdit(text)
        edit.setAccessibleName(name)
        edit.setPlaceholderText(name)
        edit.setTabChangesFocus(True)
        edit.setFixedHeight(height)
        self._column.addWidget(edit)
        return edit


def _saying(feedback: k.Feedback, name: str, text: str) -> k.Feedback:
    return replace(feedback, right=from_plain(text)) if name == "right" else replace(feedback, wrong=from_plain(text))
