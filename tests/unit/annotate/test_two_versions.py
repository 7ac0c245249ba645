"""Notes with two versions, where they are only read."""

from __future__ import annotations

import pytest

from alexandria_desktop.annotate.two_versions import has_two_versions, readable
from sync.merge.versions import block


def test_a_note_without_versions_is_read_as_it_is() -> None:
    for text in ("", "the whale", "an array a⟦1⟧ of numbers", "a ¦ b", "⟧ and ⟦"):
        assert readable(text) == text
        assert not has_two_versions(text)


@pytest.mark.parametrize(
    ("versions", "words"),
    [(("fate", "nature"), "fate / nature"), (("one\ntwo", "three"), "one\ntwo\n/\nthree")],
)
def test_versions_are_read_side_by_side(versions: tuple[str, str], words: str) -> None:
    text = f"the whale is {block(versions)}, he said"
    assert has_two_versions(text)
    assert readable(text) == f"the whale is {words}, he said"


def test_versions_in_a_version_are_read_as_well() -> None:
    assert readable(block([block(["a", "b"]), "c"])) in {"a / b / c", "c / a / b"}
