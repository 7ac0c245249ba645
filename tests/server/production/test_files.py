"""What is handed out for production agrees with the program."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sync.server.__main__ import COMMANDS
from sync.server.access.audit import audit
from sync.server.migrate import migrate
from sync.server.migrate.address import open_engine
from sync.server.migrate.roles import LOGIN
from sync.server.settings import PREFIX, all_settings
from tests.support.postgres import find_binaries, running_cluster
from tests.support.server import plain

FOLDER = Path(__file__).parents[3] / "packaging" / "server"
FILES = sorted(path for path in FOLDER.iterdir() if path.is_file())


def words() -> str:
    return "\n".join(path.read_text("utf-8") for path in FILES)


def test_every_setting_is_on_the_page_with_its_words() -> None:
    page = (FOLDER / "README.md").read_text("utf-8")
    for setting in all_settings():
        assert f"| `{setting.environment}` |" in page
        assert setting.description.replace("|", "/") in page, setting.name


def test_no_setting_or_command_is_named_that_does_not_exist() -> None:
    known = {setting.environment for setting in all_settings()}
    assert set(re.findall(rf"{PREFIX}[A-Z][A-Z0-9_]*", words())) <= known
    assert set(re.findall(r"alexandria-server (\w+) ", words())) <= {*COMMANDS}


def test_the_logins_are_those_of_the_migrations() -> None:
    assert f"{LOGIN}:" in (FOLDER / "compose.yaml").read_text("utf-8")
    assert LOGIN in (FOLDER / "database.sh").read_text("utf-8")


def test_the_folder_is_no_package() -> None:
    assert not [path for path in FILES if path.suffix == ".py"]


def compose() -> dict[str, Any]:
    yaml = pytest.importorskip("yaml")
    found: dict[str, Any] = yaml.safe_load((FOLDER / "compose.yaml").read_text("utf-8"))
    return found


def test_what_the_compose_file_mounts_and_waits_for_exists() -> None:
    services = compose()["services"]
    for name, service in services.items():
        assert set(service.get("depends_on", [])) <= services.keys(), name
        for mount in service.get("volumes", []):
            source = mount.split(":")[0]
            if not source.startswith("."):
                assert source in compose()["volumes"], mount
            elif source.startswith("..") or (FOLDER / source).suffix:
                assert (FOLDER / source).exists(), mount


def test_the_gateways_of_the_compose_file_are_those_of_the_proxies() -> None:
    gateways = {f"{name}:8765" for name in compose()["services"] if name.startswith("gateway-")}
    for name in ("nginx.conf", "Caddyfile"):
        assert set(re.findall(r"gateway-\d:8765", (FOLDER / name).read_text("utf-8"))) == gateways


def test_no_gateway_knows_the_owners_password() -> None:
    for name, service in compose()["services"].items():
        if name.startswith("gateway-"):
            assert not [key for key in service["environment"] if "OWNER" in key]


def test_the_commands_of_the_compose_file_are_understood() -> None:
    for name, service in compose()["services"].items():
        if service.get("image") == "alexandria-server":
            words = [sys.executable, "-m", "sync.server", *service["command"], "--help"]
            assert subprocess.run(words, check=False, capture_output=True).returncode == 0, name


def test_the_unit_is_one_that_systemd_takes(tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd-analyze is not installed here")
    unit = tmp_path / "alexandria-server.service"
    words = (FOLDER / unit.name).read_text("utf-8")
    assert "/opt/alexandria/bin/python" in words
    unit.write_text(words.replace("/opt/alexandria/bin/python", sys.executable))
    said = subprocess.run([analyze, "verify", "--man=no", unit], check=False, capture_output=True, text=True)
    assert (said.returncode, [line for line in said.stderr.splitlines() if unit.name in line]) == (0, []), said


@pytest.mark.postgres
def test_the_script_makes_a_database_that_can_be_migrated() -> None:
    binaries, psql = find_binaries("18"), shutil.which("psql")
    if binaries is None or psql is None:
        pytest.skip("no Postgres 18 or no psql here")
    with running_cluster(binaries) as cluster:
        environment = {
            **os.environ, "PGHOST": str(cluster.folder), "OWNER_PASSWORD": "one", "GATEWAY_PASSWORD": "two's",
            "ROLES": str(FOLDER.parents[1] / "sync" / "server" / "migrate" / "roles.sql"),
        }  # fmt: skip
        script = ["sh", str(FOLDER / "database.sh")]
        said = subprocess.run(script, check=False, capture_output=True, text=True, env=environment)
        assert said.returncode == 0, said
        assert migrate(plain(cluster.url("alexandria"))).is_current
        engine = open_engine(plain(cluster.url("alexandria")))
        with engine.connect() as connection:
            assert audit(connection) == []
        engine.dispose()
        again = subprocess.run(script, check=False, capture_output=True, text=True, env=environment)
        assert (again.returncode != 0, "already exists" in again.stderr) == (True, True)
