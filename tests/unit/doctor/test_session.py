"""What a session may lack, each told by its code with what to do."""

from __future__ import annotations

import os
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from alexandria_desktop.doctor import session
from alexandria_desktop.doctor.finding import Severity, Trouble, exit_status, fine, note

pytestmark = pytest.mark.skipif(os.name != "posix", reason="these faults are of Linux")


@pytest.fixture
def short() -> Iterator[Path]:
    """A folder with a short name: sockets take no long ones."""
    with tempfile.TemporaryDirectory(prefix="s") as folder:
        yield Path(folder)


def test_no_screen_and_one_where_nobody_answers(short: Path) -> None:
    assert session.display({}).code == Trouble.DISPLAY_MISSING
    assert session.display({"DISPLAY": ":7"}, short).code == Trouble.DISPLAY_DEAD
    dead = {"WAYLAND_DISPLAY": "wayland-0", "XDG_RUNTIME_DIR": str(short)}
    assert session.display(dead).severity is Severity.FAULT


def test_a_screen_that_answers(short: Path) -> None:
    with socket.socket(socket.AF_UNIX) as screen:
        screen.bind(str(short / "X7"))
        screen.listen()
        assert session.display({"DISPLAY": ":7.0"}, short).severity is Severity.OK
    with socket.socket(socket.AF_UNIX) as screen:
        screen.bind(str(short / "wayland-0"))
        screen.listen()
        there = {"WAYLAND_DISPLAY": "wayland-0", "XDG_RUNTIME_DIR": str(short)}
        assert session.display(there).severity is Severity.OK


def test_no_graphics_card(tmp_path: Path) -> None:
    assert session.graphics(tmp_path / "dri", {}).code == Trouble.GRAPHICS_SOFTWARE
    (tmp_path / "renderD128").touch()
    assert session.graphics(tmp_path, {}).severity is Severity.OK
    assert session.graphics(tmp_path, {"LIBGL_ALWAYS_SOFTWARE": "1"}).code == Trouble.GRAPHICS_SOFTWARE
    assert session.graphics(tmp_path, {"QTWEBENGINE_CHROMIUM_FLAGS": "--disable-gpu"}).severity is Severity.NOTE


def _kernel(folder: Path, name: str, value: int) -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"{value}\n")
    return folder


def test_the_sandbox_of_pages(tmp_path: Path) -> None:
    assert session.sandbox(0, {}, tmp_path).code == Trouble.SANDBOX_ROOT
    assert session.sandbox(0, {"QTWEBENGINE_DISABLE_SANDBOX": "1"}, tmp_path).code == Trouble.SANDBOX_OFF
    assert (
        session.sandbox(1000, {"QTWEBENGINE_CHROMIUM_FLAGS": "-x --no-sandbox"}, tmp_path).code == Trouble.SANDBOX_OFF
    )
    assert session.sandbox(1000, {}, tmp_path).severity is Severity.OK
    _kernel(tmp_path, "kernel/apparmor_restrict_unprivileged_userns", 1)
    current = tmp_path / "current"
    current.write_text("unconfined\n")
    assert session.sandbox(1000, {}, tmp_path, current).code == Trouble.SANDBOX_RESTRICTED
    assert session.sandbox(1000, {}, tmp_path, tmp_path / "gone").code == Trouble.SANDBOX_RESTRICTED
    current.write_text("alexandria-desktop (unconfined)\n")
    assert session.sandbox(1000, {}, tmp_path, current).severity is Severity.OK
    _kernel(tmp_path, "user/max_user_namespaces", 0)
    found = session.sandbox(1000, {}, tmp_path)
    assert (found.code, found.severity) == (Trouble.SANDBOX_FORBIDDEN, Severity.WARNING)
    assert session.sandbox(1000, {"FLATPAK_ID": "org.example"}, tmp_path).sentence.startswith("Flatpak")


def test_no_secret_service() -> None:
    found = session.keyring(is_safe=False, system="linux")
    assert (found.code, "Secret Service" in found.sentence) == (Trouble.KEYRING_MISSING, True)
    assert "--keep-with-passphrase" in session.keyring(is_safe=False, system="darwin").remedy


@pytest.mark.parametrize(
    ("environment", "severity"),
    [
        ({"LANG": "de_DE.UTF-8"}, Severity.OK), ({"LANG": "de_DE.utf8@euro"}, Severity.OK),
        ({"LANG": "de_DE.UTF-8", "LC_ALL": "de_DE.ISO-8859-1"}, Severity.WARNING), ({"LANG": "C"}, Severity.NOTE),
        ({}, Severity.NOTE),
    ],
)  # fmt: skip
def test_a_locale_that_is_not_utf_8(environment: dict[str, str], severity: Severity) -> None:
    assert session.letters(environment, filesystem="utf-8").severity is severity


def test_letters_without_a_font() -> None:
    unseen = {"zh": "Chinese", "ja": "Japanese"}
    found = session.fonts(["en", "zh-Hant"], unseen)
    assert (found.code, "Chinese" in found.sentence, "Japanese" in found.sentence) == (
        Trouble.FONTS_MISSING,
        True,
        False,
    )
    assert session.fonts(["en", "ar"], unseen).severity is Severity.OK


def test_proxies_that_work_and_that_cannot() -> None:
    assert session.proxies({}, has_socks=False).severity is Severity.OK
    secret = {"HTTPS_PROXY": "http://ann:hunter2@proxy.example.org:3128"}
    found = session.proxies(secret, has_socks=False)
    assert (found.code, "hunter2" in f"{found}") == (Trouble.PROXY_SET, False)
    assert session.proxies({"ALL_PROXY": "socks5://127.0.0.1:1080"}, has_socks=False).code == Trouble.PROXY_WRONG
    assert session.proxies({"ALL_PROXY": "socks5://127.0.0.1:1080"}, has_socks=True).severity is Severity.NOTE
    assert session.proxies({"https_proxy": "proxy.example.org:3128"}, has_socks=True).code == Trouble.PROXY_SET
    both = {"https_proxy": "http://proxy.example.org:3128", "all_proxy": "socks://proxy.example.org:1080"}
    assert session.proxies(both, has_socks=False).code == Trouble.PROXY_SET
    for wrong in ("gopher://proxy.example.org", "http://", "http://proxy.example.org:port"):
        assert session.proxies({"https_proxy": wrong}, has_socks=True).code == Trouble.PROXY_WRONG


def test_certificates_that_are_named_and_gone(tmp_path: Path) -> None:
    assert session.certificates({}).severity is Severity.OK
    assert session.certificates({"SSL_CERT_FILE": str(tmp_path)}).severity is Severity.OK
    assert session.certificates({"SSL_CERT_FILE": str(tmp_path / "gone")}).code == Trouble.CERTIFICATES_MISSING


def test_little_memory_and_few_files() -> None:
    assert session.memory(1_000_000_000, 700_000_000).code == Trouble.MEMORY_LOW
    assert session.memory(8_000_000_000, 200_000_000).code == Trouble.MEMORY_LOW
    assert session.memory(8_000_000_000, 3_000_000_000).severity is Severity.OK
    assert session.open_files(256).code == Trouble.FILES_FEW
    assert session.open_files(1024).severity is Severity.OK


def test_the_exit_status_says_the_worst() -> None:
    calm = [fine("disk", "All is well."), note(Trouble.PROXY_SET, "There is a proxy.")]
    assert exit_status(calm) == 0
    risky = [*calm, session.memory(1, 1)]
    assert exit_status(risky) == 3
    assert exit_status([*risky, session.sandbox(0, {})]) == 1
