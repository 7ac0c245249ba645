"""The files of a course: their bytes by content, and what is to be said of some that come in."""

from __future__ import annotations

import hashlib
import posixpath
from collections.abc import Mapping

from sync.assessing.media import Media

Files = Mapping[str, bytes]
"""Bytes by their SHA-256 in lower-case hexadecimal."""

MEDIA_TYPES = {
    ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif", ".webp": "image/webp",
    ".mp4": "video/mp4", ".webm": "video/webm", ".ogv": "video/ogg", ".mp3": "audio/mpeg", ".ogg": "audio/ogg",
    ".m4a": "audio/mp4", ".wav": "audio/wav", ".vtt": "text/vtt", ".pdf": "application/pdf",
}  # fmt: skip
"""What may come in from a package, by the end of its name. SVG is left out: it can hold scripts."""

_BEGINNINGS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"), (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"), (b"%PDF-", "application/pdf"), (b"WEBVTT", "text/vtt"), (b"\x1aE\xdf\xa3", "video/webm"),
    (b"OggS", "audio/ogg"), (b"ID3", "audio/mpeg"), (b"\xff\xfb", "audio/mpeg"),
)  # fmt: skip


def media_of(data: bytes, name: str, *, alt: str = "") -> Media:
    """Return what is to be said of some bytes."""
    return Media(
        sha256=hashlib.sha256(data).hexdigest(),
        media_type=media_type_of(data, name),
        name=posixpath.basename(name.replace("\\", "/"))[:200],
        alt=alt,
    )


def media_type_of(data: bytes, name: str) -> str:
    """Return the type of a file by its first bytes, or by its name where these say nothing."""
    for beginning, found in _BEGINNINGS:
        if data.startswith(beginning):
            return found
    if data[:4] == b"RIFF":
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav"}.get(data[8:12], "application/octet-stream")
    if data[4:8] == b"ftyp":
        return "audio/mp4" if data[8:11] == b"M4A" else "video/mp4"
    return MEDIA_TYPES.get(posixpath.splitext(name.lower())[1], "application/octet-stream")
