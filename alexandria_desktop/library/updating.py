"""Looking for a newer version of the program: only where the reader agreed or asks, and nothing is ever installed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import platformdirs

from alexandria_desktop import __version__
from alexandria_desktop.base.clock import Clock, utc_now
from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.base.version import Version
from alexandria_desktop.update import asking, fetching, news
from alexandria_desktop.update.channel import Channel, channel, no_channel
from alexandria_desktop.update.manifest import Manifest, UpdateFile, read_signed
from alexandria_desktop.update.memory import Memory, remember, remembered
from alexandria_desktop.update.this_computer import (
    KEEPER_SENTENCES,
    Keeper,
    keeper,
    lacks,
    platform_name,
    program_place,
)

EVERY = timedelta(days=1)
_KINDS = {"linux": ("appimage", "deb", "rpm"), "windows": ("msi",), "macos": ("dmg",)}
"""What is offered to whom nobody keeps the program, the best first."""


@dataclass(frozen=True, slots=True)
class Found:
    """What came of a look."""

    manifest: Manifest
    is_newer: bool
    file: UpdateFile | None
    """What may be downloaded here; None where there is nothing for this computer, or its keeper brings it."""
    keeper: Keeper
    hindrance: str
    """A sentence about what this computer lacks for it; usually empty."""

    @property
    def sentence(self) -> str:
        """What was found, for people."""
        if not self.is_newer:
            return "This is the newest version."
        return f"Version {self.manifest.version} of {self.manifest.date:%Y-%m-%d} is there."

    @property
    def advice(self) -> str:
        """What to do about it, for people; empty where a button or command says it."""
        return self.hindrance or KEEPER_SENTENCES[self.keeper] if self.is_newer else ""


class Updates:
    """Looks for newer versions on behalf of one computer's reader; every look may take as long as the network."""

    def __init__(
        self,
        *,
        channel_of: Callable[[], Channel] = channel,
        version: str = __version__,
        clock: Clock = utc_now,
        place: Path | None = None,
    ) -> None:
        self._channel_of = channel_of
        self.version = Version(version)
        self._clock = clock
        self._place = place or program_place()

    @property
    def has_channel(self) -> bool:
        """Whether this build has anybody to ask."""
        return self._channel_of().is_open

    def memory(self) -> Memory:
        """Return what this computer remembers."""
        return remembered()

    def agree(self, *, to_look: bool) -> Memory:
        """Keep whether the program may look by itself."""
        return remember(agreed=to_look)

    def wants_consent(self) -> bool:
        """Whether the reader is to be asked if the program may look by itself; True once, where there is a channel."""
        known = remembered()
        if known.agreed is not None or known.was_asked or not self.has_channel:
            return False
        remember(was_asked=True)
        return True

    def is_due(self) -> bool:
        """Whether the program may look by itself now: the reader agreed, and a day has gone by."""
        known = remembered()
        if not known.agreed or not self.has_channel:
            return False
        return known.looked_at is None or not timedelta(0) <= self._clock() - known.looked_at < EVERY

    def look(self) -> Found:
        """Ask for the newest version. Raises ReaderError or SurroundingsError with a code of update."""
        where, now = self._channel_of(), self._clock()
        if not where.is_open:
            raise no_channel()
        remember(looked_at=now)  # also where nobody answers: a day has to go by before the program asks by itself again
        manifest = read_signed(asking.ask(where.address), where.keys, now)
        known = remembered()
        self._refuse_older(manifest, known)
        remember(
            seen_version=str(max(manifest.version, _version(known.seen_version) or manifest.version)),
            seen_date=max(manifest.date, known.seen_date or manifest.date),
        )
        keeps = keeper(self._place)
        is_newer = manifest.version > self.version
        hindrance = lacks(manifest.minimum, self.version) if is_newer else ""
        usable = is_newer and not hindrance and keeps is Keeper.NOBODY
        return Found(manifest, is_newer, _file_for_this(manifest) if usable else None, keeps, hindrance)

    def fetch(
        self,
        found: Found,
        folder: Path | None = None,
        *,
        on_progress: fetching.Progress = lambda _done, _all: None,
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> Path:
        """Bring the file of a newer version to the downloads and return it; nothing is started. Errors as ``fetch``."""
        if found.file is None:
            advice = found.advice or "There is no file of it for this computer. Look at the page of the version."
            raise ReaderError(Code.UPDATE_NO_FILE, advice)
        target = folder or Path(platformdirs.user_downloads_dir())
        return fetching.fetch(found.file, target, on_progress=on_progress, is_cancelled=is_cancelled)

    def whats_new_once(self) -> str:
        """Return one line about an update since the last run, and never again; empty at other times."""
        known = remembered()
        if known.ran != str(self.version):
            remember(ran=str(self.version))
        return news.whats_new(known.ran, str(self.version), news.changelog())

    def was_told(self, version: Version) -> bool:
        """Whether the reader was told of a new version in the window; from now on they were."""
        before = remembered().told
        if before != str(version):
            remember(told=str(version))
        return before == str(version)

    def _refuse_older(self, manifest: Manifest, known: Memory) -> None:
        seen = _version(known.seen_version)
        is_older = seen is not None and manifest.version < seen
        if is_older or (known.seen_date is not None and manifest.date < known.seen_date):
            raise ReaderError(
                Code.UPDATE_OLDER,
                "What is said of new versions is older than what was said before, so it was not believed. "
                "Nothing was changed; a mirror may lag behind, so try again later.",
                detail=f"{manifest.version} of {manifest.date}, seen {known.seen_version} of {known.seen_date}",
            )


def _file_for_this(manifest: Manifest) -> UpdateFile | None:
    name = platform_name()
    kinds = _KINDS.get(name.partition("-")[0], ())
    names = (name, f"{name.partition('-')[0]}-universal")
    fitting = {one.kind: one for one in manifest.files if one.platform in names}
    return next((fitting[kind] for kind in kinds if kind in fitting), None)


def _version(text: str) -> Version | None:
    try:
        return Version(text)
    except ValueError:
        return None
