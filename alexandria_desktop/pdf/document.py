"""An open PDF as the program holds it: its description, and questions that the worker answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alexandria_desktop.pdf.codec import (
    hits_from_json,
    image_from_json,
    links_from_json,
    rects_from_json,
    words_from_json,
)
from alexandria_desktop.pdf.folding import folded_needle
from alexandria_desktop.pdf.model import Link, PageColors, PageImage, PageWords, PdfInfo, Priority, Rect, SearchHit

if TYPE_CHECKING:
    from alexandria_desktop.pdf.client import PdfClient

SLICE_SECONDS = 0.006
"""How long a search keeps the worker before it lets a page be drawn."""


class PdfDocument:
    """An open PDF. Every method returns at once; the futures are completed on the client's thread."""

    def __init__(self, client: PdfClient, path: Path, address: Mapping[str, Any], info: PdfInfo) -> None:
        self._client = client
        self._address = address
        self.path = path
        self.info = info

    def draw(
        self,
        page: int,
        *,
        zoom: float = 1.0,
        rotation: int = 0,
        clip: Rect | None = None,
        colors: PageColors | None = None,
        priority: Priority = Priority.VISIBLE,
    ) -> Future[PageImage]:
        """Draw a page at ``zoom`` pixels a point, turned by ``rotation`` more degrees.

        ``clip`` draws a tile only: points of the page as shown, after the turn, from its top left.
        """
        request = {
            "page": page,
            "zoom": zoom,
            "rotation": rotation,
            "clip": clip,
            "colors": (colors.ink, colors.paper) if colors else None,
        }
        size = self.info.pages[page]
        width, height = (clip[2] - clip[0], clip[3] - clip[1]) if clip else (size.width, size.height)
        expected = int((width * zoom + 2) * (height * zoom + 2) * 3)
        return self._client.ask(
            {"verb": "draw", **request, **self._address}, image_from_json, priority=priority, expected_bytes=expected
        )

    def words(self, page: int, *, priority: Priority = Priority.VISIBLE) -> Future[PageWords]:
        """Return a page's text and words, with their places."""
        return self._client.ask(
            {"verb": "words", "page": page, **self._address},
            lambda value, _: words_from_json(value),
            priority=priority,
        )

    def text(self, page: int, *, priority: Priority = Priority.VISIBLE) -> Future[str]:
        """Return a page's canonical text."""
        return self._client.ask(
            {"verb": "text", "page": page, **self._address}, lambda value, _: str(value), priority=priority
        )

    def quads(
        self, page: int, start: int, end: int, *, priority: Priority = Priority.VISIBLE
    ) -> Future[tuple[Rect, ...]]:
        """Return the rectangles, one a line, that cover a range of a page's text."""
        return self._client.ask(
            {"verb": "quads", "page": page, "start": start, "end": end, **self._address},
            lambda value, _: rects_from_json(value),
            priority=priority,
        )

    def links(self, page: int, *, priority: Priority = Priority.VISIBLE) -> Future[tuple[Link, ...]]:
        """Return a page's links."""
        return self._client.ask(
            {"verb": "links", "page": page, **self._address},
            lambda value, _: links_from_json(value),
            priority=priority,
        )

    def cover(self, *, size: int = 600, priority: Priority = Priority.PREFETCH) -> Future[bytes]:
        """Return the first page as JPEG, no side longer than ``size`` pixels."""
        return self._client.ask(
            {"verb": "cover", "size": size, **self._address}, lambda _, data: data, priority=priority
        )

    def search(self, words: str, found: Callable[[tuple[SearchHit, ...]], None], *, first_page: int = 0) -> Future[int]:
        """Look for words through the whole document, from ``first_page`` on and then from the start to it.

        ``found`` gets the hits as they come, on the client's thread; the future gives their number. Cancelling the
        future ends the search.
        """
        needle = folded_needle(words)
        first = min(max(0, first_page), len(self.info.pages) - 1)
        request = {"verb": "find", "needle": needle, "seconds": SLICE_SECONDS, **self._address}
        if not needle:
            done: Future[int] = Future()
            done.set_result(0)
            return done
        total = 0
        is_second_round = first == 0

        def read(value: Any) -> tuple[Mapping[str, Any] | None, int]:
            nonlocal total, is_second_round
            hits = hits_from_json(value["hits"])
            following = value["next"]
            if is_second_round and first and (following is None or following >= first):
                hits = tuple(hit for hit in hits if hit.page < first)
                following = None
            elif following is None and not is_second_round:
                is_second_round, following = True, 0
            total += len(hits)
            if hits:
                found(hits)
            return ({**request, "page": following} if following is not None else None), total

        return self._client.ask_in_slices({**request, "page": first}, read, priority=Priority.BACKGROUND)

    def close(self) -> None:
        """Let the worker forget the document and its file."""
        self._client.ask({"verb": "close", **self._address}, lambda *_: None, priority=Priority.BACKGROUND)
