"""Draw the program's icon, one drawing in ``resources/icons``, into the forms that the three systems want.

    python packaging/release/icons.py FOLDER

leaves ``alexandria-16.png`` to ``alexandria-512.png``, ``alexandria.ico`` and ``alexandria.icns`` there.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PIL import Image
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

DRAWING = Path(__file__).resolve().parents[2] / "resources" / "icons" / "alexandria.svg"
SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)


def main() -> int:
    """Draw all forms into the one argument's folder."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    application = QGuiApplication([sys.argv[0], "-platform", "offscreen"])
    renderer = QSvgRenderer(str(DRAWING))
    if not renderer.isValid():
        sys.stderr.write(f"{DRAWING} is no drawing that Qt can read.\n")
        return 1
    for size in (*SIZES, 1024):
        image = QImage(QSize(size, size), QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        renderer.render(painter)
        painter.end()
        image.save(str(folder / f"alexandria-{size}.png"))
    with Image.open(folder / "alexandria-1024.png") as large:
        large.save(folder / "alexandria.icns")
        large.resize((256, 256), Image.Resampling.LANCZOS).save(
            folder / "alexandria.ico", sizes=[(size, size) for size in SIZES if size <= 256 and size != 22]
        )
    (folder / "alexandria-1024.png").unlink()
    application.quit()
    return 0


if __name__ == "__main__":
    sys.exit(main())
