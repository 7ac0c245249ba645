"""What is kept of a book for finding, as a worker process makes it: plain data, and no database in reach."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alexandria_desktop.book.model import Passage
from alexandria_desktop.store.sections import StoredSection


@dataclass(frozen=True, slots=True)
class PreparedIndex:
    """What is kept of a book for finding; made in a worker process."""

    edition: str
    language: str | None
    passages: tuple[Passage, ...]
    chapters: tuple[str | None, ...]
    """The chapter of each passage, by the book's contents."""
    sections: tuple[StoredSection, ...]
    vectors: NDArray[np.int8]
    """Shape (passages, dimension); (0, 0) where none were made."""
