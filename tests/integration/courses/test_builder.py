"""The builder keeps what is typed, moves by key, takes from the book beside it, and undoes step by step."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QPlainTextEdit, QRadioButton
from pytestqt.qtbot import QtBot
from sqlalchemy import insert, update

from alexandria_desktop.store.course_rows import Audience
from alexandria_desktop.store.unit_of_work import UnitOfWork
from alexandria_desktop.teach import blocks as b
from alexandria_desktop.teach.taking.path import Completion, rule_of
from alexandria_desktop.ui.appearance.appearance import Appearance
from alexandria_desktop.ui.courses.builder.block_editors import BEGUN, BlockEditor, fresh
from alexandria_desktop.ui.courses.builder.cards import CHAPTERS, SEARCH, CardList
from alexandria_desktop.ui.courses.builder.dragging import block_of
from alexandria_desktop.ui.courses.builder.question_forms import QuestionForm
from alexandria_desktop.ui.courses.builder.question_kinds import KINDS, fresh_question
from alexandria_desktop.ui.courses.builder.rich_edit import RichEdit
from alexandria_desktop.ui.courses.builder.spots_editor import SpotCanvas, SpotsEditor
from alexandria_desktop.ui.courses.builder.tree import Node, NodeKind
from alexandria_desktop.ui.courses.builder.versions_dialog import VersionsDialog
from sync.assessing.judging import LatePolicy, due_of, policy_of
from sync.assessing.paper import paper
from sync.assessing.questions import keys as k
from sync.assessing.questions import model as q
from sync.assessing.questions.grading import Verdict, grade
from sync.schema.ids import uuid7
from sync.schema.tables import table
from tests.support.courses import PICTURE
from tests.support.desk import Desk
from tests.support.epubs import make_epub, novel

ALT = Qt.KeyboardModifier.AltModifier


def test_what_is_typed_is_on_the_disk_after_a_short_rest(desk: Desk) -> None:
    desk.go(1)
    edit = desk.editors()[0].findChild(RichEdit)
    QTest.keyClicks(edit, "And ")
    desk.becomes(desk.texts, ["And One", "Two"])
    desk.end_the_title_with("!")
    desk.becomes(desk.titles, ["First!", "Second", "Test"])
    assert desk.screen.tree.item(1).text() == "First!"


def test_letters_that_were_typed_are_one_step_to_undo(desk: Desk) -> None:
    desk.go(1)
    QTest.keyClicks(desk.editors()[0].findChild(RichEdit), "abc ")
    desk.becomes(desk.texts, ["abc One", "Two"])
    desk.screen.do("undo-change")
    desk.becomes(desk.texts, ["One", "Two"])
    desk.screen.do("redo-change")
    desk.becomes(desk.texts, ["abc One", "Two"])


def test_blocks_move_go_and_come_back_by_key(desk: Desk) -> None:
    desk.go(1)
    QTest.keyClick(desk.editors()[1], Qt.Key.Key_Up, ALT)
    desk.becomes(desk.texts, ["Two", "One"])
    desk.becomes(lambda: [one.block.id for one in desk.editors()], ["b", "a"])
    desk.focus(desk.editors()[0])
    QTest.keyClick(desk.editors()[0], Qt.Key.Key_Delete)
    desk.becomes(desk.texts, ["One"])
    desk.screen.do("undo-change")
    desk.becomes(desk.texts, ["Two", "One"])
    desk.screen.do("undo-change")
    desk.becomes(desk.texts, ["One", "Two"])


def test_lessons_move_by_key_and_are_removed_with_a_way_back(desk: Desk) -> None:
    desk.go(2)
    QTest.keyClick(desk.screen.tree, Qt.Key.Key_Up, ALT)
    desk.becomes(desk.titles, ["Second", "First", "Test"])
    desk.becomes(lambda: desk.screen.tree.item(1).text(), "Second")
    QTest.keyClick(desk.screen.tree, Qt.Key.Key_Delete)
    desk.becomes(desk.titles, ["First", "Test"])
    desk.session.window.toasts.toasts()[-1].button.click()
    desk.becomes(desk.titles, ["Second", "First", "Test"])


def test_a_new_lesson_stands_after_the_one_that_is_shown(desk: Desk) -> None:
    desk.go(1)
    desk.screen.do("new-lesson")
    desk.becomes(desk.titles, ["First", "New lesson", "Second", "Test"])
    desk.becomes(lambda: desk.screen.lesson.title.text(), "New lesson")
    desk.screen.do("undo-change")
    desk.becomes(desk.titles, ["First", "Second", "Test"])


def test_a_found_passage_is_added_with_its_place_by_enter(desk: Desk, tmp_path: Path) -> None:
    book = make_epub(tmp_path / "b.epub", [("Loomings", "<p>Call me Ishmael. Some years ago I sailed.</p>")], title="M")
    desk.library.import_paths([book])
    side = desk.screen.book
    side.read_books()
    desk.becomes(lambda: side.books.count(), 1)
    desk.go(1)
    side.kinds.choose(SEARCH)
    side.field.setText("Ishmael")
    side.refresh()
    # The chapters, which were there before, are cards as well.
    first = lambda: block_of(side.cards.mimeData([side.cards.item(0)])) if side.cards.count() else None  # noqa: E731
    desk.qtbot.waitUntil(lambda: isinstance(first(), b.PassageBlock), timeout=10_000)
    QTest.keyClick(side.cards, Qt.Key.Key_Return)
    desk.becomes(lambda: len(desk.texts()), 3)
    passage = desk.lesson().blocks[2]
    assert isinstance(passage, b.PassageBlock)
    assert "Ishmael" in passage.text
    assert passage.place.book_title == "M"
    assert passage.place.locator.quote is not None
    side.kinds.choose(CHAPTERS)
    side.refresh()
    desk.qtbot.waitUntil(lambda: side.cards.count() > 0 and side.cards.item(0).text() == "Loomings", timeout=10_000)
    dragged = block_of(side.cards.mimeData([side.cards.item(0)]))
    assert isinstance(dragged, b.ChapterBlock)
    assert dragged.title == "Loomings"


def test_a_note_that_a_teacher_writes_for_themselves_is_kept_apart(desk: Desk) -> None:
    desk.go(1)
    QTest.keyClicks(desk.screen.lesson.notes, "Ask Anna.")
    desk.becomes(lambda: desk.library.authoring.teacher_notes(desk.first), "Ask Anna.")


def test_lessons_that_would_wait_for_each_other_are_refused_with_a_sentence(desk: Desk) -> None:
    desk.library.authoring.require(desk.second, [desk.first])
    desk.go(1)
    desk.screen.lesson.required.emit((desk.second,))
    desk.qtbot.waitUntil(desk.screen.banner.isVisible)
    assert "before itself" in desk.screen.banner.accessibleName()
    assert desk.lesson().prerequisites == ()


def test_a_question_is_asked_answered_and_undone(desk: Desk) -> None:
    desk.go(4)
    question, key = fresh_question("short_text")
    desk.screen.quiz.asked.emit(question, key, 0)
    desk.becomes(lambda: len(desk.library.courses.assessment(desk.quiz).questions), 1)
    desk.qtbot.waitUntil(lambda: bool(desk.screen.quiz._cards))
    QTest.keyClicks(desk.screen.quiz._cards[0].findChild(RichEdit), "Who?")
    desk.screen.quiz._cards[0].findChild(QPlainTextEdit).setPlainText("Darwin\nC* Darwin")
    desk.becomes(lambda: desk.library.courses.assessment(desk.quiz).questions[0].prompt, "Who?")
    desk.rest()
    kept = desk.library.courses.assessment(desk.quiz).keys[question.id]
    assert isinstance(kept, k.ShortTextKey)
    assert [one.text for one in kept.variants] == ["Darwin", "C* Darwin"]
    desk.screen.do("undo-change")
    desk.screen.do("undo-change")
    desk.becomes(lambda: desk.library.courses.assessment(desk.quiz).questions, ())


def test_a_picture_is_taken_into_the_course_by_its_content(desk: Desk, tmp_path: Path) -> None:
    desk.go(1)
    (tmp_path / "dot.png").write_bytes(PICTURE)
    desk.screen.lesson_changes.add_picture(tmp_path / "dot.png")
    desk.becomes(lambda: [one.kind for one in desk.lesson().blocks], ["text", "text", "image"])
    image = desk.lesson().blocks[2]
    assert isinstance(image, b.ImageBlock)
    path = desk.library.learning.file_of(image.media)
    assert path is not None
    assert path.read_bytes() == PICTURE
    (tmp_path / "not.png").write_text("<svg/>")
    desk.screen.lesson_changes.add_picture(tmp_path / "not.png")
    desk.qtbot.waitUntil(desk.screen.banner.isVisible)


def test_rules_that_are_shown_rounded_stay_as_they_are(desk: Desk) -> None:
    known = desk.library.courses.assessment(desk.quiz)
    desk.library.authoring.change_assessment(desk.quiz, replace(known, passing_score=62.5, time_limit=90))
    desk.go(4)
    desk.becomes(lambda: desk.screen.quiz.passing.value(), 62)
    desk.screen.quiz.tries.setValue(3)
    desk.becomes(lambda: desk.library.courses.assessment(desk.quiz).max_attempts, 3)
    known = desk.library.courses.assessment(desk.quiz)
    assert (known.passing_score, known.time_limit) == (62.5, 90)


@pytest.mark.web
def test_a_passage_opens_in_its_book_and_one_comes_back_to_the_builder(desk: Desk, tmp_path: Path) -> None:
    file = make_epub(tmp_path / "b.epub", [("Loomings", "<p>Call me Ishmael. Some years ago I sailed.</p>")], title="M")
    book = desk.library.import_paths([file])[0].book_id
    assert book is not None
    (card,) = desk.library.material.passages(book, "Ishmael")[:1]
    desk.library.authoring.add_block(desk.first, card.block)
    desk.go(1)
    desk.becomes(lambda: len(desk.editors()), 3)
    window = desk.session.window
    with desk.qtbot.waitSignal(window.book_shown, timeout=30_000):
        desk.focus(desk.editors()[2])
        QTest.keyClick(desk.editors()[2], Qt.Key.Key_Return)
    assert window.reader.book_id == book
    window.reader.left.emit()
    desk.becomes(window.stack.currentWidget, desk.screen)
    desk.screen.do("preview")
    desk.becomes(window.stack.currentWidget, window.courses.screen)
    window.courses.screen.left.emit()
    desk.becomes(window.stack.currentWidget, desk.screen)


def test_a_course_is_published_from_its_own_page(desk: Desk) -> None:
    desk.go(0)
    view = desk.screen.course
    view.status.setCurrentIndex(1)
    view.status.activated.emit(1)
    desk.becomes(lambda: desk.library.courses.row(desk.course).status.value, "published")


def test_what_another_device_wrote_is_shown_without_taking_the_keyboard(desk: Desk) -> None:
    desk.go(1)
    edit = desk.editors()[0].findChild(RichEdit)
    desk.library.authoring.put_block(desk.first, b.TextBlock(id="b", order=desk.lesson().blocks[1].order, html="New"))
    desk.becomes(lambda: [getattr(one.block, "html", "") for one in desk.editors()], ["One", "New"])
    assert desk.editors()[0].findChild(RichEdit) is edit


def test_leaving_writes_what_was_typed_last(desk: Desk) -> None:
    desk.go(1)
    desk.end_the_title_with("?")
    desk.screen.do("leave-builder")
    desk.becomes(desk.titles, ["First?", "Second", "Test"])


def test_a_version_is_kept_compared_and_brought_back(desk: Desk) -> None:
    desk.library.course_versions.save(desk.course)
    desk.go(1)
    desk.end_the_title_with("!")
    desk.screen.do("versions")
    desk.qtbot.waitUntil(lambda: bool(desk.screen.findChildren(VersionsDialog)))
    dialog = desk.screen.findChildren(VersionsDialog)[0]
    desk.qtbot.waitUntil(lambda: dialog.changes.count() == 1 and dialog.restore_button.isEnabled())
    assert "First → First!" in dialog.changes.item(0).text()
    dialog.restore()
    desk.becomes(desk.titles, ["First", "Second", "Test"])
    desk.qtbot.waitUntil(lambda: bool(desk.session.window.toasts.toasts()))
    desk.session.window.toasts.toasts()[-1].button.click()
    desk.becomes(desk.titles, ["First!", "Second", "Test"])


def test_a_course_that_cannot_be_read_is_told_once_and_not_read_without_an_end(desk: Desk) -> None:
    told: list[object] = []
    desk.screen.opened.failed.connect(told.append)
    desk.screen.open(uuid7())
    desk.qtbot.waitUntil(lambda: bool(told) and not desk.screen.opened.is_reading)
    assert desk.screen.banner.isVisible()


@pytest.mark.parametrize(
    "html",
    ["Plain", "<p>Two</p><p>lines</p>", "<h2>Head</h2><p>a <strong>b</strong> <em>c</em></p>",
     "<ul><li>one</li><li>two</li></ul>", "<ol><li>one</li></ol>", '<a href="https://example.org/?a=1&amp;b=2">x</a>',
     "1 &lt; 2 &amp; 3", "one<br/>two", "H<sub>2</sub>O", "<p>שלום</p><p>عربي</p>"],
)  # fmt: skip
def test_words_that_are_only_looked_at_stay_as_they_are(look: Appearance, html: str) -> None:
    assert RichEdit(look, html, "Words").html() == html


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_question_has_a_form_that_tells_of_changes(look: Appearance, qtbot: QtBot, kind: str) -> None:
    question, key = fresh_question(kind)
    form = QuestionForm(look, question, key)
    with qtbot.waitSignal(form.told) as told:
        form.change({"points": 2.0})
    assert told.args[0].points == 2.0
    assert type(told.args[1]) is type(key)


def filled(look: Appearance, kind: str, *typed: str) -> QuestionForm:
    form = QuestionForm(look, *fresh_question(kind))
    fields = [*form.findChildren(QPlainTextEdit)] or [one for one in form.findChildren(QLineEdit) if one.parent()]
    for field, words in zip(fields, typed, strict=False):
        if isinstance(field, QPlainTextEdit):
            field.setPlainText(words)
        else:
            QTest.keyClicks(field, words)
    return form


def test_choices_are_typed_marked_and_taken_away(look: Appearance) -> None:
    oak, ash = q.Choice(id="oak", text="<em>Oak</em>"), q.Choice(id="ash", text="Ash")
    form = QuestionForm(
        look, q.MultipleChoice(id="t", choices=(oak, ash)), k.MultipleChoiceKey(shares={"oak": 1.0, "ash": 0.5})
    )
    lines, marks = form.findChildren(QLineEdit)[:2], form.findChildren(QRadioButton)
    assert [mark.isChecked() for mark in marks] == [True, False]
    QTest.keyClicks(lines[1], "es")
    marks[1].click()
    assert isinstance(form.question, q.MultipleChoice)
    assert [one.text for one in form.question.choices] == ["<em>Oak</em>", "Ashes"]
    assert isinstance(form.key, k.MultipleChoiceKey)
    assert dict(form.key.shares) == {"ash": 1.0}
    QTest.keyClick(lines[1], Qt.Key.Key_Return)
    assert len(form.question.choices) == 3
    next(one for one in form.findChildren(QAbstractButton) if one.accessibleName() == "Take this choice away").click()
    assert [one.text for one in form.question.choices] == ["Ashes", ""]


def test_a_number_accepts_what_is_near(look: Appearance) -> None:
    form = filled(look, "numeric", "9,81", "5 %", "m")
    from sync.assessing.questions.answers import Written

    for given, verdict in (("9.5", Verdict.RIGHT), ("9", Verdict.WRONG)):
        assert grade(form.question, form.key, Written(given)).verdict is verdict


def test_pairs_and_orders_are_typed_as_lines(look: Appearance) -> None:
    from sync.assessing.questions.answers import Matched, Ordered

    form = filled(look, "matching", "Rook = bird\nCod = fish\n= tree")
    question = form.question
    assert isinstance(question, q.Matching)
    assert isinstance(form.key, k.MatchingKey)
    assert len(question.responses) == 3
    assert grade(question, form.key, Matched(dict(form.key.pairs))).verdict is Verdict.RIGHT
    order = filled(look, "ordering", "first\nsecond\nthird")
    assert isinstance(order.key, k.OrderingKey)
    assert grade(order.question, order.key, Ordered(order.key.order)).verdict is Verdict.RIGHT
    texts = {one.id: one.text for one in order.question.items}  # type: ignore[attr-defined]
    assert [texts[one] for one in order.key.order] == ["first", "second", "third"]


@pytest.mark.parametrize("kind", BEGUN)
def test_every_block_that_can_be_begun_has_an_editor(look: Appearance, kind: str) -> None:
    editor = BlockEditor(look, fresh(kind), lambda _: None)
    fields = [*editor.findChildren(QPlainTextEdit), *editor.findChildren(QLineEdit), *editor.findChildren(RichEdit)]
    assert fields
    assert all(field.accessibleName() for field in fields)


def test_the_lines_of_an_exercise_keep_the_ids_of_what_stays(look: Appearance, qtbot: QtBot) -> None:
    block = b.MatchBlock(id="m", pairs=(b.Pair(id="1", left="a", right="b"), b.Pair(id="2", left="c", right="d")))
    editor = BlockEditor(look, block, lambda _: None)
    editor.findChild(QPlainTextEdit).setPlainText("c = d\na = b\ne = f")
    changed = editor.block
    assert isinstance(changed, b.MatchBlock)
    assert [one.id for one in changed.pairs][:2] == ["2", "1"]
    assert (changed.pairs[2].left, changed.pairs[2].right) == ("e", "f")


def test_cards_are_read_out(look: Appearance) -> None:
    assert CardList(look).accessibleName()


def test_a_code_is_made_copied_and_taken_back_beside_the_state_of_the_course(desk: Desk) -> None:
    field = desk.screen.course.invitation
    desk.go(0)
    desk.becomes(field.make.isVisible, True)
    field.make.click()
    desk.becomes(field.copy.isVisible, True)
    made = desk.library.joining.invitation(desk.course)
    assert made is not None
    assert field.code.text() == made.code
    assert field.words.text() == "It lets students in once the course is published."
    field.make.click()
    desk.becomes(lambda: field.code.text() not in ("", made.code), True)
    field.withdraw.click()
    desk.becomes(field.copy.isVisible, False)
    assert desk.library.joining.invitation(desk.course) is None


def join_schools(desk: Desk, *names: str, role: str) -> dict[str, UUID]:
    """Put in what a sync brings of an account and its organisations."""
    user, ids = desk.library._core.identity.user_id, {name: uuid7() for name in names}

    def write(unit: UnitOfWork) -> None:
        run, person = unit.connection.execute, table("users")
        run(update(person).where(person.c.id == user).values(email="ada@example.org", role=role))
        for name, one in ids.items():
            run(insert(table("organizations")).values(id=one, name=name))
            run(insert(table("user_organizations")).values(id=uuid7(), user_id=user, org_id=one, role="member"))
        unit.touch("user_organizations", user)

    desk.library._core.write(write)
    return ids


def test_a_course_is_published_to_one_of_the_organisations_that_its_teacher_belongs_to(desk: Desk) -> None:
    ids = join_schools(desk, "Harrow", "Eton", role="educator")
    desk.go(0)
    box = desk.screen.course.audience
    named = lambda: [box.itemText(place) for place in range(box.count())]  # noqa: E731
    desk.becomes(named, ["Only those who have its code", "Eton", "Harrow", "Everybody on the server"])
    box.setCurrentIndex(2)
    box.activated.emit(2)
    desk.becomes(lambda: desk.library.courses.row(desk.course).organization_id, ids["Harrow"])
    assert desk.library.courses.row(desk.course).audience is Audience.ORGANIZATION
    desk.screen.do("undo-change")
    desk.becomes(lambda: desk.library.courses.row(desk.course).audience, Audience.INVITED)
    desk.becomes(box.currentIndex, 0)


def test_an_account_that_may_not_publish_to_everybody_sees_so_before_it_tries(desk: Desk) -> None:
    join_schools(desk, "Eton", role="user")
    desk.go(0)
    box = desk.screen.course.audience
    desk.becomes(lambda: box.itemText(2), "Everybody on the server (your account may not)")
    model = box.model()
    assert [bool(model.flags(model.index(row, 0)) & Qt.ItemFlag.ItemIsEnabled) for row in range(3)] == [
        True, False, False,
    ]  # fmt: skip


def test_the_rules_of_a_course_are_set_beside_its_facts_and_can_be_undone(desk: Desk) -> None:
    desk.go(0)
    rules = desk.screen.course.rules
    document = lambda: desk.library.courses.document(desk.course)  # noqa: E731
    desk.becomes(rules.has_due.isVisible, True)
    assert not rules.late.isEnabled(), "nothing is late where nothing is due"
    choose(rules.completion, Completion.PASSED)
    choose(rules.language, "de")
    rules.has_due.click()
    choose(rules.late, LatePolicy.REFUSE)
    desk.becomes(lambda: policy_of(document().settings), LatePolicy.REFUSE)
    assert rule_of(document()) is Completion.PASSED
    desk.becomes(lambda: document().language, "de")
    due = due_of(document().settings)
    assert due is not None
    assert due.timestamp() == rules.due.dateTime().toSecsSinceEpoch()
    desk.screen.do("undo-change")
    desk.becomes(lambda: policy_of(document().settings), LatePolicy.MARK)


def choose(box: QComboBox, key: object) -> None:
    place = box.findData(key)
    assert place >= 0
    box.setCurrentIndex(place)
    box.activated.emit(place)


def test_a_quiz_asks_each_attempt_only_some_of_its_questions(desk: Desk) -> None:
    for number in range(4):
        desk.library.authoring.put_question(desk.quiz, q.TrueFalse(id=str(number), prompt="?"), k.TrueFalseKey())
    desk.go(4)
    desk.becomes(lambda: len(desk.screen.quiz._cards), 4)
    desk.screen.quiz.drawn.setValue(2)
    desk.becomes(lambda: len(paper(desk.library.courses.assessment(desk.quiz), "an attempt")), 2)
    desk.library.authoring.put_question(desk.quiz, q.TrueFalse(id="later", prompt="?"), k.TrueFalseKey())
    asked = {one.id for number in range(60) for one in paper(desk.library.courses.assessment(desk.quiz), str(number))}
    assert "later" in asked, "a question that is added later is drawn like the others"
    desk.screen.quiz.drawn.setValue(0)
    desk.becomes(lambda: len(paper(desk.library.courses.assessment(desk.quiz), "an attempt")), 5)


def test_what_comes_before_what_is_drawn_and_leads_to_the_lesson(desk: Desk) -> None:
    desk.go(0)
    graph = desk.screen.course.graph
    assert not graph.isVisible(), "where no lesson waits for another there is nothing to draw"
    third = desk.library.authoring.add_lesson(desk.course, "Third")
    desk.library.authoring.require(desk.second, [desk.first])
    desk.library.authoring.require(third, [desk.first, desk.second])
    desk.becomes(graph.isVisible, True)
    desk.becomes(graph.accessibleDescription, "Second comes after First. Third comes after First, Second")
    boxes = graph.boxes()
    tops = [boxes[str(one)].top() for one in (desk.first, desk.second, third)]
    assert tops == sorted(set(tops)), "each stands below what it waits for"
    graph.setFocus()
    QTest.keyClick(graph, Qt.Key.Key_Down)
    QTest.keyClick(graph, Qt.Key.Key_Return)
    desk.becomes(desk.screen.tree.current_node, Node(NodeKind.LESSON, str(desk.second)))
    desk.go(0)
    QTest.mouseClick(graph, Qt.MouseButton.LeftButton, pos=graph.boxes()[str(third)].center().toPoint())
    desk.becomes(desk.screen.tree.current_node, Node(NodeKind.LESSON, str(third)))


def test_parts_of_a_picture_are_drawn_named_moved_and_taken_away(desk: Desk, tmp_path: Path) -> None:
    picture = QImage(400, 200, QImage.Format.Format_RGB32)
    picture.fill(0xFFCCAA)
    picture.save(str(tmp_path / "whale.png"))
    media = desk.library.authoring.add_picture(desk.course, tmp_path / "whale.png", alt="A whale")
    desk.library.authoring.add_block(desk.first, b.ImageBlock(id="p", media=media, caption="Where is its eye?"))
    desk.go(1)
    desk.becomes(lambda: len(desk.editors()), 3)
    (mark,) = [one for one in desk.editors()[2].findChildren(QAbstractButton) if one.text() == "Mark parts of it"]
    mark.click()
    block = lambda: desk.lesson().blocks[2]  # noqa: E731
    desk.becomes(lambda: block().kind, "hotspot")
    desk.becomes(lambda: bool(desk.editors()[2].findChildren(SpotCanvas)), True)
    (canvas,) = desk.editors()[2].findChildren(SpotCanvas)
    desk.becomes(lambda: canvas.shown().width() > 200, True)
    whole = canvas.shown()
    at = lambda x, y: QPointF(x * whole.width(), y * whole.height()).toPoint()  # noqa: E731
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=at(0.25, 0.25))
    QTest.mouseMove(canvas, at(0.5, 0.75))
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=at(0.5, 0.75))
    assert len(canvas.spots) == 1
    spot = canvas.spots[0]
    assert (round(spot.x, 1), round(spot.y, 1), round(spot.width, 1)) == (0.2, 0.2, 0.2)
    (editor,) = desk.editors()[2].findChildren(SpotsEditor)
    QTest.keyClicks(editor.label, "Eye")
    QTest.keyClicks(editor.text, "It is small.")
    desk.becomes(lambda: [(one.label, one.text) for one in getattr(block(), "spots", ())], [("Eye", "It is small.")])
    QTest.keyClick(canvas, Qt.Key.Key_Right)
    QTest.keyClick(canvas, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert canvas.spots[0].x == pytest.approx(spot.x + 0.01)
    assert canvas.spots[0].height == pytest.approx(spot.height + 0.01)
    for _ in range(120):
        QTest.keyClick(canvas, Qt.Key.Key_Right)
    assert canvas.spots[0].x + canvas.spots[0].width <= 1, "no part leaves the picture"
    QTest.keyClick(canvas, Qt.Key.Key_Plus)
    desk.becomes(lambda: len(getattr(block(), "spots", ())), 2)
    QTest.keyClick(canvas, Qt.Key.Key_Delete)
    desk.becomes(lambda: [one.label for one in getattr(block(), "spots", ())], ["Eye"])


def test_the_book_beside_is_the_one_that_was_asked_for_and_stays_when_books_are_read_anew(
    desk: Desk, tmp_path: Path
) -> None:
    books = [novel(tmp_path / f"{n}.epub", seed=n, chapters=1, title=f"Book {n}") for n in (1, 2, 3)]
    desk.library.import_paths(books)
    side = desk.screen.book
    side.read_books()
    desk.becomes(side.books.count, 3)
    wanted = desk.library.shelf.resolve("Book 2")
    side.show_book(wanted)
    assert side.books.currentText() == "Book 2"
    desk.library.reading.mark_opened(desk.library.shelf.resolve("Book 3"))
    side.read_books()
    desk.becomes(lambda: side.books.itemText(0), "Book 3")
    assert side.books.currentText() == "Book 2"
