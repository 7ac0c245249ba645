"""What a teacher types as lines and gaps keeps the ids that were there."""

from __future__ import annotations

from alexandria_desktop.teach.authoring.history import History, Step
from alexandria_desktop.teach.authoring.lines import Gapped, from_gapped, from_lines, parted, to_gapped, to_lines

KNOWN = (("a", "finch"), ("b", "<em>whale</em>"), ("c", "worm"))


def test_lines_read_back_as_they_were() -> None:
    assert [(one.id, one.text) for one in from_lines(to_lines(KNOWN), KNOWN)] == list(KNOWN)


def test_a_line_that_moves_keeps_its_id_and_its_markup() -> None:
    assert [(one.id, one.text) for one in from_lines("whale\n\nworm\nfinch", KNOWN)] == [KNOWN[1], KNOWN[2], KNOWN[0]]


def test_a_line_that_is_changed_where_it_stands_keeps_its_id() -> None:
    assert [one.id for one in from_lines("finch\nblue whale\nworm", KNOWN)] == ["a", "b", "c"]


def test_a_new_line_has_an_id_that_says_nothing() -> None:
    found = from_lines("finch\nwhale\nworm\nbarnacle & co", KNOWN)
    assert [one.id for one in found[:3]] == ["a", "b", "c"]
    assert found[3].id not in "abcd"
    assert found[3].text == "barnacle &amp; co"


def test_a_pair_is_parted_at_the_first_mark() -> None:
    assert parted("1859 = a = b") == ("1859", "a = b")
    assert parted("alone") == ("alone", "")


def test_gaps_are_typed_where_they_stand_and_read_back() -> None:
    typed = "Darwin sailed on the {Beagle|HMS Beagle} in {1831} & 2 < 3."
    gapped = to_gapped(typed, Gapped(""))
    assert "Beagle" not in gapped.prompt
    assert "1831" not in str(gapped.gaps)
    assert [[one.text for one in gapped.keys[gap.id].variants] for gap in gapped.gaps] == [
        ["Beagle", "HMS Beagle"],
        ["1831"],
    ]
    assert from_gapped(gapped) == typed
    again = to_gapped(typed.replace("1831", "1832"), gapped)
    assert [gap.id for gap in again.gaps] == [gap.id for gap in gapped.gaps]


def test_what_was_done_is_undone_from_the_last_on_and_typing_is_one_step() -> None:
    history, said = History(), []
    for name, joins in (("a", ""), ("b", "text"), ("c", "text"), ("d", "")):
        history.add(
            Step(name, lambda name=name: said.append(f"-{name}"), lambda name=name: said.append(f"+{name}"), joins)  # type: ignore[misc]
        )
    for step in (history.back(), history.back()):
        assert step is not None
        step.undo()
    again = history.forth()
    assert again is not None
    again.redo()
    assert said == ["-d", "-b", "+c"]
    assert history.back() is again
    last = history.back()
    assert last is not None
    assert last.words == "a"
    assert history.back() is None
