"""The pictures of the guide are of this program: they are taken anew at night and compared."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from take_pictures import MOST_APART, how_far

from tests.support.data import CHECKOUT
from tests.support.guide import PICTURES


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    return tmp_path / "changed.png"


def test_a_picture_is_like_itself_when_letters_are_drawn_a_little_otherwise(changed: Path) -> None:
    with Image.open(PICTURES / "reader.webp") as picture:
        small = picture.convert("RGB").resize((picture.width // 2, picture.height // 2))
        small.resize(picture.size).save(changed)
    assert how_far(changed, PICTURES / "reader.webp") < MOST_APART / 3


def test_a_picture_with_another_panel_is_another(changed: Path) -> None:
    with Image.open(PICTURES / "reader.webp") as picture:
        painted = picture.convert("RGB")
    ImageDraw.Draw(painted).rectangle((0, 0, 300, painted.height), fill=(40, 60, 110))
    painted.save(changed)
    assert how_far(changed, PICTURES / "reader.webp") > MOST_APART


def test_a_picture_that_is_missing_is_another(changed: Path) -> None:
    Image.new("RGB", (4, 4)).save(changed)
    assert how_far(changed, PICTURES / "none.webp") > MOST_APART


@pytest.mark.nightly
@pytest.mark.web
def test_the_window_still_looks_like_its_pictures() -> None:
    command = [sys.executable, str(CHECKOUT / "packaging" / "take_pictures.py"), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, f"take them anew by: python3 packaging/bootstrap.py pictures\n{done.stdout}"
