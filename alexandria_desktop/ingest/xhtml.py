"""Write the small XHTML pages that stand for the parts of a format which has none of its own."""

from __future__ import annotations

import re
from html import escape

MEDIA_TYPE = "application/xhtml+xml"
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def escaped(text: str) -> str:
    """Return text that may stand in XML, in an element or an attribute; what XML cannot hold is dropped."""
    return escape(_ILLEGAL.sub("", text), quote=True)


def page(body: str, *, title: str = "", language: str | None = None) -> bytes:
    """Return a whole XHTML document around the markup of its body."""
    lang = f' lang="{escaped(language)}" xml:lang="{escaped(language)}"' if language else ""
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"'
        f"{lang}><head><title>{escaped(title)}</title></head><body>{body}</body></html>"
    ).encode()
