"""What students are to be able to do, and the words in it that say what it is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from alexandria_desktop.teach.compiling.tongues import Tongue, tongue
from alexandria_desktop.teach.compiling.words import Word, stem, stems_of, words_of
from alexandria_desktop.text.fold import fold


@dataclass(frozen=True, slots=True)
class Objective:
    """One objective."""

    text: str
    words: tuple[str, ...]
    """Those that are left when what the student does, and small words, are taken out."""
    stems: tuple[str, ...]

    @property
    def matter(self) -> str:
        """The words that it is about."""
        return " ".join(self.words) or self.text


def objective_of(text: str, languages: Sequence[str]) -> Objective:
    """Read an objective in whichever of some languages, or English, it has most small words of."""
    words = words_of(text)
    tongues = [tongue(language) for language in dict.fromkeys(("en", *languages))]
    own = max(tongues, key=lambda one: sum(_is_no_matter(word, one) for word in words))
    chosen = tuple(dict.fromkeys(word.text for word in words if not _is_no_matter(word, own)))
    stems = tuple(dict.fromkeys(one for word in chosen for one in stems_of(word)))
    return Objective(text, chosen, stems or tuple(dict.fromkeys(stems_of(text))))


def _is_no_matter(word: Word, known: Tongue) -> bool:
    plain = fold(word.text)
    return plain in known.small or plain in known.asking


def shared_words(text: str, objective: Objective) -> tuple[str, ...]:
    """Return the words of an objective that stand in a text, as the objective writes them."""
    there = set(stems_of(text))
    return tuple(word for word in objective.words if stem(word) in there or there & set(stems_of(word)))
