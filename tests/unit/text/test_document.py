"""Documents are parsed with patience and disarmed without moving what remains."""

from __future__ import annotations

import pytest
from lxml import etree

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.text.document import parse_document


def words(data: bytes, media_type: str = "application/xhtml+xml") -> str:
    return parse_document(data, media_type).text().text


def page(body: str) -> bytes:
    return f'<html xmlns="http://www.w3.org/1999/xhtml"><head/><body>{body}</body></html>'.encode()


def test_named_entities_become_their_characters() -> None:
    assert words(page("<p>caf&eacute; &hellip; &unknown;</p>")) == "café … &unknown;"


def test_an_external_entity_is_never_resolved() -> None:
    data = b'<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + page("<p>a&x;b</p>")
    assert "root" not in words(data)


def test_entities_that_multiply_end_at_once() -> None:
    bomb = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    assert len(words(f'<!DOCTYPE html [<!ENTITY a0 "ha">{bomb}]>'.encode() + page("<p>&a11;</p>"))) < 100


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("caf\u00e9".encode("latin-1"), "café"),
        ("\ufeffcaf\u00e9".encode(), "café"),
        ('<?xml version="1.0" encoding="utf-16"?>'.encode("utf-16") + b"", ""),
    ],
)
def test_bytes_without_a_declaration_are_still_read(data: bytes, expected: str) -> None:
    if not expected:
        with pytest.raises(ReaderError):
            words(data)
        return
    assert words(b"<html><body><p>" + data + b"</p></body></html>") == expected


def test_tag_soup_keeps_all_its_words() -> None:
    assert words(b"<p>one <b>two<p>three & four") == "one two\nthree & four"


def test_attributes_that_cannot_be_named_do_not_stop_the_page() -> None:
    document = parse_document(
        b'<html><body><p {{a}}="1" id="k" {x="2" {}="3" xml:lang="de">x</p></body></html>', "text/html"
    )
    again = etree.fromstring(etree.tostring(document.root))
    assert again.find(".//{*}p").get("id") == "k"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "armed",
    [
        "<script>x()</script>",
        '<iframe src="http://x/"></iframe>',
        '<object data="http://x/"></object>',
        '<meta http-equiv="refresh" content="0;url=http://x/"/>',
        '<base href="http://x/"/>',
        '<link rel="prefetch" href="http://x/"/>',
    ],
)
def test_what_is_dangerous_becomes_an_empty_place(armed: str) -> None:
    document = parse_document(page(f"<p>a</p>{armed}<p>b</p>"))
    assert len(document.body) == 3
    assert document.body[1].get("hidden") == "hidden"
    assert b"http://x/" not in etree.tostring(document.root)
    assert document.text().text == "a\nb"


def test_handlers_and_scripts_in_addresses_go_and_the_words_stay() -> None:
    document = parse_document(page('<p onclick="x()"><a href="java\tscript:x()">a</a><img src="http://x/y.png"/></p>'))
    source = etree.tostring(document.body)
    assert b"onclick" not in source
    assert b"script:" not in source
    assert b"http://x" not in source
    assert document.text().text == "a"


def test_a_link_outside_is_kept_for_asking() -> None:
    assert b'href="https://example.org/"' in etree.tostring(
        parse_document(page('<a href="https://example.org/">a</a>')).body
    )


def test_fifty_thousand_nested_elements_are_flattened() -> None:
    deep = "<div>" * 50_000 + "deep" + "</div>" * 50_000
    document = parse_document(page(deep))
    assert document.text().text == "deep"
    depth, element = 0, document.body
    while len(element):
        depth, element = depth + 1, element[0]
    assert depth < 400


def test_a_drawing_in_the_reading_order_gets_a_page() -> None:
    document = parse_document(b'<svg xmlns="http://www.w3.org/2000/svg"><text>drawn</text></svg>', "image/svg+xml")
    assert document.text().text == "drawn"


def test_an_empty_document_is_an_error_with_a_sentence() -> None:
    with pytest.raises(ReaderError) as caught:
        parse_document(b"   ")
    assert caught.value.code is Code.SECTION_UNREADABLE
