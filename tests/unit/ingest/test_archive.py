"""Zip files opened with distrust."""

from __future__ import annotations

import stat
import struct
import zipfile
from pathlib import Path

import pytest

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.ingest import archive as archive_module
from alexandria_desktop.ingest.archive import Archive, safe_name
from tests.support.data import shared_data


def zipped(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("a/b.txt", "a/b.txt"),
        ("./a//b.txt", "a/b.txt"),
        ("a\\b.txt", "a/b.txt"),
        ("../a.txt", None),
        ("a/../../b.txt", None),
        ("/etc/passwd", None),
        ("C:/a.txt", None),
        ("C:\\a.txt", None),
        ("\\\\server\\share", None),
        ("", None),
    ],
)
def test_a_name_stays_inside_or_is_left_out(name: str, safe: str | None) -> None:
    assert safe_name(name) == safe


def test_members_are_read_one_at_a_time(tmp_path: Path) -> None:
    with Archive(zipped(tmp_path / "a.zip", {"b.txt": b"two", "a.txt": b"one"})) as archive:
        assert archive.order == ("b.txt", "a.txt")
        assert archive.read("a.txt") == b"one"
        assert archive.size("b.txt") == 3


def test_a_symbolic_link_is_not_followed(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("link.txt")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
        archive.writestr("a.txt", "one")
    with Archive(tmp_path / "a.zip") as opened:
        assert opened.names == {"a.txt"}


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_of_two_members_with_one_name_the_first_counts(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.txt", "first")
        archive.writestr("a.txt", "second")
    with Archive(tmp_path / "a.zip") as opened:
        assert opened.read("a.txt") == b"first"


def test_a_damaged_member_leaves_the_others_readable(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("bad.txt", "some words that will be changed")
        archive.writestr("good.txt", "others")
    path.write_bytes(path.read_bytes().replace(b"will be changed", b"were  changed !"))
    with Archive(path) as opened:
        with pytest.raises(ReaderError) as caught:
            opened.read("bad.txt")
        assert caught.value.code is Code.SECTION_UNREADABLE
        assert opened.read("good.txt") == b"others"


def test_a_member_above_the_limit_is_not_unpacked(tmp_path: Path) -> None:
    with Archive(zipped(tmp_path / "a.zip", {"a.txt": b" " * 10_000})) as opened:
        with pytest.raises(ReaderError) as caught:
            opened.read("a.txt", limit=9_999)
        assert caught.value.code is Code.SECTION_UNREADABLE
        assert len(opened.read("a.txt", limit=10_000)) == 10_000


def test_a_file_that_unpacks_to_far_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = zipped(tmp_path / "a.zip", {f"{number}.txt": b" " * 100_000 for number in range(20)})
    Archive(path).close()
    monkeypatch.setattr(archive_module, "MODEST_TOTAL", 1_000_000)
    with pytest.raises(ReaderError) as caught:
        Archive(path)
    assert caught.value.code is Code.IMPORT_TOO_LARGE


def test_too_many_members_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive_module, "MAX_ENTRIES", 3)
    with pytest.raises(ReaderError) as caught:
        Archive(zipped(tmp_path / "a.zip", {str(number): b"" for number in range(4)}))
    assert caught.value.code is Code.IMPORT_TOO_LARGE


@pytest.mark.parametrize(("before", "after"), [(b"x" * 1000, b""), (b"", b"\x00" * 200_000)])
def test_garbage_around_an_archive_is_tolerated(tmp_path: Path, before: bytes, after: bytes) -> None:
    path = zipped(tmp_path / "a.zip", {"a.txt": b"one"})
    path.write_bytes(before + path.read_bytes() + after)
    with Archive(path) as opened:
        assert opened.read("a.txt") == b"one"


def test_a_cut_archive_is_damaged(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"a.txt": bytes(range(256)) * 100})
    path.write_bytes(path.read_bytes()[:300])
    with pytest.raises(ReaderError) as caught:
        Archive(path)
    assert caught.value.code is Code.IMPORT_DAMAGED


def with_central_field(path: Path, offset: int, value: int) -> Path:
    """Change a 16-bit field of each entry of the central directory."""
    data = bytearray(path.read_bytes())
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        struct.pack_into("<H", data, at + offset, value)
        at = data.find(b"PK\x01\x02", at + 4)
    path.write_bytes(data)
    return path


def test_an_encrypted_archive_says_so(tmp_path: Path) -> None:
    with pytest.raises(ReaderError) as caught:
        Archive(with_central_field(zipped(tmp_path / "a.zip", {"a.txt": b"one"}), 8, 1))
    assert caught.value.code is Code.IMPORT_PROTECTED


def test_an_unknown_compression_is_named(tmp_path: Path) -> None:
    with pytest.raises(ReaderError) as caught:
        Archive(with_central_field(zipped(tmp_path / "a.zip", {"a.txt": b"one"}), 10, 9))
    assert caught.value.code is Code.IMPORT_UNSUPPORTED
    assert "Deflate64" in caught.value.message


def test_names_in_utf8_without_the_flag_are_understood(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"caf\u00e9.txt": b"one"})
    data = path.read_bytes()
    path.write_bytes(data.replace(b"\x00\x08\x08\x00", b"\x00\x00\x08\x00"))
    with Archive(with_central_field(path, 8, 0)) as opened:
        assert opened.names == {"caf\u00e9.txt"}
        assert opened.find("CAFE\u0301.txt") == "caf\u00e9.txt"


@pytest.mark.data
def test_the_hostile_archives_open_or_say_why() -> None:
    refused = {
        "empty-file.epub": Code.IMPORT_DAMAGED,
        "html-named-epub.epub": Code.IMPORT_DAMAGED,
        "truncated-zip.epub": Code.IMPORT_DAMAGED,
        "zip-bomb-300MB.epub": Code.IMPORT_TOO_LARGE,
        "zip-bomb-many.epub": Code.IMPORT_TOO_LARGE,
        "zip-encrypted-flag.epub": Code.IMPORT_PROTECTED,
    }
    for path in sorted((shared_data() / "epub" / "hostile").glob("*.epub")):
        try:
            with Archive(path) as archive:
                code = None
                assert not any(name.startswith("/") or ".." in name.split("/") for name in archive.names)
        except ReaderError as error:
            code = error.code
        assert code == refused.get(path.name), path.name
