"""The built-in reading environments, read from ``resources/themes`` when they are first asked for."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from alexandria_desktop.base.errors import Code, ProgramError, ReaderError
from alexandria_desktop.base.resources import resource
from alexandria_desktop.theme.color import parse
from alexandria_desktop.theme.model import Environment, Kind, PageLight, Tokens, Typography

DEFAULT_LIGHT = "paper"
DEFAULT_DARK = "night"

_Plain = TypeVar("_Plain", Typography, PageLight)


@cache
def environment(environment_id: str) -> Environment:
    """Return one built-in environment; THEME_UNKNOWN when there is none of that id."""
    path = _files().get(environment_id)
    if path is None:
        raise ReaderError(
            Code.THEME_UNKNOWN,
            "There is no theme of that name. The command theme list shows them all.",
            detail=environment_id,
        )
    return read_environment(path)


@cache
def environments() -> tuple[Environment, ...]:
    """Return all built-in environments in the order in which they are shown."""
    return tuple(sorted(map(environment, _files()), key=lambda item: (item.order, item.id)))


def environment_ids() -> tuple[str, ...]:
    """Return the ids without reading the files."""
    return tuple(sorted(_files()))


def read_environment(path: Path) -> Environment:
    """Read one environment file; THEME_INVALID says what is wrong with it."""
    try:
        with path.open("rb") as stream:
            data = tomllib.load(stream)
        return Environment(
            id=path.stem,
            name=str(data["name"]),
            kind=Kind(data["kind"]),
            description=str(data["description"]),
            order=int(data.get("order", 0)),
            tokens=_tokens(data["tokens"]),
            typography=_plain(Typography, data.get("typography", {})),
            light=_plain(PageLight, data.get("light", {})),
        )
    except (KeyError, TypeError, ValueError, ReaderError) as error:
        raise ProgramError(
            Code.THEME_INVALID,
            f"The theme {path.stem} cannot be used: its file is not as it should be.",
            detail=f"{path.name}: {error!r} {getattr(error, 'detail', '')}",
        ) from error


@cache
def _files() -> Mapping[str, Path]:
    return {path.stem: path for path in sorted(resource("themes").glob("*.toml"))}


def _tokens(data: Mapping[str, Any]) -> Tokens:
    return Tokens(**{name: str(parse(value)) for name, value in data.items()})


def _plain(kind: type[_Plain], data: Mapping[str, Any]) -> _Plain:
    """Build ``kind``; a name that it does not have, or a value of another type, is refused."""
    wanted: dict[str, type] = {item.name: type(item.default) for item in fields(kind)}
    for name, value in data.items():
        if name not in wanted:
            raise KeyError(name)
        expected = wanted[name]
        if type(value) is not expected and not (expected is float and type(value) is int):
            raise TypeError(f"{name} is {value!r}, not a {expected.__name__}")
    values: dict[str, Any] = {name: float(value) if wanted[name] is float else value for name, value in data.items()}
    return kind(**values)
