"""The commands that the guide shows do what it says, on a library of small books, and answer what it shows."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest

from alexandria_desktop.cli import run
from alexandria_desktop.library.library import Library
from sync.server.__main__ import main
from tests.server.commands.program import served
from tests.support.calibre import Shelved, make_calibre
from tests.support.drawer import Drawer
from tests.support.guide import HELP, Shown, is_answer, name_of, pages_with_commands, shown_commands

SKIPPED = {
    "open": "opens a window",
    "show": "draws in a process of its own",
    "sign-in": "wants a server",
    "update": "asks whoever made the program",
}
"""Commands that are only read."""

FINE = {"doctor": {0, 1, 3}, "sync verify": {0, 1}}
"""What a command may end with: the computer that runs the tests has faults of its own, and a folder says no sums."""

JOINED = {"devices.md", "files.md"}
"""Pages about a library that is in step with something."""

STUDENTS = {("course", "open"), ("course", "answers")}
"""What is done on another computer than the teacher's."""

CLIPPINGS = (
    "The Harbour Almanac (Ada Fenn)\n- Your Highlight on Location 1-2 | Added on Monday, May 6, 2024 10:00:00 AM\n\n"
    "There was her own breath.\n==========\n"
)
GIFT = "What is the dark part of soil called? {=humus =loam}\n"


def runnable(page: Path) -> list[Shown]:
    """Return the commands of a page that can be run, in their order, without those that end in an ellipsis."""
    return [
        one
        for one in shown_commands(page)
        if one.program == "alexandria" and command_in(one) and command_in(one) not in SKIPPED
    ]


def expected(shown: Shown) -> set[int]:
    """Return what a command may end with."""
    return FINE.get(" ".join(shown.words), FINE.get(command_in(shown), {0}))


def command_in(shown: Shown) -> str:
    """Return the command behind the program's own options; nothing for the program alone."""
    words = list(shown.words)
    while words and words[0].startswith("-"):
        option = words.pop(0)
        if option == "--library" and words:
            words.pop(0)
        if option in ("--help", "-h"):
            return ""
    return words[0] if words else ""


PAGES = [page for page in pages_with_commands() if runnable(page)]


@pytest.fixture(scope="module")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library as a reader may have it, and the files that the guide speaks of."""
    from sample_books import write_sample_books
    from sample_course import garden_course

    folder = tmp_path_factory.mktemp("guide")
    write_sample_books(folder / "Books")
    (folder / "quiz.gift").write_text(GIFT, encoding="utf-8")
    (folder / "My Clippings.txt").write_text(CLIPPINGS, encoding="utf-8")
    make_calibre(folder / "Calibre Library", Shelved("On Tides", ["Ada Fenn"]))
    with Library.open(folder / "library") as library:
        library.import_paths([folder / "Books"])
        library.shelf.make_collection("For the train")
        course = garden_course(library, library.shelf.resolve("Primer of Gardens"))
        library.authoring.bring_in(course)
        gardens = library.shelf.resolve("Primer of Gardens")
        library.notes.add(gardens, library.notes.find_quote(gardens, "Soil is not dirt."))
        library.care.back_up(folder / "before-the-journey.db")
    return folder


@pytest.fixture
def place(stocked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, drawer: Drawer) -> Path:
    """A copy of it, with the paths of the guide leading there."""
    place = tmp_path / "here"
    shutil.copytree(stocked, place)
    (place / "stick").mkdir()
    monkeypatch.chdir(place)
    monkeypatch.setenv("HOME", str(place))
    monkeypatch.setenv("ALEXANDRIA_LIBRARY", str(place / "library"))
    return place


def here(words: tuple[str, ...], place: Path) -> list[str]:
    """Return the words with the guide's absolute paths in the place of the test."""
    moved = {"/media/stick": "stick", "/media/stick/books": "stick/books", "/tmp/try": "try", "~/Books": "Books"}
    found = [str(place / moved[word]) if word in moved else word for word in words]
    if "/media/stick/books" in words:
        (place / "stick" / "books").mkdir(exist_ok=True)
    return found


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_the_commands_of_a_page_do_what_they_say(page: Path, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    if page.name in JOINED:
        assert run(["join-folder", str(place / "stick")]) == 0
    for shown in runnable(page):
        capsys.readouterr()
        of_a_student = shown.words[:2] in STUDENTS
        status = run([*(("--library", "student") if of_a_student else ()), *here(shown.words, place)])
        said = capsys.readouterr()
        assert status in expected(shown), f"`{shown}` says: {said.err or said.out}"
        if shown.answer:
            assert is_answer(shown.answer, said.out), f"`{shown}` answers {said.out!r}, the guide says {shown.answer}"


def test_an_answer_that_is_not_the_one_shown_is_noticed() -> None:
    assert is_answer(("a … c", "…"), "a b c\nd\ne\n")
    assert not is_answer(("a … c",), "a b d\n")
    assert not is_answer(("a",), "a\nb\n")


@pytest.mark.postgres
def test_the_commands_of_an_administrator_do_what_they_say(capsys: pytest.CaptureFixture[str]) -> None:
    from sync.server.embedded import BinariesMissingError
    from sync.server.embedded.binaries import find_binaries

    try:
        find_binaries()
    except BinariesMissingError as fault:
        pytest.skip(str(fault))
    with tempfile.TemporaryDirectory(prefix="alexandria-") as made:
        root = Path(made)
        root.chmod(0o755)
        with served(root / "data"):  # its Postgres is joined by each command, which starts faster than its own
            _administer(root, capsys)


def _administer(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Run what the pages for administrators show, on a private database in a folder."""
    where = ("--data", str(root / "data"))
    assert main(["user", "add", "ann@example.org", "Ann Weaver", *where]) == 0
    for page in ("people", "looking-after", "own-database", "backups"):
        for shown in shown_commands(HELP / "administrators" / f"{page}.md"):
            if shown.program != "alexandria-server" or shown.words[0] in ("run", "restore"):
                continue  # the one serves already, the other has tests of its own and makes a second Postgres
            words = [str(root / "backups") if word.endswith("/alexandria") else word for word in shown.words]
            capsys.readouterr()
            status = main([*words, *where])
            said = capsys.readouterr()
            assert status == 0, f"`{shown}` says: {said.err or said.out}"
            if shown.answer:
                assert is_answer(shown.answer, said.out), f"`{shown}` answers {said.out!r}, not {shown.answer}"
