"""Kolibri's tables and the exercises of Perseus are read, and what has no kind here is told."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.teach.document import CourseDocument
from alexandria_desktop.teach.formats.kolibri.read import read as read_channel
from alexandria_desktop.teach.formats.kolibri.write import write as write_channel
from alexandria_desktop.teach.formats.perseus.read import from_perseus
from alexandria_desktop.teach.formats.perseus.read import read as read_exercise
from alexandria_desktop.teach.formats.report import Loss
from sync.assessing.assessment import AssessmentDocument
from sync.assessing.questions import keys as k
from sync.assessing.questions import model as q
from tests.support.courses import FILES, IMAGE, PICTURE
from tests.support.data import shared_data
from tests.support.meaning import meanings


@pytest.mark.data
def test_the_sample_channel_is_read() -> None:
    opened = read_channel(shared_data() / "courses/kolibri/csv_channel")
    course = opened.document
    assert course.title == "Test CSV channel with Exercises"
    assert course.language == "en"
    assert [one.title for one in course.assessments] == [
        "First Exercise", "Second Exercise", "Third Exercise", "Fourth Exercise", "Fifth Exercise",
    ]  # fmt: skip
    first = course.assessments[0]
    assert first.passing_score == 50
    assert first.is_shuffled
    assert [one.kind for one in first.questions] == ["multiple_choice", "multiple_answer", "numeric"]
    many = first.questions[1]
    key = first.keys[many.id]
    assert isinstance(many, q.MultipleAnswer)
    assert isinstance(key, k.MultipleAnswerKey)
    assert {one.text for one in many.choices if one.id in key.right} == {"-2", "2"}
    numeric = first.keys[first.questions[2].id]
    assert isinstance(numeric, k.NumericKey)
    assert numeric.variants == (k.NumberVariant(value=Decimal(3)),)
    formulas = course.assessments[3].questions[0]
    assert isinstance(formulas, q.MultipleChoice)
    assert formulas.choices[1].text == "$2\\pi$"
    assert opened.report.codes() == {Loss.MOVED, Loss.FACT, Loss.FILE}


def test_a_channel_in_a_zip_comes_with_its_figures(tmp_path: Path) -> None:
    path = tmp_path / "channel.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("c/Channel.csv", "Title,Source ID\nWhales,w\n")
        archive.writestr(
            "c/ExerciseQuestions.csv",
            "Source ID *,Question ID *,Question type *,Question *,Option A,Option B,Correct Answer *\n"
            'e,1,single_selection,"Look <b>here</b>\n\n![dot](f/dot.png)",a,b,b\ne,2,drawing,Draw,,,\n',
        )
        archive.writestr("c/f/dot.png", PICTURE)
    opened = read_channel(path)
    (question,) = opened.document.assessments[0].questions
    assert question.prompt == "Look &lt;b&gt;here&lt;/b&gt;"
    assert question.media[0].alt == "dot"
    assert [line.code for line in opened.report.lines] == [Loss.QUESTION]


def test_a_channel_in_a_folder_reads_nothing_outside_it(tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(PICTURE)
    folder = tmp_path / "channel"
    folder.mkdir()
    (folder / "ExerciseQuestions.csv").write_text(
        "Source ID,Question ID,Question type,Question,Option A,Correct Answer\n"
        "e,1,single_selection,![](../secret.png),a,a\n",
        encoding="utf-8",
    )
    opened = read_channel(folder)
    assert not opened.files
    assert opened.report.codes() == {Loss.FILE}


def test_a_link_out_of_the_folder_of_a_channel_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(PICTURE)
    folder = tmp_path / "channel"
    folder.mkdir()
    (folder / "dot.png").symlink_to(tmp_path / "secret.png")
    (folder / "ExerciseQuestions.csv").write_text(
        "Source ID,Question ID,Question type,Question,Option A,Correct Answer\ne,1,single_selection,![](dot.png),a,a\n",
        encoding="utf-8",
    )
    assert not read_channel(folder).files


@pytest.mark.data
def test_exercises_of_perseus_are_read_or_refused() -> None:
    folder = shared_data() / "courses/kolibri"
    radio = read_exercise(folder / "perseus_question_x43bbec76d5f14f88_en.json")
    (question,) = radio.document.assessments[0].questions
    key = radio.document.assessments[0].keys[question.id]
    assert isinstance(question, q.MultipleChoice)
    assert isinstance(key, k.MultipleChoiceKey)
    assert question.prompt == "<strong>Select the interval where $f(x)&gt;0$.</strong>"
    texts = {one.id: one.text for one in question.choices}
    assert [texts[one] for one in key.shares] == ["$-2&lt;x&lt;-1$"]
    assert radio.report.codes() == {Loss.FILE, Loss.MOVED}
    table = read_exercise(folder / "perseus_question_inline_link.json")
    (cloze,) = table.document.assessments[0].questions
    assert isinstance(cloze, q.Cloze)
    assert len(cloze.gaps) == 2
    assert "[[gap1]]" in cloze.prompt
    assert Loss.MARKUP in table.report.codes()
    with pytest.raises(ReaderError) as caught:
        read_exercise(folder / "perseus_question_new_bar_graphs.json")
    assert "label-image" in caught.value.detail


def test_numbers_and_orders_of_perseus_are_read() -> None:
    def one(kind: str, options: object) -> tuple[q.Question, k.Key]:
        content = {"content": f"Do [[☃ {kind} 1]]", "widgets": {f"{kind} 1": {"type": kind, "options": options}}}
        test = from_perseus(json.dumps({"question": content}).encode(), title="T").document.assessments[0]
        return test.questions[0], test.keys[test.questions[0].id]

    answers = [{"value": 2.5, "status": "correct", "maxError": 0.1}, {"value": 3, "status": "wrong"}]
    _, key = one("numeric-input", {"answers": answers})
    assert key == k.NumericKey(variants=(k.NumberVariant(value=Decimal("2.5"), tolerance=Decimal("0.1")),))
    question, key = one("sorter", {"correct": ["a", "b", "c"]})
    assert isinstance(question, q.Ordering)
    assert isinstance(key, k.OrderingKey)
    texts = {item.id: item.text for item in question.items}
    assert [texts[name] for name in key.order] == ["a", "b", "c"]
    question, _ = one("matcher", {"left": ["x", "y"], "right": ["1", "2"]})
    assert isinstance(question, q.Matching)


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"question": 4}', b'{"itemData": "["}', b"[" * 100_000])
def test_what_is_no_exercise_is_refused(data: bytes) -> None:
    with pytest.raises(ReaderError) as caught:
        from_perseus(data, title="T")
    assert caught.value.code is Code.COURSE_DAMAGED


def test_a_channel_that_we_wrote_is_read_again(tmp_path: Path) -> None:
    choices = tuple(q.Choice(id=f"id {one}", text=one) for one in ("2", "4 *", "5"))
    asked = (
        q.MultipleChoice(id=str(UUID(int=1)), prompt="What is 2*2?", choices=choices, media=(IMAGE,)),
        q.MultipleAnswer(id=str(UUID(int=2)), prompt="Which?", choices=choices),
        q.Numeric(id=str(UUID(int=3)), prompt="How many?"),
        q.Essay(id=str(UUID(int=4)), prompt="Why?"),
    )
    keys: dict[str, k.Key] = {
        asked[0].id: k.MultipleChoiceKey(shares={"id 4 *": 1.0}),
        asked[1].id: k.MultipleAnswerKey(right=("id 2", "id 5"), credit=k.Credit.ALL),
        asked[2].id: k.NumericKey(variants=(k.NumberVariant(value=Decimal("2.5")),)),
        asked[3].id: k.EssayKey(),
    }
    test = AssessmentDocument(id=str(UUID(int=5)), title="T", questions=asked, keys=keys, passing_score=50)
    course = CourseDocument(id=str(UUID(int=6)), title="C", language="he", assessments=(test,))
    path = tmp_path / "channel.zip"
    report = write_channel(course, path, FILES)
    assert [line.code for line in report.lines] == [Loss.FACT, Loss.QUESTION]
    opened = read_channel(path)
    assert opened.report.lines == []
    (back,) = opened.document.assessments
    assert meanings(back) == meanings(replace(test, questions=asked[:3]))
    assert (back.id, back.passing_score, opened.document.language) == (test.id, 50, "he")
    assert set(opened.files) == set(FILES)
