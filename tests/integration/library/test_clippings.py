"""A Kindle's clippings become notes on their words, once, and none is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from alexandria_desktop.library.elsewhere.clippings import ClippingsReport
from alexandria_desktop.library.elsewhere.kindle import ClippingKind, parse_clippings, settled
from alexandria_desktop.library.elsewhere.titles import Titles
from alexandria_desktop.library.library import Library
from alexandria_desktop.store.notes import NoteType
from tests.support.data import shared_data
from tests.support.epubs import make_epub, prose

SENTENCE = "The lamp in the reading room was lit at four, and nobody asked who had paid for the oil."
OTHER = "She returned the seventh volume with a pressed fern between the pages."
SECOND_LINES = {
    "English": ("Your Highlight on page 7 | Location 100-105 | Added on Monday, May 6, 2024 10:00:00 AM",
                "Your Note on page 7 | Location 105 | Added on Monday, May 6, 2024 10:00:00 AM",
                "Your Bookmark on page 7 | Location 105 | Added on Monday, May 6, 2024 10:00:00 AM"),
    "German": ("Ihre Markierung auf Seite 7 | Position 100-105 | Hinzugefügt am Montag, 6. Mai 2024 um 10:00:00",
               "Ihre Notiz auf Seite 7 | Position 105 | Hinzugefügt am Montag, 6. Mai 2024 um 10:00:00",
               "Ihr Lesezeichen auf Seite 7 | Position 105 | Hinzugefügt am Montag, 6. Mai 2024 um 10:00:00"),
    "French": ("Votre surlignement sur la page 7 | emplacement 100-105 | Ajouté le lundi 6 mai 2024 10:00:00",
               "Votre note sur la page 7 | emplacement 105 | Ajouté le lundi 6 mai 2024 10:00:00",
               "Votre signet sur la page 7 | emplacement 105 | Ajouté le lundi 6 mai 2024 10:00:00"),
    "Spanish": ("La subrayado en la página 7 | posición 100-105 | Añadido el lunes, 6 de mayo de 2024 10:00:00",
                "La nota en la página 7 | posición 105 | Añadido el lunes, 6 de mayo de 2024 10:00:00",
                "El marcador en la página 7 | posición 105 | Añadido el lunes, 6 de mayo de 2024 10:00:00"),
    "Italian": ("La tua evidenziazione a pagina 7 | posizione 100-105 | Aggiunto in data lunedì 6 maggio 2024 10:00:00",
                "La tua nota a pagina 7 | posizione 105 | Aggiunto in data lunedì 6 maggio 2024 10:00:00",
                "Il tuo segnalibro a pagina 7 | posizione 105 | Aggiunto in data lunedì 6 maggio 2024 10:00:00"),
    "Portuguese": ("Seu destaque na página 7 | posição 100-105 | Adicionado: segunda-feira, 6 de maio de 2024 10:00:00",
                   "Sua nota na página 7 | posição 105 | Adicionado: segunda-feira, 6 de maio de 2024 10:00:00",
                   "Seu marcador na página 7 | posição 105 | Adicionado: segunda-feira, 6 de maio de 2024 10:00:00"),
    "Japanese": ("7ページ|位置No. 100-105のハイライト |作成日: 2024年5月6日月曜日 10:00:00",
                 "7ページ|位置No. 105のメモ |作成日: 2024年5月6日月曜日 10:00:00",
                 "7ページ|位置No. 105のブックマーク |作成日: 2024年5月6日月曜日 10:00:00"),
    "Chinese": ("您在第 7 页（位置 #100-105）的标注 | 添加于 2024年5月6日星期一 上午10:00:00",
                "您在第 7 页（位置 #105）的笔记 | 添加于 2024年5月6日星期一 上午10:00:00",
                "您在第 7 页（位置 #105）的书签 | 添加于 2024年5月6日星期一 上午10:00:00"),
}  # fmt: skip


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library") as opened:
        yield opened


def record(said: str, text: str = "", book: str = "The Lamp (Ann Reader)") -> str:
    return f"\ufeff{book}\n- {said}\n\n{text}\n==========\n"


def mark(text: str, start: int = 100, end: int = 105, book: str = "The Lamp (Ann Reader)") -> str:
    return record(f"Your Highlight on Location {start}-{end} | Added on Monday, May 6, 2024 10:00:00 AM", text, book)


def note(text: str, at: int = 105) -> str:
    return record(f"Your Note on Location {at} | Added on Monday, May 6, 2024 10:00:00 AM", text)


def lamp(folder: Path, *sentences: str, name: str = "lamp.epub") -> Path:
    body = f"<p>{prose(3)}</p>" + "".join(f"<p>{one}</p>" for one in sentences) + f"<p>{prose(4)}</p>"
    return make_epub(folder / name, [("One", body)], title="The Lamp: A Story", authors=["Ann Reader"])


def put(library: Library, path: Path) -> UUID:
    book = library.import_paths([path])[0].book_id
    assert book is not None
    return book


def take(library: Library, folder: Path, *records: str) -> ClippingsReport:
    file = folder / "My Clippings.txt"
    file.write_text("".join(records), encoding="utf-8")
    told = library.bring_in([file]).clippings
    assert told is not None
    return told


@pytest.mark.parametrize("language", SECOND_LINES)
def test_each_kind_is_told_by_its_word_in_each_language(language: str) -> None:
    lines = SECOND_LINES[language]
    found = parse_clippings(record(lines[0], "words") + record(lines[1], "more") + record(lines[2]))
    assert [one.kind for one in found] == [ClippingKind.HIGHLIGHT, ClippingKind.NOTE, ClippingKind.BOOKMARK]
    assert [(one.start, one.end) for one in found] == [(100, 105), (105, 105), (105, 105)]


def test_brackets_in_a_title_and_short_ranges_are_understood() -> None:
    (one,) = parse_clippings(mark("words", book="Emma (Penguin) (Austen, Jane (ed.))").replace("100-105", "1300-05"))
    assert one.book == ("Emma (Penguin)", "Austen, Jane (ed.)")
    assert (one.start, one.end) == (1300, 1305)


def test_what_is_no_record_is_passed_over_and_a_cut_off_end_is_read() -> None:
    found = parse_clippings("nonsense\n==========\n\n==========\n" + mark("words").removesuffix("===\n") + "==")
    assert [one.text for one in found] == ["words"]


def test_a_highlight_that_was_drawn_anew_counts_in_its_last_form() -> None:
    found = settled(parse_clippings(mark(SENTENCE) + mark(SENTENCE[:30], 100, 102) + mark(OTHER, 300, 301)))
    assert [one.text for one in found] == [SENTENCE[:30], OTHER]


def test_titles_meet_across_subtitles_and_turned_names_and_nothing_else_does() -> None:
    lamp_id, other, third = UUID(int=1), UUID(int=2), UUID(int=3)
    titles = Titles([
        (lamp_id, "The Lamp: A Story", ["Ann Reader"]), (other, "The Lamp", ["Bob Writer"]),
        (third, "羅生門", ["芥川龍之介"]),
    ])  # fmt: skip
    assert titles.best_match("The Lamp (German Edition)", "Reader, Ann") == lamp_id
    assert titles.best_match("The Lamp", "Bob Writer") == other
    assert titles.best_match("羅生門", "芥川龍之介") == third
    assert titles.best_match("The Lamp", "Somebody Else") is None
    assert titles.best_match("The Damp", "") is None


def test_highlights_land_on_their_words_with_their_notes(library: Library, tmp_path: Path) -> None:
    book = put(library, lamp(tmp_path, SENTENCE, OTHER))
    told = take(library, tmp_path, mark(SENTENCE), note("Who did?"), mark(OTHER, 300, 301), note("On the whole.", 900))
    assert (told.placed, told.loose, told.tray, told.waits) == (2, 1, 0, 0)
    found = {one.quote: one for one in library.notes.of_book(book)}
    assert found[SENTENCE].text == "Who did?"
    assert found[SENTENCE].type is NoteType.COMMENT
    assert found[OTHER].type is NoteType.HIGHLIGHT
    assert found[""].text == "On the whole."
    assert all(one.placed for one in found.values())


def test_reading_the_file_twice_doubles_nothing_and_brings_back_nothing(library: Library, tmp_path: Path) -> None:
    book = put(library, lamp(tmp_path, SENTENCE, OTHER))
    take(library, tmp_path, mark(SENTENCE), mark(OTHER, 300, 301))
    first = library.notes.of_book(book)
    library.notes.delete(first[0].id)
    told = take(library, tmp_path, mark(SENTENCE), mark(OTHER, 300, 301), note("Who did?"))
    assert (told.placed, told.known) == (0, 2)
    assert {one.id for one in library.notes.of_book(book)} >= {first[1].id}
    assert sum(one.quote != "" for one in library.notes.of_book(book)) == 1


def test_a_note_that_comes_later_goes_to_its_highlight(library: Library, tmp_path: Path) -> None:
    book = put(library, lamp(tmp_path, SENTENCE))
    take(library, tmp_path, mark(SENTENCE))
    take(library, tmp_path, mark(SENTENCE), note("Who did?"))
    (one,) = library.notes.of_book(book)
    assert one.text == "Who did?"
    assert take(library, tmp_path, mark(SENTENCE), note("Who did?")).known == 2


def test_words_that_are_not_in_the_book_wait_in_its_tray_and_a_new_edition_places_them(
    library: Library, tmp_path: Path
) -> None:
    book = put(library, lamp(tmp_path, OTHER))
    assert take(library, tmp_path, mark(SENTENCE)).tray == 1
    (one,) = library.notes.of_book(book)
    assert not one.placed
    assert one.quote == SENTENCE
    assert library.place_notes(book) == 0  # it was looked for; only another edition is worth another look
    assert put(library, lamp(tmp_path, OTHER, SENTENCE, name="new.epub")) == book
    (one,) = library.notes.of_book(book)
    assert one.placed
    assert one.quote == SENTENCE


def test_words_that_stand_often_are_placed_by_the_locations_of_the_others(library: Library, tmp_path: Path) -> None:
    refrain = "So it was."
    book = put(library, lamp(tmp_path, f"{refrain} {SENTENCE} {refrain}", prose(3, 30), f"{OTHER} {refrain}"))
    assert take(library, tmp_path, mark(refrain, 900, 900)).tray == 1, "nothing tells which one"
    often = [mark(refrain, place, place) for place in (104, 702)]
    told = take(library, tmp_path, mark(SENTENCE, 100, 103), mark(OTHER, 700, 701), *often)
    assert (told.placed, told.tray) == (4, 0)
    placed = [(one.locator.progression, one.attributes["said"]) for one in library.notes.of_book(book)
              if one.placed and one.locator is not None]  # fmt: skip
    order = [said.partition(" | ")[0].split()[-1] for _, said in sorted(placed)]
    assert order == ["100-103", "104-104", "700-701", "702-702"], "each behind what it was marked behind"


def test_what_waits_is_placed_when_a_later_file_shows_the_order(library: Library, tmp_path: Path) -> None:
    refrain = "So it was."
    book = put(library, lamp(tmp_path, f"{refrain} {SENTENCE} {refrain}", prose(3, 30), f"{OTHER} {refrain}"))
    alone = mark(refrain, 104, 104)
    assert take(library, tmp_path, alone).tray == 1
    (waiting,) = library.notes.of_book(book)
    told = take(library, tmp_path, alone, mark(SENTENCE, 100, 103), mark(OTHER, 700, 701))
    assert (told.placed, told.known) == (2, 1)
    found = {one.id: one for one in library.notes.of_book(book)}
    assert len(found) == 3
    assert found[waiting.id].placed
    places = {one.quote: one.locator.progression for one in found.values() if one.locator is not None}
    assert places[SENTENCE] < places[refrain] < places[OTHER], "behind what it was marked behind"


def test_what_the_reader_put_somewhere_is_not_moved_by_a_later_file(library: Library, tmp_path: Path) -> None:
    refrain = "So it was."
    book = put(library, lamp(tmp_path, f"{refrain} {SENTENCE} {refrain}", prose(3, 30), f"{OTHER} {refrain}"))
    alone = mark(refrain, 104, 104)
    take(library, tmp_path, alone)
    (waiting,) = library.notes.of_book(book)
    library.notes.move(waiting.id, library.notes.find_quote(book, OTHER))
    take(library, tmp_path, alone, mark(SENTENCE, 100, 103), mark(OTHER, 700, 701))
    assert library.notes.get(waiting.id).quote == OTHER


def test_clippings_of_a_book_that_is_not_here_wait_for_it(library: Library, tmp_path: Path) -> None:
    told = take(library, tmp_path, mark(SENTENCE), note("Who did?"))
    assert told.waiting == (("The Lamp", 2),)
    brought = library.bring_in([lamp(tmp_path, SENTENCE)])
    assert brought.clippings is not None
    assert brought.clippings.placed == 1
    (one,) = library.notes.of_book(brought.outcomes[0].book_id or UUID(int=0))
    assert (one.text, one.placed) == ("Who did?", True)
    assert library.bring_in([make_epub(tmp_path / "x.epub", [("One", f"<p>{prose(9)}</p>")])]).clippings is None


def test_a_file_is_one_of_clippings_by_what_is_in_it_not_by_its_name(library: Library, tmp_path: Path) -> None:
    renamed, other = tmp_path / "kindle.txt", tmp_path / "My Clippings.txt"
    renamed.write_text(mark(SENTENCE), encoding="utf-8")
    other.write_text(prose(7), encoding="utf-8")
    brought = library.bring_in([renamed, other])
    assert brought.clippings is not None
    assert brought.clippings.waits == 1
    assert [one.path for one in brought.outcomes] == [other]


@pytest.mark.data
def test_real_files_of_clippings_are_read_whole() -> None:
    folder = shared_data() / "clippings"
    counts = {file.name: len(parse_clippings(file.read_text(encoding="utf-8-sig"))) for file in folder.glob("*.txt")}
    assert counts["yakimka_languages.txt"] == 33
    assert counts["our_pd_quotes.txt"] == 9
