"""Drawn pages: cut into tiles, asked for as they come near, kept up to a limit, dropped when they are stale."""

from __future__ import annotations

import math
from collections import Counter, OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QObject, QRectF, Signal
from PySide6.QtGui import QImage

from alexandria_desktop.base.errors import AlexandriaError, Code
from alexandria_desktop.pdf.document import PdfDocument
from alexandria_desktop.pdf.model import PageColors, PageImage, PageInfo, Priority, Rect
from alexandria_desktop.ui.reader.pdf_answers import TRIES, Answer, Answers
from alexandria_desktop.ui.reader.pdf_night import turned

LARGEST_WHOLE = 3_300_000
"""Pixels up to which a page is one tile: one of letter size at 150 %, twice as sharp."""

TILE_WIDTH, TILE_HEIGHT = 2048, 1024
CACHE_BYTES = 96 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Tile:
    """A part of a page at one zoom, in the pixels of the screen."""

    page: int
    zoom: float
    """Pixels of the screen a point."""
    left: int
    top: int
    right: int
    bottom: int
    is_whole: bool = False

    @property
    def clip(self) -> Rect | None:
        """The part in points; None for the whole page."""
        if self.is_whole:
            return None
        return (self.left / self.zoom, self.top / self.zoom, self.right / self.zoom, self.bottom / self.zoom)

    @property
    def size_in_bytes(self) -> int:
        """The memory it takes when it is drawn."""
        return (self.right - self.left) * (self.bottom - self.top) * 4


def tiles_of(page: int, info: PageInfo, zoom: float, part: Rect | None = None) -> Iterator[Tile]:
    """Yield the tiles of a page, or of a part of it in the pixels of the screen."""
    zoom = round(zoom, 5)
    width, height = (max(1, math.ceil(side * zoom - 1e-3)) for side in (info.width, info.height))
    if width * height <= LARGEST_WHOLE:
        yield Tile(page, zoom, 0, 0, width, height, is_whole=True)
        return
    x0, y0, x1, y1 = part or (0, 0, width, height)
    for top in range(max(0, int(y0) // TILE_HEIGHT * TILE_HEIGHT), min(height, math.ceil(y1)), TILE_HEIGHT):
        for left in range(max(0, int(x0) // TILE_WIDTH * TILE_WIDTH), min(width, math.ceil(x1)), TILE_WIDTH):
            yield Tile(page, zoom, left, top, min(width, left + TILE_WIDTH), min(height, top + TILE_HEIGHT))


class Tiles(QObject):
    """Asks the worker for tiles and keeps what it drew, the latest used 96 MB of it."""

    arrived = Signal(int)
    """A tile of this page has been drawn, or cannot be."""

    def __init__(self, answers: Answers, *, limit: int = CACHE_BYTES) -> None:
        super().__init__()
        self._answers = answers
        self._limit = limit
        self._document: PdfDocument | None = None
        self._colors: PageColors | None = None
        self._is_dark = False
        self._kept: OrderedDict[Tile, QImage] = OrderedDict()
        self._of_page: dict[int, set[Tile]] = {}
        self._asked: dict[Tile, Answer] = {}
        self._tries: Counter[int] = Counter()
        self._unreadable: dict[int, str] = {}
        self.size = 0
        """Bytes of what is kept."""

    def set_document(self, document: PdfDocument | None) -> None:
        """Draw the pages of another document, or of none."""
        self._document = document
        self._tries.clear()
        self._unreadable.clear()
        self._drop_all()

    def set_colors(self, colors: PageColors, *, dark: bool) -> None:
        """Draw in other colours from now on."""
        if (colors, dark) != (self._colors, self._is_dark):
            self._colors, self._is_dark = colors, dark
            self._drop_all()

    def image(self, tile: Tile) -> QImage | None:
        """Return a tile if it has been drawn."""
        image = self._kept.get(tile)
        if image is not None:
            self._kept.move_to_end(tile)
        return image

    def others(self, page: int, zoom: float) -> list[tuple[QRectF, QImage]]:
        """Return what is kept of a page at other zooms, in points, to show until the sharp tiles come."""
        tiles = [tile for tile in self._of_page.get(page, ()) if tile.zoom != zoom]
        tiles.sort(key=lambda tile: -abs(math.log(tile.zoom / zoom)))  # the nearest last, over the others
        return [(_in_points(tile), self._kept[tile]) for tile in tiles]

    def fault(self, page: int) -> str | None:
        """Return why a page cannot be drawn, or None."""
        return self._unreadable.get(page)

    def want(self, visible: Iterable[Tile], ahead: Iterable[Tile]) -> None:
        """Ask for the tiles that are seen, then for those that soon will be; forget what was asked for else."""
        wanted: dict[Tile, Priority] = {}
        room = self._limit
        for tiles, priority in ((visible, Priority.VISIBLE), (ahead, Priority.PREFETCH)):
            for tile in tiles:
                room -= tile.size_in_bytes
                if room > 0 or priority is Priority.VISIBLE:
                    wanted.setdefault(tile, priority)
        for tile in [tile for tile in self._asked if tile not in wanted]:
            self._asked.pop(tile).cancel()
        for tile, priority in wanted.items():
            if tile not in self._asked and self.image(tile) is None and tile.page not in self._unreadable:
                self._ask(tile, priority)

    def close(self) -> None:
        """Let go of everything."""
        self._document = None
        self._drop_all()

    def _ask(self, tile: Tile, priority: Priority) -> None:
        document = self._document
        if document is None:
            return

        def drawn(image: QImage) -> None:
            self._asked.pop(tile, None)
            self._keep(tile, image)
            self.arrived.emit(tile.page)

        def failed(error: AlexandriaError) -> None:
            self._asked.pop(tile, None)
            self._on_failed(tile, priority, error)

        colors = self._colors
        turns = self._is_dark and colors is not None

        def shape(page: PageImage) -> QImage:
            return turned(page, colors) if turns and colors is not None else _to_image(page)

        tint = None if turns else colors
        future = document.draw(tile.page, zoom=tile.zoom, clip=tile.clip, colors=tint, priority=priority)
        self._asked[tile] = self._answers.listen(future, drawn, failed, shape=shape)

    def _on_failed(self, tile: Tile, priority: Priority, error: AlexandriaError) -> None:
        self._tries[tile.page] += 1
        if error.code is Code.PDF_WORKER and self._tries[tile.page] < TRIES:
            self._ask(tile, priority)
            return
        # a page over which the worker stops again and again must not keep it from the others
        self._unreadable[tile.page] = "This page cannot be drawn."
        self.arrived.emit(tile.page)

    def _keep(self, tile: Tile, image: QImage) -> None:
        self._kept[tile] = image
        self._of_page.setdefault(tile.page, set()).add(tile)
        self.size += image.sizeInBytes()
        while self.size > self._limit and len(self._kept) > 1:
            oldest, dropped = self._kept.popitem(last=False)
            self.size -= dropped.sizeInBytes()
            self._of_page[oldest.page].discard(oldest)

    def _drop_all(self) -> None:
        for answer in self._asked.values():
            answer.cancel()
        self._asked.clear()
        self._kept.clear()
        self._of_page.clear()
        self.size = 0


def _to_image(drawn: PageImage) -> QImage:
    """Make a picture in the screen's own format, which is painted fastest; runs off the Qt thread."""
    image = QImage(drawn.data, drawn.width, drawn.height, drawn.stride, QImage.Format.Format_RGB888)
    return image.convertToFormat(QImage.Format.Format_RGB32)


def _in_points(tile: Tile) -> QRectF:
    return QRectF(
        tile.left / tile.zoom,
        tile.top / tile.zoom,
        (tile.right - tile.left) / tile.zoom,
        (tile.bottom - tile.top) / tile.zoom,
    )
