"""Drive real pages of books in WebEngine."""

from __future__ import annotations

from typing import Any

from pytestqt.qtbot import QtBot

from alexandria_desktop.read.open_book import OpenBook, Page
from alexandria_desktop.theme.customise import built_in
from alexandria_desktop.theme.page_css import page_css
from alexandria_desktop.ui.reader.page_view import BookProfile, PageMessage, PageView
from alexandria_desktop.ui.reader.scheme import Served, page_address

PATIENCE = 20_000


class Pages:
    """Shows pages of opened books in one view, and asks the page script."""

    def __init__(self, qtbot: QtBot, profile: BookProfile) -> None:
        self.profile = profile
        self.view = PageView(profile)
        self._qtbot = qtbot
        self._said: list[PageMessage] = []
        self._books = 0
        self.view.told.connect(self._said.append)
        self.view.resize(900, 700)
        self.view.show()

    def add(self, book: OpenBook) -> str:
        """Serve a book and return its host."""
        self._books += 1
        host = f"book{self._books}"

        def provide(path: str) -> Served | None:
            found = book.resource(path)
            return Served(found.media_type, found.data) if found is not None else None

        self.profile.handler.add_book(host, provide)
        return host

    def show(self, host: str, page: Page, **begin: Any) -> None:
        """Load a page and wait until it is painted."""
        address = f"{page_address(host, page.href, page.part)}&s={page.section}"
        self.profile.handler.put_page(address, page.html)
        self._said.clear()
        self.view.load(address, {"layout": {"flow": "paged"}, "offset": 0, "notes": [], **begin})
        self._qtbot.waitUntil(lambda: any(one.kind == "painted" for one in self._said), timeout=PATIENCE)

    def ask(self, method: str, *arguments: Any) -> Any:
        """Call the page script and return its answer."""
        answers: list[Any] = []
        self.view.call(method, *arguments, then=answers.append)
        self._qtbot.waitUntil(lambda: bool(answers), timeout=PATIENCE)
        return answers[0]

    def said(self, kind: str) -> list[PageMessage]:
        """Return what the page told since it was loaded."""
        return [one for one in self._said if one.kind == kind]

    def dispose(self) -> None:
        """Let go of the view."""
        self.view.dispose()


def css() -> str:
    """Return the styles of a theme, as pages get them."""
    return page_css(built_in("paper"))
