"""Aozora Bunko's notation in Japanese text files: ruby in 《》, its start marked by ｜, typists' notes in ［＃］."""

from __future__ import annotations

import re

from alexandria_desktop.ingest.xhtml import escaped

_RUBY = re.compile(
    "｜(?P<marked>[^｜《》\n]+)《(?P<a>[^《》\n]+)》|(?P<base>[々〆〇ヶ\u3400-\u9fff\uf900-\ufaff※]+|[ァ-ヴー]+|[A-Za-z]+)《(?P<b>[^《》\n]+)》"
)
_NOTE = re.compile("※?［＃[^］\n]*］")
_UNICODE_NOTE = re.compile("※［＃[^］\n]*?U\\+(?P<code>[0-9A-Fa-f]{4,6})[^］\n]*］")
_HEADING = re.compile("［＃「(?P<title>[^」\n]+)」は[大中小]見出し］|［＃[大中小]見出し］(?P<between>[^［\n]+)［＃")
_LEGEND = re.compile("^-{20,}\n【テキスト中に現れる記号について】.*?\n-{20,}\n", re.M | re.S)


def is_aozora(text: str) -> bool:
    """Tell whether a text uses the notation."""
    return text.count("《") >= 3 and ("［＃" in text or "底本：" in text or "《》：ルビ" in text)


def without_legend(text: str) -> str:
    """Return the text without the block that explains the notation to people who see it raw."""
    return _LEGEND.sub("", text, count=1)


def heading_of(line: str) -> str | None:
    """Return the heading that a line is marked as, or None."""
    found = _HEADING.search(line)
    if not found:
        return None
    return plain_of(found.group("title") or found.group("between")).strip() or None


def plain_of(line: str) -> str:
    """Return a line without ruby and notes."""
    return _NOTE.sub("", re.sub("《[^《》\n]*》|｜", "", line))


def markup_of(line: str) -> str:
    """Return a line as XHTML with ruby; the typist's notes are left out, named characters put in."""
    line = _NOTE.sub("", _UNICODE_NOTE.sub(_character, line))
    parts: list[str] = []
    position = 0
    for match in _RUBY.finditer(line):
        parts.append(escaped(line[position : match.start()].replace("｜", "")))
        base = match.group("marked") or match.group("base")
        reading = match.group("a") or match.group("b")
        parts.append(f"<ruby>{escaped(base)}<rt>{escaped(reading)}</rt></ruby>")
        position = match.end()
    parts.append(escaped(line[position:].replace("｜", "")))
    return "".join(parts)


def _character(match: re.Match[str]) -> str:
    code = int(match.group("code"), 16)
    return chr(code) if code <= 0x10FFFF else ""


def title_and_author(text: str) -> tuple[str, tuple[str, ...]] | None:
    """Return what the first lines say: the title, perhaps a subtitle, and the author, up to an empty line."""
    lines = [plain_of(line).strip() for line in text.lstrip("\ufeff\n").split("\n", 8)[:6]]
    head = lines[: lines.index("")] if "" in lines else lines[:2]
    if len(head) < 2 or any(len(line) > 60 for line in head):
        return None
    return head[0], (head[-1].removesuffix("著").removesuffix("作").strip(),)
