"""The certificate of a course as a PDF: one page, in the reading face."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from PySide6.QtCore import QMarginsF, QRectF, Qt
from PySide6.QtGui import QColor, QPageLayout, QPageSize, QPainter, QPdfWriter, QPen

from alexandria_desktop.base.errors import Code, SurroundingsError
from alexandria_desktop.ui.appearance.fonts import MEDIUM, page_font

_DOTS = 300
_INK, _FAINT = QColor("#1d2430"), QColor("#6b7280")


def write_certificate(path: Path, *, course: str, student: str, on: date, lessons: int) -> None:
    """Write a certificate; raises SurroundingsError(store.read-only) where the file cannot be written."""
    writer = QPdfWriter(str(path))
    writer.setResolution(_DOTS)
    writer.setTitle(f"Certificate: {course}")
    writer.setCreator("Alexandria")
    writer.setPageLayout(
        QPageLayout(QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Landscape, QMarginsF(0, 0, 0, 0))
    )
    painter = QPainter()
    if not painter.begin(writer):
        raise SurroundingsError(Code.STORE_READ_ONLY, "The certificate could not be written there.", detail=str(path))
    try:
        _draw(painter, QRectF(0, 0, writer.width(), writer.height()), course, student, on, lessons)
    finally:
        painter.end()


def _draw(painter: QPainter, page: QRectF, course: str, student: str, on: date, lessons: int) -> None:
    edge = page.height() * 0.06
    painter.setPen(QPen(_FAINT, page.height() * 0.0015))
    painter.drawRect(page.adjusted(edge, edge, -edge, -edge))
    lines = (
        ("Certificate", 0.16, 46, MEDIUM, _INK),
        (student or "A student", 0.36, 60, MEDIUM, _INK),
        ("has completed the course", 0.52, 34, 400, _FAINT),
        (course, 0.60, 50, MEDIUM, _INK),
        (f"{lessons} lessons · {on.isoformat()}", 0.80, 28, 400, _FAINT),
    )
    unit = page.height() / 1000
    for text, top, size, weight, ink in lines:
        painter.setFont(page_font(round(size * unit), weight))
        painter.setPen(ink)
        box = QRectF(
            page.left() + edge * 2, page.top() + page.height() * top, page.width() - edge * 4, page.height() * 0.16
        )
        painter.drawText(box, int(Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap), text)
