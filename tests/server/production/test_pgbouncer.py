"""Gateways behind PgBouncer in transaction mode, with fewer connections than requests: everybody stays themselves."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import psycopg
import pytest

from sync.server.embedded.binaries import as_user
from tests.server.commands.gateways import bearer, two_gateways
from tests.server.commands.program import wait_until
from tests.server.production.test_proxies import free_port
from tests.support.postgres import Cluster, unprivileged_user
from tests.support.server import GATEWAY, ServerDatabase

pytestmark = pytest.mark.postgres

CONFIG = """
[databases]
* = host={host}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = trust
auth_file = {folder}/users
pool_mode = transaction
default_pool_size = 6
server_reset_query_always = 1
logfile = {folder}/log
"""


@pytest.fixture(scope="module")
def bouncer(cluster: Cluster) -> Iterator[int]:
    """The port of a PgBouncer before the cluster."""
    program = shutil.which("pgbouncer", path="/usr/sbin:/usr/bin:/usr/local/bin")
    if program is None:
        pytest.skip("pgbouncer is not installed here")
    folder, port = Path(tempfile.mkdtemp(prefix="bouncer")), free_port()
    (folder / "users").write_text(f'"{GATEWAY}" ""\n')
    (folder / "config").write_text(CONFIG.format(host=cluster.folder, port=port, folder=folder))
    if (user := unprivileged_user()) is not None:
        shutil.chown(folder, user)
    process = subprocess.Popen(
        [program, "-q", folder / "config"], stdin=subprocess.DEVNULL, cwd="/", **as_user(unprivileged_user())
    )
    try:
        yield port
    finally:
        process.terminate()
        process.wait(timeout=30)
        shutil.rmtree(folder)


def test_everybody_stays_themselves_with_fewer_connections_than_requests(
    bouncer: int, cluster: Cluster, server_template: str, tmp_path: Path
) -> None:
    with cluster.database(server_template) as engine:
        database = ServerDatabase(cluster, str(engine.url.database))
        url = f"postgresql://{GATEWAY}@127.0.0.1:{bouncer}/{database.name}"
        wait_until(lambda: can_connect(url))
        with two_gateways(database, tmp_path, DATABASE_URL=url) as gateways, ThreadPoolExecutor(12) as pool:
            people = {f"person{number}@example.org": "" for number in range(6)}
            for number, email in enumerate(people):
                people[email] = gateways[number % 2].sign_up(email)

            def ask(number: int) -> tuple[str, str]:
                email = list(people)[number % len(people)]
                place = f"{gateways[number // 6 % 2].address}/v1/me"
                answer = httpx.get(place, headers=bearer(people[email]), timeout=30)
                return email, answer.json()["email"]

            assert [asked for asked, told in pool.map(ask, range(240)) if asked != told] == []
            with database.as_superuser() as connection:
                used = connection.execute(
                    "select count(*) from pg_stat_activity where datname = current_database() and usename = %s",
                    [GATEWAY],
                ).fetchone()
            assert used is not None
            assert 1 <= used[0] <= 6


def can_connect(url: str) -> bool:
    try:
        with psycopg.connect(url):
            return True
    except psycopg.OperationalError:
        return False
