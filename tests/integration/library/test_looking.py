"""A look around this computer: what it finds, and where it does not go."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path

import pytest

from alexandria_desktop.library.elsewhere.looking import Found, Kind, look_around
from alexandria_desktop.library.elsewhere.patience import Patience
from alexandria_desktop.library.elsewhere.volumes import Volume, is_remote, volumes

NOWHERE = Path("/nowhere/global.py.json")


def lay(root: Path, *names: str) -> None:
    for name in names:
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"x")


def look(*places: Path, settings: Path = NOWHERE, mounted: tuple[Volume, ...] = (), **how: object) -> list[Found]:
    return look_around(places=places, settings=settings, mounted=mounted, **how)  # type: ignore[arg-type]


def test_books_are_counted_apart_from_pdfs_and_other_documents_not_at_all(tmp_path: Path) -> None:
    lay(tmp_path, "a.epub", "deep/er/b.AZW3", "c.fb2.zip", "bill.pdf", "letter.txt", "page.html", "photo.jpg")
    books, pdfs = look(tmp_path)
    assert (books.kind, [one.name for one in books.files]) == (Kind.BOOKS, ["a.epub", "c.fb2.zip", "b.AZW3"])
    assert (pdfs.kind, pdfs.count) == (Kind.PDFS, 1)
    assert books.is_all


def test_links_hidden_folders_and_other_peoples_code_are_not_entered(tmp_path: Path) -> None:
    lay(tmp_path, "elsewhere/secret.epub", "here/.hidden/b.epub", "here/node_modules/c.epub", "here/d.epub")
    (tmp_path / "here" / "link").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    (tmp_path / "here" / "link.epub").symlink_to(tmp_path / "elsewhere" / "secret.epub")
    (found,) = look(tmp_path / "here")
    assert [one.name for one in found.files] == ["d.epub"]


def test_a_disk_of_another_computer_is_not_touched(tmp_path: Path) -> None:
    lay(tmp_path, "share/a.epub", "share/documents/My Clippings.txt", "share/cal/metadata.db")
    settings = tmp_path / "global.py.json"
    settings.write_text(json.dumps({"library_path": str(tmp_path / "share" / "cal")}))
    share = Volume(tmp_path / "share", "nfs4", is_remote=True)
    assert look(tmp_path / "share", settings=settings, mounted=(Volume(Path("/"), "ext4"), share)) == []


def test_a_calibre_library_is_found_by_its_settings_and_by_the_way(tmp_path: Path) -> None:
    for name in ("named", "Documents/Other"):
        lay(tmp_path / name, "metadata.db", "Jane Austen/Emma (1)/Emma.epub", "Jane Austen/Persuasion (2)/P.epub")
    settings = tmp_path / "global.py.json"
    settings.write_text(json.dumps({"library_path": str(tmp_path / "named")}))
    found = look(tmp_path / "Documents", settings=settings)
    assert [(one.kind, one.count) for one in found] == [(Kind.CALIBRE, 2), (Kind.CALIBRE, 2)]
    assert {one.path for one in found} == {tmp_path / "named", tmp_path / "Documents" / "Other"}


@pytest.mark.parametrize("kept", ["", "[]", "{}", '{"library_path": 7}', '{"library_path": "../up"}', "{"])
def test_settings_of_calibre_that_make_no_sense_are_passed_over(kept: str, tmp_path: Path) -> None:
    settings = tmp_path / "global.py.json"
    settings.write_text(kept)
    assert look(settings=settings) == []


def test_clippings_are_found_on_a_reader_and_where_they_were_copied_to(tmp_path: Path) -> None:
    lay(tmp_path, "kindle/documents/My Clippings.txt", "kindle/documents/notes.txt", "Documents/Mis recortes.txt")
    found = look(tmp_path / "Documents", mounted=(Volume(tmp_path / "kindle", "vfat"),))
    assert [one.path.name for one in found] == ["My Clippings.txt", "Mis recortes.txt"]


def test_what_is_in_the_library_is_not_offered_again(tmp_path: Path) -> None:
    lay(tmp_path, "a.epub", "b.epub")
    (found,) = look(tmp_path, known={str(tmp_path / "a.epub")})
    assert found.files == (tmp_path / "b.epub",)


def test_the_look_ends_when_it_is_told_to_and_when_its_time_is_up(tmp_path: Path) -> None:
    lay(tmp_path, *(f"{number}/a.epub" for number in range(20)))
    told = threading.Event()
    told.set()
    assert look(tmp_path, cancel=told) == []
    assert look(tmp_path, seconds=-1.0) == []


def test_a_folder_within_one_that_was_seen_is_not_counted_twice(tmp_path: Path) -> None:
    lay(tmp_path, "Books/a.epub")
    assert len(look(tmp_path, tmp_path / "Books")) == 1


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_may_not_be_read_is_passed_over(tmp_path: Path) -> None:
    lay(tmp_path, "shut/a.epub", "open/b.epub")
    (tmp_path / "shut").chmod(0)
    (found,) = look(tmp_path)
    assert found.count == 1


def test_the_innermost_disk_says_whether_a_folder_is_here() -> None:
    disks = [Volume(Path("/"), "ext4"), Volume(Path("/net"), "nfs", is_remote=True), Volume(Path("/net/usb"), "vfat")]
    assert [is_remote(Path(one), disks) for one in ("/home/a", "/net/b", "/net/usb/c", "/network")] == [
        False, True, False, False,
    ]  # fmt: skip
    assert is_remote(Path("//server/share"), [])
    assert volumes()


def asked_disks() -> list[threading.Thread]:
    return [one for one in threading.enumerate() if one.name == "disk"]


def test_a_disk_that_does_not_answer_is_left_after_a_while_and_not_asked_again(
    tmp_path: Path, silent_disks: list[Path]
) -> None:
    lay(tmp_path, "kindle/documents/My Clippings.txt", "Books/a.epub")
    (tmp_path / "Documents").symlink_to(silent_disks[0] / "Documents")
    served = [Volume(one, "fuse") for one in silent_disks]
    mounted = (Volume(Path("/"), "ext4"), *served, Volume(tmp_path / "kindle", "vfat"))
    places = (silent_disks[1] / "Books", tmp_path / "Documents", tmp_path / "Books")
    patience = Patience()
    for _ in range(2):
        found = look(*places, mounted=mounted, seconds=0.5, grace=0.5, patience=patience)
        assert {one.path.name for one in found} == {"My Clippings.txt", "Books"}, "the other disks are looked at"
        (held,) = asked_disks()
        assert held.daemon, "it does not hold up the end of the program"


def test_who_waits_for_a_disk_may_be_called_off_and_it_is_not_asked_again_before_it_answers() -> None:
    told, let_go, patience = threading.Event(), threading.Event(), Patience()

    def question() -> None:
        told.set()
        let_go.wait()

    assert not patience.ask(Path("/a"), question, seconds=600.0, is_cancelled=told.is_set)
    assert not patience.may_ask(Path("/a/documents"))
    assert [patience.may_ask(Path("/b"), is_served=served) for served in (True, False)] == [False, True]
    let_go.set()
    for thread in asked_disks():
        thread.join()
    assert patience.may_ask(Path("/a"))


def test_what_is_asked_of_a_disk_fails_where_it_was_asked() -> None:
    def fail() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        Patience().ask(Path("/"), fail, seconds=60.0)
