"""XML at the doors: the same answers as JSON, places by element, and surveys of folders."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from api.store import Role
from api.survey import as_text, survey
from engine.decide.deciding import Decider
from tests.command_line import run
from tests.http_sample import Client, Doors
from tests.wco_sample import CORPUS, EXAMPLES, SESAME_JSON, item, message, needs_corpus

DAY = date(2026, 11, 23)
SESAME = EXAMPLES["sesame-nigeria"].read_bytes()
CANCELLATION = message("<ID>26GB1</ID>", "", function="13", kind="INV")
AMENDMENT = message(
    "",
    item(
        "<AdditionalDocument><CategoryCode>Z</CategoryCode><TypeCode>999</TypeCode><ID>1</ID>"
        "</AdditionalDocument>"
    ),
    function="13",
    kind="COR",
)


@pytest.fixture
def clients(doors: Doors) -> Callable[[], Client]:
    """Gives clients, each of a service of its own."""

    def made() -> Client:
        door = doors()
        return Client(door.app.test_client(), door.tokens[Role.OFFICER])

    return made


@pytest.fixture
def client(clients: Callable[[], Client]) -> Client:
    return clients()


def post(client: Client, body: bytes, kind: str = "application/xml", query: str = ""):
    return client.post(f"/v1/decisions{query}", body, kind)


@pytest.fixture
def decide(by_release: tuple[str, ...], tmp_path: Path):
    def call(*words: str, body: bytes | None = None):
        options = (*by_release, "--key", str(tmp_path / "draw.key"))
        return run("decide", *words, *options, body=body)

    return call


# Over HTTP


@pytest.mark.parametrize("query", ["", "?audience=trader"])
def test_xml_gets_the_answer_that_json_gets(clients: Callable[[], Client], query: str) -> None:
    from_xml, from_json = (
        post(clients(), SESAME, "text/xml; charset=utf-8", query),
        post(clients(), SESAME_JSON, "application/json", query),
    )
    assert from_xml.status_code == 200
    # Remarks say the same, each in the paths of its own spelling; each log has its own leaf.
    assert {**from_xml.json, "remarks": said(from_xml), "receipt": None} == {
        **from_json.json,
        "remarks": said(from_json),
        "receipt": None,
    }


def said(answer: Any) -> list[tuple[str, str]]:
    return [(remark["code"], remark["message"]) for remark in answer.json["remarks"]]


def test_a_problem_names_the_element_and_its_line(client: Client) -> None:
    answer = post(client, SESAME.replace(b"12074090", b"1207.40"))
    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    (error,) = answer.json["errors"]
    assert error["pointer"].endswith("/Commodity/Classification[1]/ID")
    assert SESAME.splitlines()[error["line"] - 1].strip().startswith(b"<ID>12074090")
    assert error["help"]


def test_a_remark_names_the_element_and_its_line(client: Client) -> None:
    answer = post(client, SESAME.replace(b"<CountryCode>NG", b"<CountryCode>ZU"))
    (remark,) = [one for one in answer.json["remarks"] if one["code"] == "unknown-country"]
    assert remark["pointer"].endswith("/GovernmentAgencyGoodsItem/Origin/CountryCode")
    assert remark["line"] > 10


def test_a_remark_on_json_has_no_line(client: Client) -> None:
    body = SESAME_JSON.replace(b'"NG"', b'"ZU"')
    assert all("line" not in one for one in post(client, body, "application/json").json["remarks"])


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"<a><b></a>", "not XML"),
        (b"<!DOCTYPE a><a/>", "DOCTYPE"),
        (SESAME_JSON, "not XML"),
        (b"", "not XML"),
        (b"<Response/>", "notification"),
        (AMENDMENT, "it needs what it amends"),
        (message(kind="EXA"), "export declaration"),
    ],
)
def test_what_is_no_declaration_is_a_problem(client: Client, body: bytes, words: str) -> None:
    answer = post(client, body)
    assert answer.status_code == 422
    assert words in answer.json["errors"][0]["message"]


def test_a_cancellation_is_answered(client: Client) -> None:
    answer = post(client, CANCELLATION)
    assert answer.status_code == 200
    assert answer.json["declaration"] == "26GB1"
    assert "nothing to decide" in answer.json["message"]


@pytest.mark.parametrize("kind", ["text/plain", "application/soap+xml", "multipart/form-data", ""])
def test_other_content_types_stay_refused(client: Client, kind: str) -> None:
    assert post(client, SESAME, kind).status_code == 415


def test_xml_under_the_name_of_json_is_refused(client: Client) -> None:
    assert post(client, SESAME, "application/json").status_code == 422


# On the command line


def test_a_file_is_read_by_what_it_holds(decide, tmp_path: Path) -> None:
    file = tmp_path / "declaration.json"
    file.write_bytes(SESAME)
    assert decide(str(file)).returncode == 0
    assert decide("-", body=SESAME).returncode == 0


def test_an_amendment_follows_what_it_amends(decide, tmp_path: Path) -> None:
    first, second = tmp_path / "1.xml", tmp_path / "2.XML"
    first.write_bytes(message())
    second.write_bytes(AMENDMENT)
    done = decide(str(first), str(second), "--format", "json")
    assert done.returncode == 0
    before, after = json.loads(done.stdout)
    assert after["supersedes"] == before["id"]
    assert after["version"] == 2
    assert "Z999" in str(after["remarks"])
    assert "Z999" not in str(before["remarks"])


def test_an_amendment_alone_or_of_any_of_several_is_refused(decide, tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("1.xml", "2.xml", "3.xml")]
    for file, body in zip(files, (message(), message(number="X2"), AMENDMENT), strict=True):
        file.write_bytes(body)
    alone = decide(str(files[2]))
    assert alone.returncode == 2
    assert "needs what it amends" in alone.stderr
    several = decide(*map(str, files))
    assert several.returncode == 2
    assert "any of 2 declarations" in several.stderr


def test_a_cancellation_is_no_error(decide) -> None:
    done = decide("-", body=CANCELLATION)
    assert done.returncode == 0
    assert done.stdout.startswith("26GB1: a cancellation: there is nothing to decide")


def test_what_an_agency_knows_stands_beside_xml(decide, tmp_path: Path) -> None:
    known = tmp_path / "known.json"
    known.write_text('{"documents": [{"id": "CHEDD.2026.0002", "status": "verified"}]}')
    words = (str(EXAMPLES["sesame-nigeria"]), "--known", str(known))
    assert decide(*words).returncode == 0
    known.write_text('{"documents": [{"id": "", "status": "verified"}]}')
    done = decide(*words)
    assert done.returncode == 2
    assert "/known/documents/0/id" in done.stderr


def test_a_refused_file_is_named_with_its_element(decide, tmp_path: Path) -> None:
    file = tmp_path / "wrong.xml"
    file.write_bytes(message("", item("") + item("")))
    done = decide(str(file))
    assert done.returncode == 2
    assert (
        "wrong.xml#/MetaData/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[2]" in done.stderr
    )


# Surveys


def test_a_survey_gives_each_file_a_row_and_counts(
    by_release: tuple[str, ...], tmp_path: Path
) -> None:
    bodies = {
        "a.xml": SESAME,
        "b/c.XML": AMENDMENT,
        "b/d.json": SESAME_JSON,
        "e.xml": b"<a>",
        "f.xml": CANCELLATION,
        "g.txt": SESAME,
    }
    for name, body in bodies.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(body)
    words = ("survey", str(tmp_path), *by_release, "--on", "2026-11-23")
    done = run(*words, "--format", "json")
    assert done.returncode == 0
    found = json.loads(done.stdout)
    assert [row["kind"] for row in found["rows"]] == [
        "declaration",
        "amendment",
        "declaration",
        "unreadable",
        "cancellation",
    ]
    assert found["decided"] == 2
    assert sum(found["refusals"].values()) == 3
    text = run(*words)
    assert text.returncode == 0
    assert "5 files, 2 decided" in text.stdout
    assert "survey" in text.stderr


def test_a_survey_of_nothing_is_bad_input(by_release: tuple[str, ...], tmp_path: Path) -> None:
    done = run("survey", str(tmp_path), *by_release)
    assert done.returncode == 2
    assert "no declarations" in done.stderr


@needs_corpus
def test_every_file_of_the_corpus_is_decided_or_refused_with_a_reason(decider: Decider) -> None:
    found = survey([CORPUS], decider, DAY, lambda *_: None)
    print("\n" + as_text(found).rpartition("\n\n")[2])
    assert len(found.rows) > 400
    assert all((row.channel is None) == (row.refusal is not None) for row in found.rows)
    assert found.kinds.get("unreadable", 0) == 0
    assert found.decided == found.kinds["declaration"]
