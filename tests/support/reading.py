"""Read an opened book as the rest of the program does."""

from __future__ import annotations

from lxml import etree

from alexandria_desktop.book.model import BookSource
from alexandria_desktop.text.document import parse_document


def texts_of(source: BookSource) -> list[str]:
    """Return the canonical text of every section."""
    resources = [source.section(section.index) for section in source.book.sections]
    return [parse_document(resource.data, resource.media_type).text().text for resource in resources]


def assert_well_formed(source: BookSource) -> None:
    """Every section written by the program is XML that needs no mending, and every place in the contents is there."""
    anchors: set[str] = set()
    for section in source.book.sections:
        root = etree.fromstring(source.section(section.index).data)
        anchors.add(section.href)
        anchors |= {f"{section.href}#{element.get('id')}" for element in root.iter() if element.get("id")}
    missing = [entry.href for entry in source.book.toc if entry.href and entry.href not in anchors]
    assert not missing, missing[:5]
    if source.book.cover_href:
        assert source.resource(source.book.cover_href) is not None
