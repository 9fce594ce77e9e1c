"""Decisions over HTTP: lodged, amended, acted on, proved, taken again, supposed."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from api.store import Role
from engine import release as releases
from engine.decide.answer import Answer, EngineError
from engine.decide.deciding import Decider
from engine.decide.draw import matches
from engine.decide.gates import BaseTests
from engine.declaration.facts import Facts
from engine.evidence import checkpoint, receipt
from engine.evidence.check import refused
from engine.evidence.checkpoint import Growth
from engine.release import Release
from tests.evidence_sample import SIGNER as PUBLISHER
from tests.http_sample import (
    DECLARATIONS,
    KEYS,
    NOW,
    SESAME,
    SIGNER,
    XML,
    Client,
    Door,
    Doors,
    declaration,
)
from tests.wco_sample import message

HELD = (DECLARATIONS / "usb-charger-unmarked.json").read_bytes()


@pytest.fixture
def door(doors: Doors) -> Door:
    return doors()


@pytest.fixture
def client(door: Door) -> Client:
    return asks(door)


def asks(door: Door, role: Role = Role.OFFICER, token: str | None = None) -> Client:
    return Client(door.app.test_client(), token or door.tokens[role])


def act(kind: str, **more: Any) -> dict[str, Any]:
    return {
        "id": "A1",
        "act": kind,
        "agency": "agency:Customs",
        "authority": "duty officer, north quay",
        "on": "2026-11-25",
        "reason": "reason:ProductSafety",
        "note": "Said why.",
        **more,
    }


# Lodging


def test_a_declaration_is_decided_and_kept(client: Client) -> None:
    decided = client.lodge()
    assert client.get(f"/v1/decisions/{decided['id']}").json == decided


def test_the_answer_is_that_of_the_decider(client: Client, decider: Decider) -> None:
    from engine.declaration.reading import read_request

    decision = decider.decide(read_request(SESAME), on=NOW.date(), keys=KEYS)
    decided = client.lodge()
    del decided["receipt"]
    assert decided == json.loads(msgspec.json.encode(decision))


def test_a_trader_gets_the_trader_s_view(door: Door) -> None:
    text = json.dumps(asks(door, Role.TRADER).lodge())
    assert '"reasonClass"' in text
    assert '"because"' not in text


def test_an_officer_may_ask_for_the_trader_s_view(client: Client) -> None:
    text = client.post("/v1/decisions?audience=trader", SESAME).get_data(as_text=True)
    assert '"because"' not in text


@pytest.mark.parametrize(
    ("query", "kind", "status"),
    [
        ("", "text/plain", 415),
        ("?audience=king", "application/json", 422),
    ],
)
def test_a_wrong_call_gets_a_problem(client: Client, query: str, kind: str, status: int) -> None:
    answer = client.post(f"/v1/decisions{query}", SESAME, kind)
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"


def test_a_problem_points_to_the_field(client: Client) -> None:
    answer = client.post("/v1/decisions", declaration(goods=[{"item": 1}, {"item": 1}]))
    assert answer.status_code == 422
    assert "/declaration/goods/1/item" in [error["pointer"] for error in answer.json["errors"]]


def test_no_answer_of_any_engine_is_never_an_empty_decision(decider: Decider, doors: Doors) -> None:
    class Broken:
        name = "broken"

        def judge(self, facts: Facts, base: BaseTests | None = None) -> Answer:
            raise EngineError("broken on purpose")

    broken = Decider(decider.program, [Broken()], decider.release)
    answer = asks(doors(broken)).post("/v1/decisions", SESAME)
    assert answer.status_code == 503
    assert "never read as" in answer.json["title"]


# Sent again


def test_the_same_key_and_body_give_the_same_answer(client: Client) -> None:
    first = client.lodge(SESAME, Idempotency_Key="k1")
    assert client.lodge(SESAME, Idempotency_Key="k1") == first


def test_the_same_key_with_another_body_is_a_conflict(client: Client) -> None:
    client.lodge(SESAME, Idempotency_Key="k1")
    answer = client.post("/v1/decisions", declaration(), Idempotency_Key="k1")
    assert answer.status_code == 409


def test_another_caller_s_key_is_its_own(door: Door) -> None:
    first = asks(door).lodge(SESAME, Idempotency_Key="k1")
    other = asks(door, token=door.key(Role.SYSTEM, "agency:Customs"))
    assert other.lodge(SESAME, Idempotency_Key="k1")["version"] == first["version"] + 1


# Versions


def test_a_declaration_sent_again_is_its_next_version(client: Client) -> None:
    first, second = client.lodge(declaration()), client.lodge(declaration())
    assert (second["version"], second["supersedes"]) == (2, first["id"])


def test_a_later_version_stands_on_the_ones_before(client: Client) -> None:
    client.lodge(declaration(goods=[{"item": 1, "commodityCode": "1207409000", "origin": "NG"}]))
    later = client.lodge(declaration(goods=[{"item": 1, "netMassKg": 20000}]))
    assert any(code["code"] == "missing-gate" for code in later["remarks"]) is False


def test_amending_buys_no_new_draw(door: Door, client: Client) -> None:
    first = client.lodge()
    door.time.now += timedelta(days=3)
    second = client.lodge()
    draws = [
        [control["draw"] for control in one["items"][0]["controls"]] for one in (first, second)
    ]
    assert draws[0] == draws[1]


def test_versions_that_are_kept_are_not_sent_again(client: Client) -> None:
    client.lodge(declaration())
    body = {**declaration(), "earlier": [declaration()["declaration"]]}
    answer = client.post("/v1/decisions", body)
    assert answer.json["errors"][0]["pointer"] == "/earlier"


def test_a_trader_does_not_amend_what_another_lodged(door: Door) -> None:
    asks(door, Role.TRADER).lodge(declaration())
    other = asks(door, token=door.key(Role.TRADER))
    assert other.post("/v1/decisions", declaration()).status_code == 403


def test_an_amendment_in_xml_finds_what_it_amends(client: Client) -> None:
    lodged = client.lodge(message(), kind=XML)
    amendment = message(goods="", function="13", kind="COR")
    amended = client.post("/v1/decisions", amendment, XML)
    assert amended.json["supersedes"] == lodged["id"]


# Acts


def test_an_act_makes_a_decision_of_its_own(client: Client) -> None:
    lodged = client.lodge(declaration())
    acted = client.post("/v1/acts", {"decision": lodged["id"], "acts": [act("hold")]}).json
    assert (acted["version"], acted["status"]) == (2, "status:Hold")


def test_an_act_stands_in_the_versions_after_it(client: Client) -> None:
    lodged = client.lodge(declaration())
    client.post("/v1/acts", {"decision": lodged["id"], "acts": [act("hold")]})
    assert client.lodge(declaration())["status"] == "status:Hold"


def test_only_the_decision_that_stands_is_acted_on(client: Client) -> None:
    lodged = client.lodge(declaration())
    client.lodge(declaration())
    answer = client.post("/v1/acts", {"decision": lodged["id"], "acts": [act("hold")]})
    assert answer.status_code == 409


def test_no_act_is_recorded_for_another_agency(client: Client) -> None:
    lodged = client.lodge(declaration())
    foreign = act("hold", agency="agency:FoodAndFeed")
    answer = client.post("/v1/acts", {"decision": lodged["id"], "acts": [foreign]})
    assert (answer.status_code, answer.json["policy"]) == (403, "act")


def test_an_act_is_recorded_once(client: Client) -> None:
    lodged = client.lodge(declaration())
    acted = client.post("/v1/acts", {"decision": lodged["id"], "acts": [act("hold")]}).json
    again = client.post("/v1/acts", {"decision": acted["id"], "acts": [act("hold")]})
    assert again.json["errors"][0]["pointer"] == "/acts/0/id"


# Proofs


def test_a_receipt_is_verified_offline(client: Client) -> None:
    body = client.get(f"/v1/decisions/{client.lodge()['id']}/receipt").data
    assert not refused(receipt.verified(body, SIGNER.public))


def test_a_trader_s_receipt_shows_what_the_trader_was_told(door: Door) -> None:
    trader = asks(door, Role.TRADER)
    decided = trader.lodge()
    shown = receipt.read(trader.get(f"/v1/decisions/{decided['id']}/receipt").data)
    told = shown.parts["told"]
    assert told is not None
    assert json.loads(told.body)["id"] == decided["id"]
    assert "decision" not in shown.parts


def test_the_log_is_shown_to_have_only_grown(client: Client) -> None:
    client.lodge()
    before = client.get("/v1/log/checkpoint").get_data(as_text=True)
    client.lodge(declaration())
    after = client.get("/v1/log/checkpoint").get_data(as_text=True)
    sizes = [checkpoint.read(note).size for note in (before, after)]
    answer = client.get(f"/v1/log/growth?first={sizes[0]}&second={sizes[1]}")
    growth = msgspec.json.decode(answer.data, type=Growth)
    assert not refused(checkpoint.grown(before, after, growth.proof, SIGNER.public))


def test_the_day_s_key_is_committed_to_before_it_draws(door: Door, client: Client) -> None:
    index = client.lodge()["receipt"]["logIndex"]
    (record,) = door.store.page(kind="draw-commitment")
    part = door.store.parts(record.index)["commitment"]
    assert record.index < index
    assert matches(part.body.decode(), KEYS.revealed(NOW.date()))


def test_erased_persons_leave_the_log_and_its_proofs(door: Door, client: Client) -> None:
    decided = client.lodge()
    door.store.erase(
        decided["declaration"],
        ["persons"],
        authority="data protection officer",
        reason="GDPR, Article 17",
        at=NOW,
        author="test",
    )
    body = client.get(f"/v1/decisions/{decided['id']}/receipt").data
    assert not refused(receipt.verified(body, SIGNER.public))
    assert client.post(f"/v1/decisions/{decided['id']}/replay").json["personsErased"] is True


# Taken again


def test_a_replay_is_exact(client: Client) -> None:
    lodged = client.lodge(HELD)
    client.lodge(HELD)
    for name in (lodged["id"], client.lodge(HELD)["id"]):
        assert client.post(f"/v1/decisions/{name}/replay").json["exact"] is True


def test_a_replay_of_what_was_acted_on_is_exact(client: Client) -> None:
    lodged = client.lodge(declaration())
    acted = client.post("/v1/acts", {"decision": lodged["id"], "acts": [act("hold")]}).json
    assert client.post(f"/v1/decisions/{acted['id']}/replay").json["exact"] is True


def test_a_decision_is_taken_again_by_the_release_that_took_it(
    door: Door, release: Release, tmp_path: Path
) -> None:
    old = asks(door).lodge()
    later = msgspec.structs.replace(release, made_on=date(2026, 12, 1))
    releases.save(later, tmp_path / "later.json", PUBLISHER)
    door.store.keep_release((tmp_path / "later.json").read_bytes(), NOW)
    door.service.decider = releases.decider(later)
    found = asks(door).post(f"/v1/decisions/{old['id']}/replay").json
    assert (found["release"]["id"], found["exact"]) == (old["release"]["id"], True)


# Supposed


def test_a_what_if_says_what_makes_the_difference(client: Client) -> None:
    decided = client.lodge()
    india = {"item": 1, "origin": "US", "originGrown": "US", "originProcessed": "US"}
    answer = client.post("/v1/what-if", {"decision": decided["id"], "changes": {"goods": [india]}})
    assert "/status" in [one["pointer"] for one in answer.json["differences"]]
    assert answer.json["rules"]


def test_a_what_if_keeps_nothing(door: Door, client: Client) -> None:
    size = door.store.size()
    client.post("/v1/what-if", {"declaration": declaration()["declaration"]})
    assert door.store.size() == size


def test_without_a_change_nothing_differs(client: Client) -> None:
    answer = client.post("/v1/what-if", {"decision": client.lodge()["id"]})
    assert answer.json["differences"] == []


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, ""),
        ({"decision": "d", "declaration": declaration()["declaration"]}, ""),
        ({"declaration": declaration()["declaration"], "changes": {"id": "D2"}}, "/changes/id"),
        (
            {"declaration": declaration()["declaration"], "changes": {"goods": [{"item": 2}]}},
            "/changes/goods/0/item",
        ),
        (
            {"declaration": declaration()["declaration"], "changes": {"colour": "red"}},
            "/changes/colour",
        ),
    ],
)
def test_what_cannot_be_supposed_is_refused_with_its_place(
    client: Client, body: dict[str, Any], pointer: str
) -> None:
    answer = client.post("/v1/what-if", body)
    assert answer.status_code == 422
    assert pointer in [error["pointer"] for error in answer.json["errors"]]


# Who


@pytest.mark.parametrize(
    ("role", "path", "body"),
    [
        (Role.TRADER, "/v1/what-if", {}),
        (Role.TRADER, "/v1/acts", {}),
        (Role.TRADER, "/v1/outcomes", {}),
        (Role.TRADER, "/v1/decisions?audience=officer", declaration()),
        (Role.TRADER, "/v1/decisions", {**declaration(), "known": {"facts": {"x": True}}}),
        (Role.AUDITOR, "/v1/decisions", declaration()),
        (Role.AUDITOR, "/v1/acts", {}),
        (Role.SYSTEM, "/v1/acts", {}),
    ],
)
def test_a_refusal_names_the_policy(
    door: Door, role: Role, path: str, body: dict[str, Any]
) -> None:
    answer = asks(door, role).post(path, body)
    assert answer.status_code == 403
    assert answer.json["policy"] in answer.json["title"]


def test_a_trader_does_not_see_another_s_decision(door: Door) -> None:
    decided = asks(door).lodge()
    trader = asks(door, Role.TRADER)
    seen, unknown = (trader.get(f"/v1/decisions/{n}") for n in (decided["id"], "d-0"))
    assert (seen.status_code, unknown.status_code) == (404, 404)


def test_a_trader_sees_what_an_officer_made_of_its_declaration(door: Door) -> None:
    trader = asks(door, Role.TRADER)
    lodged = trader.lodge(declaration())
    acted = asks(door).post("/v1/acts", {"decision": lodged["id"], "acts": [act("hold")]}).json
    assert trader.get(f"/v1/decisions/{acted['id']}").json["status"] == "status:Hold"


def test_an_erased_declaration_of_another_is_not_there_for_a_trader(door: Door) -> None:
    decided = asks(door).lodge(declaration())
    door.store.erase("D1", authority="officer", reason="GDPR, Article 17", at=NOW, author="test")
    assert asks(door).get(f"/v1/decisions/{decided['id']}").status_code == 410
    assert asks(door, Role.TRADER).get(f"/v1/decisions/{decided['id']}").status_code == 404


def test_nothing_is_open_without_a_key(door: Door) -> None:
    client = door.app.test_client()
    rules = [rule for rule in door.app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    opened = {
        rule.endpoint
        for rule in rules
        if not rule.arguments and client.get(rule.rule).status_code == 200
    }
    assert opened == {"health.healthz", "health.readyz", "signing.sign_in"}


def test_a_revoked_key_opens_nothing(door: Door) -> None:
    token = door.key(Role.OFFICER, "agency:Customs")
    door.store.revoke_key(token.split("_")[1], NOW)
    assert asks(door, token=token).get("/v1/rules").status_code == 401


def test_who_asks_too_often_is_told_to_wait(doors: Doors) -> None:
    door = doors(limit="3/minute")
    answers = [asks(door).get("/v1/log/key").status_code for _ in range(5)]
    door.close()
    assert answers == [200, 200, 200, 429, 429]


# What is versioned


def test_who_has_a_decision_need_not_fetch_it_again(client: Client) -> None:
    path = f"/v1/decisions/{client.lodge()['id']}"
    tag = client.get(path).headers["ETag"]
    assert client.get(path, headers={"If-None-Match": tag}).status_code == 304


def test_a_release_that_decided_is_named(client: Client, release: Release) -> None:
    client.lodge()
    (kept,) = client.get("/v1/releases").json["releases"]
    assert client.get(f"/v1/releases/{kept['id']}").json["digest"] == release.ref.digest


def test_a_release_differs_in_nothing_from_itself(client: Client, release: Release) -> None:
    name = release.ref.id
    assert client.get(f"/v1/releases/{name}/diff/{name}").json["differences"] == []
