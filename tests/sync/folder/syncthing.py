"""Real Syncthing processes on this computer that know each other only: no discovery, no relays, no word to outside."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

SHARED = "alexandria"
PATIENCE = 60.0
"""Seconds after which a wait has failed. Syncthing looks for changes itself, tries a lost peer anew each second."""


def until(done: Callable[[], bool], words: str) -> None:
    """Wait for a condition; fails with its words."""
    end = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < end, words
        time.sleep(0.05)


class Syncthing:
    """One process with one shared folder."""

    def __init__(self, home: Path, folder: Path) -> None:
        """Make its keys and start it. Raises pytest's skip where there is no Syncthing."""
        program = shutil.which("syncthing")
        if program is None:
            pytest.skip("syncthing is not installed here")
        self.folder = folder
        self._port, gui = _free_port(), _free_port()
        words = [program, "generate", f"--home={home}", "--no-default-folder", "--skip-port-probing"]
        subprocess.run(words, check=True, capture_output=True, timeout=PATIENCE)
        self._keep_to_itself(home / "config.xml")
        key = ElementTree.parse(home / "config.xml").findtext("gui/apikey")
        self._client = httpx.Client(
            base_url=f"http://127.0.0.1:{gui}", headers={"X-API-Key": str(key)}, timeout=PATIENCE, trust_env=False
        )
        words = [program, "serve", f"--home={home}", f"--gui-address=127.0.0.1:{gui}", "--no-browser", "--no-restart"]
        with (home / "log").open("wb") as log:
            self._process = subprocess.Popen([*words, "--no-upgrade"], stdout=log, stderr=log)
        try:
            until(self._answers, f"syncthing did not start, see {home / 'log'}")
            self.device = str(self._get("system/status")["myID"])
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End the process."""
        self._client.close()
        self._process.terminate()
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def share_with(self, other: Syncthing) -> None:
        """Know the other one and share the folder with it; each of the two has to."""
        peer = {"deviceID": other.device, "addresses": [f"tcp://127.0.0.1:{other._port}"], "compression": "never"}
        self._put(f"config/devices/{other.device}", peer)
        shared = {
            "id": SHARED, "path": str(self.folder), "devices": [{"deviceID": other.device}], "fsWatcherEnabled": True,
            "fsWatcherDelayS": 1, "rescanIntervalS": 3600,
        }  # fmt: skip
        self._put(f"config/folders/{SHARED}", shared)

    def pause(self, *, resume: bool = False) -> None:
        """Let go of the other one, or take it up again."""
        self._client.post(f"/rest/system/{'resume' if resume else 'pause'}").raise_for_status()

    def scan(self) -> None:
        """Look at the folder now, and return when all there is has been seen."""
        self._client.post("/rest/db/scan", params={"folder": SHARED}).raise_for_status()

    def is_level_with(self, other: Syncthing) -> bool:
        """Whether this one is at rest and the other has all that it has."""
        own = self._get("db/status", folder=SHARED)
        if own["state"] != "idle" or own["needTotalItems"] or own["pullErrors"]:
            return False
        done = self._get("db/completion", folder=SHARED, device=other.device)
        return bool(done["completion"] == 100 and not done["needItems"] and not done["needDeletes"])

    def is_connected(self) -> bool:
        """Whether it talks to another one."""
        return any(one["connected"] for one in self._get("system/connections")["connections"].values())

    def _keep_to_itself(self, config: Path) -> None:
        tree = ElementTree.parse(config)
        options = tree.getroot().find("options")
        assert options is not None
        wanted = {
            "listenAddress": f"tcp://127.0.0.1:{self._port}", "globalAnnounceEnabled": "false", "urAccepted": "-1",
            "localAnnounceEnabled": "false", "relaysEnabled": "false", "natEnabled": "false", "startBrowser": "false",
            "reconnectionIntervalS": "1", "crashReportingEnabled": "false", "autoUpgradeIntervalH": "0",
            "stunKeepaliveStartS": "0",
        }  # fmt: skip
        for name, value in wanted.items():
            for one in options.findall(name):
                options.remove(one)
            ElementTree.SubElement(options, name).text = value
        tree.write(config)

    def _answers(self) -> bool:
        assert self._process.poll() is None, "syncthing ended"
        try:
            return bool(self._client.get("/rest/system/ping").status_code == httpx.codes.OK)
        except httpx.TransportError:
            return False

    def _get(self, what: str, **params: str) -> Any:
        return self._client.get(f"/rest/{what}", params=params).raise_for_status().json()

    def _put(self, what: str, words: dict[str, Any]) -> None:
        self._client.put(f"/rest/{what}", json=words).raise_for_status()


def level(one: Syncthing, other: Syncthing) -> None:
    """Wait until both folders have all that either has."""
    until(lambda: one.is_connected() and other.is_connected(), "the two do not find each other")
    one.scan()
    other.scan()
    until(lambda: one.is_level_with(other) and other.is_level_with(one), "the folders do not become alike")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])
