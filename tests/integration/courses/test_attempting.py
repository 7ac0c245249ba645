"""Attempts: cut off by a kill and gone on with, timed without trusting the clock, handed in once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from alexandria_desktop.base.errors import AlexandriaError, Code
from alexandria_desktop.library.attempting import Attempts
from alexandria_desktop.library.library import Library
from alexandria_desktop.teach.document import CourseDocument
from sync.assessing.assessment import AssessmentDocument, Mode
from sync.assessing.handed_in import Ending, HandedIn
from sync.assessing.questions import keys as k
from sync.assessing.questions import model as q
from sync.assessing.questions.answers import Chosen, Written
from sync.schema.ids import natural_id

QUIZ = natural_id("assessment", "a quiz of the tests")


def quiz(*, limit: int | None = None, attempts: int | None = 2, mode: Mode = Mode.PRACTICE) -> AssessmentDocument:
    choices = tuple(q.Choice(id=name, text=name) for name in ("finch", "whale", "worm"))
    return AssessmentDocument(
        id=str(QUIZ), title="Beaks", mode=mode, time_limit=limit, max_attempts=attempts, passing_score=60,
        questions=(
            q.MultipleChoice(id="which", prompt="Which bird?", choices=choices, points=2),
            q.ShortText(id="who", prompt="Who wrote it?"),
            q.Essay(id="why", prompt="Why?"),
        ),
        keys={
            "which": k.MultipleChoiceKey(shares={"finch": 1.0}),
            "who": k.ShortTextKey(variants=(k.Variant(text="Darwin"),)),
            "why": k.EssayKey(),
        },
    )  # fmt: skip


class Clocks:
    """A clock on the wall and one that only counts, each set by the test."""

    def __init__(self) -> None:
        self.wall = datetime(2026, 3, 1, 9, tzinfo=UTC)
        self.counted = 0.0

    def pass_by(self, seconds: float) -> None:
        self.wall += timedelta(seconds=seconds)
        self.counted += seconds


@contextmanager
def opened(folder: Path, clocks: Clocks) -> Iterator[tuple[Library, Attempts]]:
    with Library.open(folder, vectors="numpy", clock=lambda: clocks.wall) as library:
        yield library, Attempts(library._core, lambda: clocks.counted)


@pytest.fixture
def clocks() -> Clocks:
    return Clocks()


def code_of(error: pytest.ExceptionInfo[AlexandriaError]) -> Code:
    return error.value.code


def test_an_attempt_is_answered_handed_in_and_graded(tmp_path: Path, clocks: Clocks) -> None:
    with opened(tmp_path, clocks) as (_, attempts):
        sitting = attempts.begin(quiz())
        sitting.answer("which", Chosen(("worm",)))
        clocks.pass_by(20)
        sitting.answer("which", Chosen(("finch",)))
        sitting.answer("who", Written("darwin"))
        clocks.pass_by(10)
        attempt = sitting.hand_in()
        assert (attempt.number, attempt.submitted_at) == (1, attempt.started_at + timedelta(seconds=30))
        handed = HandedIn.from_json(attempt.answers)
        assert [(one.elapsed, one.question) for one in handed.journal] == [(0, "which"), (20, "which"), (20, "who")]
        assert (handed.ending, handed.elapsed) == (Ending.HANDED_IN, 30)
        result = attempts.result(quiz(), attempt)
        assert result is not None
        assert (result.points, result.out_of, str(result.percent)) == (3.0, 4.0, "75.00")
        assert result.passed is True
        assert result.waiting == ()  # an empty essay needs nobody


def test_an_essay_decides_later_whether_it_is_passed(tmp_path: Path, clocks: Clocks) -> None:
    with opened(tmp_path, clocks) as (_, attempts):
        sitting = attempts.begin(quiz())
        sitting.answer("which", Chosen(("finch",)))
        sitting.answer("why", Written("Because of the seeds."))
        result = attempts.result(quiz(), sitting.hand_in())
        assert result is not None
        assert (result.passed, result.waiting) == (None, ("why",))


def test_the_key_of_a_graded_one_is_not_needed_to_take_it(tmp_path: Path, clocks: Clocks) -> None:
    with opened(tmp_path, clocks) as (_, attempts):
        graded = quiz(mode=Mode.GRADED).without_keys()
        sitting = attempts.begin(graded)
        sitting.answer("who", Written("Darwin"))
        assert attempts.result(graded, sitting.hand_in()) is None


def test_after_the_last_attempt_there_is_none(tmp_path: Path, clocks: Clocks) -> None:
    with opened(tmp_path, clocks) as (_, attempts):
        for number in (1, 2):
            assert attempts.left(quiz()) == 3 - number
            assert attempts.begin(quiz()).hand_in().number == number
        with pytest.raises(AlexandriaError) as error:
            attempts.begin(quiz())
        assert code_of(error) is Code.COURSE_NO_ATTEMPT_LEFT
        assert attempts.begin(quiz(attempts=None)).number == 3


def test_when_the_time_is_over_no_answer_is_taken_and_the_others_count(tmp_path: Path, clocks: Clocks) -> None:
    with opened(tmp_path, clocks) as (_, attempts):
        sitting = attempts.begin(quiz(limit=60))
        sitting.answer("who", Written("Darwin"))
        clocks.pass_by(61)
        assert sitting.left == 0
        with pytest.raises(AlexandriaError) as error:
            sitting.answer("which", Chosen(("finch",)))
        assert code_of(error) is Code.COURSE_TIME_OVER
        attempt = sitting.hand_in()
        handed = HandedIn.from_json(attempt.answers)
        assert (handed.ending, set(handed.answers)) == (Ending.TIME_OVER, {"who"})
        assert attempt.submitted_at == attempt.started_at + timedelta(seconds=60)
        assert all(entry.elapsed <= 60 for entry in handed.journal)


def test_a_closed_program_does_not_stop_the_time(tmp_path: Path, clocks: Clocks) -> None:
    with opened(tmp_path, clocks) as (_, attempts):
        attempts.begin(quiz(limit=60)).answer("who", Written("Darwin"))
    clocks.wall += timedelta(seconds=45)
    with opened(tmp_path, clocks) as (_, attempts):
        sitting = attempts.begin(quiz(limit=60))
        assert (sitting.number, sitting.left, sitting.answers) == (1, 15, {"who": Written("Darwin")})


def test_an_attempt_that_nobody_looks_at_again_is_handed_in_when_its_time_is_over(
    tmp_path: Path, clocks: Clocks
) -> None:
    with opened(tmp_path, clocks) as (library, attempts):
        document = library.courses.document(
            library.authoring.bring_in(CourseDocument(id="c", title="Birds", assessments=(quiz(limit=60),)))
        )
        timed = document.assessments[0]
        attempts.begin(timed).answer("who", Written("Darwin"))
        assert attempts.hand_in_overdue() == 0
    clocks.wall += timedelta(hours=9)
    with opened(tmp_path, clocks) as (_, attempts):
        assert attempts.hand_in_overdue() == 1
        handed = attempts.handed_in(UUID(timed.id))[0]
        assert HandedIn.from_json(handed.answers).ending is Ending.TIME_OVER
        assert handed.submitted_at == handed.started_at + timedelta(seconds=60)
        assert attempts.hand_in_overdue() == 0


def test_a_clock_that_is_set_back_gives_no_time(tmp_path: Path, clocks: Clocks) -> None:
    with opened(tmp_path, clocks) as (_, attempts):
        sitting = attempts.begin(quiz(limit=60))
        clocks.pass_by(50)
        sitting.note_time()
        clocks.wall -= timedelta(hours=3)
        clocks.counted += 5
        assert sitting.left == 5
    with opened(tmp_path, clocks) as (_, attempts):
        assert attempts.begin(quiz(limit=60)).left == 10


def test_what_was_handed_in_stays_as_it_is(tmp_path: Path, clocks: Clocks) -> None:
    with opened(tmp_path, clocks) as (_, attempts):
        sitting = attempts.begin(quiz())
        sitting.answer("who", Written("Darwin"))
        first = sitting.hand_in()
        with pytest.raises(AlexandriaError) as error:
            sitting.answer("who", Written("Wallace"))
        assert code_of(error) is Code.COURSE_ATTEMPT_CLOSED
        assert sitting.hand_in() == first
        assert attempts.handed_in(QUIZ) == [first]


def test_an_answer_taken_back_is_none(tmp_path: Path, clocks: Clocks) -> None:
    with opened(tmp_path, clocks) as (_, attempts):
        sitting = attempts.begin(quiz())
        sitting.answer("who", Written("Wallace"))
        sitting.answer("who", None)
        assert attempts.begin(quiz()).answers == {}
        assert HandedIn.from_json(sitting.hand_in().answers).answers == {}


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL")
def test_a_killed_program_loses_no_answer_that_it_had_taken(tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "from alexandria_desktop.library.library import Library\n"
        "from sync.assessing.questions.answers import Written\n"
        "from tests.integration.courses.test_attempting import quiz\n"
        "with Library.open(Path(sys.argv[1]), vectors='numpy') as library:\n"
        "    sitting = library.attempts.begin(quiz(limit=3600))\n"
        "    number = 0\n"
        "    while True:\n"
        "        number += 1\n"
        "        sitting.answer('who', Written(str(number)))\n"
        "        print(number, flush=True)\n"
    )
    with subprocess.Popen([sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        for line in running.stdout:
            if int(line) >= 20:
                break
        os.kill(running.pid, signal.SIGKILL)
        told = [int(line) for line in running.stdout if line.endswith("\n")]
    last = max(told, default=20)
    with Library.open(tmp_path, vectors="numpy") as library:
        sitting = library.attempts.begin(quiz(limit=3600))
        kept = sitting.answers["who"]
        assert isinstance(kept, Written)
        assert int(kept.text) >= last, "an answer that was taken is gone"
        assert sitting.number == 1
        assert len(HandedIn.from_json(sitting.hand_in().answers).journal) >= last
