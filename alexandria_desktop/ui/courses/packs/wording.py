"""What the dialogs of packs say, made of what the library tells."""

from __future__ import annotations

from alexandria_desktop.library.course_packs import Arrived, BookChoice, OpenedPack, PackView, TakenAnswers
from alexandria_desktop.ui.shelf.wording import day, size_words

_ARRIVED = {
    Arrived.NEW: "“{}” is among your courses.",
    Arrived.UPDATED: "“{}” is up to date; what you did in it is kept.",
    Arrived.SAME: "You have “{}” as it is in this pack.",
    Arrived.MINE: "You made “{}”; here it is.",
    Arrived.FROM_SERVER: "Your server brings “{}”; only books were taken from the pack.",
}


def about_choice(choice: BookChoice) -> str:
    """Return the line below a book that may be given or not."""
    who = ", ".join(choice.authors)
    if choice.file is None or not choice.can_be_given:
        return " · ".join(part for part in (who, "its file is not on this computer") if part)
    rights = " ".join(choice.rights.split())
    rights = f"{rights[:110].rstrip()}…" if len(rights) > 110 else rights
    return " · ".join(
        part for part in (who, size_words(choice.file.size), rights or "says nothing of its rights") if part
    )


def about_pack(view: PackView) -> str:
    """Return whose a pack is, of when, and how much comes with it."""
    manifest = view.manifest
    who = f"by {manifest.author}" if manifest.author else "without a name"
    return " · ".join((who, f"made on {day(manifest.made_at)}", size_words(manifest.size)))


def about_books(view: PackView) -> str:
    """Return the books that come with a pack, a line each."""
    new = {one.sha256 for one in view.new_books}
    lines = []
    for book in view.manifest.books:
        who = ", ".join(book.authors)
        line = f"“{book.title}”{f', {who}' if who else ''}"
        lines.append(line if book.sha256 in new else f"{line} (on your shelf already)")
    return "\n".join(lines)


def about_key(view: PackView) -> str:
    """Return what is to be said of the key that signed a pack."""
    if view.other_key:
        return (
            "Another key signed this pack than the one that you have. Either your teacher has a new computer, or "
            f"somebody else made it. The key of before reads: {view.other_key}."
        )
    if view.arrives is Arrived.NEW:
        return "You see this key for the first time. Ask your teacher whether theirs reads the same."
    return "It is the key of before."


def told_of_pack(opened: OpenedPack) -> str:
    """Return what to say once a pack was opened."""
    sentence = _ARRIVED[opened.arrived].format(opened.title)
    if opened.books:
        count = len(opened.books)
        sentence += f" {count} {'book' if count == 1 else 'books'} came along."
    return sentence


def told_of_answers(taken: TakenAnswers) -> str:
    """Return what to say once a file of answers was taken in."""
    who = taken.student or "A student without a name"
    attempts = f"{taken.new} new {'attempt' if taken.new == 1 else 'attempts'}"
    known = f", {taken.known} already here" if taken.known else ""
    strange = f", {taken.strange} of another course left out" if taken.strange else ""
    return f"{who}: {attempts}{known}{strange}."


def progress_words(done: int, total: int) -> str:
    """Return how much of a copy is done."""
    return f"{size_words(done)} of {size_words(total)}" if total else ""
