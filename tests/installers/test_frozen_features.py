"""What the program does is in the bundle too: kinds of books, both ways of finding, pages of other scripts, courses.

Skipped where there is no bundle, as in ``test_bundle``; these start the program a dozen times.
"""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pymupdf
import pytest
from PIL import Image

from tests.installers.test_bundle import home, pytestmark, run
from tests.support.epubs import make_epub
from tests.support.mobi import Mobi
from tests.support.pdfs import make_pdf

__all__ = ["home", "pytestmark"]

SCRIPTS = {
    "Arabic": ("ar", "كانت الحديقة هادئة في المساء، والمصباح يضيء الطريق إلى البحر."),
    "Chinese": ("zh", "傍晚的花园很安静，灯笼照亮了通往大海的小路。"),
    "Thai": ("th", "สวนเงียบสงบในยามเย็น โคมไฟส่องทางไปสู่ทะเล"),
}


def _picture() -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", (300, 400), (200, 40, 40)).save(kept, "AVIF")
    return kept.getvalue()


@pytest.fixture
def shelf(home: Path) -> Path:
    """Books of every kind in a home, which its owner may read."""
    folder = home / "books"
    folder.mkdir()
    make_pdf(folder / "paper.pdf", ["The heron stands in the reeds."])
    for name, (language, words) in SCRIPTS.items():
        make_epub(folder / f"{name}.epub", [("1", f"<p>{words * 12}</p>")], title=name, language=language)
    text = b"<html><body><p>A badger digs under the wall.</p></body></html>"
    Mobi(text=[text], text_length=len(text), title=b"Old Book").write(folder / "old.mobi")
    with zipfile.ZipFile(folder / "comic.cbz", "w") as archive:
        archive.writestr("1.avif", _picture())
    for name, words in (
        ("tale.md", "# Tale\n\nAn otter swims home."),
        ("page.html", "<html><title>Page</title><p>A lynx listens.</p></html>"),
        ("note.txt", "The weasel was here."),
        ("story.fb2", '<FictionBook xmlns="http://www.gribuser.ru/xml/fictionbook/2.0"><description><title-info>'
         "<book-title>Story</book-title></title-info></description><body><section><p>A raven calls.</p></section>"
         "</body></FictionBook>"),
    ):  # fmt: skip
        (folder / name).write_text(words, encoding="utf-8")
    for one in (folder, *folder.iterdir()):
        one.chmod(0o755)
    return folder


def test_every_kind_of_book_is_imported_found_and_drawn(home: Path, shelf: Path) -> None:
    run(home, "import", str(shelf))
    assert len(run(home, "--json", "list").splitlines()) >= len(list(shelf.iterdir()))
    for word in ("heron", "badger", "otter", "lynx", "weasel", "raven", "الطريق", "灯笼", "โคมไฟ"):
        assert word in run(home, "--json", "search", "--mode", "words", word), word
    assert "heron" in run(home, "--json", "search", "--mode", "meaning", "a bird at the water")
    for name in ("paper", "comic", *SCRIPTS):
        run(home, "show", "--screenshot", str(home / f"{name}.png"), name)
        with Image.open(home / f"{name}.png") as drawn:
            assert len(drawn.convert("L").getcolors() or []) > 20, name


def test_a_course_becomes_a_book_and_a_paper(home: Path) -> None:
    questions = home / "quiz.gift"
    questions.write_text("::One:: Which bird stands in the reeds? {=Heron ~Raven ~Swift}\n", encoding="utf-8")
    for out in ("quiz.epub", "quiz.pdf", "quiz.zip"):
        run(
            home,
            "course",
            "convert",
            *(("--to", "qti21") if out.endswith("zip") else ()),
            str(questions),
            str(home / out),
        )
    with pymupdf.open(home / "quiz.pdf") as paper:
        assert "reeds" in "".join(page.get_text() for page in paper)
    run(home, "import", str(home / "quiz.epub"))
    assert "reeds" in run(home, "--json", "search", "--mode", "words", "reeds")


def test_licences_and_the_state_of_things_are_told(home: Path) -> None:
    told = run(home, "licences")
    for name in ("PySide6", "pymupdf", "numpy", "tokenizers", "cryptography"):
        assert name.lower() in told.lower(), name
    checks = {
        one["check"]: one for one in map(json.loads, run(home, "--json", "doctor").splitlines()) if "check" in one
    }
    assert not [name for name, one in checks.items() if "missing" in str(one.get("code", "")) and not one["ok"]]
