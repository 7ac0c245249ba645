"""QTI 2.1 and 3: what they can hold comes back the same, in the same order and with the same ids."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.teach.document import CourseDocument
from alexandria_desktop.teach.formats.qti.read import read
from alexandria_desktop.teach.formats.qti.write import write_21, write_30
from alexandria_desktop.teach.formats.report import Loss, Report
from alexandria_desktop.teach.media import Files
from sync.assessing.assessment import AssessmentDocument
from sync.assessing.questions import keys as k
from sync.assessing.questions import model as q
from tests.support.courses import FILES, KINDS, assessments, courses
from tests.support.data import shared_data
from tests.support.examples import examples
from tests.support.held import Limits, within
from tests.support.meaning import meanings

HELD = tuple(kind for kind in KINDS if kind != "find_passage")
LIMITS = Limits(
    strictness="case", credit_all=frozenset({"multiple_answer", "matching"}), words=False,
    feedback={
        "*": "general right partly wrong", "multiple_choice": "general right partly wrong each",
        "multiple_answer": "general right partly wrong each", "true_false": "general right partly wrong each",
    },
)  # fmt: skip
Writer = Callable[[CourseDocument, Path, Files], Report]
WRITERS = {"2.1": write_21, "3": write_30}
without_fixture_check = settings(
    max_examples=examples(150), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def held(one: AssessmentDocument) -> AssessmentDocument:
    pairs = [within((question, one.keys[question.id]), LIMITS) for question in one.questions]
    return replace(
        one, max_attempts=None, lesson_id="", questions=tuple(pair[0] for pair in pairs),
        keys={pair[0].id: pair[1] for pair in pairs},
    )  # fmt: skip


@pytest.mark.parametrize("edition", WRITERS)
@without_fixture_check
@given(one=assessments(*HELD), language=st.sampled_from(["", "he"]))
def test_assessments_come_back_the_same(
    tmp_path: Path, edition: str, one: AssessmentDocument, language: str
) -> None:  # fmt: skip
    course = CourseDocument(
        id="0c5b8a52-9f0e-4b7e-8f5b-1f0a54a0f7a2", title="Life & Origins", language=language, assessments=(held(one),)
    )
    path = tmp_path / "q.zip"
    report = WRITERS[edition](course, path, FILES)
    assert report.lines == []
    opened = read(path)
    assert opened.report.lines == []
    (back,) = opened.document.assessments
    assert meanings(back) == meanings(course.assessments[0])
    assert replace(back, questions=(), keys={}) == replace(course.assessments[0], questions=(), keys={})
    assert replace(opened.document, assessments=()) == replace(course, assessments=())
    assert set(opened.files) == set(course.media())
    for old, new in zip(course.assessments[0].questions, back.questions, strict=True):
        if isinstance(old, q.MultipleChoice):
            assert old == new


@without_fixture_check
@given(course=courses())
def test_nothing_is_left_out_without_a_line(tmp_path: Path, course: CourseDocument) -> None:
    path = tmp_path / "q.zip"
    report = write_21(course, path, FILES)
    asked = {question.id for one in course.assessments for question in one.questions}
    with zipfile.ZipFile(path) as archive:
        items = [name for name in archive.namelist() if name.startswith("items/")]
    assert len(items) == len(asked) - sum(line.code is Loss.QUESTION for line in report.lines)
    assert {line.where for line in report.lines} >= {lesson.title for lesson in course.lessons}


@pytest.mark.data
def test_the_entry_tests_of_qti_21_are_read() -> None:
    opened = read(shared_data() / "courses/qti/test_qti_2.1.zip")
    (test,) = opened.document.assessments
    assert [one.kind for one in test.questions] == [
        "true_false", "multiple_choice", "multiple_answer", "cloze", "essay",
    ]  # fmt: skip
    assert len(opened.files) == 3
    key = test.keys[test.questions[3].id]
    assert isinstance(key, k.ClozeKey)
    assert "Michigan" in {one.text for one in key.gaps["gap1"].variants}
    assert {line.code for line in opened.report.lines} <= {Loss.MARKUP, Loss.FILE, Loss.MOVED, Loss.SCORING}


ITEM_3 = """<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="x" title="Three">
<qti-response-declaration identifier="RESPONSE" cardinality="ordered" base-type="identifier"><qti-correct-response>
<qti-value>B</qti-value><qti-value>A</qti-value></qti-correct-response></qti-response-declaration>
<qti-item-body><p onclick="x()">Sort <script>x()</script>these</p>
<qti-order-interaction response-identifier="RESPONSE" shuffle="true"><qti-prompt>First to last</qti-prompt>
<qti-simple-choice identifier="A">two</qti-simple-choice><qti-simple-choice identifier="B">one</qti-simple-choice>
</qti-order-interaction></qti-item-body></qti-assessment-item>"""


def test_an_item_of_qti_3_is_read_and_disarmed(tmp_path: Path) -> None:
    path = tmp_path / "item.xml"
    path.write_text(ITEM_3, encoding="utf-8")
    opened = read(path)
    (test,) = opened.document.assessments
    (question,) = test.questions
    key = test.keys[question.id]
    assert isinstance(question, q.Ordering)
    assert isinstance(key, k.OrderingKey)
    assert question.prompt == "<p>Sort these</p><p>First to last</p>"
    names = {one.id: one.text for one in question.items}
    assert [names[one] for one in key.order] == ["one", "two"]
    assert not {"A", "B"} & set(names)


def test_what_has_no_kind_here_has_a_line(tmp_path: Path) -> None:
    path = tmp_path / "q.zip"
    body = "<assessmentItem xmlns='http://www.imsglobal.org/xsd/imsqti_v2p1' identifier='{0}' title='{0}'><itemBody>{1}</itemBody></assessmentItem>"  # noqa: E501
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.xml", body.format("a", "<hotspotInteraction responseIdentifier='R'/>"))
        archive.writestr("b.xml", body.format("b", "<p>Only words</p>"))
        archive.writestr("c.xml", body.format("c", "<extendedTextInteraction responseIdentifier='R'/>"))
        archive.writestr("../evil.xml", body.format("evil", "<extendedTextInteraction responseIdentifier='R'/>"))
    opened = read(path)
    assert [one.kind for one in opened.document.assessments[0].questions] == ["essay"]
    assert [line.code for line in opened.report.lines] == [Loss.QUESTION, Loss.QUESTION]


def test_a_zip_that_unpacks_to_far_too_much_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for at in range(6):
            archive.writestr(f"{at}.xml", b"\x00" * 60_000_000)
    with pytest.raises(ReaderError) as caught:
        read(path)
    assert caught.value.code is Code.IMPORT_TOO_LARGE
