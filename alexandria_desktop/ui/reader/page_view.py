"""One page of a book in WebEngine: loads it, speaks with the page script, and lets nothing else in or out."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QFile, QIODevice, QObject, QUrl, Signal, Slot
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtWebChannel import QWebChannel
from PySide6.QtWebEngineCore import (
    QWebEnginePage,
    QWebEngineProfile,
    QWebEngineScript,
    QWebEngineSettings,
)
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QVBoxLayout, QWidget

from alexandria_desktop.base.resources import resource
from alexandria_desktop.read.page_html import SCHEME
from alexandria_desktop.ui.reader.scheme import BookHandler, Wall
from alexandria_desktop.ui.tasks import Tasks

_WORLD = QWebEngineScript.ScriptWorldId.ApplicationWorld
_PARTS = ("canonical.js", "flow.js", "marks.js", "page.js", "start.js")


@cache
def page_script() -> str:
    """Return the page script: Qt's channel first, then our parts in order."""
    channel = QFile(":/qtwebchannel/qwebchannel.js")
    channel.open(QIODevice.OpenModeFlag.ReadOnly)
    source = bytes(channel.readAll().data()).decode()
    return "\n".join([source, *(resource(f"web/{name}").read_text("utf-8") for name in _PARTS)])


class BookProfile:
    """The off-the-record profile that all book pages share: no cookies, no cache on disk, no scripts of a book."""

    def __init__(self, tasks: Tasks, parent: QObject) -> None:
        self.profile = QWebEngineProfile(parent)
        self.handler = BookHandler(tasks, self.profile)
        self.wall = Wall(self.profile)
        self.profile.installUrlSchemeHandler(SCHEME.encode(), self.handler)
        self.profile.setUrlRequestInterceptor(self.wall)
        self.profile.setHttpCacheType(QWebEngineProfile.HttpCacheType.NoCache)
        settings = self.profile.settings()
        off = (
            QWebEngineSettings.WebAttribute.JavascriptEnabled,
            QWebEngineSettings.WebAttribute.JavascriptCanOpenWindows,
            QWebEngineSettings.WebAttribute.LocalStorageEnabled,
            QWebEngineSettings.WebAttribute.LocalContentCanAccessRemoteUrls,
            QWebEngineSettings.WebAttribute.LocalContentCanAccessFileUrls,
            QWebEngineSettings.WebAttribute.PluginsEnabled,
            QWebEngineSettings.WebAttribute.HyperlinkAuditingEnabled,
            QWebEngineSettings.WebAttribute.AutoLoadIconsForPage,
            QWebEngineSettings.WebAttribute.PdfViewerEnabled,
            QWebEngineSettings.WebAttribute.ErrorPageEnabled,
            QWebEngineSettings.WebAttribute.NavigateOnDropEnabled,
        )
        for attribute in off:
            settings.setAttribute(attribute, False)
        settings.setAttribute(QWebEngineSettings.WebAttribute.ShowScrollBars, False)
        self.profile.downloadRequested.connect(_refuse_download)
        script = QWebEngineScript()
        script.setName("alexandria")
        script.setWorldId(_WORLD)
        script.setInjectionPoint(QWebEngineScript.InjectionPoint.DocumentReady)
        script.setRunsOnSubFrames(False)
        script.setSourceCode(page_script())
        self.profile.scripts().insert(script)

    def dispose(self) -> None:
        """Let go of the profile, after the pages that were let go of before."""
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        if shiboken6.isValid(self.profile):
            shiboken6.delete(self.profile)


def _refuse_download(request: Any) -> None:
    request.cancel()


class _Page(QWebEnginePage):
    """A page that goes nowhere by itself."""

    def acceptNavigationRequest(
        self, url: QUrl | str, _kind: QWebEnginePage.NavigationType, is_main_frame: bool
    ) -> bool:
        """Allow only what the program itself loads."""
        return is_main_frame and QUrl(url).scheme() in (SCHEME, "about")

    def createWindow(self, _kind: QWebEnginePage.WebWindowType) -> QWebEnginePage | None:  # type: ignore[override]
        """Open no window."""
        return None

    def javaScriptConsoleMessage(self, *_arguments: object) -> None:
        """Keep what a page says to itself out of our log."""


class _Host(QObject):
    """The object that the page script calls."""

    said = Signal(str)

    @Slot(str)
    def receive(self, message: str) -> None:
        """Take a message of the page."""
        if len(message) < 4_000_000:
            self.said.emit(message)


@dataclass(frozen=True, slots=True)
class PageMessage:
    """What the page told: its kind and the plain values with it."""

    kind: str
    data: dict[str, Any]


class PageView(QWidget):
    """A widget that shows one page of a book."""

    told = Signal(object)
    """A PageMessage."""
    key_pressed = Signal(QKeyEvent)
    crashed = Signal()

    def __init__(self, profile: BookProfile, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.address = ""
        self.is_ready = False
        self._begin: dict[str, Any] | None = None
        self._key_filter: Callable[[QKeyEvent], bool] | None = None
        self._view = QWebEngineView(self)
        self._page = _Page(profile.profile, self._view)
        self._channel = QWebChannel(self._page)
        self._host = _Host(self._channel)
        self._channel.registerObject("host", self._host)
        self._page.setWebChannel(self._channel, _WORLD)
        self._view.setPage(self._page)
        self._view.setContextMenuPolicy(self._view.contextMenuPolicy().NoContextMenu)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._view)
        self._host.said.connect(self._on_said)
        self._page.renderProcessTerminated.connect(self._on_terminated)
        self._watch_focus_proxy()

    def set_key_filter(self, wants: Callable[[QKeyEvent], bool]) -> None:
        """Let ``wants`` see each key first; a key that it takes does not reach the page."""
        self._key_filter = wants

    def set_background(self, colour: QColor) -> None:
        """Show this colour until the page paints, so that a dark room stays dark."""
        self._page.setBackgroundColor(colour)

    def load(self, address: str, begin: dict[str, Any]) -> None:
        """Load a page; ``begin`` holds what the page script needs to show it (layout, offset, notes)."""
        self.address = address
        self.is_ready = False
        self._begin = begin
        self._page.load(QUrl(address))

    def call(self, method: str, *arguments: Any, then: Callable[[Any], None] | None = None) -> None:
        """Call a method of the page script; ``then`` gets its plain result. Not before the page is ready."""
        if not self.is_ready:
            return  # the page before it is still there, and would answer
        listed = ", ".join(json.dumps(argument) for argument in arguments)
        code = f"alexandria === null ? 'null' : JSON.stringify(alexandria.{method}({listed}) ?? null)"

        def receive(result: Any) -> None:
            if then is not None:
                then(json.loads(result) if isinstance(result, str) and result else None)

        self._page.runJavaScript(code, _WORLD.value, receive)

    def focus_page(self) -> None:
        """Give the page the keyboard."""
        self._view.setFocus()

    def dispose(self) -> None:
        """Let go of view and page; the profile comes last and is not ours.

        Both go once control is back in the event loop: an engine that still paints must not lose them under its feet.
        """
        for target in (self._view, self._view.focusProxy()):
            if target is not None:
                target.removeEventFilter(self)
        self._key_filter = None
        self._host.said.disconnect(self._on_said)
        self._view.hide()
        self._page.setParent(None)
        self._view.setPage(None)  # type: ignore[arg-type]
        self._page.deleteLater()
        self._view.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Offer keys to the program before the page."""
        if (
            event.type() in (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride)
            and isinstance(event, QKeyEvent)
            and self._key_filter is not None
        ):
            if event.type() == QEvent.Type.KeyPress and self._key_filter(event):
                return True
        elif event.type() == QEvent.Type.ChildAdded:
            self._watch_focus_proxy()
        return super().eventFilter(watched, event)

    def _watch_focus_proxy(self) -> None:
        proxy = self._view.focusProxy()
        for target in (self._view, proxy):
            if target is not None:
                target.removeEventFilter(self)
                target.installEventFilter(self)

    def _on_said(self, text: str) -> None:
        try:
            data = json.loads(text)
        except ValueError:
            return
        if not isinstance(data, dict) or not isinstance(data.get("type"), str):
            return
        if data["type"] == "ready" and data.get("address") == self.address and self._begin is not None:
            self.is_ready = True
            self._watch_focus_proxy()
            self.call("begin", self._begin)
        if self.is_ready:  # else it is about the page before
            self.told.emit(PageMessage(data["type"], data))

    def _on_terminated(self, _status: object, _code: int) -> None:
        self.is_ready = False
        self.crashed.emit()
