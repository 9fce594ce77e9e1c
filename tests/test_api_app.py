"""The HTTP door: answers, problems that name their field, pages for the public."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest
from api.app import create_app
from flask.testing import FlaskClient

from engine.decide.answer import Answer, EngineError
from engine.decide.deciding import Decider
from engine.decide.draw import DrawKeys
from engine.decide.gates import BaseTests
from engine.declaration.facts import Facts
from tests.engines import needs_both_engines

DECLARATIONS = Path(__file__).resolve().parent.parent / "features" / "declarations"
SESAME = (DECLARATIONS / "sesame-nigeria.json").read_bytes()
DAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def client(decider: Decider) -> FlaskClient:
    return create_app(decider, DrawKeys(b"test"), lambda: DAY).test_client()


def post(client: FlaskClient, body: bytes, query: str = "", kind: str = "application/json"):
    return client.post(f"/v1/decisions{query}", data=body, content_type=kind)


def words(client: FlaskClient, path: str) -> str:
    """What a page says, without its tags."""
    return re.sub(r"<[^>]+>", "", client.get(path).get_data(as_text=True))


def test_a_declaration_is_decided(client: FlaskClient) -> None:
    answer = post(client, SESAME)
    assert answer.status_code == 200
    assert answer.json["status"] == "status:Hold"


def test_the_same_body_gives_the_same_answer_as_the_decider(
    client: FlaskClient, decider: Decider
) -> None:
    from engine.declaration.reading import read_request

    decision = decider.decide(read_request(SESAME), on=DAY, keys=DrawKeys(b"test"))
    assert post(client, SESAME).json["items"][0]["channel"] == decision.items[0].channel


def test_a_trader_gets_the_trader_s_view(client: FlaskClient) -> None:
    text = post(client, SESAME, "?audience=trader").get_data(as_text=True)
    assert '"reasonClass"' in text
    assert '"because"' not in text


def test_a_problem_points_to_the_field(client: FlaskClient) -> None:
    answer = post(
        client,
        b'{"declaration": {"id": "x", "goods": [{"item": 1, "origin": "Nigeria"}, {"item": 1}]}}',
    )
    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    assert "/declaration/goods/1/item" in [error["pointer"] for error in answer.json["errors"]]


@pytest.mark.parametrize(
    ("query", "kind", "status"),
    [
        ("", "text/plain", 415),
        ("?audience=king", "application/json", 400),
        ("?first-seen=yesterday", "application/json", 422),
        ("?first-seen=2027-01-01", "application/json", 400),
    ],
)
def test_a_wrong_call_gets_a_problem(
    client: FlaskClient, query: str, kind: str, status: int
) -> None:
    answer = post(client, SESAME, query, kind)
    assert answer.status_code == status
    assert answer.json["title"]


def test_a_body_that_is_too_large_gets_a_problem(client: FlaskClient) -> None:
    answer = post(client, b" " * (9 * 2**20))
    assert answer.status_code == 413
    assert answer.json["status"] == 413


def test_no_answer_of_any_engine_is_never_an_empty_decision(decider: Decider) -> None:
    class Broken:
        name = "broken"

        def judge(self, facts: Facts, base: BaseTests | None = None) -> Answer:
            raise EngineError("broken on purpose")

    broken = Decider(decider.program, [Broken()], decider.release)
    client = create_app(broken, DrawKeys(b"test"), lambda: DAY).test_client()
    answer = post(client, SESAME)
    assert answer.status_code == 503
    assert "never read as" in answer.json["title"]


def test_the_schema_is_served(client: FlaskClient) -> None:
    assert client.get("/v1/schema").json["title"] == "Request for a decision"


@needs_both_engines
def test_health_names_release_and_engines(client: FlaskClient, decider: Decider) -> None:
    body = client.get("/healthz").json
    assert body["release"]["id"] == decider.release.id
    assert body["engines"] == ["semantics", "durable-rules"]


def test_a_rule_is_shown_as_a_sentence_with_its_law(client: FlaskClient) -> None:
    page = words(client, "/rules/products/toys/small-parts-danger")
    assert "the intended age is less than 36 months" in page
    assert "Directive 2009/48/EC" in page
    assert "checked 2026-11-23" in page


def test_a_row_of_a_table_has_its_page(client: FlaskClient) -> None:
    page = client.get("/rules/food/increased-controls/C079").get_data(as_text=True)
    assert "Sesamum seeds" in page


def test_rules_for_agencies_are_not_shown_to_the_public(
    client: FlaskClient, decider: Decider
) -> None:
    closed = [c.rule for c in decider.program.rules if c.rule.disclosure != "public"]
    assert closed
    index = client.get("/").get_data(as_text=True)
    for rule in closed:
        assert client.get(f"/rules/{rule.id}").status_code == 404
        assert rule.title not in index


def test_every_link_of_the_list_leads_to_a_rule(client: FlaskClient) -> None:
    links = re.findall(r'href="(/rules/[^"]+)"', client.get("/").get_data(as_text=True))
    assert links
    assert {client.get(link).status_code for link in links} == {200}


def test_an_unknown_page_says_so(client: FlaskClient) -> None:
    answer = client.get("/rules/<script>alert(1)</script>")
    assert answer.status_code == 404
    assert "<script>" not in answer.get_data(as_text=True)


def test_an_unknown_call_gets_a_problem_document(client: FlaskClient) -> None:
    answer = client.get("/v1/nothing")
    assert answer.status_code == 404
    assert answer.content_type == "application/problem+json"


def test_pages_allow_no_script(client: FlaskClient) -> None:
    policy = client.get("/").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy


def test_the_shown_json_is_json(client: FlaskClient) -> None:
    assert json.loads(post(client, SESAME).get_data())
