"""The sidebar's lines: what can be renamed, and where books can be dropped."""

from __future__ import annotations

from uuid import UUID

import pytest
from PySide6.QtCore import QModelIndex, Qt
from pytestqt.qtbot import QtBot

from alexandria_desktop.store.collections import Collection
from alexandria_desktop.ui.shelf.book_model import books_as_mime
from alexandria_desktop.ui.shelf.places import ALL_BOOKS, NOTES, of_collection, of_series
from alexandria_desktop.ui.shelf.sidebar_model import Counts, SidebarModel

PHILOSOPHY = Collection(UUID(int=1), "Philosophy", None, 3)
BOOKS = [UUID(int=10), UUID(int=11)]


@pytest.fixture
def model(qapp: object) -> SidebarModel:
    made = SidebarModel()
    made.set_counts(Counts(412, 4, 977))
    made.set_collections([PHILOSOPHY])
    made.set_series([("Dune", 6)])
    return made


def line(model: SidebarModel, place: object) -> QModelIndex:
    return model.index(model.line_of(place))  # type: ignore[arg-type]


def test_a_line_is_read_out_with_its_count(model: SidebarModel) -> None:
    role = Qt.ItemDataRole.AccessibleTextRole
    assert line(model, ALL_BOOKS).data(role) == "All books, 412 books"
    assert line(model, NOTES).data(role) == "Notes, 977 notes"


def test_a_collection_is_renamed_in_its_line(model: SidebarModel, qtbot: QtBot) -> None:
    index = line(model, of_collection(PHILOSOPHY.id))
    with qtbot.waitSignal(model.renamed) as told:
        assert model.setData(index, "  Ancient   thought ")
    assert told.args == [PHILOSOPHY.id, "Ancient thought"]
    assert index.data() == "Ancient thought"


def test_an_empty_name_changes_nothing(model: SidebarModel, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(model.renamed):
        assert not model.setData(line(model, of_collection(PHILOSOPHY.id)), "   ")


def test_books_are_dropped_on_a_collection(model: SidebarModel, qtbot: QtBot) -> None:
    target = line(model, of_collection(PHILOSOPHY.id))
    with qtbot.waitSignal(model.dropped) as told:
        assert model.dropMimeData(books_as_mime(BOOKS), Qt.DropAction.CopyAction, -1, -1, target)
    assert told.args == [of_collection(PHILOSOPHY.id), BOOKS]


@pytest.mark.parametrize("place", [ALL_BOOKS, NOTES, of_series("Dune")])
def test_books_are_dropped_nowhere_else(model: SidebarModel, place: object) -> None:
    target = line(model, place)
    assert not model.canDropMimeData(books_as_mime(BOOKS), Qt.DropAction.CopyAction, -1, -1, target)


def test_series_fold_away(model: SidebarModel) -> None:
    assert model.line_of(of_series("Dune")) >= 0
    model.fold_series(is_open=False)
    assert model.line_of(of_series("Dune")) == -1
