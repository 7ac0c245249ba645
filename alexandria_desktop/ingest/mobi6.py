"""The older Kindle format: one long HTML text with byte offsets as link targets, cut here at its page breaks."""

from __future__ import annotations

import re
from functools import partial
from html import unescape
from itertools import pairwise

from lxml import etree

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.book.model import TocEntry
from alexandria_desktop.ingest.mobi_anchors import Stretch, href_of, with_anchors
from alexandria_desktop.ingest.mobi_index import IndexEntry, read_contents
from alexandria_desktop.ingest.mobi_palm import Header, PalmDatabase
from alexandria_desktop.ingest.mobi_pictures import Pictures
from alexandria_desktop.ingest.written import Part
from alexandria_desktop.text.document import parse_document
from alexandria_desktop.text.plain import clean_line

LONG_SECTION = 150_000
"""Bytes from which on a section without page breaks is cut at headings or paragraphs."""
MAX_LEVEL = 12

_BREAK = re.compile(rb"<\s*/?\s*mbp:pagebreak[^>]*>", re.IGNORECASE)
_FILEPOS = re.compile(rb"""\bfilepos\s*=\s*["']?0*(\d+)["']?""", re.IGNORECASE)
_LINK = re.compile(rb"""<(a|reference)\b([^>]*?)\bfilepos\s*=\s*["']?(\d+)["']?([^>]*)>""", re.IGNORECASE)
_PICTURE = re.compile(rb"""\b(?:hi|lo)?recindex\s*=\s*["']?0*(\d+)["']?""", re.IGNORECASE)
_HEAD = re.compile(rb"<head\b.*?</head\s*>|</?(?:html|body|head)\b[^>]*>|<!DOCTYPE[^>]*>", re.IGNORECASE | re.DOTALL)
_CONTENT = re.compile(rb"<img\b|>[^<]*[^<\s]", re.IGNORECASE)
_CUT = re.compile(rb"<(?:h[1-3]|p|div)\b", re.IGNORECASE)
_HEADING = re.compile(rb"<h[1-6]\b[^>]*>(.*?)</h[1-6]\s*>", re.IGNORECASE | re.DOTALL)
_TOC_REFERENCE = re.compile(rb"""<reference\b[^>]*\btype\s*=\s*["']?toc["']?[^>]*>""", re.IGNORECASE)
_ENTRY = re.compile(rb"""<a\b[^>]*\bfilepos\s*=\s*["']?0*(\d+)["']?[^>]*>(.*?)</a\s*>""", re.IGNORECASE | re.DOTALL)


class Mobi6:
    """The sections and contents of a MOBI 6 text."""

    def __init__(self, database: PalmDatabase, header: Header, text: bytes, pictures: Pictures) -> None:
        self._text = text
        self._encoding = header.encoding
        self.warnings: list[str] = []
        self._pictures = pictures
        self._stretches = _stretches(text)
        if not self._stretches:
            raise ReaderError(Code.IMPORT_NO_CONTENT, "This Kindle file has no text.")
        entries, strings = read_contents(database, header, self.warnings)
        self.toc = tuple(self._from_index(entries, strings) or self._from_page() or self._from_headings())
        places = {int(number) for number in _FILEPOS.findall(text)}
        places |= {int(entry.href.rpartition("-")[2]) for entry in self.toc if "#" in entry.href}
        self._places = sorted(places)
        self.parts = tuple(
            Part(stretch.href, "", partial(self._write, stretch), stretch.end - stretch.start)
            for stretch in self._stretches
        )

    def _from_index(self, entries: list[IndexEntry], strings: dict[int, bytes]) -> list[TocEntry]:
        toc: list[TocEntry] = []
        for entry in entries:
            position, name = entry.value(1), entry.value(3)
            title = clean_line(strings.get(-1 if name is None else name, b"").decode(self._encoding, "replace"))
            if position is not None and title:
                level = min(MAX_LEVEL, entry.value(4) or 0)
                toc.append(TocEntry(title, href_of(self._stretches, position), level))
        return toc

    def _from_page(self) -> list[TocEntry]:
        """Read the contents page that the book's guide names."""
        reference = _TOC_REFERENCE.search(self._text[:100_000])
        place = _FILEPOS.search(reference.group()) if reference else None
        if not place:
            return []
        start = int(place.group(1))
        stretch = next((each for each in self._stretches if each.start <= start <= each.end), None)
        toc: list[TocEntry] = []
        for found in _ENTRY.finditer(self._text, start, stretch.end if stretch else start):
            title = clean_line(unescape(re.sub(r"<[^>]*>", "", found.group(2).decode(self._encoding, "replace"))))
            if title:
                toc.append(TocEntry(title, href_of(self._stretches, int(found.group(1)))))
        return toc

    def _from_headings(self) -> list[TocEntry]:
        """Take the first heading of each section, for books without contents."""
        toc: list[TocEntry] = []
        for stretch in self._stretches:
            found = _HEADING.search(self._text, stretch.start, min(stretch.end, stretch.start + 4000))
            title = (
                clean_line(re.sub(r"<[^>]*>", " ", found.group(1).decode(self._encoding, "replace"))) if found else ""
            )
            if title:
                toc.append(TocEntry(clean_line(unescape(title)), stretch.href))
        return toc

    def _write(self, stretch: Stretch) -> bytes:
        raw = with_anchors(self._text, stretch, self._places)
        raw = _LINK.sub(self._link, raw)
        raw = _PICTURE.sub(lambda match: b'src="%s"' % self._pictures.href(int(match.group(1))).encode(), raw)
        body = _BREAK.sub(b"", _HEAD.sub(b"", raw)).decode(self._encoding, "replace")
        document = parse_document(f"<html><body>{body}</body></html>".encode(), "text/html")
        return etree.tostring(document.root, encoding="utf-8", xml_declaration=True)

    def _link(self, match: re.Match[bytes]) -> bytes:
        name, before, position, after = match.groups()
        href = href_of(self._stretches, int(position))
        return b"<%s%s%s%s>" % (name, before, b'href="%s"' % href.encode() if href else b"", after)


def _stretches(text: bytes) -> list[Stretch]:
    """Cut the text at its page breaks, and what is still long at headings or paragraphs; skip what shows nothing."""
    edges = [0, *(match.end() for match in _BREAK.finditer(text)), len(text)]
    pieces: list[tuple[int, int]] = []
    for start, end in pairwise(edges):
        while end - start > LONG_SECTION:
            cut = _CUT.search(text, start + LONG_SECTION * 2 // 3, end)
            if not cut:
                break
            pieces.append((start, cut.start()))
            start = cut.start()
        pieces.append((start, end))
    joined: list[tuple[int, int]] = []
    pending: int | None = None
    for start, end in pieces:
        begin = start if pending is None else pending
        if _CONTENT.search(_HEAD.sub(b">", b">" + text[start:end])):
            joined.append((begin, end))
            pending = None
        else:
            pending = begin  # an empty page belongs to the next, so that links to it arrive there
    return [Stretch(f"text-{index:04d}.xhtml", start, end) for index, (start, end) in enumerate(joined)]
