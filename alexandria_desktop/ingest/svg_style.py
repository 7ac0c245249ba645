"""Write an SVG's simple style rules onto its elements, for a renderer that knows attributes but no style sheets."""

from __future__ import annotations

import re

from lxml import etree

from alexandria_desktop.text.canonical import local_name

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_SELECTOR = re.compile(r"^([a-zA-Z]*)(?:\.([\w-]+)|#([\w-]+))?$")


def with_inline_styles(svg: bytes) -> bytes:
    """Return the picture with its rules as attributes; as it came where it is no XML."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
    try:
        root = etree.fromstring(svg, parser)
    except etree.XMLSyntaxError:
        return svg
    styles = [element for element in root.iter() if local_name(element) == "style"]
    rules = [rule for style in styles for rule in _rules("".join(style.itertext()))]
    if not rules:
        return svg
    for element in root.iter():
        if isinstance(element.tag, str):
            _apply(element, rules)
    return etree.tostring(root)


def _rules(sheet: str) -> list[tuple[re.Match[str], dict[str, str]]]:
    found = []
    for selectors, body in _RULE.findall(_COMMENT.sub("", sheet)):
        pairs = (declaration.partition(":") for declaration in body.split(";"))
        values = {name.strip(): value.strip() for name, _, value in pairs if value.strip()}
        for selector in selectors.split(","):
            match = _SELECTOR.match(selector.strip())
            if match and match.group():
                found.append((match, values))
    return found


def _apply(element: etree._Element, rules: list[tuple[re.Match[str], dict[str, str]]]) -> None:
    name = local_name(element)
    classes = (element.get("class") or "").split()
    chosen: dict[str, str] = {}
    for selector, values in rules:
        tag, of_class, of_id = selector.groups()
        fits = (not tag or tag == name) and (not of_class or of_class in classes)
        if fits and (not of_id or of_id == element.get("id")):
            chosen |= values
    for key, value in chosen.items():
        if re.fullmatch(r"[a-z-]+", key):
            element.set(key, value)
