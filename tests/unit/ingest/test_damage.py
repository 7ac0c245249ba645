"""Damaged files of every kind: they open, or say in a sentence why not, and nothing else ever happens."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from alexandria_desktop.base.errors import AlexandriaError
from alexandria_desktop.ingest.detect import open_book
from alexandria_desktop.text.document import parse_document
from tests.support.mobi import Mobi
from tests.support.pdfs import make_pdf

WORDS = "CHAPTER 1\n\nWords of the first chapter, déjà vu.\n\nCHAPTER 2\n\nMore words.\n"
FB2 = (
    '<?xml version="1.0" encoding="utf-8"?><FictionBook xmlns:l="x"><description><title-info><book-title>T</book-title>'
    '</title-info></description><body><section id="a"><title><p>One</p></title><p>Words <a l:href="#b">b</a></p>'
    '</section><section id="b"><p>More</p></section></body></FictionBook>'
)


def comic(path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("1.png", b"\x89PNG\r\n\x1a\n" + bytes(40))
        archive.writestr("2.png", b"\x89PNG\r\n\x1a\n" + bytes(40))
        archive.writestr("ComicInfo.xml", "<ComicInfo><Title>T</Title></ComicInfo>")
    path.write_bytes(buffer.getvalue())


MAKERS: dict[str, Callable[[Path], object]] = {
    "a.txt": lambda path: path.write_text(WORDS, encoding="utf-8"),
    "a.md": lambda path: path.write_text(f"# T\n\n{WORDS}\n## Two\n\n[x](#two)\n", encoding="utf-8"),
    "a.fb2": lambda path: path.write_text(FB2, encoding="utf-8"),
    "a.cbz": comic,
    "a.mobi": lambda path: Mobi([f"<html><body><h1>{WORDS}</h1></body></html>".encode()], 90).write(path),
    "a.pdf": lambda path: make_pdf(path, [WORDS, WORDS], outline=[(1, "One", 1)]),
}


def damaged(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice((1, 3, 12))):
        at = chance.randrange(len(changed))
        match chance.randrange(3):
            case 0:
                changed[at] = chance.randrange(256)
            case 1:
                del changed[at : at + chance.randrange(1, max(2, min(40, len(changed) // 4)))]
            case _:
                changed[at:at] = chance.randbytes(chance.randrange(1, 6))
    return bytes(changed) or b"x"


@pytest.mark.parametrize("name", MAKERS)
def test_a_damaged_file_opens_or_says_why(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    MAKERS[name](path)
    whole = path.read_bytes()
    opened = 0
    for seed in range(40):
        path.write_bytes(damaged(whole, random.Random(seed)))
        opened += reads(path)
    assert opened > 5


def reads(path: Path) -> bool:
    """Read a file to its end; only our own errors may come of it."""
    try:
        source = open_book(path)
    except AlexandriaError:
        return False
    for section in source.book.sections:
        with suppress(AlexandriaError):
            resource = source.section(section.index)
            parse_document(resource.data, resource.media_type).text()
    source.close()
    return True
