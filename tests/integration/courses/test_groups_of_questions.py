"""Groups of questions are made in the builder, and an attempt asks so many of each."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from alexandria_desktop.ui.appearance.appearance import Appearance
from alexandria_desktop.ui.courses.builder.group_rows import GroupChoice
from alexandria_desktop.ui.courses.builder.quiz_view import QuestionCard
from alexandria_desktop.ui.courses.quiz_intro import QuizIntro, Tried
from sync.assessing.assessment import AssessmentDocument, Pool
from sync.assessing.paper import paper
from sync.assessing.questions import keys as k
from sync.assessing.questions import model as q
from tests.support.desk import Desk


def quiz_of(desk: Desk) -> AssessmentDocument:
    return desk.library.courses.document(desk.course).assessments[0]


def pools_of(desk: Desk) -> list[tuple[str, tuple[str, ...], int]]:
    return [(pool.title, pool.questions, pool.draw) for pool in quiz_of(desk).pools]


def choose(desk: Desk, number: int, words: str) -> None:
    card = desk.screen.quiz.findChildren(QuestionCard)[number]
    desk.focus(card.group.button)
    menu = card.group.open_menu()
    for action in menu.actions():
        if action.text() == words:
            menu.setActiveAction(action)
    QTest.keyClick(menu, Qt.Key.Key_Return)


def test_a_group_is_made_named_filled_and_undone(desk: Desk) -> None:
    for one in "abc":
        desk.library.authoring.put_question(desk.quiz, q.TrueFalse(id=one, prompt=one), k.TrueFalseKey(is_true=True))
    desk.screen.opened.look_again()
    desk.go(4)
    desk.qtbot.waitUntil(lambda: len(desk.screen.quiz.findChildren(QuestionCard)) == 3)
    choose(desk, 0, "New group")
    desk.becomes(lambda: pools_of(desk), [("Group 1", ("a",), 1)])
    row = next(iter(desk.screen.quiz.groups.rows.values()))
    assert desk.session.window.focusWidget() is row.title
    desk.focus(row.title)
    QTest.keyClicks(row.title, "Easy")
    choose(desk, 1, "Easy")
    choose(desk, 2, "Easy")
    desk.becomes(lambda: pools_of(desk), [("Easy", ("a", "b", "c"), 1)])
    row.draw.setFocus()
    QTest.keyClick(row.draw, Qt.Key.Key_Up)
    desk.becomes(lambda: pools_of(desk), [("Easy", ("a", "b", "c"), 2)])
    assert row.draw.text() == "asks 2 of 3"
    assert {len(paper(quiz_of(desk), str(attempt))) for attempt in range(9)} == {2}
    desk.rest()
    row.gone.click()
    desk.becomes(lambda: pools_of(desk), [])
    assert desk.screen.quiz.groups.isHidden()
    desk.screen.do("undo-change")
    desk.qtbot.waitUntil(lambda: bool(pools_of(desk)), timeout=5_000)
    desk.qtbot.waitUntil(lambda: not desk.screen.quiz.groups.isHidden(), timeout=5_000)


def test_some_of_the_rest_are_asked_beside_a_group(desk: Desk) -> None:
    make = desk.library.authoring
    for one in "abcd":
        make.put_question(desk.quiz, q.TrueFalse(id=one, prompt=one), k.TrueFalseKey(is_true=True))
    stored = quiz_of(desk)
    make.change_assessment(
        desk.quiz,
        AssessmentDocument(id=stored.id, title="Quiz", pools=(Pool(id="g", title="G", questions=("a", "b")),)),
    )
    desk.screen.opened.look_again()
    desk.go(4)
    view = desk.screen.quiz
    desk.qtbot.waitUntil(lambda: len(view.findChildren(QuestionCard)) == 4)
    assert view.drawn.text() == "All of the rest"
    view.drawn.setValue(1)
    desk.becomes(lambda: pools_of(desk), [("G", ("a", "b"), 1), ("", (), 1)])
    assert {len(paper(quiz_of(desk), str(attempt))) for attempt in range(9)} == {2}
    assert [one.button.text() for one in view.findChildren(GroupChoice)] == ["G", "G", "In no group", "In no group"]


def test_a_student_is_told_how_many_questions_an_attempt_asks(look: Appearance) -> None:
    questions = tuple(q.TrueFalse(id=one, prompt=one) for one in "abc")
    quiz = AssessmentDocument(id="z", questions=questions, pools=(Pool(id="p", questions=("a", "b"), draw=1),))
    intro = QuizIntro(look)
    intro.show_tried(quiz, Tried(), None)
    assert intro.facts.text().startswith("2 questions ·")
