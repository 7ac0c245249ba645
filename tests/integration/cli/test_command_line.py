"""The command line, run as a command: its words, its JSON, its exit status."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.calibre import Shelved, make_calibre
from tests.support.epubs import novel, prose


class Command:
    """Runs ``alexandria`` over one library."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "ALEXANDRIA_LIBRARY": str(self.root), "PYTHONIOENCODING": "utf-8"}
        return subprocess.run(
            [sys.executable, "-m", "alexandria_desktop", *words],
            capture_output=True,
            text=True,
            encoding="utf-8",
            env=environment,
            check=False,
            timeout=120,
        )

    def json(self, *words: str, status: int = 0) -> list[dict[str, Any]]:
        done = self.run("--json", *words)
        assert done.returncode == status, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture
def command(tmp_path: Path) -> Command:
    return Command(tmp_path / "library")


@pytest.fixture
def stocked(command: Command, tmp_path: Path) -> Command:
    command.json("import", str(novel(tmp_path / "one.epub", chapters=3)))
    return command


def test_import_names_each_file_and_fails_if_one_did(command: Command, tmp_path: Path) -> None:
    (tmp_path / "empty.epub").write_bytes(b"")
    good = novel(tmp_path / "one.epub", chapters=1)
    answers = command.json("import", str(good), str(tmp_path / "empty.epub"), status=1)
    by_name = {Path(one["path"]).name: one for one in answers}
    assert by_name["one.epub"]["status"] == "imported"
    assert by_name["one.epub"]["title"] == "The made-up novel"
    assert by_name["empty.epub"]["status"] == "failed"
    assert by_name["empty.epub"]["code"] == "import.empty"
    assert set(answers[0]) == {"path", "status", "id", "title", "code", "message"}
    assert command.json("import", str(good))[0]["status"] == "duplicate"


def test_import_takes_a_calibre_library_and_a_file_of_clippings(command: Command, tmp_path: Path) -> None:
    folder = make_calibre(tmp_path / "Calibre", Shelved("Emma", ("Jane Austen",)))
    assert command.json("import", str(folder))[0]["status"] == "imported"
    assert command.json("list")[0]["title"] == "Emma"
    clippings = tmp_path / "My Clippings.txt"
    quote = " ".join(prose(1).split()[:20])
    clippings.write_text(f"Emma (Austen, Jane)\n- Your Highlight on Location 1-2\n\n{quote}\n==========\n")
    (told,) = command.json("import", str(clippings))
    assert (told["clippings"]["placed"], told["waiting"]) == (1, {})
    (note,) = command.json("note", "list", "Emma")
    assert (note["quote"], note["placed"]) == (quote, True)


def test_list_and_search_speak_json(stocked: Command) -> None:
    listed = stocked.json("list")
    assert set(listed[0]) == {"id", "title", "authors", "language", "format", "progress"}
    hits = stocked.json("search", "lantern harbour", "--limit", "3", "--in", "made-up")
    assert len(hits) == 3
    assert set(hits[0]) == {"book_id", "title", "chapter", "snippet", "score", "locator"}
    assert [hit["score"] for hit in hits] == sorted((hit["score"] for hit in hits), reverse=True)
    assert hits[0]["book_id"] == listed[0]["id"]


@pytest.mark.parametrize("words", [("list",), ("search", "lantern")])
def test_an_empty_library_names_its_folder(command: Command, words: tuple[str, ...]) -> None:
    done = command.run(*words)
    assert (done.returncode, done.stdout) == (0, "")
    assert f"no books in {command.root}" in done.stderr


def test_a_note_is_added_by_its_quote_and_listed(stocked: Command) -> None:
    words = stocked.json("search", "lantern", "--limit", "1")[0]["locator"]["quote"]["exact"]
    added = stocked.json("note", "add", "made-up", "--quote", words, "--text", "mine", "--color", "green")[0]
    assert set(added) == {"id", "book_id", "type", "quote", "text", "color", "locator", "placed"}
    assert (added["quote"], added["text"], added["color"], added["placed"]) == (words, "mine", "green", True)
    assert [note["id"] for note in stocked.json("note", "list", "made-up")] == [added["id"]]


def test_themes_are_listed_and_chosen(command: Command) -> None:
    themes = command.json("theme", "list")
    assert len(themes) >= 12
    command.json("theme", "use", "sepia")
    assert [theme["id"] for theme in command.json("theme", "list") if theme["current"]] == ["sepia"]


def test_backup_restore_and_doctor(stocked: Command, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    assert stocked.json("backup", str(target))[0]["books"] == 1
    assert stocked.json("restore", str(target))[0]["books"] == 1
    checks = [json.loads(line) for line in stocked.run("--json", "doctor").stdout.splitlines()]
    assert {"library", "files", "full text"} <= {check["check"] for check in checks if check["ok"]}


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("search", "x", "--in", "no such book"), "book.unknown"),
        (("note", "add", "nothing", "--quote", "x"), "book.unknown"),
        (("theme", "use", "no such theme"), "theme.unknown"),
    ],
)
def test_what_cannot_be_meant_is_usage(stocked: Command, words: tuple[str, ...], code: str) -> None:
    answers = stocked.json(*words, status=2)
    assert answers == [{"error": code, "message": answers[0]["message"]}]


def test_an_unknown_command_is_usage(command: Command) -> None:
    assert command.run("frobnicate").returncode == 2


def test_a_picture_of_a_page_is_drawn_without_a_screen(stocked: Command, tmp_path: Path) -> None:
    out = tmp_path / "page.png"
    answer = stocked.json(
        "show", "made-up", "--at", "0.5", "--theme", "night", "--size", "800x600", "--screenshot", str(out)
    )
    assert answer[0]["file"] == str(out)
    assert out.read_bytes().startswith(b"\x89PNG")
