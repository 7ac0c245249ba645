"""What runs here, for the page about the program: where the library is, what keeps it, how it is searched."""

from __future__ import annotations

import platform
from dataclasses import dataclass
from pathlib import Path

from alexandria_desktop import __version__
from alexandria_desktop.doctor import surroundings
from alexandria_desktop.doctor.finding import Finding, Severity
from alexandria_desktop.doctor.report import report
from alexandria_desktop.library.library import Library
from alexandria_desktop.store.driver import choose_driver


@dataclass(frozen=True, slots=True)
class WhatRuns:
    """Facts for people, and the trouble that there is."""

    version: str
    library: Path
    database: str
    search: str
    drawn_by: str
    system: str
    trouble: tuple[Finding, ...]
    """Warnings and faults first, then notes."""
    report: str
    """What may be pasted into a report."""


def what_runs(library: Library) -> WhatRuns:
    """Look around; takes about half a second, so never on the Qt thread."""
    root = library.paths.root
    found = list(surroundings.examine(root))
    driver = choose_driver()
    order = [Severity.FAULT, Severity.WARNING, Severity.NOTE]
    trouble = sorted((one for one in found if one.severity in order), key=lambda one: order.index(one.severity))
    has_card = not any(one.check == "graphics" and one.code for one in trouble)
    return WhatRuns(
        version=__version__,
        library=root,
        database=f"SQLite {'.'.join(map(str, driver.sqlite_version))} ({driver.name})",
        search=_search(driver_loads=driver.can_load_extensions),
        drawn_by="the graphics card" if has_card else "the processor",
        system=f"{platform.system()} {platform.release()}, {platform.machine()}",
        trouble=tuple(trouble),
        report=report(root, found),
    )


def _search(*, driver_loads: bool) -> str:
    from alexandria_desktop.embed.static import static_model_is_here

    if not static_model_is_here():
        return "by words only; the model for meaning is not here"
    return f"by words and by meaning ({'sqlite-vec' if driver_loads else 'numpy'})"
