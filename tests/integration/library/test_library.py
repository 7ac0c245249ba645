"""The library as one: import, duplicates, editions, search, notes, themes, backup, repair."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from alexandria_desktop.base.errors import Code, ReaderError, SurroundingsError
from alexandria_desktop.library.importing import Status
from alexandria_desktop.library.library import Library
from alexandria_desktop.search.finder import Mode
from alexandria_desktop.store.backup import restore_backup
from alexandria_desktop.theme.choose import DarkMode
from alexandria_desktop.theme.customise import built_in, changed
from alexandria_desktop.theme.model import Kind
from tests.support.epubs import make_epub, novel, prose


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library") as opened:
        yield opened


def imported(library: Library, path: Path):  # type: ignore[no-untyped-def]
    outcome = library.import_paths([path])[0]
    assert outcome.book_id is not None, outcome
    return outcome.book_id


def test_a_folder_comes_in_and_each_failure_is_one_sentence(library: Library, tmp_path: Path) -> None:
    folder = tmp_path / "books"
    novel(folder / "one.epub", seed=1, title="One")
    novel(folder / "deep" / "two.epub", seed=2, title="Two")
    (folder / "copy.epub").write_bytes((folder / "one.epub").read_bytes())
    (folder / "empty.epub").write_bytes(b"")
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7\nnothing more")
    (folder / "notes.docx").write_bytes(b"PK\x03\x04")
    seen: list[int] = []
    outcomes = library.import_paths([folder], report=lambda progress: seen.append(progress.done))
    by_status = {status: sorted(one.path.name for one in outcomes if one.status is status) for status in Status}
    assert len(by_status[Status.IMPORTED]) == 2
    assert len(by_status[Status.DUPLICATE]) == 1
    assert by_status[Status.FAILED] == ["broken.pdf", "empty.epub"]
    assert all(one.message.endswith(".") and one.code for one in outcomes if one.status is Status.FAILED)
    assert seen == [1, 2, 3, 4, 5]
    assert {row.title for row in library.shelf.books()} == {"One", "Two"}


def test_the_readers_own_files_are_never_touched(library: Library, tmp_path: Path) -> None:
    path = novel(tmp_path / "one.epub")
    before = path.read_bytes()
    book = imported(library, path)
    library.shelf.rename(book, title="Another title", authors=["Somebody else"])
    library.shelf.remove([book])
    assert path.read_bytes() == before
    kept = library.paths.root.rglob("*.epub")
    assert [file.read_bytes() for file in kept] == [before]


def test_a_cancelled_import_keeps_what_was_done(library: Library, tmp_path: Path) -> None:
    paths = [novel(tmp_path / f"{number}.epub", seed=number, chapters=1) for number in range(1, 20)]
    cancel = threading.Event()
    outcomes = library.import_paths(paths, report=lambda _: cancel.set(), cancel=cancel)
    done = [one for one in outcomes if one.status is Status.IMPORTED]
    assert 1 <= len(done) < 19
    assert {one.code for one in outcomes if one.status is Status.FAILED} == {Code.IMPORT_CANCELLED}
    assert len(library.shelf.books()) == len(done)


def test_a_removed_book_comes_back_with_its_notes_and_its_place(library: Library, tmp_path: Path) -> None:
    book = imported(library, novel(tmp_path / "one.epub"))
    place = library.finding.search("river", limit=1)[0].locator
    note = library.notes.add(book, place, text="mine")
    library.reading.save_position(book, place)
    library.shelf.remove([book])
    assert library.shelf.books() == []
    assert library.finding.search("river") == []
    library.shelf.bring_back([book])
    library.catch_up()
    assert [one.id for one in library.notes.of_book(book)] == [note.id]
    assert library.shelf.books()[0].progress > 0
    assert library.finding.search("river", limit=1)[0].book_id == book


def test_importing_a_removed_book_again_brings_it_back(library: Library, tmp_path: Path) -> None:
    path = novel(tmp_path / "one.epub")
    book = imported(library, path)
    library.shelf.remove([book])
    assert library.import_paths([path])[0].book_id == book
    assert [row.id for row in library.shelf.books()] == [book]


def test_a_corrected_edition_takes_the_notes_over(library: Library, tmp_path: Path) -> None:
    parts = [f"<p>{prose(number, 12)}</p>" for number in range(1, 9)]
    chapters = [("One", "".join(parts[:4])), ("Two", "".join(parts[4:]))]
    book = imported(library, make_epub(tmp_path / "old.epub", chapters, title="The book"))
    moved = library.notes.add(book, library.notes.find_quote(book, " ".join(prose(6, 12).split()[5:9])))
    lost = library.notes.add(book, library.notes.find_quote(book, " ".join(prose(3, 12).split()[5:9])), text="kept")
    changed = [("A foreword", f"<p>{prose(20, 9)}</p>"), ("One", "".join(parts[:2])), ("Two", "".join(parts[4:]))]
    outcome = library.import_paths([make_epub(tmp_path / "new.epub", changed, title="The book")])[0]
    assert outcome.book_id == book
    assert outcome.message == "A new edition: 1 note moved, 1 could not be placed and wait in the notes."
    notes = {note.id: note for note in library.notes.of_book(book)}
    assert notes[moved.id].placed
    assert notes[moved.id].locator.target.href.endswith("c2.xhtml")  # type: ignore[union-attr]
    assert not notes[lost.id].placed
    assert (notes[lost.id].text, notes[lost.id].quote) == ("kept", lost.quote)


def test_another_book_of_the_same_title_stays_a_book_of_its_own(library: Library, tmp_path: Path) -> None:
    imported(library, novel(tmp_path / "one.epub", seed=1, title="Poems"))
    imported(library, novel(tmp_path / "two.epub", seed=2, title="Poems"))
    assert len(library.shelf.books()) == 2


def test_words_and_meaning_find_the_sentence(library: Library, tmp_path: Path) -> None:
    odd = "<p>The quokka crossed the old railway bridge at dawn. Nobody saw it but the stationmaster.</p>"
    chapters = [("One", f"<p>{prose(1, 30)}</p>"), ("Two", f"<p>{prose(2, 9)}</p>{odd}<p>{prose(3, 9)}</p>")]
    book = imported(library, make_epub(tmp_path / "one.epub", chapters))
    for words, mode in (
        ("quokkas", Mode.WORDS),
        ("stationmaster", Mode.ALL),
        ("animal walking over train tracks", Mode.MEANING),
    ):
        hit = library.finding.search(words, mode=mode, limit=1)[0]
        assert (hit.book_id, hit.chapter) == (book, "Two")
    exact = library.finding.search("quokka railway", limit=1)[0]
    assert exact.locator.quote is not None
    assert exact.locator.quote.exact == "The quokka crossed the old railway bridge at dawn."
    assert [exact.snippet.text[start:end] for start, end in exact.snippet.marks] == ["quokka", "railway"]


@pytest.mark.parametrize(
    "typed", ['"', "AND", "NOT x", "a* OR (", "'; DROP TABLE passages;--", "☃", "x" * 5000, "NEAR(a b)"]
)
def test_whatever_is_typed_never_fails(typed: str, library: Library, tmp_path: Path) -> None:
    imported(library, novel(tmp_path / "one.epub", chapters=1))
    assert isinstance(library.finding.search(typed), list)
    assert isinstance(library.finding.everything(typed).books, tuple)


def test_chinese_is_found_by_its_characters(library: Library, tmp_path: Path) -> None:
    body = "<p>白日依山盡，黃河入海流。</p><p>欲窮千里目，更上一層樓。</p>"
    book = imported(library, make_epub(tmp_path / "zh.epub", [("登鸛雀樓", body)], language="zh", title="唐詩"))
    assert library.finding.search("黃河入海", limit=1)[0].book_id == book
    assert [row.id for row in library.finding.titles("唐詩")] == [book]


def test_a_note_is_found_by_its_words(library: Library, tmp_path: Path) -> None:
    book = imported(library, novel(tmp_path / "one.epub"))
    library.notes.add(book, None, text="remember the aspidistra", color=None)
    library.notes.refresh_words()
    assert [note.text for note in library.finding.everything("aspidistra").notes] == ["remember the aspidistra"]


def test_a_quote_that_is_not_in_the_book_is_refused(library: Library, tmp_path: Path) -> None:
    book = imported(library, novel(tmp_path / "one.epub"))
    words = prose(100, 12).split()[:9]
    assert library.notes.find_quote(book, " ".join(words)).quote is not None
    with pytest.raises(ReaderError) as caught:
        library.notes.find_quote(book, " ".join([*words[:8], "gramophone"]))  # most of it is there
    assert caught.value.code is Code.QUOTE_NOT_FOUND
    assert f"Close to them is “{' '.join(words[:8])} " in caught.value.message


def test_a_backup_brings_everything_back(tmp_path: Path) -> None:
    root = tmp_path / "library"
    with Library.open(root) as library:
        book = imported(library, novel(tmp_path / "one.epub"))
        library.notes.add(book, None, text="before", color=None)
        saved = library.care.back_up()
        library.notes.add(book, None, text="after", color=None)
    kept = restore_backup(library.paths, saved.file)
    assert kept is not None
    assert kept.exists()
    with Library.open(root) as library:
        assert [note.text for note in library.notes.of_book(book)] == ["before"]
        assert all(check.ok for check in library.repair())


def test_a_newer_library_is_left_alone(tmp_path: Path) -> None:
    root = tmp_path / "library"
    Library.open(root).close()
    raw = sqlite3.connect(root / "library.db")
    raw.execute("PRAGMA user_version = 999")
    raw.commit()
    raw.close()
    before = (root / "library.db").read_bytes()
    with pytest.raises(SurroundingsError) as caught:
        Library.open(root)
    assert caught.value.code is Code.STORE_NEWER
    assert (root / "library.db").read_bytes() == before


def test_a_damaged_library_is_put_aside_and_not_overwritten(tmp_path: Path) -> None:
    root = tmp_path / "library"
    Library.open(root).close()
    for file in root.glob("library.db-*"):
        file.unlink()
    broken = b"this is no database" * 400
    (root / "library.db").write_bytes(broken)
    with pytest.raises(SurroundingsError) as caught:
        Library.open(root)
    assert caught.value.code is Code.STORE_DAMAGED
    assert [file.read_bytes() for file in root.glob("library*damaged*")] == [broken]


def test_two_programs_see_each_others_notes(library: Library, tmp_path: Path) -> None:
    book = imported(library, novel(tmp_path / "one.epub"))
    before = library.data_version()
    with Library.open(library.paths.root) as other:
        other.notes.add(book, None, text="from the other", color=None)
    assert library.data_version() != before
    assert [note.text for note in library.notes.of_book(book)] == ["from the other"]


def test_a_changed_theme_is_kept_as_ones_own(library: Library) -> None:
    used = library.looks.use(changed(built_in("sepia"), size=24))
    assert used.name == "My Sepia"
    assert library.looks.named("My Sepia").typography.size == 24
    again = library.looks.use(changed(built_in("sepia"), size=30))
    assert again.id == used.id
    assert [theme.name for theme in library.looks.themes() if theme.id == used.id] == ["My Sepia"]


def test_light_and_dark_follow_the_system_until_told_otherwise(library: Library) -> None:
    looks = library.looks
    looks.use(built_in("sepia"), system=Kind.LIGHT)
    assert looks.current(system=Kind.LIGHT).id == "sepia"
    assert looks.current(system=Kind.DARK).kind is Kind.DARK
    looks.use(built_in("forest"), system=Kind.LIGHT)
    assert looks.current(system=Kind.LIGHT).id == "forest"
    assert looks.mode() is DarkMode.DARK
    looks.set_mode(DarkMode.AUTO)
    assert looks.current(system=Kind.LIGHT).id == "sepia"
    assert looks.current(system=Kind.DARK).id == "forest"


def test_without_a_model_words_are_searched(library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = imported(library, novel(tmp_path / "one.epub", chapters=1))
    monkeypatch.setattr("alexandria_desktop.library.finding.embedder", lambda: None)
    assert library.finding.search("river", mode=Mode.MEANING, limit=1)[0].book_id == book
    assert all(check.ok for check in library.repair())
