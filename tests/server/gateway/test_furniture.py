"""Health, figures, logs, headers and the OpenAPI document."""

from __future__ import annotations

import json
import logging
import re

import httpx
import pytest
from starlette.routing import Route as StarletteRoute

from sync.server.gateway.logs import FORBIDDEN, get_logger
from sync.server.gateway.routing import Part, Route, Who
from tests.server.gateway.probes import Probes
from tests.server.serving import PASSWORD, code_of, make_app, serving, sign_in, sign_up
from tests.support.server import ServerDatabase

pytestmark = [pytest.mark.postgres, pytest.mark.anyio]


async def test_a_sound_server_is_alive_and_ready(http: httpx.AsyncClient) -> None:
    for path in ("/health", "/ready"):
        assert (await http.get(path)).json() == {"status": "ok"}


async def test_a_server_is_not_ready_before_its_database_is_migrated_or_a_part_is_unwell(
    server_database: ServerDatabase,
) -> None:
    well = False

    async def is_well() -> bool:
        return well

    async with serving(make_app(server_database, lambda _core: Part(is_ready=is_well))) as client:
        assert code_of(await client.get("/ready")) == (503, "not_ready")
        well = True
        assert (await client.get("/ready")).status_code == 200
        with server_database.as_superuser() as connection:
            connection.execute("update ops.schema_version set version_num = version_num || '-older'")
        assert code_of(await client.get("/ready")) == (503, "not_migrated")
        with server_database.as_superuser() as connection:
            connection.execute("update ops.schema_version set version_num = replace(version_num, '-older', '')")


async def test_figures_are_for_this_machine_unless_the_setting_says_otherwise(server_database: ServerDatabase) -> None:
    async with serving(make_app(server_database), "127.0.0.1") as here:
        await sign_in(here, "ann@example.org")
        answer = await here.get("/metrics")
        assert 'alexandria_requests_total{method="POST",route="/v1/sign-in",status="401"} 1.0' in answer.text
        assert 'alexandria_pool{figure="pool_size"}' in answer.text
        proxied = await here.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"})
        assert code_of(proxied) == (404, "not_found")
    async with serving(make_app(server_database), "192.0.2.1") as away:
        assert code_of(await away.get("/metrics")) == (404, "not_found")
    async with serving(make_app(server_database, metrics="open"), "192.0.2.1") as away:
        assert (await away.get("/metrics")).status_code == 200
    async with serving(make_app(server_database, metrics="off"), "127.0.0.1") as here:
        assert code_of(await here.get("/metrics")) == (404, "not_found")


async def test_figures_have_no_label_that_a_caller_can_choose(server_database: ServerDatabase) -> None:
    async with serving(make_app(server_database), "127.0.0.1") as here:
        await here.get("/wild/path-of-mine")
        await here.request("BREW", "/health")
        text = (await here.get("/metrics")).text
        assert "path-of-mine" not in text
        assert "BREW" not in text


async def test_log_lines_are_json_and_name_nobody(
    server_database: ServerDatabase, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="sync.server"):
        async with serving(make_app(server_database), "203.0.113.77") as client:
            ann = await sign_up(client, "named@example.org", name="Annabel Named")
            await ann.get("/v1/me/sessions", params={"q": "a question"})
            await sign_in(client, "named@example.org", "wrong password")
            await ann.delete(f"/v1/me/sessions/{ann.session_id}")
    # The client of this test logs too, and names what it asks for.
    said = [record.getMessage() for record in caplog.records if record.name.startswith("sync.server")]
    lines = [json.loads(line) for line in said]
    assert [line["route"] for line in lines] == [
        "/v1/sign-up", "/v1/me/sessions", "/v1/sign-in", "/v1/me/sessions/{session_id}",
    ]  # fmt: skip
    assert {line["network"] for line in lines} == {"203.0.113.0"}
    assert all({"request_id", "status", "ms", "timestamp", "level"} <= line.keys() for line in lines)
    for secret in (
        "named@",
        "Annabel",
        ann.token,
        str(ann.id),
        str(ann.session_id),
        PASSWORD,
        "wrong",
        "question",
        ".77",
    ):
        assert secret not in "\n".join(said)


async def test_a_log_line_drops_what_would_name_somebody(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="sync.server"):
        get_logger("sync.server.test").info("x", email="a@example.org", token="t", user_id=1, count=2)
    line = json.loads(caplog.messages[0])
    assert line["count"] == 2
    assert not line.keys() & FORBIDDEN


@pytest.mark.noisy
async def test_a_fault_of_ours_is_answered_with_a_number_that_the_log_knows(
    server_database: ServerDatabase, caplog: pytest.LogCaptureFixture
) -> None:
    async with serving(make_app(server_database, Probes())) as client:
        ann = await sign_up(client)
        answer = await ann.post("/probe/crash")
    assert code_of(answer) == (500, "fault")
    assert "secret@example.org" not in answer.text + caplog.text
    (line,) = [json.loads(record.getMessage()) for record in caplog.records if record.levelno >= logging.ERROR]
    assert line["request_id"] in answer.json()["error"]["message"]
    assert line["fault"] == "ValueError"
    assert any(place.startswith("probes.py") for place in line["at"])


async def test_a_request_keeps_the_id_that_it_came_with_if_it_is_harmless(http: httpx.AsyncClient) -> None:
    given = await http.get("/health", headers={"X-Request-ID": "trace-12345678"})
    assert given.headers["X-Request-ID"] == "trace-12345678"
    for bad in ("short", "x" * 65, "two words 12345", 'quote"1234567'):
        made = (await http.get("/health", headers={"X-Request-ID": bad})).headers["X-Request-ID"]
        assert re.fullmatch(r"[0-9a-f]{32}", made)


async def test_every_answer_has_safe_headers(server_database: ServerDatabase) -> None:
    async with serving(make_app(server_database, public_url="https://books.example.org")) as client:
        for answer in (await client.get("/health"), await client.get("/nothing"), await client.get("/v1/me")):
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Cache-Control"] == "no-store"
            assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
            assert answer.headers["Strict-Transport-Security"]


async def test_every_route_is_in_the_openapi_document(server_database: ServerDatabase) -> None:
    app = make_app(server_database)
    async with serving(app) as client:
        document = (await client.get("/openapi.json")).json()
    served = {(route.path, route.method.lower()) for route in app.state.routes}
    described = {(path, method) for path, found in document["paths"].items() for method in found}
    assert {route.path for route in app.routes if isinstance(route, StarletteRoute)} == {path for path, _ in served}
    assert served == described
    assert len(served) > 30
    for path, found in document["paths"].items():
        for operation in found.values():
            assert operation["summary"]
            assert "default" in operation["responses"]
            assert re.findall(r"{(\w+)}", path) == [
                one["name"] for one in operation.get("parameters", []) if one["in"] == "path"
            ]


async def test_references_in_the_document_lead_somewhere(http: httpx.AsyncClient) -> None:
    document = (await http.get("/openapi.json")).json()
    references = re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(document))
    assert references
    assert set(references) <= document["components"]["schemas"].keys()
    sign_in_route = document["paths"]["/v1/sign-in"]["post"]
    assert "security" not in sign_in_route
    assert document["paths"]["/v1/me"]["get"]["security"] == [{"token": []}]


async def test_a_route_that_asks_for_a_person_lets_nobody_in_without_an_authenticator(
    server_database: ServerDatabase,
) -> None:
    from sync.server.gateway.app import create_app
    from tests.server.serving import make_settings

    async with serving(create_app(make_settings(server_database), [Probes()])) as client:
        for path in ("/probe/who",):
            answer = await client.get(path, headers={"Authorization": "Bearer x"})
            assert code_of(answer) == (401, "sign_in_first")


def test_a_route_knows_its_types_from_its_function() -> None:
    route = Route("PUT", "/probe/{name}", Probes().do, "x", Who.ANYONE)
    assert route.body.__name__ == "Misdeed"
    assert (route.response, route.success, route.parameters) == (None, 204, ("name",))
