"""Check that the page's scripts can be read, with the very engine that will run them; run inside the environment."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWebEngineCore import QWebEnginePage
from PySide6.QtWidgets import QApplication

LONGEST_WAIT = 60_000
_READ = "(() => {{ try {{ new Function({source}); return ''; }} catch (error) {{ return String(error); }} }})()"


class Reader:
    """Hands scripts to a page one after the other; the program ends with the number of those that are broken."""

    def __init__(self, application: QApplication, files: list[Path]) -> None:
        self._application = application
        self._files = files
        self._broken = 0
        self._page = QWebEnginePage(application)
        self._page.loadFinished.connect(self._read_next)

    def start(self) -> None:
        """Begin."""
        QTimer.singleShot(LONGEST_WAIT, lambda: self._application.exit(2))
        self._page.setHtml("<!doctype html><title>scripts</title>")

    def _read_next(self) -> None:
        if not self._files:
            self._page.deleteLater()
            QTimer.singleShot(0, lambda: self._application.exit(1 if self._broken else 0))
            return
        file = self._files.pop(0)
        source = file.read_text(encoding="utf-8")
        self._page.runJavaScript(_READ.format(source=json.dumps(source)), 0, lambda told: self._take(file, str(told)))

    def _take(self, file: Path, told: str) -> None:
        if told:
            print(f"{file}: {told}")
            self._broken += 1
        self._read_next()


def main() -> int:
    """Check the files named on the command line."""
    application = QApplication(sys.argv[:1])
    reader = Reader(application, [Path(name) for name in sys.argv[1:]])
    reader.start()
    return application.exec()


if __name__ == "__main__":
    sys.exit(main())
