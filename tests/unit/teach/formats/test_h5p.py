"""H5P: question types are read, without their libraries and scripts."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.teach.formats.h5p.read import read
from alexandria_desktop.teach.formats.opened import Opened
from alexandria_desktop.teach.formats.report import Loss
from sync.assessing.assessment import AssessmentDocument
from sync.assessing.questions import keys as k
from sync.assessing.questions import model as q
from tests.support.courses import PICTURE
from tests.support.data import shared_data


def opened(tmp_path: Path, library: str, content: Any) -> Opened:
    path = tmp_path / "x.h5p"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("h5p.json", json.dumps({"title": "T", "mainLibrary": library, "language": "und"}))
        archive.writestr("content/content.json", json.dumps(content))
        archive.writestr("content/images/dot.png", PICTURE)
    return read(path)


def only(found: Opened) -> tuple[q.Question, k.Key]:
    (test,) = found.document.assessments
    (question,) = test.questions
    return question, test.keys[question.id]


@pytest.mark.data
def test_the_sample_is_read() -> None:
    found = read(shared_data() / "courses/h5p/multichoice_no-libraries.h5p")
    question, key = only(found)
    assert isinstance(question, q.MultipleChoice)
    assert isinstance(key, k.MultipleChoiceKey)
    assert question.prompt == "How does the narrator ask to be called?"
    texts = {one.id: one.text for one in question.choices}
    assert [texts[one] for one in key.shares] == ["Ishmael"]
    assert found.document.language == "en"
    assert found.report.lines == []


@pytest.mark.parametrize("name", ["sources", "files"])
def test_a_film_or_a_sound_above_a_question_comes_or_has_a_line(tmp_path: Path, name: str) -> None:
    for path, lines in (("images/dot.png", 0), ("https://example.org/film", 1), (None, 1)):
        above = {"type": {"library": "H5P.Video 1.6", "params": {name: [{"path": path}]}}}
        found = opened(tmp_path, "H5P.TrueFalse", {"question": "<p>True?</p>", "correct": "true", "media": above})
        assert len(only(found)[0].media) == 1 - lines
        assert [line.code for line in found.report.lines] == [Loss.FILE] * lines


def test_a_set_gives_each_of_its_questions_and_names_the_rest(tmp_path: Path) -> None:
    content = {
        "passPercentage": 50,
        "questions": [
            {"library": "H5P.TrueFalse 1.8", "params": {"question": "<p>True?</p>", "correct": "false"}},
            {"library": "H5P.DragQuestion 1.14", "params": {}},
            {"library": "H5P.Essay 1.5", "params": {"taskDescription": "Why?", "keywords": [{"keyword": "because"}]}},
            {"library": "H5P.SortParagraphs 0.11", "params": {"paragraphs": ["<p>one</p>", "two", "three"]}},
        ],
    }
    found = opened(tmp_path, "H5P.QuestionSet", content)
    test: AssessmentDocument = found.document.assessments[0]
    assert [one.kind for one in test.questions] == ["true_false", "essay", "ordering"]
    assert test.passing_score == 50
    ordering = test.questions[2]
    assert isinstance(ordering, q.Ordering)
    texts = {one.id: one.text for one in ordering.items}
    key = test.keys[ordering.id]
    assert isinstance(key, k.OrderingKey)
    assert [texts[one] for one in key.order] == ["one", "two", "three"]
    assert [line.code for line in found.report.lines] == [Loss.QUESTION, Loss.SCORING]


def test_gaps_take_all_their_answers(tmp_path: Path) -> None:
    content = {
        "text": "<p>Fill in</p>",
        "questions": ["<p>Oslo is in *Norway/norge:a country*.</p>", "<p>*1* more</p>"],
    }
    found = opened(tmp_path, "H5P.Blanks", content)
    question, key = only(found)
    assert isinstance(key, k.ClozeKey)
    assert question.prompt == "<p>Fill in</p><p>Oslo is in [[gap1]].</p><p>[[gap2]] more</p>"
    assert [one.text for one in key.gaps["gap1"].variants] == ["Norway", "norge"]
    assert found.report.codes() == {Loss.FEEDBACK}


def test_words_to_drag_become_gaps_with_choices(tmp_path: Path) -> None:
    content = {"taskDescription": "Drag", "textField": "A *cat* and a *dog*.", "distractors": "*cow*"}
    question, key = only(opened(tmp_path, "H5P.DragText", content))
    assert isinstance(question, q.Cloze)
    assert isinstance(key, k.ClozeKey)
    assert sorted(one.text for one in question.gaps[0].choices) == ["cat", "cow", "dog"]
    names = {one.id: one.text for gap in question.gaps for one in gap.choices}
    assert [names[next(iter(key.gaps[gap.id].shares))] for gap in question.gaps] == ["cat", "dog"]


def test_the_right_answer_of_a_single_choice_set_does_not_stay_first(tmp_path: Path) -> None:
    content = {"choices": [{"question": f"{at}?", "answers": ["right", "a", "b", "c"]} for at in range(12)]}
    (test,) = opened(tmp_path, "H5P.SingleChoiceSet", content).document.assessments
    firsts = [one.choices[0].text for one in test.questions if isinstance(one, q.MultipleChoice)]
    assert len(firsts) == 12
    assert set(firsts) != {"right"}


def test_a_picture_above_a_question_comes_with_it(tmp_path: Path) -> None:
    media = {"type": {"params": {"file": {"path": "images/dot.png"}, "alt": "A dot"}}}
    content = {"media": media, "question": "<p onclick='x()'>Q</p>", "answers": [{"text": "a", "correct": True}]}
    found = opened(tmp_path, "H5P.MultiChoice", content)
    assert only(found)[0].media[0].alt == "A dot"
    assert list(found.files.values()) == [PICTURE]


@pytest.mark.parametrize("content", [[], {}, {"questions": 4}, {"questions": [None, {"library": 5, "params": 1}]}, "x"])
def test_what_holds_no_question_is_refused(tmp_path: Path, content: Any) -> None:
    with pytest.raises(ReaderError) as caught:
        opened(tmp_path, "H5P.QuestionSet", content)
    assert caught.value.code is Code.COURSE_DAMAGED
