"""What a FictionBook says of itself in its description."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from alexandria_desktop.book.model import Metadata
from alexandria_desktop.text.canonical import local_name
from alexandria_desktop.text.plain import clean_line, clean_text

_DATE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")


def read_metadata(root: etree._Element, file_title: str) -> Metadata:
    """Return title, authors and the rest from ``title-info`` and ``publish-info``."""
    title_info, publish_info = _first(root, "title-info"), _first(root, "publish-info")
    document_info = _first(root, "document-info")
    sequence = next(_children(title_info, "sequence"), None)
    number = (sequence.get("number") or "") if sequence is not None else ""
    isbn = re.sub(r"[^\dXx]", "", _said(publish_info, "isbn"))
    document_id = _said(document_info, "id")
    annotation = next(_children(title_info, "annotation"), None)
    return Metadata(
        title=_said(title_info, "book-title") or file_title,
        authors=tuple(filter(None, (_name(author) for author in _children(title_info, "author")))),
        language=_said(title_info, "lang").lower() or None,
        publisher=_said(publish_info, "publisher") or None,
        published=_date(title_info) or _said(publish_info, "year") or None,
        description=clean_text(_paragraphs(annotation)) or None,
        identifiers=tuple(pair for pair in (("isbn", isbn), ("fb2", document_id)) if pair[1]),
        subjects=tuple(filter(None, (clean_line(genre.text or "") for genre in _children(title_info, "genre")))),
        series=(clean_line(sequence.get("name") or "") or None) if sequence is not None else None,
        series_index=float(number) if re.fullmatch(r"\d{1,6}(?:\.\d{1,4})?", number) else None,
    )


def cover_name(root: etree._Element) -> str | None:
    """Return the id of the cover's picture, or None."""
    title_info = _first(root, "title-info")
    for page in _children(title_info, "coverpage"):
        for image in page.iter():
            if local_name(image) == "image":
                return link_of(image).lstrip("#") or None
    return None


def link_of(element: etree._Element) -> str:
    """Return an element's ``href`` whatever name space its writer put it in."""
    for name, value in element.attrib.items():
        if re.split(r"[}:]", str(name))[-1] == "href":
            return str(value).strip()
    return ""


def _first(root: etree._Element, name: str) -> etree._Element | None:
    return next((element for element in root.iter() if local_name(element) == name), None)


def _children(parent: etree._Element | None, name: str) -> Iterator[etree._Element]:
    if parent is not None:
        yield from (child for child in parent if local_name(child) == name)


def _said(parent: etree._Element | None, name: str) -> str:
    return next((clean_line("".join(map(str, child.itertext()))) for child in _children(parent, name)), "")


def _name(author: etree._Element) -> str:
    full = " ".join(filter(None, (_said(author, part) for part in ("first-name", "middle-name", "last-name"))))
    return full or _said(author, "nickname")


def _date(title_info: etree._Element | None) -> str | None:
    for date in _children(title_info, "date"):
        found = _DATE.match(date.get("value") or "") or _DATE.search(date.text or "")
        if found and not found.group().startswith("0000"):
            return found.group()
    return None


def _paragraphs(annotation: etree._Element | None) -> str:
    return "" if annotation is None else "\n".join("".join(map(str, child.itertext())) for child in annotation)
