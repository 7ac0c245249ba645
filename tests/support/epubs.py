"""Make small EPUBs: exactly what a test wants to be in one, nothing else."""

from __future__ import annotations

import random
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

CONTAINER = """<?xml version="1.0"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>"""

WORDS = """
    river stone lantern orchard meadow winter harbour letter window garden silver morning shadow bridge candle
    thunder valley whisper summer mountain feather cottage market island ribbon kettle tunnel blanket mirror
    copper
""".split()  # noqa: SIM905  a list of thirty strings reads worse


def prose(seed: int, sentences: int = 40) -> str:
    """Return made-up sentences, the same for the same seed; no two seeds share a run of words."""
    chance = random.Random(seed)
    return " ".join(f"The {' '.join(chance.choices(WORDS, k=9))} of {seed} {number}." for number in range(sentences))


def page(body: str, *, head: str = "", language: str = "en") -> str:
    """Return an XHTML document."""
    return (
        f'<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" xml:lang="{language}">'
        f"<head><title>t</title>{head}</head><body>{body}</body></html>"
    )


def make_epub(
    path: Path,
    chapters: Sequence[tuple[str, str]],
    *,
    title: str = "A small book",
    authors: Sequence[str] = ("Somebody",),
    language: str = "en",
    files: Mapping[str, bytes] | None = None,
    identifier: str = "urn:test:1",
    documents: Mapping[str, str] | None = None,
    rights: str = "",
) -> Path:
    """Write an EPUB of (chapter title, body markup); ``documents`` replaces a chapter's whole file by name."""
    names = [f"c{number}.xhtml" for number in range(len(chapters))]
    creators = "".join(f"<dc:creator>{name}</dc:creator>" for name in authors)
    manifest = "".join(
        f'<item id="c{number}" href="{name}" media-type="application/xhtml+xml"/>' for number, name in enumerate(names)
    )
    extra = "".join(
        f'<item id="f{number}" href="{name}" media-type="application/octet-stream"/>'
        for number, name in enumerate(files or {})
    )
    spine = "".join(f'<itemref idref="c{number}"/>' for number in range(len(names)))
    opf = (
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id">'
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f'<dc:identifier id="id">{identifier}</dc:identifier><dc:title>{title}</dc:title>{creators}'
        f"<dc:language>{language}</dc:language>{f'<dc:rights>{rights}</dc:rights>' if rights else ''}</metadata>"
        f'<manifest><item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>'
        f"{manifest}{extra}</manifest><spine>{spine}</spine></package>"
    )
    lines = "".join(
        f'<li><a href="{name}">{chapter}</a></li>' for name, (chapter, _) in zip(names, chapters, strict=True)
    )
    nav = page(f'<nav epub:type="toc"><ol>{lines}</ol></nav>')
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("mimetype"), "application/epub+zip")
        archive.writestr("META-INF/container.xml", CONTAINER)
        archive.writestr("OEBPS/book.opf", opf)
        archive.writestr("OEBPS/nav.xhtml", nav)
        for name, (chapter, body) in zip(names, chapters, strict=True):
            whole = (documents or {}).get(name) or page(f"<h1>{chapter}</h1>{body}", language=language)
            archive.writestr(f"OEBPS/{name}", whole)
        for name, data in (files or {}).items():
            archive.writestr(f"OEBPS/{name}", data)
    return path


def novel(path: Path, *, seed: int = 1, chapters: int = 6, title: str = "The made-up novel") -> Path:
    """Write a book of some chapters, each with paragraphs of made-up prose."""
    made = [
        (f"Chapter {number + 1}", "".join(f"<p>{prose(seed * 100 + number * 10 + part, 12)}</p>" for part in range(8)))
        for number in range(chapters)
    ]
    return make_epub(path, made, title=title, authors=("A. Maker",), identifier=f"urn:test:novel:{seed}")
