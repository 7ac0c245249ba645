"""Draw a vector picture (SVG) as pixels; MuPDF fetches nothing and runs nothing."""

from __future__ import annotations

import pymupdf

from alexandria_desktop.pdf.opening import quiet

MAX_BYTES = 16 * 1024 * 1024


def draw_svg(data: bytes, *, width: int) -> bytes | None:
    """Return an SVG as PNG bytes of a width in pixels, or None where it cannot be drawn."""
    if len(data) > MAX_BYTES:
        return None
    quiet()
    try:
        with pymupdf.open(stream=data, filetype="svg") as document:
            page = document[0]
            if page.rect.width < 1 or page.rect.height < 1 or page.rect.height > 8 * page.rect.width:
                return None
            zoom = width / page.rect.width
            picture: bytes = page.get_pixmap(matrix=pymupdf.Matrix(zoom, zoom), alpha=False).tobytes("png")
            return picture
    except (RuntimeError, ValueError, IndexError):
        return None
