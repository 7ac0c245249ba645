"""Cover pictures: decoded with care, made small once, kept by content."""

from __future__ import annotations

import hashlib
import io
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

WIDTH, HEIGHT = 480, 720
MAX_PIXELS = 40_000_000
"""A picture with more is not decoded; a few bytes can claim gigabytes."""


@dataclass(frozen=True, slots=True)
class Cover:
    """A cover, small enough to keep."""

    sha256: str
    data: bytes
    """JPEG."""


def make_cover(picture: bytes) -> Cover | None:
    """Return a small JPEG of a picture, or None where it cannot or should not be decoded."""
    from PIL import Image, UnidentifiedImageError

    if picture.lstrip()[:5].lower() in (b"<?xml", b"<svg "):
        from alexandria_desktop.ingest.svg_style import with_inline_styles
        from alexandria_desktop.pdf.picture import draw_svg

        drawn = draw_svg(with_inline_styles(picture), width=WIDTH)
        if drawn is None:
            return None
        picture = drawn
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(picture))
        if image.width * image.height > MAX_PIXELS or image.width < 8 or image.height < 8:
            return None
        image.draft("RGB", (WIDTH * 2, HEIGHT * 2))
        flat = _flatten(image)
        flat.thumbnail((WIDTH, HEIGHT), Image.Resampling.LANCZOS, reducing_gap=2.0)
        out = io.BytesIO()
        flat.save(out, "JPEG", quality=86, progressive=False)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    data = out.getvalue()
    return Cover(hashlib.sha256(data).hexdigest(), data)


def _flatten(image: Image.Image) -> Image.Image:
    """Lay a picture that lets light through on white."""
    from PIL import Image

    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        layered = image.convert("RGBA")
        ground = Image.new("RGB", layered.size, "white")
        ground.paste(layered, mask=layered.getchannel("A"))
        return ground
    return image.convert("RGB")


def cover_file(folder: Path, sha256: str) -> Path:
    """Return where a cover is kept."""
    return folder / sha256[:2] / f"{sha256}.jpg"


def keep_cover(folder: Path, cover: Cover) -> None:
    """Put a cover where it is kept, if it is not there."""
    target = cover_file(folder, cover.sha256)
    if target.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(".part")
    part.write_bytes(cover.data)
    part.replace(target)
