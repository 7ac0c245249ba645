"""The quiet bar over words that are written: what they can be, each with its key; and where a link leads to."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from alexandria_desktop.ui.appearance.appearance import Appearance
from alexandria_desktop.ui.courses.builder.rich_edit import RichEdit
from alexandria_desktop.ui.courses.builder.rich_links import chosen_link, set_link, take_link
from alexandria_desktop.ui.courses.words import small
from alexandria_desktop.ui.widgets.button import ButtonKind, make_button, make_icon_button
from alexandria_desktop.ui.widgets.menu import Menu
from sync.assessing.addresses import typed_address

HEADINGS = ((0, "Paragraph"), (2, "Heading"), (3, "Smaller heading"), (4, "Smallest heading"))


class FormatBar(QFrame):
    """Acts on the field that has the keyboard; dim where none has."""

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.target: RichEdit | None = None
        self._appearance = appearance
        self._marks: dict[str, QToolButton] = {}
        self._words: QTextCursor | None = None
        """What a link is asked for."""
        self.setProperty("panel", "bar")
        self.setAccessibleName("What words can be")
        self.link = LinkField(appearance)
        self.link.given.connect(self._set_link)
        self.link.left.connect(self._end_link)
        self._stack = QStackedWidget()
        self._row = self._buttons()
        self._stack.addWidget(self._row)
        self._stack.addWidget(self.link)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 3, 8, 3)
        column.addWidget(self._stack)
        self.setFixedHeight(42)
        self._refresh()

    def follow(self, widget: QWidget | None) -> None:
        """Act on this field, if it is one that words are written in; the bar's own field changes nothing."""
        if widget is self.target or widget is None or self.isAncestorOf(widget):
            return
        if self.target is not None:
            self.target.cursorPositionChanged.disconnect(self._refresh)
            self.target.currentCharFormatChanged.disconnect(self._refresh)
            self.target.link_wanted.disconnect(self.ask_for_link)
            self.target.destroyed.disconnect(self._forget)
        self.target = widget if isinstance(widget, RichEdit) else None
        self._stack.setCurrentIndex(0)
        if self.target is not None:
            self.target.cursorPositionChanged.connect(self._refresh)
            self.target.currentCharFormatChanged.connect(self._refresh)
            self.target.link_wanted.connect(self.ask_for_link)
            self.target.destroyed.connect(self._forget)
        self._refresh()

    def ask_for_link(self) -> None:
        """Ask where the chosen words lead."""
        if self.target is not None:
            self._words, address = chosen_link(self.target.textCursor())
            self._stack.setCurrentWidget(self.link)
            self.link.ask(address)

    # --- the buttons --------------------------------------------------------------------------------------------

    def _buttons(self) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        acts: tuple[tuple[str, str, Callable[[RichEdit], object]], ...] = (
            ("bold", "Bold (Ctrl+B)", RichEdit.toggle_strong),
            ("italic", "Italic (Ctrl+I)", RichEdit.toggle_emphasis),
            ("heading", "Heading (Ctrl+Alt+1 to 3)", lambda _: self._choose_heading()),
            ("contents", "List (Ctrl+Shift+8)", lambda edit: edit.toggle_list()),
            ("list-numbers", "Numbered list (Ctrl+Shift+7)", lambda edit: edit.toggle_list(numbered=True)),
            ("quote", "Quotation (Ctrl+Shift+9)", RichEdit.toggle_quotation),
            ("link", "Link (Ctrl+K on chosen words)", lambda _: self.ask_for_link()),
            ("plain", "Remove formatting (Ctrl+Space)", RichEdit.make_plain),
        )
        for icon, name, act in acts:
            button = make_icon_button(self._appearance.icon(icon, "muted"), name)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the keyboard stays with the words; each has a key
            button.setCheckable(icon != "plain")
            button.clicked.connect(lambda _=False, act=act: self._do(act))
            row.addWidget(button)
            self._marks[icon] = button
        row.addStretch(1)
        return holder

    def _do(self, act: Callable[[RichEdit], object]) -> None:
        if self.target is not None:
            act(self.target)
        self._refresh()

    def _choose_heading(self) -> None:
        edit, button = self.target, self._marks["heading"]
        if edit is None:
            return
        menu = Menu(parent=self)
        menu.aboutToHide.connect(menu.deleteLater)
        for level, words in HEADINGS:
            action = menu.addAction(words)
            action.setCheckable(True)
            action.setChecked(level == edit.heading())
            action.setData(level)
        menu.triggered.connect(lambda action: edit.set_heading(int(action.data())))
        menu.popup(button.mapToGlobal(QPoint(0, button.height())))

    def _refresh(self, _: object = None) -> None:
        """Show what the words at the cursor are."""
        edit = self.target
        self._row.setEnabled(edit is not None)
        if edit is None:
            states = dict.fromkeys(self._marks, False)
        else:
            states = {
                "bold": edit.is_strong(), "italic": edit.fontItalic(), "heading": edit.heading() > 0,
                "contents": edit.listed() == "ul", "list-numbers": edit.listed() == "ol",
                "quote": edit.is_quotation(), "link": bool(chosen_link(edit.textCursor())[1]),
            }  # fmt: skip
        for name, state in states.items():
            self._marks[name].setChecked(state)

    def _forget(self) -> None:
        self.target, self._words = None, None
        self._stack.setCurrentIndex(0)
        self._refresh()

    # --- links --------------------------------------------------------------------------------------------------

    def _set_link(self, address: str) -> None:
        words, edit = self._words, self.target
        if words is not None and edit is not None:
            if address:
                set_link(words, address, edit.palette())
            else:
                take_link(words)
        self._end_link()

    def _end_link(self) -> None:
        self._words = None
        if self.target is not None:  # before the field goes: Qt would give the keyboard to what comes next
            self.target.setFocus(Qt.FocusReason.OtherFocusReason)
        self._stack.setCurrentIndex(0)
        self._refresh()


class LinkField(QWidget):
    """Where a link leads to, typed or pasted."""

    given = Signal(str)
    """The address; nothing for no link any more."""
    left = Signal()

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._wrong = small(appearance, tone="danger")
        self._wrong.setWordWrap(False)
        self.line = QLineEdit()
        self.line.setAccessibleName("Where the link leads")
        self.line.setPlaceholderText("https://… or a mail address")
        self.line.returnPressed.connect(self._take)
        self.line.textEdited.connect(lambda _: self._wrong.setText(""))
        self.gone = make_button("Take the link away", kind=ButtonKind.QUIET)
        self.gone.clicked.connect(lambda: self.given.emit(""))
        take = make_button("Set the link")
        take.clicked.connect(self._take)
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.line, 1)
        for part in (self._wrong, take, self.gone):
            row.addWidget(part)

    def ask(self, address: str) -> None:
        """Ask anew; ``address`` is where it leads now."""
        self.line.setText(address.removeprefix("mailto:"))
        self._wrong.setText("")
        self.gone.setVisible(bool(address))
        self.line.selectAll()
        self.line.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leaves the words as they are."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _take(self) -> None:
        typed = self.line.text().strip()
        address = typed_address(typed)
        if typed and not address:
            self._wrong.setText("This is no address of the web or of mail.")
        else:
            self.given.emit(address)
