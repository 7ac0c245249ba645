"""A document of a book as a clean tree: parsed with patience, disarmed, ready to be read or shown.

The page that a reader sees is serialised from this very tree, so what Python counts is what the page holds. Nothing
is removed in a way that shifts the place of what remains: a dangerous element becomes an empty hidden ``span``, so that
element counts (and with them CFIs) still agree with the file.
"""

from __future__ import annotations

import codecs
import html.entities
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from lxml import etree

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.text.canonical import CanonicalText, canonical_text, local_name

XHTML = "http://www.w3.org/1999/xhtml"
SVG = "http://www.w3.org/2000/svg"
MATHML = "http://www.w3.org/1998/Math/MathML"
XLINK_HREF = "{http://www.w3.org/1999/xlink}href"
XML_NAMESPACE = "http://www.w3.org/XML/1998/namespace"
EPUB_TYPE = "{http://www.idpf.org/2007/ops}type"

MAX_DEPTH = 200
"""Deeper elements are lifted: layout engines recurse, and a hostile file nests without end."""

MAX_BYTES = 64 * 1024 * 1024

_DISARMED = frozenset(
    {"script", "iframe", "object", "embed", "applet", "frame", "frameset", "base", "portal", "foreignobject"}
)
_ADDRESSES = frozenset({"href", "src", "poster", "data", "action", "background", "cite", XLINK_HREF})
_LINK_SCHEMES = frozenset({"", "http", "https", "mailto", "tel"})
_DROPPED_ATTRIBUTES = frozenset({"srcdoc", "ping", "formaction", "action", "autofocus", "srcset", "autoplay"})

_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_META_CHARSET = re.compile(rb"""<meta[^>]+charset\s*=\s*["']?([A-Za-z0-9._-]+)""", re.IGNORECASE)
_PROLOG = re.compile(r"^\s*<\?xml.*?\?>", re.DOTALL)
_DOCTYPE = re.compile(r"<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>", re.DOTALL | re.IGNORECASE)
_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31});")
_TAG = re.compile(r"<(/?)([A-Za-z][^\s/>]*)([^<>]*?)(/?)>")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_XML_NAME = re.compile(r"^(?:\{[^{}]+\})?[A-Za-z_][\w.-]*$")
_PREFIXES = {"xml": XML_NAMESPACE, "xlink": "http://www.w3.org/1999/xlink", "epub": "http://www.idpf.org/2007/ops"}
_XML_ENTITIES = frozenset({"amp", "lt", "gt", "quot", "apos"})


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed and disarmed document."""

    root: etree._Element
    """The ``html`` element; always has ``head`` and ``body``, all in the XHTML namespace."""
    head: etree._Element
    body: etree._Element
    language: str | None
    title: str | None

    def text(self) -> CanonicalText:
        """Return the canonical text of the body."""
        return canonical_text(self.body)


def parse_document(data: bytes, media_type: str = "application/xhtml+xml") -> Document:
    """Parse a document of a book, however broken, and disarm it.

    Raises ReaderError(book.section-unreadable) when it is larger than 64 MB or holds nothing that can be shown.
    """
    if len(data) > MAX_BYTES:
        raise ReaderError(Code.SECTION_UNREADABLE, "A chapter of this book is larger than 64 MB and was not opened.")
    root = _parse(decode(data), media_type)
    root = _as_html(root)
    head, body = _head_and_body(root)
    _disarm(root)
    _limit_depth(body)
    title = head.find(f"{{{XHTML}}}title")
    return Document(
        root=root,
        head=head,
        body=body,
        language=root.get(f"{{{XML_NAMESPACE}}}lang") or root.get("lang"),
        title="".join(title.itertext()).strip() or None if title is not None else None,
    )


def decode(data: bytes) -> str:
    """Return the characters of a document: by byte-order mark, declaration, UTF-8, and at last Windows-1252."""
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if data.startswith(mark):
            return data[len(mark) :].decode(name, "replace")
    if data[:4] == b"<\x00?\x00":
        return data.decode("utf-16-le", "replace")
    if data[:4] == b"\x00<\x00?":
        return data.decode("utf-16-be", "replace")
    declared = _DECLARED.match(data[:200]) or _META_CHARSET.search(data[:2048])
    names = [declared.group(1).decode("ascii")] if declared else []
    for name in (*names, "utf-8"):
        try:
            return data.decode(name)
        except (LookupError, UnicodeDecodeError):
            continue
    return data.decode("cp1252", "replace")


def _parse(text: str, media_type: str) -> etree._Element:
    text = _ILLEGAL.sub("", _DOCTYPE.sub("", _PROLOG.sub("", text, count=1), count=1))
    if not text.strip():
        raise ReaderError(Code.SECTION_UNREADABLE, "A chapter of this book is empty.")
    if media_type == "text/html":
        return _parse_html(text)
    encoded = _ENTITY.sub(_character, text).encode("utf-8", "replace")
    try:
        return etree.fromstring(encoded, _xml_parser(recover=False))
    except etree.XMLSyntaxError as error:
        if "depth" in str(error):
            return _parse_html(_flatten(text))
    recovered = _recover(encoded)
    as_html = _parse_html(text)
    if recovered is None or len(_words(recovered)) < 0.98 * len(_words(as_html)):
        return as_html
    return recovered


def _recover(encoded: bytes) -> etree._Element | None:
    try:
        return etree.fromstring(encoded, _xml_parser(recover=True))
    except etree.XMLSyntaxError:
        return None


def _words(root: etree._Element) -> str:
    return "".join(root.itertext())


def _xml_parser(*, recover: bool) -> etree.XMLParser:
    return etree.XMLParser(
        recover=recover,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=True,
        remove_comments=True,
        remove_pis=True,
        strip_cdata=True,
    )


def _parse_html(text: str) -> etree._Element:
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as error:
        raise ReaderError(
            Code.SECTION_UNREADABLE, "A chapter of this book could not be read.", detail=str(error)
        ) from error
    if root is None:
        raise ReaderError(Code.SECTION_UNREADABLE, "A chapter of this book is empty.")
    if local_name(root) != "html":
        page = etree.Element("html")
        body = etree.SubElement(page, "body")
        body.append(root)
        root = page
    return root


def _character(match: re.Match[str]) -> str:
    name = match.group(1)
    if name in _XML_ENTITIES:
        return match.group()
    return html.entities.html5.get(name + ";", f"&amp;{name};")


def _flatten(text: str) -> str:
    """Drop the tags of elements nested deeper than the limit; their text stays."""
    depth = 0

    def keep(match: re.Match[str]) -> str:
        nonlocal depth
        closing, _, _, self_closing = match.groups()
        if self_closing:
            return match.group()
        if closing:
            depth -= 1
            return match.group() if depth < MAX_DEPTH else ""
        depth += 1
        return match.group() if depth <= MAX_DEPTH else ""

    return _TAG.sub(keep, text)


def _as_html(root: etree._Element) -> etree._Element:
    """Return an ``html`` root in the XHTML namespace; wrap what is not HTML (an SVG spine item has no body)."""
    if local_name(root) != "html":
        page = etree.Element(f"{{{XHTML}}}html", nsmap={None: XHTML})
        etree.SubElement(page, f"{{{XHTML}}}head")
        body = etree.SubElement(page, f"{{{XHTML}}}body")
        body.append(root)
        if local_name(root) != "svg":
            _adopt_namespace(root)
        return page
    if root.tag != f"{{{XHTML}}}html":
        _adopt_namespace(root)
    return root


def _adopt_namespace(root: etree._Element) -> None:
    """Give elements of a tag-soup or namespace-free tree the namespaces that a page needs to draw them."""
    stack: list[tuple[etree._Element, str]] = [(root, XHTML)]
    while stack:
        element, namespace = stack.pop()
        if isinstance(element.tag, str):
            name = local_name(element)
            if name == "svg":
                namespace = SVG
            elif name == "math":
                namespace = MATHML
            if not element.tag.startswith("{") or element.tag.startswith(f"{{{XHTML}}}"):
                safe = re.sub(r"[^A-Za-z0-9_-]", "-", name) or "span"
                element.tag = f"{{{namespace}}}{safe if safe[0].isalpha() else 'span'}"
            _adopt_attributes(element)
        stack.extend((child, namespace) for child in element)


def _adopt_attributes(element: etree._Element) -> None:
    """Name attributes of tag soup so that they can be written as XML; drop those that cannot be named.

    lxml cannot even delete an attribute of a name such as ``{{a}}`` again, so all are taken off and put back.
    """
    if all(_XML_NAME.match(key) for key in element.attrib):
        return
    kept = [(str(key), str(value)) for key, value in element.attrib.items()]
    element.attrib.clear()
    for key, value in kept:
        prefix, _, name = key.partition(":")
        if _XML_NAME.match(key):
            element.set(key, value)
        elif prefix in _PREFIXES and _XML_NAME.match(name):
            element.set(f"{{{_PREFIXES[prefix]}}}{name}", value)


def _head_and_body(root: etree._Element) -> tuple[etree._Element, etree._Element]:
    head = root.find(f"{{{XHTML}}}head")
    if head is None:
        head = etree.Element(f"{{{XHTML}}}head")
        root.insert(0, head)
    body = root.find(f"{{{XHTML}}}body")
    if body is None:
        body = etree.SubElement(root, f"{{{XHTML}}}body")
        for child in list(root):
            if child is not head and child is not body:
                body.append(child)
    return head, body


def _disarm(root: etree._Element) -> None:
    for element in list(root.iter()):
        if not isinstance(element.tag, str):  # an unresolved entity reference
            _replace_by_text(element)
            continue
        name = local_name(element).lower()
        if name in _DISARMED or _is_hidden_order(element, name):
            _neutralise(element)
        elif name == "noscript":
            element.tag = f"{{{XHTML}}}div"
            _clean_attributes(element)
        else:
            _clean_attributes(element)


def _replace_by_text(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is None:
        return
    text = (element.text or "") if isinstance(element, etree._Entity) else ""
    tail = text + (element.tail or "")
    previous = element.getprevious()
    if previous is not None:
        previous.tail = (previous.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    element.tail = None
    parent.remove(element)


def _neutralise(element: etree._Element) -> None:
    tail = element.tail
    element.clear()
    element.tail = tail
    in_svg = element.tag.startswith(f"{{{SVG}}}") if isinstance(element.tag, str) else False
    element.tag = f"{{{SVG}}}g" if in_svg else f"{{{XHTML}}}span"
    element.set("hidden", "hidden")


def _is_hidden_order(element: etree._Element, name: str) -> bool:
    """Whether it tells the page to do something: a refresh, a policy, a prefetch."""
    if name == "meta":
        return element.get("http-equiv") is not None
    return name == "link" and not _is_stylesheet(element)


def _is_stylesheet(element: etree._Element) -> bool:
    words = (element.get("rel") or "").lower().split()
    return "stylesheet" in words and "alternate" not in words


def _clean_attributes(element: etree._Element) -> None:
    for key in list(element.attrib):
        name = key.lower() if isinstance(key, str) else key
        is_bad = name.startswith("on") or name in _DROPPED_ATTRIBUTES
        if is_bad or (name in _ADDRESSES and not _is_harmless(element, str(element.get(key)))):
            del element.attrib[key]


def _is_harmless(element: etree._Element, address: str) -> bool:
    compact = re.sub(r"[\x00-\x20]", "", address)
    try:
        scheme = urlsplit(compact).scheme.lower()
    except ValueError:
        return False
    if local_name(element).lower() == "a":
        return scheme in _LINK_SCHEMES
    return scheme == "" or (scheme == "data" and compact.lower().startswith("data:image/"))


def _limit_depth(body: etree._Element) -> None:
    """Lift elements nested deeper than the limit to it, in order."""
    stack = [(body, 0)]
    while stack:
        element, depth = stack.pop()
        if depth >= MAX_DEPTH and len(element):
            for child in list(element):
                _unwrap(child)
            continue
        stack.extend((child, depth + 1) for child in element)


def _unwrap(element: etree._Element) -> None:
    """Replace an element by all the text below it."""
    parent = element.getparent()
    if parent is None:
        return
    text = "".join(canonical_text(element).text) + (element.tail or "")
    previous = element.getprevious()
    if previous is not None:
        previous.tail = (previous.tail or "") + text
    else:
        parent.text = (parent.text or "") + text
    element.tail = None
    parent.remove(element)
