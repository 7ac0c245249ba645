"""Every byte that reaches three people is kept while they ask for what is not theirs: none is of a row out of sight."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
import zstandard

from sync.retrieval.static_model import KEY
from sync.schema.ids import uuid7
from sync.server.blobs.routes import make_blobs
from sync.server.feeds import make_feeds
from sync.server.push import make_push
from sync.server.search import make_search
from tests.server.serving import make_app
from tests.support.postgres import Cluster
from tests.support.server import ServerDatabase
from tests.sync.laptops import Account, Laptop, laptop, listening
from tests.sync.recorder import Recorder, answers
from tests.sync.secrets_of_others import WORD, Secrets, make_secrets

pytestmark = pytest.mark.postgres

ASKING = ("member", "student", "buyer")


@dataclass
class Spy:
    """Somebody with a laptop, who also asks for everything that they can think of."""

    name: str
    id: UUID
    line: Recorder
    laptop: Laptop
    client: httpx.Client
    secrets: Secrets
    batches: list[dict[str, Any]] = field(default_factory=list)
    answered: dict[int, int] = field(default_factory=dict)
    """How often each status came, so that it shows when nothing is asked any more."""

    def ask_for_everything(self) -> None:
        """Sync, and try every other way to what there is."""
        self.laptop.sync()
        self._pull_as_others()
        self._push_at_others()
        for batch in self.batches:
            self._post("push", batch)
        self._search()
        self._fetch_files()
        self._guess()

    def _post(self, path: str, words: dict[str, Any]) -> httpx.Response:
        return self._count(self.client.post(f"/v1/{path}", json=words))

    def _count(self, answer: httpx.Response) -> httpx.Response:
        self.answered[answer.status_code] = self.answered.get(answer.status_code, 0) + 1
        assert answer.status_code < 500, answer.text
        return answer

    def _pull_as_others(self) -> None:
        everything = {"page": 20_000, "catalogues": ["catalogue:0", "catalogue:themes"]}
        self._post("pull", {"device_id": str(uuid7()), **everything})
        for other in self.secrets.world.people.values():
            self._post("pull", {"device_id": str(uuid7()), "user_id": str(other), **everything})
        for (table, name), row in self.secrets.world.rows.items():
            if table == "devices":
                assert name
                self._post("pull", {"device_id": str(row["value"]), "checkpoint": 3, **everything})

    def _push_at_others(self) -> None:
        """Insert, change and delete rows of others, and hand the same batch in again as long as we live."""
        rows = sorted(set(self.secrets.markers.values()))
        for kind in ("insert", "update", "delete"):
            operations = [
                {
                    "number": number, "table": table, "id": str(row), "kind": kind, "clock": 1 << 40, "revision": 1,
                    "values": {"note_text": "guessed", "title": "guessed", "name": "guessed", "user_id": str(self.id)},
                    "base": {"note_text": "", "title": "", "name": ""},
                }
                for number, (table, row) in enumerate(rows)
            ]  # fmt: skip
            batch = {"device_id": str(self.laptop.device_id), "batch_id": str(uuid7()), "operations": operations}
            self._post("push", batch)
            self.batches.append(batch)
        about = [
            {"number": number, "table": "user_notes", "id": str(uuid7()), "kind": "insert", "clock": 1 << 40,
             "values": {"user_id": str(self.id), "content_id": str(row), "note_text": "about what I cannot see"}}
            for number, (table, row) in enumerate(rows) if table == "content_items"
        ]  # fmt: skip
        self._post("push", {"device_id": str(self.laptop.device_id), "batch_id": str(uuid7()), "operations": about})

    def _search(self) -> None:
        for mode in ("all", "words", "meaning"):
            self._post("search", {"query": WORD, "mode": mode, "limit": 50})
        for table, row in set(self.secrets.markers.values()):
            if table == "content_items":
                self._post("search", {"query": WORD, "content_id": str(row), "limit": 50})
                self._post("packs/have", {"model": KEY, "items": [str(row)]})
                self._count(self.client.get(f"/v1/packs/{row}/{KEY}"))

    def _fetch_files(self) -> None:
        self._post("blobs/have", {"hashes": list(self.secrets.files)})
        for sha256 in self.secrets.files:
            self._count(self.client.get(f"/v1/blobs/{sha256}"))
            self._count(self.client.get(f"/v1/blobs/{sha256}", headers={"Range": "bytes=1-"}))
            self._count(self.client.head(f"/v1/blobs/{sha256}"))
            self._post(f"blobs/{sha256}", {"size": 33, "media_type": "image/png"})

    def _guess(self) -> None:
        org = self.secrets.world.org  # type: ignore[attr-defined]
        paths = [f"organizations/{org}", f"organizations/{org}/members", f"organizations/{org}/invitations"]
        paths += ["organizations", "me", "me/sessions", "admin/users", "admin/invitations"]
        paths += [f"admin/users/{other}" for other in self.secrets.world.people.values()]
        for path in paths:
            self._count(self.client.get(f"/v1/{path}"))


@pytest.fixture
def secrets(cluster: Cluster, server_template: str) -> Iterator[Secrets]:
    with cluster.database(server_template) as engine:
        yield make_secrets(ServerDatabase(cluster, str(engine.url.database)))


@pytest.fixture
def spies(secrets: Secrets, tmp_path: Path) -> Iterator[list[Spy]]:
    app = make_app(secrets.database, make_feeds, make_push, make_blobs, make_search, blob_store=str(tmp_path / "blobs"))
    with ExitStack() as stack:
        address = stack.enter_context(listening(app))
        _hand_in(address, secrets)
        found = []
        for name in ASKING:
            line = stack.enter_context(Recorder(address))
            account = Account(line.address, secrets.world.people[name], "", secrets.tokens[name])
            made = stack.enter_context(laptop(tmp_path / name, account))
            client = stack.enter_context(
                httpx.Client(base_url=line.address, headers={"Authorization": f"Bearer {secrets.tokens[name]}"})
            )
            found.append(Spy(name, account.user_id, line, made, client, secrets))
        yield found


def _hand_in(address: str, secrets: Secrets) -> None:
    """Let the creator hand the book files in."""
    headers = {"Authorization": f"Bearer {secrets.tokens['creator']}", "Content-Type": "application/epub+zip"}
    for sha256, content in secrets.files.items():
        answer = httpx.put(f"{address}/v1/blobs/{sha256}", content=content, headers=headers)
        assert answer.is_success, answer.text


CHANGES = {
    "as it was": (),
    "left, ended, expired, made private": (
        "delete from user_organizations where user_id = (select id from users where email = 'member@example.org')",
        "update course_enrollments set status = 'left' where role = 'student'",
        "update user_content_access set access_expires_at = now()",
        "update content_items set visibility = 'private' where visibility = 'public' and root_id is null",
        "update user_notes set is_public = false",
    ),
    "joined, begun, given, made public": (
        "insert into user_organizations (user_id, org_id) select u.id, o.id from users u, organizations o"
        " where u.email in ('member@example.org', 'buyer@example.org')",
        "update course_enrollments set status = 'active'",
        "update user_content_access set access_expires_at = null",
        "update content_items set visibility = 'public' where visibility = 'private' and root_id is null"
        " and content_type = 'book'",
    ),
    "all of it taken back": (
        "delete from user_organizations where role = 'member'",
        "delete from course_enrollments where role = 'student'",
        "delete from user_content_access",
        "update content_items set visibility = 'private', status = 'draft'",
        "select ops.collect_feeds(interval '0')",
    ),
}


def test_no_byte_of_a_row_out_of_sight_reaches_anybody(secrets: Secrets, spies: list[Spy]) -> None:
    ever: dict[str, set[bytes]] = {name: set() for name in ASKING}
    for phase, statements in CHANGES.items():
        secrets.change(*statements)
        for spy in spies:
            spy.ask_for_everything()
            heard = spy.line.heard()
            found = {marker for marker in secrets.markers if marker in heard}
            leaked = {secrets.markers[marker] for marker in found - secrets.seen_by(spy.id)}
            assert leaked == set(), f"{spy.name} heard of rows out of sight ({phase})"
            ever[spy.name] |= found
    for spy in spies:
        assert {200, 403, 404} <= spy.answered.keys(), spy.answered
        assert len(ever[spy.name]) > 10, "who hears of nothing has asked for nothing"
        assert any(len(marker) == 16 for marker in ever[spy.name]), "nobody was sent a pack"


def test_a_recorder_reads_pieces_and_compression() -> None:
    out = b"".join(b"%s /a HTTP/1.1\r\n\r\n" % method for method in (b"HEAD", b"GET", b"GET", b"GET", b"GET"))
    head = b"HTTP/1.1 200 OK\r\ncontent-encoding: zstd\r\ncontent-length: 9\r\n\r\n"
    parts = [head]
    for encoding, body in ((b"zstd", zstandard.compress(b"one")), (b"gzip", gzip.compress(b"two"))):
        parts.append(b"HTTP/1.1 200 OK\r\ncontent-encoding: %s\r\ncontent-length: %d\r\n\r\n" % (encoding, len(body)))
        parts.append(body)
    pack = zstandard.compress(b"pack")
    parts.append(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % len(pack) + pack)
    parts.append(b"HTTP/1.1 404 No\r\ntransfer-encoding: chunked\r\n\r\n2\r\nth\r\n3\r\nree\r\n0\r\n\r\n")
    assert list(answers(out, b"".join(parts))) == [b"", b"one", b"two", b"pack", b"three"]
