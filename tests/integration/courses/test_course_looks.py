"""The look that a teacher offers for lessons is taken only where the reader's own word allows it."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from alexandria_desktop.library.course_looks import THEME, can_be_shown, offered, own_look, reads_in_own
from alexandria_desktop.teach import blocks as b
from alexandria_desktop.teach.document import CourseDocument, LessonDocument
from alexandria_desktop.theme.customise import built_in, changed
from alexandria_desktop.ui.courses.taking import TakingScreen
from alexandria_desktop.ui.session import Session
from tests.support.desk import Desk


def test_only_a_look_that_ships_can_be_offered() -> None:
    look = offered(CourseDocument(id="c", settings={THEME: "sepia"}))
    assert look is not None
    assert look.id == "sepia"
    for wrong in ("nothing", "../sepia", 7, None, {}):
        assert offered(CourseDocument(id="c", settings={THEME: wrong})) is None


@pytest.mark.parametrize(
    ("present", "shown"),
    [
        ("paper", True), ("dawn", True), ("sepia", False), ("night", False), ("midnight", False),
        ("contrast-light", False), ("contrast-dark", False), ("e-ink", False),
    ],
)  # fmt: skip
def test_dark_high_contrast_and_the_same_look_win_over_the_offered_one(present: str, shown: bool) -> None:
    assert can_be_shown(built_in("sepia"), built_in(present)) is shown


def test_colours_that_the_reader_has_mixed_win() -> None:
    mixed = changed(built_in("paper"), text="#000000")
    assert not can_be_shown(built_in("sepia"), mixed)
    assert can_be_shown(built_in("sepia"), changed(built_in("paper"), size=24))


def test_the_readers_word_is_kept_by_course() -> None:
    said = own_look("c", wanted=True)
    assert reads_in_own(said, "c")
    assert not reads_in_own(said, "d")
    assert not reads_in_own({}, "c")


def surface(screen: TakingScreen) -> str:
    return screen.lesson.grab().toImage().pixelColor(8, 8).name()


def test_a_lesson_is_shown_in_the_teachers_look_until_the_reader_wants_their_own(
    session: Session, qtbot: QtBot
) -> None:
    lesson = LessonDocument(id="l", title="One", blocks=(b.TextBlock(id="t", html="Words"),))
    course = session.library.authoring.bring_in(
        CourseDocument(id="c", title="C", settings={THEME: "sepia"}, lessons=(lesson,))
    )
    session.appearance.use(built_in("paper"))
    session.window.show()
    session.window.take_course(course)
    screen = session.window.courses.screen
    qtbot.waitUntil(lambda: screen.course is not None, timeout=10_000)
    assert screen.course is not None
    screen.open_lesson(screen.course.lessons[0].id)
    sepia, paper = built_in("sepia").tokens.surface, built_in("paper").tokens.surface
    assert surface(screen) == sepia
    assert "Sepia" in screen.lesson.look_line._words.text()
    session.appearance.use(built_in("night"))  # dark wins at once, and there is nothing to choose
    assert surface(screen) == built_in("night").tokens.surface
    assert screen.lesson.look_line.isHidden()
    session.appearance.use(built_in("paper"))
    assert surface(screen) == sepia
    screen.lesson.look_line.button.click()
    assert surface(screen) == paper
    qtbot.waitUntil(lambda: reads_in_own(session.library.settings(), str(course)), timeout=10_000)
    screen.show_page()
    screen.open_lesson(screen.course.lessons[0].id)
    assert surface(screen) == paper
    screen.lesson.look_line.button.click()
    assert surface(screen) == sepia
    qtbot.waitUntil(lambda: not reads_in_own(session.library.settings(), str(course)), timeout=10_000)


def test_the_look_of_lessons_is_chosen_beside_the_facts_of_the_course(desk: Desk) -> None:
    desk.go(0)
    box = desk.screen.course.rules.look
    desk.focus(box)
    box.setCurrentIndex(box.findData("sepia"))
    box.activated.emit(box.currentIndex())
    desk.becomes(lambda: desk.library.courses.document(desk.course).settings.get(THEME), "sepia")
    box.setCurrentIndex(0)
    box.activated.emit(0)
    desk.becomes(lambda: desk.library.courses.document(desk.course).settings.get(THEME), None)
