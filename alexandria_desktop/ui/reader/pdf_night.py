"""Turn a drawn page for a dark theme: black becomes light and white dark, but red stays red and blue stays blue."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from alexandria_desktop.pdf.model import PageColors, PageImage

_RED, _GREEN, _BLUE = 54, 183, 19
"""How much of its lightness a colour owes to each channel; they sum to 256, so that 16 bits hold the product."""

_BAND = 262_144
"""Pixels worked on at a time: what is in hand stays in the processor's cache."""


def turned(drawn: PageImage, colors: PageColors) -> QImage:
    """Return the picture in the theme's colours. A plain negative would make blue links orange and yellow inks blue."""
    pixels = np.frombuffer(drawn.data, np.uint8).reshape(-1, 3)
    tables = _tables(colors)
    greys = np.bitwise_or.reduce(tables)[::-1].copy()
    image = QImage(drawn.width, drawn.height, QImage.Format.Format_RGB32)
    out = np.frombuffer(image.bits(), np.uint32)
    for first in range(0, len(pixels), _BAND):
        band = pixels[first : first + _BAND]
        red, green, blue = (np.ascontiguousarray(band[:, channel]) for channel in range(3))
        np.take(greys, green, out=out[first : first + _BAND])
        coloured = np.flatnonzero((red ^ green) | (green ^ blue))  # mostly few: text is grey
        if coloured.size:
            chosen = (red[coloured], green[coloured], blue[coloured])
            out[first + coloured] = _turned_colours(chosen, tables)
    return image


def _turned_colours(
    channels: tuple[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.uint8]], tables: NDArray[np.uint32]
) -> NDArray[np.uint32]:
    """Return colours with their lightness turned and their hue kept, as Qt packs them."""
    red, green, blue = (channel.astype(np.uint16) for channel in channels)
    lightness = (red * _RED + green * _GREEN + blue * _BLUE) >> 8
    base = 255 - 2 * lightness.astype(np.int16)
    packed = np.zeros(len(base), np.uint32)
    for table, channel in zip(tables, (red, green, blue), strict=True):
        shade = np.clip(base + channel.astype(np.int16), 0, 255).astype(np.uint8)
        packed |= table[shade]
    return packed


def _tables(colors: PageColors) -> NDArray[np.uint32]:
    """Return, for each channel, the part of Qt's pixel of each shade between paper (0) and ink (255)."""
    shades = np.arange(256)
    tables = np.zeros((3, 256), np.uint32)
    for channel, shift in enumerate((16, 8, 0)):
        paper, ink = colors.paper >> shift & 0xFF, colors.ink >> shift & 0xFF
        tables[channel] = (paper + (ink - paper) * shades // 255) << shift | 0xFF000000
    return tables
