"""Locator: the one way to say where in a book, for a position, a highlight, a hit, a lesson and a link alike.

A locator holds a *target* (the fast path, in the coordinates of one edition), the *quote* with 32 characters of
context either side (the anchor, which survives a new edition), the progression through the book, and which edition and
which version of the canonical text the target counts in. Offsets are code points of a section's canonical text
(the reader's ``text.canonical``), never of a page that was split for display.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

CONTEXT = 32
"""Characters of context kept on each side of a quote."""

VERSION = 1


class NotAPlace(ValueError):  # noqa: N818 - what it is says it best
    """What was read is no place in a book."""


Rect = tuple[float, float, float, float]
"""x0, y0, x1, y1 in PDF points from the top left of the page, unrotated."""


@dataclass(frozen=True, slots=True)
class Quote:
    """The words themselves and what stands around them, in canonical text."""

    exact: str
    prefix: str = ""
    suffix: str = ""

    @staticmethod
    def at(text: str, start: int, end: int) -> Quote:
        """Return the quote of a stretch of text with its context."""
        return Quote(text[start:end], text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT])


@dataclass(frozen=True, slots=True)
class EpubTarget:
    """A range in a section of a book of flowing text."""

    href: str
    start: int = 0
    end: int = 0
    cfi: str | None = None


@dataclass(frozen=True, slots=True)
class TextTarget:
    """A range in a section of a plain format (text, Markdown, HTML, FB2, MOBI); ``href`` names the section."""

    href: str
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class PdfTarget:
    """A range of a PDF: from ``start`` on ``page`` to ``end`` on ``end_page``."""

    page: int
    start: int = 0
    end: int = 0
    end_page: int | None = None
    """None means the same page."""
    label: str | None = None
    quads: tuple[tuple[int, Rect], ...] = ()
    """(page, rectangle) of each marked line."""


@dataclass(frozen=True, slots=True)
class ImageTarget:
    """A part of a picture, as fractions of its size."""

    href: str
    xywh: Rect = (0.0, 0.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True)
class TimeTarget:
    """A stretch of sound or film, in seconds."""

    href: str
    start: float = 0.0
    end: float | None = None


Target = EpubTarget | TextTarget | PdfTarget | ImageTarget | TimeTarget


@dataclass(frozen=True, slots=True)
class Locator:
    """A place in a book."""

    target: Target
    quote: Quote | None = None
    progression: float = 0.0
    """Part of the book that lies before it, 0 to 1."""
    edition: str = ""
    """SHA-256 of the file the target counts in."""
    text_version: int = 1
    """Version of the canonical-text rule the offsets count in."""

    def to_json(self) -> dict[str, Any]:
        """Return the JSON form that is stored, synced and printed."""
        data: dict[str, Any] = {
            "v": VERSION,
            "target": _target_to_json(self.target),
            "progression": round(self.progression, 6),
        }
        if self.quote is not None:
            data["quote"] = {
                "exact": self.quote.exact,
                "prefix": self.quote.prefix,
                "suffix": self.quote.suffix,
            }
        if self.edition:
            data["edition"] = self.edition
        data["text_version"] = self.text_version
        return data

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> Locator:
        """Read the JSON form; raises NotAPlace on anything else."""
        try:
            quote = data.get("quote")
            return Locator(
                target=_target_from_json(data["target"]),
                quote=Quote(str(quote["exact"]), str(quote.get("prefix", "")), str(quote.get("suffix", "")))
                if quote
                else None,
                progression=min(1.0, max(0.0, float(data.get("progression", 0.0)))),
                edition=str(data.get("edition", "")),
                text_version=int(data.get("text_version", 1)),
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise NotAPlace(repr(error)) from error


def _target_to_json(target: Target) -> dict[str, Any]:
    match target:
        case EpubTarget():
            data: dict[str, Any] = {"type": "epub", "href": target.href, "chars": [target.start, target.end]}
            if target.cfi:
                data["cfi"] = target.cfi
            return data
        case TextTarget():
            return {"type": "text", "href": target.href, "chars": [target.start, target.end]}
        case PdfTarget():
            data = {"type": "pdf", "page": target.page, "chars": [target.start, target.end]}
            if target.end_page is not None and target.end_page != target.page:
                data["end_page"] = target.end_page
            if target.label:
                data["label"] = target.label
            if target.quads:
                data["quads"] = [[page, *(round(value, 2) for value in rect)] for page, rect in target.quads]
            return data
        case ImageTarget():
            return {"type": "image", "href": target.href, "xywh": list(target.xywh)}
        case TimeTarget():
            return {"type": "time", "href": target.href, "seconds": [target.start, target.end]}


def _target_from_json(data: Mapping[str, Any]) -> Target:
    kind = data["type"]
    if kind in ("epub", "text"):
        start, end = (int(value) for value in data.get("chars", (0, 0)))
        if start < 0 or end < start:
            raise ValueError("a range runs forward from 0")
        if kind == "text":
            return TextTarget(str(data["href"]), start, end)
        cfi = data.get("cfi")
        return EpubTarget(str(data["href"]), start, end, str(cfi) if cfi else None)
    if kind == "pdf":
        start, end = (int(value) for value in data.get("chars", (0, 0)))
        end_page = data.get("end_page")
        label = data.get("label")
        quads = tuple(
            (int(row[0]), (float(row[1]), float(row[2]), float(row[3]), float(row[4]))) for row in data.get("quads", ())
        )
        return PdfTarget(
            int(data["page"]),
            start,
            end,
            int(end_page) if end_page is not None else None,
            str(label) if label else None,
            quads,
        )
    if kind == "image":
        x, y, w, h = (float(value) for value in data.get("xywh", (0, 0, 1, 1)))
        return ImageTarget(str(data["href"]), (x, y, w, h))
    if kind == "time":
        begin, finish = data.get("seconds", (0.0, None))
        return TimeTarget(str(data["href"]), float(begin), float(finish) if finish is not None else None)
    raise ValueError(f"unknown target {kind!r}")
