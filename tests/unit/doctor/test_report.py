"""What may be pasted where anybody reads it: words that name a person, a place or a key do not get through."""

from __future__ import annotations

import pytest

from alexandria_desktop.doctor.report import scrub


@pytest.mark.parametrize(
    "secret",
    [
        "alx_" + "k" * 43, "ann.reader+books@mail.example.org", "https://books.example.org/v1/push?x=1",
        "/home/ann/Books", "/Users/ann/Library", "C:\\Users\\Ann\\Books", "/media/ann/STICK", "/root/books",
    ],
)  # fmt: skip
def test_what_names_somebody_is_taken_out(secret: str) -> None:
    said = scrub(f"before {secret}, after", hidden=())
    assert secret not in said
    assert said.startswith("before [")
    assert said.endswith("after")


def test_names_go_as_whole_words_in_any_case() -> None:
    assert scrub("ANNA reads on anna-laptop; bananna stays", hidden=("anna", "anna-laptop")) == (
        "[hidden] reads on [hidden]; bananna stays"
    )


def test_what_helps_stays() -> None:
    words = "Alexandria 0.1.0, SQLite 3.53.4, disk.read-only (fault), Debian GNU/Linux 12, glibc 2.36"
    assert scrub(words, hidden=("", "x")) == words
