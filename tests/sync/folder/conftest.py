"""Laptops that share a folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from sync.schema.ids import uuid7
from tests.sync.folder.carrier import room_for_folders
from tests.sync.folder.laptops import FolderLaptop, folder_laptop

NewFolderLaptop = Callable[..., FolderLaptop]


@pytest.fixture
def carried(tmp_path: Path) -> Iterator[Path]:
    """Where the folders that devices share lie."""
    with room_for_folders(tmp_path) as room:
        yield room


@pytest.fixture
def new_one(tmp_path: Path, carried: Path) -> Iterator[NewFolderLaptop]:
    """Makes a laptop that uses the one folder, or another that is named."""
    with ExitStack() as stack:
        made: list[FolderLaptop] = []

        def make(**more: Any) -> FolderLaptop:
            folder = more.pop("folder", carried / "shared")
            user = more.pop("user", None) or uuid7()
            found = folder_laptop(tmp_path / f"laptop-{len(made)}", folder, user, **more)
            made.append(stack.enter_context(found))
            return made[-1]

        yield make


@pytest.fixture
def pair(new_one: NewFolderLaptop) -> tuple[FolderLaptop, FolderLaptop]:
    """Two laptops that use one folder."""
    return new_one(), new_one()
