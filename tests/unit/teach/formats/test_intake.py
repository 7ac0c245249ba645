"""Pictures, sounds and films in texts of other programs: they come with their words, or there is a line."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from alexandria_desktop.teach.document import CourseDocument
from alexandria_desktop.teach.formats.intake import Intake, picture
from alexandria_desktop.teach.formats.kolibri.read import read
from alexandria_desktop.teach.formats.kolibri.write import write
from sync.assessing.assessment import AssessmentDocument
from sync.assessing.questions import keys as k
from sync.assessing.questions import model as q
from tests.support.courses import HEARD, SOUND

SONG = HEARD[SOUND.sha256]


@pytest.mark.parametrize(
    "html",
    [
        '<img src="a/song.mp3" alt="A song"/>',
        '<audio src="a/song.mp3" aria-label="A song"></audio>',
        '<audio src="a/song.mp3" title="A song"/>',
        '<audio controls><source src="a/song.mp3"/><source src="a/other.ogg"/>A\nsong</audio>',
        '<object data="a/song.mp3" type="audio/mpeg"><p>A <em>song</em></p></object>',
    ],
)
def test_a_sound_comes_with_its_words_however_it_is_written(html: str) -> None:
    intake = Intake({"a/song.mp3": SONG}.get)
    text, (media,) = intake.illustrated(f"<p>Hear.</p>{html}", "Q")
    assert (text, media.sha256, media.alt) == ("Hear.", SOUND.sha256, "A song")
    assert intake.report.lines == []


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ("<img/>", "a picture"), ("<audio></audio>", "a sound"), ("<video>Words</video>", "a film"),
        ('<object data="a/song.mp3" type="application/x-shockwave-flash"></object>', "an object"),
    ],
)  # fmt: skip
def test_what_has_no_file_that_can_be_shown_has_a_line(html: str, said: str) -> None:
    intake = Intake({"a/song.mp3": SONG}.get)
    assert intake.illustrated(f"<p>Hear.</p>{html}", "Q") == ("Hear.", ())
    assert [line.what for line in intake.report.lines] == [f"The text had {said}."]


def test_words_after_a_sound_without_an_end_tag_stay() -> None:
    intake = Intake({"a/song.mp3": SONG}.get)
    html = '<audio src="a/song.mp3"/><p>Which whale?</p><audio src="a/song.mp3"></audio>'
    assert intake.illustrated(html, "Q")[0] == "Which whale?"


def test_a_sound_goes_out_with_words_for_who_cannot_hear_it() -> None:
    intake = Intake({"x": SONG}.get)
    _, (media,) = intake.illustrated(picture(SOUND, "x"), "Q")
    assert media.alt == SOUND.alt


def test_a_kolibri_channel_holds_the_words_of_a_sound(tmp_path: Path) -> None:
    choice = q.Choice(id="c", text="Yes")
    asked = q.MultipleChoice(id="q", prompt="Which whale?", choices=(choice,), media=(SOUND,))
    test = AssessmentDocument(id="t", title="T", questions=(asked,), keys={"q": k.MultipleChoiceKey(shares={"c": 1.0})})
    write(CourseDocument(id="x", title="X", assessments=(test,)), tmp_path / "x", HEARD)
    (found,) = read(tmp_path / "x").document.assessments[0].questions
    assert [replace(one, name=SOUND.name) for one in found.media] == [SOUND]
