"""Asking before anything leaves the program for the internet."""

from __future__ import annotations

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QMessageBox, QWidget


def ask_to_open(parent: QWidget, address: str, sentence: str) -> None:
    """Open an address in the browser if the reader wants that."""
    box = QMessageBox(parent)
    box.setWindowTitle("Open a link")
    box.setText(sentence)
    box.setInformativeText(address[:300])
    open_it = box.addButton("Open in the browser", QMessageBox.ButtonRole.AcceptRole)
    box.addButton("Stay here", QMessageBox.ButtonRole.RejectRole)
    box.exec()
    if box.clickedButton() is open_it:
        QDesktopServices.openUrl(QUrl(address))
