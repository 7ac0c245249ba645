"""A teacher's notes lie over a student's own, in whatever edition the student has, and are never among them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from uuid import UUID

import pytest

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.library.library import Library
from alexandria_desktop.store.course_rows import Audience, Status
from sync.places.locator import EpubTarget, Locator
from tests.support.epubs import make_epub
from tests.support.server import ServerDatabase
from tests.sync.desks import sign_in
from tests.sync.laptops import make_account
from tests.sync.recorder import Recorder

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("drawer")]

WORDS = (
    "On a grey morning he came and spoke. Call me Ishmael, he said, and looked out over the sea, where the whales were."
)
PRIVATE = "pomegranate-that-nobody-was-given"
GIVEN = "Note the rhythm of this sentence."


def book(library: Library, folder: Path, *, words: str = WORDS, name: str = "book") -> UUID:
    path = make_epub(folder / f"{name}.epub", [("Loomings", f"<p>{words}</p>")], title="Moby-Dick")
    found = library.import_paths([path])[0].book_id
    assert found is not None
    return found


class Class:
    """A teacher with three notes on a book and a course, and a student with the same book, and a code."""

    def __init__(self, folder: Path, address: str, stack: ExitStack) -> None:
        self.folder = folder
        self.teacher = stack.enter_context(Library.open(folder / "teacher", vectors="numpy"))
        sign_in(self.teacher, make_account(address))
        self.book = book(self.teacher, folder)
        find = self.teacher.notes.find_quote
        self.first = self.teacher.notes.add(self.book, find(self.book, "Call me Ishmael"), text=GIVEN).id
        self.second = self.teacher.notes.add(self.book, find(self.book, "the whales")).id
        self.private = self.teacher.notes.add(self.book, find(self.book, "the sea"), text=PRIVATE).id
        self.course = self.teacher.authoring.make_course("Whales")
        self.teacher.authoring.set_status(self.course, Status.PUBLISHED, audience=Audience.INVITED)
        self.line = stack.enter_context(Recorder(address))
        self.student = stack.enter_context(Library.open(folder / "student", vectors="numpy"))
        account = make_account(address)
        self.student.syncing.sign_in(self.line.address, account.email, "a long password")
        code = self.teacher.joining.invite(self.course)
        self.teacher.syncing.sync()
        self.student.joining.join(code)
        self.sync()

    def sync(self) -> None:
        self.teacher.syncing.sync()
        self.student.syncing.sync()

    def seen(self, of: UUID) -> list[tuple[str, str, bool]]:
        """Return what the student sees over a book: the marked words, the teacher's, and whether they have a place."""
        (layer,) = self.student.layers_of(of)
        assert layer.course == "Whales"
        return [(note.quote, note.text, note.placed) for note in layer.notes]

    def on_students_disk(self, word: str) -> bool:
        files = [file for file in (self.folder / "student").rglob("*") if file.is_file()]
        return any(word.encode() in file.read_bytes() for file in files)


@pytest.fixture
def found(tmp_path: Path, server_database: ServerDatabase, address: str) -> Iterator[Class]:
    with ExitStack() as stack:
        yield Class(tmp_path, address, stack)


def test_students_see_what_was_given_over_their_book_and_nothing_else(found: Class) -> None:
    mine = book(found.student, found.folder)
    assert found.student.layers_of(mine) == []
    assert found.teacher.layers.give(found.course, found.book, [found.second, found.first]) == 0
    found.sync()
    assert found.seen(mine) == [("Call me Ishmael", GIVEN, True), ("the whales", "", True)]
    assert found.student.notes.of_book(mine) == []
    assert found.student.notes.count() == 0
    assert found.teacher.layers_of(found.book) == [], "what one gives does not lie over one's own"
    (summary,) = found.student.courses.list()
    assert summary.lessons == 0, "nobody has to take a layer"
    assert found.student.courses.document(found.course).lessons == ()
    assert not found.on_students_disk(PRIVATE)
    assert PRIVATE.encode() not in found.line.heard()


def test_a_note_that_is_changed_stays_as_it_was_given_until_it_is_given_again(found: Class) -> None:
    mine = book(found.student, found.folder)
    found.teacher.layers.give(found.course, found.book, [found.first])
    found.teacher.notes.edit(found.first, text=PRIVATE)
    found.sync()
    assert found.seen(mine) == [("Call me Ishmael", GIVEN, True)]
    assert not found.on_students_disk(PRIVATE)
    found.teacher.notes.edit(found.first, text="Listen to it.")
    assert found.teacher.layers.give(found.course, found.book, [found.first]) == 1
    found.sync()
    assert found.seen(mine) == [("Call me Ishmael", "Listen to it.", True)]


def test_what_is_taken_back_goes_from_the_students_book(found: Class) -> None:
    mine = book(found.student, found.folder)
    found.teacher.layers.give(found.course, found.book, [found.first, found.second])
    found.sync()
    found.teacher.layers.give(found.course, found.book, [found.second])
    found.sync()
    assert [quote for quote, _, _ in found.seen(mine)] == ["the whales"]
    found.teacher.layers.give(found.course, found.book, [])
    found.sync()
    assert found.student.layers_of(mine) == []
    found.teacher.layers.give(found.course, found.book, [found.first])
    found.sync()
    assert [quote for quote, _, _ in found.seen(mine)] == ["Call me Ishmael"]


def test_in_another_edition_notes_stand_on_their_words_or_say_that_these_are_gone(found: Class) -> None:
    other = f"A foreword of this edition. {WORDS.replace('where the whales were', 'grey')}"
    mine = book(found.student, found.folder, words=other, name="other")
    found.teacher.layers.give(found.course, found.book, [found.first, found.second])
    found.sync()
    assert found.seen(mine) == [("Call me Ishmael", GIVEN, True), ("the whales", "", False)]
    (layer,) = found.student.layers_of(mine)
    (there,) = found.student.layers_of(mine)
    assert there == layer, "what was found once is found again"
    place, at_home = layer.notes[0].locator, found.teacher.notes.get(found.first).locator
    assert isinstance(place, Locator)
    assert isinstance(at_home, Locator)
    assert isinstance(place.target, EpubTarget)
    assert isinstance(at_home.target, EpubTarget)
    assert place.target.start - at_home.target.start == len("A foreword of this edition. ")


def test_a_student_who_leaves_sees_them_no_more(found: Class) -> None:
    mine = book(found.student, found.folder)
    found.teacher.layers.give(found.course, found.book, [found.first])
    found.sync()
    found.student.joining.leave(found.course)
    found.student.syncing.sync()
    found.student.syncing.sync()
    assert found.student.layers_of(mine) == []


def test_nobody_gives_notes_to_the_course_of_another(found: Class) -> None:
    mine = book(found.student, found.folder)
    note = found.student.notes.add(mine, found.student.notes.find_quote(mine, "the sea"), text="Blue").id
    with pytest.raises(ReaderError) as raised:
        found.student.layers.give(found.course, mine, [note])
    assert raised.value.code is Code.COURSE_NOT_YOURS


def test_a_version_holds_the_notes_that_were_given_and_says_what_changed(found: Class) -> None:
    found.teacher.layers.give(found.course, found.book, [found.first])
    kept = found.teacher.course_versions.save(found.course, "With a note")
    assert kept is not None
    found.teacher.layers.give(found.course, found.book, [found.second])
    changes = found.teacher.course_versions.compare(kept)
    assert [one.where for one in changes] == ["Notes on Moby-Dick"] * 2
    found.teacher.course_versions.restore(kept)
    assert found.teacher.layers.given(found.course, found.book) == {found.first}
