"""The examples of nginx and Caddy as they are handed out, in front of two real gateways; only names, ports and
certificate are exchanged.
"""

from __future__ import annotations

import hashlib
import random
import shutil
import signal
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from sync.schema.ids import uuid7
from tests.server.commands.gateways import PASSWORD, Gateway, bearer, two_gateways
from tests.server.commands.program import wait_until
from tests.support.postgres import Cluster
from tests.support.server import ServerDatabase

pytestmark = pytest.mark.postgres

FOLDER = Path(__file__).parents[3] / "packaging" / "server"
LARGE = random.Random(1).randbytes(20_000_000)


@dataclass(frozen=True)
class Site:
    """A proxy with its gateways."""

    name: str
    client: httpx.Client
    plain_port: int
    gateways: tuple[Gateway, Gateway]


def program(name: str) -> str:
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin")
    if found is None:
        pytest.skip(f"{name} is not installed here")
    return found


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def exchanged(words: str, changes: dict[str, str]) -> str:
    for old, new in changes.items():
        assert old in words, f"the example no longer says {old!r}"
        words = words.replace(old, new)
    return words


def nginx_config(folder: Path, gateways: dict[str, str], port: int, plain_port: int) -> list[str]:
    changes = gateways | {
        "/etc/nginx/tls": str(folder),
        "/tmp/nginx.pid": f"{folder}/nginx.pid",
        "/dev/stdout": f"{folder}/access.log",
        "/dev/stderr": f"{folder}/error.log",
        "listen 443 ssl": f"listen 127.0.0.1:{port} ssl",
        "listen 80 ": f"listen 127.0.0.1:{plain_port} ",
    }
    config = folder / "nginx.conf"
    config.write_text(exchanged((FOLDER / "nginx.conf").read_text("utf-8"), changes))
    command = [program("nginx"), "-c", str(config), "-p", str(folder), "-e", f"{folder}/error.log"]
    subprocess.run([*command, "-t"], check=True, capture_output=True)
    return [*command, "-g", "daemon off;"]


def caddy_config(folder: Path, gateways: dict[str, str], port: int, plain_port: int) -> list[str]:
    changes = gateways | {
        "\tgrace_period 10s": f"\tgrace_period 10s\n\tadmin off\n\thttp_port {plain_port}\n\thttps_port {port}",
        "books.example.org {": f"https://localhost:{port} {{\n\ttls {folder}/fullchain.pem {folder}/privkey.pem",
    }
    config = folder / "Caddyfile"
    config.write_text(exchanged((FOLDER / "Caddyfile").read_text("utf-8"), changes))
    command = [program("caddy"), "run", "--adapter", "caddyfile", "--config", str(config)]
    subprocess.run([command[0], "validate", *command[2:]], check=True, capture_output=True)
    return command


def make_certificate(folder: Path) -> None:
    subprocess.run(
        [
            program("openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
            "-addext", "subjectAltName=DNS:localhost", "-keyout", folder / "privkey.pem",
            "-out", folder / "fullchain.pem",
        ],
        check=True, capture_output=True,
    )  # fmt: skip


@contextmanager
def proxied(name: str, folder: Path, gateways: tuple[Gateway, Gateway]) -> Iterator[Site]:
    make_certificate(folder)
    port, plain_port = free_port(), free_port()
    named = {f"gateway-{number}:8765": one.address.removeprefix("http://") for number, one in enumerate(gateways, 1)}
    command = {"nginx": nginx_config, "caddy": caddy_config}[name](folder, named, port, plain_port)
    trusted = ssl.create_default_context(cafile=folder / "fullchain.pem")
    with (folder / "said").open("wb") as said:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=said, stderr=said)
        try:
            with httpx.Client(base_url=f"https://localhost:{port}", verify=trusted, timeout=30) as client:
                wait_until(lambda: answers(client))
                yield Site(name, client, plain_port, gateways)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=30)


def answers(client: httpx.Client) -> bool:
    try:
        return client.get("/ready").status_code == 200
    except httpx.TransportError:
        return False


@pytest.fixture(scope="module", params=["nginx", "caddy"])
def site(
    request: pytest.FixtureRequest, cluster: Cluster, server_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    program(request.param)
    folder = tmp_path_factory.mktemp(request.param)
    with (
        cluster.database(server_template) as engine,
        two_gateways(
            ServerDatabase(cluster, str(engine.url.database)), folder / "blobs", TRUSTED_PROXIES="127.0.0.1/32"
        ) as gateways,
        proxied(request.param, folder, gateways) as found,
    ):
        yield found


@pytest.fixture(scope="module")
def token(site: Site) -> str:
    words = {"email": "ada@example.org", "password": PASSWORD, "name": "Ada"}
    return str(site.client.post("/v1/sign-up", json=words).json()["token"])


def test_a_large_file_goes_in_and_comes_out_in_pieces(site: Site, token: str) -> None:
    sha256 = hashlib.sha256(LARGE).hexdigest()
    begun = site.client.post(
        f"/v1/blobs/{sha256}", json={"size": len(LARGE), "media_type": "application/pdf"}, headers=bearer(token)
    )
    place = begun.headers["Location"]
    middle = len(LARGE) // 2
    for start, stop in ((0, middle), (middle, len(LARGE))):
        words = bearer(token) | {"Upload-Offset": str(start), "Content-Type": "application/partial-upload"}
        sent = site.client.patch(place, content=LARGE[start:stop], headers=words)
        assert (sent.status_code, sent.headers["Upload-Offset"]) == (200, str(stop)), sent.text
    got = site.client.get(f"/v1/blobs/{sha256}", headers=bearer(token) | {"Range": f"bytes={middle - 5}-{middle + 4}"})
    assert (got.status_code, got.content) == (206, LARGE[middle - 5 : middle + 5])
    whole = site.client.get(f"/v1/blobs/{sha256}", headers=bearer(token))
    assert whole.content == LARGE
    etag = {"If-None-Match": whole.headers["ETag"]}
    assert site.client.get(f"/v1/blobs/{sha256}", headers=bearer(token) | etag).status_code == 304


def test_a_body_that_is_no_file_and_too_large_is_refused(site: Site, token: str) -> None:
    kind = {"Content-Type": "application/json"}
    huge = site.client.patch("/v1/me", content=b" " * 9_000_000, headers=bearer(token) | kind)
    # Caddy begins to hand the body on, and may be cut short by the gateway before it has counted.
    assert huge.status_code in ({413, 502} if site.name == "caddy" else {413})


def test_both_gateways_are_asked(site: Site, token: str) -> None:
    def count() -> list[int]:
        lines = (httpx.get(f"{one.address}/metrics").text.splitlines() for one in site.gateways)
        return [
            sum(int(float(line.split()[-1])) for line in found if "/v1/me" in line and "_count" in line)
            for found in lines
        ]

    def both_were_asked() -> bool:
        assert site.client.get("/v1/me", headers=bearer(token)).status_code == 200
        return all(now > then for now, then in zip(count(), before, strict=True))

    before = count()
    wait_until(both_were_asked)


def test_metrics_are_not_for_the_internet_and_plain_http_is_sent_on(site: Site) -> None:
    assert site.client.get("/metrics").status_code == 404
    assert httpx.get(f"http://localhost:{site.plain_port}/v1/me", follow_redirects=False).status_code in (301, 308)


def test_a_device_that_waits_for_news_is_called_through_the_proxy(site: Site, token: str) -> None:
    with site.client.stream(
        "GET", "/v1/poke", params={"device_id": str(uuid7())}, headers=bearer(token), timeout=20
    ) as answer:
        lines = (line for line in answer.iter_lines() if line.startswith("event:"))
        assert next(lines) == "event: ready"
        assert site.client.patch("/v1/me", json={"name": "Ada L."}, headers=bearer(token)).status_code == 200
        assert next(lines) == "event: news"


def test_one_gateway_that_is_killed_is_not_noticed(site: Site, token: str) -> None:
    site.gateways[0].process.kill()
    site.gateways[0].process.wait()
    for _ in range(10):
        assert site.client.get("/v1/me", headers=bearer(token)).status_code == 200


def test_whoever_knocks_at_the_doors_too_often_is_held_off(site: Site) -> None:
    if site.name == "caddy":
        pytest.skip("Caddy has no limits of its own")
    wrong = {"email": "guessed@example.org", "password": "a wrong password"}
    refused = [site.client.post("/v1/sign-in", json=wrong) for _ in range(14)][-1]
    assert (refused.status_code, refused.headers["Content-Type"]) == (429, "text/html"), "nginx, not the gateway"
