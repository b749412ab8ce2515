"""Writes ``docs/openapi.json`` from the code: ``python -m tb_share.cli.openapi``. A test compares.

OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.0). Bodies are the models that requests are read with, so they say what is refused.
"""

from __future__ import annotations

import inspect
import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, cast

from pydantic.json_schema import models_json_schema

from tb_share.errors import ShareError
from tb_share.gateway import api
from tb_share.gateway.routes import ROUTES, Destination, Route
from tb_share.model.project import Visibility
from tb_share.plugin import described
from tb_share.plugin.described import Asked, Described
from tb_share.policy.actions import Action
from tb_share.settings import Settings

_PARAMETER: Final = re.compile(r"\{(\w+)\}")
_CREATED: Final = re.compile(r",\s*201\)")
_EMPTY: Final = re.compile(r"status=204")
_AUDIT_QUERY: Final = (
    Asked("actor", "string", "user:ID, link:ID, nobody or local."),
    Asked("action", "string", "An action, or a family of them such as link."),
    Asked("before", "integer", "Only entries before the one of this number."),
    Asked("format", "string", "csv for a file with up to 100,000 entries."),
)
QUERIES: Final[Mapping[str, tuple[Asked, ...]]] = {"audit": _AUDIT_QUERY, "project_audit": _AUDIT_QUERY}
"""What routes of the REST API are asked in the query, by name."""


def written() -> str:
    """The whole document."""
    return json.dumps(_document(), indent=1, ensure_ascii=False) + "\n"


def _document() -> dict[str, object]:
    schemas, definitions = _schemas()
    paths: dict[str, dict[str, object]] = {}
    for route, handler in _api_routes():
        paths.setdefault(route.pattern, {})[_method(route)] = _operation(route, handler, schemas)
    for each in described.ROUTES:
        paths[f"/p/{{project}}/data/plugin/tb_share/{each.name}"] = {"get": _of_plugin(each)}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "tb-share",
            "version": "1",
            "description": "The REST API, and the routes of the Experiments tab, which a plain TensorBoard has too, below its own address.",
        },
        "security": [{"token": []}, {"session": []}],
        "paths": dict(sorted(paths.items())),
        "components": {
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "An API token, tbs_…"},
                "session": {
                    "type": "apiKey",
                    "in": "cookie",
                    "name": "__Host-tb_share_session",
                    "description": "tb_share_session over plain http.",
                },
            },
            "responses": {"refused": _refused()},
            "schemas": definitions,
        },
    }


def _api_routes() -> Iterator[tuple[Route, Callable[..., object]]]:
    # Nothing is asked of what the handlers stand on.
    handlers = api.build(cast("Any", None), {}, Settings(), lambda _uid: Visibility.MEMBERS)
    return ((route, handlers[route.name]) for route in ROUTES if route.destination is Destination.API)


def _method(route: Route) -> str:
    return next(method.lower() for method in sorted(route.methods) if method != "HEAD")


def _operation(route: Route, handler: Callable[..., object], schemas: Mapping[str, object]) -> dict[str, object]:
    source = inspect.getsource(handler)
    status = "204" if _EMPTY.search(source) else "201" if _CREATED.search(source) else "200"
    done: dict[str, object] = {"description": "Done."}
    if status != "204":
        done["content"] = {"application/json": {"schema": {"type": "object"}}}
    operation: dict[str, object] = {
        "operationId": route.name,
        "summary": (inspect.getdoc(handler) or "").split("\n", 1)[0].rstrip("."),
        "parameters": [*_in_path(route.pattern), *map(_in_query, QUERIES.get(route.name, ()))],
        "responses": {status: done, "default": {"$ref": "#/components/responses/refused"}},
    }
    if route.name in api.BODIES:
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": schemas[route.name]}}}
    if route.action is Action.PUBLIC:
        operation["security"] = []
    return operation


def _of_plugin(each: Described) -> dict[str, object]:
    content = {
        each.answers: {"schema": {"type": "object"} if each.answers == "application/json" else {"type": "string", "format": "binary"}}
    }
    return {
        "operationId": f"tab_{each.name}",
        "summary": each.summary,
        "description": each.about,
        "parameters": [*_in_path("{project}"), *map(_in_query, each.asked)],
        "responses": {
            "200": {"description": "Done. Carries an ETag; ask again with If-None-Match.", "content": content},
            "default": {"$ref": "#/components/responses/refused"},
        },
    }


def _in_path(pattern: str) -> list[dict[str, object]]:
    return [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in _PARAMETER.findall(pattern)]


def _in_query(asked: Asked) -> dict[str, object]:
    one: dict[str, object] = {"type": asked.kind}
    schema = {"type": "array", "items": one} if asked.repeatable else one
    return {"name": asked.name, "in": "query", "required": asked.required, "description": asked.about, "schema": schema}


def _refused() -> dict[str, object]:
    text = {"type": "string"}
    code = {"type": "string", "examples": sorted({each.code for each in _all(ShareError)})}
    error = {"type": "object", "required": ["code", "message"], "properties": {"code": code, "message": text, "request_id": text}}
    return {
        "description": "Refused, or failed: a stable code for programs, a sentence for people, the request's id for the administrator.",
        "content": {"application/json": {"schema": {"type": "object", "required": ["error"], "properties": {"error": error}}}},
    }


def _all(kind: type[ShareError]) -> Iterator[type[ShareError]]:
    yield kind
    for each in kind.__subclasses__():
        yield from _all(each)


def _schemas() -> tuple[dict[str, object], dict[str, object]]:
    """The schema of each body by the route's name, and what they refer to."""
    models = [(model, "validation") for model in dict.fromkeys(api.BODIES.values())]
    by_model, found = models_json_schema(cast("Any", models), ref_template="#/components/schemas/{model}")
    return {name: by_model[model, "validation"] for name, model in api.BODIES.items()}, found.get("$defs", {})


if __name__ == "__main__":
    sys.stdout.write(written())
