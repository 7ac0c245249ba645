"""The site of the guide: plain pages whose links lead somewhere and which ask nobody for anything."""

from __future__ import annotations

import json
import posixpath
import re
from itertools import pairwise
from pathlib import Path

import pytest
from lxml import etree, html
from make_site import main, write_keys, write_site
from PySide6.QtCore import QUrl
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from alexandria_desktop.library.manual import read_manual
from tests.support.guide import HELP

PATIENCE = 20_000
LANDMARKS = ("//html[@lang]", "//title", "//main//h1", "//nav", "//a[@class='skip']", "//meta[@name='viewport']")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site") / "out"
    write_site(folder, address="https://books.example.org/guide/")
    return folder


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[str, html.HtmlElement]:
    return {
        file.relative_to(site).as_posix(): html.document_fromstring(file.read_bytes()) for file in site.rglob("*.html")
    }


def test_every_page_of_the_manual_and_what_it_leads_to_in_the_source_is_there(
    pages: dict[str, html.HtmlElement],
) -> None:
    assert {f"{page.name}.html" for page in read_manual().pages} <= set(pages)
    assert {"source/ARCHITECTURE.html", "source/packaging-server-README.html"} <= set(pages)


def test_links_and_anchors_lead_somewhere(site: Path, pages: dict[str, html.HtmlElement]) -> None:
    anchors = {name: set(page.xpath("//@id")) for name, page in pages.items()}
    for name, page in pages.items():
        for link in page.xpath("//@href | //@src | //@srcset"):
            path, _, anchor = str(link).partition("#")
            target = posixpath.normpath(posixpath.join(posixpath.dirname(name), path)) if path else name
            assert (site / target).is_file(), f"{name} leads to {link}"
            assert not anchor or anchor in anchors[target], f"{name} leads to {link}"


def test_nothing_is_asked_of_anybody(site: Path, pages: dict[str, html.HtmlElement]) -> None:
    for name, page in pages.items():
        asked = page.xpath("//script/@src | //link/@href | //img/@src | //source/@srcset | //iframe | //object")
        assert not [one for one in asked if re.match(r"(?:[a-z]+:)?//", str(one))], name
        assert not page.xpath("//script[not(@src)]"), "a page whose scripts are forbidden must work as well"
    for file in (site / "style.css", site / "search.js"):
        assert not re.search(r"url\(|@import|https?:|fetch\(|XMLHttpRequest", file.read_text(encoding="utf-8"))


def test_every_page_can_be_walked_by_those_who_hear_it(pages: dict[str, html.HtmlElement]) -> None:
    for name, page in pages.items():
        for path in LANDMARKS:
            assert page.xpath(path), f"{name} has no {path}"
        assert len(page.xpath("//h1")) == 1, name
        assert all(str(words).strip() for words in page.xpath("//img/@alt")), name
        levels = [int(one.tag[1]) for one in page.xpath("//article//*[self::h1 or self::h2 or self::h3]")]
        assert all(after - before <= 1 for before, after in pairwise(levels)), f"{name} leaps a heading"


def test_pictures_have_their_size_and_a_dark_sister(pages: dict[str, html.HtmlElement]) -> None:
    pictures = [one for page in pages.values() for one in page.xpath("//picture")]
    assert pictures
    for one in pictures:
        assert one.xpath(".//source/@media") == ["(prefers-color-scheme: dark)"]
        assert one.xpath(".//img/@width") == ["1280"]


def test_the_map_of_the_site_has_every_page(site: Path, pages: dict[str, html.HtmlElement]) -> None:
    found = etree.parse(site / "sitemap.xml").xpath("//*[local-name()='loc']/text()")
    assert set(found) == {f"https://books.example.org/guide/{name}" for name in pages}


def test_it_is_the_same_each_time(site: Path, tmp_path: Path) -> None:
    write_site(tmp_path / "again", address="https://books.example.org/guide/")
    for file in site.rglob("*"):
        if file.is_file():
            assert (tmp_path / "again" / file.relative_to(site)).read_bytes() == file.read_bytes(), file


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(SystemExit, match="something else"):
        main(["--out", str(tmp_path)])
    assert (tmp_path / "mine.txt").read_text() == "mine"


def test_writing_the_keys_anew_changes_nothing() -> None:
    page = HELP / "readers" / "keyboard.md"
    before = page.read_bytes()
    write_keys()
    assert page.read_bytes() == before


def test_the_index_speaks_of_every_page(site: Path, pages: dict[str, html.HtmlElement]) -> None:
    script = (site / "index.js").read_text(encoding="utf-8")
    index = json.loads(script.removeprefix("window.ALEXANDRIA_GUIDE = ").rstrip(";\n"))
    assert {one["path"] for one in index} == set(pages)


@pytest.mark.web
def test_the_search_finds_a_page_from_a_folder_without_a_server(site: Path, qapp: QApplication, qtbot: QtBot) -> None:
    view = QWebEngineView()
    qtbot.addWidget(view)
    view.resize(1280, 800)
    view.show()
    with qtbot.waitSignal(view.loadFinished, timeout=PATIENCE):
        view.load(QUrl.fromLocalFile(str(site / "readers" / "start.html")))

    def ask(script: str) -> object:
        answers: list[object] = []
        view.page().runJavaScript(script, answers.append)
        qtbot.waitUntil(lambda: bool(answers), timeout=PATIENCE)
        return answers[0]

    found = ask(
        "const field = document.getElementById('search');"
        "field.value = 'passphr keyring'; field.dispatchEvent(new Event('input'));"
        "[...document.querySelectorAll('#results a')].map(one => one.getAttribute('href')).join(' ')"
    )
    assert "../readers/devices.html#staying-signed-in" in str(found).split()
    first = ask(
        "field.value = 'backup'; field.dispatchEvent(new Event('input'));"
        "document.querySelector('#results a').getAttribute('href')"
    )
    assert first == "../readers/backup.html", "a heading counts for more than the words below it"
    assert ask("document.querySelector('.told').textContent") != ""
    nothing = ask(
        "field.value = 'xyzzy'; field.dispatchEvent(new Event('input')); document.getElementById('results').textContent"
    )
    assert nothing == "Nothing was found."
