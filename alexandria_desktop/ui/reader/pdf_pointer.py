"""What the mouse, the wheel and the touchpad mean on PDF pages: clicks, strokes, scrolling, zooming."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QEvent, QObject, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QMouseEvent, QNativeGestureEvent, QWheelEvent

from alexandria_desktop.ui.reader.pdf_pages import STEPS, Fit, Zoom
from alexandria_desktop.ui.reader.pdf_view import PdfView

NOTCH = 120
"""What Qt calls one step of a wheel."""

NOTCH_PIXELS = 90
EDGE_PAUSE = 250
"""Milliseconds between two pages turned by the wheel."""

_DRAG_EVERY = 30


class PdfPointer(QObject):
    """Watches the viewport of a view and says what was meant."""

    stirred = Signal()
    hovered = Signal(QPointF)
    pressed = Signal(QPointF, int, bool)
    """(where, how many clicks: 1 to 3, whether Shift was held)"""
    dragged = Signal(QPointF)
    released = Signal(QPointF, bool)
    """(where, whether it was dragged)"""

    def __init__(self, view: PdfView) -> None:
        super().__init__(view)
        self._view = view
        self._down: QPointF | None = None
        self._is_drag = False
        self._clicks = 0
        self._since_click = QElapsedTimer()
        self._since_turn = QElapsedTimer()
        self._wheel = 0.0
        self._at = QPointF()
        self._beyond = QTimer(self, interval=_DRAG_EVERY)
        self._beyond.timeout.connect(self._drag_beyond)
        view.viewport().installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Take the events of the viewport that mean something here."""
        kind = event.type()
        if isinstance(event, QMouseEvent):
            if kind in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick):
                return self._on_press(event)
            if kind == QEvent.Type.MouseMove:
                self._on_move(event)
                return True
            if kind == QEvent.Type.MouseButtonRelease:
                return self._on_release(event)
        elif isinstance(event, QWheelEvent):
            self._on_wheel(event)
            return True
        elif isinstance(event, QNativeGestureEvent) and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
            self._zoom_by(1 + event.value(), event.position())
            return True
        return False

    # --- clicks and strokes -------------------------------------------------------------------------------------

    def _on_press(self, event: QMouseEvent) -> bool:
        if event.button() != Qt.MouseButton.LeftButton:
            return False
        self._view.setFocus(Qt.FocusReason.MouseFocusReason)
        at = event.position()
        hints = QGuiApplication.styleHints()
        again = (
            self._since_click.isValid()
            and self._since_click.elapsed() < hints.mouseDoubleClickInterval()
            and (at - self._at).manhattanLength() < hints.startDragDistance()
        )
        self._clicks = self._clicks % 3 + 1 if again else 1
        self._since_click.start()
        self._down, self._is_drag, self._at = at, False, at
        self.pressed.emit(at, self._clicks, bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        return True

    def _on_move(self, event: QMouseEvent) -> None:
        at = event.position()
        if self._down is None or not event.buttons() & Qt.MouseButton.LeftButton:
            self.stirred.emit()
            self.hovered.emit(at)
            return
        if not self._is_drag:
            self._is_drag = (at - self._down).manhattanLength() >= QGuiApplication.styleHints().startDragDistance()
        if self._is_drag:
            self._at = at
            self.dragged.emit(at)
            inside = 0 <= at.y() <= self._view.viewport().height()
            if inside:
                self._beyond.stop()
            elif not self._beyond.isActive():
                self._beyond.start()

    def _on_release(self, event: QMouseEvent) -> bool:
        if self._down is None or event.button() != Qt.MouseButton.LeftButton:
            return False
        self._beyond.stop()
        self._down = None
        self.released.emit(event.position(), self._is_drag)
        return True

    def _drag_beyond(self) -> None:
        """Scroll while words are selected beyond the edge of the screen."""
        beyond = self._at.y() if self._at.y() < 0 else self._at.y() - self._view.viewport().height()
        self._view.scroll_by(beyond / 3, gliding=False)
        self.dragged.emit(self._at)

    # --- wheel --------------------------------------------------------------------------------------------------

    def _on_wheel(self, event: QWheelEvent) -> None:
        self.stirred.emit()
        turned = event.angleDelta()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._on_wheel_zoom(turned.y(), event.position())
            return
        across, down = event.pixelDelta().x() or turned.x(), event.pixelDelta().y() or turned.y()
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier and not across:
            across, down = down, 0
        if across:
            bar = self._view.horizontalScrollBar()
            bar.setValue(bar.value() - across)
        if not down or (self._view.is_single and self._turned_at_edge(down)):
            return
        if event.pixelDelta().isNull():
            self._view.scroll_by(-turned.y() / NOTCH * NOTCH_PIXELS)
        else:
            self._view.scroll_by(-event.pixelDelta().y(), gliding=False)

    def _turned_at_edge(self, down: int) -> bool:
        """Turn the page where one is shown at a time and its edge has been reached."""
        bar = self._view.verticalScrollBar()
        at_edge = bar.value() <= 0 if down > 0 else bar.value() >= bar.maximum()
        if not at_edge:
            return False
        if not self._since_turn.isValid() or self._since_turn.elapsed() > EDGE_PAUSE:
            self._since_turn.start()
            self._view.turn(-1 if down > 0 else 1)
        return True

    def _on_wheel_zoom(self, turned: int, at: QPointF) -> None:
        self._wheel += turned
        while abs(self._wheel) >= NOTCH:
            step = 1 if self._wheel > 0 else -1
            self._wheel -= step * NOTCH
            self._view.zoom_step(step, pivot=at)

    def _zoom_by(self, times: float, at: QPointF) -> None:
        factor = min(STEPS[-1], max(STEPS[0], self._view.factor * times))
        self._view.set_zoom(Zoom(Fit.FACTOR, factor), pivot=at)
