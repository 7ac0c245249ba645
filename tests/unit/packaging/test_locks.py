"""The lock files hold what pyproject.toml asks for, pinned and hashed, and name no place to fetch it from."""

from __future__ import annotations

import re
import tomllib

import pytest
from packaging.utils import canonicalize_name
from steps.environment import CARRIER, Profile, fingerprint, is_current, unconditional
from steps.places import ROOT, SetupError

from packaging.requirements import Requirement

PIN = re.compile(r"^([a-z0-9][a-z0-9.-]*)==([^ \\]+)", re.MULTILINE)


def pins(profile: Profile) -> dict[str, set[str]]:
    """Return each package with its versions: one, or one for each Python."""
    found: dict[str, set[str]] = {}
    for name, version in PIN.findall(profile.lock.read_text(encoding="utf-8")):
        found.setdefault(canonicalize_name(name), set()).add(version)
    return found


def asked_for(profile: Profile) -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    words = [*project["project"]["dependencies"], *project["build-system"]["requires"]]
    if profile is Profile.DEV:
        extras = project["project"]["optional-dependencies"]
        words += [*extras["server"], *(word for word in extras["dev"] if not word.startswith("alexandria-desktop"))]
    return [Requirement(word) for word in words]


@pytest.mark.parametrize("profile", list(Profile))
def test_everything_asked_for_is_locked(profile: Profile) -> None:
    locked = pins(profile)
    for wanted in asked_for(profile):
        versions = locked.get(canonicalize_name(wanted.name), set())
        assert versions, wanted
        assert all(wanted.specifier.contains(version) for version in versions), wanted


def test_a_server_without_the_reader_is_locked_with_all_that_it_asks_for() -> None:
    folder = Profile.DEV.lock.parent
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    lines = (folder / "server.in").read_text(encoding="utf-8").splitlines()
    named = {canonicalize_name(Requirement(line).name) for line in lines if line and not line.startswith("#")}
    extra = {
        canonicalize_name(Requirement(word).name) for word in project["project"]["optional-dependencies"]["server"]
    }
    assert extra <= named
    locked = {name for name, _ in PIN.findall((folder / "server.txt").read_text(encoding="utf-8"))}
    assert named <= {canonicalize_name(name) for name in locked}
    assert "pyside6" not in locked


def test_the_program_is_the_same_for_those_who_work_on_it() -> None:
    dev = pins(Profile.DEV)
    assert {name: dev.get(name) for name in pins(Profile.APP)} == pins(Profile.APP)


@pytest.mark.parametrize("profile", list(Profile))
def test_every_pin_is_hashed_and_no_host_is_named(profile: Profile) -> None:
    text = profile.lock.read_text(encoding="utf-8")
    blocks = re.split(r"\n(?=\S)", text.strip())
    assert all("--hash=sha256:" in block for block in blocks)
    assert "://" not in text
    assert "--index" not in text


def test_the_carrier_is_taken_without_its_condition() -> None:
    text = unconditional(Profile.APP.lock.read_text(encoding="utf-8"), CARRIER)
    first, *rest = text.strip().splitlines()
    assert re.fullmatch(rf"{CARRIER}==\S+ \\", first)
    assert rest
    assert all("--hash=sha256:" in line for line in rest)


def test_a_package_that_is_not_locked_is_named() -> None:
    with pytest.raises(SetupError, match="unheard-of"):
        unconditional("", "unheard-of")


def test_the_environment_of_a_developer_serves_the_program_too() -> None:
    assert is_current(Profile.APP, {"dev": fingerprint(Profile.DEV)})
    assert not is_current(Profile.DEV, {"app": fingerprint(Profile.APP)})
    assert not is_current(Profile.APP, {"app": "what it was before"})
