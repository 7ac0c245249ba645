"""The pages of a PDF on the screen: laid out, scrolled, zoomed and painted. It knows of no library and no notes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, QTimer, QVariantAnimation, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from alexandria_desktop.pdf.model import PageInfo, Rect
from alexandria_desktop.ui.appearance.appearance import Appearance
from alexandria_desktop.ui.appearance.motion import QUICK_MS
from alexandria_desktop.ui.reader.pdf_pages import (
    GAP,
    POINT,
    Fit,
    PageLayout,
    Place,
    Zoom,
    from_display,
    step_from,
)
from alexandria_desktop.ui.reader.pdf_painting import Mark, PdfLook, on_screen, paint_fault, paint_marks, paint_page
from alexandria_desktop.ui.reader.pdf_tiles import Tile, Tiles, tiles_of

CHAPTER_LINE = 0.2
"""How far down the screen a heading is when its chapter has begun."""

READING_LINE = 0.3
"""How far down the screen the page is that counts as the one being read."""

LANDING = 1 / 3
"""How far down the screen words land that were jumped to."""

OVERLAP = 0.1
"""Part of the screen that stays when it is turned."""

AHEAD = 2
LINE = 60
"""Pixels that an arrow key scrolls."""


class PdfView(QAbstractScrollArea):
    """Shows pages; the surface tells it which, and what is marked on them."""

    scrolled = Signal()
    """What is on the screen has changed."""
    drawn = Signal()
    """Everything that is on the screen has been drawn."""

    def __init__(self, appearance: Appearance, tiles: Tiles, look: PdfLook, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._tiles = tiles
        self._look = look
        self._pages: tuple[PageInfo, ...] = ()
        self._layout: PageLayout | None = None
        self._zoom = Zoom()
        self._is_single = False
        self._anchor = (Place(0), 0.0)
        self._is_placing = False
        self._direction = 1
        self._wants: Callable[[QKeyEvent], bool] | None = None
        self.marks: Callable[[int], Iterable[Mark]] = lambda _page: ()
        """What is marked on a page."""
        self._glide = QVariantAnimation(self)
        self._glide.valueChanged.connect(self._on_glide)
        self._ask = QTimer(self, singleShot=True, interval=0)
        self._ask.timeout.connect(self._want_tiles)
        tiles.arrived.connect(self._on_tile)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.verticalScrollBar().setSingleStep(LINE)
        self.viewport().setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    # --- what is shown ------------------------------------------------------------------------------------------

    def set_pages(self, pages: tuple[PageInfo, ...]) -> None:
        """Show these pages."""
        self._pages = pages
        self._lay_out()

    def set_look(self, look: PdfLook) -> None:
        """Paint in other colours."""
        self._look = look
        self._tiles.set_colors(look.page_colors, dark=look.is_dark)
        self.viewport().update()
        self._ask.start()

    def set_key_filter(self, wants: Callable[[QKeyEvent], bool]) -> None:
        """Let ``wants`` see each key first."""
        self._wants = wants

    @property
    def is_single(self) -> bool:
        """Whether one page is shown at a time."""
        return self._is_single

    @property
    def zoom_now(self) -> Zoom:
        """What decides the zoom."""
        return self._zoom

    @property
    def factor(self) -> float:
        """The zoom of the page being read; 1.0 is 100 %."""
        return self._layout.scale(self.page) / POINT if self._layout is not None else 1.0

    @property
    def page(self) -> int:
        """The page being read."""
        layout = self._layout
        if layout is None:
            return 0
        if self.is_at_end:
            return layout.page_at(self._top + self.viewport().height() - GAP)
        return layout.page_at(self._top + READING_LINE * self.viewport().height())

    @property
    def place(self) -> Place:
        """The place at the top of the screen."""
        anchor, at = self._anchor
        if not at or self._layout is None:
            return anchor
        return self._layout.place_at(self._top)

    @property
    def chapter_place(self) -> Place:
        """The place that tells the chapter."""
        if self._layout is None:
            return Place(0)
        if self.is_at_end:
            return Place(self.page, 1.0)
        return self._layout.place_at(self._top + CHAPTER_LINE * self.viewport().height())

    @property
    def is_at_start(self) -> bool:
        """Whether nothing comes before."""
        first = self._layout is None or self._layout.first == 0
        return first and self.verticalScrollBar().value() <= 0

    @property
    def is_at_end(self) -> bool:
        """Whether nothing follows."""
        bar = self.verticalScrollBar()
        last = self._layout is None or not self._is_single or self._layout.first == len(self._pages) - 1
        return last and bar.value() >= bar.maximum()

    def visible_pages(self) -> range:
        """Return the pages of which something is on the screen."""
        if self._layout is None:
            return range(0)
        return self._layout.pages_between(self._top, self._top + self.viewport().height() - 1)

    # --- going somewhere ----------------------------------------------------------------------------------------

    def show_place(self, place: Place, at: float = 0.0) -> None:
        """Bring a place to a height of the screen, 0 its top."""
        self._glide.stop()
        last = len(self._pages) - 1
        self._anchor = (Place(min(max(0, place.page), last), place.fraction) if self._pages else place, at)
        if self._layout is not None and not self._layout.has(self._anchor[0].page):
            self._lay_out()
        else:
            self._put_anchor()

    def show_rect(self, page: int, rect: Rect) -> None:
        """Bring a rectangle of a page (unturned) to a third of the screen's height, and into sight across."""
        x0, y0, x1, _ = self._display(page, rect)
        self.show_place(Place(page, y0 / max(1.0, self._pages[page].height)), LANDING)
        if self._layout is not None:
            left, scale = self._layout.rect(page)[0], self._layout.scale(page)
            bar, width = self.horizontalScrollBar(), self.viewport().width()
            if left + x0 * scale < bar.value() or left + x1 * scale > bar.value() + width:
                bar.setValue(int(left + x0 * scale - GAP))

    def reveal(self, page: int, rect: Rect) -> None:
        """Scroll just so far that a rectangle of a page (unturned) is on the screen."""
        box = self.rect_on_screen(page, rect)
        if box is None:
            self.show_rect(page, rect)
        elif box.top() < GAP or box.bottom() > self.viewport().height() - GAP:
            beyond = box.top() - GAP if box.top() < GAP else box.bottom() - self.viewport().height() + GAP
            self.scroll_by(beyond)

    def turn(self, direction: int) -> None:
        """Go on or back by a screen, or by a page where one is shown at a time."""
        if self._layout is None:
            return
        bar = self.verticalScrollBar()
        goal = self._goal()
        if self._is_single and (goal >= bar.maximum() if direction > 0 else goal <= 0):
            page = self._layout.first + direction
            if 0 <= page < len(self._pages):
                self._direction = direction
                self.show_place(Place(page, 0.0 if direction > 0 else 1.0), 0.0 if direction > 0 else 1.0)
            return
        self.scroll_by(direction * self.viewport().height() * (1 - OVERLAP))

    def scroll_by(self, pixels: float, *, gliding: bool = True) -> None:
        """Scroll down or up; gliding shows where the lines went."""
        bar = self.verticalScrollBar()
        goal = int(max(bar.minimum(), min(bar.maximum(), self._goal() + round(pixels))))
        milliseconds = self._appearance.duration(QUICK_MS) if gliding and self.isVisible() else 0
        self._glide.stop()
        if milliseconds == 0 or goal == bar.value():
            bar.setValue(goal)
            return
        self._glide.setDuration(milliseconds)
        self._glide.setStartValue(bar.value())
        self._glide.setEndValue(goal)
        self._glide.start()

    def set_single(self, *, single: bool) -> None:
        """Show one page at a time, as large as it fits, or one long scroll."""
        if single == self._is_single:
            return
        place = self._layout.place_at(self._top + READING_LINE * self.viewport().height()) if self._layout else Place(0)
        self._glide.stop()
        self._is_single = single
        self._zoom = Zoom(Fit.PAGE if single else Fit.WIDTH)
        self._anchor = (Place(place.page, 0.0 if single else place.fraction), 0.0 if single else READING_LINE)
        self._lay_out()

    def set_zoom(self, zoom: Zoom, *, pivot: QPointF | None = None) -> None:
        """Zoom; what is under ``pivot``, else in the middle of the screen, stays there."""
        if zoom == self._zoom or self._layout is None:
            return
        self._glide.stop()
        height, width = max(1, self.viewport().height()), max(1, self.viewport().width())
        point = pivot or QPointF(width / 2, height / 2)
        place = self._layout.place_at(self._top + point.y())
        across = (self.horizontalScrollBar().value() + point.x()) / self._layout.content_width
        self._zoom = zoom
        self._anchor = (place, point.y() / height)
        self._lay_out()
        if self._layout is not None:
            self.horizontalScrollBar().setValue(round(across * self._layout.content_width - point.x()))

    def zoom_step(self, step: int, *, pivot: QPointF | None = None) -> None:
        """Zoom in (1) or out (-1) to the next step, or to where it began (0)."""
        if step == 0:
            self.set_zoom(Zoom(Fit.PAGE if self._is_single else Fit.WIDTH), pivot=pivot)
        else:
            self.set_zoom(Zoom(Fit.FACTOR, step_from(self.factor, step)), pivot=pivot)

    # --- places on the screen -----------------------------------------------------------------------------------

    def page_point(self, at: QPointF) -> tuple[int, float, float] | None:
        """Return the page at a point of the screen, and the point on that page unturned."""
        layout = self._layout
        if layout is None:
            return None
        page = layout.page_at(at.y() + self._top)
        if layout.has(page + 1) and at.y() + self._top > layout.rect(page)[3] + GAP / 2:
            page += 1
        left, top, _, _ = layout.rect(page)
        scale = layout.scale(page)
        x = (at.x() + self.horizontalScrollBar().value() - left) / scale
        y = (at.y() + self._top - top) / scale
        return (page, *from_display(self._pages[page], x, y))

    def rect_on_screen(self, page: int, rect: Rect) -> QRectF | None:
        """Return where a rectangle of a page (unturned) is on the screen; None where its page is not laid out."""
        if self._layout is None or not self._layout.has(page):
            return None
        return on_screen(rect, self._pages[page], self._page_rect(page), self._layout.scale(page))

    # --- laying out ---------------------------------------------------------------------------------------------

    @property
    def _top(self) -> int:
        return self.verticalScrollBar().value()

    def _goal(self) -> int:
        running = self._glide.state() is QVariantAnimation.State.Running
        return int(self._glide.endValue()) if running else self.verticalScrollBar().value()

    def _lay_out(self) -> None:
        if not self._pages:
            return
        size = self.viewport().size()
        only = self._anchor[0].page if self._is_single else None
        self._layout = PageLayout(self._pages, size.width(), size.height(), self._zoom, only=only)
        self._is_placing = True
        vertical, horizontal = self.verticalScrollBar(), self.horizontalScrollBar()
        vertical.setRange(0, max(0, round(self._layout.content_height) - size.height()))
        vertical.setPageStep(size.height())
        beyond = max(0, round(self._layout.content_width) - size.width())
        was_centred = horizontal.maximum() == 0
        horizontal.setRange(0, beyond)
        horizontal.setPageStep(size.width())
        if was_centred:
            horizontal.setValue(beyond // 2)
        self._is_placing = False
        self._put_anchor()

    def _put_anchor(self) -> None:
        if self._layout is None:
            return
        place, at = self._anchor
        y = self._layout.y_of(place) - at * self.viewport().height()
        if place.fraction == 0.0 and at == 0.0:
            y -= GAP
        self._is_placing = True
        self.verticalScrollBar().setValue(round(y))
        self._is_placing = False
        self._changed()

    def _changed(self) -> None:
        self.viewport().update()
        self._ask.start()
        self.scrolled.emit()

    def _page_rect(self, page: int) -> QRectF:
        """Return where a page is on the screen, on whole pixels of it, so that letters stay sharp."""
        assert self._layout is not None
        left, top, right, bottom = self._layout.rect(page)
        ratio = self.devicePixelRatioF()
        x = round((left - self.horizontalScrollBar().value()) * ratio) / ratio
        y = round((top - self._top) * ratio) / ratio
        return QRectF(x, y, round((right - left) * ratio) / ratio, round((bottom - top) * ratio) / ratio)

    def _display(self, page: int, rect: Rect) -> Rect:
        box = on_screen(rect, self._pages[page], QRectF(), 1.0)
        return (box.left(), box.top(), box.right(), box.bottom())

    # --- tiles --------------------------------------------------------------------------------------------------

    def _visible_tiles(self, page: int) -> list[Tile]:
        assert self._layout is not None
        ratio, rect = self.devicePixelRatioF(), self._page_rect(page)
        seen = rect.intersected(QRectF(self.viewport().rect())).translated(-rect.topLeft())
        part = (seen.left() * ratio, seen.top() * ratio, seen.right() * ratio, seen.bottom() * ratio)
        return list(tiles_of(page, self._pages[page], self._layout.scale(page) * ratio, part))

    def _tiles_ahead(self) -> Iterator[Tile]:
        assert self._layout is not None
        seen = self.visible_pages()
        onward = (
            range(seen[-1], seen[-1] + AHEAD + 1) if self._direction > 0 else range(seen[0], seen[0] - AHEAD - 1, -1)
        )
        behind = seen[0] - 1 if self._direction > 0 else seen[-1] + 1
        for page in (*onward, behind):
            if 0 <= page < len(self._pages):
                zoom = self._layout.scale(page) * self.devicePixelRatioF()
                yield from tiles_of(page, self._pages[page], zoom)

    def _want_tiles(self) -> None:
        if self._layout is None or not self.isVisible():
            return
        visible = [tile for page in self.visible_pages() for tile in self._visible_tiles(page)]
        self._tiles.want(visible, self._tiles_ahead())

    def _on_tile(self, page: int) -> None:
        if page in self.visible_pages():
            self.viewport().update()

    # --- events -------------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the pages that are on the screen."""
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), self._look.desk)
        is_whole = self._layout is not None
        for page in self.visible_pages():
            is_whole &= self._paint(painter, page)
        painter.end()
        if is_whole:
            self.drawn.emit()

    def _paint(self, painter: QPainter, page: int) -> bool:
        assert self._layout is not None
        rect, scale = self._page_rect(page), self._layout.scale(page)
        fault = self._tiles.fault(page)
        tiles = [(tile, self._tiles.image(tile)) for tile in self._visible_tiles(page)] if fault is None else []
        is_whole = all(image is not None for _, image in tiles)
        older = [] if is_whole else self._tiles.others(page, tiles[0][0].zoom)
        paint_page(painter, self._look, rect, scale, tiles, older, self.devicePixelRatioF())
        if fault is not None:
            paint_fault(painter, self._look, rect, fault, self._appearance.font())
        else:
            paint_marks(painter, self._look, rect, scale, self._pages[page], self.marks(page))
        return is_whole

    def scrollContentsBy(self, _dx: int, dy: int) -> None:
        """Show another part of the content."""
        if self._is_placing or self._layout is None:
            return
        if dy:
            self._direction = -1 if dy > 0 else 1
            self._anchor = (self._layout.place_at(self._top), 0.0)
        self._changed()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the words at the top of the screen there."""
        super().resizeEvent(event)
        self._lay_out()

    def showEvent(self, event: QShowEvent) -> None:
        """Draw what was not drawn while nobody saw it."""
        super().showEvent(event)
        self._ask.start()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Scroll by lines with the arrows where pages run on; else the frame sees keys first."""
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain and not self._is_single and event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.scroll_by(LINE if event.key() == Qt.Key.Key_Down else -LINE)
            return
        if self._wants is not None and self._wants(event):
            event.accept()
            return
        event.ignore()

    def event(self, event: QEvent) -> bool:
        """Draw anew on a screen of another sharpness."""
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._ask.start()
        return super().event(event)

    def _on_glide(self, value: object) -> None:
        if isinstance(value, int):
            self.verticalScrollBar().setValue(value)
