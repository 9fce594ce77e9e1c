"""The OpenAPI document: what each call takes and gives, made from the types that read and write.

APIFlask walks the routes; what it cannot know is here: schemas, bodies, parameters, examples.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from http import HTTPStatus
from typing import Any, ParamSpec, TypeVar

import msgspec
from apiflask import APIFlask
from apiflask.scaffold import APIScaffold
from msgspec import Struct

from api.http.parameters import Parameter, keep_to
from api.http.replies import PROBLEM, ProblemDocument
from api.service.policy import Policy
from engine.declaration.schema import tidied

P = ParamSpec("P")
R = TypeVar("R")

JSON, SCHEMA, XML, NDJSON, TEXT = (
    "application/json",
    "application/schema+json",
    "application/xml",
    "application/x-ndjson",
    "text/plain",
)
_REF = "#/components/schemas/{name}"
_KEY = "key"


class Body(Struct, frozen=True, kw_only=True):
    """What a call takes: a type or one of several, or text of a media type; examples by name."""

    kind: str = JSON
    type: Any = None
    examples: dict[str, Any] = {}


class Call(Struct, frozen=True, kw_only=True):
    """What a route is for.

    *gives* has, by status, a type, several, or None for plain text; other statuses that it may
    answer are problems. *shows* are examples of what it answers with 200, by name.
    """

    summary: str
    policy: Policy | None
    gives: dict[int, Any]
    takes: tuple[Body, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    kind: str = JSON
    shows: dict[str, Any] = {}


class Contract:
    """All calls of the service, as they are added."""

    def __init__(self) -> None:
        self._calls: dict[str, Call] = {}

    def call(self, room: APIScaffold, call: Call) -> Callable[[Callable[P, R]], Callable[P, R]]:
        """Describe a view of *room* as *call*, and hold requests to its parameters."""

        def describe(view: Callable[P, R]) -> Callable[P, R]:
            identifier = view.__name__
            self._calls[identifier] = call

            @wraps(view)
            def held(*args: P.args, **kwargs: P.kwargs) -> R:
                keep_to(call.parameters)
                return view(*args, **kwargs)

            described: Callable[P, R] = room.doc(
                summary=call.summary,
                operation_id=identifier,
                responses={int(status): status.phrase for status in _statuses(call)},
                security=[] if call.policy is None else [{_KEY: []}],
            )(held)
            return described

        return describe

    def complete(self, document: Any) -> Any:
        """Fill in what APIFlask cannot know."""
        given = [ProblemDocument]
        taken = []
        for call in self._calls.values():
            given += [shape for shapes in call.gives.values() for shape in _each(shapes)]
            taken += [shape for body in call.takes for shape in _each(body.type)]
        known = list(dict.fromkeys([*given, *taken]))
        schemas, components = msgspec.json.schema_components(known, ref_template=_REF)
        self._schemas = dict(zip(known, schemas, strict=True))
        # Numbers are read as numbers and written as text, so that nobody's reader rounds them.
        read = _reached([self._schemas[shape] for shape in taken], components)
        document["components"] = {
            "schemas": {
                name: tidied(shape, numbers=name in read) for name, shape in components.items()
            },
            "securitySchemes": {
                _KEY: {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A key from `commensura key create`.",
                }
            },
        }
        document["servers"] = [{"url": "/"}]
        document["tags"] = [
            {"name": one} for one in dict.fromkeys(t["name"] for t in document["tags"])
        ]
        for path in document["paths"].values():
            for operation in path.values():
                if isinstance(operation, dict) and operation.get("operationId") in self._calls:
                    self._fill(operation, self._calls[operation["operationId"]])
        return document

    def _fill(self, operation: dict[str, Any], call: Call) -> None:
        for status in _statuses(call):
            answer: dict[str, Any] = {"description": status.phrase}
            if status is HTTPStatus.NOT_MODIFIED:
                pass  # an answer without a body
            elif call.gives.get(int(status), ProblemDocument) is not ProblemDocument:
                schema = self._schema(call.gives[int(status)])
                answer["content"] = {call.kind: {"schema": schema}}
                if call.shows and status is HTTPStatus.OK:
                    answer["content"][call.kind]["examples"] = _examples(call.shows)
            else:
                answer["content"] = {PROBLEM: {"schema": self._schemas[ProblemDocument]}}
            operation["responses"][str(int(status))] = answer
        if call.policy is not None:
            roles = ", ".join(sorted(call.policy.roles))
            operation["description"] = f"Policy `{call.policy.name}`: keys of role {roles}."
        operation.setdefault("parameters", [])
        operation["parameters"] += [
            {
                "name": one.name,
                "in": one.place,
                "required": one.required,
                "description": one.words,
                "schema": one.schema,
            }
            for one in call.parameters
        ]
        if call.takes:
            operation["requestBody"] = {
                "required": True,
                "content": {body.kind: self._body(body) for body in call.takes},
            }

    def _schema(self, shapes: Any) -> dict[str, Any]:
        if shapes is None:
            return {"type": "string"}
        if isinstance(shapes, tuple):
            return {"anyOf": [self._schemas[shape] for shape in shapes]}
        schema: dict[str, Any] = self._schemas[shapes]
        return schema

    def _body(self, body: Body) -> dict[str, Any]:
        content: dict[str, Any] = {"schema": self._schema(body.type)}
        if body.examples:
            content["examples"] = _examples(body.examples)
        return content


def _examples(named: dict[str, Any]) -> dict[str, Any]:
    return {name: {"value": example} for name, example in named.items()}


def _each(shapes: Any) -> tuple[Any, ...]:
    if shapes is None:
        return ()
    return shapes if isinstance(shapes, tuple) else (shapes,)


def _statuses(call: Call) -> list[HTTPStatus]:
    """What a call may answer: what it gives, and the problems that its kind can have."""
    problems = {429, 500, 503}
    if call.policy is not None:
        problems |= {401, 403}
    if call.takes:
        problems |= {400, 413, 415, 422}
    if call.parameters:
        problems |= {400, 422}
    return [HTTPStatus(status) for status in sorted({*call.gives, *problems})]


def _reached(schemas: Sequence[Any], components: dict[str, Any]) -> set[str]:
    """The components that *schemas* refer to, at any distance."""
    found: set[str] = set()
    waiting = list(schemas)
    while waiting:
        part = waiting.pop()
        if isinstance(part, list):
            waiting += part
        elif isinstance(part, dict):
            waiting += part.values()
            name = str(part.get("$ref", "")).removeprefix(_REF.format(name=""))
            if name in components and name not in found:
                found.add(name)
                waiting.append(components[name])
    return found


def published(app: APIFlask, contract: Contract) -> None:
    """Let *app* publish the contract as its OpenAPI document."""
    app.config.update(
        OPENAPI_VERSION="3.1.0",
        AUTO_404_RESPONSE=False,
        AUTO_AUTH_ERROR_RESPONSE=False,
        AUTO_VALIDATION_ERROR_RESPONSE=False,
    )
    app.spec_processor(contract.complete)
