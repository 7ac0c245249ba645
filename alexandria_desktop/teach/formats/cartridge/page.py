"""A page of a cartridge as a lesson: our blocks where the page carries them unchanged, else its words and pictures."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

from alexandria_desktop.base.errors import ReaderError
from alexandria_desktop.teach.blocks import Block, ImageBlock, TextBlock, readable_block
from alexandria_desktop.teach.document import LessonDocument
from alexandria_desktop.teach.formats.cartridge.write import address_of
from alexandria_desktop.teach.formats.intake import Intake
from alexandria_desktop.teach.formats.naming import steady_id
from alexandria_desktop.teach.formats.pages import block_html
from alexandria_desktop.teach.formats.report import Loss
from alexandria_desktop.teach.formats.xml import Element, below, first, inner_markup, words
from alexandria_desktop.text.document import parse_document
from sync.assessing.rich_text import sanitised

MAX_META = 4 * 1024 * 1024


def page_root(data: bytes) -> Element | None:
    """Return the tree of a page, disarmed; None where it cannot be read."""
    try:
        kind = "application/xhtml+xml" if data.lstrip().startswith(b"<?xml") else "text/html"
        return parse_document(data, kind).root
    except ReaderError:
        return None


def meta(root: Element, name: str) -> dict[str, object] | None:
    """Return the JSON object in a meta element of ours."""
    for one in below(root, "meta"):
        content = one.get("content") or ""
        if one.get("name") == name and len(content) < MAX_META:
            try:
                found = json.loads(content)
            except ValueError:
                return None
            return found if isinstance(found, dict) else None
    return None


def blocks_of(root: Element, identity: str, where: str, intake: Intake, *, is_ours: bool) -> tuple[Block, ...]:
    """Return what a page shows as blocks; ``is_ours`` where the page says that we wrote it."""
    body = first(root, "body")
    if body is None:
        return ()
    sections = [one for one in below(body, "section") if one.get("data-alexandria")]
    if sections or is_ours:
        return tuple(block for one in sections for block in _ours(one, identity, where, intake))
    return tuple(_theirs(inner_markup(body), identity, where, intake))


def title_of(root: Element) -> str:
    """Return the title of a page."""
    return " ".join(words(first(root, "title")).split())


def _ours(section: Element, identity: str, where: str, intake: Intake) -> Iterator[Block]:
    """Give the block that a section carries, if nobody has changed what it shows."""
    try:
        data = json.loads(section.get("data-alexandria") or "")
    except ValueError:
        data = None
    html = inner_markup(section)
    block = readable_block(str(data.get("id") or ""), data) if isinstance(data, dict) else None
    if block is not None and sanitised(block_html(block, address_of)) == sanitised(html):
        for media in LessonDocument(id="", blocks=(block,)).media().values():
            intake.media(address_of(media), where)
        yield block
        return
    intake.report.add(where, "A part of this page was changed elsewhere, so it came over as plain text.", Loss.MOVED)
    start = f"{identity}/{data.get('id') if isinstance(data, dict) else ''}"
    yield from (replace(one, order=str(data.get("order") or "") if isinstance(data, dict) else "")
                for one in _theirs(html, start, where, intake))  # fmt: skip


def _theirs(html: str, identity: str, where: str, intake: Intake) -> Iterator[Block]:
    text, media = intake.illustrated(html, where)
    if text:
        yield TextBlock(id=steady_id("page", identity, "text"), order="a0", html=text)
    for at, one in enumerate(media, 1):
        yield ImageBlock(id=steady_id("page", identity, f"picture {at}"), order=f"a{at}", media=one)
