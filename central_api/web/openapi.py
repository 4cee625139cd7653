"""OpenAPI 3.1, made from the route table: what is not in the table is not served."""

from collections.abc import Iterable
from typing import Any, Final, cast

import msgspec

from .problems import MEDIA_TYPE, Code, Problem
from .routes import Answer, Caller, Route

JsonObject = dict[str, Any]


def openapi(routes: Iterable[Route], title: str, version: str) -> JsonObject:
    """Return the document of a route table."""
    table = list(routes)
    structs = [route.body for route in table if route.body] + [a.struct for r in table for a in r.answers if a.struct]
    schemas, components = msgspec.json.schema_components(
        [Problem, *dict.fromkeys(structs)], ref_template="#/components/schemas/{name}"
    )
    refs = dict(zip([Problem, *dict.fromkeys(structs)], schemas, strict=True))
    paths: dict[str, JsonObject] = {}
    for route in table:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, refs)
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": version},
        "paths": paths,
        "components": {"schemas": components},
    }


def _operation(route: Route, refs: dict[Any, Any]) -> JsonObject:
    operation: JsonObject = {
        "summary": route.summary,
        "operationId": f"{route.method.lower()}_{route.path.strip('/').replace('/', '_') or 'index'}".replace(
            "{", ""
        ).replace("}", ""),
        "x-caller": route.caller.value,
        "responses": _responses(route, refs),
    }
    if parameters := [*_path_parameters(route), *_query_parameters(route)]:
        operation["parameters"] = parameters
    if route.body_bytes:
        operation["requestBody"] = {"required": True, "content": {"application/cbor": {"schema": {"type": "string"}}}}
    if route.streamed:
        rows: JsonObject = {media: {"schema": {"type": "string"}} for media in ("text/csv", "application/jsonl")}
        operation["requestBody"] = {"required": True, "content": rows}
    if route.body:
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": refs[route.body]}}}
    return operation


def _responses(route: Route, refs: dict[Any, Any]) -> JsonObject:
    responses: JsonObject = {str(answer.status): _answer(answer, refs) for answer in route.answers}
    by_status: dict[int, list[Code]] = {}
    for code in dict.fromkeys((*_common(route), *route.problems)):
        by_status.setdefault(code.status, []).append(code)
    for status, codes in by_status.items():
        response: JsonObject = {
            "description": "; ".join(f"`{code.code}`: {code.title}" for code in codes),
            "content": {MEDIA_TYPE: {"schema": refs[Problem]}},
        }
        if status in (429, 503):
            response["headers"] = {"Retry-After": {"schema": {"type": "string"}, "description": "Seconds to wait"}}
        responses[str(status)] = response
    return responses


_SIGNED: Final = (Code.NOT_A_TERMINAL, Code.BAD_SIGNATURE, Code.OUT_OF_WINDOW, Code.REPLAYED)


def _common(route: Route) -> tuple[Code, ...]:
    body: tuple[Code, ...] = ()
    if route.body or route.body_bytes:
        body = (Code.TOO_LARGE, Code.NOT_JSON if route.body else Code.NOT_CBOR)
    signed: tuple[Code, ...]
    match route.caller:
        case Caller.FEEDER:
            signed = (Code.NOT_A_FEEDER,)
        case Caller.ANYONE:
            signed = ()
        case Caller.NEW_KEY:
            signed = _SIGNED
        case Caller.ANY_KEY:
            signed = (*_SIGNED, Code.REVOKED)
        case Caller.TERMINAL | Caller.ENROLLED:
            signed = (*_SIGNED, Code.PENDING, Code.REVOKED)
    return (Code.BAD_REQUEST, *body, *signed, Code.INTERNAL)


def _answer(answer: Answer, refs: dict[Any, Any]) -> JsonObject:
    response: JsonObject = {"description": answer.words}
    if answer.media_type:
        schema = refs[answer.struct] if answer.struct else {"type": "string"}
        response["content"] = {answer.media_type: {"schema": schema}}
    if answer.headers:
        response["headers"] = {name: {"schema": {"type": "string"}} for name in answer.headers}
    return response


def _path_parameters(route: Route) -> list[JsonObject]:
    if route.path_name is None:
        return []
    schema = {"type": "string", "pattern": f"^{route.path_pattern}$"}
    return [{"name": route.path_name, "in": "path", "required": True, "schema": schema}]


def _query_parameters(route: Route) -> list[JsonObject]:
    if route.query is None:
        return []
    schema = msgspec.json.schema(route.query)
    fields = cast(JsonObject, schema["$defs"][route.query.__name__])
    required = cast(list[str], fields.get("required", []))
    return [
        {"name": name, "in": "query", "required": name in required, "schema": field}
        for name, field in cast(JsonObject, fields["properties"]).items()
    ]
