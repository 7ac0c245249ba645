"""Every error the program raises on purpose, by who must act.

    AlexandriaError
    ├── ReaderError        the reader can put it right (a protected book, a wrong password)
    ├── SurroundingsError  the surroundings failed (a full disk, a folder that is read-only)
    └── ProgramError       our own mistake; worth a report

Each carries a stable code, which help and scripts can rely on, and one sentence for people. What a machine or a
developer needs besides goes into ``detail`` and the log, never into the sentence.
"""

from __future__ import annotations

from enum import StrEnum


class Code(StrEnum):
    """The stable codes; the help lists each of them."""

    # import
    IMPORT_EMPTY = "import.empty"
    IMPORT_NOT_A_BOOK = "import.not-a-book"
    IMPORT_UNSUPPORTED = "import.unsupported"
    IMPORT_DAMAGED = "import.damaged"
    IMPORT_NO_CONTENT = "import.no-content"
    IMPORT_PROTECTED = "import.protected"
    IMPORT_PASSWORD = "import.password"
    IMPORT_TOO_LARGE = "import.too-large"
    IMPORT_TIMEOUT = "import.timeout"
    IMPORT_CRASHED = "import.crashed"
    IMPORT_MISSING = "import.missing"
    IMPORT_CANCELLED = "import.cancelled"
    # the library
    BOOK_UNKNOWN = "book.unknown"
    BOOK_AMBIGUOUS = "book.ambiguous"
    BOOK_FILE_MISSING = "book.file-missing"
    BOOK_FILE_IN_USE = "book.file-in-use"
    BOOK_ONLY_HERE = "book.only-here"
    BOOK_CLOSED = "book.closed"
    SECTION_UNREADABLE = "book.section-unreadable"
    COLLECTION_UNKNOWN = "collection.unknown"
    NOTE_UNKNOWN = "note.unknown"
    QUOTE_NOT_FOUND = "note.quote-not-found"
    THEME_UNKNOWN = "theme.unknown"
    THEME_INVALID = "theme.invalid"
    LOCATOR_INVALID = "locator.invalid"
    # courses
    COURSE_UNKNOWN = "course.unknown"
    COURSE_AMBIGUOUS = "course.ambiguous"
    COURSE_NOT_YOURS = "course.not-yours"
    COURSE_INVITATION = "course.invitation"
    COURSE_CIRCLE = "course.circle"
    COURSE_INVALID = "course.invalid"
    COURSE_FORMAT = "course.format"
    COURSE_DAMAGED = "course.damaged"
    COURSE_NO_ATTEMPT_LEFT = "course.no-attempt-left"
    COURSE_ATTEMPT_CLOSED = "course.attempt-closed"
    COURSE_TIME_OVER = "course.time-over"
    COURSE_PACK_DAMAGED = "course.pack-damaged"
    COURSE_PACK_UNSIGNED = "course.pack-unsigned"
    COURSE_PACK_CHANGED = "course.pack-changed"
    COURSE_PACK_CUT_OFF = "course.pack-cut-off"
    COURSE_PACK_OTHER_KEY = "course.pack-other-key"
    COURSE_PACK_OLDER = "course.pack-older"
    COURSE_PACK_NEWER = "course.pack-newer"
    COURSE_PACK_CLASH = "course.pack-clash"
    # the store
    STORE_NEWER = "store.newer"
    STORE_NOT_UPDATED = "store.not-updated"
    STORE_DAMAGED = "store.damaged"
    STORE_FULL = "store.disk-full"
    STORE_READ_ONLY = "store.read-only"
    STORE_BUSY = "store.busy"
    STORE_CONFLICT = "store.conflict"
    BACKUP_INVALID = "backup.invalid"
    # sync
    SYNC_SIGNED_OUT = "sync.signed-out"
    SYNC_UNREACHABLE = "sync.unreachable"
    SYNC_UNTRUSTED = "sync.untrusted"
    SYNC_PROXY = "sync.proxy"
    SYNC_REFUSED = "sync.refused"
    SYNC_WRONG_PASSWORD = "sync.wrong-password"
    SYNC_ADDRESS = "sync.address"
    SYNC_OTHER_ACCOUNT = "sync.other-account"
    SYNC_FOLDER_FULL = "sync.folder-full"
    SYNC_FOLDER_READ_ONLY = "sync.folder-read-only"
    SYNC_FOLDER_CHANGED = "sync.folder-changed"
    SYNC_FOLDER_NEWER = "sync.folder-newer"
    SYNC_UNKNOWN = "sync.unknown"
    SYNC_BUSY = "sync.busy"
    SYNC_PROGRAM_TOO_OLD = "sync.program-too-old"
    SYNC_SERVER_TOO_OLD = "sync.server-too-old"
    # secrets behind a passphrase
    SECRETS_LOCKED = "secrets.locked"
    SECRETS_WRONG_PASSPHRASE = "secrets.wrong-passphrase"
    SECRETS_SHORT_PASSPHRASE = "secrets.short-passphrase"
    SECRETS_DAMAGED = "secrets.damaged"
    SECRETS_NEWER = "secrets.newer"
    SECRETS_NOT_KEPT = "secrets.not-kept"
    SECRETS_UNREADABLE = "secrets.unreadable"
    # newer versions of the program
    UPDATE_NO_CHANNEL = "update.no-channel"
    UPDATE_UNREACHABLE = "update.unreachable"
    UPDATE_UNSIGNED = "update.unsigned"
    UPDATE_DAMAGED = "update.damaged"
    UPDATE_NEWER = "update.newer"
    UPDATE_OLDER = "update.older"
    UPDATE_EXPIRED = "update.expired"
    UPDATE_CHANGED = "update.changed"
    UPDATE_NO_FILE = "update.no-file"
    # the rest
    PDF_PASSWORD = "pdf.password"
    PDF_WORKER = "pdf.worker"
    MODEL_MISSING = "model.missing"
    VECTORS_UNAVAILABLE = "vectors.unavailable"
    RESOURCE_MISSING = "resource.missing"
    NO_DISPLAY = "display.missing"
    NO_QT = "display.no-qt"
    USAGE = "usage"
    PROGRAM = "program"


class AlexandriaError(Exception):
    """An error with a code and a sentence for people."""

    def __init__(self, code: Code, message: str, *, detail: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.detail = detail

    def __reduce__(self) -> tuple[object, ...]:
        # Exceptions cross process boundaries; the default pickles positional arguments only.
        return (_rebuild, (type(self), self.code, self.message, self.detail))

    def __str__(self) -> str:
        return self.message


def _rebuild(kind: type[AlexandriaError], code: Code, message: str, detail: str) -> AlexandriaError:
    return kind(code, message, detail=detail)


class ReaderError(AlexandriaError):
    """The reader can put it right."""


class SurroundingsError(AlexandriaError):
    """The machine, the disk or the network failed."""


class ProgramError(AlexandriaError):
    """A mistake of ours."""
