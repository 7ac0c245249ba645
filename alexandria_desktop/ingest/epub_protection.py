"""Tell a protected EPUB from one that only obfuscates its fonts, and undo the latter.

Font obfuscation is public (EPUB Open Container Format 3.3, section 4; Adobe's variant): the first bytes of the font are
mixed with a key made of the book's own identifier. Everything else in ``encryption.xml`` is protection that this
program does not open.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from urllib.parse import unquote

from lxml import etree

from alexandria_desktop.text.canonical import local_name

IDPF = "http://www.idpf.org/2008/embedding"
ADOBE = "http://ns.adobe.com/pdf/enc#RC"
_RIGHTS = ("META-INF/rights.xml", "META-INF/license.lcpl", "META-INF/sinf.xml")


@dataclass(frozen=True, slots=True)
class Protection:
    """What of a book is encrypted."""

    is_protected: bool
    obfuscated: dict[str, str]
    """Font path → algorithm."""


def read_protection(encryption: etree._Element | None, names: frozenset[str]) -> Protection:
    """Read ``META-INF/encryption.xml`` (parsed, or None) beside the names in the container."""
    obfuscated: dict[str, str] = {}
    is_protected = any(name in names for name in _RIGHTS)
    for data in () if encryption is None else encryption.iter():
        if local_name(data) != "EncryptedData":
            continue
        algorithm = _attribute(data, "EncryptionMethod", "Algorithm")
        target = unquote(_attribute(data, "CipherReference", "URI"))
        if algorithm in (IDPF, ADOBE):
            obfuscated[target] = algorithm
        else:
            is_protected = True
    return Protection(is_protected, obfuscated)


def _attribute(element: etree._Element, name: str, attribute: str) -> str:
    for child in element.iter():
        if local_name(child) == name:
            return child.get(attribute) or ""
    return ""


def reveal_font(data: bytes, algorithm: str, unique_identifier: str) -> bytes:
    """Return a font with its obfuscation undone."""
    if algorithm == IDPF:
        key = hashlib.sha1(
            re.sub(r"[\x20\x09\x0d\x0a]", "", unique_identifier).encode(), usedforsecurity=False
        ).digest()
        length = 1040
    else:
        digits = re.sub(r"[^0-9A-Fa-f]", "", unique_identifier.rpartition(":")[2])
        if len(digits) != 32:
            return data
        key, length = bytes.fromhex(digits), 1024
    head = bytes(byte ^ key[index % len(key)] for index, byte in enumerate(data[:length]))
    return head + data[length:]
