"""Turn a drawn page for a dark theme: black becomes light and white dark, but red stays red and blue stays blue."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from alexandria_desktop.pdf.model import PageColors, PageImage

_LUMA = np.array([54, 183, 19], np.int32)
"""How much of its lightness a colour owes to red, green and blue; sums to 256."""


def turned(drawn: PageImage, colors: PageColors) -> QImage:
    """Return the picture in the theme's colours. A plain negative would make blue links orange and yellow inks blue."""
    pixels = np.frombuffer(drawn.data, np.uint8).reshape(-1, 3)
    red, green, blue = pixels[:, 0], pixels[:, 1], pixels[:, 2]
    greys = np.arange(255, -1, -1, dtype=np.int32)
    out = _packed(np.stack([greys, greys, greys], axis=1), colors)[green]
    coloured = np.flatnonzero((red ^ green) | (green ^ blue))  # mostly few: text is grey
    if coloured.size:
        chosen = pixels[coloured].astype(np.int32)
        lightness = (chosen @ _LUMA) >> 8
        out[coloured] = _packed(np.clip(255 - 2 * lightness[:, None] + chosen, 0, 255), colors)
    size = (drawn.width, drawn.height, drawn.width * 4)
    return QImage(out.tobytes(), *size, QImage.Format.Format_RGB32).copy()


def _packed(shades: NDArray[np.int32], colors: PageColors) -> NDArray[np.uint32]:
    """Return colours between paper (0) and ink (255) as Qt packs them."""
    out = np.full(len(shades), 0xFF000000, np.uint32)
    for channel, shift in enumerate((16, 8, 0)):
        paper, ink = colors.paper >> shift & 0xFF, colors.ink >> shift & 0xFF
        mixed = (paper + (ink - paper) * shades[:, channel] // 255).astype(np.uint32)
        np.bitwise_or(out, mixed << np.uint32(shift), out=out)
    return out
