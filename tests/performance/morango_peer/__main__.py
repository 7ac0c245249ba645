"""Two SQLite databases that morango keeps in step, over its own test server.

Run by a Python that has morango 0.8, which need not be ours:

    python tests/performance/morango_peer seed FOLDER COUNT       makes server.db and laptop.db with COUNT notes each
    python tests/performance/morango_peer serve FOLDER            serves server.db; prints its address
    python tests/performance/morango_peer measure FOLDER ADDRESS  pushes and pulls; prints {"push": seconds, …}
"""

from __future__ import annotations

import json
import shutil
import sys
import time
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command

PROFILE = "shelf"
CHUNK = 500


def set_up(database: Path) -> None:
    """Configure Django for one database; once a process."""
    settings.configure(
        DEBUG=False,
        SECRET_KEY="a bench has no secrets",
        ALLOWED_HOSTS=["127.0.0.1"],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(database),
                               "OPTIONS": {"timeout": 60}}},
        INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "rest_framework", "mptt", "morango",
                        "shelf"],
        ROOT_URLCONF="morango.urls",
        WSGI_APPLICATION=None,
        USE_TZ=True,
    )  # fmt: skip
    django.setup()


def seed(folder: Path, count: int) -> None:
    """Make both databases: one certificate that both hold, and notes that the other does not have."""
    set_up(folder / "server.db")
    call_command("migrate", run_syncdb=True, verbosity=0)
    from morango.models import Certificate, DatabaseIDModel, InstanceIDModel, ScopeDefinition

    ScopeDefinition.objects.create(
        id="all", profile=PROFILE, version=1, primary_scope_param_key="dataset", description="everything",
        read_filter_template="${dataset}", write_filter_template="${dataset}", read_write_filter_template="${dataset}",
    )  # fmt: skip
    root = Certificate.generate_root_certificate("all")
    shutil.copy(folder / "server.db", folder / "laptop.db")
    InstanceIDModel.get_or_create_current_instance()
    _write(root.id, count)
    # A copy must not be the same peer; both ids are made anew where they are missing.
    assert DatabaseIDModel.objects.exists()


def _write(dataset: str, count: int) -> None:
    from django.db import transaction
    from shelf.models import Note

    with transaction.atomic():
        for number in range(count):
            Note.objects.create(
                dataset=dataset, book="0190a000-0000-7000-8000-000000000000", color="yellow",
                text=f"A note of some words on a passage, number {number}",
                location=json.dumps({"progression": number / count, "quote": "some words that were marked"}),
                created="2026-03-01T12:00:00+00:00", updated="2026-03-01T12:00:00+00:00",
            )  # fmt: skip


def serve(folder: Path) -> None:
    """Serve until the process is ended."""
    set_up(folder / "server.db")
    from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
    from django.core.wsgi import get_wsgi_application

    class Quiet(WSGIRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadedWSGIServer(("127.0.0.1", 0), Quiet)
    server.set_app(get_wsgi_application())
    print(f"http://127.0.0.1:{server.server_port}/", flush=True)
    server.serve_forever()


def measure(folder: Path, address: str, count: int) -> None:
    """Write notes, push them, pull the server's; print how long each took and how many notes there are then."""
    set_up(folder / "laptop.db")
    from morango.models import Certificate, DatabaseIDModel, Filter, InstanceIDModel
    from morango.sync.controller import MorangoProfileController
    from shelf.models import Note

    InstanceIDModel.objects.all().delete()
    DatabaseIDModel.objects.all().delete()
    InstanceIDModel.get_or_create_current_instance(clear_cache=True)
    root = Certificate.objects.get()
    _write(root.id, count)
    connection = MorangoProfileController(PROFILE).create_network_connection(address, chunk_size=CHUNK)
    session = connection.create_sync_session(root, root)
    taken = {}
    # Each is made when it is wanted: both would share what they know of the transfer.
    for name, make in (("push", session.get_push_client), ("pull", session.get_pull_client)):
        client = make()
        begun = time.perf_counter()
        client.initialize(Filter(root.id))
        client.run()
        client.finalize()
        taken[name] = time.perf_counter() - begun
    connection.close_sync_session(session.sync_session)
    print(json.dumps({**taken, "notes": Note.objects.count()}), flush=True)


if __name__ == "__main__":
    verb, where = sys.argv[1], Path(sys.argv[2])
    if verb == "seed":
        seed(where, int(sys.argv[3]))
    elif verb == "serve":
        serve(where)
    else:
        measure(where, sys.argv[3], int(sys.argv[4]))
