"""Places in books as the reader's own rows and words hold them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from alexandria_desktop.base.errors import Code, ReaderError
from sync.places.locator import Locator, NotAPlace


def place_of(data: Mapping[str, Any]) -> Locator:
    """Read the JSON form of a place; raises ReaderError(locator.invalid) on anything else."""
    try:
        return Locator.from_json(data)
    except NotAPlace as error:
        raise ReaderError(Code.LOCATOR_INVALID, "This is not a place in a book.", detail=str(error)) from error
