"""Choose the SQLite driver: some Pythons are built without loadable extensions, which vectors need."""

from __future__ import annotations

import importlib
import importlib.util
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

CANDIDATES = ("pysqlite3.dbapi2", "sqlite3")


@dataclass(frozen=True, slots=True)
class Driver:
    """A DB-API module for SQLite and what it can do."""

    module: ModuleType
    name: str
    can_load_extensions: bool
    sqlite_version: tuple[int, ...]


@cache
def choose_driver() -> Driver:
    """Return the first driver that can load extensions, else the first there is."""
    found = [driver for name in CANDIDATES if (driver := _examine(name)) is not None]
    for driver in found:
        if driver.can_load_extensions:
            return driver
    return found[0]


def connect_to_look(driver: Driver, path: Path) -> Any:
    """Return a raw connection that changes nothing, not even by tidying the log away when it is closed."""
    return driver.module.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)


def load_vectors(driver: Driver, connection: Any) -> bool:
    """Give a raw connection the functions and tables of sqlite-vec; False where that cannot be."""
    library = _vector_library()
    if not driver.can_load_extensions or library is None:
        return False
    connection.enable_load_extension(True)
    try:
        connection.load_extension(library)
    except driver.module.OperationalError:  # no build of it for this machine
        return False
    finally:
        connection.enable_load_extension(False)
    return True


@cache
def _vector_library() -> str | None:
    """Return the path of sqlite-vec without its suffix. Importing the package would load numpy, at every start."""
    spec = importlib.util.find_spec("sqlite_vec")
    if spec is None or spec.origin is None:
        return None
    return str(Path(spec.origin).with_name("vec0"))


def _examine(name: str) -> Driver | None:
    try:
        module = importlib.import_module(name)
    except ImportError:
        return None
    connection = module.connect(":memory:")
    try:
        able = hasattr(connection, "enable_load_extension")
    finally:
        connection.close()
    return Driver(module, name.split(".")[0], able, tuple(module.sqlite_version_info))
