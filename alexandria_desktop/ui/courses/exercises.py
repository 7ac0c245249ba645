"""Blocks that ask for something to be done, as often as one likes; nobody grades them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout

from alexandria_desktop.teach import blocks as b
from alexandria_desktop.ui.appearance.appearance import Appearance
from alexandria_desktop.ui.appearance.fonts import MEDIUM
from alexandria_desktop.ui.courses.answering import control_for
from alexandria_desktop.ui.courses.block_view import BlockView
from alexandria_desktop.ui.courses.control import Control
from alexandria_desktop.ui.courses.words import Words, small
from alexandria_desktop.ui.widgets.button import make_button
from sync.assessing.questions.answers import Answer, Matched, Ordered
from sync.assessing.questions.model import Choice, Matching, Ordering
from sync.assessing.questions.shuffling import scattered, shown


class Reveal(BlockView):
    """A heading that opens."""

    def __init__(self, appearance: Appearance, block: b.RevealBlock) -> None:
        super().__init__()
        self._appearance = appearance
        self._prompt = Words(appearance, block.prompt, weight=MEDIUM)
        self._words = Words(appearance, block.html)
        self._button = make_button("Show", icon=appearance.icon("expand"))
        self._button.setCheckable(True)
        self._button.toggled.connect(self._show)
        for part in (self._prompt, self._button, self._words):
            self.column.addWidget(part, 0, Qt.AlignmentFlag.AlignLeft if part is self._button else Qt.AlignmentFlag(0))
        self._show(opened=False)

    def _show(self, opened: bool) -> None:
        self._words.setVisible(opened)
        self._button.setText("Hide" if opened else "Show")
        self._button.setIcon(self._appearance.icon("collapse" if opened else "expand"))


class _Trying(BlockView):
    """An exercise that says whether it is right, as often as one likes."""

    def __init__(self, appearance: Appearance, prompt: str, control: Control, right: Answer) -> None:
        super().__init__()
        self._right = right
        self._given: Answer | None = None
        self._said = small(appearance, tone="text")
        self._check = make_button("Check")
        self._check.clicked.connect(self._on_check)
        control.changed.connect(self._on_changed)
        self.column.addWidget(Words(appearance, prompt, weight=MEDIUM))
        self.column.addWidget(control)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self._check)
        row.addWidget(self._said, 1)
        self.column.addLayout(row)

    def _on_changed(self, answer: Answer | None) -> None:
        self._given = answer
        self._said.setText("")

    def _on_check(self) -> None:
        self._said.setText(_verdict(self._given, self._right))


def _verdict(given: Answer | None, right: Answer) -> str:
    match given, right:
        case Matched(pairs), Matched(wanted):
            good = sum(pairs.get(one) == other for one, other in wanted.items())
            return "All of it is right." if good == len(wanted) else f"{good} of {len(wanted)} are right."
        case Ordered(order), Ordered(wanted):
            good = sum(one == other for one, other in zip(order, wanted, strict=False))
            return "That is the order." if order == wanted else f"{good} of {len(wanted)} are in their place."
    return "Not tried yet."


def order_of(appearance: Appearance, block: b.OrderBlock) -> BlockView:
    """Return things to put in order."""
    items = tuple(Choice(id=item.id, text=item.text) for item in block.items)
    question = shown(Ordering(id=block.id, items=scattered(items)), block.id)
    right = Ordered(tuple(item.id for item in block.items))
    return _Trying(appearance, block.prompt, control_for(appearance, question), right)


def match_of(appearance: Appearance, block: b.MatchBlock) -> BlockView:
    """Return pairs to bring together."""
    left = tuple(Choice(id=pair.id, text=pair.left) for pair in block.pairs)
    rights = tuple(Choice(id=pair.id, text=pair.right) for pair in block.pairs)
    question = shown(Matching(id=block.id, premises=left, responses=scattered(rights)), block.id)
    right = Matched({pair.id: pair.id for pair in block.pairs})
    return _Trying(appearance, block.prompt, control_for(appearance, question), right)
