"""Under which media types bytes are handed out: a fixed list, because a browser may act on the others."""

from __future__ import annotations

UNKNOWN = "application/octet-stream"

SAFE = frozenset(
    {
        "application/epub+zip",
        "application/pdf",
        "application/vnd.amazon.ebook",
        "application/vnd.comicbook+zip",
        "application/x-fictionbook+xml",
        "application/x-mobipocket-ebook",
        "application/zip",
        "audio/mp4",
        "audio/mpeg",
        "audio/ogg",
        "font/otf",
        "font/ttf",
        "font/woff2",
        "image/avif",
        "image/gif",
        "image/jpeg",
        "image/png",
        "image/webp",
        "text/markdown",
        "text/plain",
    }
)
"""Nothing that runs (HTML, SVG, XML that a browser shows) is among them."""


def safe_media_type(given: str) -> str:
    """Return the type without its parameters if it is on the list, else that of bytes that nobody knows."""
    bare = given.partition(";")[0].strip().lower()
    return bare if bare in SAFE else UNKNOWN
