"""A book is hostile: nothing it holds runs, and nothing it asks for leaves the machine or the book."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from alexandria_desktop.base.errors import ReaderError
from alexandria_desktop.ingest.detect import open_book
from alexandria_desktop.read.open_book import OpenBook
from alexandria_desktop.read.page_html import SCHEME
from tests.support.data import shared_data
from tests.support.epubs import make_epub, page
from tests.support.web import Pages, css

pytestmark = pytest.mark.web


@pytest.fixture
def listener() -> Iterator[tuple[str, list[str]]]:
    """A real server on this machine that writes down who asks."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}", asked
    server.shutdown()
    server.server_close()
    thread.join()


def hostile_document(base: str) -> str:
    head = (
        f'<meta http-equiv="refresh" content="0; url={base}/refresh"/>'
        f'<link rel="stylesheet" href="{base}/style.css"/><link rel="prefetch" href="{base}/prefetch"/>'
        f'<style>@import url("{base}/import.css"); @font-face {{ font-family: x; src: url("{base}/font.woff") }}'
        f' body {{ background: url("{base}/background.png"); font-family: x }}</style>'
        f"<script>document.title='ran'; fetch('{base}/fetch')</script>"
    )
    body = (
        f'<p id="p" onclick="document.title=\'ran\'">Words that stay.</p><img src="{base}/pixel.png"/>'
        f'<img src="x" onerror="document.title=\'ran\'"/><iframe src="{base}/frame"></iframe>'
        f'<iframe src="file:///etc/passwd"></iframe><object data="{base}/object"></object>'
        f'<video src="{base}/video.mp4" autoplay="autoplay"></video><audio src="{base}/a.mp3" preload="auto"/>'
        f'<form action="{base}/form"><input type="submit"/></form><embed src="{base}/embed"/>'
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'
        f'<script>document.title="ran"</script><image xlink:href="{base}/svg.png" width="9" height="9"/>'
        f'<use href="{base}/use.svg#a"/></svg><a href="javascript:document.title=\'ran\'">link</a>'
    )
    return page(body, head=head)


def test_nothing_leaves_and_nothing_runs(pages: Pages, tmp_path: Path, listener: tuple[str, list[str]]) -> None:
    base, asked = listener
    path = make_epub(tmp_path / "book.epub", [("One", "")], documents={"c0.xhtml": hostile_document(base)})
    book = OpenBook(open_book(path, edition="e"))
    pages.show(pages.add(book), book.page(0, 0, theme_css=css()))
    assert pages.ask("canonical")["text"].startswith("Words that stay.")
    pages.ask("turn", 1)
    assert asked == []
    assert pages.view._page.title() == "t"
    book.close()


def test_the_wall_and_the_policy_hold_even_without_the_sanitiser(
    pages: Pages, tmp_path: Path, listener: tuple[str, list[str]]
) -> None:
    """Serve the hostile document as it is: what stands behind the sanitiser must hold alone."""
    base, asked = listener
    path = make_epub(tmp_path / "book.epub", [("One", "<p>x</p>")])
    book = OpenBook(open_book(path, edition="e"))
    raw = hostile_document(base).replace(f'<meta http-equiv="refresh" content="0; url={base}/refresh"/>', "")
    shown = book.page(0, 0, theme_css=css())
    unsafe = type(shown)(shown.section, shown.part, shown.parts, shown.href, raw.encode(), 0, 5)
    pages.show(pages.add(book), unsafe)
    assert pages.view._page.title() == "t"
    assert asked == []
    book.close()


def test_a_page_cannot_read_another_book(pages: Pages, tmp_path: Path) -> None:
    secret = make_epub(tmp_path / "secret.epub", [("One", "")], files={"s.css": b"p{color:rgb(1,2,3)}"})
    owner = OpenBook(open_book(secret, edition="e"))
    host = pages.add(owner)
    address = f"{SCHEME}://{host}/OEBPS/s.css"
    style = f'<style>@import url("{address}");</style>'
    path = make_epub(tmp_path / "book.epub", [("One", "")], documents={"c0.xhtml": page("<p>x</p>", head=style)})
    reader = OpenBook(open_book(path, edition="f"))
    pages.show(pages.add(reader), reader.page(0, 0, theme_css=css()))
    assert address in pages.profile.wall.blocked
    assert address not in pages.profile.wall.let_through
    for book in (owner, reader):
        book.close()


@pytest.mark.data
def test_the_hostile_set_is_read_with_no_request_leaving(pages: Pages) -> None:
    folder = shared_data() / "epub" / "hostile"
    refused: dict[str, str] = {}
    read = 0
    for path in sorted(folder.glob("*.epub")):
        try:
            book = OpenBook(open_book(path, edition="e"))
            shown = book.page(0, 0, theme_css=css())
        except ReaderError as error:
            refused[path.name] = error.message
            continue
        pages.show(pages.add(book), shown)
        read += 1
        book.close()
    assert read >= 28
    assert all(sentence.endswith(".") for sentence in refused.values()), refused
    assert [address for address in pages.profile.wall.let_through if not address.startswith(f"{SCHEME}://")] == []
