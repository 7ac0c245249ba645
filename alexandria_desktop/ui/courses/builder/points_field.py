"""A field for the points of a question."""

from __future__ import annotations

from PySide6.QtCore import QLocale
from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QDoubleSpinBox

from alexandria_desktop.teach.authoring.lines import typed_number


class _Points(QDoubleSpinBox):
    """Shows 1 and not 1.00."""

    def textFromValue(self, value: float) -> str:
        """Return the number without zeros that say nothing."""
        return f"{value:g} {'point' if value == 1 else 'points'}"

    def valueFromText(self, text: str) -> float:
        """Return the number before the word."""
        return self.locale().toDouble(text.split(" ")[0].replace(",", "."))[0]

    def validate(self, text: str, place: int) -> tuple[QValidator.State, str, int]:
        """Take a number, with or without the word."""
        number = typed_number(text.split(" ")[0])
        state = QValidator.State.Acceptable if number is not None else QValidator.State.Intermediate
        return state, text, place


def points_field(points: float) -> QDoubleSpinBox:
    """Return a field for the points of a question."""
    box = _Points()
    box.setRange(0, 1000)
    box.setDecimals(2)
    box.setSingleStep(1)
    box.lineEdit().setTextMargins(6, 0, 0, 0)
    box.setLocale(QLocale.c())
    box.setAccessibleName("Points")
    box.setValue(points)
    return box
