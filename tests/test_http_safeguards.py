"""Findings of safeguards over HTTP: of the release and of decisions, as far as rules are seen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from api.http.app import Settings, create_app
from api.http.examples import DECISION_FINDINGS, FINDINGS
from api.service.callers import Callers
from api.service.safeguarding import DecisionFindings, Findings
from api.store import Role
from engine import release as releases
from engine.release import Release
from tests.evidence_sample import SIGNER
from tests.http_sample import DECLARATIONS, NOW, Client, Door, Doors

ROSES = (DECLARATIONS / "cut-roses-kenya.json").read_bytes()


@pytest.fixture(scope="module")
def door(doors: Doors) -> Door:
    return doors(demo=True)


def as_(door: Door, role: Role | None, agency: str | None = None) -> Client:
    token = door.key(role, agency) if role and agency else door.tokens.get(role) if role else None
    return Client(door.app.test_client(), token)


def named(answer: dict[str, Any]) -> set[str]:
    return {rule for finding in answer["findings"] for rule in finding["rules"]}


def test_findings_of_the_release_come_by_article(door: Door) -> None:
    answer = as_(door, Role.AUDITOR).get("/v1/findings").json
    assert {"TBT-5.1.2", "SPS-2.3", "TFA-7.4.2"} <= {one["article"] for one in answer["findings"]}
    assert answer["withheld"] == 0


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.OFFICER, Role.TRADER, None])
def test_only_rules_that_the_caller_may_see_are_named(
    door: Door, role: Role | None, release: Release
) -> None:
    client = as_(door, role)
    answer = client.get("/v1/findings").json
    seen = {rule["id"] for rule in client.get("/v1/rules").json["rules"]}
    assert named(answer) <= seen
    assert answer["withheld"] == len({rule.id for rule in release.base.rules} - seen)


def test_findings_of_one_verdict_are_those_of_all(door: Door) -> None:
    client = as_(door, Role.AUDITOR)
    every = client.get("/v1/findings").json["findings"]
    some = client.get("/v1/findings?verdict=insufficient+record").json["findings"]
    assert some == [one for one in every if one["verdict"] == "insufficient record"]


def test_on_a_day_after_their_reviews_rules_are_flagged(door: Door) -> None:
    answer = as_(door, Role.AUDITOR).get("/v1/findings?verdict=flag&on=2028-01-01").json
    assert "plants/wood-danger" in named(answer)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("verdict=guilty", "`verdict` cannot be `guilty`"),
        ("on=tomorrow", "`on` cannot be `tomorrow`"),
        ("on=9999-12-31", "`on` cannot be `9999-12-31`"),
    ],
)
def test_a_query_that_means_nothing_is_named(door: Door, query: str, words: str) -> None:
    answer = as_(door, Role.AUDITOR).get(f"/v1/findings?{query}")
    assert answer.status_code == 422
    assert words in answer.get_data(as_text=True)


def test_findings_of_a_decision_are_of_its_goods(door: Door) -> None:
    client = as_(door, Role.OFFICER)
    decision = client.lodge(ROSES)["id"]
    answer = client.get(f"/v1/decisions/{decision}/findings").json
    assert answer["decision"] == decision
    assert "plants/rates#P08" in named(answer)


def test_a_restricted_rule_is_named_to_no_other_agency(door: Door, release: Release) -> None:
    client = as_(door, Role.OFFICER)
    decision = client.lodge((DECLARATIONS / "festival-nigeria.json").read_bytes())["id"]
    own = client.get(f"/v1/decisions/{decision}/findings").json
    other = (
        as_(door, Role.OFFICER, "agency:MarketSurveillance")
        .get(f"/v1/decisions/{decision}/findings")
        .json
    )
    restricted = {rule.id for rule in release.base.rules if rule.disclosure == "restricted"}
    assert "customs/low-value" in named(own) & restricted
    assert not named(other) & restricted
    assert not [one for one in other["findings"] if "treated alike" in one["words"]]


def test_findings_of_an_old_decision_are_by_the_release_that_took_it(
    doors: Doors, release: Release, tmp_path: Path
) -> None:
    old = doors()
    decision = as_(old, Role.OFFICER).lodge(ROSES)["id"]
    told = as_(old, Role.OFFICER).get(f"/v1/decisions/{decision}/findings").json
    rules = tuple(rule for rule in release.base.rules if rule.table != "plants/rates")
    later = replace(release, base=replace(release.base, rules=rules))
    releases.save(later, tmp_path / "later.json", SIGNER)
    old.store.keep_release((tmp_path / "later.json").read_bytes(), NOW)
    old.service.decider = releases.decider(later)
    app = create_app(
        old.service,
        old.notary,
        Callers(old.store, old.time),
        Settings(cookie_secret=b"secret", limit="1000/second"),
    )
    client = Client(app.test_client(), old.tokens[Role.OFFICER])
    assert "plants/rates#P08" in named(told)
    assert client.get(f"/v1/decisions/{decision}/findings").json == told
    assert "plants/rates#P08" not in named(client.get("/v1/findings").json)


def test_a_trader_is_told_of_no_findings(door: Door) -> None:
    trader = as_(door, Role.TRADER)
    lodged = {"declaration": {**msgspec.json.decode(ROSES)["declaration"], "id": "OWN"}}
    decision = trader.lodge(lodged)["id"]
    assert trader.get(f"/v1/decisions/{decision}/findings").status_code == 403


def test_no_findings_of_a_decision_that_is_not_there(door: Door) -> None:
    assert as_(door, Role.OFFICER).get("/v1/decisions/d-none/findings").status_code == 404


@pytest.mark.parametrize(
    ("shown", "shape"), [(FINDINGS, Findings), (DECISION_FINDINGS, DecisionFindings)]
)
def test_the_examples_of_the_contract_have_its_shape(
    door: Door, shown: dict[str, Any], shape: type
) -> None:
    for example in shown.values():
        msgspec.convert(example, shape)
    document = as_(door, Role.AUDITOR).get("/openapi.json").get_data(as_text=True)
    assert next(iter(shown)) in document
