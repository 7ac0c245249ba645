"""The program itself, which tells on stdout when the books, or a book's page, are on the screen.

Imports nothing that the program does not import, so that the time is the program's.
"""

from __future__ import annotations

import sys
import time


def main(root: str, *book: str) -> int:
    """Be the program, and tell when the books, or the book's page, are on the screen."""
    from alexandria_desktop import app, cli

    make = app.make_application

    def make_and_watch() -> object:
        from PySide6.QtCore import QTimer

        application = make()
        clock = QTimer(application, interval=1)

        def look() -> None:
            from alexandria_desktop.ui.main_window import MainWindow
            from alexandria_desktop.ui.shelf.cover_grid import CoverGrid

            for widget in application.allWidgets():
                if isinstance(widget, MainWindow if book else CoverGrid):
                    clock.stop()
                    (widget.book_shown if isinstance(widget, MainWindow) else widget.painted).connect(painted)
                    return

        def painted() -> None:
            # After the event that painted, what was painted is handed to the screen.
            QTimer.singleShot(0, tell)

        def tell() -> None:
            print(f"painted {time.monotonic()}", flush=True)
            application.quit()

        clock.timeout.connect(look)
        clock.start()
        return application

    app.make_application = make_and_watch  # type: ignore[assignment]
    return cli.run(["--library", root, *(("open", *book) if book else ())])


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
