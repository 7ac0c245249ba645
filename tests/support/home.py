"""A home folder for a test: what looks for books in the reader's folders finds nobody's but the test's own."""

from __future__ import annotations

from pathlib import Path

import pytest

_NAMED_ELSEWHERE = ("XDG_DOCUMENTS_DIR", "XDG_DOWNLOAD_DIR", "XDG_DESKTOP_DIR", "CALIBRE_CONFIG_DIRECTORY")


@pytest.fixture
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home folder, the reader's for as long as the test runs."""
    folder = tmp_path_factory.mktemp("home")
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(folder))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folder / ".config"))
    monkeypatch.setenv("APPDATA", str(folder / "AppData" / "Roaming"))
    for name in _NAMED_ELSEWHERE:
        monkeypatch.delenv(name, raising=False)
    return folder
