"""What the installed program takes from its surroundings, and what the programs that it starts get."""

from __future__ import annotations

from alexandria_desktop.base.frozen import is_frozen, settle


def test_a_checkout_is_not_frozen() -> None:
    assert not is_frozen()


def test_no_variable_opens_a_port_into_the_pages_or_their_sandbox() -> None:
    surroundings = {"QTWEBENGINE_REMOTE_DEBUGGING": "9222", "QTWEBENGINE_DISABLE_SANDBOX": "1", "HOME": "/home/ada"}
    settle(surroundings, platform="win32")
    assert surroundings == {"HOME": "/home/ada"}


def test_flags_that_take_walls_down_are_dropped_and_helpful_ones_kept() -> None:
    flags = "--no-sandbox --disable-gpu --disable-web-security --remote-debugging-port=1 --v=1 --single-process"
    surroundings = {"QTWEBENGINE_CHROMIUM_FLAGS": flags}
    settle(surroundings, platform="linux")
    assert surroundings["QTWEBENGINE_CHROMIUM_FLAGS"] == "--disable-gpu --v=1"


def test_no_flags_are_left_where_none_is_allowed() -> None:
    surroundings = {"QTWEBENGINE_CHROMIUM_FLAGS": "--load-extension=/tmp/x"}
    settle(surroundings, platform="linux")
    assert surroundings == {}


def test_programs_that_are_started_get_the_systems_own_libraries() -> None:
    surroundings = {"LD_LIBRARY_PATH": "/usr/lib/alexandria-desktop/_internal"}
    settle(surroundings, platform="linux")
    assert surroundings == {}
    surroundings = {"LD_LIBRARY_PATH": "/usr/lib/alexandria-desktop/_internal", "LD_LIBRARY_PATH_ORIG": "/opt/own"}
    settle(surroundings, platform="linux")
    assert surroundings == {"LD_LIBRARY_PATH": "/opt/own"}
