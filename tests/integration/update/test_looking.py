"""Looking for a newer version over real HTTP: what is told, what is refused, and what nobody learns of the reader."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import orjson
import pytest

from alexandria_desktop.base.errors import AlexandriaError, Code
from alexandria_desktop.base.version import Version
from alexandria_desktop.library.updating import Updates
from alexandria_desktop.update import asking
from alexandria_desktop.update.channel import CHANNEL_VARIABLE, Channel, channel
from alexandria_desktop.update.fetching import Interrupted
from alexandria_desktop.update.manifest import signed
from alexandria_desktop.update.memory import memory_file, remember, remembered
from alexandria_desktop.update.this_computer import Keeper, keeper
from tests.support.library import StillClock
from tests.support.mirror import KIND, NOW, PROGRAM, Mirror, manifest, mirror, new_secret

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ALEXANDRIA_STATE", str(tmp_path / "state"))
    return tmp_path / "state"


@pytest.fixture
def place() -> Iterator[Mirror]:
    with mirror() as opened:
        yield opened


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
def updates(place: Mirror, clock: StillClock, tmp_path: Path) -> Updates:
    return Updates(channel_of=lambda: place.channel, version="0.1.0", clock=clock, place=tmp_path / "program")


def refusal(work: Callable[[], object]) -> Code:
    with pytest.raises(AlexandriaError) as raised:
        work()
    assert raised.value.message.endswith(".")
    return raised.value.code


def test_a_newer_version_is_told_of_with_the_file_for_this_computer(updates: Updates) -> None:
    found = updates.look()
    assert (str(found.manifest.version), found.is_newer) == ("9.1.0", True)
    assert found.file is not None
    assert found.file.name == f"Alexandria-9.1.0.{KIND}"
    assert found.sentence == "Version 9.1.0 of 2026-02-28 is there."


def test_the_same_version_is_the_newest(updates: Updates, place: Mirror) -> None:
    place.say(version=Version("0.1.0"))
    found = updates.look()
    assert (found.is_newer, found.file, found.sentence) == (False, None, "This is the newest version.")


def test_nobody_learns_who_asks(updates: Updates, place: Mirror, tmp_path: Path) -> None:
    updates.fetch(updates.look(), tmp_path)
    assert [path for path, _ in place.asked] == ["/update.json", f"/Alexandria-9.1.0.{KIND}"], "no query"
    for _, headers in place.asked:
        assert set(headers) == {"Host", "User-Agent", "Accept", "Accept-Encoding", "Connection"}
        assert headers["User-Agent"] == "Alexandria", "not even the version"


def test_without_consent_nothing_is_due(updates: Updates, clock: StillClock) -> None:
    assert not updates.is_due()
    updates.agree(to_look=True)
    assert updates.is_due()
    updates.look()
    assert not updates.is_due()
    clock.advance(hours=25)
    assert updates.is_due()
    updates.agree(to_look=False)
    assert not updates.is_due()


def test_a_build_without_a_channel_says_so_and_asks_nobody(updates: Updates, place: Mirror) -> None:
    for empty in (Channel(), Channel(place.channel.address), Channel("", place.channel.keys)):
        closed = Updates(channel_of=lambda empty=empty: empty)
        closed.agree(to_look=True)
        assert not closed.is_due()
        assert refusal(closed.look) is Code.UPDATE_NO_CHANNEL
    assert place.asked == []


def test_no_key_is_built_in() -> None:
    assert channel() == Channel(), "a key whose other half nobody keeps safe would be worth nothing"


def test_an_older_version_than_was_seen_is_refused(updates: Updates, place: Mirror) -> None:
    updates.look()
    place.say(version=Version("9.0.9"), date=NOW)
    assert refusal(updates.look) is Code.UPDATE_OLDER
    place.say(date=NOW - timedelta(days=2))
    assert refusal(updates.look) is Code.UPDATE_OLDER, "the same version, told of earlier"
    place.say(version=Version("9.1.1"), date=NOW)
    assert str(updates.look().manifest.version) == "9.1.1"
    assert remembered().seen_version == "9.1.1"


def test_a_mirror_that_is_stuck_is_noticed(updates: Updates, clock: StillClock) -> None:
    updates.look()
    clock.advance(days=31)
    assert refusal(updates.look) is Code.UPDATE_EXPIRED


def test_a_stranger_at_the_mirror_is_not_believed(updates: Updates, place: Mirror) -> None:
    place.files["/update.json"] = signed(manifest(place.address, version=Version("99.0.0")), [new_secret()])
    assert refusal(updates.look) is Code.UPDATE_UNSIGNED
    assert remembered().seen_version == ""


def test_a_damaged_memory_is_none(updates: Updates) -> None:
    memory_file().parent.mkdir(parents=True)
    for content in (b"\xff", b"[]", b'{"looked_at": 7, "seen_date": "x"}', b'{"agreed": "yes"}'):
        memory_file().write_bytes(content)
        assert remembered().agreed is None
        assert updates.look().is_newer


def _status(code: int) -> Callable[[BaseHTTPRequestHandler], bool]:
    def answer(handler: BaseHTTPRequestHandler) -> bool:
        handler.send_response(code)
        handler.send_header("Content-Length", "0")
        handler.end_headers()
        return True

    return answer


def _endless(handler: BaseHTTPRequestHandler) -> bool:
    handler.send_response(200)
    handler.end_headers()
    for _ in range(10_000):
        handler.wfile.write(b"x" * 65_536)
    return True


def _to(address: str) -> Callable[[BaseHTTPRequestHandler], bool]:
    def answer(handler: BaseHTTPRequestHandler) -> bool:
        handler.send_response(302)
        handler.send_header("Location", address)
        handler.send_header("Content-Length", "0")
        handler.end_headers()
        return True

    return answer


def _cut(handler: BaseHTTPRequestHandler) -> bool:
    handler.send_response(200)
    handler.send_header("Content-Length", "5000")
    handler.end_headers()
    handler.wfile.write(b"{")
    handler.close_connection = True
    return True


@pytest.mark.parametrize(
    ("behave", "code"),
    [
        (_status(404), Code.UPDATE_UNREACHABLE), (_status(503), Code.UPDATE_UNREACHABLE),
        (_cut, Code.UPDATE_UNREACHABLE), (_endless, Code.UPDATE_DAMAGED),
        (_to("file:///etc/passwd"), Code.UPDATE_UNREACHABLE), (_to("/update.json"), Code.UPDATE_UNREACHABLE),
    ],
    ids=["missing", "busy", "cut off", "endless", "a file of ours", "round and round"],
)  # fmt: skip
def test_a_mirror_that_misbehaves_is_refused(
    updates: Updates, place: Mirror, behave: Callable[[BaseHTTPRequestHandler], bool], code: Code
) -> None:
    place.behave = behave
    assert refusal(updates.look) is code
    assert remembered().seen_version == ""


def test_the_way_is_left_where_it_is_not_encrypted_any_more(updates: Updates, place: Mirror) -> None:
    place.behave = _to("http://books.example.org/update.json")
    with pytest.raises(AlexandriaError) as raised:
        updates.look()
    assert (raised.value.code, "not encrypted" in raised.value.detail) == (Code.UPDATE_UNREACHABLE, True)


def test_an_answer_that_drips_is_not_waited_for(
    updates: Updates, place: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "SECONDS", 0.2)
    went_away = threading.Event()

    def drip(handler: BaseHTTPRequestHandler) -> bool:
        handler.send_response(200)
        handler.end_headers()
        for _ in range(2_000):
            try:
                handler.wfile.write(b" ")
            except OSError:
                went_away.set()
                break
            time.sleep(0.01)
        return True

    place.behave = drip
    assert refusal(updates.look) is Code.UPDATE_UNREACHABLE
    assert went_away.wait(10), "it was waited for until the end"
    assert len(place.asked) == 1


# --- the file ---------------------------------------------------------------------------------------------------------


def test_a_file_that_was_cut_off_is_gone_on_with(updates: Updates, place: Mirror, tmp_path: Path) -> None:
    found = updates.look()
    steps: list[int] = []

    def enough() -> bool:
        return bool(steps)

    with pytest.raises(Interrupted):
        updates.fetch(found, tmp_path, on_progress=lambda done, _all: steps.append(done), is_cancelled=enough)
    (part,) = tmp_path.glob("*.part")
    assert 0 < part.stat().st_size < len(PROGRAM)
    file = updates.fetch(found, tmp_path)
    assert file.read_bytes() == PROGRAM
    assert place.asked[-1][1]["Range"] == f"bytes={steps[0]}-"
    assert list(tmp_path.glob("*.part")) == []
    asked = len(place.asked)
    assert updates.fetch(found, tmp_path) == file, "what is there is not fetched again"
    assert len(place.asked) == asked


def test_a_file_of_the_readers_is_not_written_over(updates: Updates, tmp_path: Path) -> None:
    found = updates.look()
    mine = tmp_path / f"Alexandria-9.1.0.{KIND}"
    mine.write_bytes(b"mine")
    file = updates.fetch(found, tmp_path)
    assert mine.read_bytes() == b"mine"
    assert file.name == f"Alexandria-9.1.0-2.{KIND}"


@pytest.mark.parametrize("wrong", [PROGRAM[:-1] + b"!", PROGRAM + b"more", b"!" + PROGRAM[1:]])
def test_other_bytes_than_were_signed_are_thrown_away(
    updates: Updates, place: Mirror, tmp_path: Path, wrong: bytes
) -> None:
    found = updates.look()
    place.files[f"/Alexandria-9.1.0.{KIND}"] = wrong
    assert refusal(lambda: updates.fetch(found, tmp_path)) is Code.UPDATE_CHANGED
    assert [one.name for one in tmp_path.iterdir() if one.is_file()] == []


def test_a_part_that_somebody_else_began_is_found_out(updates: Updates, tmp_path: Path) -> None:
    found = updates.look()
    assert found.file is not None
    part = tmp_path / f"{found.file.name}.{found.file.sha256[:8]}.part"
    part.write_bytes(b"evil" * 100)
    assert refusal(lambda: updates.fetch(found, tmp_path)) is Code.UPDATE_CHANGED
    assert updates.fetch(found, tmp_path).read_bytes() == PROGRAM


def test_a_full_disk_is_said_before_anything_is_fetched(updates: Updates, place: Mirror, small_disk: Path) -> None:
    from tests.support.disks import fill

    found = updates.look()
    fill(small_disk, leave=100_000)
    assert refusal(lambda: updates.fetch(found, small_disk)) is Code.STORE_FULL
    assert len(place.asked) == 1


def test_who_keeps_the_program_brings_it(place: Mirror, clock: StillClock, tmp_path: Path) -> None:
    info = tmp_path / "flatpak-info"
    info.touch()
    assert keeper(tmp_path / "x", flatpak_info=info) is Keeper.FLATPAK
    assert keeper(tmp_path / "x", flatpak_info=tmp_path / "none", environment={}) is Keeper.NOBODY
    if not Path("/var/lib/dpkg/info/coreutils.list").exists():
        pytest.skip("dpkg keeps nothing here")
    kept = Updates(channel_of=lambda: place.channel, version="0.1.0", clock=clock, place=Path("/usr/bin/sort"))
    found = kept.look()
    assert (found.keeper, found.file) == (Keeper.DEB, None)
    assert "package manager" in found.advice
    assert refusal(lambda: kept.fetch(found, tmp_path)) is Code.UPDATE_NO_FILE


def test_a_version_that_needs_more_than_this_computer_has_is_not_offered(updates: Updates, place: Mirror) -> None:
    place.say(minimum={"program": "0.5.0"})
    found = updates.look()
    assert (found.is_newer, found.file) == (True, None)
    assert found.advice == "It cannot take the place of 0.1.0 at once: version 0.5.0 has to come first."
    if sys.platform.startswith("linux"):
        place.say(minimum={"glibc": "99.0"})
        assert updates.look().advice.startswith("It needs glibc 99.0 or later, and this computer has ")


# --- after an update --------------------------------------------------------------------------------------------------


def test_what_is_new_is_said_once_after_an_update(place: Mirror) -> None:
    def run(version: str) -> str:
        return Updates(channel_of=lambda: place.channel, version=version).whats_new_once()

    assert run("0.1.0") == "", "the first run is no update"
    assert run("0.1.0") == ""
    assert run("0.2.0").startswith("Alexandria is now 0.2.0.")
    assert run("0.2.0") == ""


def test_the_reader_is_told_of_a_version_once(updates: Updates) -> None:
    assert not updates.was_told(Version("9.1.0"))
    assert updates.was_told(Version("9.1.0"))
    assert not updates.was_told(Version("9.2.0"))


# --- the tool, and the command ----------------------------------------------------------------------------------------


def release(*words: str) -> subprocess.CompletedProcess[str]:
    tool = ROOT / "packaging" / "release" / "manifest.py"
    return subprocess.run([sys.executable, str(tool), *words], capture_output=True, text=True, check=False)


def test_what_the_tool_signs_the_command_believes(
    place: Mirror, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from alexandria_desktop import cli

    made = release("new-key", str(tmp_path / "key"))
    assert (tmp_path / "key").stat().st_mode & 0o077 == 0 or sys.platform == "win32"
    built = tmp_path / f"Alexandria-7.0.0-x86_64.{KIND}"
    built.write_bytes(PROGRAM)
    (tmp_path / "notes").write_text("Sails.")
    words = ("--base", place.address, "--page", f"{place.address}/page", "--notes", str(tmp_path / "notes"))
    out = tmp_path / "update.json"
    where = ("--key", str(tmp_path / "key"), "--out", str(out))
    done = release("sign", str(built), "--version", "7.0.0", *words, *where)
    assert done.returncode == 0, done.stderr
    place.files["/update.json"] = out.read_bytes()
    place.files[f"/{built.name}"] = PROGRAM
    (tmp_path / "channel.json").write_bytes(
        orjson.dumps({"address": f"{place.address}/update.json", "keys": [made.stdout.strip()]})
    )
    monkeypatch.setenv(CHANNEL_VARIABLE, str(tmp_path / "channel.json"))
    library = ["--library", str(tmp_path / "library"), "--json"]
    assert cli.run([*library, "update", "check"]) == 0
    said = orjson.loads(capsys.readouterr().out)
    assert (said["version"], said["newer"], said["notes"]) == ("7.0.0", True, "Sails.")
    assert remember(agreed=None).looked_at is not None
    place.files["/update.json"] = out.read_bytes()[:-9]
    assert cli.run([*library, "update", "check"]) == 1
    assert orjson.loads(capsys.readouterr().out)["error"] == "update.damaged"


def test_the_tool_signs_nothing_without_a_key_or_an_encrypted_address(tmp_path: Path) -> None:
    built = tmp_path / "alexandria_7.0.0_amd64.deb"
    built.write_bytes(PROGRAM)
    out = ("--out", str(tmp_path / "update.json"), "--version", "7.0.0", "--notes", str(built))
    page = ("--page", "https://books.example.org")
    assert (
        "give a key"
        in release(
            "sign", str(built), "--base", "https://books.example.org", *page, *out[:4], "--notes", "/dev/null"
        ).stderr
    )
    assert "not encrypted" in release("sign", str(built), "--base", "http://books.example.org", *page, *out).stderr
    assert not (tmp_path / "update.json").exists()
