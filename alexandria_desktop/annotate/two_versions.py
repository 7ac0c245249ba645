"""Notes that hold two versions of some words, because two devices wrote them while apart (see ``sync.merge``)."""

from __future__ import annotations

WORDS = "Two versions"
ADVICE = "Two devices wrote here while apart. Take out what you do not want, with the signs ⟦ ¦ ⟧ around it."
_CLOSE = "⟧"


def has_two_versions(text: str) -> bool:
    """Whether a note waits for its writer to choose."""
    if _CLOSE not in text:
        return False  # nearly every note; the rest is worth an import
    from sync.merge.versions import blocks

    return any(True for _ in blocks(text))


def readable(text: str) -> str:
    """Return a note's words for where they are only read: versions side by side with a stroke between, no signs."""
    if _CLOSE not in text:
        return text
    from sync.merge.versions import blocks, versions_of

    found, at = [], 0
    for start, end in sorted(blocks(text)):
        found.append(text[at:start])
        versions = [readable(one) for one in sorted(versions_of(text[start:end]))]
        found.append(("\n/\n" if any("\n" in one for one in versions) else " / ").join(versions))
        at = end
    return "".join([*found, text[at:]])
