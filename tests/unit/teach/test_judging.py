"""Judging: the course's rules for late attempts, the journal's word on time, and figures of questions and classes."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from alexandria_desktop.teach.judging.class_table import Cell, ClassTable, Heading, Score, Step, StudentRow
from alexandria_desktop.teach.judging.items import item_figures
from sync.assessing.assessment import AssessmentDocument, Mode
from sync.assessing.handed_in import Entry, HandedIn
from sync.assessing.judging import Attempted, Try, judge, key_digest, needs_grading, tries_before
from sync.assessing.questions import keys as k
from sync.assessing.questions import model as q
from sync.assessing.questions.answers import Written

DUE = datetime(2026, 3, 1, 12, tzinfo=UTC)
QUIZ = AssessmentDocument(
    id="a", time_limit=600, passing_score=50,
    questions=(q.ShortText(id="one"), q.ShortText(id="two")),
    keys={name: k.ShortTextKey(variants=(k.Variant(text="yes"),)) for name in ("one", "two")},
)  # fmt: skip
BOTH = {"one": Written("yes"), "two": Written("yes")}


def handed_in(handed: HandedIn, at: datetime = DUE, **more: Any) -> Attempted:
    return Attempted(UUID(int=1), handed, submitted_at=at, **more)


@pytest.mark.parametrize(
    ("policy", "score", "late", "passed"),
    [
        ("mark", 100, True, True),
        ("accept", 100, False, True),
        ("refuse", 0, True, False),
        ("nonsense", 100, True, True),
    ],
)
def test_what_comes_late_is_marked_accepted_or_refused(policy: str, score: int, late: bool, passed: bool) -> None:
    settings = {"due": DUE.isoformat(), "late": policy}
    found = judge(settings, QUIZ, handed_in(HandedIn(BOTH), DUE + timedelta(seconds=1)))
    assert (found.score, found.is_late, found.passed) == (score, late, passed)
    assert found.to_json()["questions"]["one"]["verdict"] == "right", "the answers are kept whatever becomes of them"
    in_time = judge(settings, QUIZ, handed_in(HandedIn(BOTH), DUE))
    assert (in_time.score, in_time.is_late) == (100, False)


def test_an_answer_that_the_journal_puts_after_the_end_does_not_count() -> None:
    journal = (Entry(590, "one"), Entry(700, "two"))
    found = judge({}, QUIZ, handed_in(HandedIn(BOTH, journal, 700)))
    assert (found.over_time, found.score) == (("two",), 50)
    assert found.to_json()["over_time"] == ["two"]


@pytest.mark.parametrize(
    ("journal", "elapsed"),
    [((), 5000.0), ((Entry(5000, "one"), Entry(1, "one"), Entry(5000, "two"), Entry(2, "two")), 5000.0)],
)
def test_a_journal_that_is_empty_or_out_of_order_gives_no_time(journal: tuple[Entry, ...], elapsed: float) -> None:
    found = judge({}, QUIZ, handed_in(HandedIn(BOTH, journal, elapsed)))
    assert (set(found.over_time), found.score) == ({"one", "two"}, 0)
    in_time = judge({}, QUIZ, handed_in(HandedIn(BOTH, (), 30)))
    assert in_time.score == 100


@pytest.mark.parametrize(
    ("wall", "times", "score"),
    [(30, (10, 20), 100), (7200, (10, 20), 0), (60, (10, 500), 100)],
    ids=["as told", "the end comes two hours after the beginning", "an answer comes after the end"],
)
def test_a_journal_that_contradicts_the_clock_is_not_believed(wall: int, times: tuple[int, int], score: int) -> None:
    journal = tuple(Entry(at, name) for at, name in zip(times, BOTH, strict=True))
    found = judge({}, QUIZ, handed_in(HandedIn(BOTH, journal, 30), started_at=DUE - timedelta(seconds=wall)))
    assert (found.score, found.is_doubtful) == (score, wall != 30)


def test_one_attempt_too_many_is_worth_nothing_and_none_that_counted_is_taken_back() -> None:
    tries = [Try(UUID(int=number), DUE + timedelta(hours=number)) for number in range(3)]
    quiz = replace(QUIZ, mode=Mode.GRADED, max_attempts=2)
    before = [tries_before(one, tries) for one in tries]
    assert before == [0, 1, 2]
    worth = [judge({}, quiz, handed_in(HandedIn(BOTH), earlier=one)) for one in before]
    assert [(one.score, one.is_extra) for one in worth] == [(100, False), (100, False), (0, True)]
    graded = [replace(one, feedback=grade.to_json()) for one, grade in zip(tries[:2], worth, strict=False)]
    early = Try(UUID(int=9), DUE - timedelta(hours=1))
    assert tries_before(early, [*graded, early]) == 2, "from another laptop, when two were graded"
    assert tries_before(graded[1], [*graded, early]) == 0
    extra = {**worth[2].to_json(), "key": key_digest(quiz)}
    assert not needs_grading(extra, quiz, key_digest(quiz), 2)
    assert needs_grading(extra, replace(quiz, max_attempts=3), key_digest(quiz), 2), "the teacher allows one more"


def test_difficulty_and_discrimination_tell_a_good_question_from_a_bad_one() -> None:
    class_of_eight = [
        {"good": float(able), "bad": float(not able), "easy": 1.0, "other": float(able), "third": float(able)}
        for able in (True, True, True, True, False, False, False, False)
    ]
    found = {one.question: one for one in item_figures(class_of_eight)}
    assert (found["good"].difficulty, found["easy"].difficulty) == (0.5, 1.0)
    good, bad = found["good"].discrimination, found["bad"].discrimination
    assert good is not None
    assert bad is not None
    assert good > 0 > bad
    assert found["easy"].discrimination is None, "what everybody knows tells nobody apart"
    assert item_figures(class_of_eight[:4])[0].discrimination is None, "four attempts say nothing"


def test_discrimination_is_the_correlation_with_the_rest() -> None:
    # By hand: shares 1, 1, 0, 0, 1 against the other question's 1, 0.5, 0, 0.5, 1.
    attempts = [{"a": a, "b": b} for a, b in ((1.0, 1.0), (1.0, 0.5), (0.0, 0.0), (0.0, 0.5), (1.0, 1.0))]
    found = item_figures(attempts)[0].discrimination
    assert found == pytest.approx(0.763763, abs=1e-6)


def test_the_upper_and_the_lower_group_are_compared_and_ties_share_the_last_seats() -> None:
    # By hand, 27 % of eight are two. Above: 1 and 0.5; below: 0 and one seat for three who tie with 1, 0, 0.
    pairs = [(1.0, 1.0), (0.5, 0.9), (1.0, 0.5), (0.0, 0.5), (1.0, 0.2), (0.0, 0.2), (0.0, 0.2), (0.0, 0.1)]
    attempts = [{"a": a, "b": b} for a, b in pairs]
    assert item_figures(attempts)[0].upper_lower == pytest.approx(0.75 - 1 / 6)
    assert item_figures(attempts[::-1])[0].upper_lower == pytest.approx(0.75 - 1 / 6), "the order says nothing"
    assert item_figures(attempts[:4])[0].upper_lower is None, "four attempts say nothing"
    assert item_figures([{"a": a, "b": 1.0} for a, _ in pairs])[0].upper_lower is None, "nobody is ranked"


def test_who_is_stuck_is_told_by_time_and_by_attempts() -> None:
    now = DUE
    row = StudentRow(
        "s", "Ada",
        {
            "old": Cell(Step.IN_PROGRESS, 60, now - timedelta(days=8)),
            "new": Cell(Step.IN_PROGRESS, 60, now - timedelta(days=1)),
            "done": Cell(Step.COMPLETED, 60, now - timedelta(days=30)),
        },
        {
            "hard": Score(20, passed=False, tried=3, waiting=1),
            "easy": Score(90, passed=True, tried=3),
            "fresh": Score(tried=2, waiting=2),
        },
    )  # fmt: skip
    assert row.stuck_in(now) == ("old", "hard")


def test_the_table_is_a_file_for_a_spreadsheet_and_no_name_is_a_formula() -> None:
    table = ClassTable(
        [Heading("l", 'Trees, "old" ones')],
        [Heading("a", "Exam")],
        [
            StudentRow("1", "=HYPERLINK(1)", {"l": Cell(Step.COMPLETED, 120)}, {"a": Score(66.5)}),
            StudentRow("2", "Żółć", {}, {}),
        ],
    )
    text = table.to_csv()
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert rows == [
        ["Name", "Lessons done", "Minutes", 'Trees, "old" ones', "Exam (%)"],
        ["'=HYPERLINK(1)", "1", "2", "completed", "66.5"],
        ["Żółć", "0", "0", "not started", ""],
    ]
