"""Render a sample page in every built-in environment: ``python -m tests.support.page_samples FOLDER [ID…]``."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QEventLoop, QTimer, QUrl
from PySide6.QtWebEngineCore import (
    QWebEnginePage,
    QWebEngineProfile,
    QWebEngineUrlRequestJob,
    QWebEngineUrlScheme,
    QWebEngineUrlSchemeHandler,
)
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QApplication

from alexandria_desktop.theme.customise import built_in
from alexandria_desktop.theme.environments import environments
from alexandria_desktop.theme.fonts import font_path
from alexandria_desktop.theme.page_css import page_css

SCHEME = b"alexandria-book"

BOOK_CSS = """
body { background: #fff; color: #000; font-family: serif }
p.loud { color: #222; background: #fff } span.red { color: #c00 } .sc { font-variant: small-caps }
aside { border: 1px solid #000; padding: .6em 1em; background: #eef }
"""

BODY = """
<h1>Loomings</h1>
<p><span class="sc">Call me Ishmael</span>. Some years ago, never mind how long precisely, having little or no money
in my purse, and nothing particular to interest me on shore, I thought I would sail about a little and see the watery
part of the world in 1851. It is a way I have of driving off the spleen and regulating the circulation.</p>
<p>Whenever I find myself growing <em>grim about the mouth</em>; whenever it is a damp, drizzly November in my soul;
whenever I find myself involuntarily pausing before <strong>coffin warehouses</strong>, and bringing up the rear of
every funeral I meet,<sup><a href="#n">1</a></sup> I account it high time to get to sea as soon as I can.</p>
<p class="loud">A paragraph that the book paints <span class="red">in its own colours</span>, with a
<a href="#x">link to another place</a> and <code>a little code = 42</code>.</p>
<aside><p>An aside in a box of the book's own making.</p></aside>
<h2>A table and a picture</h2>
<table><tr><th>Ship</th><th>Master</th><th>Barrels</th></tr>
<tr><td>Pequod</td><td>Ahab</td><td>1,204</td></tr><tr><td>Virgin</td><td>Derick De Deer</td><td>0</td></tr></table>
<svg width="180" height="46" viewBox="0 0 180 46"><path d="M5 40 L60 8 L110 34 L175 6" fill="none" stroke="#000"
stroke-width="2"/><text x="8" y="16" font-size="12">oil, by year</text></svg>
<p lang="ar" dir="rtl">كان البحر هادئا في تلك الليلة، وكانت النجوم تلمع.</p>
<p lang="he" dir="rtl">הים היה שקט באותו לילה, והכוכבים נצצו.</p><p lang="th">ทะเลสงบในคืนนั้น และดวงดาวส่องแสง</p>
"""

MARKS = """
(() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const find = (words) => { walker.currentNode = document.body; let node;
    while ((node = walker.nextNode())) { const at = node.data.indexOf(words);
      if (at >= 0) { const range = new Range(); range.setStart(node, at); range.setEnd(node, at + words.length);
        return range; } } };
  const put = (name, words) => {
    const range = find(words); if (range) CSS.highlights.set(name, new Highlight(range)); };
  put('ink-1', 'having little or no money'); put('ink-2', 'nothing particular to interest me');
  put('ink-3', 'the watery'); put('ink-4', 'driving off the spleen'); put('ink-5', 'whenever it is a damp');
  put('search', 'pausing before'); put('found', 'involuntarily'); put('speech', 'high time to get to sea');
  document.documentElement.lang = 'en';
})()
"""


class SampleHandler(QWebEngineUrlSchemeHandler):
    """Serves one page and the program's fonts."""

    html = b""

    def requestStarted(self, job: QWebEngineUrlRequestJob) -> None:  # noqa: N802
        url = job.requestUrl()
        if url.host() == "fonts":
            path = font_path(url.path().lstrip("/"))
            if path is None:
                job.fail(QWebEngineUrlRequestJob.Error.UrlNotFound)
                return
            self._reply(job, b"font/ttf", path.read_bytes())
        else:
            self._reply(job, b"text/html; charset=utf-8", self.html)

    @staticmethod
    def _reply(job: QWebEngineUrlRequestJob, kind: bytes, data: bytes) -> None:
        buffer = QBuffer(job)
        buffer.setData(QByteArray(data))
        job.reply(kind, buffer)


def register_scheme() -> None:
    """Declare the scheme; before QApplication."""
    scheme = QWebEngineUrlScheme(SCHEME)
    scheme.setSyntax(QWebEngineUrlScheme.Syntax.Host)
    scheme.setFlags(
        QWebEngineUrlScheme.Flag.SecureScheme
        | QWebEngineUrlScheme.Flag.CorsEnabled
        | QWebEngineUrlScheme.Flag.LocalAccessAllowed
    )
    QWebEngineUrlScheme.registerScheme(scheme)


def sample_html(css: str, *, flow: str = "scrolled") -> bytes:
    """Return the sample page with our style sheet before the book's."""
    return (
        f'<!doctype html><html lang="en" data-flow="{flow}"><head><meta charset="utf-8"><style>{css}</style>'
        f"<style>{BOOK_CSS}</style></head><body>{BODY}</body></html>"
    ).encode()


def wait(milliseconds: int) -> None:
    """Let the page paint."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    register_scheme()
    app = QApplication(sys.argv[:1])
    profile = QWebEngineProfile()
    handler = SampleHandler()
    profile.installUrlSchemeHandler(SCHEME, handler)
    page = QWebEnginePage(profile)
    view = QWebEngineView()
    view.setPage(page)
    view.resize(720, 900)
    view.show()
    wanted = sys.argv[2:] or [item.id for item in environments()]
    for name in wanted:
        handler.html = sample_html(page_css(built_in(name)))
        loop = QEventLoop()
        page.loadFinished.connect(loop.quit)
        page.load(QUrl(f"alexandria-book://sample/{name}"))
        loop.exec()
        page.loadFinished.disconnect(loop.quit)
        page.runJavaScript(MARKS)
        wait(700)
        view.grab().save(str(folder / f"page-{name}.png"))
        print(json.dumps({"page": name}))
    view.deleteLater()
    page.deleteLater()
    app.processEvents()
    del page, view


if __name__ == "__main__":
    main()
