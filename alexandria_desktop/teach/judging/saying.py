"""What the figures of a question mean, in sentences for who teaches."""

from __future__ import annotations

from alexandria_desktop.teach.judging.items import ItemFigures

FEWEST_IN_GROUPS = 10
"""Attempts below which 27 % are fewer than three, and the two groups say nothing."""
_TOO_FEW = "too few answers"
_CLEAR, _FAIR, _WEAK = 0.4, 0.3, 0.2
"""The bounds of R. L. Ebel, "Procedures for the analysis of classroom tests", 1954, for the upper-lower index."""


def difference(figures: ItemFigures) -> float | None:
    """Return the upper-lower index, None where it says nothing."""
    return figures.upper_lower if figures.answered >= FEWEST_IN_GROUPS else None


def difference_words(figures: ItemFigures) -> str:
    """Return the upper-lower index as it stands in a table."""
    found = difference(figures)
    if found is not None:
        return f"{found * 100:+.0f} points"
    return _TOO_FEW if figures.answered < FEWEST_IN_GROUPS else "nobody is ahead"


def correlation_words(figures: ItemFigures) -> str:
    """Return the correlation with the other questions as it stands in a table."""
    return _TOO_FEW if figures.discrimination is None else f"{figures.discrimination:+.2f}"


def meaning(figures: ItemFigures) -> str:
    """Return what the upper-lower index says of a question, and what to do."""
    found = difference(figures)
    if figures.answered < FEWEST_IN_GROUPS:
        return (
            f"The best and the weakest are compared from {FEWEST_IN_GROUPS} answers on; there are {figures.answered}."
        )
    if found is None:
        return "All did equally well in the other questions, so there are no best and no weakest to compare."
    points = round(abs(found) * 100)
    if found < 0:
        said = f"The weakest 27 % did better here than the best, by {points} points of 100"
        return f"{said}: look whether the right answer is the one that is marked."
    said = f"The best 27 % of the class did better here than the weakest, by {points} points of 100"
    if found >= _CLEAR:
        return f"{said}: the question tells clearly who knows the matter."
    if found >= _FAIR:
        return f"{said}: the question tells fairly well who knows the matter."
    if found >= _WEAK:
        return f"{said}: the question tells a little; its wording may be worth a look."
    easy = figures.difficulty >= 0.9
    why = "nearly everybody had it right" if easy else "it may be unclear, or be guessed"
    return f"{said}: the question hardly tells who knows the matter; {why}."
