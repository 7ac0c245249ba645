"""The small safe HTML: one form for what looks alike, nothing that acts, and it is told what was lost."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from sync.assessing.rich_text import as_blocks, from_plain, is_empty, sanitise, sanitised, to_plain
from tests.support.examples import examples

_TAGS = ("p", "em", "ul", "li", "pre", "blockquote", "a", "table", "h1", "div", "code", "b", "svg", "ol", "script")
_PIECES = st.sampled_from(
    [f"<{tag}>" for tag in _TAGS] + [f"</{tag}>" for tag in _TAGS]
    + ["<a href='http://x.y'>", "<td>", "<tr>", "<br>", "<!--x-->", "<![CDATA[x]]>", "<?pi?>", "<img src=x>"]
    + ["&amp;", "&lt;", "&lt;p&gt;", "a", "b", " ", "\n", "\u00a0", " x", "x "]
)  # fmt: skip


@settings(max_examples=examples(800), deadline=None)
@given(st.lists(_PIECES | st.text(max_size=4), max_size=14).map("".join))
def test_the_form_is_settled_after_one_pass_and_is_xml(html: str) -> None:
    once = sanitised(html)
    assert sanitised(once) == once
    assert sanitised(as_blocks(once)) == once
    etree.fromstring(f"<d>{as_blocks(once)}</d>")
    assert "script" not in {element.tag for element in etree.fromstring(f"<d>{once}</d>").iter()}


@given(st.text())
def test_plain_text_becomes_rich_text_that_says_the_same(text: str) -> None:
    html = from_plain(text)
    assert sanitised(html) == html
    letters = "".join(to_plain(html).split())
    assert set(letters) <= set(text)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>Paris</p>", "Paris"),
        ("<p>a<p>b", "<p>a</p><p>b</p>"),
        ("<b>x</b> <i>y</i>", "<strong>x</strong> <em>y</em>"),
        ("<h1>T</h1>a", "<h2>T</h2><p>a</p>"),
        ("<ul><li>a<ul><li>b</ul><li>c</ul>", "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>"),
        ("<a href='javascript:x()'>k</a>", "k"),
        ("<a href='https://e.org/?a=1&b=2' onclick='x()'>k</a>", '<a href="https://e.org/?a=1&amp;b=2">k</a>'),
        ("<p dir='rtl' style='color:red'>שלום</p>", '<p dir="rtl">שלום</p>'),
        ("<svg onload='x()'><script>x()</script></svg>t", "t"),
        ("<table><tr><td>a<td>b<tr><td>c</table>", "<p>a b</p><p>c</p>"),
        ("1 &lt; 2 &amp; 3", "1 &lt; 2 &amp; 3"),
        ("  a \n <em> b</em>  ", "a <em>b</em>"),
        ("<iframe src='https://e.org'></iframe>", ""),
    ],
)
def test_the_form(html: str, expected: str) -> None:
    assert sanitised(html) == expected


def test_it_is_told_what_was_lost() -> None:
    assert sanitise("<p>a<img src=x></p><table><tr><td>b</table><script>c</script><span>d</span>").lost == (
        "img", "table", "script",
    )  # fmt: skip
    assert sanitise("<p>a <a href='page.html'>b</a></p>").lost == ("a",)
    assert sanitise("<p>a <em>b</em></p>").lost == ()


def test_nesting_without_end_is_lifted() -> None:
    deep = sanitised("<blockquote>" * 3000 + "x" + "<em>" * 3000 + "y")
    assert deep.count("<blockquote>") == 12
    assert to_plain(deep) == "xy"


def test_plain_text_has_a_line_for_each_block() -> None:
    assert to_plain("<h2>T</h2><p>a<br/>b</p><ul><li>c</li></ul>") == "T\na\nb\nc"
    assert is_empty("<p> </p>")
