"""The two spellings of QTI: ``choiceInteraction`` of 2.1 and ``qti-choice-interaction`` of 3."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from alexandria_desktop.teach.formats.xml import Element

SPACE_21 = "http://www.imsglobal.org/xsd/imsqti_v2p1"
SPACE_30 = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
HTML = frozenset(
    {"a", "abbr", "b", "blockquote", "br", "caption", "cite", "code", "dd", "div", "dl", "dt", "em", "h1", "h2", "h3",
     "h4", "h5", "h6", "hr", "i", "img", "kbd", "li", "object", "ol", "p", "param", "pre", "q", "samp", "small", "span",
     "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul", "var", "audio", "video",
     "math"}
)  # fmt: skip
_BODIES = frozenset({"modalFeedback", "rubricBlock"})


@dataclass(frozen=True, slots=True)
class Edition:
    """What an edition of QTI calls itself."""

    name: str
    space: str
    schema: str
    item_type: str
    test_type: str


QTI_21 = Edition("QTI 2.1", SPACE_21, "QTIv2.1 Package", "imsqti_item_xmlv2p1", "imsqti_test_xmlv2p1")
QTI_30 = Edition("QTI 3", SPACE_30, "QTI Package", "imsqti_item_xmlv3p0", "imsqti_test_xmlv3p0")


def as_edition(element: Element, edition: Edition) -> Element:
    """Return a tree in the names of 2.1 as the edition spells it."""
    is_new = edition is QTI_30
    name = str(element.tag).rpartition("}")[2]
    spelled = _kebab(name) if is_new and name not in HTML else name
    made = etree.Element(f"{{{edition.space}}}{spelled}", nsmap={None: edition.space})
    for key, value in element.attrib.items():
        plain = str(key)
        made.set(_kebab(plain, start="") if is_new and name not in HTML and "{" not in plain else plain, str(value))
    holder = made
    if is_new and name in _BODIES:
        holder = etree.SubElement(made, f"{{{edition.space}}}qti-content-body")
    holder.text = element.text
    for one in element:
        child = as_edition(one, edition)
        child.tail = one.tail
        holder.append(child)
    return made


def as_old(element: Element) -> Element:
    """Return a tree of either edition in the names of 2.1, without namespaces; what is no QTI and no HTML stays."""
    tag = str(element.tag).rpartition("}")[2]
    is_new = tag.startswith("qti-")
    made = etree.Element(_camel(tag[4:]) if is_new else tag)
    for key, value in element.attrib.items():
        name = str(key).rpartition("}")[2]
        made.set(_camel(name) if is_new and not name.startswith("data-") else name, str(value))
    made.text = element.text
    for one in element:
        if isinstance(one.tag, str):
            child = as_old(one)
            child.tail = one.tail
            made.append(child)
        elif one.tail:
            _append_text(made, one.tail)
    return made


def _append_text(element: Element, text: str) -> None:
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text


def _kebab(name: str, start: str = "qti-") -> str:
    return start + re.sub(r"(?<=[a-z0-9])([A-Z])", lambda found: "-" + found.group(1), name).lower()


def _camel(name: str) -> str:
    return re.sub(r"-([a-z0-9])", lambda found: found.group(1).upper(), name)
