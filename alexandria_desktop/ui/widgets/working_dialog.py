"""A dialog that has things done off the Qt thread, and hears no more of what came of them once it is closed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtWidgets import QDialog, QWidget

from alexandria_desktop.base.errors import AlexandriaError
from alexandria_desktop.ui.context import Context

T = TypeVar("T")


class WorkingDialog(QDialog):
    """What such dialogs have."""

    def __init__(self, context: Context, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._is_over = False
        self.setWindowTitle(title)

    def work(
        self,
        call: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[AlexandriaError], None] | None = None,
    ) -> None:
        """Run something off the Qt thread. What was asked for is done even if the dialog is closed before it begins.

        What goes wrong is shown by the window, unless ``failed`` shows it here.
        """
        report = self._context.navigator.report

        def told(value: T) -> None:
            if not self._is_over:
                done(value)

        def complained(error: AlexandriaError) -> None:
            (report if self._is_over or failed is None else failed)(error)

        self._context.tasks.run(call, told, complained, priority=4)

    def done(self, result: int) -> None:
        """Close; the dialog may be gone when what is under way comes back."""
        self._is_over = True
        super().done(result)
