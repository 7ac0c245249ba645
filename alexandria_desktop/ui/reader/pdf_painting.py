"""Paint PDF pages and what is marked on them in a theme's colours."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPainterPath, QPen

from alexandria_desktop.pdf.model import PageColors, PageInfo, Rect
from alexandria_desktop.theme.color import mix, parse
from alexandria_desktop.theme.inks import legible_strength
from alexandria_desktop.theme.model import Kind, Theme
from alexandria_desktop.theme.window import window_tokens
from alexandria_desktop.ui.reader.pdf_pages import to_display
from alexandria_desktop.ui.reader.pdf_selection import joined
from alexandria_desktop.ui.reader.pdf_tiles import Tile


class MarkKind(IntEnum):
    """What a mark means; 1 to 5 are the inks."""

    INK_1 = 1
    INK_2 = 2
    INK_3 = 3
    INK_4 = 4
    INK_5 = 5
    HIT = 6
    LIT = 7
    SELECTION = 8
    LAYER = 9


@dataclass(frozen=True, slots=True)
class Mark:
    """Rectangles of a page unturned that are painted in one colour."""

    rects: tuple[Rect, ...]
    kind: MarkKind


_LINES = {
    MarkKind.INK_2: Qt.PenStyle.SolidLine,
    MarkKind.INK_3: Qt.PenStyle.DotLine,
    MarkKind.INK_4: Qt.PenStyle.DashLine,
    MarkKind.INK_5: Qt.PenStyle.DashDotLine,
}
"""How the inks differ where hues are too few."""


@dataclass(frozen=True, slots=True)
class PdfLook:
    """The colours of pages and marks in a theme."""

    desk: QColor
    paper: QColor
    edge: QColor
    words: QColor
    marks: dict[MarkKind, QColor]
    blends: QPainter.CompositionMode
    """Darkens light paper and lightens dark paper, so that letters stay whole."""
    has_lines: bool
    line: QColor
    page_colors: PageColors
    is_dark: bool


def look_of(theme: Theme) -> PdfLook:
    """Return how pages look in a theme."""
    tokens = theme.tokens
    is_dark = theme.kind is Kind.DARK
    ground = parse("#000000" if is_dark else "#ffffff")

    def ink(color: str, wanted: float) -> QColor:
        strength = legible_strength(color, tokens, wanted=wanted)
        return QColor(str(mix(parse(color), ground, amount=strength)))

    marks = {MarkKind(number): ink(color, theme.light.ink_strength) for number, color in enumerate(tokens.inks, 1)}
    marks[MarkKind.HIT] = ink(tokens.accent, 0.25)
    marks[MarkKind.LIT] = ink(tokens.accent, 0.5)
    marks[MarkKind.LAYER] = QColor(tokens.accent)
    marks[MarkKind.SELECTION] = _selection(theme, is_dark=is_dark)
    blends = QPainter.CompositionMode
    return PdfLook(
        desk=QColor(window_tokens(theme).sidebar),
        paper=QColor(tokens.surface),
        edge=QColor(tokens.hairline),
        words=QColor(tokens.muted),
        marks=marks,
        blends=blends.CompositionMode_Screen if is_dark else blends.CompositionMode_Multiply,
        has_lines=theme.light.ink_lines,
        line=QColor(tokens.text),
        page_colors=PageColors(_number(tokens.text), _number(tokens.surface)),
        is_dark=is_dark,
    )


def paint_page(
    painter: QPainter,
    look: PdfLook,
    rect: QRectF,
    scale: float,
    tiles: Sequence[tuple[Tile, QImage | None]],
    older: Sequence[tuple[QRectF, QImage]],
    ratio: float,
) -> None:
    """Paint a page's paper and what is drawn of it; where sharp tiles lack, older ones, else blank paper."""
    painter.fillRect(rect.adjusted(-1, -1, 1, 1), look.edge)
    painter.fillRect(rect, look.paper)
    painter.save()
    painter.setClipRect(rect)
    if any(image is None for _, image in tiles):
        for points, old in older:
            painter.drawImage(
                QRectF(
                    rect.left() + points.left() * scale,
                    rect.top() + points.top() * scale,
                    points.width() * scale,
                    points.height() * scale,
                ),
                old,
            )
    for tile, image in tiles:
        if image is not None:
            image.setDevicePixelRatio(ratio)
            painter.drawImage(QPointF(rect.left() + tile.left / ratio, rect.top() + tile.top / ratio), image)
    painter.restore()


def paint_fault(painter: QPainter, look: PdfLook, rect: QRectF, sentence: str, font: QFont) -> None:
    """Say on a page's paper that it cannot be drawn."""
    painter.setFont(font)
    painter.setPen(look.words)
    flags = Qt.AlignmentFlag.AlignCenter.value | Qt.TextFlag.TextWordWrap.value
    painter.drawText(rect.adjusted(16, 16, -16, -16), flags, sentence)


def paint_marks(
    painter: QPainter, look: PdfLook, rect: QRectF, scale: float, info: PageInfo, marks: Iterable[Mark]
) -> None:
    """Paint marks so that the words under them stay as legible as they were."""
    painter.save()
    painter.setClipRect(rect)
    for mark in marks:
        path = QPainterPath()
        path.setFillRule(Qt.FillRule.WindingFill)  # lines that overlap are inked once
        boxes = [on_screen(one, info, rect, scale) for one in mark_rects(mark)]
        if mark.kind is MarkKind.LAYER:
            painter.setPen(QPen(look.marks[mark.kind], 2, Qt.PenStyle.DotLine))
            painter.drawLines([QLineF(box.bottomLeft(), box.bottomRight()) for box in boxes])
            continue
        for box in boxes:
            path.addRect(box)
        painter.setCompositionMode(look.blends)
        painter.fillPath(path, look.marks[mark.kind])
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
        style = _LINES.get(mark.kind)
        if look.has_lines and style is not None:
            painter.setPen(QPen(look.line, 1.5, style))
            painter.drawLines([QLineF(box.bottomLeft(), box.bottomRight()) for box in boxes])
    painter.restore()


def mark_rects(mark: Mark) -> Sequence[Rect]:
    """Return what a mark covers; hits beside each other stay apart, other marks close the gaps in a line."""
    return mark.rects if mark.kind is MarkKind.HIT else joined(mark.rects)


def on_screen(rect: Rect, info: PageInfo, page: QRectF, scale: float) -> QRectF:
    """Return where a rectangle of a page unturned is, given where the page is."""
    x0, y0, x1, y1 = to_display(info, rect)
    return QRectF(page.left() + x0 * scale, page.top() + y0 * scale, (x1 - x0) * scale, (y1 - y0) * scale)


def _selection(theme: Theme, *, is_dark: bool) -> QColor:
    """Return the selection's token such that, blended with the paper, it shows as the token itself where it can."""
    paper, wanted = QColor(theme.tokens.surface), QColor(theme.tokens.selection)

    def channel(under: int, goal: int) -> int:
        if is_dark:  # screen: goal = 255 - (255 - under) (255 - x) / 255
            return max(0, min(255, round(255 - 255 * (255 - goal) / max(1, 255 - under))))
        return max(0, min(255, round(255 * goal / max(1, under))))

    pairs = zip(paper.getRgb()[:3], wanted.getRgb()[:3], strict=True)  # type: ignore[index]
    return QColor(*(channel(under, goal) for under, goal in pairs))


def _number(color: str) -> int:
    return int(color.removeprefix("#"), 16)
