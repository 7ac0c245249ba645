"""What every place where a question is answered has, and the list that several of them use."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QWidget

from sync.assessing.questions.answers import Answer
from sync.assessing.questions.model import Choice
from sync.assessing.rich_text import to_plain

_NOTHING = "Choose…"


class Control(QWidget):
    """What all controls have."""

    changed = Signal(object)
    """(Answer | None)"""
    place_wanted = Signal(object)
    """(FindPassage): the reader wants to look for the words in the book."""

    def set_answer(self, answer: Answer | None) -> None:
        """Show an answer without telling of it."""

    def take_focus(self) -> None:
        """Put the keyboard where the answer is given."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)


def choice_box(choices: Iterable[Choice], name: str) -> QComboBox:
    """Return a list of choices that begins with none of them; ``name`` is read out."""
    box = QComboBox()
    box.setAccessibleName(name)
    box.addItem(_NOTHING, "")
    for choice in choices:
        box.addItem(to_plain(choice.text), choice.id)
    box.setMinimumHeight(34)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
    return box


def choose(box: QComboBox, name: str) -> None:
    """Show a choice by its id, or none, without telling of it."""
    was = box.blockSignals(True)
    box.setCurrentIndex(max(0, box.findData(name)))
    box.blockSignals(was)
