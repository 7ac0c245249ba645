"""The program is killed while somebody builds a course: what was typed before the last quarter of a second is there."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from alexandria_desktop.library.library import Library
from alexandria_desktop.teach.blocks import TextBlock
from tests.support.data import CHECKOUT

AUTOSAVE = 0.25
"""Seconds."""
TYPING = """
import sys
from pathlib import Path
from uuid import UUID
from PySide6.QtCore import QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from alexandria_desktop.library.library import Library
from alexandria_desktop.ui.courses.builder.rich_edit import RichEdit
from alexandria_desktop.ui.session import Session

application = QApplication([])
session = Session(application, Library.open(Path(sys.argv[1]), vectors="numpy"))
session.window.show()
session.window.build_course(UUID(sys.argv[2]))
screen = session.window.courses.builder

def type_when_there() -> None:
    if screen.tree.count() < 2:
        QTimer.singleShot(20, type_when_there)
        return
    screen.tree.setCurrentRow(1)
    QTest.keyClicks(screen.lesson._editors[0].findChild(RichEdit), "Typed ")
    print("typed", flush=True)

type_when_there()
application.exec()
"""


def test_a_kill_costs_what_was_typed_in_the_last_quarter_of_a_second_at_most(tmp_path: Path) -> None:
    root = tmp_path / "library"
    with Library.open(root, vectors="numpy") as library:
        course = library.authoring.make_course("Evolution")
        lesson = library.authoring.add_lesson(course, "First")
        library.authoring.add_block(lesson, TextBlock(id="a", html="words"))
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT), "QT_QPA_PLATFORM": "offscreen"}
    child = subprocess.Popen(
        [sys.executable, "-c", TYPING, str(root), str(course)], stdout=subprocess.PIPE, text=True, env=environment
    )
    try:
        assert child.stdout is not None
        assert child.stdout.readline() == "typed\n"
        time.sleep(AUTOSAVE)  # the promise itself is one of time
    finally:
        os.kill(child.pid, signal.SIGKILL)
        child.communicate()
    with Library.open(root, vectors="numpy") as library:
        (block,) = library.courses.lesson(lesson).blocks
        assert isinstance(block, TextBlock)
        assert block.html == "Typed words"
