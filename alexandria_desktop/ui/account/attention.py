"""The list of differences and refused changes, settled one by one, each with a way back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from alexandria_desktop.ui.account.cards import Difference, DifferenceCard, RefusedCard
from alexandria_desktop.ui.account.wording import holds_both, joined, value_words
from alexandria_desktop.ui.appearance.fonts import MEDIUM, TextSize
from alexandria_desktop.ui.context import Context
from alexandria_desktop.ui.shelf.wording import counted

if TYPE_CHECKING:
    from alexandria_desktop.library.syncing import Choice, Conflict, Refused, Syncing, Written

_SAID = {"mine": "Kept yours.", "theirs": "Kept the other version.", "both": "Kept both."}
_NOTHING = "No differences. Where two devices change the same words, both versions are shown here."
MOST = 50
"""Cards shown at once; the next come as these are settled."""


class AttentionList(QWidget):
    """Cards below a heading; where there are none, one sentence."""

    written = Signal()
    """Something was settled, or taken back."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._shown: object = None
        self.cards: list[DifferenceCard | RefusedCard] = []
        self.heading = QLabel("Differences")
        self.heading.setFont(context.appearance.font(TextSize.LARGE, MEDIUM))
        self.nothing = QLabel(_NOTHING)
        self.nothing.setProperty("tone", "muted")
        self.nothing.setWordWrap(True)
        self._more = QLabel()
        self._more.setProperty("tone", "muted")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 16, 0, 0)
        self._column.setSpacing(12)
        for part in (self.heading, self.nothing, self._more):
            self._column.addWidget(part)
        self._more.hide()

    def show_all(self, differences: list[Difference], refused: list[Refused]) -> None:
        """Show what there is; cards that stay keep the keyboard and the selection."""
        if (differences, refused) == self._shown:
            return
        self._shown = (differences, refused)
        focused = next((n for n, card in enumerate(self.cards) if card.isAncestorOf(self.focusWidget())), None)
        for card in self.cards:
            self._column.removeWidget(card)
            card.hide()
            card.deleteLater()
        self.cards = [self._difference_card(one) for one in differences[:MOST]]
        self.cards += [self._refused_card(one) for one in refused[: MOST - len(self.cards)]]
        for number, card in enumerate(self.cards):
            self._column.insertWidget(2 + number, card)
        total = len(differences) + len(refused)
        self.heading.setText(f"To look at · {total:,}" if total else "Differences")
        self.nothing.setVisible(not total)
        self._more.setVisible(total > len(self.cards))
        self._more.setText(f"{counted(total - len(self.cards), 'more waits', 'more wait')} for their turn.")
        if focused is not None:
            self.take_focus(min(focused, len(self.cards) - 1))

    def take_focus(self, number: int = 0) -> bool:
        """Put the keyboard on the buttons of a card; False where there is none."""
        if not 0 <= number < len(self.cards):
            return False
        card = self.cards[number]
        (card.mine if isinstance(card, DifferenceCard) else card.try_again).setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def focusWidget(self) -> QWidget:
        """Return what has the keyboard, wherever it is."""
        window = self.window()
        return window.focusWidget() or window

    # --- settling -----------------------------------------------------------------------------------------------

    def _difference_card(self, difference: Difference) -> DifferenceCard:
        card = DifferenceCard(self._context.appearance, difference)
        card.chosen.connect(self._on_chosen)
        return card

    def _refused_card(self, refused: Refused) -> RefusedCard:
        card = RefusedCard(self._context.appearance, refused)
        card.again.connect(self._on_again)
        card.aside.connect(self._on_aside)
        return card

    def _on_chosen(self, key: str) -> None:
        card = self.sender()
        if not isinstance(card, DifferenceCard):
            return
        conflict = card.conflict
        card.setEnabled(False)
        syncing = self._context.library.syncing
        choice = _choice(conflict, key)

        def done(before: Any) -> None:
            self.written.emit()
            undo = self._undoing(lambda: syncing.reopen(conflict.id, before))
            self._context.navigator.say(_SAID[key], undo=undo)

        self._run(lambda: syncing.keep(conflict.id, choice), done)

    def _on_again(self) -> None:
        card = self.sender()
        if isinstance(card, RefusedCard):
            sequence, syncing = card.refused.sequence, self._context.library.syncing
            card.setEnabled(False)
            self._run(lambda: syncing.try_again(sequence), self._on_written)

    def _on_aside(self) -> None:
        card = self.sender()
        if not isinstance(card, RefusedCard):
            return
        sequence, syncing = card.refused.sequence, self._context.library.syncing
        card.setEnabled(False)

        def done(aside: Any) -> None:
            self.written.emit()
            undo = None if aside is None else self._undoing(lambda: syncing.bring_back(aside))
            self._context.navigator.say("Put aside. What you wrote stays on this computer.", undo=undo)

        self._run(lambda: syncing.put_aside(sequence), done)

    def _undoing(self, call: Callable[[], None]) -> Callable[[], None]:
        return lambda: self._run(call, self._on_written)

    def _run(self, call: Callable[[], Any], done: Callable[[Any], None]) -> None:
        self._context.tasks.run(call, done, self._context.navigator.report)

    def _on_written(self, _: object) -> None:
        self.written.emit()


def look_up(syncing: Syncing) -> tuple[list[Difference], list[Refused]]:
    """Read what wants the reader's eye, and compare the versions; for any thread but Qt's."""
    return [_compared(one) for one in syncing.conflicts()], syncing.refused()


def _compared(conflict: Conflict) -> Difference:
    from alexandria_desktop.ui.account.difference import compared

    column = conflict.column
    return Difference(conflict, *compared(value_words(column, conflict.mine), value_words(column, conflict.theirs)))


def _choice(conflict: Conflict, key: str) -> Choice | Written:
    from alexandria_desktop.library.syncing import Choice, Written

    if key != "both":
        return Choice(key)
    # What the row holds has both already, unless the reader wrote over it since.
    return Choice.AS_IS if holds_both(conflict) and conflict.now == conflict.kept else Written(joined(conflict))


__all__ = ["AttentionList", "look_up"]
