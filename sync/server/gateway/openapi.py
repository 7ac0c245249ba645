"""The OpenAPI document, made from the same table that answers requests."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import msgspec
from starlette.responses import Response

from sync.server.gateway.errors import ErrorBody
from sync.server.gateway.routing import Route, Who
from sync.server.settings import Settings

TITLE = "Alexandria server"
_REFERENCE = "#/components/schemas/{name}"
LEAST_BY = "x-least-by"
"""In a type's schema: the setting that says how long a text must be. The document has the number in its place."""
_CONVERTER = re.compile(r"{(\w+):\w+}")
_BODYLESS = frozenset({"GET", "HEAD", "DELETE"})


def build_document(routes: Sequence[Route], settings: Settings) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of these routes, as these settings have them answer."""
    types = list(_types(routes))
    schemas, components = msgspec.json.schema_components(types, ref_template=_REFERENCE)
    _fill_in(components, settings)
    known = dict(zip(map(repr, types), schemas, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        path = _CONVERTER.sub(r"{\1}", route.path)
        paths.setdefault(path, {})[route.method.lower()] = _operation(route, known, components)
    return {
        "openapi": "3.1.0",
        "info": {"title": TITLE, "version": _version()},
        "servers": [{"url": settings.public_url}],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _fill_in(schema: Any, settings: Settings) -> None:
    """Put the numbers of the settings into a schema, however deep they stand."""
    inside = schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ()
    for one in inside:
        _fill_in(one, settings)
    if isinstance(schema, dict) and LEAST_BY in schema:
        schema["minLength"] = getattr(settings, schema.pop(LEAST_BY))


def _types(routes: Iterable[Route]) -> Iterable[Any]:
    """Yield each type once, in the order of the table."""
    seen: dict[str, Any] = {repr(ErrorBody): ErrorBody}
    for route in routes:
        named = [route.hints[name] for name in route.parameters]
        for kind in (*named, route.query, route.body, _json_answer(route)):
            if kind is not None:
                seen.setdefault(repr(kind), kind)
    return seen.values()


def _json_answer(route: Route) -> Any:
    kind = route.response
    return None if isinstance(kind, type) and issubclass(kind, Response) else kind


def _operation(route: Route, known: dict[str, Any], components: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "operationId": f"{route.method.lower()}_{re.sub(r'[^a-zA-Z0-9]+', '_', route.path).strip('_')}",
        "summary": route.summary,
        "tags": [route.tag or route.path.strip("/").split("/")[1 if route.path.startswith("/v1/") else 0]],
        "responses": {
            str(route.success): _success(route, known),
            "default": {
                "description": "Why the request was refused.",
                "content": {"application/json": {"schema": known[repr(ErrorBody)]}},
            },
        },
    }
    if route.who is not Who.ANYONE:
        found["security"] = [{"token": []}] if route.who is not Who.VISITOR else [{}, {"token": []}]
    parameters = [*_path_parameters(route, known), *_query_parameters(route, known, components)]
    if parameters:
        found["parameters"] = parameters
    if route.body is not None:
        content = {"application/json": {"schema": known[repr(route.body)]}}
        found["requestBody"] = {"required": True, "content": content}
    elif route.consumes is not None and route.method not in _BODYLESS:
        content = {route.consumes: {"schema": {"type": "string", "format": "binary"}}}
        found["requestBody"] = {"required": True, "content": content}
    return found


def _success(route: Route, known: dict[str, Any]) -> dict[str, Any]:
    if route.success == 204:
        return {"description": "Done."}
    kind = _json_answer(route)
    schema = {} if kind is None else known[repr(kind)]
    return {"description": "Done.", "content": {route.produces: {"schema": schema}}}


def _path_parameters(route: Route, known: dict[str, Any]) -> Iterable[dict[str, Any]]:
    for name in route.parameters:
        yield {"name": name, "in": "path", "required": True, "schema": known[repr(route.hints[name])]}


def _query_parameters(route: Route, known: dict[str, Any], components: dict[str, Any]) -> Iterable[dict[str, Any]]:
    if route.query is None:
        return
    schema = known[repr(route.query)]
    schema = components[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    required = schema.get("required", ())
    for name, described in schema["properties"].items():
        yield {"name": name, "in": "query", "required": name in required, "schema": described}


def _version() -> str:
    try:
        return version("alexandria-desktop")
    except PackageNotFoundError:
        return "0"
