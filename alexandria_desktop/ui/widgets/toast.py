"""Said in passing: a sentence and Undo, for eight seconds, at the foot of the window."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QEnterEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from alexandria_desktop.ui.widgets.button import make_button
from alexandria_desktop.ui.widgets.shadow import cast_shadow

LASTS_MS = 8000
MOST = 3
_MARGIN = 24
_ROOM = 20
"""Space around the toasts for their shadows."""


class Toast(QFrame):
    """One message; it waits while the pointer or the focus is on it."""

    undone = Signal()
    gone = Signal()

    def __init__(self, sentence: str, *, action: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(sentence)
        label = QLabel(sentence)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(len(sentence) > 70)
        label.setMaximumWidth(460)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 16 if not action else 8, 8)
        row.setSpacing(16)
        row.addWidget(label, 1)
        self.button = make_button(action)
        self.button.setVisible(bool(action))
        self.button.clicked.connect(self._on_undo)
        row.addWidget(self.button)
        self.setMinimumHeight(44)
        self._clock = QTimer(self, singleShot=True, interval=LASTS_MS)
        self._clock.timeout.connect(self.dismiss)
        self.button.installEventFilter(self)
        self._clock.start()

    def dismiss(self) -> None:
        """Go away; what was said stands."""
        self._clock.stop()
        self.hide()
        self.gone.emit()

    def is_waiting(self) -> bool:
        """Return whether the clock is held."""
        return not self._clock.isActive()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Hold the clock while the pointer is here."""
        self._clock.stop()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Let the clock run again."""
        self._run_on()
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape sends it away."""
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
            return
        super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Hold the clock while the keyboard is on the button."""
        if event.type() == QEvent.Type.FocusIn:
            self._clock.stop()
        elif event.type() == QEvent.Type.FocusOut:
            self._run_on()
        return super().eventFilter(watched, event)

    def _run_on(self) -> None:
        if self.isVisible() and not self.underMouse() and not self.button.hasFocus():
            self._clock.start()

    def _on_undo(self) -> None:
        self._clock.stop()
        self.hide()
        self.undone.emit()
        self.gone.emit()


class ToastStack(QWidget):
    """The place at the foot of a window where toasts stand, the newest below; the oldest goes when there are many."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._toasts: list[Toast] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(_ROOM, _ROOM, _ROOM, _ROOM)
        self._column.setSpacing(8)
        window.installEventFilter(self)
        self.hide()

    def say(self, sentence: str, *, action: str = "", undo: Callable[[], None] | None = None) -> Toast:
        """Show a sentence; with ``undo``, a button (``action``, or Undo) that calls it."""
        toast = Toast(sentence, action=action or ("Undo" if undo else ""))
        cast_shadow(toast)
        if undo is not None:
            toast.undone.connect(undo)
        toast.gone.connect(self._on_gone)
        self._toasts.append(toast)
        self._column.addWidget(toast, alignment=Qt.AlignmentFlag.AlignHCenter)
        while len(self._toasts) > MOST:
            self._toasts[0].dismiss()
        self.show()
        self.raise_()
        self._place()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, sentence))
        return toast

    def toasts(self) -> tuple[Toast, ...]:
        """Return what stands here now, the oldest first."""
        return tuple(self._toasts)

    def focus_newest(self) -> bool:
        """Put the keyboard on the newest button, for the command that undoes; False when there is none."""
        for toast in reversed(self._toasts):
            if toast.button.isVisible():
                toast.button.setFocus(Qt.FocusReason.ShortcutFocusReason)
                return True
        return False

    def event(self, event: QEvent) -> bool:
        """Find the place anew when a toast has its final size."""
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest and self._toasts:
            self._place()
        return done

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep to the foot of the window when it changes its size."""
        if event.type() == QEvent.Type.Resize and self._toasts:
            self._place()
        return super().eventFilter(watched, event)

    def _on_gone(self) -> None:
        toast = self.sender()
        if not isinstance(toast, Toast) or toast not in self._toasts:
            return
        self._toasts.remove(toast)
        self._column.removeWidget(toast)
        toast.deleteLater()
        self.setVisible(bool(self._toasts))
        self._place()

    def _place(self) -> None:
        size = self._column.sizeHint()
        left = (self._window.width() - size.width()) // 2
        top = self._window.height() - size.height() - (_MARGIN - _ROOM)
        self.setGeometry(left, top, size.width(), size.height())
