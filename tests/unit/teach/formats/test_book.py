"""A course as an EPUB: it holds the words and pictures, no key, and is valid."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from alexandria_desktop.pdf.client import PdfClient
from alexandria_desktop.teach.blocks import ImageBlock, TextBlock
from alexandria_desktop.teach.document import CourseDocument, LessonDocument
from alexandria_desktop.teach.formats.book.pdf import write_pdf
from alexandria_desktop.teach.formats.book.write import address_of, write
from alexandria_desktop.teach.formats.report import Loss
from alexandria_desktop.teach.media import media_of
from sync.assessing.assessment import AssessmentDocument, Mode
from sync.assessing.questions import keys as k
from sync.assessing.questions import model as q
from sync.assessing.rich_text import to_plain
from tests.support.courses import HEARD, IMAGE, PICTURE, courses
from tests.support.examples import examples
from tests.support.round_trips import samples

CHECKER = Path("/usr/share/java/epubcheck.jar")


def text_of(path: Path) -> str:
    with zipfile.ZipFile(path) as archive:
        return "".join(archive.read(name).decode() for name in archive.namelist() if name.endswith(".xhtml"))


@settings(max_examples=examples(40), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(course=courses())
def test_every_question_is_printed_and_the_loss_is_told(tmp_path: Path, course: CourseDocument) -> None:
    path = tmp_path / "c.epub"
    report = write(course, path, HEARD)
    text = text_of(path)
    for one in course.assessments:
        assert (one.title, Loss.SCORING) in {(line.where, line.code) for line in report.lines}
        for question in one.questions:
            if "[[" not in question.prompt:
                assert all(line in to_plain(text) for line in to_plain(question.prompt).split("\n"))
    if course.media():
        with zipfile.ZipFile(path) as archive:
            assert any(name.endswith(address_of(IMAGE)) for name in archive.namelist())


def test_no_key_is_in_the_book(tmp_path: Path) -> None:
    test = AssessmentDocument(
        id="a", title="Test", mode=Mode.GRADED, questions=(q.ShortText(id="q", prompt="Who?"), q.Essay(id="e")),
        keys={
            "q": k.ShortTextKey(variants=(k.Variant(text="Wallace"),), feedback=k.Feedback(right="Quite so")),
            "e": k.EssayKey(model_answer="Because of islands"),
        },
    )  # fmt: skip
    path = tmp_path / "c.epub"
    write(CourseDocument(id="c", title="C", assessments=(test,)), path, {})
    text = text_of(path)
    assert "Who?" in text
    assert not any(word in text for word in ("Wallace", "Quite so", "islands"))


def whole() -> CourseDocument:
    """A course with every sample of the round trips in it."""
    found = [course for _, course in samples()]
    return CourseDocument(
        id="0c5b8a52-9f0e-4b7e-8f5b-1f0a54a0f7a2", title="Life & <Origins>", language="en", description="About it",
        objectives=("Know",), lessons=tuple(lesson for one in found for lesson in one.lessons),
        assessments=tuple(test for one in found for test in one.assessments),
    )  # fmt: skip


def test_the_book_is_valid(tmp_path: Path) -> None:
    java = shutil.which("java")
    if java is None or not CHECKER.is_file():
        pytest.skip("epubcheck is not here (Debian: apt install epubcheck)")
    path = tmp_path / "c.epub"
    write(whole(), path, HEARD)
    done = subprocess.run([java, "-jar", str(CHECKER), "--failonwarnings", str(path)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_pdf_holds_the_words_and_pictures_and_no_key(tmp_path: Path) -> None:
    lesson = LessonDocument(
        id="l", title="Whales",
        blocks=(TextBlock(id="b", order="a", html="<p>They breathe.</p><p dir=\"rtl\">שלום</p>"),
                ImageBlock(id="c", order="b", media=IMAGE)),
    )  # fmt: skip
    test = AssessmentDocument(
        id="a", title="Test", questions=(q.ShortText(id="q", prompt="Who found it too?"),),
        keys={"q": k.ShortTextKey(variants=(k.Variant(text="Wallace"),))},
    )  # fmt: skip
    path = tmp_path / "c.pdf"
    report = write_pdf(CourseDocument(id="c", title="Life", lessons=(lesson,), assessments=(test,)), path, HEARD)
    assert [line.code for line in report.lines] == [Loss.SCORING]
    with PdfClient() as client:
        document = client.open(path).result(30)
        text = "\n".join(document.text(at).result(30) for at in range(len(document.info.pages)))
    assert "They breathe." in text
    assert "Who found it too?" in text
    assert "Wallace" not in text


def test_a_broken_picture_does_not_cost_the_pdf(tmp_path: Path) -> None:
    broken = PICTURE[:40] + b"junk" + PICTURE[44:]
    media = media_of(broken, "broken.png")
    lesson = LessonDocument(
        id="l", title="L", blocks=(ImageBlock(id="c", media=media), TextBlock(id="b", html="Words"))
    )
    path = tmp_path / "c.pdf"
    report = write_pdf(CourseDocument(id="c", title="C", lessons=(lesson,)), path, {media.sha256: broken})
    assert [line.code for line in report.lines] == [Loss.FILE]
    assert path.read_bytes().startswith(b"%PDF-")
