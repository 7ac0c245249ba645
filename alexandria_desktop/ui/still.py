"""The picture of the window as it was left, shown at once at the next start while the program comes up behind it.

A book that was read yesterday is back on its words in the time that Qt needs to open a window. The picture is only
shown where it is true: for the book that was open last, at the same size.
"""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QLabel, QWidget

PICTURE, FACTS = "window.png", "window.json"


@dataclass(frozen=True, slots=True)
class LastSight:
    """What was on the screen when the window was closed."""

    book_id: str
    title: str
    source: str
    """The file it was imported from, if that is known."""
    geometry: str
    """As Qt saves it, in base 64."""
    ratio: float


def take_sight(window: QWidget, *, book_id: UUID, title: str, source: str = "") -> tuple[LastSight, QImage]:
    """Return what is on the screen now; cheap enough for the Qt thread, unlike keeping it."""
    picture = window.grab()
    geometry = window.saveGeometry().toBase64().toStdString()
    return LastSight(str(book_id), title, source, geometry, picture.devicePixelRatio()), picture.toImage()


def keep_sight(folder: Path, sight: LastSight, picture: QImage) -> None:
    """Keep a sight on the disk; may run on any thread."""
    if save_picture(picture, folder / PICTURE):
        facts = {name: getattr(sight, name) for name in LastSight.__slots__}
        (folder / FACTS).write_text(json.dumps(facts), encoding="utf-8")


def save_picture(picture: QImage, file: Path) -> bool:
    """Write a picture so that whoever reads the file meanwhile sees the old one or the new one, whole."""
    part = file.with_name(f"{file.stem}.{threading.get_ident()}.part.png")
    saved = picture.save(str(part))
    if saved:
        part.replace(file)
    return saved


def forget_sight(folder: Path) -> None:
    """Forget the picture: something else is on the screen now."""
    (folder / FACTS).unlink(missing_ok=True)


def show_sight(folder: Path, named: str | None) -> QWidget | None:
    """Show the picture if it is what was asked for: the same book by id, title or file. None where it is not."""
    sight = _read(folder / FACTS)
    if sight is None or named is None or not _is_meant(sight, named):
        return None
    picture = QPixmap(str(folder / PICTURE))
    if picture.isNull():
        return None
    picture.setDevicePixelRatio(sight.ratio)
    still = QLabel()
    still.setWindowTitle(f"{sight.title} – Alexandria")
    still.setPixmap(picture)
    still.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
    if not still.restoreGeometry(QByteArray.fromBase64(QByteArray(sight.geometry.encode()))):
        still.resize(picture.deviceIndependentSize().toSize())
    still.show()
    return still


def _read(file: Path) -> LastSight | None:
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
        return LastSight(
            str(data["book_id"]),
            str(data["title"]),
            str(data["source"]),
            str(data["geometry"]),
            float(data["ratio"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _is_meant(sight: LastSight, named: str) -> bool:
    path = Path(named).expanduser()
    same_file = bool(sight.source) and path.is_file() and path.resolve() == Path(sight.source)
    return same_file or named.lower() in (sight.book_id, sight.title.lower())
