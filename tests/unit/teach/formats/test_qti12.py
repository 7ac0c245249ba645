"""QTI 1.2: what Canvas and Respondus write is understood."""

from __future__ import annotations

import zipfile
from decimal import Decimal
from pathlib import Path

import pytest

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.teach.formats.qti12.read import read
from alexandria_desktop.teach.formats.report import Loss
from sync.assessing.questions import keys as k
from sync.assessing.questions import model as q
from sync.assessing.questions.answers import Chosen, Written
from sync.assessing.questions.grading import grade
from tests.support.courses import PICTURE
from tests.support.data import shared_data


@pytest.mark.data
def test_every_kind_of_canvas_is_read_or_told() -> None:
    opened = read(shared_data() / "courses/qti/canvas/i2ae4df242d342169dae37f9f08dfc5a6.xml.qti")
    (bank,) = opened.document.assessments
    assert bank.title == "Every Canvas Interaction"
    assert sorted(one.kind for one in bank.questions) == [
        "cloze", "cloze", "essay", "matching", "multiple_answer", "multiple_choice", "numeric", "short_text",
        "true_false",
    ]  # fmt: skip
    left_out = [line.what.partition(",")[0] for line in opened.report.lines if line.code is Loss.QUESTION]
    assert sorted(left_out) == [
        "It asks for a file to be handed in", "It is a text without a question", "Its numbers are drawn by a formula",
    ]  # fmt: skip
    by_kind = {one.kind: (one, bank.keys[one.id]) for one in bank.questions}
    question, key = by_kind["multiple_answer"]
    assert isinstance(question, q.MultipleAnswer)
    right = tuple(one.id for one in question.choices if one.text in "ABC")
    assert grade(question, key, Chosen(right)).points == 1
    assert [grade(*by_kind["numeric"], Written(text)).points for text in ("41.5", "42,3", "43")] == [1, 1, 0]
    assert grade(*by_kind["short_text"], Written("BLANK")).points == 1
    matching, pairs = by_kind["matching"]
    assert isinstance(matching, q.Matching)
    assert isinstance(pairs, k.MatchingKey)
    texts = {one.id: one.text for one in (*matching.premises, *matching.responses)}
    assert {texts[left]: texts[right] for left, right in pairs.pairs.items()} == {"A": "1", "B": "2"}
    assert len(matching.responses) == 9


@pytest.mark.data
def test_a_package_of_respondus_comes_with_its_pictures() -> None:
    opened = read(shared_data() / "courses/qti/test_qti_1.2.zip")
    (quiz,) = opened.document.assessments
    assert opened.document.title == "Quiz (Respondus IMS QTI export)"
    assert [one.kind for one in quiz.questions] == ["true_false", "multiple_choice", "multiple_answer"]
    assert [one.points for one in quiz.questions] == [10, 10, 25]
    assert len(opened.files) == 2
    assert {one.media[0].sha256 for one in quiz.questions[:2]} == set(opened.files)
    last = quiz.keys[quiz.questions[2].id]
    assert isinstance(last, k.MultipleAnswerKey)
    assert len(last.right) == 4


@pytest.mark.data
@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("gab22de457404cb5cf022078f1e4da75e", ["true_false"]),
        ("gf3edf8167be16b3a65a00ca923132b07", ["essay", "multiple_choice", "true_false"]),
        ("iebc3f8cd6e70dd40134f229f271414b5", ["essay", "essay"]),
    ],
)
def test_banks_of_canvas_are_read_whole(name: str, kinds: list[str]) -> None:
    opened = read(shared_data() / f"courses/qti/canvas/{name}.xml.qti")
    assert [one.kind for one in opened.document.assessments[0].questions] == kinds
    assert opened.report.lines == []


ITEM = """<?xml version="1.0"?><questestinterop><assessment ident="a" title="Quiz"><qtimetadata><qtimetadatafield>
<fieldlabel>qmd_timelimit</fieldlabel><fieldentry>20</fieldentry></qtimetadatafield></qtimetadata>
<section ident="s"><section ident="p" title="Pool"><selection_ordering><selection><selection_number>1</selection_number>
</selection></selection_ordering><item ident="one"><presentation><material><mattext>How many?</mattext></material>
<response_num ident="r"><render_fib/></response_num></presentation><resprocessing><outcomes>
<decvar varname="S" maxvalue="4"/></outcomes><respcondition><conditionvar><vargte respident="r">2.5</vargte>
<varlte respident="r">3.5</varlte></conditionvar><setvar action="Set">4</setvar></respcondition></resprocessing></item>
<item ident="two"><presentation><material><mattext>Who?</mattext></material><response_str ident="r"><render_fib/>
</response_str></presentation><resprocessing><respcondition><conditionvar>
<varsubstring respident="r" case="Yes">Ahab</varsubstring></conditionvar><setvar action="Set">100</setvar>
</respcondition></resprocessing></item></section></section></assessment></questestinterop>"""


def test_limits_pools_and_ranges_come_over(tmp_path: Path) -> None:
    path = tmp_path / "quiz.xml"
    path.write_text(ITEM, encoding="utf-8")
    (quiz,) = read(path).document.assessments
    assert quiz.time_limit == 1200
    assert [pool.draw for pool in quiz.pools] == [1]
    assert quiz.pools[0].questions == tuple(one.id for one in quiz.questions)
    number, text = (quiz.keys[one.id] for one in quiz.questions)
    assert number == k.NumericKey(variants=(k.NumberVariant(value=Decimal("3.0"), tolerance=Decimal("0.5")),))
    assert quiz.questions[0].points == 4
    assert text == k.ShortTextKey(variants=(k.Variant(text="*Ahab*"),), is_case_strict=True)


def test_of_two_pictures_of_one_name_the_one_beside_the_file_is_meant(tmp_path: Path) -> None:
    asked = ITEM.replace("How many?", "How many? &lt;img src='dot.png'&gt;")
    path = tmp_path / "quiz.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a/dot.png", PICTURE + b"other")
        archive.writestr("b/quiz.xml", asked)
        archive.writestr("b/dot.png", PICTURE)
    opened = read(path)
    assert list(opened.files.values()) == [PICTURE]


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04broken", b"<questestinterop/>", b"<quiz/>"])
def test_what_is_no_qti_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x.xml"
    path.write_bytes(data)
    with pytest.raises(ReaderError) as caught:
        read(path)
    assert caught.value.code in (Code.COURSE_DAMAGED, Code.IMPORT_DAMAGED)
