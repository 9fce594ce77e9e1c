"""The OpenAPI document is true: what it says of each call is what the call takes and gives.

schemathesis makes requests from the document, right and wrong ones, and compares the answers.
"""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from schemathesis.engine import events, from_schema
from schemathesis.specs.openapi.definitions import OPENAPI_31_VALIDATOR

from api.store import Role
from engine.release import Release
from tests.full import FULL, often
from tests.http_sample import Door, Doors
from tests.review_sample import reviewed_door

EXAMPLES = often(200, 3)
CALLERS = [Role.OFFICER, Role.AUDITOR, Role.TRADER, None]
MEANT = ["2xx", "3xx", "401", "403", "404", "409", "422"]
CONFIG: dict[str, Any] = {
    "continue-on-failure": True,
    "seed": 20261125,
    # hypothesis likes the words of the modules that are loaded; in a path, those with a slash are
    # of no use. How many requests were made in the end is asserted below.
    "suppress-health-check": ["filter_too_much"],
    "generation": {"max-examples": EXAMPLES, "database": "none"},
    "phases": {"stateful": {"enabled": FULL}},
    # In process this check fails by itself; what it looks for has a test of its own below.
    "checks": {"ignored_auth": {"enabled": False}},
    "operations": [
        # A schema tells the shape. That a commodity code exists, it does not tell: hence 422.
        {
            "include-method": "POST",
            "checks": {"positive_data_acceptance": {"expected-statuses": MEANT}},
            "phases": {"coverage": {"enabled": FULL}},
        },
        # How long the log is, neither.
        {
            "include-path": "/v1/log/growth",
            "checks": {"positive_data_acceptance": {"expected-statuses": MEANT}},
        },
        # Its lines have a shape, its body has none; and GET of it asks for the decision `batch`.
        {
            "include-path": "/v1/decisions/batch",
            "checks": {
                "negative_data_rejection": {"enabled": False},
                "allow_header_conformance": {"enabled": False},
                "positive_data_acceptance": {"expected-statuses": MEANT},
            },
            "phases": {"coverage": {"enabled": FULL}},
        },
    ],
}

# Of these queries the document says more than that they are text, and few tries find little.
# What they may hold is the same for all callers: every day one of them tries.
QUERIES: dict[str, Any] = {
    "include-name": [f"GET /v1/{name}" for name in ("findings", "log/growth", "outcomes", "terms")],
    "generation": {"max-examples": often(EXAMPLES, 50)},
}


@schemathesis.serializer("application/x-ndjson")
def lines(_: schemathesis.SerializationContext, body: Any) -> bytes:
    return str(body).encode()


@pytest.fixture(scope="module")
def door(doors: Doors, release: Release, tmp_path_factory: pytest.TempPathFactory) -> Door:
    made = reviewed_door(doors, release, tmp_path_factory.mktemp("contract"), edits=True)
    with made.client() as client:
        client.lodge()
    return made


@pytest.fixture(scope="module")
def document(door: Door) -> dict[str, Any]:
    with door.client() as client:
        found: dict[str, Any] = client.get("/openapi.json").json
        return found


def test_the_document_is_openapi_3_1(document: dict[str, Any]) -> None:
    OPENAPI_31_VALIDATOR.validate(document)


def test_each_name_in_the_document_is_given_once(document: dict[str, Any]) -> None:
    tags = [tag["name"] for tag in document["tags"]]
    calls = [call["operationId"] for path in document["paths"].values() for call in path.values()]
    assert (len(tags), len(calls)) == (len(set(tags)), len(set(calls)))


@pytest.mark.parametrize("role", CALLERS, ids=lambda role: role or "no key")
def test_every_call_is_as_the_document_says(role: Role | None, door: Door) -> None:
    faults: dict[tuple[str, str], str] = {}
    cases = 0
    for event in from_schema(described(door, role)).execute():
        if isinstance(event, events.NonFatalError | events.FatalError):
            faults[str(getattr(event, "label", "")), repr(event)] = ""
        if isinstance(event, events.ScenarioFinished):
            cases += len(event.recorder.cases)
            faults |= found_by(event.recorder)
    print(f"{cases} requests, {len(faults)} faults")
    assert not faults, "\n\n".join(map("\n".join, faults))
    assert cases > 200


def described(door: Door, role: Role | None) -> Any:
    """The document, and with whose key its calls are made."""
    shown = {"Authorization": f"Bearer {door.tokens[role]}"} if role else {}
    operations = [*CONFIG["operations"], *([QUERIES] if role is Role.OFFICER else [])]
    config = schemathesis.Config.from_dict({**CONFIG, "headers": shown, "operations": operations})
    reader = {"Authorization": f"Bearer {door.tokens[Role.AUDITOR]}"}
    return schemathesis.openapi.from_wsgi("/openapi.json", door.app, config=config, headers=reader)


def found_by(recorder: Any) -> dict[tuple[str, str], str]:
    return {
        (recorder.label, str(check.failure_info.failure)): check.failure_info.code_sample
        for checks in recorder.checks.values()
        for check in checks
        if check.failure_info is not None
    }


@pytest.mark.parametrize("header", [None, "Bearer cmns_aaaaaaaa_" + "A" * 43, "Basic YTpi", ""])
def test_no_call_that_needs_a_key_is_answered_without_one_that_holds(
    header: str | None, door: Door, document: dict[str, Any]
) -> None:
    closed = {
        (method, path)
        for path, calls in document["paths"].items()
        for method, call in calls.items()
        if call.get("security")
    }
    with door.client(role=None) as client:
        answered = {
            (method, path)
            for method, path in closed
            if client.client.open(
                path, method=method, headers={} if header is None else {"Authorization": header}
            ).status_code
            == 401
        }
    assert answered == closed
    assert len(closed) > 20
