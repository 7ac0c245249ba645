"""What the system says of the network: that it is back, and whether each byte of it is paid for."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QNetworkInformation


class Network(QObject):
    """A network of which nothing is known; it never says that it is back."""

    returned = Signal()
    """There is a network again, or one of another kind."""

    @property
    def is_metered(self) -> bool:
        """Whether each byte is paid for."""
        return False


class SystemNetwork(Network):
    """What Qt can learn from the system. That there is no network is never believed: the server may be this machine."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        is_known = QNetworkInformation.loadDefaultBackend()
        self._system = QNetworkInformation.instance() if is_known else None
        if self._system is not None:
            self._system.reachabilityChanged.connect(self._on_reachability)
            self._system.isMeteredChanged.connect(self._on_metered)

    @property
    def is_metered(self) -> bool:
        """Whether the system says that each byte is paid for; where it does not know, it is not."""
        return self._system is not None and self._system.isMetered()

    def _on_reachability(self, found: QNetworkInformation.Reachability) -> None:
        if found not in (QNetworkInformation.Reachability.Disconnected, QNetworkInformation.Reachability.Unknown):
            self.returned.emit()

    def _on_metered(self, metered: bool) -> None:
        if not metered:
            self.returned.emit()
