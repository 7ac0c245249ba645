"""Turn a part of a document into the page that is served: the book's own tree, its styles and ours."""

from __future__ import annotations

from lxml import etree

from alexandria_desktop.read.parts import Part
from alexandria_desktop.text.document import XHTML, XML_NAMESPACE, Document

SCHEME = "alexandria-book"

CONTENT_SECURITY_POLICY = (
    f"default-src 'none'; img-src {SCHEME}: data:; style-src {SCHEME}: 'unsafe-inline'; font-src {SCHEME}: data:; "
    f"media-src {SCHEME}:; form-action 'none'; base-uri 'none'; frame-src 'none'; object-src 'none'; script-src 'none'"
)
"""Sent with every answer of the scheme: a page may use its own book's files and reach nothing else."""

THEME_ID = "alexandria-theme"


def render_page(document: Document, part: Part, *, theme_css: str, language: str | None = None) -> bytes:
    """Return a part as XHTML bytes with the theme's styles first in its head.

    First, because they lie in cascade layers: what they suggest gives way to the book, what they insist on wins.
    """
    root = etree.Element(f"{{{XHTML}}}html", dict(document.root.attrib), nsmap=document.root.nsmap)
    named = document.language or language
    if named:
        root.set("lang", named)
        root.set(f"{{{XML_NAMESPACE}}}lang", named)
    head = etree.SubElement(root, f"{{{XHTML}}}head", dict(document.head.attrib))
    style = etree.SubElement(head, f"{{{XHTML}}}style", {"id": THEME_ID})
    style.text = theme_css
    for child in document.head:
        if isinstance(child.tag, str) and child.get("hidden") is None:
            head.append(_copy(child))
    serialised_body = etree.tostring(part.body, encoding="utf-8", with_tail=False)
    shell = etree.tostring(root, encoding="utf-8")
    closing = b"</html>"
    if not shell.endswith(closing):  # a prefix or a self-closed root; both cannot happen with our own shell
        closing = shell[shell.rindex(b"</") :]
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + shell[: -len(closing)] + serialised_body + closing


def _copy(element: etree._Element) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    return etree.fromstring(etree.tostring(element, encoding="utf-8", with_tail=False), parser)
