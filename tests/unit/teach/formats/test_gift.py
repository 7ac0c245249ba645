"""GIFT: what it can hold comes back the same, and the rest is told."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.teach.formats.gift.read import from_gift
from alexandria_desktop.teach.formats.gift.write import as_gift
from alexandria_desktop.teach.formats.report import Loss
from sync.assessing.questions import keys as k
from sync.assessing.questions import model as q
from tests.support.courses import Pair, courses, questions
from tests.support.examples import examples
from tests.support.held import Limits, course_of, within
from tests.support.meaning import meaning, meanings

HELD = ("multiple_choice", "multiple_answer", "true_false", "short_text", "numeric", "matching", "essay")
LIMITS = Limits(
    points=False, media=False, unit=False, order_kept=False, strictness="none", words=False, rubric=False,
    model_answer=False, rich_responses=False,
    feedback={"*": "general", "multiple_choice": "general each", "multiple_answer": "general each",
              "true_false": "general each"},
)  # fmt: skip


@settings(max_examples=examples(400), deadline=None)
@given(st.lists(questions(*HELD), min_size=1, max_size=3, unique_by=lambda pair: pair[0].id))
def test_the_questions_that_it_holds_come_back_the_same(pairs: list[Pair]) -> None:
    course = course_of(*(within(pair, LIMITS) for pair in pairs))
    text, report = as_gift(course)
    assert report.lines == []
    back = from_gift(text, title="Test")
    assert back.report.lines == []
    assert meanings(back.document.assessments[0]) == meanings(course.assessments[0])
    assert [one.id for one in back.document.assessments[0].questions] == [pair[0].id for pair in pairs]


@settings(max_examples=examples(200), deadline=None)
@given(questions("cloze"))
def test_a_text_with_one_gap_comes_back_the_same(pair: Pair) -> None:
    question, key = within(pair, LIMITS)
    assert isinstance(question, q.Cloze)
    assert isinstance(key, k.ClozeKey)
    text, report = as_gift(course_of((question, key)))
    if len(question.gaps) > 1:
        assert report.codes() == {Loss.QUESTION}
    elif report.lines == [] and "[[gap1]] and" in question.prompt:
        back = from_gift(text, title="Test").document.assessments[0]
        found, found_key = meaning(back.questions[0], back.keys[back.questions[0].id])
        assert found_key == meaning(question, key)[1]
        assert found[1]["prompt"] == question.prompt


@settings(max_examples=examples(100), deadline=None)
@given(courses())
def test_nothing_is_left_out_without_a_line(course: object) -> None:
    text, report = as_gift(course)  # type: ignore[arg-type]
    asked = [one for assessment in course.assessments for one in assessment.questions]  # type: ignore[attr-defined]
    left_out = sum(line.code is Loss.QUESTION for line in report.lines)
    assert text.count("// [id:") == len(asked) - left_out


SAMPLE = """\
$CATEGORY: Whales/Basics

// a comment
::Narrator:: Who tells the story? {
  =Ishmael # Yes!
  ~Ahab # He is the captain.
  ~%50%Queequeg
}

The whale is white.{T#Read again.#Good.}

Moby Dick was published in: {#1851:1}

Between one and five: {#1..5}

[plain]Which are whales? { ~%50%Sperm ~%50%Right ~%-100%Shark ####See chapter 32. }

Match. { =cat -> cat food =dog -> dog food =mouse -> cat food = -> hay }

::Essay::Write about the sea. {}

The capital of France is {=Paris =paris} of course.

Just a text.

::Broken:: What { =a

Two plus two {=four =4 =%50%five#Nearly. }

[markdown]What is *this*? {=\\{a\\} \\= b}
"""


def test_what_others_write_is_understood() -> None:
    opened = from_gift(SAMPLE, title="Whales")
    test = opened.document.assessments[0]
    assert [one.kind for one in test.questions] == [
        "multiple_choice", "true_false", "numeric", "numeric", "multiple_answer", "matching", "essay", "cloze",
        "short_text", "short_text",
    ]  # fmt: skip
    keys = [test.keys[one.id] for one in test.questions]
    assert isinstance(keys[0], k.MultipleChoiceKey)
    assert sorted(keys[0].shares.values()) == [0.5, 1.0]
    assert sorted(keys[0].feedback.each.values()) == ["He is the captain.", "Yes!"]
    assert keys[1] == k.TrueFalseKey(feedback=k.Feedback(each={"true": "Good.", "false": "Read again."}))
    assert keys[2] == k.NumericKey(variants=(k.NumberVariant(value=Decimal(1851), tolerance=Decimal(1)),))
    assert keys[3] == k.NumericKey(variants=(k.NumberVariant(value=Decimal(3), tolerance=Decimal(2)),))
    assert isinstance(keys[4], k.MultipleAnswerKey)
    assert len(keys[4].right) == 2
    assert keys[4].feedback.general == "See chapter 32."
    matching = test.questions[5]
    assert isinstance(matching, q.Matching)
    assert sorted(one.text for one in matching.responses) == ["cat food", "dog food", "hay"]
    assert test.questions[7].prompt == "The capital of France is [[gap1]] of course."
    assert keys[8] == k.ShortTextKey(
        variants=(k.Variant(text="four"), k.Variant(text="4"), k.Variant(text="five", share=0.5, feedback="Nearly."))
    )
    assert test.questions[9].prompt == "What is <em>this</em>?"
    assert keys[9] == k.ShortTextKey(variants=(k.Variant(text="{a} = b"),))
    assert [(line.where, line.code) for line in opened.report.lines] == [
        ("", Loss.SETTING), ("Question 5", Loss.SCORING), ("Question 9", Loss.QUESTION),
        ("Question 10: Broken", Loss.DAMAGED),
    ]  # fmt: skip


def test_the_same_file_gives_the_same_ids_and_choices_get_new_ones() -> None:
    one, two = (from_gift(SAMPLE, title="Whales").document.assessments[0] for _ in range(2))
    assert [question.id for question in one.questions] == [question.id for question in two.questions]
    first, second = one.questions[0], two.questions[0]
    assert isinstance(first, q.MultipleChoice)
    assert isinstance(second, q.MultipleChoice)
    assert not {choice.id for choice in first.choices} & {choice.id for choice in second.choices}


def test_scripts_in_a_question_do_not_come_in() -> None:
    opened = from_gift("[html]<img src=x onerror=a()><script>b()</script>Who?{\\=~#<b onclick\\=c()>d</b>}", title="T")
    assert "<script" not in str(opened.document.to_json())
    assert "onclick" not in str(opened.document.to_json())
    assert opened.report.codes() >= {Loss.MARKUP, Loss.FILE}


@pytest.mark.parametrize("value", ["1e999999999", "1e-999999999", "nan", "inf", "9" * 5_000])
def test_a_number_that_would_fill_the_memory_is_no_number(value: str) -> None:
    opened = from_gift(f"How many? {{#{value}:0}}", title="T")
    assert list(opened.document.assessments[0].keys.values()) == [k.NumericKey()]
    assert opened.report.codes() == {Loss.SCORING}


@pytest.mark.parametrize("text", ["", "no question here", "{" * 100_000, "\x00\x01", "::a::b", "}{"])
def test_a_file_without_questions_is_refused(text: str) -> None:
    with pytest.raises(ReaderError) as caught:
        from_gift(text, title="T")
    assert caught.value.code is Code.COURSE_DAMAGED


@settings(max_examples=examples(300), deadline=None)
@given(st.lists(st.sampled_from([*"=~#{}:\\%50[]-> \nTFa1.", "####", "::", "[html]", "->"]), max_size=40))
def test_no_text_breaks_the_reader(pieces: list[str]) -> None:
    with suppress(ReaderError):
        from_gift("".join(pieces), title="T")
