"""A server that was set back to yesterday: laptops notice, tell again what it lost, and lose nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from uuid import UUID

import pytest

from alexandria_desktop.store.unit_of_work import UnitOfWork
from sync.client.http import HttpEndpoint
from sync.schema import natural
from sync.server.feeds import make_feeds
from sync.server.push import make_push
from tests.server.serving import make_app
from tests.support.postgres import Cluster
from tests.support.server import ServerDatabase
from tests.sync.laptops import Account, Laptop, laptop, listening, make_account

pytestmark = pytest.mark.postgres


@pytest.fixture
def source(cluster: Cluster, server_template: str) -> Iterator[ServerDatabase]:
    with cluster.database(server_template) as engine:
        yield ServerDatabase(cluster, str(engine.url.database))


def turn_to(one: Laptop, address: str) -> None:
    """Let a laptop find its server at another address."""
    one.endpoint.close()
    one.account = Account(address, one.account.user_id, one.account.email)
    one.endpoint = HttpEndpoint(address, one.account.token())


RESTORED = {"by us": "select sync.new_epoch()", "past us": "update sync.epoch set epoch = gen_random_uuid()"}


@pytest.mark.parametrize("how", RESTORED)
def test_what_a_restored_server_lost_is_told_to_it_again(
    cluster: Cluster, source: ServerDatabase, tmp_path: Path, how: str
) -> None:
    with ExitStack() as stack:
        with listening(make_app(source, make_feeds, make_push)) as address:
            account = make_account(address)
            one, other = (stack.enter_context(laptop(tmp_path / name, account)) for name in ("one", "other"))
            book = one.add_book()
            kept, gone = one.add_note(book, "yesterday"), one.add_note(book, "to be removed")
            one.sync()
            other.sync()
        backup = ServerDatabase(cluster, str(stack.enter_context(cluster.database(source.name)).url.database))
        with listening(make_app(source, make_feeds, make_push)) as address:
            turn_to(one, address)
            turn_to(other, address)
            one.change("user_notes", kept, note_text="today")
            late = one.add_note(book, "new today")
            one.remove("user_notes", gone)
            one.sync()
            other.sync()
        with backup.as_superuser() as connection:
            connection.execute(RESTORED[how].encode())
        with listening(make_app(backup, make_feeds, make_push)) as address:
            turn_to(one, address)
            turn_to(other, address)
            unsent = one.add_note(book, "not sent yet")
            one.change("user_notes", late, note_text="new today, and changed since")
            report = one.sync()
            other.sync()
            one.sync()
        assert report.listed_anew
        for each in (one, other):
            assert [each.note(note) for note in (kept, gone, late, unsent)] == [
                "today", None, "new today, and changed since", "not sent yet",
            ]  # fmt: skip
            assert each.waiting() == []
        assert one.rows("user_notes") == other.rows("user_notes")


def test_what_was_written_once_and_a_restored_server_lost_is_handed_in_again(
    cluster: Cluster, source: ServerDatabase, tmp_path: Path
) -> None:
    with ExitStack() as stack:
        with listening(make_app(source, make_feeds, make_push)) as address:
            account = make_account(address)
            one = stack.enter_context(laptop(tmp_path / "one", account))
            assessment = one.write(add_assessment, account.user_id)
            kept = one.write(add_attempt, account.user_id, assessment, 1)
            asked = one.write(add_question, account.user_id, "before")
            one.sync()
        backup = ServerDatabase(cluster, str(stack.enter_context(cluster.database(source.name)).url.database))
        with listening(make_app(source, make_feeds, make_push)) as address:
            turn_to(one, address)
            lost = one.write(add_attempt, account.user_id, assessment, 2)
            lost_too = one.write(add_question, account.user_id, "after")
            done = one.write(add_activity, account.user_id)
            one.sync()
        with backup.as_superuser() as connection:
            connection.execute(b"select sync.new_epoch()")
        with listening(make_app(backup, make_feeds, make_push)) as address:
            turn_to(one, address)
            one.sync()
            one.sync()
        assert one.waiting() == []
        with backup.as_superuser() as connection:
            rows = connection.execute(
                "select id, answers_json from assessment_attempts order by attempt_number"
            ).fetchall()
            questions = connection.execute("select id, query_text from user_queries order by id").fetchall()
            activities = connection.execute("select id from user_activity").fetchall()
        assert rows == [(kept, {"said": 1}), (lost, {"said": 2})]
        assert questions == [(asked, "before"), (lost_too, "after")]
        assert activities == [(done,)]


def add_assessment(unit: UnitOfWork, user_id: UUID) -> UUID:
    item = unit.insert(
        "content_items",
        {"title": "Quiz", "content_type": "assessment", "module_name": "lms", "creator_id": user_id},
    )
    values = {"content_id": item, "root_id": item, "questions_json": []}
    return unit.insert("assessments", {"id": natural.assessment(item), **values})


def add_attempt(unit: UnitOfWork, user_id: UUID, assessment: UUID, number: int) -> UUID:
    values = {"attempt_number": number, "answers_json": {"said": number}, "started_at": unit.now}
    return unit.insert("assessment_attempts", {"user_id": user_id, "assessment_id": assessment, **values})


def add_question(unit: UnitOfWork, user_id: UUID, text: str) -> UUID:
    return unit.insert("user_queries", {"user_id": user_id, "query_text": text})


def add_activity(unit: UnitOfWork, user_id: UUID) -> UUID:
    return unit.insert("user_activity", {"user_id": user_id, "action_type": "read"})
