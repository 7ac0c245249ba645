"""Lessons as pages of XHTML, for packages and books: what a block looks like where nothing of ours runs."""

from __future__ import annotations

import json
from collections.abc import Callable
from html import escape

from alexandria_desktop.teach import blocks as b
from alexandria_desktop.teach.document import CourseDocument, LessonDocument
from alexandria_desktop.teach.formats.intake import picture
from sync.assessing.markup import without_illegal
from sync.assessing.media import Media
from sync.assessing.rich_text import as_blocks

Address = Callable[[Media], str]
"""Where a file lies, as seen from the page."""


def block_html(block: b.Block, address: Address) -> str:
    """Return a block as XHTML."""
    return without_illegal(_block(block, address))


def lesson_html(lesson: LessonDocument, address: Address, *, carries_data: bool) -> str:
    """Return the body of a lesson's page; ``carries_data`` lets our own reader find the blocks again."""
    parts = [f"<h1>{_text(lesson.title)}</h1>"]
    if lesson.objectives:
        parts.append(f"<ul>{''.join(f'<li>{_text(one)}</li>' for one in lesson.objectives)}</ul>")
    for block in lesson.blocks:
        data = f' data-alexandria="{_text(json.dumps(block.to_json(), ensure_ascii=True))}"' if carries_data else ""
        parts.append(f'<section class="{_text(block.kind or "other")}"{data}>{block_html(block, address)}</section>')
    return "".join(parts)


def about_html(course: CourseDocument) -> str:
    """Return the body of the page that says what the course is."""
    parts = [f"<h1>{_text(course.title)}</h1>", as_blocks(course.description)]
    if course.objectives:
        parts.append(f"<ul>{''.join(f'<li>{_text(one)}</li>' for one in course.objectives)}</ul>")
    return "".join(parts)


def page(title: str, body: str, *, language: str = "", data: tuple[str, str] | None = None, style: str = "") -> bytes:
    """Return a whole page; ``data`` is the name and the content of a meta element."""
    lang = f' lang="{_text(language)}" xml:lang="{_text(language)}"' if language else ""
    meta = f'<meta name="{_text(data[0])}" content="{_text(data[1])}"/>' if data else ""
    link = f'<link rel="stylesheet" type="text/css" href="{_text(style)}"/>' if style else ""
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n'
        f'<html xmlns="http://www.w3.org/1999/xhtml"{lang}><head><meta charset="utf-8"/>'
        f"<title>{_text(title or 'Untitled')}</title>{meta}{link}</head><body>{body}</body></html>"
    ).encode()


def _block(block: b.Block, address: Address) -> str:
    match block:
        case b.TextBlock():
            return as_blocks(block.html)
        case b.PassageBlock():
            return _quoted(block.text, block.place)
        case b.NoteBlock():
            return _quoted(block.text, block.place) + as_blocks(block.html)
        case b.ImageBlock():
            return picture(block.media, address(block.media)) + as_blocks(block.caption)
        case b.ChapterBlock():
            return f"<p>{_text(block.title)}</p>{_source(block.place)}"
        case b.VideoBlock():
            return _video(block, address)
        case b.RevealBlock():
            return as_blocks(block.prompt) + as_blocks(block.html)
        case b.HotspotBlock():
            spots = "".join(f"<li><p>{_text(one.label)}</p>{as_blocks(one.text)}</li>" for one in block.spots)
            return as_blocks(block.prompt) + picture(block.media, address(block.media)) + _list(spots)
        case b.TimelineBlock():
            events = "".join(
                f"<li><p>{_text(one.when)} {_text(one.title)}</p>{as_blocks(one.text)}</li>" for one in block.events
            )
            return f"<p>{_text(block.title)}</p>{_list(events)}"
        case b.OrderBlock():
            # Sorted by id, so that the page does not show the right order.
            items = sorted(block.items, key=lambda one: one.id)
            return as_blocks(block.prompt) + _list("".join(f"<li>{as_blocks(one.text)}</li>" for one in items))
        case b.MatchBlock():
            left = "".join(f"<li>{as_blocks(one.left)}</li>" for one in block.pairs)
            right = "".join(f"<li>{as_blocks(one.right)}</li>" for one in sorted(block.pairs, key=lambda one: one.id))
            return as_blocks(block.prompt) + _list(left) + _list(right)
        case _:
            return ""


def _quoted(text: str, place: b.BookPlace) -> str:
    lines = "".join(f"<p>{_text(one)}</p>" for one in text.split("\n") if one.strip())
    return f"<blockquote>{lines or '<p></p>'}</blockquote>{_source(place)}"


def _source(place: b.BookPlace) -> str:
    name = ", ".join(part for part in (place.book_title, place.book_author) if part)
    return f"<p>{_text(name)}</p>" if name else ""


def _video(block: b.VideoBlock, address: Address) -> str:
    title = _text(block.title)
    if block.media is not None:
        return f"<p>{title}</p>{picture(block.media, address(block.media))}"
    is_web = block.url.startswith(("http://", "https://"))
    return f'<p><a href="{_text(block.url)}">{title or _text(block.url)}</a></p>' if is_web else f"<p>{title}</p>"


def _list(items: str) -> str:
    return f"<ul>{items}</ul>" if items else ""


def _text(text: str) -> str:
    return escape(without_illegal(text), quote=True)
