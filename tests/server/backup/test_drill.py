"""The restore drill: back up, lose everything, bring it back, and find all as it was but the epoch."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from msgspec.structs import replace
from sqlalchemy import create_engine

from sync.server.access.audit import audit
from sync.server.backup import BackupError, back_up, restore
from sync.server.backup.manifest import BLOBS, DUMP, MANIFEST, blob_path, write_manifest
from sync.server.feeds import make_feeds
from sync.server.migrate import read_state
from tests.server.backup.conftest import CONTENTS, Shop, digest
from tests.server.serving import Person, make_app, person_from, serving, sign_in, sign_up
from tests.support.postgres import TEMPLATE

pytestmark = pytest.mark.postgres

FIRST = datetime(2026, 11, 22, 2, tzinfo=UTC)
ROWS = "select md5(string_agg(t::text, '|' order by t::text)) from {} t"
GUARDS = (
    "select c.oid::regclass::text, c.relrowsecurity, c.relforcerowsecurity, pg_get_userbyid(c.relowner)"
    " from pg_class c join pg_namespace n on n.oid = c.relnamespace"
    " where n.nspname in ('public', 'gateway', 'ops', 'sync') and c.relkind in ('r', 'm', 'v')"
    " order by 1"
)
POLICIES = "select tablename, policyname, cmd, roles::text, qual, with_check from pg_policies order by 1, 2"
FUNCTIONS = (
    "select p.oid::regprocedure::text, pg_get_userbyid(p.proowner), p.proacl::text from pg_proc p"
    " join pg_namespace n on n.oid = p.pronamespace where n.nspname in ('app', 'gateway', 'ops', 'sync') order by 1"
)
TABLES = ("public.users", "public.user_profiles", "public.content_items", "gateway.blobs", "sync.feed_row")


def state_of(shop: Shop) -> list[object]:
    return [
        *(shop.ask(ROWS.format(table)) for table in TABLES),
        shop.ask(GUARDS),
        shop.ask(POLICIES),
        shop.ask(FUNCTIONS),
    ]


def epoch_of(shop: Shop) -> object:
    return shop.ask("select epoch from sync.epoch")[0][0]


def test_all_is_as_it_was_but_the_epoch(shop: Shop) -> None:
    before, epoch = state_of(shop), epoch_of(shop)
    made = back_up(shop.database.owner_url, shop.blobs, shop.backups)
    assert made.manifest.tables["public.users"] == 20
    shop.does("delete from public.content_items")
    shutil.rmtree(shop.blobs)
    assert state_of(shop) != before

    done = restore(made.folder, shop.database.admin_url, shop.blobs, replace=True)

    assert state_of(shop) == before
    assert str(epoch_of(shop)) == done.epoch != str(epoch)
    assert [blob_path(shop.blobs, digest(content)).read_bytes() for content in CONTENTS] == list(CONTENTS)
    assert read_state(shop.database.owner_url).is_current
    engine = create_engine(shop.database.owner_url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.connect() as connection:
        assert audit(connection) == []
    engine.dispose()


def test_the_database_that_was_replaced_is_kept_beside_the_new_one(shop: Shop) -> None:
    made = back_up(shop.database.owner_url, shop.blobs, shop.backups)
    shop.does("insert into users (email, name) values ('late@example.org', 'Late')")
    done = restore(made.folder, shop.database.admin_url, shop.blobs, replace=True)
    assert shop.ask("select count(*) from users") == [(20,)]
    aside = shop.database.admin_url.replace(shop.database.name, done.kept_as)
    with psycopg.connect(aside) as connection:
        assert connection.execute("select count(*) from users").fetchone() == (21,)


def test_a_gateway_that_is_connected_finds_the_restored_database(shop: Shop) -> None:
    made = back_up(shop.database.owner_url, shop.blobs, shop.backups)
    with psycopg.connect(shop.database.gateway_url) as held:
        held.execute("select 1")
        restore(made.folder, shop.database.admin_url, shop.blobs, replace=True)
        with pytest.raises(psycopg.OperationalError):
            held.execute("select 1")
    with psycopg.connect(shop.database.gateway_url) as again:
        again.execute("set role alexandria_gateway")
        assert again.execute("select gateway.schema_version()").fetchone()


@pytest.mark.parametrize("damaged", [DUMP, BLOBS, MANIFEST, "missing"])
def test_a_damaged_backup_is_refused_before_anything_is_touched(shop: Shop, damaged: str) -> None:
    made = back_up(shop.database.owner_url, shop.blobs, shop.backups)
    if damaged == "missing":
        blob_path(made.folder / BLOBS, digest(CONTENTS[0])).unlink()
    else:
        harm(made.folder / damaged if damaged != BLOBS else blob_path(made.folder / BLOBS, digest(CONTENTS[2])))
    before, epoch = state_of(shop), epoch_of(shop)
    with pytest.raises(BackupError) as told:
        restore(made.folder, shop.database.admin_url, shop.blobs, replace=True)
    assert told.value.code == "damaged"
    assert state_of(shop) == before
    assert epoch_of(shop) == epoch
    assert databases(shop) == [shop.database.name]


def test_a_restore_that_counts_other_rows_leaves_the_old_database(shop: Shop) -> None:
    made = back_up(shop.database.owner_url, shop.blobs, shop.backups)
    words = (made.folder / MANIFEST).read_text()
    (made.folder / MANIFEST).write_text(words.replace('"public.users": 20', '"public.users": 21'))
    epoch = epoch_of(shop)
    with pytest.raises(BackupError, match=r"public\.users") as told:
        restore(made.folder, shop.database.admin_url, shop.blobs, replace=True)
    assert told.value.code == "wrong_counts"
    assert epoch_of(shop) == epoch
    assert databases(shop) == [shop.database.name]


def test_a_folder_that_is_no_backup_is_refused(shop: Shop, tmp_path: Path) -> None:
    with pytest.raises(BackupError) as told:
        restore(tmp_path, shop.database.admin_url, shop.blobs, replace=True)
    assert told.value.code == "no_backup"


def test_what_others_keep_in_the_database_is_not_asked_for(shop: Shop) -> None:
    shop.does('create schema "Cron job"', 'create table "Cron job".job (id int)')
    made = back_up(shop.database.owner_url, shop.blobs, shop.backups)
    restore(made.folder, shop.database.admin_url, shop.blobs, replace=True)
    assert shop.ask("select to_regnamespace('\"Cron job\"')") == [(None,)]


def test_the_database_knows_when_it_was_last_backed_up_also_after_a_restore(shop: Shop) -> None:
    last = "select ops.last_backup()"
    assert shop.ask(last) == [(None,)]
    made = back_up(shop.database.owner_url, shop.blobs, shop.backups)
    assert shop.ask(last) == [(made.manifest.made_at,)]
    restore(made.folder, shop.database.admin_url, shop.blobs, replace=True)
    assert shop.ask(last) == [(made.manifest.made_at,)]


def test_a_database_that_holds_something_is_replaced_only_when_told(shop: Shop) -> None:
    made = back_up(shop.database.owner_url, shop.blobs, shop.backups)
    epoch = epoch_of(shop)
    with pytest.raises(BackupError) as told:
        restore(made.folder, shop.database.admin_url, shop.blobs)
    assert told.value.code == "would_replace"
    assert (epoch_of(shop), databases(shop)) == (epoch, [shop.database.name])


def test_an_empty_or_missing_database_is_filled_without_being_asked(shop: Shop) -> None:
    made = back_up(shop.database.owner_url, shop.blobs, shop.backups)
    before = state_of(shop)
    shop.database.cluster.superuser_does(f"drop database {shop.database.name}")
    assert restore(made.folder, shop.database.admin_url, shop.blobs).kept_as == ""
    assert state_of(shop) == before
    shop.database.cluster.superuser_does(
        f"drop database {shop.database.name}", f"create database {shop.database.name} template {TEMPLATE}"
    )
    assert restore(made.folder, shop.database.admin_url, shop.blobs).kept_as == ""
    assert state_of(shop) == before
    assert databases(shop) == [shop.database.name]


def test_a_backup_of_a_newer_release_is_refused(shop: Shop) -> None:
    made = back_up(shop.database.owner_url, shop.blobs, shop.backups)
    write_manifest(made.folder, replace(made.manifest, schema_version="9999"))
    with pytest.raises(BackupError) as told:
        restore(made.folder, shop.database.admin_url, shop.blobs, replace=True)
    assert told.value.code == "newer_backup"


def test_a_backup_without_its_files_is_not_restored_to_a_folder_nor_one_with_them_to_a_bucket(shop: Shop) -> None:
    with_files = back_up(shop.database.owner_url, shop.blobs, shop.backups, now=FIRST)
    without = back_up(shop.database.owner_url, "s3://books", shop.backups, now=FIRST + timedelta(days=1))
    for made, blobs in ((with_files, "s3://books"), (without, shop.blobs)):
        with pytest.raises(BackupError) as told:
            restore(made.folder, shop.database.admin_url, blobs, replace=True)
        assert told.value.code == "files_elsewhere"
    restore(without.folder, shop.database.admin_url, "s3://books", replace=True)


def test_jobs_that_pg_cron_ran_are_the_gateways_where_it_is_not(shop: Shop) -> None:
    shop.does("update ops.jobs set run_by = 'pg_cron' where statement is not null")
    made = back_up(shop.database.owner_url, shop.blobs, shop.backups)
    restore(made.folder, shop.database.admin_url, shop.blobs, replace=True)
    assert shop.ask("select distinct run_by from ops.jobs") == [("gateway",)]


def test_a_login_that_comes_back_again_and_again_does_not_keep_the_exchange_from_happening(shop: Shop) -> None:
    made = back_up(shop.database.owner_url, shop.blobs, shop.backups)
    ended = threading.Event()

    def insist() -> None:
        while not ended.is_set():
            with suppress(psycopg.Error), psycopg.connect(shop.database.gateway_url) as held:
                while not ended.is_set():
                    held.execute("select 1")

    insisting = [threading.Thread(target=insist) for _ in range(4)]
    for one in insisting:
        one.start()
    try:
        assert restore(made.folder, shop.database.admin_url, shop.blobs, replace=True).kept_as
    finally:
        ended.set()
        for one in insisting:
            one.join()


@pytest.mark.anyio
async def test_people_sign_in_after_a_restore_and_see_what_was_theirs_alone(shop: Shop) -> None:
    async with serving(make_app(shop.database, make_feeds)) as client:
        people = [await sign_up(client), await sign_up(client)]
        epochs = [await epoch_for(one) for one in people]
    for one in people:
        with shop.database.as_user(one.id) as connection:
            connection.execute(
                "insert into content_items (creator_id, title, content_type, module_name, visibility)"
                " values (%s, %s, 'book', 'library', 'private')",
                [one.id, one.email],
            )
    made = back_up(shop.database.owner_url, shop.blobs, shop.backups)
    shop.does("truncate users cascade")
    restore(made.folder, shop.database.admin_url, shop.blobs, replace=True)

    async with serving(make_app(shop.database, make_feeds)) as client:
        for one, epoch in zip(people, epochs, strict=True):
            answer = await sign_in(client, one.email)
            assert answer.status_code == 200, answer.text
            assert await epoch_for(person_from(client, answer)) != epoch
            assert (await client.get("/v1/me", headers=one.headers)).status_code == 200, "sessions are as they were"
    for one in people:
        with shop.database.as_user(one.id) as connection:
            assert connection.execute("select title from content_items").fetchall() == [(one.email,)]
    with shop.database.as_user(None) as connection:
        assert connection.execute("select title from content_items").fetchall() == []


async def epoch_for(person: Person) -> str:
    answer = await person.post("/v1/pull", {"device_id": str(person.id), "checkpoint": 0})
    assert answer.status_code == 200, answer.text
    return str(json.loads(answer.content.splitlines()[0])["epoch"])


def harm(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.unlink()  # in the store the same file may lie behind a link
    path.write_bytes(b"{" if path.name == MANIFEST else bytes(content))


def databases(shop: Shop) -> list[object]:
    like = f"select datname from pg_database where datname like '{shop.database.name}%' order by 1"
    return [row[0] for row in shop.ask(like)]


def test_a_restore_that_is_killed_halfway_leaves_the_old_database_and_the_next_one_goes_through(shop: Shop) -> None:
    made = back_up(shop.database.owner_url, shop.blobs, shop.backups)
    before, epoch = state_of(shop), epoch_of(shop)
    command = [sys.executable, "-m", "sync.server", "restore", str(made.folder), "--yes"]
    environment = {**os.environ, "ALEXANDRIA_SERVER_BLOB_STORE": str(shop.blobs)}
    process = subprocess.Popen([*command, "--admin-database-url", shop.database.admin_url], env=environment)
    try:
        while len(databases(shop)) == 1:
            assert process.poll() is None, "it ended before it began"
    finally:
        process.kill()
        process.wait()
    assert (state_of(shop), epoch_of(shop)) == (before, epoch)
    assert restore(made.folder, shop.database.admin_url, shop.blobs, replace=True).kept_as
    assert state_of(shop) == before
    assert not [name for name in databases(shop) if str(name).endswith("_restoring")]
