"""Programs that are killed at every commit and in between, on both sides: nothing is lost, and all agree in the end."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from uuid import UUID

import pytest

from tests.server.commands.program import address_in, until_it_listens
from tests.support.server import ServerDatabase
from tests.sync import invariants
from tests.sync.laptops import Account, laptop, make_account
from tests.sync.ledger import words_of
from tests.sync.stage import folder_in_memory

pytestmark = pytest.mark.postgres

ROOT = Path(__file__).resolve().parents[2]
_LIGHT = {"PASSWORD_MEMORY_KIB": "8", "PASSWORD_TIME_COST": "1", "SIGN_UP": "open", "POOL_MAX_SIZE": "4"}
_MOMENTS = ("wrote", "pull", "page", "push", "judged", "in step")


@dataclass
class Gateway:
    """The server's process, which always comes back at the same address."""

    database: ServerDatabase
    files: Path
    port: int = 0
    process: subprocess.Popen[str] | None = None
    deaths: int = 0

    def start(self, commit: int = 0, *, after: bool = False) -> str:
        """Start it, if it does not run; it dies at this commit, if it is one. Returns its address."""
        if self.process is not None and self.process.poll() is None:
            if not commit:
                return f"http://127.0.0.1:{self.port}"
            self.kill(expected=False)
        elif self.process is not None:
            self.process.communicate()
            self.deaths += 1
        named = {"DATABASE_URL": self.database.gateway_url, "BLOB_STORE": str(self.files), **_LIGHT}
        environment = {**os.environ, **{f"ALEXANDRIA_SERVER_{name}": value for name, value in named.items()}}
        command = ["tests.sync.gateway_process", str(commit), "after" if after else "before", "run"]
        self.process = _started(*command, "--port", str(self.port), environment=environment)
        address = address_in(until_it_listens(self.process))
        self.port = int(address.rpartition(":")[2])
        return address

    def kill(self, *, expected: bool = True) -> None:
        """End it without a word."""
        assert self.process is not None
        self.process.kill()
        self.process.communicate()
        self.process = None
        self.deaths += expected


def _started(*words: str, environment: dict[str, str] | None = None) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", *words]
    environment = {**os.environ, **(environment or {}), "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment, cwd=ROOT)


@dataclass
class Trial:
    """Laptops and a gateway that are killed again and again."""

    gateway: Gateway
    account: Account
    folders: list[Path]
    written: dict[UUID, set[str]] = field(default_factory=dict)
    lives: int = 0
    killed: int = 0

    def live(self, chance: Random) -> None:
        """Let one laptop's program write and sync while it, or the gateway, may die at any moment."""
        self.lives += 1
        which = chance.choice(("client at a commit", "gateway at a commit", "client", "gateway", "both"))
        gateway_dies = chance.randint(1, 8) if which == "gateway at a commit" else 0
        self.gateway.start(gateway_dies, after=chance.random() < 0.5)
        client_dies = chance.randint(1, 10) if which == "client at a commit" else 0
        folder = self.folders[self.lives % len(self.folders)]
        program = _started(
            "tests.sync.client_process", str(folder), self.account.address, self.account.opened, str(client_dies),
            chance.choice(("before", "after")), f"a{self.lives}", f"b{self.lives}",
        )  # fmt: skip
        self._watch(program, which, chance.choice(_MOMENTS), chance.randint(1, 4))
        program.communicate()
        self.killed += program.returncode == -9
        assert program.returncode in (0, -9), program.returncode

    def _watch(self, program: subprocess.Popen[str], which: str, moment: str, times: int) -> None:
        """Note what the program says it wrote, and kill at the moment for which it was chosen."""
        assert program.stdout is not None
        for line in program.stdout:
            kind, *more = line.split()
            if kind == "wrote":
                self.written.setdefault(UUID(more[0]), set()).add(more[1])
            times -= line.startswith(moment)
            if times == 0:
                if which in ("client", "both"):
                    program.kill()
                if which in ("gateway", "both") and self.gateway.process is not None:
                    self.gateway.kill()
                times = -1

    def come_to_rest(self) -> None:
        """Let everybody sync in peace, and look."""
        self.gateway.start()
        rest = [laptop(folder, self.account) for folder in self.folders]
        with rest[0] as one, rest[1] as other:
            for _ in range(2):
                one.sync()
                other.sync()
            laptops = (one, other)
            invariants.outbox_drains(laptops)
            invariants.exactly_what_is_visible(self.gateway.database, self.account.user_id, laptops)
            invariants.idempotent(laptops)
            assert [entry for each in laptops for entry in invariants.refusals(each)] == []
            for note, words in self.written.items():
                assert words <= words_of(one.note(note)), "what was said to be written is lost"
            for each in laptops:
                with each.database.reading() as connection:
                    assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"


@pytest.fixture
def trial(server_database: ServerDatabase, tmp_path: Path) -> Iterator[Trial]:
    gateway = Gateway(server_database, tmp_path)
    folder = folder_in_memory("killed")
    account = make_account(gateway.start())
    folders = [folder / "one", folder / "other"]
    for number, each in enumerate(folders):
        with laptop(each, account) as made:
            if number == 0:
                made.add_book()
            made.sync()
    try:
        yield Trial(gateway, account, folders)
    finally:
        if gateway.process is not None:
            gateway.kill()


def test_nothing_is_lost_when_programs_are_killed(trial: Trial) -> None:
    for number in range(16):
        trial.live(Random(number))
        if number >= 3 and trial.killed and trial.gateway.deaths:
            break  # how many commits a life has, and so whether it reaches the one it dies at, is not ours to say
    trial.come_to_rest()
    assert trial.killed
    assert trial.gateway.deaths
    assert trial.written


@pytest.mark.nightly
def test_nothing_is_lost_when_programs_are_killed_a_hundred_times(trial: Trial) -> None:
    number = 0
    while trial.killed + trial.gateway.deaths < 100:
        trial.live(Random(1_000 + number))
        number += 1
        if number % 10 == 0:
            trial.come_to_rest()
    trial.come_to_rest()
    print(f"{trial.lives} lives, {trial.killed} programs and {trial.gateway.deaths} gateways killed")
