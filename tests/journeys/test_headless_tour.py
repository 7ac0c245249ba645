"""Where there is no screen, a tour shows that everything works."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.data import CHECKOUT
from tests.support.epubs import novel

pytestmark = pytest.mark.web


def test_the_tour_opens_searches_and_leaves_pictures(tmp_path: Path) -> None:
    broken = tmp_path / "broken.epub"
    broken.write_bytes(b"no book")
    command = [sys.executable, CHECKOUT / "packaging" / "headless_tour.py", "--out", tmp_path / "tour"]
    done = subprocess.run(
        [*command, novel(tmp_path / "novel.epub", chapters=2), broken],
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen", "QTWEBENGINE_DISABLE_SANDBOX": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=240,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert "imported: The made-up novel" in done.stdout
    assert "failed: broken.epub" in done.stdout
    assert "1 went wrong" in done.stdout
    pictures = {file.stem for file in (tmp_path / "tour").glob("*.png") if file.stat().st_size > 2_000}
    wanted = {"library", "library-dark", "reader-paper", "reader-sepia", "reader-night", "notes", "finder"}
    wanted |= {"courses", "course-builder", "course", "course-lesson", "course-questions", "course-class-dark"}
    assert wanted <= pictures
    assert any("made-up-novel" in name for name in pictures)
