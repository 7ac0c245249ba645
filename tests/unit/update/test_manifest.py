"""What is said of new versions is believed from its signer, in its time, and in one form only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import orjson
import pytest

from alexandria_desktop.base.errors import AlexandriaError, Code
from alexandria_desktop.base.version import Version
from alexandria_desktop.update.address import check_address
from alexandria_desktop.update.manifest import LARGEST, UpdateFile, read_signed, signed
from tests.support.mirror import NOW, manifest, new_secret, public

SECRET = new_secret()
KEYS = [public(SECRET)]


def refusal(data: bytes, keys: list[bytes] | None = None) -> Code:
    with pytest.raises(AlexandriaError) as raised:
        read_signed(data, KEYS if keys is None else keys, NOW)
    assert raised.value.message.endswith(".")
    return raised.value.code


def signed_text(change: Callable[[dict[str, Any]], object], *, spaced: bool = False) -> bytes:
    """Return what a signer signed who writes manifests of another kind."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    found = orjson.loads(manifest().to_bytes())
    change(found)
    body = orjson.dumps(found, option=orjson.OPT_SORT_KEYS | (orjson.OPT_INDENT_2 if spaced else 0))
    signature = Ed25519PrivateKey.from_private_bytes(SECRET).sign(b"alexandria update manifest v1\n" + body).hex()
    one = {"key": KEYS[0].hex(), "signature": signature}
    return orjson.dumps({"format": "alexandria update", "manifest": body.decode(), "signatures": [one]})


def test_what_was_signed_is_read_back() -> None:
    assert read_signed(signed(manifest(), [SECRET]), KEYS, NOW) == manifest()


def test_keys_change_hands_while_older_builds_are_about() -> None:
    new = new_secret()
    both = signed(manifest(), [SECRET, new])
    assert read_signed(both, KEYS, NOW) == read_signed(both, [public(new)], NOW)
    assert read_signed(signed(manifest(), [new]), [*KEYS, public(new)], NOW).version == Version("9.1.0")
    assert refusal(signed(manifest(), [new])) is Code.UPDATE_UNSIGNED


def test_nobody_else_is_believed() -> None:
    assert refusal(signed(manifest(), [new_secret()])) is Code.UPDATE_UNSIGNED
    assert refusal(signed(manifest(), [])) is Code.UPDATE_UNSIGNED
    assert refusal(signed(manifest(), [SECRET]), []) is Code.UPDATE_UNSIGNED


def test_a_changed_word_is_not_signed() -> None:
    data = signed(manifest(), [SECRET])
    for old, new in ((b"9.1.0", b"9.2.0"), (b"Maps", b"Naps"), (b"2026-03-31", b"2029-03-31")):
        assert old in data
        assert refusal(data.replace(old, new)) is Code.UPDATE_UNSIGNED


def test_a_signature_under_the_bare_text_does_not_fit() -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    body = manifest().to_bytes()
    bare = {"key": KEYS[0].hex(), "signature": Ed25519PrivateKey.from_private_bytes(SECRET).sign(body).hex()}
    data = orjson.dumps({"format": "alexandria update", "manifest": body.decode(), "signatures": [bare]})
    assert refusal(data) is Code.UPDATE_UNSIGNED


def test_it_is_believed_in_its_time_only() -> None:
    late = replace(manifest(), expires=NOW)
    assert refusal(signed(late, [SECRET])) is Code.UPDATE_EXPIRED
    early = replace(manifest(), date=NOW + timedelta(days=3), expires=NOW + timedelta(days=60))
    assert refusal(signed(early, [SECRET])) is Code.UPDATE_EXPIRED


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"[]", b"null", b"\xff\xfe", b"<html>", b'{"format": "alexandria update"}', b"[" * 100_000,
             b"x" * (LARGEST + 1)],
)  # fmt: skip
def test_what_is_none_is_not_read(data: bytes) -> None:
    assert refusal(data) is Code.UPDATE_DAMAGED


def _file(**changes: object) -> Callable[[dict[str, Any]], object]:
    return lambda found: found["files"][0].update(changes)


@pytest.mark.parametrize(
    "change",
    [
        _file(name="../../.bashrc"), _file(name="C:\\autoexec.bat"), _file(name=".hidden"), _file(name=""),
        _file(name="a" * 129), _file(size=0), _file(size=-1), _file(size=3 * 2**30), _file(size=True), _file(size="9"),
        _file(sha256="00"), _file(sha256="A" * 64), _file(address="http://books.example.org/a"),
        _file(address="file:///etc/passwd"), _file(address="https://u:p@books.example.org/a"),
        _file(address="https://books.example.org/a?who=ann"), _file(platform="Linux x86"),
        lambda found: found.update(version="9.1.0; rm"), lambda found: found.update(version=9),
        lambda found: found.update(date="2026-02-28T12:00:00"), lambda found: found.update(expires="soon"),
        lambda found: found.update(page="javascript:alert(1)"), lambda found: found.update(notes="x" * 9_000),
        lambda found: found.update(files=found["files"] * 65), lambda found: found.update(files={}),
        lambda found: found.update(minimum={"glibc": "new"}), lambda found: found.update(v=0),
        lambda found: found.update(extra="believed?"), lambda found: found.pop("page"),
    ],
)  # fmt: skip
def test_even_a_signer_may_not_say_everything(change: Callable[[dict[str, Any]], object]) -> None:
    assert refusal(signed_text(change)) is Code.UPDATE_DAMAGED


def test_it_is_written_in_one_way_only() -> None:
    assert refusal(signed_text(lambda found: found, spaced=True)) is Code.UPDATE_DAMAGED
    assert read_signed(signed_text(lambda found: found), KEYS, NOW) == manifest()


def test_a_later_form_asks_for_a_newer_program() -> None:
    assert refusal(signed_text(lambda found: found.update(v=2))) is Code.UPDATE_NEWER


def test_versions_compare_as_people_mean_them() -> None:
    rising = ["0.1.0", "0.9", "0.10.0", "1.0.0a1", "1.0.0b2", "1.0.0rc1", "1.0.0rc2", "1.0.0", "1.0.1", "10.0.0"]
    assert [str(one) for one in sorted(map(Version, reversed(rising)))] == rising
    assert Version("1.2") == Version("1.2.0")
    for wrong in ("", "1", "1.2.3.4", "v1.2.3", "1.2.3-final", "١.٢", "1." + "9" * 400):
        with pytest.raises(ValueError, match="no version"):
            Version(wrong)


def test_only_this_computer_is_asked_without_encryption() -> None:
    for good in ("https://books.example.org/a", "http://127.0.0.1:8000/a", "http://[::1]/a", "http://localhost/a"):
        assert check_address(good) == good
    for bad in (
        "http://books.example.org/",
        "http://127.0.0.1.example.org/",
        "ftp://127.0.0.1/",
        "//a/b",
        "",
        "https://",
    ):
        with pytest.raises(ValueError, match=r"address|encrypted"):
            check_address(bad)


def test_a_file_is_described_once_for_each_computer() -> None:
    (file,) = manifest().files
    assert isinstance(file, UpdateFile)
    assert len(file.sha256) == 64
