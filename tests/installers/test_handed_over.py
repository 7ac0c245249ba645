"""Files that the system hands to the program, as a Mac does when one is opened in the file manager."""

from __future__ import annotations

import subprocess
import sys

SCRIPT = """
from PySide6.QtCore import QCoreApplication, QUrl
from PySide6.QtGui import QFileOpenEvent
from alexandria_desktop.app import make_application
application = make_application()
def hand(path):
    QCoreApplication.sendEvent(application, QFileOpenEvent(path))
hand("/books/before.epub")
print("waited", application.listen())
application.file_named.connect(lambda path: print("told", path))
hand("/books/after.epub")
print("waited", application.listen())
print(application.desktopFileName(), not application.windowIcon().isNull())
"""


def test_a_file_waits_for_the_window_and_is_told_at_once_when_there_is_one() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout.splitlines() == [
        "waited ['/books/before.epub']",
        "told /books/after.epub",
        "waited []",
        "org.alexandria_desktop.Alexandria True",
    ], done.stderr
