"""One web page saved as a file: kept whole, with what its head says. Nothing beside the file is read."""

from __future__ import annotations

import re
from pathlib import Path

from lxml import etree

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.book.model import Book, BookFormat, BookSource, Metadata, TocEntry
from alexandria_desktop.ingest.encoding import decode_text
from alexandria_desktop.ingest.written import Part, WrittenBook, read_whole, sections_of, title_of_file
from alexandria_desktop.text.canonical import local_name
from alexandria_desktop.text.document import XHTML, Document, decode, parse_document
from alexandria_desktop.text.plain import clean_line, clean_text

HREF = "page.xhtml"
_DECLARATION = re.compile(rb"<\?xml[^>]*encoding=|<meta[^>]+charset", re.IGNORECASE)
_DATE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")


def open_html(path: Path, *, edition: str) -> BookSource:
    """Open a web page; raises ReaderError where nothing in it can be read."""
    data = read_whole(path)
    text = decode(data) if _DECLARATION.search(data[:2048]) else decode_text(data)[0]
    document = parse_document(text.encode("utf-8", "replace"), "text/html")
    if not document.text().text and document.body.find(f".//{{{XHTML}}}img") is None:
        raise ReaderError(Code.IMPORT_NO_CONTENT, "The page holds no words.")
    metadata = _metadata(document, title_of_file(path))
    toc = _contents(document)
    page = etree.tostring(document.root, encoding="utf-8", xml_declaration=True)
    parts = [Part(HREF, metadata.title, lambda: page, len(page))]
    book = Book(format=BookFormat.HTML, edition=edition, metadata=metadata, sections=sections_of(parts), toc=tuple(toc))
    return WrittenBook(book, parts)


def _metadata(document: Document, file_title: str) -> Metadata:
    meta: dict[str, list[str]] = {}
    for element in document.root.iter(f"{{{XHTML}}}meta"):
        name = (element.get("name") or element.get("property") or "").lower()
        content = clean_line(element.get("content") or "")
        if name and content:
            meta.setdefault(name, []).append(content)

    def first(*names: str) -> str | None:
        return next((meta[name][0] for name in names if name in meta), None)

    date = _DATE.match(first("article:published_time", "dc.date", "dcterms.date", "date") or "")
    heading = next((element for element in document.body.iter(f"{{{XHTML}}}h1")), None)
    return Metadata(
        title=clean_line(document.title or "")
        or first("og:title", "dc.title", "dcterms.title")
        or (_words(heading) if heading is not None else "")
        or file_title,
        authors=tuple(meta.get("author") or meta.get("dc.creator") or meta.get("dcterms.creator") or ()),
        language=(document.language or first("dc.language", "content-language") or "").strip().lower() or None,
        publisher=first("dc.publisher", "og:site_name"),
        published=date.group() if date else None,
        description=clean_text(first("description", "og:description", "dc.description") or "") or None,
        subjects=tuple(word.strip() for word in (first("keywords") or "").split(",") if word.strip()),
    )


def _contents(document: Document) -> list[TocEntry]:
    """List the headings of the first three levels; one without an id is given one."""
    entries: list[TocEntry] = []
    taken = {element.get("id") for element in document.body.iter() if element.get("id")}
    for element in document.body.iter(*(f"{{{XHTML}}}h{level}" for level in (1, 2, 3))):
        title = _words(element)
        if not title:
            continue
        name = element.get("id")
        if not name:
            name = f"heading-{len(entries)}"
            while name in taken:
                name += "-"
            element.set("id", name)
        entries.append(TocEntry(title, f"{HREF}#{name}", int(local_name(element)[1]) - 1))
    lowest = min((entry.level for entry in entries), default=0)
    return [TocEntry(entry.title, entry.href, entry.level - lowest) for entry in entries]


def _words(element: etree._Element) -> str:
    return clean_line("".join(element.itertext()))
