"""Paragraphs and chapters of a plain text, told by empty lines, line lengths and lines that look like headings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby

from alexandria_desktop.ingest.aozora import heading_of
from alexandria_desktop.ingest.plain_header import END, START
from alexandria_desktop.text.plain import clean_line

LONG_CHAPTER = 100_000
"""Characters from which on a chapter goes on in another section."""
LONG_PARAGRAPH = 4_000
_WRAPPED = range(45, 90)

_NUMBER = r"(?:\d{1,4}|[IVXLCDM]{1,9}|[ivxlcdm]{1,9})"
_WORD = (
    r"chapter|chapitre|kapitel|cap[ií]tulo|capitolo|cap\.|hoofdstuk|luku|kapitola|rozdział|глава|часть|κεφάλαιο|"
    r"part|partie|teil|parte|book|livre|buch|libro|canto|chant|act|acte|akt|scene|letter|lettre|brief|volume|tome|stave"
)
_ORDINAL = (
    r"the\s+)?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|last|one|two|three|"
    r"four|five|six|seven|eight|nine|ten|eleven|twelve|premier|première|deuxième|erstes|zweites|drittes|primero"
)
_NAMED = re.compile(rf"^(?:{_WORD})\s+(?:{_NUMBER}\b|(?:{_ORDINAL})\b)", re.IGNORECASE)
_ALONE = re.compile(
    rf"^(?:(?P<roman>[IVXLC]{{1,7}})\.?|(?:{_NUMBER}[.:]\s+)?(?:pr[eé]face|prologue|epilogue|épilogue|prologo|epilogo|introduction|foreword|"
    r"afterword|vorwort|nachwort|einleitung|prolog|epilog|conclusion|contents|appendix|[eé]tymology)\b.{0,40})$",
    re.IGNORECASE,
)
_JAPANESE = re.compile(
    "^[\\s　]*(?:第[一二三四五六七八九十百〇零0-9０-９]+[章話回部編節篇卷巻集][^。]{0,30}"
    "|[序终終]章|プロローグ|エピローグ|楔子|序言)$"
)
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"'”’»)]*\s+|(?<=[。！？])[」』）]*")


@dataclass(slots=True)
class Chapter:
    """A stretch of paragraphs: (``text``, ``verse``, ``heading`` or ``rule``; its words)."""

    title: str
    is_continuation: bool = False
    paragraphs: list[tuple[str, str]] = field(default_factory=list)
    size: int = 0


def chapters_of(text: str, *, aozora: bool) -> list[Chapter]:
    """Return the chapters of a text, in order; every word of it is in one of them."""
    chapters: list[Chapter] = [Chapter("")]
    for stretch, title in _stretches(text):
        if title is not None:
            chapters.append(Chapter(title))
        for kind, paragraph in _paragraphs(stretch, aozora=aozora):
            heading = _heading(kind, paragraph, aozora=aozora)
            if heading:
                chapters.append(Chapter(heading, paragraphs=[("heading", paragraph)], size=len(paragraph)))
                continue
            current = chapters[-1]
            if current.size and current.size + len(paragraph) > LONG_CHAPTER:
                current = Chapter(current.title, is_continuation=True)
                chapters.append(current)
            current.paragraphs.append((kind, paragraph))
            current.size += len(paragraph)
    return _joined([chapter for chapter in chapters if chapter.paragraphs])


def _stretches(text: str) -> Iterator[tuple[str, str | None]]:
    """Keep Project Gutenberg's own words apart from the book's."""
    start = START.search(text)
    if not start:
        yield text, None
        return
    end = END.search(text, start.end())
    yield text[: start.end()], None
    yield text[start.end() : end.start() if end else len(text)], ""
    if end:
        yield text[end.start() :], ""


def _joined(chapters: list[Chapter]) -> list[Chapter]:
    """Join headings that stand alone (a part's title, a table of contents) with what follows them."""
    joined: list[Chapter] = []
    for chapter in chapters:
        previous = joined[-1] if joined else None
        lonely = previous is not None and all(kind == "heading" for kind, _ in previous.paragraphs)
        if previous is not None and lonely and len(previous.paragraphs) < 400:
            previous.paragraphs += chapter.paragraphs
            previous.size += chapter.size
            if len(previous.title) < 60 and chapter.title and not chapter.is_continuation:
                previous.title = f"{previous.title} · {chapter.title}"[:120]
        else:
            joined.append(chapter)
    return joined


def _paragraphs(text: str, *, aozora: bool) -> Iterator[tuple[str, str]]:
    lines = [line.rstrip() for line in text.split("\n")]
    filled = [len(line) for line in lines if line.strip()]
    wrapped = sum(length in _WRAPPED for length in filled) > 0.3 * len(filled) and len(filled) < 0.97 * len(lines)
    for is_filled, group in groupby(lines, key=lambda line: bool(line.strip())):
        if is_filled:
            block = list(group)
            yield from _block(block) if wrapped and not aozora else _each_line(block)


def _block(lines: list[str]) -> Iterator[tuple[str, str]]:
    """A block of wrapped lines is a paragraph, unless its lines are short: then each keeps its line."""
    if len(lines) == 1 and _is_rule(lines[0]):
        yield "rule", ""
    elif len(lines) > 1 and max(len(line.strip()) for line in lines[:-1]) < _WRAPPED.start:
        yield "verse", "\n".join(line.strip() for line in lines)
    else:
        yield from _bounded("\n".join(line.strip() for line in lines))


def _each_line(lines: list[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        if _is_rule(line):
            yield "rule", ""
        else:
            yield from _bounded(line)


def _bounded(paragraph: str) -> Iterator[tuple[str, str]]:
    """Cut a paragraph without end at its sentences, or anywhere where it has none."""
    while len(paragraph) > 2 * LONG_PARAGRAPH:
        cut = next((m.end() for m in _SENTENCE_END.finditer(paragraph, LONG_PARAGRAPH, 2 * LONG_PARAGRAPH)), 0)
        cut = cut or paragraph.find(" ", LONG_PARAGRAPH, 2 * LONG_PARAGRAPH) + 1 or 2 * LONG_PARAGRAPH
        yield "text", paragraph[:cut]
        paragraph = paragraph[cut:]
    yield "text", paragraph


def _is_rule(line: str) -> bool:
    bare = re.sub(r"[\s　]", "", line)
    return len(bare) >= 3 and len(set(bare)) == 1 and bare[0] in "-*_=~—・＊#"


def _heading(kind: str, paragraph: str, *, aozora: bool) -> str | None:
    """Return the title of a paragraph that looks like a heading, or None."""
    if kind == "rule" or len(paragraph) > 240 or paragraph.count("\n") > 3:
        return None
    if aozora:
        return heading_of(paragraph)
    first, _, rest = (line.strip() for line in paragraph.partition("\n"))
    if len(first) > 90 or first.endswith((",", ";")):
        return None
    if _NAMED.match(first) or _JAPANESE.match(first):
        return clean_line(f"{first} {rest}" if len(rest) < 120 else first)
    if not rest and len(first) <= 60 and _ALONE.match(first) and first[0].isupper():
        return clean_line(first)
    return None
