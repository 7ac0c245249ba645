"""Requests and answers as JSON, so that nothing a broken file does to the worker can run code in the program.

Pixels and covers travel beside the JSON: as a second frame, or in shared memory where they are large.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import orjson

from alexandria_desktop.base.errors import AlexandriaError, Code, ProgramError, ReaderError, SurroundingsError
from alexandria_desktop.pdf.model import (
    Link,
    OutlineEntry,
    PageImage,
    PageInfo,
    PageWords,
    PdfInfo,
    Rect,
    SearchHit,
    Word,
)

_KINDS = {"reader": ReaderError, "surroundings": SurroundingsError, "program": ProgramError}


def dump(value: object) -> bytes:
    """Return a frame."""
    return orjson.dumps(value)


def load(frame: bytes) -> dict[str, Any]:
    """Read a frame."""
    value = orjson.loads(frame)
    if not isinstance(value, dict):
        raise ValueError("a frame is an object")
    return value


def path_to_text(path: Path) -> str:
    """Return a path as text that JSON holds whatever its bytes."""
    return os.fsencode(path).decode("latin-1")


def path_from_text(text: str) -> Path:
    """Undo ``path_to_text``."""
    return Path(os.fsdecode(text.encode("latin-1")))


def error_to_json(error: AlexandriaError) -> dict[str, str]:
    """Return an error as a plain object."""
    kind = next((name for name, kind in _KINDS.items() if isinstance(error, kind)), "program")
    return {"kind": kind, "code": error.code.value, "message": error.message, "detail": printable(error.detail)}


def error_from_json(data: Mapping[str, Any]) -> AlexandriaError:
    """Read an error."""
    kind = _KINDS.get(str(data.get("kind")), ProgramError)
    return kind(Code(data["code"]), str(data["message"]), detail=str(data.get("detail", "")))


def printable(text: str) -> str:
    """Return text without lone surrogates, which JSON cannot hold."""
    return text.encode("utf-8", "replace").decode("utf-8")


def info_from_json(data: Mapping[str, Any]) -> PdfInfo:
    """Read a document's description."""
    return PdfInfo(
        pages=tuple(_page_info(page) for page in data["pages"]),
        labels=tuple(data["labels"]),
        outline=tuple(OutlineEntry(**entry) for entry in data["outline"]),
        metadata=tuple((name, value) for name, value in data["metadata"]),
        was_repaired=data["was_repaired"],
        needed_password=data["needed_password"],
    )


def _page_info(data: Mapping[str, Any]) -> PageInfo:
    a, b, c, d, e, f = data["to_display"]
    return PageInfo(data["width"], data["height"], data["rotation"], (a, b, c, d, e, f))


def words_from_json(data: Mapping[str, Any]) -> PageWords:
    """Read a page's words."""
    return PageWords(
        data["text"],
        tuple(
            Word(word["text"], word["start"], word["end"], rect_from_json(word["rect"]), word["line"])
            for word in data["words"]
        ),
    )


def rects_from_json(data: Iterable[Any]) -> tuple[Rect, ...]:
    """Read rectangles."""
    return tuple(rect_from_json(rect) for rect in data)


def rect_from_json(data: Any) -> Rect:
    """Read one rectangle."""
    x0, y0, x1, y1 = data
    return (x0, y0, x1, y1)


def links_from_json(data: Iterable[Mapping[str, Any]]) -> tuple[Link, ...]:
    """Read a page's links."""
    return tuple(Link(rect_from_json(link["rect"]), link["page"], link["top"], link["uri"]) for link in data)


def hits_from_json(data: Iterable[Mapping[str, Any]]) -> tuple[SearchHit, ...]:
    """Read what a search found."""
    return tuple(SearchHit(**hit) for hit in data)


def image_from_json(data: Mapping[str, Any], pixels: bytes) -> PageImage:
    """Read a drawn page; its pixels come beside it."""
    return PageImage(data["width"], data["height"], data["x"], data["y"], data["zoom"], pixels)
