"""How a request is refused: one exception, one shape of answer, and what faults of the database mean to the caller."""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec
import psycopg
from msgspec import Struct
from psycopg import errors as pg
from psycopg_pool import PoolClosed, PoolTimeout, TooManyRequests


class Refused(Exception):  # noqa: N818 - a refusal is an answer, not a fault
    """The request is answered with a status, a stable code and one sentence for people."""

    def __init__(self, status: int, code: str, sentence: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(sentence)
        self.status = status
        self.code = code
        self.sentence = sentence
        self.headers = dict(headers or {})


class Refusal(Struct, frozen=True):
    """Why a request was refused."""

    code: str
    message: str


class ErrorBody(Struct, frozen=True):
    """The body of every answer with a status of 400 or more."""

    error: Refusal


RETRIED = (pg.SerializationFailure, pg.DeadlockDetected)
"""Faults that go away when the transaction is run again."""

_OWN_SQLSTATE = re.compile(r"AL(\d{3})")
_PLACE = re.compile(r"at `\$?\.?([^`]*)`$")
_FIELD = re.compile(r"field `([^`]+)`")


def invalid(field: str, sentence: str) -> Refused:
    """Return the refusal of a value; the code names its field."""
    return Refused(422, f"invalid.{field}" if field else "invalid_body", sentence)


def not_found(what: str = "This") -> Refused:
    """Return the refusal for what does not exist or may not be seen, which must look the same."""
    return Refused(404, "not_found", f"{what} does not exist.")


def from_validation(fault: msgspec.ValidationError) -> Refused:
    """Return the refusal of a body whose JSON is sound but which is not what the route takes."""
    words = str(fault)
    place = _PLACE.search(words)
    named = _FIELD.search(words)
    path = re.sub(r"\[[^]]*\]", "", place[1]) if place else ""
    field = ".".join(part for part in (path, named[1] if named else "") if part)
    # A pattern tells people nothing.
    return invalid(field, "A value has not the form that it needs." if "regex" in words else f"{words}.")


def from_database(fault: psycopg.Error | PoolTimeout | PoolClosed | TooManyRequests) -> Refused | None:
    """Return what a fault of the database means to the caller, or None where it is our own."""
    own = _OWN_SQLSTATE.fullmatch(fault.sqlstate or "") if isinstance(fault, psycopg.Error) else None
    if own is not None and isinstance(fault, psycopg.Error):
        return Refused(int(own[1]), fault.diag.message_detail or "refused", fault.diag.message_primary or "Refused.")
    if isinstance(fault, PoolTimeout | TooManyRequests):
        return Refused(503, "busy", "No connection to the database is free.", _BUSY)
    if isinstance(fault, psycopg.OperationalError) and fault.sqlstate is None:
        return Refused(503, "database_unavailable", "The database does not answer.", {"Retry-After": "5"})
    state = (fault.sqlstate or "22000" if isinstance(fault, psycopg.DataError) else fault.sqlstate) or ""
    return next((Refused(*answer) for start, answer in _MEANINGS if state.startswith(start)), None)


_BUSY = {"Retry-After": "1"}
_MEANINGS: tuple[tuple[str, tuple[int, str, str, Mapping[str, str]]], ...] = (
    ("42501", (403, "not_allowed", "This account may not do that.", {})),
    ("23505", (409, "already_there", "There is such a thing already.", {})),
    ("23503", (422, "unknown_reference", "A value points to something that does not exist.", {})),
    ("23", (422, "invalid_value", "A value is not one that may be stored.", {})),
    ("22", (422, "invalid_value", "A value is not one that may be stored.", {})),
    ("54", (422, "too_complex", "A value is too large to be stored or searched.", {})),
    ("40", (503, "busy", "Others changed the same things at the same time.", _BUSY)),
    ("55P03", (503, "busy", "Others are changing the same things.", _BUSY)),
    ("57014", (504, "too_slow", "This took too long.", {})),
    ("57P", (503, "database_unavailable", "The database is restarting.", {"Retry-After": "5"})),
    ("53", (503, "busy", "The database has no room for more work.", _BUSY)),
)
"""By the beginning of the SQLSTATE; the first that fits."""
