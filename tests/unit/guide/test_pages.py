"""The pages of the guide: each is listed, each link leads somewhere, and what they name exists in the program."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from alexandria_desktop.base.errors import Code
from alexandria_desktop.doctor.finding import Trouble
from alexandria_desktop.library.manual import anchor_of, read_manual, render, stretches
from alexandria_desktop.ui.account.wording import REFUSALS
from alexandria_desktop.ui.commands import COMMANDS
from alexandria_desktop.ui.help.keys import as_markdown, caps
from sync.server.settings import Settings
from tests.support.data import CHECKOUT
from tests.support.guide import HELP, PICTURES, guide_pages, name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alexandria_desktop.library.manual import Link

LINKED = [*guide_pages(), *(CHECKOUT / name for name in ("README.md", "CONTRIBUTING.md", "packaging/server/README.md"))]
TROUBLE = HELP / "readers" / "trouble.md"
MOST_BYTES = 3_000_000

_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_VARIABLE = re.compile(r"\bALEXANDRIA_[A-Z_]+\b")
_LABEL = re.compile(r"(?<![*\w])\*([A-Z][^*\n]{2,60})\*(?![*\w])")


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def flowing(page: Path) -> str:
    return " ".join(text_of(page).split())


def test_every_page_is_in_the_contents() -> None:
    listed = {HELP / f"{page.name}.md" for page in read_manual().pages}
    assert listed == set(guide_pages()), "name each page in resources/help/contents.toml"


def test_every_screen_that_asks_for_help_has_a_page() -> None:
    manual = read_manual()
    assert set(manual.screens.values()) <= manual.names
    sources = [
        CHECKOUT / "alexandria_desktop/ui" / name for name in ("help/way.py", "shelf/screen.py", "courses/way.py")
    ]
    asked = {word for file in sources for word in _returned_by(file, "topic")}
    assert asked == set(manual.screens)


@pytest.mark.parametrize("page", LINKED, ids=name_of)
def test_links_lead_somewhere(page: Path) -> None:
    for link in _LINK.findall(text_of(page)):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), f"{link} leads nowhere"
        if anchor:
            headings = re.findall(r"^#+ (.*)$", text_of(target), re.MULTILINE)
            assert anchor in map(anchor_of, headings), f"{target.name} has no part {anchor}"


def test_pictures_are_all_used_have_a_dark_sister_and_are_small() -> None:
    used = {Path(link).name for page in LINKED for link in _LINK.findall(text_of(page)) if "pictures/" in link}
    there = {file.name for file in PICTURES.iterdir()}
    assert there == used | {name.replace(".webp", "-dark.webp") for name in used}
    assert sum(file.stat().st_size for file in PICTURES.iterdir()) < MOST_BYTES


@pytest.mark.parametrize("code", [*Code, *REFUSALS, *Trouble])
def test_each_code_that_a_person_may_be_shown_is_explained(code: str) -> None:
    name = "differences" if code in REFUSALS else "doctor" if code in set(Trouble) else "trouble"
    page = HELP / "readers" / f"{name}.md"
    firsts = [line.split("|")[1] for line in text_of(page).splitlines() if line.startswith("| ")]
    assert any(code in [word.strip() for word in first.split(",")] for first in firsts), f"{code} is not on {page}"


def test_no_code_is_explained_that_the_program_does_not_have() -> None:
    firsts = [line.split("|")[1] for line in text_of(TROUBLE).splitlines() if re.match(r"\| [a-z]", line)]
    named = {word.strip() for first in firsts for word in first.split(",")} - {"code"}
    assert named == set(map(str, Code))


def test_the_table_of_keys_is_that_of_the_list_of_commands() -> None:
    page = text_of(HELP / "readers" / "keyboard.md")
    assert as_markdown() in page, "write it anew by: python3 packaging/bootstrap.py site"
    assert all(f"| {one.words} |" in page for one in COMMANDS if one.keys)


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        ("Ctrl+Shift+O", ("Ctrl", "Shift", "O")),
        ("Ctrl++", ("Ctrl", "+")),
        ("+", ("+",)),
        ("Alt+Left", ("Alt", "←")),
        ("PgDown", ("Page Down",)),
        ("Ctrl+-", ("Ctrl", "-")),
    ],
)
def test_a_combination_is_written_as_it_stands_on_the_keys(key: str, shown: tuple[str, ...]) -> None:
    assert caps(key, mac=False) == shown


def test_a_mac_has_its_own_signs() -> None:
    assert caps("Ctrl+Shift+O", mac=True) == ("⌘", "⇧", "O")


@pytest.mark.parametrize("page", [CHECKOUT / "README.md", *guide_pages()], ids=name_of)
def test_every_setting_that_is_named_exists(page: Path) -> None:
    for name in _VARIABLE.findall(text_of(page)):
        assert name in settings(), f"the program knows no {name}"


@pytest.mark.parametrize("page", guide_pages(), ids=name_of)
def test_every_button_and_heading_that_is_named_is_in_the_window(page: Path) -> None:
    if page.parent.name in ("administrators", "developers"):
        return  # what is set in italics there is a command
    for label in _LABEL.findall(flowing(page)):
        assert any(said.startswith(label.casefold()) for said in words_of_the_window()), f"the window has no “{label}”"


@pytest.mark.parametrize("page", read_manual().pages, ids=lambda page: page.name)
def test_a_page_is_short_and_has_one_title(page: object) -> None:
    source = page.source  # type: ignore[attr-defined]
    assert len(re.findall(r"^# ", source, re.MULTILINE)) == 1
    words = sum(len(line.split()) for line in source.splitlines() if not line.startswith("|"))
    assert words < 600, "say it shorter, or on two pages"


def test_headings_of_one_name_can_be_told_apart() -> None:
    manual = read_manual()
    page = type(manual.home)("readers/x", "X", "# X\n\n## Here\n\nOne.\n\n## Here\n\nTwo.\n\n<!-- not this -->\n")
    markup = render(page, manual.names, follow=_nowhere, depict=_no_picture)
    assert [(one.anchor, one.words) for one in stretches(markup)] == [("x", ""), ("here", "One."), ("here-2", "Two.")]


def test_a_link_that_leads_nowhere_here_is_plain_words() -> None:
    manual = read_manual()
    page = type(manual.home)("readers/x", "X", "See [the **rules**](../../../CONTRIBUTING.md) or [f](finding.md#x).")
    asked: list[Link] = []

    def follow(link: Link) -> str | None:
        asked.append(link)
        return "there" if link.page else None

    markup = render(page, manual.names, follow=follow, depict=_no_picture)
    assert "<em>the <strong>rules</strong></em>" in markup
    assert '<a href="there">f</a>' in markup
    assert [(one.page, one.file, one.anchor) for one in asked] == [
        ("", "CONTRIBUTING.md", ""),
        ("readers/finding", "", "x"),
    ]


def _nowhere(_link: Link) -> None:
    return None


def _no_picture(_name: str, _words: str) -> str:
    return ""


@cache
def settings() -> frozenset[str]:
    """Return every variable of the environment that the programs read."""
    server = {f"ALEXANDRIA_SERVER_{name.upper()}" for name in Settings.__struct_fields__}
    sources = (CHECKOUT / "alexandria_desktop").rglob("*.py")
    return frozenset(server | {name for file in sources for name in _VARIABLE.findall(text_of(file))})


@cache
def words_of_the_window() -> frozenset[str]:
    """Return everything that the window may say, small."""
    folders = (CHECKOUT / "alexandria_desktop" / name for name in ("ui", "annotate"))
    return frozenset(
        node.value.casefold()
        for folder in folders
        for file in folder.rglob("*.py")
        for node in _spoken(ast.parse(text_of(file)))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def _spoken(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield everything but docstrings."""
    for node in ast.iter_child_nodes(tree):
        if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
            yield node
            yield from _spoken(node)


def _returned_by(file: Path, function: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(text_of(file))):
        if isinstance(node, ast.FunctionDef) and node.name == function:
            for one in ast.walk(node):
                if isinstance(one, ast.Return):
                    yield from (
                        c.value for c in ast.walk(one) if isinstance(c, ast.Constant) and isinstance(c.value, str)
                    )
