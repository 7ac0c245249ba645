"""The page of a one-time link as people meet it: a real page engine, a real gateway on a port of its own."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx
import pytest
import shiboken6
import uvicorn
from PySide6.QtCore import QUrl
from PySide6.QtWebEngineCore import QWebEnginePage, QWebEngineProfile
from PySide6.QtWebEngineWidgets import QWebEngineView
from pytestqt.qtbot import QtBot

from sync.server.auth.operator import Operator
from sync.server.auth.tokens import TokenKind, digest, new_token
from tests.server.serving import NUMBERS, PASSWORD, make_app, make_settings
from tests.support.server import ServerDatabase

pytestmark = [pytest.mark.postgres, pytest.mark.web]

PATIENCE = 20_000


class Page(QWebEnginePage):
    """A page that keeps what its console says; a breach of its policy is said there."""

    def __init__(self, profile: QWebEngineProfile) -> None:
        super().__init__(profile)
        self.console: list[str] = []

    def javaScriptConsoleMessage(self, level: Any, message: str, line: int, source: str) -> None:  # noqa: N802
        self.console.append(f"{source}:{line} {message}")


@dataclass
class Browser:
    """Somebody who opens links and types."""

    qtbot: QtBot
    view: QWebEngineView
    page: Page
    address: str
    console: list[str] = field(default_factory=list)

    def ask(self, script: str) -> Any:
        answers: list[Any] = []
        self.page.runJavaScript(f"JSON.stringify({script})", answers.append)
        self.qtbot.waitUntil(lambda: bool(answers), timeout=PATIENCE)
        return json.loads(answers[0]) if answers[0] else None

    def open(self, token: str, state: str) -> None:
        """Open a link in a page of its own and wait until it says what it is about."""
        with self.qtbot.waitSignal(self.page.loadFinished, timeout=PATIENCE):
            self.page.load(QUrl("about:blank"))
        with self.qtbot.waitSignal(self.page.loadFinished, timeout=PATIENCE):
            self.page.load(QUrl(f"{self.address}/welcome#{token}"))
        self.wait(state)

    def wait(self, state: str) -> None:
        self.qtbot.waitUntil(lambda: self.state() == state, timeout=PATIENCE)

    def state(self) -> str:
        return str(self.ask("document.getElementById('state')?.dataset.state"))

    def text(self) -> str:
        """Return what can be read."""
        return str(self.ask("document.querySelector('main').innerText"))

    def type(self, **fields: str) -> None:
        for name, words in fields.items():
            self.ask(f"(document.getElementById('{name}').value = {json.dumps(words)})")

    def click(self, name: str) -> None:
        self.ask(f"(document.getElementById('{name}').click(), 1)")


@pytest.fixture(scope="module")
def address(server_database: ServerDatabase) -> Iterator[str]:
    app = make_app(server_database, sign_up="invited", password_min_length=12)
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture
def browser(qtbot: QtBot, address: str) -> Iterator[Browser]:
    profile = QWebEngineProfile()
    page = Page(profile)
    view = QWebEngineView()
    view.setPage(page)
    view.resize(900, 700)
    view.show()
    yield Browser(qtbot, view, page, address)
    assert page.console == [], "the page breaks its own policy, or its script has a fault"
    view.close()
    shiboken6.delete(view)
    shiboken6.delete(page)
    shiboken6.delete(profile)


@pytest.fixture
def operator(server_database: ServerDatabase) -> Operator:
    return Operator(make_settings(server_database, owner_database_url=server_database.owner_url))


def somebody() -> str:
    return f"page{next(NUMBERS)}@example.org"


def token_of(link: str) -> str:
    return link.partition("#")[2]


def invite(database: ServerDatabase, email: str, lifetime: timedelta = timedelta(days=1)) -> str:
    token = new_token(TokenKind.INVITATION)
    with database.as_superuser() as connection:
        connection.execute("select ops.invite_to_platform(%s, %s, %s, null)", (email, digest(token), lifetime))
    return token


def sign_in(address: str, email: str, password: str) -> int:
    return httpx.post(f"{address}/v1/sign-in", json={"email": email, "password": password}).status_code


def open_sessions(database: ServerDatabase, email: str) -> int:
    with database.as_superuser() as connection:
        row = connection.execute(
            "select count(*) from user_sessions s join users u on u.id = s.user_id"
            " where u.email = %s and s.revoked_at is null",
            (email,),
        ).fetchone()
    assert row is not None
    return int(row[0])


def test_the_first_administrator_sets_the_server_up_and_is_told_what_comes_next(
    browser: Browser, operator: Operator, server_database: ServerDatabase
) -> None:
    link = operator.first_admin_link()
    assert link is not None
    browser.open(token_of(link), "asking")
    assert "Set up this server" in browser.text()
    assert browser.ask("document.activeElement.id") == "email"
    browser.type(email="Root@Example.org", name="Root", password="a new password")
    browser.click("go")
    browser.wait("done")
    said = browser.text()
    assert browser.address in said
    assert "Sign in as root@example.org" in said
    assert browser.ask("[location.hash, document.getElementById('password').value]") == ["", ""]
    assert sign_in(browser.address, "root@example.org", "a new password") == 200
    assert open_sessions(server_database, "root@example.org") == 1, "the page left no session of its own"
    browser.open(token_of(link), "over")
    assert "This link no longer works" in browser.text()


def test_an_invitation_fills_in_the_email_that_it_names(browser: Browser, server_database: ServerDatabase) -> None:
    email = somebody()
    token = invite(server_database, email)
    browser.open(token, "asking")
    assert browser.ask("[document.getElementById('email').value, document.getElementById('email').readOnly]") == [
        email,
        True,
    ]
    assert browser.ask("document.activeElement.id") == "name"
    browser.type(name="Ann", password="a new password")
    browser.click("go")
    browser.wait("done")
    assert sign_in(browser.address, email, "a new password") == 200


def test_an_invitation_for_somebody_with_an_account_says_to_sign_in(
    browser: Browser, operator: Operator, server_database: ServerDatabase
) -> None:
    email = somebody()
    operator.add_user(email, "Ann")
    browser.open(invite(server_database, email), "asking")
    browser.type(name="Ann", password="a new password")
    browser.click("go")
    browser.wait("over")
    assert "You have an account already" in browser.text()


def test_a_new_password_is_asked_for_alone_and_works(browser: Browser, operator: Operator) -> None:
    email = somebody()
    browser.open(token_of(operator.add_user(email, "Ann")), "asking")
    shown = "[...document.querySelectorAll('input')].filter((one) => one.offsetParent).map((one) => one.id)"
    assert browser.ask(shown) == ["password"]
    browser.type(password="a new password")
    browser.click("go")
    browser.wait("done")
    assert sign_in(browser.address, email, "a new password") == 200


def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(
    browser: Browser, server_database: ServerDatabase
) -> None:
    browser.open(invite(server_database, somebody()), "asking")
    browser.click("go")
    assert browser.ask("document.activeElement.id") == "name"
    assert "Give a name" in browser.text()
    browser.type(name="Ann\u202e", password="too short")
    browser.click("go")
    assert browser.ask("document.activeElement.id") == "password"
    assert "At least 12 characters" in browser.text()
    browser.type(password="long enough now")
    browser.click("go")
    browser.qtbot.waitUntil(lambda: "no control characters" in browser.text(), timeout=PATIENCE)
    assert browser.ask("document.getElementById('name').getAttribute('aria-invalid')") == "true"
    assert browser.ask("document.getElementById('password').value") == "long enough now"


@pytest.mark.parametrize("kind", ["used", "expired", "wrong", "cut", "long", "none"])
def test_a_link_that_does_not_work_says_so_and_what_to_do(
    browser: Browser, operator: Operator, server_database: ServerDatabase, kind: str
) -> None:
    good = token_of(operator.add_user(somebody(), "Ann"))
    if kind == "used":
        body = {"token": good, "new_password": PASSWORD}
        assert httpx.post(f"{browser.address}/v1/password-reset", json=body).status_code == 204
    tokens = {"used": good, "wrong": "alk_" + "0" * 43, "cut": good[:-1], "long": "x" * 200, "none": ""}
    tokens["expired"] = invite(server_database, somebody(), timedelta(seconds=-1))
    browser.open(tokens[kind], "over")
    said = browser.text()
    assert "Nothing to open here" in said if kind == "none" else "Nothing was changed. Ask whoever gave it" in said
    assert browser.ask("getComputedStyle(document.getElementById('form')).display") == "none"


def test_another_link_in_the_same_tab_is_looked_at(browser: Browser, operator: Operator) -> None:
    browser.open("alk_" + "0" * 43, "over")
    token = token_of(operator.add_user(somebody(), "Ann"))
    browser.ask(f"(location.hash = {json.dumps(token)})")
    browser.wait("asking")


def test_the_password_is_shown_only_when_asked_for(browser: Browser, operator: Operator) -> None:
    browser.open(token_of(operator.add_user(somebody(), "Ann")), "asking")
    kind: Callable[[], Any] = lambda: browser.ask("document.getElementById('password').type")  # noqa: E731
    assert kind() == "password"
    browser.click("reveal")
    assert kind() == "text"
    browser.click("reveal")
    assert kind() == "password"


def test_the_policy_lets_no_script_style_or_picture_in_from_elsewhere(browser: Browser, operator: Operator) -> None:
    browser.open(token_of(operator.add_user(somebody(), "Ann")), "asking")
    browser.ask("""(() => {
      const add = (name, attributes, words) => document.body.append(
        Object.assign(document.createElement(name), attributes, words ? { textContent: words } : {}));
      window.breaches = [];
      addEventListener("securitypolicyviolation", (event) => window.breaches.push(event.effectiveDirective));
      add("script", {}, "window.ran = true");
      add("style", {}, "body { opacity: 0 }");
      add("img", { src: "https://elsewhere.example.org/x.png" });
      add("iframe", { src: "https://elsewhere.example.org/" });
      fetch("https://elsewhere.example.org/").catch(() => {});
      return 1;
    })()""")
    browser.qtbot.waitUntil(lambda: len(browser.ask("window.breaches")) >= 5, timeout=PATIENCE)
    assert set(browser.ask("window.breaches")) == {
        "script-src-elem", "style-src-elem", "img-src", "frame-src", "connect-src",
    }  # fmt: skip
    assert browser.ask("[window.ran ?? false, getComputedStyle(document.body).opacity]") == [False, "1"]
    assert browser.page.console, "breaches are said on the console"
    browser.page.console.clear()
