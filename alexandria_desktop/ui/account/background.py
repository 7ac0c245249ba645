"""What joins keeping in step to the window: the line in the sidebar, the account screen, the commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from alexandria_desktop.base.errors import AlexandriaError
from alexandria_desktop.ui.account.keeping import Keeping
from alexandria_desktop.ui.account.network import SystemNetwork
from alexandria_desktop.ui.account.wording import now, standing

if TYPE_CHECKING:
    from alexandria_desktop.ui.account.page import AccountPage
    from alexandria_desktop.ui.main_window import MainWindow


class Background(QObject):
    """Belongs to the window, and ends with it."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        context = window.context
        self.keeping = Keeping(context.library, context.tasks, SystemNetwork(self), parent=self)
        self.keeping.changed.connect(self.tell)
        self.keeping.failed.connect(self._on_failed)
        self.keeping.settled.connect(self._on_settled)
        self._page: AccountPage | None = None
        self._was_asked = False

    def begin(self) -> None:
        """Begin to keep in step."""
        self.keeping.begin()

    def end(self) -> None:
        """Call off what is under way."""
        self.keeping.end()

    def tell(self) -> None:
        """Say in the sidebar how things stand; while a round runs the line stays as it is."""
        shelf = self._window.made_shelf
        if shelf is not None and self.keeping.is_known and not self.keeping.is_running:
            shelf.sidebar.account.say(*standing(self.keeping.status, now()))

    def sync_now(self) -> None:
        """Run a round for the reader, who is told of its end wherever they are; without an account, lead to it."""
        status = self.keeping.status
        if status is None or not status.is_signed_in:
            self.show_account()
            return
        self._was_asked = True
        self.keeping.sync_now()

    def show_account(self, *, differences: bool = False) -> None:
        """Show the account screen, or what wants the reader's eye on it."""
        if not self.keeping.is_known:
            self.keeping.look()
        page = self._made_page()
        self._window.show_library()
        self._window.shelf.show_account(page)
        if differences:
            page.show_differences()
        else:
            page.take_focus()

    def _made_page(self) -> AccountPage:
        if self._page is None:
            from alexandria_desktop.ui.account.page import AccountPage

            self._page = AccountPage(self._window.context, self.keeping)
        return self._page

    def _is_watched(self) -> bool:
        return self._page is not None and self._page.isVisible()

    def _on_failed(self, error: AlexandriaError) -> None:
        if self._was_asked and not self._is_watched():
            self._window.report(error)
        self._was_asked = self._was_asked and self.keeping.failures == 0

    def _on_settled(self) -> None:
        if self._was_asked and self.keeping.failures == 0 and not self._is_watched():
            self._window.say("Synced.")
        self._was_asked = False
