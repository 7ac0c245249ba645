"""Backups: whole or not at all, with every row and every sound file."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sync.server.backup import BackupError, back_up
from sync.server.backup.manifest import BLOBS, DUMP, blob_path, hash_file, read_manifest
from sync.server.backup.programs import choose_programs
from sync.server.embedded.binaries import Binaries
from tests.server.backup.conftest import CONTENTS, Shop, digest

pytestmark = pytest.mark.postgres

FIRST = datetime(2026, 11, 22, 2, tzinfo=UTC)


@pytest.mark.skipif(os.name == "nt", reason="the program that fails is a shell script")
def test_a_backup_that_fails_leaves_nothing_behind(shop: Shop, tmp_path: Path) -> None:
    failing = tmp_path / "pg_dump"
    failing.write_text("#!/bin/sh\necho no room >&2\nexit 1\n")
    failing.chmod(0o755)
    with pytest.raises(BackupError, match="no room") as told:
        back_up(shop.database.owner_url, shop.blobs, shop.backups, binaries=Binaries(tmp_path, 16))
    assert told.value.code == "pg_dump_failed"
    assert list(shop.backups.iterdir()) == []


def test_a_rotten_file_does_not_keep_the_rest_from_being_backed_up(shop: Shop) -> None:
    blob_path(shop.blobs, digest(CONTENTS[0])).write_bytes(b"rot")
    made = back_up(shop.database.owner_url, shop.blobs, shop.backups)
    assert made.manifest.missing_blobs == (digest(CONTENTS[0]),)
    assert len(made.manifest.blobs) == 2


def test_a_file_that_nobody_has_a_claim_on_may_be_gone(shop: Shop) -> None:
    blob_path(shop.blobs, digest(CONTENTS[0])).unlink()
    shop.does(f"delete from gateway.blob_claims where sha256 = '{digest(CONTENTS[0])}'")
    assert back_up(shop.database.owner_url, shop.blobs, shop.backups).manifest.missing_blobs == ()


@pytest.mark.skipif(os.name == "nt", reason="links are counted otherwise there")
def test_a_file_lies_once_however_many_backups_have_it_and_heals_from_the_one_before(shop: Shop) -> None:
    first = back_up(shop.database.owner_url, shop.blobs, shop.backups, now=FIRST)
    for content in CONTENTS:
        blob_path(shop.blobs, digest(content)).unlink()
        blob_path(shop.blobs, digest(content)).write_bytes(b"rot")
    second = back_up(shop.database.owner_url, shop.blobs, shop.backups, now=FIRST + timedelta(days=1))
    assert second.manifest.missing_blobs == ()
    for content in CONTENTS:
        kept = [blob_path(made.folder / BLOBS, digest(content)) for made in (first, second)]
        assert kept[0].samefile(kept[1])


def test_a_file_that_the_database_names_and_the_store_lacks_is_told(shop: Shop) -> None:
    blob_path(shop.blobs, digest(CONTENTS[0])).unlink()
    made = back_up(shop.database.owner_url, shop.blobs, shop.backups)
    assert read_manifest(made.folder).missing_blobs == (digest(CONTENTS[0]),)


def test_every_row_is_in_the_dump_though_row_level_security_is_forced(shop: Shop) -> None:
    made = back_up(shop.database.owner_url, shop.blobs, shop.backups)
    assert made.manifest.tables["public.content_items"] == 20
    assert hash_file(made.folder / DUMP) == made.manifest.dump_sha256


def test_no_pg_dump_that_is_new_enough_is_said_plainly() -> None:
    with pytest.raises(BackupError, match="pg_dump 99 or newer") as told:
        choose_programs(99)
    assert told.value.code == "no_pg_dump"
