"""Each thing that sticks and sync tools do to files, one at a time."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import orjson
import pytest

from sync.folder.batches import pack, unpack
from sync.folder.files import FolderFiles
from sync.folder.layout import begin, book_file
from sync.folder.placing import make_room, part_of
from sync.folder.placing import place as place_file
from sync.protocol.errors import Refused, Unreachable
from sync.protocol.messages import PullRequest
from sync.schema.ids import uuid7
from tests.sync.folder.carrier import How, begin_alike, carry, carry_all, copy, lacking
from tests.sync.folder.conftest import NewFolderLaptop
from tests.sync.folder.killing import failing, refusing
from tests.sync.folder.laptops import FolderLaptop, folder_laptop
from tests.sync.folder.test_round import Pair, settle
from tests.sync.machine import Crashed, CrashingStore


@pytest.fixture
def apart(tmp_path: Path, carried: Path) -> Iterator[list[FolderLaptop]]:
    """Three laptops, each with its own copy of the folder; one book is on all of them."""
    folders = [carried / f"folder-{number}" for number in range(3)]
    folders[0].mkdir()
    user = uuid7()
    begin(folders[0], user)
    begin_alike(*folders)
    with ExitStack() as stack:
        made = [
            stack.enter_context(folder_laptop(tmp_path / f"laptop-{number}", folder, user))
            for number, folder in enumerate(folders)
        ]
        made[0].add_note(made[0].add_book(), "the sea")
        for _ in range(2):
            for one in made:
                one.sync()
                carry_all(*folders)
        yield made


def carry_new(source: FolderLaptop, target: FolderLaptop, how: How = How.WHOLE) -> None:
    for place in lacking(source.folder, target.folder):
        carry(source.folder, target.folder, place, how)


def the_note(one: FolderLaptop) -> str:
    (note,) = one.rows("user_notes").values()
    return str(note["note_text"])


def edit(one: FolderLaptop, text: str) -> None:
    (note,) = one.rows("user_notes")
    one.change("user_notes", note, note_text=text)
    one.sync()


def own_files(one: FolderLaptop) -> list[Path]:
    with one.open_folder() as endpoint:
        writer = endpoint._ledger.writer
    return sorted((one.folder / "devices" / str(writer)).glob("*.ops"))


@pytest.mark.parametrize("how", [How.CUT, How.EMPTY])
def test_a_file_that_is_not_whole_has_not_arrived(apart: list[FolderLaptop], how: How) -> None:
    one, other, _ = apart
    edit(one, "the deep sea")
    carry_new(one, other, how)
    other.sync()
    assert the_note(other) == "the sea"
    carry_new(one, other)
    other.sync()
    assert the_note(other) == "the deep sea"


def test_a_file_under_a_name_of_the_sync_tool_is_taken(apart: list[FolderLaptop]) -> None:
    one, other, _ = apart
    edit(one, "the deep sea")
    carry_new(one, other, How.RENAMED)
    other.sync()
    assert the_note(other) == "the deep sea"


def test_a_damaged_file_beside_a_whole_copy_of_it_does_no_harm(apart: list[FolderLaptop]) -> None:
    one, other, _ = apart
    edit(one, "the deep sea")
    carry_new(one, other, How.RENAMED)
    carry_new(one, other, How.CUT)
    other.sync()
    assert the_note(other) == "the deep sea"


def test_files_that_come_twice_change_nothing(apart: list[FolderLaptop]) -> None:
    one, other, _ = apart
    edit(one, "the deep sea")
    carry_new(one, other, How.TWICE)
    other.sync()
    before = other.everything()
    report = other.sync()
    assert (report.received, other.everything()) == (0, before)


def test_files_of_others_making_are_left_alone_and_counted(apart: list[FolderLaptop]) -> None:
    one = apart[0]
    strange = [one.folder / "devices" / "desktop.ini", one.folder / "devices" / "mine" / "x.ops", one.folder / "a.txt"]
    for path in strange:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x")
    with one.open_folder() as endpoint:
        one.engine(endpoint).round()
        assert endpoint.arrived.unknown == 2
    assert all(path.read_bytes() == b"x" for path in strange)


def test_the_second_of_two_files_waits_for_the_first(apart: list[FolderLaptop]) -> None:
    one, other, _ = apart
    edit(one, "the deep sea")
    edit(one, "the deep blue sea")
    first, second = lacking(one.folder, other.folder)
    carry(one.folder, other.folder, second, How.WHOLE)
    with other.open_folder() as endpoint:
        other.engine(endpoint).round()
        assert endpoint.arrived.waiting == 1
    assert the_note(other) == "the sea"
    carry(one.folder, other.folder, first, How.WHOLE)
    other.sync()
    assert the_note(other) == "the deep blue sea"
    assert not other.conflicts()


def test_what_was_made_on_something_waits_for_it_and_no_clash_is_told(apart: list[FolderLaptop]) -> None:
    one, other, third = apart
    (note,) = one.rows("user_notes")
    one.change("user_notes", note, color="green")
    one.sync()
    (first,) = lacking(one.folder, other.folder)
    carry(one.folder, other.folder, first, How.WHOLE)
    other.sync()
    third.clock.advance(hours=1)
    other.change("user_notes", note, color="blue")
    other.sync()
    (second,) = (place for place in lacking(other.folder, third.folder) if place != first)
    carry(other.folder, third.folder, second, How.WHOLE)
    third.sync()
    assert third.rows("user_notes")[note]["color"] not in ("green", "blue")
    carry(one.folder, third.folder, first, How.WHOLE)
    third.sync()
    assert third.rows("user_notes")[note]["color"] == "blue"
    assert not third.conflicts()


def test_a_change_that_comes_after_a_year_still_counts(apart: list[FolderLaptop]) -> None:
    one, other, third = apart
    (note,) = one.rows("user_notes")
    third.change("user_notes", note, color="green")
    third.change("user_notes", note, note_text="the sea, from the drawer")
    third.sync()  # into its own copy of the folder, which nobody sees
    for laptop in (one, other):
        laptop.clock.advance(days=365)
    for number in range(10):
        writer = (one, other)[number % 2]
        writer.change("user_notes", note, note_text=f"{the_note(writer)} {number}", color=("blue", "red")[number % 2])
        writer.sync()
        carry_new(writer, (other, one)[number % 2])
        (other, one)[number % 2].sync()
    for _ in range(2):
        carry_all(*(laptop.folder for laptop in apart))
        for laptop in apart:
            laptop.sync()
    texts = {the_note(laptop) for laptop in apart}
    assert len(texts) == 1
    words = set(re.findall(r"\w+", texts.pop()))
    assert {"drawer", *map(str, range(10))} <= words, "no word is lost"
    assert {laptop.rows("user_notes")[note]["color"] for laptop in apart} == {"red"}
    assert all(
        "green" in (row["mine_json"], row["theirs_json"]) for row in third.conflicts() if row["column_name"] == "color"
    )
    assert any(row["column_name"] == "color" for row in third.conflicts())


def test_rows_that_two_made_under_one_natural_key_become_one_and_both_versions_are_told(
    apart: list[FolderLaptop],
) -> None:
    one, other, third = apart
    theme = uuid7()
    for laptop, stars in ((one, 4), (other, 2)):
        laptop.clock.advance(minutes=stars)
        rating = {"user_id": laptop.account.user_id, "theme_id": theme, "rating": stars}
        laptop.write(lambda unit, rating=rating: unit.insert("theme_ratings", rating))
        laptop.sync()
    for _ in range(2):
        carry_all(*(laptop.folder for laptop in apart))
        for laptop in apart:
            laptop.sync()
    assert one.everything() == other.everything() == third.everything()
    (row,) = one.rows("theme_ratings").values()
    assert row["rating"] == 4, "the later one"
    for laptop in apart:
        assert {2, 4} in [{told["mine_json"], told["theirs_json"]} for told in laptop.conflicts()]


def test_what_went_missing_is_put_back_by_whoever_has_it(apart: list[FolderLaptop]) -> None:
    one, other, third = apart
    edit(one, "the deep sea")
    carry_all(*(laptop.folder for laptop in apart))
    other.sync()
    before = {path.relative_to(other.folder): path.read_bytes() for path in other.folder.rglob("*.ops")}
    for laptop in apart:
        for path in laptop.folder.rglob("*.ops"):
            path.unlink()
    other.sync()
    assert {path.relative_to(other.folder): path.read_bytes() for path in other.folder.rglob("*.ops")} == before
    carry_all(*(laptop.folder for laptop in apart))
    third.sync()
    assert the_note(third) == "the deep sea"


def test_a_damaged_file_of_ones_own_is_put_right(apart: list[FolderLaptop]) -> None:
    one = apart[0]
    edit(one, "the deep sea")
    edit(one, "the deep blue sea")
    before = [path.read_bytes() for path in own_files(one)]
    last, first = own_files(one)[-1], own_files(one)[0]
    last.write_bytes(b"rotten")
    first.write_bytes(before[0][:-3])
    one.sync()
    assert last.read_bytes() == before[-1]
    one.clock.advance(days=1)
    one.sync()
    assert [path.read_bytes() for path in own_files(one)] == before, "the others once a day"


def test_a_damaged_file_of_one_who_never_comes_again_has_a_whole_copy_put_beside_it(apart: list[FolderLaptop]) -> None:
    one, other, third = apart
    edit(one, "the deep sea")
    carry_new(one, other)
    other.sync()
    rotten = other.folder / own_files(one)[-1].relative_to(one.folder)
    rotten.write_bytes(rotten.read_bytes()[:-3])
    damaged = rotten.read_bytes()
    other.clock.advance(days=1)
    other.sync()
    carry_new(other, third)
    third.sync()
    assert the_note(third) == "the deep sea"
    assert rotten.read_bytes() == damaged, "it is another's"


def test_two_computers_of_one_image_write_in_one_name_and_nothing_is_lost(
    tmp_path: Path, carried: Path, apart: list[FolderLaptop]
) -> None:
    one, other, _ = apart
    shutil.copytree(one.ledger.parent, tmp_path / "image")
    copied = carried / "folder-image"
    copy(one.folder, copied)
    user = one.account.user_id
    with folder_laptop(tmp_path / "image", copied, user) as twin:
        twin.clock.advance(minutes=10)
        edit(one, "the deep sea")
        edit(twin, "the sea at night")
        (place,) = lacking(twin.folder, other.folder)
        assert place in lacking(one.folder, other.folder), "both took the same name"
        carry(one.folder, other.folder, place, How.WHOLE)
        carry(one.folder, twin.folder, place, How.WHOLE)
        carry(twin.folder, other.folder, place, How.RENAMED)
        for _ in range(3):
            for laptop in (twin, one, other):
                laptop.sync()
                carry_all(one.folder, twin.folder, other.folder)
        assert the_note(other) == the_note(twin) == the_note(one) == "the deep sea at night"


def test_a_lost_ledger_is_made_again_from_the_folder(apart: list[FolderLaptop]) -> None:
    one, other, _ = apart
    edit(one, "the deep sea")
    before = one.everything()
    for path in one.ledger.parent.glob("folder.db*"):
        path.unlink()
    (note,) = one.rows("user_notes")
    one.change("user_notes", note, color="green")
    one.sync()
    carry_new(one, other)
    other.sync()
    assert other.rows("user_notes")[note]["color"] == "green"
    assert set(one.everything()) == set(before)
    assert (one.waiting(), one.conflicts(), other.conflicts()) == ([], [], [])


@pytest.mark.parametrize("hours", [-3, 3])
def test_a_batch_that_is_written_again_after_its_ledger_was_lost_is_the_same_everywhere(
    apart: list[FolderLaptop], hours: int
) -> None:
    one, other, third = apart
    (note,) = one.rows("user_notes")
    one.clock.advance(hours=9)
    one.change("user_notes", note, color="green")
    one.clock.advance(hours=-9)  # its reading is cut by the clock at the time of writing, which differs below
    with one.open_folder() as endpoint, pytest.raises(Crashed):
        one.engine(endpoint, CrashingStore(one, 2, after=False)).round()  # written, and not heard of
    (place,) = lacking(one.folder, other.folder)
    carry(one.folder, other.folder, place, How.WHOLE)
    other.sync()
    (one.folder / place).unlink()
    for path in one.ledger.parent.glob("folder.db*"):
        path.unlink()
    one.clock.advance(hours=hours)
    one.sync()
    for _ in range(3):
        carry_all(*(laptop.folder for laptop in apart))
        for laptop in (third, other, one):
            laptop.sync()
    assert one.everything() == other.everything() == third.everything()
    assert {laptop.rows("user_notes")[note]["color"] for laptop in apart} == {"green"}


def test_a_ledger_that_is_older_than_the_library_leaves_no_hole(tmp_path: Path, apart: list[FolderLaptop]) -> None:
    one, other, third = apart
    shutil.copy(third.ledger, tmp_path / "older.db")
    for number in range(4):
        edit(third, f"the deep sea {number}")
    for path in third.ledger.parent.glob("folder.db*"):
        path.unlink()
    shutil.copy(tmp_path / "older.db", third.ledger)
    news = {one.add_note(one.rows("content_items").popitem()[0], "news")}
    one.sync()
    carry_new(one, third)
    third.sync()
    assert news < set(third.rows("user_notes")), "the counts of the older ledger say nothing of what the library has"
    edit_first(third, "the deep blue sea")
    for _ in range(2):
        carry_all(*(laptop.folder for laptop in apart))
        for laptop in apart:
            laptop.sync()
    assert one.everything() == other.everything() == third.everything()
    assert "the deep blue sea" in {row["note_text"] for row in other.rows("user_notes").values()}


def edit_first(one: FolderLaptop, text: str) -> None:
    one.change("user_notes", min(one.rows("user_notes")), note_text=text)
    one.sync()


def test_an_empty_folder_in_the_place_of_the_old_one_is_filled_again(pair: Pair) -> None:
    one, other = pair
    note = one.add_note(one.add_book(), "the sea")
    settle(one, other)
    shutil.rmtree(one.folder / "devices")
    one.sync()
    for path in other.ledger.parent.glob("folder.db*"):
        path.unlink()
    other.sync()
    assert other.note(note) == "the sea"


# --- disks ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "code"),
    [(errno.ENOSPC, "folder.full"), (errno.EDQUOT, "folder.full"), (errno.EROFS, "folder.read-only")],
)
def test_a_folder_that_cannot_be_written_to_says_so_and_is_written_to_later(
    apart: list[FolderLaptop], number: int, code: str
) -> None:
    one, other, _ = apart
    edit(other, "the cold sea")
    carry_new(other, one)
    (note,) = one.rows("user_notes")
    one.change("user_notes", note, color="green")
    with failing(one.folder, number), pytest.raises(Refused) as refused:
        one.sync()
    assert refused.value.code == code
    assert str(one.folder) in refused.value.sentence
    assert the_note(one) == "the cold sea", "what came can be read all the same"
    assert one.waiting() == [("frozen", "user_notes")]
    one.sync()
    assert one.waiting() == []
    carry_new(one, other)
    other.sync()
    assert other.rows("user_notes")[note]["color"] == "green"


def test_a_folder_that_goes_away_in_the_middle_is_gone_on_with(apart: list[FolderLaptop]) -> None:
    one = apart[0]
    (note,) = one.rows("user_notes")
    one.change("user_notes", note, color="green")
    with one.open_folder() as endpoint:
        one.folder.rename(one.folder.with_name("pocket"))
        with pytest.raises(Unreachable):
            one.engine(endpoint).round()
    one.folder.with_name("pocket").rename(one.folder)
    one.sync()
    assert one.waiting() == []


def test_another_folder_that_comes_into_its_place_in_the_middle_is_not_written_to(apart: list[FolderLaptop]) -> None:
    one = apart[0]
    (note,) = one.rows("user_notes")
    one.change("user_notes", note, color="green")
    with one.open_folder() as endpoint:
        one.folder.rename(one.folder.with_name("pocket"))
        one.folder.mkdir()
        begin(one.folder, one.account.user_id)
        before = sorted(one.folder.rglob("*"))
        with pytest.raises(Refused) as refused:
            one.engine(endpoint).round()
    assert refused.value.code == "folder.another"
    assert sorted(one.folder.rglob("*")) == before


def test_nothing_is_made_where_a_stick_was(carried: Path) -> None:
    stick = carried / "stick"
    with pytest.raises(FileNotFoundError):
        place_file(stick / "devices" / "a writer" / "0000000001.ops", b"x")
    assert not stick.exists()


def test_two_that_copy_one_file_to_a_share_at_once_do_not_write_into_each_others(tmp_path: Path, carried: Path) -> None:
    book, content = tmp_path / "b.epub", bytes(3 * 1024**2)
    book.write_bytes(content)
    sha256 = hashlib.sha256(content).hexdigest()
    (carried / "files").mkdir()

    def other_comes(done: int, size: int) -> None:
        if done < size // 2:
            FolderFiles(carried).send(book, sha256, "")

    FolderFiles(carried).send(book, sha256, "", on_progress=other_comes)
    target = book_file(carried, sha256, ".epub")
    assert target.read_bytes() == content
    assert list(target.parent.iterdir()) == [target]


def test_what_was_cut_off_while_it_was_written_is_removed_after_some_days(apart: list[FolderLaptop]) -> None:
    one = apart[0]
    now, sha256 = one.clock(), "a" * 64
    homes = (one.folder / "alexandria.json", own_files(one)[0], book_file(one.folder, sha256, ".epub"))
    make_room(homes[-1])
    parts = {days: [part_of(home) for home in homes] for days in (1, 3)}
    theirs = homes[-1].with_name("their own.part")
    for days, made in (*parts.items(), (3, [theirs])):
        for part in made:
            part.write_bytes(b"half")
            os.utime(part, ((now - timedelta(days=days)).timestamp(),) * 2)
    one.clock.advance(days=1)  # it is done once a day
    one.sync()
    assert not [part for part in parts[3] if part.exists()]
    assert all(part.exists() for part in (*parts[1], theirs)), "somebody may be at it still"


def test_without_links_one_of_two_that_name_a_file_at_once_is_told(tmp_path: Path) -> None:
    """As on a stick at Windows, where a file that is renamed takes no other's name."""
    with refusing(tmp_path, {"os.link": errno.EPERM}):
        assert place_file(tmp_path / "a" / "one", b"x")
    with refusing(tmp_path, {"os.link": errno.EPERM, "os.rename": errno.EEXIST}):
        assert not place_file(tmp_path / "a" / "other", b"y")
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["one"]


def test_every_name_in_a_folder_is_one_that_sticks_and_windows_can_have(
    tmp_path: Path, apart: list[FolderLaptop]
) -> None:
    one = apart[0]
    book = tmp_path / "b.epub"
    book.write_bytes(b"x")
    FolderFiles(one.folder).send(book, hashlib.sha256(b"x").hexdigest(), "")
    names = {name for path in one.folder.rglob("*") for name in path.relative_to(one.folder).parts}
    assert len(names) > 5
    for name in names:
        assert re.fullmatch(r"[a-z0-9-]{1,64}(\.[a-z0-9]{1,8})?", name), "small letters only, so that none are alike"
        assert not re.match(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", name)


# --- clocks -----------------------------------------------------------------------------------------------------------


def test_a_clock_that_was_wrong_once_does_not_go_on_winning(apart: list[FolderLaptop]) -> None:
    one, other, third = apart
    (note,) = one.rows("user_notes")
    one.clock.advance(days=3650)
    one.change("user_notes", note, color="green")  # its hybrid clock will never run back
    one.clock.advance(days=-3650)
    one.sync()
    one.change("user_notes", note, color="red")
    one.sync()
    other.clock.advance(minutes=10)
    other.change("user_notes", note, color="blue")
    other.sync()
    for _ in range(2):
        carry_all(*(laptop.folder for laptop in apart))
        for laptop in apart:
            laptop.sync()
    assert {laptop.rows("user_notes")[note]["color"] for laptop in apart} == {"blue"}
    assert third.conflicts()


# --- what does not belong ---------------------------------------------------------------------------------------------


def test_somebody_else_is_refused(pair: Pair) -> None:
    one, _ = pair
    with one.open_folder() as endpoint, pytest.raises(Refused) as refused:
        endpoint.pull(PullRequest(one.device_id, uuid7()))
    assert refused.value.code == "other_account"


def test_a_batch_that_is_handed_in_again_is_in_the_folder_once(pair: Pair) -> None:
    one, other = pair
    one.add_note(one.add_book(), "x")
    bodies: list[bytes] = []

    class Twice:
        def __init__(self, endpoint: object) -> None:
            self.pull = endpoint.pull  # type: ignore[attr-defined]
            self._push = endpoint.push  # type: ignore[attr-defined]

        def push(self, body: bytes) -> bytes:
            bodies.append(body)
            first, second = self._push(body), self._push(body)
            assert first == second
            return bytes(second)

    one.wrap = Twice
    one.sync()
    assert len(own_files(one)) == len(bodies) == 1
    changed = {**orjson.loads(bodies[0]), "operations": []}
    with one.open_folder() as endpoint, pytest.raises(Refused) as refused:
        endpoint.push(orjson.dumps(changed))
    assert refused.value.code == "batch_reused"
    other.sync()
    assert len(other.rows("user_notes")) == 1


def test_what_a_newer_program_wrote_is_kept_and_does_no_harm(pair: Pair) -> None:
    one, other = pair
    note = one.add_note(one.add_book(), "x")
    one.sync()
    (file,) = own_files(one)
    header, operations = unpack(file.read_bytes())
    told = next(dict(words) for words in operations if words["table"] == "user_notes")
    told["values"] = {**told["values"], "smell": "salt"}
    newer = [*(words for words in operations if words["table"] != "user_notes"), told, {**told, "table": "scents"}]
    file.write_bytes(pack(header, newer))
    other.sync()
    assert other.note(note) == "x"


def test_small_files_do_not_grow_out_of_hand(new_one: NewFolderLaptop) -> None:
    one = new_one()
    book = one.add_book()
    for number in range(200):
        one.add_note(book, f"a note of some words, the {number}th of them")
    one.sync()
    size = sum(path.stat().st_size for path in one.folder.rglob("*.ops"))
    assert size < 200 * 250, "bytes of a note"
