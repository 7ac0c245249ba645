"""How keeping in step is put into words: the line in the sidebar, differences, refusals, values."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from alexandria_desktop.ui.shelf.wording import counted, day

if TYPE_CHECKING:
    from alexandria_desktop.library.syncing import Conflict, Refused, SyncStatus

NO_ACCOUNT = "Keep devices in step"
_SEPARATE = ("sync.signed-out",)
_ON_THE_WAY = ("sync.untrusted", "sync.proxy")
"""There is a network, and something in it is in the way."""

_THINGS = {
    "user_notes": "this note",
    "user_libraries": "this book on your shelf",
    "user_collections": "this collection",
    "collection_items": "a book in this collection",
    "user_preferences": "your settings",
    "theme_preferences": "your choice of themes",
    "user_themes": "this theme",
    "content_items": "this book",
    "books": "this book",
    "devices": "this device",
}
_PARTS = {
    "color": "the colour of",
    "note_type": "the kind of",
    "title": "the title of",
    "name": "the name of",
    "description": "the description of",
    "tags": "the tags of",
    "authors": "the authors of",
    "rating": "your rating of",
    "location_data": "the place of",
    "order_key": "the order of",
}
REFUSALS = {
    "not_allowed": "This account may not write that.",
    "not_there": "The server no longer has what this belongs to; it was removed elsewhere.",
    "already_there": "The server has one like it already.",
    "invalid_value": "The server cannot keep this value; it may be too long, or a sign in it is not allowed.",
    "unknown_reference": "It belongs to something that the server does not know.",
    "storage": "The server has no room for it.",
}
"""Why a change was refused, by its code; the guide lists the same codes."""
_OTHER_REFUSAL = "The server did not take it."
_TEXTS = ("note_text", "notes", "description", "title", "name")
_HIDDEN = frozenset({"revision", "field_clocks", "created_at", "updated_at", "deleted_at", "location_data", "edition"})


def standing(status: SyncStatus | None, now: datetime) -> tuple[str, str]:
    """Return the line of the sidebar and the icon before it."""
    if status is None or not status.has_account:
        return NO_ACCOUNT, "account"
    problem = status.problem
    if status.is_locked:
        return "Unlock to sync", "locked"
    if not status.is_signed_in or (problem is not None and problem.code in _SEPARATE):
        return "Sign in again", "sign-in"
    if status.conflicts and status.refused:
        return f"{status.conflicts + status.refused:,} changes to look at", "conflict"
    if status.conflicts:
        return f"{counted(status.conflicts, 'difference', 'differences')} to look at", "conflict"
    if status.refused:
        return f"{counted(status.refused, 'change', 'changes')} not taken", "conflict"
    wait = f"{status.waiting:,} {'change waits' if status.waiting == 1 else 'changes wait'}" if status.waiting else ""
    if problem is not None and problem.turn == "reader":
        return "Sync needs you", "warning"
    if problem is not None:
        away = "Blocked" if problem.code in _ON_THE_WAY else "Folder away" if status.folder else "Offline"
        return (f"{away}, {wait}" if wait else away), "sync-off"
    if wait:
        return wait, "sync"
    return (f"Synced {ago(status.last_round, now)}", "sync-done") if status.last_round else ("Not synced yet", "sync")


def ago(moment: datetime, now: datetime) -> str:
    """Return how long ago something was, or the day."""
    passed = now - moment
    if passed < timedelta(minutes=1):
        return "just now"
    if passed < timedelta(hours=1):
        return f"{passed // timedelta(minutes=1)} min ago"
    if passed < timedelta(days=1):
        return f"{passed // timedelta(hours=1)} h ago"
    return f"on {day(moment)}"


def now() -> datetime:
    """Return this moment."""
    return datetime.now(UTC)


def what_waits(status: SyncStatus) -> str:
    """Return what is still to be told, in a sentence."""
    if not status.waiting:
        return "Nothing waits to be sent."
    return f"{counted(status.waiting, 'change waits', 'changes wait')} to be sent."


def difference_sentence(conflict: Conflict) -> str:
    """Return what happened to a row on two devices."""
    thing = _THINGS.get(conflict.table, "the same thing")
    if conflict.column == "deleted_at":
        here, there = ("deleted", "changed") if conflict.mine else ("changed", "deleted")
        return f"You {here} {thing} here and {there} it on another device"
    part = _PARTS.get(conflict.column)
    return f"You changed {f'{part} {thing}' if part else thing} here and on another device"


def holds_both(conflict: Conflict) -> bool:
    """Whether what was kept has both texts in it."""
    return conflict.both_kept and conflict.kept not in (conflict.mine, conflict.theirs)


def is_text(conflict: Conflict) -> bool:
    """Whether a difference is one of words, of which both can be kept."""
    return conflict.column in ("note_text", "notes", "description") and all(
        isinstance(side, str) and side for side in (conflict.mine, conflict.theirs)
    )


def joined(conflict: Conflict) -> str:
    """Return both texts as one."""
    return f"{conflict.mine}\n\n{conflict.theirs}"


def kept_sentence(conflict: Conflict) -> str:
    """Return what the row holds until the reader chooses."""
    if conflict.now != conflict.kept:
        return "It was changed since. What you choose here takes the place of that."
    if conflict.column == "deleted_at":
        return "It was kept until you choose." if conflict.kept is None else "It is deleted until you choose."
    if holds_both(conflict):
        return "Until you choose it holds both texts, one beside the other."
    return f"Until you choose it holds {'yours' if conflict.kept == conflict.mine else 'the other'}."


def value_words(column: str, value: Any) -> str:
    """Return a value as a person reads it."""
    match value:
        case None:
            return "Kept" if column == "deleted_at" else "Nothing"
        case bool():
            return "Yes" if value else "No"
        case str() if column == "deleted_at":
            return f"Deleted on {day(datetime.fromisoformat(value))}"
        case str():
            return value if value else "Nothing"
        case list():
            return ", ".join(value_words("", one) for one in value) or "Nothing"
        case dict():
            return "\n".join(f"{name}: {value_words('', one)}" for name, one in value.items()) or "Nothing"
        case _:
            return str(value)


def refused_sentence(refused: Refused) -> str:
    """Return which change was not taken."""
    thing = _THINGS.get(refused.table, "something")
    if refused.operation == "insert":
        return f"The server did not take {thing}"
    if refused.operation == "delete":
        return f"The server did not take that you deleted {thing}"
    return f"The server did not take your change to {thing}"


def refusal(code: str) -> str:
    """Return why a change was refused."""
    return REFUSALS.get(code, _OTHER_REFUSAL)


def written_words(refused: Refused) -> str:
    """Return what was written: the words where there are some, else each value on a line."""
    texts = [str(refused.values[name]) for name in _TEXTS if refused.values.get(name)]
    if texts:
        return "\n".join(texts)
    shown = {
        name: value
        for name, value in refused.values.items()
        if name not in _HIDDEN and not name.endswith(("id", "_at"))
    }
    return "\n".join(f"{name.replace('_', ' ')}: {value_words(name, value)}" for name, value in shown.items())
