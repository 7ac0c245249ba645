"""What all tests share."""

from __future__ import annotations

import atexit
import gc
import logging
import os
import shutil
import tempfile
from collections.abc import Generator, Iterator

import hypothesis
import pytest

from tests.support.examples import use_all

# How long an example takes says more of the machine than of the code; speed is measured by the bench.
hypothesis.settings.register_profile("alexandria", deadline=None)
hypothesis.settings.load_profile("alexandria")

# Pixels and focus are tested on Qt's own surface, the same on every machine.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
if hasattr(os, "geteuid") and os.geteuid() == 0:
    # WebEngine refuses to run as root inside its sandbox; only tests run as root.
    os.environ.setdefault("QTWEBENGINE_DISABLE_SANDBOX", "1")
os.environ.setdefault("QTWEBENGINE_CHROMIUM_FLAGS", "--disable-gpu --disable-logging")

# What this computer remembers of libraries is kept apart from the person's who runs the tests.
_state = tempfile.mkdtemp(prefix="alexandria-state-")
os.environ["ALEXANDRIA_STATE"] = _state
atexit.register(shutil.rmtree, _state, ignore_errors=True)

pytest_plugins = [
    "tests.support.disks",
    "tests.support.drawer",
    "tests.support.home",
    "tests.support.postgres",
    "tests.support.server",
]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--nightly", action="store_true", help="run the slow profiles as well")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--nightly"):
        use_all()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--nightly"):
        return
    skip = pytest.mark.skip(reason="nightly only (--nightly)")
    for item in items:
        if "nightly" in item.keywords:
            item.add_marker(skip)


@pytest.fixture(scope="session")
def qapp_args() -> list[str]:
    """The scheme of book pages must be known before there is an application."""
    from alexandria_desktop.ui.reader.scheme import register_scheme

    register_scheme()
    return ["alexandria-tests"]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Widgets in reference cycles must not be destroyed on a pool's thread (see ``ui/garbage.py``).

    What a test leaves behind is collected here, when pytest has let go of its fixtures too. Whatever outlives it is not
    looked at again: neither by a collection on another thread, nor, a second at a time, by that of every later test.
    """
    if "qapp" not in getattr(item, "fixturenames", ()):
        return (yield)
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.enable()


@pytest.fixture(autouse=True)
def own_home(request: pytest.FixtureRequest) -> None:
    """The window of an empty library looks for books by itself: in no person's folders while tests run."""
    if "qapp" in request.fixturenames:
        request.getfixturevalue("home")


@pytest.fixture(autouse=True)
def silence(caplog: pytest.LogCaptureFixture, request: pytest.FixtureRequest) -> Iterator[None]:
    """An unexpected warning of ours fails the test; ``@pytest.mark.noisy`` says that one is expected."""
    yield
    if request.node.get_closest_marker("noisy") is not None:
        return
    loud = [
        record
        for phase in ("setup", "call")
        for record in caplog.get_records(phase)
        if record.levelno >= logging.WARNING and record.name.startswith(("alexandria_desktop", "sync"))
    ]
    assert not loud, [record.getMessage() for record in loud]
