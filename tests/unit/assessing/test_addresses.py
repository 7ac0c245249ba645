"""Where words of a course may lead: to the web and to mail, and to nothing that only looks like it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.assessing.addresses import safe_address, typed_address
from sync.assessing.rich_text import sanitised

HOSTILE = (
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)", " javascript:alert(1)", "data:text/html,x",
    "vbscript:x", "file:///etc/passwd", "//evil.example/x", "smb://evil/x", "alexandria:open", "https:evil",
    "https:///evil", "http://", "https://bank.example@evil.example/", "https://user:word@evil.example/",
    "https://evil.example\\@bank.example/", "https://bank.example/\u202eknab", "https://bank\u200b.example/",
    "https://[::1", "https://x.example:port/", "mailto:", "mailto:nobody", "mailto:a@b.cd%0abcc:e@f.gh",
    f"https://x.example/{'a' * 2_001}",
)  # fmt: skip


@pytest.mark.parametrize("address", HOSTILE)
def test_a_hostile_link_never_survives(address: str) -> None:
    assert safe_address(address) == ""
    assert typed_address(address) == ""
    assert "<a" not in sanitised(f'<p>Read <a href="{address}">this</a></p>')


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("https://example.org/a?b=c#d", "https://example.org/a?b=c#d"),
        (" example.org/moths ", "https://example.org/moths"),
        ("ann@example.org", "mailto:ann@example.org"),
        ("mailto:ann@example.org?subject=Moths%20again", "mailto:ann@example.org?subject=Moths%20again"),
        ("mailto:ann@example.org?attach=/etc/passwd&cc=b@c.de", "mailto:ann@example.org"),
        ("https://example.org/<b>", "https://example.org/%3Cb%3E"),
        ("moths", ""),
        ("two words.org", ""),
        ("", ""),
    ],
)
def test_what_is_typed_is_understood_as_people_mean_it(typed: str, address: str) -> None:
    assert typed_address(typed) == address


@given(st.text(max_size=40).map(lambda text: f"https://example.org/{text}") | st.text(max_size=60))
def test_an_address_that_is_safe_stays_as_it_is(address: str) -> None:
    once = safe_address(address)
    assert safe_address(once) == once


@given(st.text(max_size=30))
def test_what_mail_brings_along_is_settled_at_once(said: str) -> None:
    once = safe_address(f"mailto:ann@example.org?{said}")
    assert safe_address(once) == once
