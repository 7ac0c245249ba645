"""Two libraries whose folders a real Syncthing keeps alike."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from sync.folder.layout import begin
from sync.schema.ids import uuid7
from tests.sync.folder.laptops import FolderLaptop, folder_laptop
from tests.sync.folder.syncthing import Syncthing, level

pytestmark = pytest.mark.nightly


@dataclass(frozen=True)
class Side:
    """A laptop and what carries its folder."""

    laptop: FolderLaptop
    carrier: Syncthing


@pytest.fixture
def sides(tmp_path: Path) -> Iterator[tuple[Side, Side]]:
    """Two laptops with one note in a folder that has arrived on both."""
    with ExitStack() as stack:
        carriers = []
        for number in range(2):
            (tmp_path / f"folder-{number}").mkdir()
            carriers.append(Syncthing(tmp_path / f"syncthing-{number}", tmp_path / f"folder-{number}"))
            stack.callback(carriers[-1].stop)
        begin(carriers[0].folder, user := uuid7())
        carriers[0].share_with(carriers[1])
        carriers[1].share_with(carriers[0])
        level(*carriers)
        made = [
            Side(stack.enter_context(folder_laptop(tmp_path / f"laptop-{number}", one.folder, user)), one)
            for number, one in enumerate(carriers)
        ]
        made[0].laptop.add_note(made[0].laptop.add_book(), "the sea")
        one, other = made
        settle(one, other)
        yield one, other


def settle(*sides: Side) -> None:
    """Let all arrive, both ways."""
    for _ in range(2):
        for side in sides:
            side.laptop.sync()
        level(*(side.carrier for side in sides))
    for side in sides:
        side.laptop.sync()


def write(laptop: FolderLaptop, word: str) -> None:
    """Add a word to the note that both have, and a note of its own."""
    note = min(laptop.rows("user_notes"))
    laptop.change("user_notes", note, note_text=f"{laptop.note(note)} {word}")
    laptop.add_note(next(iter(laptop.rows("content_items"))), f"own {word}")
    laptop.sync()


def agree(one: FolderLaptop, other: FolderLaptop, words: set[str]) -> None:
    assert one.everything() == other.everything(), "the same rows on both"
    texts = [str(row["note_text"]) for row in one.rows("user_notes").values()]
    assert words <= set(re.findall(r"\w+", min(texts, key=lambda text: text.startswith("own")))), "no word is lost"
    assert {f"own {word}" for word in words} <= set(texts)
    for laptop in (one, other):
        assert laptop.waiting() == []


def test_what_both_write_at_once_and_while_one_is_paused_is_on_both(sides: tuple[Side, Side]) -> None:
    (one, first), (other, second) = ((side.laptop, side.carrier) for side in sides)
    words = set()
    for number in range(6):
        paused = number in (2, 3, 4)
        if number == 2:
            second.pause()
        for laptop, name in ((one, "a"), (other, "b")):
            words.add(f"{name}{number}")
            write(laptop, f"{name}{number}")
        (first if paused else second).scan()
        if number == 4:
            second.pause(resume=True)
    settle(*sides)
    agree(one, other, words)
    names = [path.name for path in one.folder.rglob("*") if path.is_file()]
    assert not [name for name in names if "sync-conflict" in name], "no file is written by two, so none clashes"
    assert (one.folder / ".stfolder").is_dir()


def test_files_of_syncthing_are_left_alone_and_do_no_harm(sides: tuple[Side, Side]) -> None:
    """One name is written by two, as by computers of one image: Syncthing keeps one of them under a name of its own."""
    (one, first), (other, second) = ((side.laptop, side.carrier) for side in sides)
    second.pause()
    write(one, "a")
    write(other, "b")
    (mine,) = (path for path in one.folder.rglob("*.ops") if not (other.folder / path.relative_to(one.folder)).exists())
    (theirs,) = (
        path for path in other.folder.rglob("*.ops") if not (one.folder / path.relative_to(other.folder)).exists()
    )
    taken = other.folder / mine.relative_to(one.folder)
    taken.parent.mkdir(exist_ok=True)
    taken.write_bytes(theirs.read_bytes())
    half = mine.with_name(".syncthing.0000000009.ops.tmp")  # of a file that Syncthing itself will not finish
    half.write_bytes(mine.read_bytes()[:-5])
    one.sync()
    assert half.exists(), "a file that is on its way is not tidied up"
    second.pause(resume=True)
    level(first, second)
    conflicts = [path for path in one.folder.rglob("*") if "sync-conflict" in path.name]
    assert conflicts, "Syncthing found a clash"
    before = {path: path.read_bytes() for path in conflicts}
    settle(*sides)
    settle(*sides)
    agree(one, other, {"a", "b"})
    assert {path: path.read_bytes() for path in conflicts} == before, "and its files are left alone"
    assert (one.folder / ".stfolder").is_dir()
    assert half.exists()
