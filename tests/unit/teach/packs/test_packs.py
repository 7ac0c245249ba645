"""A pack is what its author signed, byte for byte, or it is not opened and says why."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from alexandria_desktop.base.errors import Code, ReaderError, SurroundingsError
from alexandria_desktop.teach.formats import course_json
from alexandria_desktop.teach.packs.manifest import COURSE, MANIFEST, SIGNATURE, Manifest, manifest_of
from alexandria_desktop.teach.packs.reading import OpenPack, is_pack
from alexandria_desktop.teach.packs.signing import fingerprint_words, new_key, public_half, sign
from alexandria_desktop.teach.packs.writing import Source, StoppedError, Written, cut_off, write_pack
from tests.support.courses import FILES, IMAGE
from tests.support.packs import BOOK, SECRET, book_part, from_bytes, given, manifest, rewritten, small_course, sources

Change = Callable[[dict[str, bytes]], Mapping[str, bytes]]


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return written(tmp_path / "finches.alexcourse")


def written(target: Path, *, course_title: str = "Finches") -> Path:
    write_pack(target, manifest(books=(given(BOOK),)), sources(small_course(title=course_title), BOOK), SECRET)
    return target


def refused(path: Path) -> ReaderError:
    with pytest.raises(ReaderError) as raised, OpenPack(path):
        pass
    return raised.value


# --- whole ----------------------------------------------------------------------------------------------------------


def test_a_pack_gives_back_course_pictures_and_books(pack: Path) -> None:
    with OpenPack(pack) as opened:
        assert opened.course() == small_course()
        (book,) = opened.manifest.books
        assert b"".join(opened.book(book)) == BOOK
        assert b"".join(opened.file(IMAGE.sha256) or ()) == FILES[IMAGE.sha256]
        assert opened.file("0" * 64) is None
        assert fingerprint_words(opened.manifest.key) == fingerprint_words(public_half(SECRET))
    assert is_pack(pack)


def test_a_pack_is_an_alexandria_course_to_who_reads_those(pack: Path) -> None:
    opened = course_json.read(pack)
    assert opened.document == small_course()
    assert dict(opened.files) == FILES
    assert not opened.report.lines


def test_another_zip_program_reads_a_pack(pack: Path) -> None:
    with zipfile.ZipFile(pack) as archive:
        assert archive.testzip() is None
        assert archive.namelist()[:3] == [MANIFEST, SIGNATURE, COURSE]


def test_the_words_of_two_keys_differ() -> None:
    words = {fingerprint_words(public_half(new_key())) for _ in range(50)}
    assert len(words) == 50
    assert all(len(one.split()) == 8 for one in words)


# --- not what was signed --------------------------------------------------------------------------------------------


def test_a_course_that_nobody_signed_says_so(tmp_path: Path) -> None:
    course_json.write(small_course(), tmp_path / "plain.alexcourse", FILES)
    error = refused(tmp_path / "plain.alexcourse")
    assert error.code is Code.COURSE_PACK_UNSIGNED
    assert "not signed" in error.message
    assert not is_pack(tmp_path / "plain.alexcourse")


def test_a_pack_without_its_signature_says_so(pack: Path) -> None:
    other = rewritten(pack, lambda members: {name: data for name, data in members.items() if name != SIGNATURE})
    assert refused(other).code is Code.COURSE_PACK_UNSIGNED


def test_each_changed_byte_is_noticed(pack: Path) -> None:
    data = pack.read_bytes()
    places = range(0, len(data), max(1, len(data) // 60))
    codes: set[str] = set()
    for place in places:
        pack.write_bytes(data[:place] + bytes([data[place] ^ 0x20]) + data[place + 1 :])
        try:
            with OpenPack(pack) as opened:
                # Whatever a zip says beside its members (moments, comments) is nobody's to believe.
                assert opened.manifest == with_parts(data)
                assert opened.course() == small_course()
        except ReaderError as error:
            codes.add(error.code.value.partition("-")[0])
    assert "course.pack" in codes
    assert codes <= {"course.pack", "import.damaged", "import.protected", "import.too", "import.unsupported"}


def with_parts(data: bytes) -> Manifest:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return manifest_of(archive.read(MANIFEST))


def test_a_changed_byte_of_the_book_is_named(pack: Path) -> None:
    other = rewritten(pack, lambda members: members | {book_part(BOOK): b"B" + BOOK[1:]})
    error = refused(other)
    assert error.code is Code.COURSE_PACK_CHANGED
    assert book_part(BOOK) in error.message


def _changed_title(members: dict[str, bytes]) -> Mapping[str, bytes]:
    return members | {MANIFEST: members[MANIFEST].replace(b"Finches", b"Pigeons")}


def _changed_hash(members: dict[str, bytes]) -> Mapping[str, bytes]:
    """The course and its hash: all that somebody without the key can do."""
    course = members[COURSE].replace(b"Galapagos", b"Greenland")
    old, new = (hashlib.sha256(one).hexdigest().encode() for one in (members[COURSE], course))
    assert len(course) == len(members[COURSE])
    assert old in members[MANIFEST]
    return members | {COURSE: course, MANIFEST: members[MANIFEST].replace(old, new)}


def _signed_by_another(members: dict[str, bytes]) -> Mapping[str, bytes]:
    return members | {SIGNATURE: sign(new_key(), members[MANIFEST])}


def _with_more(members: dict[str, bytes]) -> Mapping[str, bytes]:
    return members | {"books/extra.txt": b"not signed"}


def _without_a_picture(members: dict[str, bytes]) -> Mapping[str, bytes]:
    return {name: data for name, data in members.items() if not name.startswith("files/")}


@pytest.mark.parametrize("change", [_changed_title, _changed_hash, _signed_by_another, _with_more, _without_a_picture])
def test_what_is_not_as_it_was_signed_is_not_opened(pack: Path, change: Change) -> None:
    error = refused(rewritten(pack, change))
    assert error.code is Code.COURSE_PACK_CHANGED
    assert "Nothing was taken from it" in error.message


def test_a_key_put_in_with_its_own_signature_is_another_key(pack: Path) -> None:
    thief = new_key()

    def resigned(members: dict[str, bytes]) -> Mapping[str, bytes]:
        said = members[MANIFEST].replace(public_half(SECRET).hex().encode(), public_half(thief).hex().encode())
        return members | {MANIFEST: said, SIGNATURE: sign(thief, said)}

    with OpenPack(rewritten(pack, resigned)) as opened:
        # The pack itself is sound; that its key is not the one of before is for who knows that one to say.
        assert opened.manifest.key == public_half(thief)
        assert fingerprint_words(opened.manifest.key) != fingerprint_words(public_half(SECRET))


# --- hostile --------------------------------------------------------------------------------------------------------


def signed(tmp_path: Path, said: dict[str, object], members: Mapping[str, bytes], *, deflated: bool = False) -> Path:
    """Return a pack with a sound signature over whatever its author wanted to say."""
    data = orjson.dumps(said)
    path = tmp_path / "hostile.alexcourse"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED if deflated else zipfile.ZIP_STORED) as archive:
        for name, content in {MANIFEST: data, SIGNATURE: sign(SECRET, data), **members}.items():
            archive.writestr(name, content)
    return path


def said_of(pack: Path) -> tuple[dict[str, object], dict[str, bytes]]:
    with zipfile.ZipFile(pack) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    said: dict[str, object] = orjson.loads(members.pop(MANIFEST))
    del members[SIGNATURE]
    return said, members


@pytest.mark.parametrize("name", ["../../evil", "/etc/passwd", "books/../../x", "programs/run.exe", "books/", "C:\\x"])
def test_a_path_that_leads_out_is_refused(pack: Path, tmp_path: Path, name: str) -> None:
    said, members = said_of(pack)
    part = {"name": name, "size": 1, "sha256": hashlib.sha256(b"x").hexdigest()}
    said["parts"] = [*said["parts"], part]  # type: ignore[misc]
    assert refused(signed(tmp_path, said, members | {name: b"x"})).code is Code.COURSE_PACK_DAMAGED


@pytest.mark.parametrize(
    ("name", "value"),
    [("v", 99), ("v", "1"), ("course", "no id"), ("made_at", "yesterday"), ("key", "00"), ("number", -1),
     ("items", ["a"]), ("parts", [{"name": "course.json"}]), ("title", 5), ("title", "x" * 3_000)],
)  # fmt: skip
def test_a_manifest_that_makes_no_sense_is_refused(pack: Path, tmp_path: Path, name: str, value: object) -> None:
    said, members = said_of(pack)
    error = refused(signed(tmp_path, said | {name: value}, members))
    assert error.code in (Code.COURSE_PACK_DAMAGED, Code.COURSE_PACK_NEWER)
    assert (error.code is Code.COURSE_PACK_NEWER) == (value == 99)


def test_a_zip_bomb_is_not_unpacked(pack: Path, tmp_path: Path) -> None:
    said, members = said_of(pack)
    bomb = bytes(300_000_000)
    name = f"books/{hashlib.sha256(bomb).hexdigest()}.txt"
    said["parts"] = [*said["parts"], {"name": name, "size": 300_000_000, "sha256": hashlib.sha256(bomb).hexdigest()}]  # type: ignore[misc]
    path = signed(tmp_path, said, members | {name: bomb}, deflated=True)
    assert path.stat().st_size < 5_000_000
    assert refused(path).code is Code.IMPORT_TOO_LARGE


def test_a_member_that_is_larger_than_it_says_is_not_read_to_its_end(pack: Path) -> None:
    other = rewritten(pack, lambda members: members | {COURSE: members[COURSE] + bytes(50_000_000)})
    assert refused(other).code is Code.COURSE_PACK_CHANGED


def test_what_is_no_zip_is_no_pack(tmp_path: Path) -> None:
    (tmp_path / "a.alexcourse").write_bytes(b"not a zip at all" * 100)
    assert refused(tmp_path / "a.alexcourse").code is Code.COURSE_PACK_DAMAGED
    assert not is_pack(tmp_path / "a.alexcourse")


# --- cut off --------------------------------------------------------------------------------------------------------


def test_a_cut_off_pack_says_what_is_there(pack: Path) -> None:
    data = pack.read_bytes()
    pack.write_bytes(data[: len(data) // 2])
    error = refused(pack)
    assert error.code is Code.COURSE_PACK_CUT_OFF
    assert "“Finches” was cut off" in error.message
    assert "2.2 MB of 4.4 MB are here" in error.message
    assert "the course itself and 0 of 1 books" in error.message
    assert is_pack(pack)


def test_a_pack_of_which_only_the_end_is_missing_has_all_its_parts(pack: Path) -> None:
    pack.write_bytes(pack.read_bytes()[:-100])
    assert "the course itself and 1 of 1 books" in refused(pack).message


def test_a_cut_off_pack_is_not_taken_for_a_book_in_it(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
    book = inner.getvalue()
    target = tmp_path / "finches.alexcourse"
    write_pack(target, manifest(books=(given(book), given(BOOK))), sources(small_course(), book, BOOK), SECRET)
    target.write_bytes(target.read_bytes()[:-1_000_000])
    error = refused(target)
    assert error.code is Code.COURSE_PACK_CUT_OFF
    assert "1 of 2 books" in error.message
    assert is_pack(target)


def test_of_a_pack_that_was_cut_in_its_first_bytes_nothing_is_believed(pack: Path) -> None:
    pack.write_bytes(pack.read_bytes()[:200])
    assert refused(pack).code is Code.COURSE_PACK_DAMAGED


# --- the copy goes on -----------------------------------------------------------------------------------------------


def stop_after(target: Path, size: int, **facts: object) -> None:
    """Write until ``size`` bytes of the parts are done, then stop."""
    reached = [0]

    def note(done: int, _all: int) -> None:
        reached[0] = done

    with pytest.raises(StoppedError):
        again(target, on_progress=note, is_cancelled=lambda: reached[0] >= size, **facts)


def again(target: Path, *, number: int = 1, title: str = "Finches", **options: object) -> Written:
    course = small_course(title=title)
    return write_pack(target, manifest(number=number, books=(given(BOOK),)), sources(course, BOOK), SECRET, **options)  # type: ignore[arg-type]


def test_a_copy_that_was_stopped_goes_on(tmp_path: Path) -> None:
    target = tmp_path / "stick" / "finches.alexcourse"
    target.parent.mkdir()
    stop_after(target, 2_000_000)
    assert not target.exists()
    there, total = cut_off(target) or (0, 0)
    assert 1_000_000 < there < total
    # An hour later it is still the same pack: the moment of its making is the first one's.
    found = again(target, number=2)
    assert found.kept >= there
    assert found.manifest.number == 1
    assert sorted(one.name for one in target.parent.iterdir()) == ["finches.alexcourse"]
    assert cut_off(target) is None
    whole = written(tmp_path / "whole.alexcourse")
    assert target.read_bytes() == whole.read_bytes()


def test_a_stick_that_lost_the_end_of_what_it_had_is_noticed(tmp_path: Path) -> None:
    target = tmp_path / "finches.alexcourse"
    stop_after(target, 3_000_000)
    part = target.with_name("finches.alexcourse.part")
    data = part.read_bytes()
    part.write_bytes(data[:-500_000] + bytes(500_000))
    found = again(target)
    assert len(data) - 600_000 < found.kept <= len(data) - 500_000
    with OpenPack(target) as opened:
        assert opened.course() == small_course()


def test_another_course_begins_anew(tmp_path: Path) -> None:
    target = tmp_path / "finches.alexcourse"
    stop_after(target, 2_000_000)
    found = again(target, number=2, title="Pigeons")
    assert (found.kept, found.manifest.number) == (0, 2)
    with OpenPack(target) as opened:
        assert opened.course().title == "Pigeons"


@pytest.mark.parametrize("journal", [b"", b"{", b'{"manifest": "e30=", "signature": ""}'])
def test_a_journal_that_was_cut_off_itself_costs_one_beginning(tmp_path: Path, journal: bytes) -> None:
    target = tmp_path / "finches.alexcourse"
    stop_after(target, 2_000_000)
    target.with_name("finches.alexcourse.part.json").write_bytes(journal)
    assert again(target).kept == 0
    assert is_pack(target)


def test_an_older_pack_stays_whole_until_the_new_one_is(tmp_path: Path) -> None:
    target = written(tmp_path / "finches.alexcourse")
    before = target.read_bytes()
    stop_after(target, 2_000_000, title="Pigeons")
    assert target.read_bytes() == before


def test_a_book_that_changes_while_it_is_written_is_noticed(tmp_path: Path) -> None:
    versions = iter([BOOK, b"C" + BOOK[1:]])
    changing = [*sources(small_course()), Source(book_part(BOOK), lambda: io.BytesIO(next(versions)))]
    with pytest.raises(ReaderError, match="changed while"):
        write_pack(tmp_path / "a.alexcourse", manifest(books=(given(BOOK),)), changing, SECRET)
    assert not (tmp_path / "a.alexcourse").exists()


def test_a_place_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(SurroundingsError) as raised:
        written(tmp_path / "no stick" / "a.alexcourse")
    assert raised.value.code is Code.STORE_FULL


def test_a_full_place_keeps_what_is_there_and_the_copy_goes_on(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource", reason="only where a process can be kept from writing much")
    target = tmp_path / "finches.alexcourse"
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, before[1]))
    try:
        with pytest.raises(SurroundingsError) as raised:
            again(target)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert raised.value.code is Code.STORE_FULL
    assert not target.exists()
    assert (cut_off(target) or (0, 0))[0] == 2_000_000
    assert again(target).kept == 2_000_000
    assert is_pack(target)


def test_a_place_that_gives_other_bytes_back_is_noticed(tmp_path: Path) -> None:
    target = tmp_path / "finches.alexcourse"

    def spoil(done: int, total: int) -> None:
        if done == total:
            with target.with_name("finches.alexcourse.part").open("r+b") as part:
                part.seek(1_000_000)
                part.write(b"\0")

    with pytest.raises(SurroundingsError, match="other bytes back"):
        again(target, on_progress=spoil)
    assert not target.exists()
    assert again(target).manifest.title == "Finches"


def test_two_parts_of_one_name_are_no_pack(tmp_path: Path) -> None:
    twice = [*sources(small_course()), from_bytes(COURSE, b"{}")]
    with pytest.raises(ReaderError):
        write_pack(tmp_path / "a.alexcourse", replace(manifest(), parts=()), twice, SECRET)
