"""The newer Kindle format (KF8, in AZW3 files): XHTML files cut into skeletons and fragments, put together again.

Weaker than for EPUB: guides, page maps and fixed layouts' magnified regions are not read.
"""

from __future__ import annotations

import re
import struct
from functools import partial

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.book.model import Resource, TocEntry
from alexandria_desktop.ingest.mobi_anchors import Stretch, href_of, with_anchors
from alexandria_desktop.ingest.mobi_index import IndexEntry, read_contents, read_index
from alexandria_desktop.ingest.mobi_palm import NONE, Header, PalmDatabase, damaged
from alexandria_desktop.ingest.mobi_pictures import Pictures
from alexandria_desktop.ingest.written import Part
from alexandria_desktop.text.plain import clean_line

MAX_LEVEL = 12
_FLOWS = {"text/css": ".css", "image/svg+xml": ".svg"}
_POSITION = re.compile(rb"kindle:pos:fid:([0-9A-V]+):off:([0-9A-V]+)")
_EMBED = re.compile(rb"kindle:embed:([0-9A-V]+)(?:\?mime=[\w/.+-]+)?")
_FLOW = re.compile(rb"kindle:flow:([0-9A-V]+)\?mime=([\w/.+-]+)")
_AID = re.compile(rb'(<[^<>]*?)\s(?:aid|data-AmznRemoved[\w-]*)="[^"]*"')


class Kf8:
    """The sections, contents and style sheets of a KF8 text."""

    def __init__(self, database: PalmDatabase, header: Header, text: bytes, pictures: Pictures) -> None:
        self._encoding = header.encoding
        self.warnings: list[str] = []
        self._pictures = pictures
        self._flows = _flows(database, header, text)
        skeletons, _ = read_index(database, header, header.skeletons)
        self._fragments, _ = read_index(database, header, header.fragments)
        self._text, self._stretches = _assemble(self._flows[0], skeletons, self._fragments)
        if not self._stretches:
            raise ReaderError(Code.IMPORT_NO_CONTENT, "This Kindle file has no text.")
        entries, strings = read_contents(database, header, self.warnings)
        self.toc = tuple(self._contents(entries, strings))
        positions = [self._position(*match.groups()) for match in _POSITION.finditer(self._text)]
        positions += [int(entry.href.rpartition("-")[2]) for entry in self.toc if "#" in entry.href]
        self._places = sorted({position for position in positions if position is not None})
        self.parts = tuple(
            Part(stretch.href, "", partial(self._write, stretch), stretch.end - stretch.start)
            for stretch in self._stretches
        )

    def flow(self, href: str) -> Resource | None:
        """Return a style sheet or drawing by its name."""
        found = re.fullmatch(r"flow-(\d{1,5})\.(css|svg)", href)
        if not found or int(found.group(1)) >= len(self._flows):
            return None
        media_type = "text/css" if found.group(2) == "css" else "image/svg+xml"
        return Resource(href, media_type, self._with_names(self._flows[int(found.group(1))]))

    def _contents(self, entries: list[IndexEntry], strings: dict[int, bytes]) -> list[TocEntry]:
        toc: list[TocEntry] = []
        for entry in entries:
            name, fragment, offset = entry.value(3), entry.value(6), entry.value(6, 1)
            title = clean_line(strings.get(-1 if name is None else name, b"").decode(self._encoding, "replace"))
            if not title:
                continue
            position = self._place(fragment, offset or 0) if fragment is not None else entry.value(1)
            href = "" if position is None else href_of(self._stretches, position)
            toc.append(TocEntry(title, href, min(MAX_LEVEL, entry.value(4) or 0)))
        return toc

    def _position(self, fragment: bytes, offset: bytes) -> int | None:
        return self._place(int(fragment, 32), int(offset, 32))

    def _place(self, fragment: int, offset: int) -> int | None:
        """Return the byte offset in the whole text of a place that is named by fragment and offset in it."""
        if not 0 <= fragment < len(self._fragments):
            return None
        label = self._fragments[fragment].label
        return int(label) + offset if label.isdigit() else None

    def _write(self, stretch: Stretch) -> bytes:
        raw = with_anchors(self._text, stretch, self._places)
        raw = _POSITION.sub(self._link, raw)
        return _AID.sub(rb"\1", self._with_names(raw))

    def _link(self, match: re.Match[bytes]) -> bytes:
        position = self._position(*match.groups())
        return b"#" if position is None else href_of(self._stretches, position).encode() or b"#"

    def _with_names(self, raw: bytes) -> bytes:
        """Replace Kindle's addresses of pictures, fonts, style sheets and drawings by names that ``resource`` knows."""
        raw = _EMBED.sub(lambda match: self._pictures.href(int(match.group(1), 32)).encode(), raw)
        return _FLOW.sub(
            lambda match: b"flow-%05d%s" % (int(match.group(1), 32), _FLOWS.get(match.group(2).decode(), "").encode()),
            raw,
        )


def _flows(database: PalmDatabase, header: Header, text: bytes) -> list[bytes]:
    """Return the parts of the text that the FDST record names: the book, then its style sheets and drawings."""
    record = database.record(header.start + header.fdst) if header.fdst != NONE else b""
    if record[:4] != b"FDST":
        return [text]
    (count,) = struct.unpack_from(">I", record, 8)
    table = record[12 : 12 + 8 * min(count, 100_000)]
    return [text[start:end] for start, end in struct.iter_unpack(">II", table[: len(table) // 8 * 8])] or [text]


def _assemble(text: bytes, skeletons: list[IndexEntry], fragments: list[IndexEntry]) -> tuple[bytes, list[Stretch]]:
    """Put each file together: its skeleton with its fragments set in where they belong."""
    if not skeletons:
        return text, [Stretch("part-0000.xhtml", 0, len(text))]
    parts: list[bytes] = []
    stretches: list[Stretch] = []
    at = used = 0
    for index, skeleton in enumerate(skeletons):
        count, start, length = skeleton.value(1), skeleton.value(6), skeleton.value(6, 1)
        if count is None or start is None or length is None:
            raise damaged("a skeleton without place")
        part = bytearray(text[start : start + length])
        base = start + length
        for fragment in fragments[used : used + count]:
            size = fragment.value(6, 1) or 0
            where = int(fragment.label) - start if fragment.label.isdigit() else len(part)
            where = min(max(0, where), len(part))
            part[where:where] = text[base : base + size]
            base += size
        used += count
        parts.append(bytes(part))
        stretches.append(Stretch(f"part-{index:04d}.xhtml", at, at + len(part)))
        at += len(part)
    return b"".join(parts), stretches
