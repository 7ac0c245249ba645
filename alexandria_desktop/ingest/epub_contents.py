"""The contents of an EPUB: the EPUB 3 navigation document, the EPUB 2 NCX, and page lists; flattened, with depths."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from lxml import etree

from alexandria_desktop.book.model import TocEntry
from alexandria_desktop.ingest.epub_package import parse_xml, resolve
from alexandria_desktop.text.canonical import local_name
from alexandria_desktop.text.document import EPUB_TYPE
from alexandria_desktop.text.plain import clean_line

MAX_LEVEL = 12
"""Deeper levels are shown at this one; a hostile file nests without end."""

MAX_ENTRIES = 50_000


@dataclass(frozen=True, slots=True)
class Contents:
    """What a navigation file tells."""

    toc: tuple[TocEntry, ...] = ()
    page_list: tuple[tuple[str, str], ...] = ()
    start_href: str | None = None


def parse_nav(data: bytes, href: str) -> Contents:
    """Read an EPUB 3 navigation document."""
    root = parse_xml(data)
    if root is None:
        return Contents()
    toc: tuple[TocEntry, ...] = ()
    pages: tuple[tuple[str, str], ...] = ()
    start = None
    for nav in root.iter():
        if local_name(nav) != "nav":
            continue
        kinds = (nav.get(EPUB_TYPE) or nav.get("role") or "").split()
        if ("toc" in kinds or "doc-toc" in kinds) and not toc:
            toc = _ncx_limit(_nav_entries(nav, href))
        elif "page-list" in kinds:
            pages = tuple((entry.title, entry.href) for entry in _nav_entries(nav, href) if entry.href)
        elif "landmarks" in kinds:
            start = _landmark(nav, href)
    return Contents(toc, pages, start)


def _ncx_limit(entries: Iterator[TocEntry]) -> tuple[TocEntry, ...]:
    return tuple(entry for _, entry in zip(range(MAX_ENTRIES), entries, strict=False))


def _nav_entries(nav: etree._Element, base: str) -> Iterator[TocEntry]:
    level = -1
    for event, element in etree.iterwalk(nav, events=("start", "end")):
        name = local_name(element)
        if name == "ol":
            level += 1 if event == "start" else -1
        elif event == "start" and name in ("a", "span") and level >= 0:
            parent = element.getparent()
            if parent is None or local_name(parent) != "li":
                continue
            title = clean_line("".join(element.itertext()))
            target = reference(base, element.get("href")) if name == "a" else ""
            if title or target:
                yield TocEntry(title or "…", target, min(level, MAX_LEVEL))


def reference(base: str, href: str | None) -> str:
    """Return a link of a navigation file as a path in the container with its fragment; empty where it leads out."""
    if not href:
        return ""
    path = resolve(base, href)
    if path is None:
        return ""
    fragment = unquote(urlsplit(href).fragment)
    return f"{path}#{fragment}" if fragment else path


def _landmark(nav: etree._Element, base: str) -> str | None:
    for anchor in nav.iter():
        if local_name(anchor) == "a" and "bodymatter" in (anchor.get(EPUB_TYPE) or "").split():
            return reference(base, anchor.get("href")) or None
    return None


def parse_ncx(data: bytes, href: str) -> Contents:
    """Read an EPUB 2 NCX."""
    root = parse_xml(data)
    if root is None:
        return Contents()
    nav_map = next((child for child in root.iter() if local_name(child) == "navMap"), None)
    page_list = next((child for child in root.iter() if local_name(child) == "pageList"), None)
    toc = _ncx_limit(_ncx_entries(nav_map, href)) if nav_map is not None else ()
    pages: list[tuple[str, str]] = []
    for target in page_list if page_list is not None else ():
        label, link = _ncx_point(target, href)
        if link:
            pages.append((label, link))
    return Contents(toc, tuple(pages))


def _ncx_entries(nav_map: etree._Element, base: str) -> Iterator[TocEntry]:
    level = -1
    for event, element in etree.iterwalk(nav_map, events=("start", "end")):
        if local_name(element) != "navPoint":
            continue
        if event == "end":
            level -= 1
            continue
        level += 1
        title, link = _ncx_point(element, base)
        yield TocEntry(title or "…", link, min(level, MAX_LEVEL))


def _ncx_point(element: etree._Element, base: str) -> tuple[str, str]:
    title = link = ""
    for child in element:
        name = local_name(child)
        if name == "navLabel" and not title:
            title = clean_line("".join(child.itertext()))
        elif name == "content" and not link:
            link = reference(base, child.get("src"))
    return title, link
