"""Words and pictures of other programs on their way in: sanitised, and what cannot come told in the report."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from html import escape
from urllib.parse import unquote

from alexandria_desktop.teach.formats.report import Loss, Report
from alexandria_desktop.teach.media import Files, media_of
from sync.assessing.markup import Node, parse
from sync.assessing.media import Media
from sync.assessing.rich_text import from_plain, sanitise

MAX_FILES_BYTES = 512 * 1024 * 1024
"""Bytes of all pictures and films of one course."""

_LOSSES = {
    "img": "a picture", "table": "a table, which became lines", "script": "a script", "style": "style sheets",
    "svg": "a drawing", "math": "a formula in MathML", "audio": "a sound", "video": "a film", "object": "an object",
    "iframe": "a page within the page", "embed": "an object", "a": "a link that leads nowhere outside its package",
    "input": "a field", "select": "a list to choose from", "hr": "a line across",
}  # fmt: skip
_SHOWN = ("img", "audio", "video", "object")
_MARKED = re.compile(
    r"(?is)<(?:img|source)\b[^>]*>|<(?:audio|video|object)\b[^>]*/>|<(audio|video|object)\b.*?</\1\s*>"
)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>|&[A-Za-z#][A-Za-z0-9]*;")


def _nothing(_href: str) -> bytes | None:
    return None


class Intake:
    """One import: finds the files that texts mention, keeps their bytes, and collects the report."""

    def __init__(self, find: Callable[[str], bytes | None] = _nothing) -> None:
        self._find = find
        self._kept: dict[str, bytes] = {}
        self._bytes = 0
        self.report = Report()

    @property
    def files(self) -> Files:
        """The bytes of the pictures and films that came in."""
        return self._kept

    def rich(self, html: str, where: str) -> str:
        """Return a text in our form; pictures in it are lost and said to be."""
        done = sanitise(html)
        for name in done.lost:
            what = _LOSSES.get(name)
            if what:
                self.report.add(where, f"The text had {what}.", Loss.FILE if name == "img" else Loss.MARKUP)
        return done.html

    def illustrated(self, html: str, where: str) -> tuple[str, tuple[Media, ...]]:
        """Return a text in our form, and the pictures, sounds and films that stood in it."""
        found: list[Media] = []
        for node in parse(html).walk():
            if node.tag in _SHOWN:
                media = self._shown(node, where)
                found.extend([media] if media else [])
        bare = _MARKED.sub(" ", html)
        if "<" in html and found and _stands_inside(html):
            self.report.add(where, "A picture within the text now stands after it.", Loss.MOVED)
        return self.rich(bare, where), tuple(dict.fromkeys(found))

    def _shown(self, node: Node, where: str) -> Media | None:
        said = node.attributes
        href = said.get("src", "") if node.tag != "object" else said.get("data", "")
        if not href or (node.tag == "object" and not said.get("type", "").startswith(("image/", "audio/", "video/"))):
            self.report.add(where, f"The text had {_LOSSES[node.tag]}.", Loss.FILE)
            return None
        alt = said.get("alt") or said.get("aria-label") or said.get("title") or " ".join(node.instead.split())
        return self.media(href, where, alt=alt)

    def auto(self, text: str, where: str) -> str:
        """Return a text in our form that may be HTML or plain."""
        return self.rich(text, where) if _TAG.search(text) else from_plain(text)

    def media(self, href: str, where: str, *, alt: str = "") -> Media | None:
        """Return the file that an address means, its bytes kept; None, said in the report, where it is not there."""
        data = _embedded(href) if href.startswith("data:") else self._find(unquote(href))
        shown = "" if href.startswith("data:") else href
        if data is None:
            self.report.add(where, f"The file “{shown[:120]}” is not in the package.", Loss.FILE)
            return None
        return self.keep(data, shown, where, alt=alt)

    def keep(self, data: bytes, name: str, where: str, *, alt: str = "") -> Media | None:
        """Return what is said of some bytes, kept; None where their kind or size is not let in."""
        media = media_of(data, name, alt=alt)
        if media.media_type == "application/octet-stream":
            self.report.add(where, f"The file “{media.name}” is of a kind that is not shown.", Loss.FILE)
            return None
        if media.sha256 not in self._kept:
            self._bytes += len(data)
            if self._bytes > MAX_FILES_BYTES:
                self.report.add(where, f"The file “{media.name}” was one too many for a course.", Loss.FILE)
                return None
            self._kept[media.sha256] = data
        return media


def picture(media: Media, src: str) -> str:
    """Return the markup of a picture, sound or film at an address."""
    kind = media.media_type.partition("/")[0]
    if kind in ("audio", "video"):
        said = f' aria-label="{escape(media.alt)}"' if media.alt else ""
        return f'<p><{kind} src="{escape(src)}" controls="controls"{said}></{kind}></p>'
    return f'<p><img src="{escape(src)}" alt="{escape(media.alt)}"/></p>'


def _stands_inside(html: str) -> bool:
    """Whether words follow a picture."""
    after = re.split(r"(?is)<img\b[^>]*>|</(?:audio|video|object)\s*>", html)[1:]
    return any(re.sub(r"(?s)<[^>]*>", "", part).strip() for part in after)


def _embedded(href: str) -> bytes | None:
    head, comma, body = href.partition(",")
    if not comma or not head.endswith(";base64"):
        return None
    try:
        return base64.b64decode(unquote(body), validate=False)
    except (binascii.Error, ValueError):
        return None
