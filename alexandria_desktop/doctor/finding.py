"""What a check comes to: how bad it is, one sentence, and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How bad it is, and whether the command fails for it."""

    OK = "ok"
    NOTE = "note"
    """All works, something a little less well."""
    WARNING = "warning"
    """Something is at risk, or does not work."""
    FAULT = "fault"
    """The program cannot be used as it should until this is put right."""


class Trouble(StrEnum):
    """The stable codes of what the doctor finds; the help lists each of them."""

    DRIVER_EXTENSIONS = "driver.no-extensions"
    DRIVER_VECTORS = "driver.no-vectors"
    QT_MISSING = "qt.missing"
    QT_LIBRARY = "qt.library-missing"
    QT_WINDOW_LIBRARY = "qt.window-library-missing"
    GLIBC_OLD = "system.glibc-old"
    GLIBC_OTHER = "system.other-c-library"
    MODELS_MISSING = "models.missing"
    DISK_READ_ONLY = "disk.read-only"
    DISK_NOT_OURS = "disk.not-ours"
    DISK_FULL = "disk.full"
    DISK_NEARLY_FULL = "disk.nearly-full"
    DISK_NETWORK = "disk.network"
    DISK_SYNCED = "disk.synced-folder"
    TEMP_UNUSABLE = "temp.unusable"
    TEMP_FULL = "temp.full"
    SHM_MISSING = "shm.missing"
    SHM_SMALL = "shm.small"
    CLOCK_BEHIND = "clock.behind"
    CLOCK_WRONG = "clock.wrong"
    DISPLAY_MISSING = "display.missing"
    DISPLAY_DEAD = "display.dead"
    GRAPHICS_SOFTWARE = "graphics.software"
    GRAPHICS_FORBIDDEN = "graphics.forbidden"
    SANDBOX_ROOT = "sandbox.root"
    SANDBOX_OFF = "sandbox.off"
    SANDBOX_FORBIDDEN = "sandbox.forbidden"
    SANDBOX_RESTRICTED = "sandbox.restricted"
    KEYRING_MISSING = "keyring.missing"
    LOCALE_BYTES = "locale.not-utf-8"
    FONTS_MISSING = "fonts.missing"
    PROXY_SET = "proxy.set"
    PROXY_WRONG = "proxy.wrong"
    CERTIFICATES_MISSING = "certificates.missing"
    MEMORY_LOW = "memory.low"
    FILES_FEW = "files.few"
    PROGRAM_SEVERAL = "program.several"
    PROGRAM_OLDER = "program.older"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    check: str
    """What was looked at, in a word."""
    severity: Severity
    sentence: str
    remedy: str = ""
    code: str = ""
    """Empty where all is well."""

    @property
    def is_ok(self) -> bool:
        """Whether there is nothing to do."""
        return self.severity in (Severity.OK, Severity.NOTE)


def fine(check: str, sentence: str) -> Finding:
    """Return the finding that all is well."""
    return Finding(check, Severity.OK, sentence)


def note(code: Trouble, sentence: str, remedy: str = "") -> Finding:
    """Return a finding of something a little less well."""
    return _found(code, Severity.NOTE, sentence, remedy)


def warning(code: Trouble, sentence: str, remedy: str) -> Finding:
    """Return a finding of something at risk."""
    return _found(code, Severity.WARNING, sentence, remedy)


def fault(code: Trouble, sentence: str, remedy: str) -> Finding:
    """Return a finding that keeps the program from working."""
    return _found(code, Severity.FAULT, sentence, remedy)


def exit_status(findings: list[Finding]) -> int:
    """Return 1 where there is a fault, 3 where there is only a warning, else 0."""
    found = {one.severity for one in findings}
    return 1 if Severity.FAULT in found else 3 if Severity.WARNING in found else 0


def _found(code: Trouble, severity: Severity, sentence: str, remedy: str) -> Finding:
    return Finding(code.value.partition(".")[0], severity, sentence, remedy, code.value)
