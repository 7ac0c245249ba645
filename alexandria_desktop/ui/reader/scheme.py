"""The scheme that a book's pages are served by, and the wall around it.

Every book is a host of its own, ``alexandria-book://<book>/…``. A page may ask for files of its own book and for our
fonts; the interceptor stops everything else before it becomes a request, and each answer carries a policy that stops
it once more.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote, unquote

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject
from PySide6.QtWebEngineCore import (
    QWebEngineUrlRequestInfo,
    QWebEngineUrlRequestInterceptor,
    QWebEngineUrlRequestJob,
    QWebEngineUrlScheme,
    QWebEngineUrlSchemeHandler,
)

from alexandria_desktop.base.errors import AlexandriaError
from alexandria_desktop.read.page_html import CONTENT_SECURITY_POLICY, SCHEME
from alexandria_desktop.ui.tasks import Tasks

_POLICY_HEADER = QByteArray(b"Content-Security-Policy")


def register_scheme() -> None:
    """Make the scheme known; must run before the QApplication is made."""
    if QWebEngineUrlScheme.schemeByName(SCHEME.encode()).name():
        return
    scheme = QWebEngineUrlScheme(SCHEME.encode())
    scheme.setSyntax(QWebEngineUrlScheme.Syntax.Host)
    scheme.setFlags(QWebEngineUrlScheme.Flag.SecureScheme | QWebEngineUrlScheme.Flag.CorsEnabled)
    QWebEngineUrlScheme.registerScheme(scheme)


def page_address(host: str, href: str, part: int) -> str:
    """Return the address of a page of a book."""
    return f"{SCHEME}://{host}/{quote(href)}?part={part}"


@dataclass(frozen=True, slots=True)
class Served:
    """One answer."""

    media_type: str
    data: bytes


class BookHandler(QWebEngineUrlSchemeHandler):
    """Answers the requests of pages: pages from memory, files of the book off the Qt thread."""

    def __init__(self, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._pages: dict[str, bytes] = {}
        self._providers: dict[str, Callable[[str], Served | None]] = {}

    def add_book(self, host: str, provider: Callable[[str], Served | None]) -> None:
        """Serve a book's files under a host; ``provider`` takes a path and runs off the Qt thread."""
        self._providers[host] = provider

    def remove_book(self, host: str, provider: Callable[[str], Served | None]) -> None:
        """Serve a book no more, unless it has been opened again meanwhile."""
        if self._providers.get(host) != provider:
            return
        del self._providers[host]
        for address in [address for address in self._pages if address.startswith(f"{SCHEME}://{host}/")]:
            del self._pages[address]

    def put_page(self, address: str, html: bytes) -> None:
        """Keep a page ready; the oldest is let go when eight are kept."""
        self._pages.pop(address, None)
        self._pages[address] = html
        while len(self._pages) > 8:
            del self._pages[next(iter(self._pages))]

    def requestStarted(self, job: QWebEngineUrlRequestJob) -> None:
        """Answer a request (called by WebEngine on the Qt thread)."""
        url = job.requestUrl()
        page = self._pages.get(url.toString(url.ComponentFormattingOption.FullyEncoded))
        if page is not None:
            _reply(job, Served("application/xhtml+xml", page))
            return
        provider = self._providers.get(url.host())
        if provider is None or bytes(job.requestMethod().data()) != b"GET":
            job.fail(QWebEngineUrlRequestJob.Error.UrlNotFound)
            return
        path = unquote(url.path(url.ComponentFormattingOption.FullyEncoded)).lstrip("/")
        waiting = _Waiting(job)

        def answer(served: Served | None) -> None:
            waiting.answer(served)

        def fail(_error: AlexandriaError) -> None:
            waiting.answer(None)

        self._tasks.run(lambda: provider(path), answer, fail)


class _Waiting:
    """A request that waits for its file; WebEngine may drop it first."""

    def __init__(self, job: QWebEngineUrlRequestJob) -> None:
        self._job: QWebEngineUrlRequestJob | None = job
        job.destroyed.connect(self._on_destroyed)

    def _on_destroyed(self) -> None:
        self._job = None

    def answer(self, served: Served | None) -> None:
        if self._job is None:
            return
        if served is None:
            self._job.fail(QWebEngineUrlRequestJob.Error.UrlNotFound)
        else:
            _reply(self._job, served)


def _reply(job: QWebEngineUrlRequestJob, served: Served) -> None:
    policy = {_POLICY_HEADER: [QByteArray(CONTENT_SECURITY_POLICY.encode())]}
    job.setAdditionalResponseHeaders(policy)  # type: ignore[arg-type]  # a QMultiMap: the stub says one value
    buffer = QBuffer(job)
    buffer.setData(QByteArray(served.data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    job.reply(QByteArray(served.media_type.encode()), buffer)


class Wall(QWebEngineUrlRequestInterceptor):
    """Blocks every request that does not stay inside the page's own book, and remembers the last ones."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.blocked: deque[str] = deque(maxlen=200)
        self.let_through: deque[str] = deque(maxlen=200)

    def interceptRequest(self, info: QWebEngineUrlRequestInfo) -> None:
        """Decide on a request before it is made."""
        url = info.requestUrl()
        if url.scheme() == "data":
            return
        first = info.firstPartyUrl()
        is_own = url.scheme() == SCHEME and (not first.host() or first.host() == url.host())
        if not is_own:
            self.blocked.append(url.toString())
            info.block(True)
            return
        self.let_through.append(url.toString())
