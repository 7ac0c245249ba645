"""The grid is laid out by arithmetic."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from alexandria_desktop.ui.shelf.grid_geometry import MARGIN, GridGeometry

grids = st.builds(GridGeometry, width=st.integers(320, 3840), count=st.integers(1, 10_000), top=st.integers(0, 260))


@given(grids, st.data())
def test_a_point_in_a_cell_leads_back_to_it(grid: GridGeometry, data: st.DataObject) -> None:
    number = data.draw(st.integers(0, grid.count - 1))
    cell = grid.cell(number)
    assert grid.at(cell.x + cell.width // 2, cell.y + cell.height // 2) == number


@given(grids)
def test_the_columns_keep_both_edges_and_never_touch(grid: GridGeometry) -> None:
    row = [grid._left(column) for column in range(grid.columns)]
    assert row[0] == MARGIN
    assert row[-1] + grid.cell_width == grid.width - MARGIN
    assert all(after - before >= grid.cell_width for before, after in pairwise(row))


@given(grids, st.data())
def test_what_a_region_shows_is_never_left_out(grid: GridGeometry, data: st.DataObject) -> None:
    number = data.draw(st.integers(0, grid.count - 1))
    cell = grid.cell(number)
    assert number in grid.between(cell.y - 400, cell.y)
    assert number in grid.between(cell.y + cell.height - 1, cell.y + cell.height + 400)


def test_there_is_no_book_between_the_cells_or_above_the_first_row() -> None:
    grid = GridGeometry(1040, 40, 200)
    first, second = grid.cell(0), grid.cell(1)
    assert grid.at((first.x + first.width + second.x) // 2, first.y + 10) is None
    assert grid.at(first.x + 5, 199) is None


def test_covers_are_two_by_three_on_a_grid_of_four() -> None:
    for width in range(600, 2600, 37):
        grid = GridGeometry(width, 10)
        assert grid.cover_width % 4 == 0
        assert grid.cover_height * 2 == grid.cover_width * 3
