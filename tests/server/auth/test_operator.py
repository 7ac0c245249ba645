"""What the command line does to accounts."""

from __future__ import annotations

import httpx
import pytest

from sync.server.auth.operator import Operator
from sync.server.gateway.errors import Refused
from tests.server.serving import PASSWORD, code_of, make_settings, sign_in, sign_up
from tests.support.server import ServerDatabase

pytestmark = [pytest.mark.postgres, pytest.mark.anyio]


@pytest.fixture
def operator(server_database: ServerDatabase) -> Operator:
    return Operator(make_settings(server_database, owner_database_url=server_database.owner_url))


def token_of(link: str) -> str:
    return link.partition("#")[2]


async def test_the_first_administrators_link_is_made_until_there_is_one(
    http: httpx.AsyncClient, operator: Operator
) -> None:
    link = operator.first_admin_link()
    assert link is not None
    body = {"token": token_of(link), "email": "first@example.org", "name": "First", "password": PASSWORD}
    assert (await http.post("/v1/first-admin", json=body)).status_code == 201
    assert operator.first_admin_link() is None
    with pytest.raises(Refused, match="needs an administrator"):
        operator.set_user("first@example.org", role="user")


async def test_an_account_that_was_added_sets_its_password_by_a_link(
    http: httpx.AsyncClient, operator: Operator
) -> None:
    link = operator.add_user("Added@example.org", "Added", "educator")
    assert operator.find("added@example.org").role == "educator"
    assert code_of(await sign_in(http, "added@example.org")) == (401, "wrong_credentials")
    body = {"token": token_of(link), "new_password": PASSWORD}
    assert (await http.post("/v1/password-reset", json=body)).status_code == 204
    assert (await sign_in(http, "added@example.org")).status_code == 200
    with pytest.raises(Refused, match="already"):
        operator.add_user("added@example.org", "Twice")


async def test_sessions_end_accounts_are_disabled_and_erased(http: httpx.AsyncClient, operator: Operator) -> None:
    ann = await sign_up(http)
    assert operator.revoke_sessions(ann.email) == 1
    assert code_of(await ann.get("/v1/me")) == (401, "session_over")
    operator.set_user(ann.email, disabled=True)
    assert code_of(await sign_in(http, ann.email)) == (401, "wrong_credentials")
    operator.set_user(ann.email, disabled=False)
    assert (await sign_in(http, ann.email)).status_code == 200
    operator.erase(ann.email)
    assert ann.email not in [one.email for one in operator.accounts()]
    with pytest.raises(Refused, match="does not exist"):
        operator.find(ann.email)


async def test_an_invitation_from_the_command_line_lets_one_email_in(
    http: httpx.AsyncClient, operator: Operator
) -> None:
    token = token_of(operator.invite("guest@example.org"))
    assert (await sign_up(http, "guest@example.org", invitation=token)).email == "guest@example.org"
