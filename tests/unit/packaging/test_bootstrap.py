"""The bootstrap finds an interpreter, and says what it cannot do."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import bootstrap
import pytest
from steps import commands
from steps.checking import STRAY
from steps.places import PACKAGING, ROOT

from tests.support.data import CHECKOUT


def answering(folder: Path, name: str, words: str) -> str:
    """Write a program that answers every question with the same words."""
    file = folder / name
    file.write_text(f"#!/bin/sh\necho {words}\n")
    file.chmod(0o755)
    return str(file)


def test_packaging_is_no_package_and_hides_none() -> None:
    assert not STRAY.exists()
    import packaging

    assert Path(packaging.__file__ or "").parent != PACKAGING


def test_this_interpreter_is_suitable() -> None:
    assert bootstrap.is_suitable(bootstrap.ask([sys.executable]))


@pytest.mark.parametrize("answer", ["3 10 64 0", "3 15 64 0", "3 12 32 0", "3 13 64 1", "", "command not found"])
def test_an_unsuitable_interpreter_is_passed_over(answer: str) -> None:
    assert not bootstrap.is_suitable(answer)


@pytest.mark.skipif(os.name == "nt", reason="a script stands in for an interpreter")
def test_an_old_interpreter_looks_for_a_newer_one_on_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    newer = answering(tmp_path, "python3.13", "3 13 64 0")
    monkeypatch.setenv("PATH", str(tmp_path))
    found = bootstrap.candidates()
    assert found[0] == [sys.executable]
    assert found.index([newer]) == 1


def test_old_interpreters_can_read_the_script() -> None:
    ast.parse((PACKAGING / "bootstrap.py").read_text(encoding="utf-8"), feature_version=(3, 7))


def test_the_continuous_check_calls_the_commands_that_the_readme_gives() -> None:
    calls = (CHECKOUT / ".ci" / "run").read_text(encoding="utf-8")
    readme = (CHECKOUT / "README.md").read_text(encoding="utf-8")
    assert "python3 packaging/bootstrap.py test" in calls
    for command in ("run", "test"):
        assert f"python3 packaging/bootstrap.py {command}" in readme


def test_the_options_of_the_program_are_told_from_files() -> None:
    given = ["--library", "/books", "--json", "a.epub", "b.pdf"]
    assert commands.split_options(given) == (["--library", "/books", "--json"], ["a.epub", "b.pdf"])


def test_one_file_is_opened_and_a_folder_or_several_are_imported_first(tmp_path: Path) -> None:
    assert commands.part_words(["moby.epub"]) == ([], ["moby.epub"])
    assert commands.part_words([str(tmp_path)]) == ([str(tmp_path)], [])
    assert commands.part_words(["a.epub", "b.epub"]) == (["a.epub", "b.epub"], [])
    assert commands.part_words([]) == ([], [])


def test_every_command_of_the_program_that_needs_no_screen_is_known() -> None:
    from alexandria_desktop.cli import build_parser

    action = next(one for one in build_parser()._actions if one.dest == "command")
    assert set(action.choices or ()) - {"open"} == set(commands.COMMANDS)


def test_an_unknown_command_is_a_usage_error() -> None:
    done = subprocess.run(
        [sys.executable, PACKAGING / "bootstrap.py", "dance"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 2
    assert "dance" in done.stderr


@pytest.mark.web
def test_a_broken_page_script_fails_the_check(tmp_path: Path) -> None:
    broken = tmp_path / "broken.js"
    broken.write_text("const a = ;")
    surroundings = os.environ | commands.offscreen()
    done = subprocess.run(
        [sys.executable, PACKAGING / "page_scripts.py", broken], env=surroundings, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert "SyntaxError" in done.stdout


def test_the_whole_suite_is_shared_out_among_processes_and_a_part_of_it_is_not() -> None:
    by_file = ["--dist", "loadfile", "--no-loadscope-reorder"]
    assert commands.processes([], cores=2) == ["-n", "3", *by_file]
    assert commands.processes(["--nightly"], cores=64) == ["-n", "4", *by_file]
    assert commands.processes([], cores=1) == []
    assert commands.processes(["tests/unit", "-k", "anchor"], cores=8) == []
    assert commands.processes(["-n", "8"], cores=2) == commands.processes(["-n0"], cores=2) == []
