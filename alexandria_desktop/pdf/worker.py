"""The worker process: one request at a time, read from a pipe, answered on it.

It keeps the last few documents open, and the text of those that were searched. Requests name a document by path and
password, never by a number, so that a new worker can go on where one that died left off.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from multiprocessing.connection import Connection
from multiprocessing.shared_memory import SharedMemory
from typing import Any

import pymupdf

from alexandria_desktop.base.errors import AlexandriaError, Code, ProgramError
from alexandria_desktop.pdf.codec import dump, error_to_json, load, path_from_text, printable
from alexandria_desktop.pdf.composing import compose
from alexandria_desktop.pdf.describe import describe
from alexandria_desktop.pdf.drawing import draw_cover, draw_page
from alexandria_desktop.pdf.finding import FoldedPages
from alexandria_desktop.pdf.linking import page_links
from alexandria_desktop.pdf.model import PageColors
from alexandria_desktop.pdf.opening import open_document
from alexandria_desktop.pdf.page_text import page_quads, page_text, page_words

MAX_DOCUMENTS = 6
TIDY_EVERY = 64
"""Requests after which MuPDF gives back half of the fonts and pictures that it keeps decoded."""
MAX_HITS = 10_000
"""Hits of one slice of a search."""

Request = Mapping[str, Any]
Answer = tuple[object, bytes | None]


def serve(connection: Connection) -> None:
    """Answer requests until the pipe closes."""
    desk = _Desk()
    while True:
        try:
            request = load(connection.recv_bytes())
        except (EOFError, OSError):
            return
        frame, payload = _answer(desk, request)
        connection.send_bytes(frame)
        if payload is not None:
            connection.send_bytes(payload)
        desk.tidy()


def _answer(desk: _Desk, request: Request) -> tuple[bytes, bytes | None]:
    try:
        value, payload = desk.do(request)
        shared = payload is not None and desk.share(request, payload)
        size = len(payload) if payload is not None else 0
        frame = dump({"value": value, "size": size, "shared": shared})
        return frame, None if shared else payload
    except AlexandriaError as error:
        return dump({"error": error_to_json(error)}), None
    except Exception as error:  # noqa: BLE001 - the process entry: an unknown fault must reach the program
        fault = ProgramError(Code.PROGRAM, "The PDF engine failed on this page.", detail=printable(repr(error)))
        return dump({"error": error_to_json(fault)}), None


class _Desk:
    """The open documents and what is known of them."""

    def __init__(self) -> None:
        self._open: OrderedDict[tuple[str, str | None], tuple[pymupdf.Document, FoldedPages]] = OrderedDict()
        self._segment: SharedMemory | None = None
        self._requests = 0
        self._verbs: dict[str, Callable[[pymupdf.Document, Request], Answer]] = {
            "describe": _describe,
            "draw": _draw,
            "words": lambda document, request: (page_words(document, request["page"]), None),
            "text": lambda document, request: (page_text(document, request["page"]), None),
            "quads": lambda document, request: (
                page_quads(document, request["page"], request["start"], request["end"]),
                None,
            ),
            "links": lambda document, request: (page_links(document, request["page"]), None),
            "cover": lambda document, request: (None, draw_cover(document, size=request["size"])),
        }

    def do(self, request: Request) -> Answer:
        """Carry out one request."""
        verb = request["verb"]
        if verb == "close":
            self._forget((request["path"], request["password"]))
            return None, None
        if verb == "hello":
            return pymupdf.VersionBind, None
        if verb == "compose":
            return _compose(request), None
        document, pages = self._document(request["path"], request["password"])
        if verb == "find":
            return _find(pages, document.page_count, request), None
        return self._verbs[verb](document, request)

    def share(self, request: Request, payload: bytes) -> bool:
        """Put a large payload into the program's shared memory, if it offered some that is large enough."""
        name = request.get("segment")
        if not name or len(payload) > request["segment_size"]:
            return False
        if self._segment is None or self._segment.name != name:
            if self._segment is not None:
                self._segment.close()
            self._segment = SharedMemory(name)
        view = self._segment.buf
        if view is None:
            return False
        view[: len(payload)] = payload
        return True

    def tidy(self) -> None:
        """Give back, now and then, memory that MuPDF keeps in case it is needed again."""
        self._requests += 1
        if self._requests % TIDY_EVERY == 0:
            pymupdf.TOOLS.store_shrink(50)

    def _document(self, path: str, password: str | None) -> tuple[pymupdf.Document, FoldedPages]:
        key = (path, password)
        known = self._open.get(key)
        if known is None:
            document = open_document(path_from_text(path), password=password)
            known = self._open[key] = (document, FoldedPages(lambda number: page_text(document, number)))
            while len(self._open) > MAX_DOCUMENTS:
                self._forget(next(iter(self._open)))
        self._open.move_to_end(key)
        return known

    def _forget(self, key: tuple[str, str | None]) -> None:
        known = self._open.pop(key, None)
        if known:
            known[0].close()


def _describe(document: pymupdf.Document, request: Request) -> Answer:
    return describe(document, needed_password=request["password"] is not None), None


def _compose(request: Request) -> int:
    folder, target = path_from_text(request["folder"]), path_from_text(request["target"])
    return compose(request["html"], request["css"], folder, target, title=request["title"])


def _draw(document: pymupdf.Document, request: Request) -> Answer:
    colors, clip = request["colors"], request["clip"]
    image = draw_page(
        document,
        request["page"],
        zoom=request["zoom"],
        rotation=request["rotation"],
        clip=tuple(clip) if clip else None,
        colors=PageColors(colors[0], colors[1]) if colors else None,
    )
    shape = {"width": image.width, "height": image.height, "x": image.x, "y": image.y, "zoom": image.zoom}
    return shape, image.data


def _find(pages: FoldedPages, count: int, request: Request) -> dict[str, object]:
    """Search from a page on until the time is up; say where to go on."""
    deadline = time.perf_counter() + request["seconds"]
    hits: list[object] = []
    number = request["page"]
    while number < count:
        hits += pages.hits(number, request["needle"])
        number += 1
        if time.perf_counter() > deadline or len(hits) >= MAX_HITS:
            break
    return {"hits": hits, "next": number if number < count else None}
