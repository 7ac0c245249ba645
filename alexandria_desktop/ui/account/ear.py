"""The line on which a server calls: opened off the Qt thread, closed from it at any moment."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from alexandria_desktop.library.library import Library

if TYPE_CHECKING:
    from sync.client.poke import Listener


class Ear:
    """One line, or none yet, or none any more."""

    def __init__(self, on_news: Callable[[], None]) -> None:
        self._on_news = on_news
        self._lock = threading.Lock()
        self._listener: Listener | None = None
        self._is_closed = False

    def open(self, library: Library) -> None:
        """Begin to listen, unless it was closed meanwhile."""
        listener = library.syncing.listen(self._hear)
        with self._lock:
            if not self._is_closed:
                self._listener = listener
                return
        if listener is not None:
            listener.end()

    def close(self) -> None:
        """Listen no more; nobody is called after this."""
        with self._lock:
            self._is_closed = True
            listener, self._listener = self._listener, None
        if listener is not None:
            listener.end()

    def _hear(self) -> None:
        # Closed while we hold it, the window that would be called is still there.
        with self._lock:
            if not self._is_closed:
                self._on_news()
