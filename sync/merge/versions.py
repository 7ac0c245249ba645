"""How a text shows two versions of one place: ⟦red ¦ blue⟧.

The versions are sorted and each stands there once, so the same block comes out in whichever order they met. Versions of
several lines stand on lines of their own. Whoever reads it takes out what they do not want; until then the block is
one token and takes further versions in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

_OPEN, _CLOSE, _BAR = "⟦", "⟧", "¦"


def block(versions: Iterable[str]) -> str:
    """Return one block with all versions."""
    chosen = sorted(set(versions))
    if len(chosen) == 1:
        return chosen[0]
    space = "\n" if any("\n" in version or "\r" in version for version in chosen) else " "
    bar = f"{space}{_BAR}{space}"
    edge = space if space == "\n" else ""
    return f"{_OPEN}{edge}{bar.join(chosen)}{edge}{_CLOSE}"


def versions_of(text: str) -> frozenset[str]:
    """Return the versions in a block; a text that is no block is its own only version."""
    if list(blocks(text)) != [(0, len(text))]:
        return frozenset({text})
    inner = text[1:-1]
    bar = f" {_BAR} "
    if inner.startswith("\n") and inner.endswith("\n"):
        inner, bar = inner[1:-1], f"\n{_BAR}\n"
    found, depth, start = [], 0, 0
    for place, sign in enumerate(inner):
        depth += (sign == _OPEN) - (sign == _CLOSE)
        if not depth and sign == _BAR and inner.startswith(bar, place - 1) and place > start:
            found.append(inner[start : place - 1])
            start = place + 2
    return frozenset({*found, inner[start:]})


def blocks(text: str) -> Iterator[tuple[int, int]]:
    """Yield where the outermost blocks of a text are; brackets without a partner are signs like any other."""
    if _CLOSE not in text:
        return
    opened: list[int] = []
    found: list[tuple[int, int]] = []
    bar = -1
    for place, sign in enumerate(text):
        if sign == _OPEN:
            opened.append(place)
        elif sign == _BAR:
            bar = place
        elif sign == _CLOSE and opened:
            start = opened.pop()
            if bar > start:
                while found and found[-1][0] > start:
                    found.pop()
                found.append((start, place + 1))
    yield from found
