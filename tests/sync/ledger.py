"""What was written, coloured and removed, so that in the end it can be seen whether anything was lost or came back.

A note's text only ever grows by words that nobody else writes, and no two colours are the same: whatever is missing in
the end was lost, unless a disk was lost with it.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

_NUMBERS = itertools.count(1)
_NOBODY = -1

Texts = Mapping[UUID, set[str]]
"""Words by note."""


def words_of(text: object) -> set[str]:
    """Return the words of a text, whatever marks stand around them."""
    return set(re.findall(r"\w+", str(text)))


@dataclass(frozen=True, slots=True)
class Removal:
    """Somebody removed a note, knowing these words of it."""

    note: UUID
    which: int
    seen: frozenset[str]


@dataclass(frozen=True, slots=True)
class Painting:
    """Somebody gave a note a colour, seeing another."""

    note: UUID
    before: str | None
    after: str


@dataclass
class Ledger:
    """Everything that people did to notes."""

    words: dict[UUID, set[str]] = field(default_factory=dict)
    """Every word that was written into a note and must be there in the end."""
    removals: list[Removal] = field(default_factory=list)
    removed: set[UUID] = field(default_factory=set)
    """Notes that were removed at any time, even if that was lost with a disk."""
    may_return: set[UUID] = field(default_factory=set)
    """Notes that were brought back, or that a backup may bring back."""
    paintings: list[Painting] = field(default_factory=list)
    painters: dict[UUID, set[int]] = field(default_factory=dict)

    def new_word(self, note: UUID | None = None) -> str:
        """Return a word that nobody else has written, entering it for a note that is there."""
        word = f"w{next(_NUMBERS)}"
        if note is not None:
            self.words[note].add(word)
        return word

    def paint(self, note: UUID, which: int, before: str | None) -> str:
        """Return a colour that no note has, entering it."""
        color = f"c{next(_NUMBERS)}"
        self.paintings.append(Painting(note, before, color))
        self.painters.setdefault(note, set()).add(which)
        return color

    def remove(self, note: UUID, which: int, text: str) -> None:
        """Enter that a note was removed."""
        self.removals.append(Removal(note, which, frozenset(words_of(text))))
        self.removed.add(note)

    def bring_back(self, note: UUID) -> None:
        """Enter that a note was brought back on purpose."""
        self.may_return.add(note)

    def lose(self, left: Texts, tombs: set[UUID], waiting: set[UUID]) -> None:
        """Enter that a disk was lost: what nobody has any more (``left``, ``tombs``) is asked of nobody.

        ``waiting`` are notes with changes that a backup tells again; they may undo a removal that knew of them.
        """
        for note in list(self.words):
            if note not in left:
                del self.words[note]
            else:
                self.words[note] &= left[note]
        # Who removed a note may have forgotten it with the disk, and give it a colour again without knowing.
        self.removals = [replace(one, which=_NOBODY) for one in self.removals if one.note in tombs]
        self.may_return |= waiting
        self.paintings.clear()

    def must_be_gone(self, note: UUID, words: set[str]) -> bool:
        """Whether a note that has these words in the end ought not to be there.

        An edit that a removal did not know of keeps the note; so may one of its colour.
        """
        if note in self.may_return:
            return False
        return any(
            one.note == note and words <= one.seen and not self.painters.get(note, set()) - {one.which}
            for one in self.removals
        )

    def unseen_colors(self, note: UUID, now: str | None, told: set[str]) -> set[str]:
        """Return colours that are neither there now, nor were seen by who gave another, nor told as a difference."""
        mine = [one for one in self.paintings if one.note == note]
        seen = {one.before for one in mine}
        return {one.after for one in mine} - seen - {now} - told
