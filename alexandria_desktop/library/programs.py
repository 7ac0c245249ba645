"""Which installations of the program use a library, so that the doctor can say where two of different age do."""

from __future__ import annotations

from datetime import timedelta

from alexandria_desktop.doctor.library_facts import PROGRAMS, programs_in
from alexandria_desktop.doctor.program import Program, own_program
from alexandria_desktop.library.core import Core
from alexandria_desktop.store.identity import recall, remember

_KEPT_FOR = timedelta(days=365)
_MOST = 8


def note_use(core: Core, own: Program | None = None) -> None:
    """Keep that this installation uses the library; writes once a day at most."""
    clock = core.database.clock
    this = own or own_program(clock)
    with core.reading() as connection:
        known = programs_in(recall(connection, PROGRAMS))
    oldest = f"{clock() - _KEPT_FOR:%Y-%m-%d}"
    others = [one for one in known if one.place != this.place and one.last >= oldest]
    kept = [*others[-_MOST:], this]
    if tuple(kept) != known:
        facts = [{"version": one.version, "place": one.place, "last": one.last} for one in kept]
        core.database.library.run(lambda connection: remember(connection, PROGRAMS, facts))
