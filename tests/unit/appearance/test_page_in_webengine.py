"""What the page's style sheet does in the real page engine, against a book with a will of its own."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import QUrl
from PySide6.QtWebEngineCore import QWebEnginePage, QWebEngineProfile
from PySide6.QtWebEngineWidgets import QWebEngineView
from pytestqt.qtbot import QtBot

from alexandria_desktop.theme.color import parse
from alexandria_desktop.theme.customise import built_in, changed
from alexandria_desktop.theme.model import Theme
from alexandria_desktop.theme.page_css import page_css, page_variables

pytestmark = pytest.mark.web

if hasattr(os, "geteuid") and os.geteuid() == 0:
    os.environ.setdefault("QTWEBENGINE_DISABLE_SANDBOX", "1")

BOOK = """
<style>
body { background: #fff; color: #000; font-family: "Book Face", serif; font-size: 9px; line-height: 1 }
p { color: #222; background: #ffe !important; text-indent: 3em; margin: 0 0 5px }
p.first { text-indent: 0 } span.red { color: #c00 !important } code { font-family: fantasy !important }
</style>
<h1>Loomings</h1><p class="first">Call me <a href="#x">Ishmael</a>.</p>
<p id="p">Some <span class="red">years</span> ago <code>x = 1</code></p><figcaption>A whale</figcaption>
<svg id="s" width="10" height="10"><rect fill="#123456" width="5" height="5"/></svg>
"""

Ask = Callable[[str], Any]
Show = Callable[[Theme], Ask]


@pytest.fixture
def show(qtbot: QtBot) -> Iterator[Show]:
    profile = QWebEngineProfile()
    page = QWebEnginePage(profile)
    view = QWebEngineView()
    view.setPage(page)
    view.resize(700, 500)
    view.show()

    def ask(script: str) -> Any:
        answers: list[Any] = []
        page.runJavaScript(f"JSON.stringify({script})", answers.append)
        qtbot.waitUntil(lambda: bool(answers))
        return json.loads(answers[0])

    def open_in(theme: Theme) -> Ask:
        html = f'<html lang="en"><head><style>{page_css(theme)}</style></head><body>{BOOK}</body></html>'
        with qtbot.waitSignal(page.loadFinished):
            page.setHtml(html, QUrl("about:blank"))
        return ask

    yield open_in
    # In this order; a profile that goes before its page takes the program with it.
    for thing in (view, page, profile):
        shiboken6.delete(thing)


def test_a_dark_theme_holds_against_the_books_own_colours(show: Show) -> None:
    theme = built_in("night")
    ask = show(theme)
    assert ask(_style("html", "backgroundColor")) == _css(theme.tokens.surface)
    assert ask(_style("#p", "color")) == _css(theme.tokens.text)
    assert ask(_style("#p", "backgroundColor")) == "rgba(0, 0, 0, 0)"
    assert ask(_style("span.red", "color")) == _css(theme.tokens.text)
    assert ask(_style("a", "color")) == _css(theme.tokens.accent)
    assert ask(_style("figcaption", "color")) == _css(theme.tokens.muted)


def test_drawings_keep_their_colours_on_a_plate(show: Show) -> None:
    theme = built_in("night")
    ask = show(theme)
    assert ask(_style("rect", "fill")) == _css("#123456")
    assert ask(_style("#s", "backgroundColor")) == _css(theme.light.image_plate)


def test_the_books_own_colours_stay_where_the_reader_wants_them(show: Show) -> None:
    ask = show(changed(built_in("paper"), publisher_colors=True))
    assert ask(_style("span.red", "color")) == "rgb(204, 0, 0)"
    assert ask(_style("#p", "backgroundColor")) == "rgb(255, 255, 238)"


def test_size_and_lines_are_the_readers(show: Show) -> None:
    ask = show(changed(built_in("paper"), size=20, line_height=1.5))
    assert ask(_style("#p", "fontSize")) == "20px"
    assert ask(_style("#p", "lineHeight")) == "30px"


def test_indent_and_spacing_are_the_books_until_the_reader_says(show: Show) -> None:
    ask = show(built_in("paper"))
    assert ask(_style("#p", "textIndent")) == "54px"
    assert ask(_style("#p", "marginBlockEnd")) == "5px"
    ask = show(changed(built_in("paper"), paragraph_indent=0, paragraph_spacing=1))
    assert ask(_style("#p", "textIndent")) == "0px"
    assert ask(_style("#p", "marginBlockEnd")) == "18px"


def test_the_books_font_is_a_choice_and_code_keeps_one_width(show: Show) -> None:
    ask = show(built_in("paper"))
    assert ask(_style("#p", "fontFamily")).startswith('"Alexandria Literata"')
    assert ask(_style("code", "fontFamily")).startswith('"Alexandria Source Code Pro"')
    ask = show(changed(built_in("paper"), publisher_font=True))
    assert ask(_style("#p", "fontFamily")) == '"Book Face", serif'


def test_another_theme_is_another_set_of_variables_and_nothing_else(show: Show) -> None:
    ask = show(built_in("paper"))
    night = changed(built_in("night"), size=23, paragraph_indent=1)
    values = json.dumps(page_variables(night))
    ask(f"Object.entries({values}).forEach(([k, v]) => document.documentElement.style.setProperty(k, v)) ?? 1")
    assert ask(_style("html", "backgroundColor")) == _css(night.tokens.surface)
    assert ask(_style("#p", "color")) == _css(night.tokens.text)
    assert ask(_style("#p", "fontSize")) == "23px"
    assert ask(_style("#p", "textIndent")) == "23px"
    paper = json.dumps(page_variables(built_in("paper")))
    ask(f"Object.entries({paper}).forEach(([k, v]) => document.documentElement.style.setProperty(k, v)) ?? 1")
    assert ask(_style("#p", "textIndent")) == "54px"


def test_highlights_take_the_themes_inks(show: Show) -> None:
    theme = built_in("paper")
    ask = show(theme)
    seen = ask("getComputedStyle(document.querySelector('#p'), '::highlight(ink-2)').backgroundColor")
    ink = parse(theme.tokens.ink_2)
    assert seen.startswith(f"rgba({ink.red}, {ink.green}, {ink.blue}, 0.")
    found = "getComputedStyle(document.querySelector('#p'), '::highlight(found)').color"
    assert ask(found) == _css(theme.tokens.accent_text)


def _style(selector: str, name: str) -> str:
    return f"getComputedStyle(document.querySelector('{selector}')).{name}"


def _css(color: str) -> str:
    value = parse(color)
    return f"rgb({value.red}, {value.green}, {value.blue})"
