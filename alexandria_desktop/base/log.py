"""The program's log: one rotating file a library, warnings also on stderr."""

from __future__ import annotations

import logging
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path

_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def configure_logging(folder: Path | None, *, to_stderr: bool = True) -> None:
    """Send records to ``folder/alexandria.log`` (1 MB, three kept) and warnings to stderr."""
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    for handler in list(root.handlers):
        if getattr(handler, "alexandria", False):
            root.removeHandler(handler)
            handler.close()
    handlers: list[logging.Handler] = []
    if to_stderr:
        stream = logging.StreamHandler()
        stream.setLevel(logging.WARNING)
        handlers.append(stream)
    if folder is not None:
        with suppress(OSError):  # a disk that takes no log is told of by whatever needs it next
            folder.mkdir(parents=True, exist_ok=True)
            handlers.append(
                RotatingFileHandler(folder / "alexandria.log", maxBytes=1_000_000, backupCount=3, encoding="utf-8")
            )
    for handler in handlers:
        handler.setFormatter(logging.Formatter(_FORMAT))
        handler.alexandria = True  # type: ignore[attr-defined]
        root.addHandler(handler)
