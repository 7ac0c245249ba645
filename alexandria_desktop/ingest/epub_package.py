"""The package document of an EPUB (OPF 2 and 3): metadata, manifest and reading order, read with patience."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from lxml import etree

from alexandria_desktop.book.model import Direction, Metadata
from alexandria_desktop.text.canonical import local_name
from alexandria_desktop.text.document import decode
from alexandria_desktop.text.plain import clean_line, clean_text

_DOCTYPE = re.compile(r"<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>", re.DOTALL | re.IGNORECASE)
_PROLOG = re.compile(r"^\s*<\?xml.*?\?>", re.DOTALL)
_ISBN = re.compile(r"^(?:urn:isbn:|isbn[:\s]*)?((?:97[89][- ]?)?(?:\d[- ]?){9}[\dXx])$", re.IGNORECASE)
_DATE = re.compile(r"^\s*(-?\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")


@dataclass(frozen=True, slots=True)
class ManifestItem:
    """A file that the package names."""

    id: str
    href: str
    """Path from the root of the container."""
    media_type: str
    properties: frozenset[str]


@dataclass(frozen=True, slots=True)
class SpineItem:
    """A document of the reading order."""

    item: ManifestItem
    linear: bool
    properties: frozenset[str]
    cfi: str
    """The package's part of a CFI, up to and with the indirection: ``/6/8[chapter-2]!``."""


@dataclass(slots=True)
class Package:
    """A parsed package document."""

    metadata: Metadata
    manifest: dict[str, ManifestItem]
    """By href."""
    spine: list[SpineItem]
    direction: Direction
    fixed_layout: bool
    nav_href: str | None
    ncx_href: str | None
    cover_href: str | None
    start_href: str | None
    unique_identifier: str | None
    """The text of the identifier that the package calls unique; the key of obfuscated fonts."""
    warnings: list[str] = field(default_factory=list)


def parse_xml(data: bytes) -> etree._Element | None:
    """Parse an XML file of the container; entities are never resolved and nothing is fetched."""
    text = _DOCTYPE.sub("", _PROLOG.sub("", decode(data), count=1), count=1)
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, load_dtd=False, no_network=True, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(text.strip().encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        return None


def resolve(base: str, href: str) -> str | None:
    """Return the container path of a reference made in the file ``base``; None where it leaves the container."""
    try:
        parts = urlsplit(href.strip())
    except ValueError:
        return None
    if parts.scheme or parts.netloc:
        return None
    path = unquote(parts.path)
    if not path:
        return base
    path = path[1:] if path.startswith("/") else posixpath.join(posixpath.dirname(base), path)
    path = posixpath.normpath(path)
    return None if path.startswith("../") or path in ("..", ".") else path


def parse_package(data: bytes, opf_href: str, fallback_title: str) -> Package | None:
    """Parse a package document; None where it is no XML at all."""
    root = parse_xml(data)
    if root is None:
        return None
    parts = {local_name(child): child for child in reversed(list(root))}
    meta_element = parts.get("metadata")
    facts = _Facts(meta_element)
    manifest, by_id = _manifest(parts.get("manifest"), opf_href)
    spine_element = parts.get("spine")
    warnings: list[str] = []
    spine = _spine(root, spine_element, by_id, warnings)
    return Package(
        metadata=_metadata(facts, fallback_title),
        manifest=manifest,
        spine=spine,
        direction=Direction.RTL
        if spine_element is not None and spine_element.get("page-progression-direction") == "rtl"
        else Direction.LTR,
        fixed_layout=facts.property("rendition:layout") == "pre-paginated",
        nav_href=next((item.href for item in by_id.values() if "nav" in item.properties), None),
        ncx_href=_ncx(spine_element, by_id),
        cover_href=_cover(facts, by_id),
        start_href=_start(parts.get("guide"), opf_href),
        unique_identifier=facts.identifier(root.get("unique-identifier") or ""),
        warnings=warnings,
    )


class _Facts:
    """The metadata element, asked by name."""

    def __init__(self, element: etree._Element | None) -> None:
        self._elements = [] if element is None else [child for child in element.iter() if child is not element]
        self._refinements: dict[str, list[etree._Element]] = {}
        for child in self._elements:
            target = child.get("refines")
            if target:
                self._refinements.setdefault(target.lstrip("#"), []).append(child)

    def named(self, name: str) -> list[etree._Element]:
        return [child for child in self._elements if local_name(child) == name and (child.text or "").strip()]

    def text(self, name: str) -> str | None:
        for child in self.named(name):
            return clean_line("".join(child.itertext()))
        return None

    def refinement(self, element: etree._Element, name: str) -> str | None:
        for child in self._refinements.get(element.get("id") or "", ()):
            if child.get("property") == name:
                return clean_line(child.text or "")
        return None

    def property(self, name: str) -> str | None:
        for child in self._elements:
            if local_name(child) != "meta" or child.get("refines"):
                continue
            if child.get("property") == name:
                return clean_line(child.text or "")
            if child.get("name") == name:
                return clean_line(child.get("content") or "")
        return None

    def identifier(self, element_id: str) -> str | None:
        return next((child.text for child in self.named("identifier") if child.get("id") == element_id), None)

    def opf_attribute(self, element: etree._Element, name: str) -> str | None:
        return next((str(value) for key, value in element.attrib.items() if str(key).rpartition("}")[2] == name), None)


def _metadata(facts: _Facts, fallback_title: str) -> Metadata:
    series, index = _series(facts)
    return Metadata(
        title=_title(facts) or fallback_title,
        authors=_authors(facts),
        language=_language(facts.text("language")),
        publisher=facts.text("publisher"),
        published=_published(facts),
        description=clean_text("".join(facts.named("description")[0].itertext()))
        if facts.named("description")
        else None,
        identifiers=tuple(_identifiers(facts)),
        subjects=tuple(dict.fromkeys(clean_line("".join(item.itertext())) for item in facts.named("subject"))),
        series=series,
        series_index=index,
        rights=facts.text("rights"),
    )


def _title(facts: _Facts) -> str | None:
    titles = facts.named("title")
    for title in titles:
        if facts.refinement(title, "title-type") == "main":
            return clean_line("".join(title.itertext()))
    return clean_line("".join(titles[0].itertext())) if titles else None


def _authors(facts: _Facts) -> tuple[str, ...]:
    creators = facts.named("creator")
    authors = [
        creator
        for creator in creators
        if (facts.refinement(creator, "role") or facts.opf_attribute(creator, "role") or "aut") == "aut"
    ]
    names = (clean_line("".join(creator.itertext())) for creator in authors or creators)
    return tuple(dict.fromkeys(name for name in names if name))


def _language(value: str | None) -> str | None:
    if not value:
        return None
    tag = value.replace("_", "-").lower()
    return tag if re.fullmatch(r"[a-z]{2,3}(-[a-z0-9]{1,8})*", tag) and tag != "und" else None


def _published(facts: _Facts) -> str | None:
    dates = facts.named("date")
    dates.sort(key=lambda date: facts.opf_attribute(date, "event") not in (None, "publication"))
    for date in dates:
        match = _DATE.match(date.text or "")
        if match:
            return "-".join(part for part in match.groups() if part)
    return None


def _identifiers(facts: _Facts) -> list[tuple[str, str]]:
    found: dict[tuple[str, str], None] = {}
    for element in facts.named("identifier"):
        value = clean_line("".join(element.itertext()))
        scheme = (facts.opf_attribute(element, "scheme") or "").lower()
        isbn = _ISBN.match(value)
        if isbn:
            found["isbn", re.sub(r"[- ]", "", isbn.group(1)).upper()] = None
        elif value:
            found[scheme or _scheme_of(value), value] = None
    return list(found)


def _scheme_of(value: str) -> str:
    if value.startswith("urn:"):
        return value.split(":")[1]
    return "uri" if "://" in value else "id"


def _series(facts: _Facts) -> tuple[str | None, float | None]:
    for element in facts.named("meta"):
        if element.get("property") == "belongs-to-collection":
            kind = facts.refinement(element, "collection-type")
            if kind in (None, "series"):
                return clean_line(element.text or ""), _number(facts.refinement(element, "group-position"))
    return facts.property("calibre:series"), _number(facts.property("calibre:series_index"))


def _number(value: str | None) -> float | None:
    try:
        return float(value) if value else None
    except ValueError:
        return None


def _manifest(element: etree._Element | None, opf_href: str) -> tuple[dict[str, ManifestItem], dict[str, ManifestItem]]:
    manifest: dict[str, ManifestItem] = {}
    by_id: dict[str, ManifestItem] = {}
    for child in () if element is None else element:
        href = resolve(opf_href, child.get("href") or "")
        if local_name(child) != "item" or not child.get("href") or href is None:
            continue
        item = ManifestItem(
            id=child.get("id") or "",
            href=href,
            media_type=(child.get("media-type") or "").strip().lower(),
            properties=frozenset((child.get("properties") or "").split()),
        )
        manifest.setdefault(href, item)
        by_id.setdefault(item.id, item)
    return manifest, by_id


def _spine(
    root: etree._Element, element: etree._Element | None, by_id: dict[str, ManifestItem], warnings: list[str]
) -> list[SpineItem]:
    if element is None:
        return []
    package_step = 2 * (list(root).index(element) + 1)
    spine: list[SpineItem] = []
    for number, child in enumerate(element, start=1):
        idref = child.get("idref") or ""
        item = by_id.get(idref)
        if local_name(child) != "itemref":
            continue
        if item is None:
            warnings.append(f"The reading order names an unknown part: {idref}.")
            continue
        identifier = child.get("id")
        assertion = f"[{identifier}]" if identifier else ""
        spine.append(
            SpineItem(
                item=item,
                linear=(child.get("linear") or "yes").lower() != "no",
                properties=frozenset((child.get("properties") or "").split()),
                cfi=f"/{package_step}/{2 * number}{assertion}!",
            )
        )
    return spine


def _ncx(spine: etree._Element | None, by_id: dict[str, ManifestItem]) -> str | None:
    named = by_id.get(spine.get("toc") or "") if spine is not None else None
    if named is not None:
        return named.href
    return next((item.href for item in by_id.values() if item.media_type == "application/x-dtbncx+xml"), None)


def _cover(facts: _Facts, by_id: dict[str, ManifestItem]) -> str | None:
    for item in by_id.values():
        if "cover-image" in item.properties:
            return item.href
    named = facts.property("cover")
    item_named = by_id.get(named or "")
    if item_named is not None and item_named.media_type.startswith("image/"):
        return item_named.href
    for item in by_id.values():
        if item.media_type.startswith("image/") and "cover" in (item.id + posixpath.basename(item.href)).lower():
            return item.href
    return None


def _start(guide: etree._Element | None, opf_href: str) -> str | None:
    for child in () if guide is None else guide:
        if (child.get("type") or "").lower() in ("text", "start"):
            return resolve(opf_href, child.get("href") or "")
    return None
