"""The tests of sync can fail: each deliberate fault, in a copy of the tree, is caught by the test that names it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sync.mutants import MUTANTS, Mutant

ROOT = Path(__file__).resolve().parents[2]
_PARTS = ("alexandria_desktop", "resources", "sync", "tests", "pyproject.toml")


def mutated(tree: Path, mutant: Mutant) -> str:
    """Return a file with its fault; an AssertionError where the code has moved on and the fault no longer fits."""
    text = (tree / mutant.file).read_text(encoding="utf-8")
    assert text.count(mutant.old) == 1, f"'{mutant.name}' fits {mutant.file} in {text.count(mutant.old)} places"
    return text.replace(mutant.old, mutant.new)


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_fault_still_fits_the_code_and_names_a_test(mutant: Mutant) -> None:
    assert mutated(ROOT, mutant) != (ROOT / mutant.file).read_text(encoding="utf-8")
    file, _, name = mutant.test.partition("::")
    source = (ROOT / file).read_text(encoding="utf-8")
    function, _, case = name.partition("[")
    assert f"def {function}(" in source
    assert not case or case.removesuffix("]") in source


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A copy of the program to do harm to."""
    copy = tmp_path_factory.mktemp("mutants")
    for part in _PARTS:
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, copy / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / part, copy / part)
    yield copy
    shutil.rmtree(copy)


@pytest.mark.nightly
@pytest.mark.postgres
@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_fault_is_caught_by_the_test_that_names_it(tree: Path, mutant: Mutant) -> None:
    file = tree / mutant.file
    sound = file.read_text(encoding="utf-8")
    file.write_text(mutated(tree, mutant), encoding="utf-8")
    try:
        found = _run(tree, mutant.test)
    finally:
        file.write_text(sound, encoding="utf-8")
    assert found.returncode == 1, f"'{mutant.name}' was not caught:\n{found.stdout[-3000:]}{found.stderr[-1000:]}"
    assert " failed" in found.stdout, found.stdout[-3000:]


def _run(tree: Path, test: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-B", "-m", "pytest", "-o", "addopts=", "-p", "no:cacheprovider", "-x", test]
    return subprocess.run(
        command, cwd=tree, env={**os.environ, "PYTHONPATH": str(tree)}, capture_output=True, text=True, timeout=600,
        check=False,
    )  # fmt: skip
