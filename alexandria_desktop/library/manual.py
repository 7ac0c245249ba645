"""The manual: Markdown pages under ``resources/help``, read once for the book in the program and for the site."""

from __future__ import annotations

import posixpath
import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING

from alexandria_desktop.base.errors import Code, ProgramError
from alexandria_desktop.base.resources import resource

if TYPE_CHECKING:
    from markdown_it.token import Token

_HOME = "resources/help"
"""Where the pages lie in the source, to tell links to other files of the source."""

_COMMENT = re.compile(r"<!--.*?-->\n?", re.DOTALL)
"""What scripts write into a page stands between comments, which nobody is shown."""

_HEADING = re.compile(r'<h([1-3]) id="([^"]*)">(.*?)</h\1>', re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class ManualPage:
    """One page."""

    name: str
    """Its path without the suffix, such as ``readers/finding``."""
    title: str
    source: str
    """Markdown."""


@dataclass(frozen=True, slots=True)
class ManualPart:
    """Pages for one kind of people."""

    title: str
    pages: tuple[ManualPage, ...]


@dataclass(frozen=True)
class Manual:
    """All pages in the order in which they are read."""

    title: str
    home: ManualPage
    parts: tuple[ManualPart, ...]
    screens: dict[str, str]
    """Which page speaks of which screen of the program."""

    @cached_property
    def pages(self) -> tuple[ManualPage, ...]:
        """Every page, the home page first."""
        return (self.home, *(page for part in self.parts for page in part.pages))

    @cached_property
    def names(self) -> frozenset[str]:
        """The names of all pages."""
        return frozenset(page.name for page in self.pages)


@dataclass(frozen=True, slots=True)
class Link:
    """Where a link of a page leads: to a page, or else to a file of the source."""

    page: str = ""
    file: str = ""
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Stretch:
    """The words below one heading of a page."""

    anchor: str
    title: str
    words: str


Follow = Callable[[Link], str | None]
"""Returns the address of a link; None makes plain words of one that leads nowhere here."""

Depict = Callable[[str, str], str]
"""Returns the markup of a picture from its name and the words that stand for it."""


def read_manual(folder: Path | None = None) -> Manual:
    """Read the manual; raises ProgramError where its contents name a page that is not there."""
    root = folder or resource("help")
    contents = tomllib.loads((root / "contents.toml").read_text(encoding="utf-8"))
    parts = tuple(
        ManualPart(one["title"], tuple(_read(root, f"{one['folder']}/{name}") for name in one["pages"]))
        for one in contents["parts"]
    )
    return Manual(contents["title"], _read(root, contents["home"]), parts, dict(contents["screens"]))


def render(page: ManualPage, names: frozenset[str], *, follow: Follow, depict: Depict) -> str:
    """Return the markup of a page; every heading has an ``id``."""
    from markdown_it import MarkdownIt

    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = markdown.parse(_COMMENT.sub("", page.source))
    taken: set[str] = set()
    for token, inline in zip(tokens, [*tokens[1:], None], strict=True):
        if token.type == "heading_open" and inline is not None:
            token.attrSet("id", _unused(anchor_of(_plain(inline)), taken))
    for token in tokens:
        if token.children:
            token.children = list(_placed(token.children, page.name, names, follow, depict))
    return str(markdown.renderer.render(tokens, markdown.options, {}))


def stretches(markup: str) -> Iterator[Stretch]:
    """Yield what stands below each heading of a page's markup, as plain words for a search."""
    found = list(_HEADING.finditer(markup))
    for number, heading in enumerate(found):
        end = found[number + 1].start() if number + 1 < len(found) else len(markup)
        yield Stretch(heading[2], _words(heading[3]), _words(markup[heading.end() : end]))


def anchor_of(title: str) -> str:
    """Return the name by which a heading is linked to: its letters and digits, small, with dashes between."""
    folded = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[a-z0-9]+", folded.lower())) or "part"


def _read(root: Path, name: str) -> ManualPage:
    file = root / f"{name}.md"
    if not file.is_file():
        raise ProgramError(
            Code.RESOURCE_MISSING, "A page of the guide is missing. Install the program again.", detail=str(file)
        )
    source = file.read_text(encoding="utf-8")
    return ManualPage(name, source.splitlines()[0].lstrip("# ").strip(), source)


def _placed(tokens: list[Token], page: str, names: frozenset[str], follow: Follow, depict: Depict) -> Iterator[Token]:
    """Yield the tokens of a line with links and pictures as they are where the page is shown."""
    is_plain = False
    for token in tokens:
        if token.type == "link_open":
            address = _address(str(token.attrGet("href") or ""), page, names, follow)
            is_plain = address is None
            if address is not None:
                token.attrSet("href", address)
        elif token.type == "image":
            token.type, token.content = (
                "html_inline",
                depict(posixpath.basename(str(token.attrGet("src"))), token.content),
            )
            token.children = []
        if token.type in ("link_open", "link_close") and is_plain:
            token.type, token.tag, token.attrs = token.type.replace("link", "em"), "em", {}
            is_plain = token.type != "em_close"
        yield token


def _address(href: str, page: str, names: frozenset[str], follow: Follow) -> str | None:
    if re.match(r"[a-z]+:", href):
        return href
    path, _, anchor = href.partition("#")
    if not path:
        return f"#{anchor}"
    target = posixpath.normpath(posixpath.join(_HOME, posixpath.dirname(page), path))
    name = posixpath.relpath(target, _HOME).removesuffix(".md")
    return follow(Link(page=name, anchor=anchor) if name in names else Link(file=target, anchor=anchor))


def _plain(inline: Token) -> str:
    return "".join(one.content for one in inline.children or [])


def _words(markup: str) -> str:
    return " ".join(unescape(_TAG.sub(" ", markup)).split())


def _unused(name: str, taken: set[str]) -> str:
    number, made = 1, name
    while made in taken:
        number += 1
        made = f"{name}-{number}"
    taken.add(made)
    return made
