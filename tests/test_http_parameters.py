"""What a request states beside path and body: as the document says, or refused with the mend."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from api.http.parameters import DAY, Parameter, whole_number
from tests.http_sample import SESAME, Client, Door, Doors
from tests.review_sample import reviewed_door

Stated = tuple[str, str, dict[str, Any]]


@pytest.fixture(scope="module")
def door(doors: Doors, release: Any, tmp_path_factory: pytest.TempPathFactory) -> Door:
    return reviewed_door(doors, release, tmp_path_factory.mktemp("parameters"))


@pytest.fixture
def client(door: Door) -> Iterator[Client]:
    with door.client() as found:
        yield found


@pytest.fixture
def stated(client: Client) -> list[Stated]:
    """Method, path and parameter, wherever the document names one."""
    return [
        (method, re.sub(r"\{.*?\}", "x", path), one)
        for path, calls in client.get("/openapi.json").json["paths"].items()
        for method, call in calls.items()
        for one in call["parameters"]
        if one["in"] != "path"
    ]


@pytest.fixture
def bounded(stated: list[Stated]) -> list[Stated]:
    """Those of queries of which it says more than that they are text."""
    return [
        each
        for each in stated
        if each[2]["in"] == "query" and each[2]["schema"] != {"type": "string"}
    ]


def test_nothing_is_said_of_a_parameter_that_is_not_read(stated: list[Stated]) -> None:
    said = {keyword for *_, one in stated for keyword in one["schema"]}
    assert said == {"type", "enum", "minimum", "maximum", "pattern", "format"}


def test_a_reading_that_is_refused_is_not_told_that_it_cannot_be_decided_on(
    client: Client, bounded: list[Stated]
) -> None:
    path, name = next((path, one["name"]) for method, path, one in bounded if method == "get")
    assert client.get(f"{path}?{name}=").json["title"] == "the request cannot be answered"


def test_no_parameter_is_stated_by_nothing(client: Client, bounded: list[Stated]) -> None:
    for method, path, one in bounded:
        answer = client.client.open(f"{path}?{one['name']}=", method=method, headers=client.headers)
        assert answer.status_code == 422, path
        assert f"`{one['name']}` is empty" in [error["message"] for error in answer.json["errors"]]
        assert all(error["help"] for error in answer.json["errors"])
    assert {one["name"] for _, _, one in bounded} == {
        *("audience", "verdict", "on", "kind", "after", "first", "second")
    }


def test_a_call_takes_every_value_that_the_document_lists(
    client: Client, bounded: list[Stated]
) -> None:
    listed = [one for one in bounded if one[0] == "get" and "enum" in one[2]["schema"]]
    statuses = {
        client.get(path, query_string={one["name"]: value}).status_code
        for _, path, one in listed
        for value in one["schema"]["enum"]
    }
    assert statuses <= {200, 404}


@pytest.mark.parametrize("day", ["1900-01-01", "2028-02-29", "2199-12-31"])
def test_findings_are_told_of_every_day_that_the_document_allows(client: Client, day: str) -> None:
    assert client.get(f"/v1/findings?on={day}").json["on"] == day


def test_every_parameter_at_fault_is_named(client: Client) -> None:
    answer = client.get("/v1/log/growth?second=0")
    assert [error["message"] for error in answer.json["errors"]] == [
        "`first` is missing",
        "`second` cannot be `0`",
    ]


def test_a_parameter_that_is_stated_twice_is_refused(client: Client) -> None:
    answer = client.get("/v1/terms?kind=hazard&kind=product")
    assert answer.status_code == 422
    assert answer.json["errors"][0]["message"] == "`kind` is stated more than once"


def test_a_word_that_is_nearly_right_is_told(client: Client) -> None:
    (error,) = client.get("/v1/terms?kind=hazzard").json["errors"]
    assert error["help"] == "did you mean `hazard`?"


def test_a_header_is_held_to_the_document_as_the_query_is(client: Client) -> None:
    (error,) = client.post("/v1/decisions", SESAME, Idempotency_Key="").json["errors"]
    assert error["message"] == "`Idempotency-Key` is empty"


@pytest.mark.parametrize(
    "text", ["", "1e3", "1.0", " 1", "+1", "\u0661", "0", "-1", str(2**62 + 1), "9" * 5000]
)
def test_what_is_no_whole_number_within_its_bounds_is_not_allowed(text: str) -> None:
    assert not Parameter(name="n", words="", schema=whole_number(least=1)).allows(text)


@pytest.mark.parametrize("text", ["1", "007", str(2**62)])
def test_a_whole_number_within_its_bounds_is_allowed(text: str) -> None:
    assert Parameter(name="n", words="", schema=whole_number(least=1)).allows(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", "tomorrow", "20280101", "2028-W01-1", "2028-01-01\n"),
        *("2027-02-29", "1899-12-31", "2200-01-01"),
    ],
)
def test_what_is_no_day_of_our_years_is_not_allowed(text: str) -> None:
    assert not Parameter(name="on", words="", schema=DAY).allows(text)
