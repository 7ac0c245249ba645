"""Where each cover of a grid stands: numbers only, so that ten thousand books cost as little as ten."""

from __future__ import annotations

from dataclasses import dataclass

MARGIN = 16
"""Left and right of the grid; a cell has ``PAD`` within, so covers stand at 24."""
GAP = 8
PAD = 8
UNDER = 8 + 3 + 7 + 2 * 18 + 18
"""Below a cover: a gap, the progress line, a gap, two lines of title, one of authors."""
FOOT = 24
_LEAST = 132
"""The narrowest cover."""
_ROOMY = 1400
"""From this width on covers may be a little larger."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in the grid's own coordinates."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class GridGeometry:
    """The layout of ``count`` cells in ``width`` pixels below ``top`` pixels of other things."""

    width: int
    count: int
    top: int = 0

    @property
    def columns(self) -> int:
        """How many covers stand side by side."""
        least = _LEAST + (16 if self.width >= _ROOMY else 0)
        return max(2, (self.width - 2 * MARGIN + GAP) // (least + 2 * PAD + GAP))

    @property
    def cover_width(self) -> int:
        """The width of a cover's box, a multiple of 4."""
        cell = (self.width - 2 * MARGIN - (self.columns - 1) * GAP) // self.columns
        return max(48, (cell - 2 * PAD) // 4 * 4)

    @property
    def cover_height(self) -> int:
        """The height of a cover's box: two by three."""
        return self.cover_width * 3 // 2

    @property
    def cell_width(self) -> int:
        """The width of a cell."""
        return self.cover_width + 2 * PAD

    @property
    def cell_height(self) -> int:
        """The height of a cell."""
        return PAD + self.cover_height + UNDER + PAD

    @property
    def row_height(self) -> int:
        """From the top of a row to the top of the next."""
        return self.cell_height + GAP

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return -(-self.count // self.columns)

    @property
    def height(self) -> int:
        """The height of everything."""
        return self.top + self.rows * self.row_height + FOOT

    def cell(self, number: int) -> Box:
        """Return where a cell stands."""
        row, column = divmod(number, self.columns)
        return Box(self._left(column), self.top + row * self.row_height, self.cell_width, self.cell_height)

    def at(self, x: int, y: int) -> int | None:
        """Return the cell at a point, or None between cells."""
        row = (y - self.top) // self.row_height
        if y < self.top or (y - self.top) % self.row_height >= self.cell_height:
            return None
        for column in range(self.columns):
            left = self._left(column)
            if left <= x < left + self.cell_width:
                number = int(row * self.columns + column)
                return number if number < self.count else None
        return None

    def between(self, top: int, bottom: int) -> range:
        """Return the cells that show anything between two heights."""
        first = max(0, (top - self.top) // self.row_height) * self.columns
        last = max(0, (bottom - self.top) // self.row_height + 1) * self.columns
        return range(min(first, self.count), min(last, self.count))

    def _left(self, column: int) -> int:
        # What is left over goes between the columns, so that both edges are kept.
        room = self.width - 2 * MARGIN - self.cell_width
        return MARGIN + (room * column // (self.columns - 1) if self.columns > 1 else 0)
