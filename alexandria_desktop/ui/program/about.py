"""About the program: its version, newer ones, what runs, and what others need to know to help."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QSize, Qt, QUrl, qVersion
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from alexandria_desktop import __version__
from alexandria_desktop.base.errors import AlexandriaError
from alexandria_desktop.doctor.finding import Finding, Severity
from alexandria_desktop.ui.appearance.fonts import TextSize
from alexandria_desktop.ui.context import Context
from alexandria_desktop.ui.program.updates_card import UpdatesCard
from alexandria_desktop.ui.program.words import heading, line
from alexandria_desktop.ui.widgets.button import ButtonKind, make_button

if TYPE_CHECKING:
    from alexandria_desktop.library.updating import Updates
    from alexandria_desktop.library.what_runs import WhatRuns

WIDEST = 720
FREE = (
    "Free software under the GNU Affero General Public License, version 3 or later. Nothing that you read or write "
    "leaves this computer unless you say so."
)
COPIED = "Copied. It names no book, no note and nobody."
LOOKING = "Looking around…"
_ICONS = {
    Severity.FAULT: ("error", "danger"),
    Severity.WARNING: ("warning", "warning"),
    Severity.NOTE: ("info", "muted"),
    Severity.OK: ("done", "success"),
}


class AboutView(QScrollArea):
    """One column of facts."""

    def __init__(self, context: Context, updates: Updates, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._report = ""
        look = context.appearance
        self.version = heading(look, f"Alexandria {__version__}", TextSize.TITLE)
        self.updates = UpdatesCard(context, updates)
        self.facts = QGridLayout()
        self.facts.setHorizontalSpacing(24)
        self.facts.setVerticalSpacing(8)
        self.facts.setColumnStretch(1, 1)
        self.folder = make_button("Open the library's folder", icon=look.icon("folder"))
        self.folder.clicked.connect(self._on_folder)
        self.said = line(look, LOOKING, tone="muted")
        self._trouble = QVBoxLayout()
        self._trouble.setSpacing(12)
        self.copy = make_button("Copy diagnostics", kind=ButtonKind.PLAIN, icon=look.icon("copy"))
        self.copy.clicked.connect(self.copy_report)
        self.copy.setEnabled(False)
        self.again = make_button("Look again", kind=ButtonKind.QUIET)
        self.again.clicked.connect(self.refresh)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(self._content())
        look.changed.connect(self.refresh)

    def refresh(self) -> None:
        """Look around."""
        library = self._context.library

        def look() -> WhatRuns:
            from alexandria_desktop.library.what_runs import what_runs

            return what_runs(library)

        self.updates.refresh()
        self.again.setEnabled(False)
        self._context.tasks.run(look, self._on_found, self._on_failed)

    def copy_report(self) -> None:
        """Put the diagnostics on the clipboard."""
        if self._report:
            QGuiApplication.clipboard().setText(self._report)
            self._context.navigator.say(COPIED)

    def _content(self) -> QWidget:
        look = self._context.appearance
        inner = QWidget()
        inner.setMaximumWidth(WIDEST)
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 16, 0, 32)
        column.setSpacing(12)
        column.addWidget(self.version)
        column.addWidget(line(look, FREE, tone="muted"))
        column.addSpacing(8)
        column.addWidget(_rule())
        column.addWidget(self.updates)
        column.addWidget(_rule())
        column.addWidget(heading(look, "What runs here"))
        column.addLayout(self.facts)
        column.addWidget(self.folder, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(_rule())
        column.addWidget(heading(look, "Diagnostics"))
        column.addWidget(self.said)
        column.addLayout(self._trouble)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.copy)
        buttons.addWidget(self.again)
        buttons.addStretch(1)
        column.addLayout(buttons)
        column.addStretch(1)
        content = QWidget()
        row = QHBoxLayout(content)
        row.setContentsMargins(24, 0, 24, 0)
        row.addWidget(inner, 1)
        row.addStretch(0)
        row.setAlignment(inner, Qt.AlignmentFlag(0))
        return content

    def _on_found(self, found: WhatRuns) -> None:
        self._report = found.report
        self.copy.setEnabled(True)
        self.again.setEnabled(True)
        _empty(self.facts)
        look = self._context.appearance
        for number, (name, words) in enumerate(_facts(found)):
            label = line(look, name, tone="muted")
            label.setWordWrap(False)
            value = line(look, words)
            value.setAccessibleName(f"{name}: {words}")
            self.facts.addWidget(label, number, 0, Qt.AlignmentFlag.AlignTop)
            self.facts.addWidget(value, number, 1)
        _empty(self._trouble)
        for one in found.trouble:
            self._trouble.addWidget(self._finding(one))
        bad = sum(1 for one in found.trouble if one.severity is not Severity.NOTE)
        self.said.setText(_sentence(bad, len(found.trouble) - bad))

    def _finding(self, one: Finding) -> QWidget:
        look = self._context.appearance
        row = QWidget()
        row.setAccessibleName(f"{one.sentence} {one.remedy}".strip())
        icon = QLabel()
        name, token = _ICONS[one.severity]
        icon.setPixmap(look.icon(name, token).pixmap(QSize(18, 18), self.devicePixelRatioF()))
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(line(look, one.sentence))
        if one.remedy:
            words.addWidget(line(look, one.remedy, tone="muted"))
        words.addWidget(line(look, one.code, tone="muted", is_small=True))
        across = QHBoxLayout(row)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(12)
        across.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        across.addLayout(words, 1)
        return row

    def _on_failed(self, error: AlexandriaError) -> None:
        self.again.setEnabled(True)
        self.said.setText(f"{error.message} ({error.code})")

    def _on_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._context.library.paths.root)))


def _facts(found: WhatRuns) -> Iterator[tuple[str, str]]:
    from PySide6.QtWebEngineCore import qWebEngineChromiumVersion

    yield "Library", str(found.library)
    yield "Kept by", found.database
    yield "Searched", found.search
    yield "Window", f"Qt {qVersion()}, {QGuiApplication.platformName()}"
    yield "Pages", f"Chromium {cast(str, qWebEngineChromiumVersion())}, drawn by {found.drawn_by}"
    yield "System", found.system


def _sentence(bad: int, notes: int) -> str:
    if bad:
        return "1 thing wants your eye." if bad == 1 else f"{bad} things want your eye."
    if notes:
        return "All works. Some of it could work better."
    return "All is well."


def _rule() -> QFrame:
    rule = QFrame()
    rule.setFrameShape(QFrame.Shape.HLine)
    return rule


def _empty(layout: QGridLayout | QVBoxLayout) -> None:
    while layout.count():
        item = layout.takeAt(0)
        widget = item.widget() if item is not None else None
        if widget is not None:
            widget.hide()
            widget.deleteLater()
