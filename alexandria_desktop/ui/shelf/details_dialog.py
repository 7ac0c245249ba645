"""Everything about one book, to be read and changed; the file itself is never written to."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from uuid import UUID

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QKeySequence, QPixmap, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from alexandria_desktop.book.model import Metadata
from alexandria_desktop.library.library import Library
from alexandria_desktop.store.book_rows import BookDetails
from alexandria_desktop.ui.appearance.fonts import MEDIUM, TextSize
from alexandria_desktop.ui.context import Context
from alexandria_desktop.ui.shelf.cover_art import Wanted, draw_cover
from alexandria_desktop.ui.shelf.cover_colors import CoverLook, look_of
from alexandria_desktop.ui.shelf.stars import Stars
from alexandria_desktop.ui.shelf.wording import authors_line, day, format_name, percent, size_words
from alexandria_desktop.ui.tasks import Task
from alexandria_desktop.ui.widgets.button import ButtonKind, make_button

COVER = QSize(144, 216)
_BESIDE, _FIELD = 168, 32
_LEVEL = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop


@dataclass(frozen=True, slots=True)
class _Found:
    details: BookDetails
    cover: QImage
    has_file: bool


class DetailsDialog(QDialog):
    """A form beside the cover; Save writes what the library says of the book."""

    def __init__(self, context: Context, book: UUID, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self._book = book
        self._details: BookDetails | None = None
        self._task: Task | None = None
        self.setWindowTitle("About this book")
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(720, 620)
        self.title, self.authors = QLineEdit(), QLineEdit()
        self.series, self.series_index = QLineEdit(), QLineEdit()
        self.language, self.published = QLineEdit(), QLineEdit()
        self.publisher, self.tags = QLineEdit(), QLineEdit()
        self.description = QPlainTextEdit()
        self.stars = Stars(context.appearance)
        self._cover = QLabel(alignment=_LEVEL)
        self._cover.setFixedSize(COVER)
        self._facts = QLabel()
        self._facts.setProperty("tone", "muted")
        self._facts.setFont(context.appearance.font(TextSize.SMALL))
        self._facts.setWordWrap(True)
        self._facts.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._wrong = QLabel()
        self._wrong.setProperty("tone", "danger")
        self._wrong.setWordWrap(True)
        self.save = make_button("Save", kind=ButtonKind.PRIMARY)
        self.save.setDefault(True)
        self.save.clicked.connect(self._on_save)
        self._cancel = make_button("Cancel")
        self._cancel.clicked.connect(self.reject)
        self._name_fields()
        self._lay_out()
        QShortcut(QKeySequence("Ctrl+Return"), self, self._on_save)
        self.title.textChanged.connect(self._on_title)
        self.setEnabled(False)
        self._read()

    def done(self, result: int) -> None:
        """Close; what is still under way is not waited for."""
        if self._task is not None:
            self._task.cancel()
        super().done(result)

    def _name_fields(self) -> None:
        self.authors.setPlaceholderText("Names, with a semicolon between them")
        self.tags.setPlaceholderText("Words, with a comma between them")
        self.language.setPlaceholderText("en, de, pt-br…")
        self.published.setPlaceholderText("1851 or 1851-10-18")
        self.series_index.setPlaceholderText("No.")
        self.description.setTabChangesFocus(True)
        self.series_index.setAccessibleName("Number in the series")
        self.series_index.setFixedWidth(72)

    def _lay_out(self) -> None:
        whole = QHBoxLayout()
        whole.setSpacing(24)
        beside = QWidget()
        beside.setFixedWidth(_BESIDE)
        left = QVBoxLayout(beside)
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(12)
        left.addWidget(self._cover)
        left.addWidget(self.stars)
        left.addWidget(self._facts)
        left.addStretch(1)
        whole.addWidget(beside)
        whole.addLayout(self._form(), 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(16)
        column.addLayout(whole, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self._wrong, 1)
        buttons.addWidget(self._cancel)
        buttons.addWidget(self.save)
        column.addLayout(buttons)

    def _form(self) -> QGridLayout:
        form = QGridLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(12)
        self.title.setFont(self._context.appearance.font(TextSize.BODY, MEDIUM))
        series = QHBoxLayout()
        series.setSpacing(8)
        series.addWidget(self.series, 1)
        series.addWidget(self.series_index)
        published = QHBoxLayout()
        published.setSpacing(8)
        published.addWidget(self.published, 1)
        published.addSpacing(8)
        published.addWidget(_label("Language", self.language))
        published.addWidget(self.language, 1)
        rows: tuple[tuple[str, QWidget, QHBoxLayout | None], ...] = (
            ("Title", self.title, None),
            ("Authors", self.authors, None),
            ("Series", self.series, series),
            ("Published", self.published, published),
            ("Publisher", self.publisher, None),
            ("Tags", self.tags, None),
            ("Description", self.description, None),
        )
        for number, (words, field, line) in enumerate(rows):
            form.addWidget(_label(words, field), number, 0, Qt.AlignmentFlag.AlignTop)
            if line is None:
                form.addWidget(field, number, 1)
            else:
                form.addLayout(line, number, 1)
        form.setRowStretch(len(rows) - 1, 1)
        return form

    def _read(self) -> None:
        library, book = self._context.library, self._book
        look, ratio = look_of(self._context.appearance.theme), self.devicePixelRatioF()
        self._task = self._context.tasks.run(
            lambda: _look_up(library, book, look, ratio), self._fill, self._on_failed, priority=3
        )

    def _fill(self, found: _Found) -> None:
        details = self._details = found.details
        known = details.metadata
        self.title.setText(known.title)
        self.authors.setText("; ".join(known.authors))
        self.series.setText(known.series or "")
        self.series_index.setText(f"{known.series_index:g}" if known.series_index is not None else "")
        self.language.setText(known.language or "")
        self.published.setText(known.published or "")
        self.publisher.setText(known.publisher or "")
        self.tags.setText(", ".join(details.tags))
        self.description.setPlainText(known.description or "")
        self.stars.set_rating(details.row.rating)
        self._cover.setPixmap(QPixmap.fromImage(found.cover))
        self._cover.setAccessibleName(f"Cover of {known.title}")
        self._facts.setText(facts(details, has_file=found.has_file))
        for field in (self.title, self.authors, self.series, self.publisher, self.tags):
            field.setCursorPosition(0)
        self.setEnabled(True)
        self.title.setFocus(Qt.FocusReason.OtherFocusReason)
        self.title.selectAll()

    def _on_title(self, text: str) -> None:
        self.save.setEnabled(bool(text.strip()))
        self._wrong.setText("" if text.strip() else "A book needs a title.")

    def _on_save(self) -> None:
        details = self._details
        if details is None or not self.save.isEnabled():
            return
        changed = self._changed(details.metadata)
        if changed is None:
            self._wrong.setText("The number in a series is written as 3 or 2.5.")
            self.series_index.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        tags = tuple(tag.strip() for tag in self.tags.text().split(",") if tag.strip())
        rating = self.stars.rating or None
        shelf, book = self._context.library.shelf, self._book

        def write() -> None:
            if changed != details.metadata or tags != details.tags:
                there = shelf.details(book)  # what came from elsewhere meanwhile stays, but for what was typed here
                typed = _typed(details.metadata, changed, there.metadata)
                shelf.update(book, typed, tags=tags if tags != details.tags else there.tags, genre=there.genre)
            if rating != details.row.rating:
                shelf.rate(book, rating)

        self.setEnabled(False)
        self._task = self._context.tasks.run(write, lambda _: self.accept(), self._on_failed, priority=3)

    def _changed(self, known: Metadata) -> Metadata | None:
        index = self.series_index.text().strip().replace(",", ".")
        try:
            number = float(index) if index else None
        except ValueError:
            return None
        return dataclasses.replace(
            known,
            title=self.title.text().strip(),
            authors=tuple(name.strip() for name in self.authors.text().split(";") if name.strip()),
            series=self.series.text().strip() or None,
            series_index=number,
            language=self.language.text().strip().lower() or None,
            published=self.published.text().strip() or None,
            publisher=self.publisher.text().strip() or None,
            description=self.description.toPlainText().strip() or None,
        )

    def _on_failed(self, error: object) -> None:
        self.setEnabled(True)
        message, code = getattr(error, "message", ""), getattr(error, "code", "")
        self._wrong.setText(f"{message} ({code})")


def _typed(known: Metadata, changed: Metadata, there: Metadata) -> Metadata:
    """Return what is there with the fields that were changed."""
    names = [field.name for field in dataclasses.fields(Metadata)]
    values = {name: getattr(changed, name) for name in names if getattr(changed, name) != getattr(known, name)}
    return dataclasses.replace(there, **values)


def facts(details: BookDetails, *, has_file: bool) -> str:
    """Return what cannot be changed: format, size, days, and whether the file is here."""
    row, file = details.row, details.file
    first = [format_name(row.format)]
    if file is not None:
        first.append(size_words(file.size))
    if details.page_count:
        first.append(f"{details.page_count:,} pages")
    lines = [" · ".join(first), f"Added {day(row.added_at)}"]
    if row.last_opened is not None:
        lines.append(f"Opened {day(row.last_opened)}")
    if row.progress > 0:
        lines.append(f"{percent(row.progress)} read")
    if file is not None:
        lines.append(file.name)
    lines.append("The file is in the library." if has_file else "The file is not on this computer.")
    return "\n".join(lines)


def _look_up(library: Library, book: UUID, look: CoverLook, ratio: float) -> _Found:
    details = library.shelf.details(book)
    row, file = details.row, details.file
    wanted = Wanted(row.id, row.title, authors_line(row), COVER.width(), COVER.height(), ratio, look)
    cover = draw_cover(wanted, library.shelf.cover(row))
    has_file = file is not None and file.path is not None and (library.paths.root / file.path).exists()
    return _Found(details, cover, has_file)


def _label(words: str, field: QWidget) -> QLabel:
    label = QLabel(words)
    label.setProperty("tone", "muted")
    label.setBuddy(field)
    label.setFixedHeight(_FIELD)
    field.setAccessibleName(words)
    return label
