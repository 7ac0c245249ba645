"""What SQLite complains of, in the program's own errors."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from alexandria_desktop.base.errors import AlexandriaError, Code, ProgramError, SurroundingsError

_BUSY, _LOCKED, _READ_ONLY, _IO, _CORRUPT, _FULL, _CANNOT_OPEN, _CONSTRAINT, _NOT_A_DATABASE = (
    5,
    6,
    8,
    10,
    11,
    13,
    14,
    19,
    26,
)

_INTERRUPTED = 9

_BUSY_SENTENCE = "Another window of the program is busy with this library. Try again in a moment."

_SENTENCES = {
    _BUSY: (Code.STORE_BUSY, _BUSY_SENTENCE),
    _LOCKED: (Code.STORE_BUSY, _BUSY_SENTENCE),
    _READ_ONLY: (Code.STORE_READ_ONLY, "The library's folder may not be written to."),
    _CANNOT_OPEN: (Code.STORE_READ_ONLY, "The library's files cannot be opened. Its folder may be read-only or gone."),
    _IO: (Code.STORE_FULL, "The disk of the library did not take the change. It may be full or failing."),
    _FULL: (Code.STORE_FULL, "The disk is full. Nothing was lost; make room and try again."),
    _CORRUPT: (Code.STORE_DAMAGED, "The library's database is damaged. Check it, then restore the last backup."),
    _NOT_A_DATABASE: (Code.STORE_DAMAGED, "The library's database is damaged. Check it, then restore the last backup."),
}


def primary_code(error: BaseException) -> int | None:
    """Return SQLite's primary result code of a driver's error, or None."""
    original = error.orig if isinstance(error, DBAPIError) else error
    extended = getattr(original, "sqlite_errorcode", None)
    return extended & 0xFF if isinstance(extended, int) else None


def is_damage(error: BaseException) -> bool:
    """Say whether an error means that the file itself is broken."""
    return primary_code(error) in (_CORRUPT, _NOT_A_DATABASE)


def was_interrupted(error: BaseException) -> bool:
    """Say whether a query ended because somebody called ``interrupt``."""
    return primary_code(error) == _INTERRUPTED


def explain(error: BaseException) -> AlexandriaError | None:
    """Return the program's error for a driver's error, or None for what is no fault of the store."""
    code = primary_code(error)
    if code is None:
        return None
    detail = str(getattr(error, "orig", error))
    if code == _CONSTRAINT:
        return ProgramError(Code.STORE_CONFLICT, "The change does not fit what the library holds.", detail=detail)
    if code in _SENTENCES:
        known, sentence = _SENTENCES[code]
        return SurroundingsError(known, sentence, detail=detail)
    return None


@contextmanager
def explained() -> Iterator[None]:
    """Turn a driver's error inside the block into the program's."""
    try:
        yield
    except DBAPIError as error:
        known = explain(error)
        if known is None:
            raise
        raise known from error
