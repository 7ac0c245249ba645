"""A library of a teacher who has a book, and a course begun in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from alexandria_desktop.library.library import Library


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library", vectors="numpy") as opened:
        yield opened


@pytest.fixture
def course(library: Library) -> UUID:
    return library.authoring.make_course("The origin of species")
