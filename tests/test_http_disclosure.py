"""What an officer of one agency learns of rules that are restricted to another: at every door."""

from __future__ import annotations

import json
import re
from pathlib import Path

import msgspec
import pytest

from api.service.disclosing import Disclosing
from api.service.policy import Caller
from api.store import Role
from engine import release as releases
from engine.decide.audience import WITHHELD, Ruled, for_agency
from engine.decide.deciding import Decider
from engine.decide.decision import ReleaseRef
from engine.decide.program import Program
from engine.declaration.reading import read_request
from engine.language.rule import Rule
from engine.release import Release
from tests.evidence_sample import SIGNER
from tests.http_sample import KEYS, NOW, Client, Door, Doors, declaration

LOW_VALUE = declaration(
    "LOW",
    goods=[
        {
            "item": 1,
            "commodityCode": "6109100000",
            "origin": "BD",
            "netMassKg": 1000,
            "value": {"amount": 900, "currency": "EUR"},
        }
    ],
)
OTHER = "agency:MarketSurveillance"
BROWSER = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def door(doors: Doors) -> Door:
    return doors()


@pytest.fixture(scope="module")
def restricted(release: Release) -> dict[str, Rule]:
    return {rule.id: rule for rule in release.base.rules if rule.disclosure == "restricted"}


@pytest.fixture
def own(door: Door) -> Client:
    return Client(door.app.test_client(), door.tokens[Role.OFFICER])


@pytest.fixture
def other(door: Door) -> Client:
    return Client(door.app.test_client(), door.key(Role.OFFICER, OTHER))


def told(text: str, restricted: dict[str, Rule]) -> set[str]:
    """The restricted rules of which *text* says the id, the title or the reason."""
    return {
        rule.id
        for rule in restricted.values()
        if rule.title in text
        or rule.because in text
        or re.search(rf"{re.escape(rule.id)}(?![\w-])", text)
    }


def test_officers_of_its_agency_see_a_restricted_rule(
    own: Client, restricted: dict[str, Rule]
) -> None:
    assert "customs/low-value" in told(json.dumps(own.lodge(LOW_VALUE)), restricted)


@pytest.mark.parametrize(
    "path",
    [
        "/v1/decisions/{id}",
        "/v1/decisions/{id}/explanation",
        "/v1/decisions/{id}/receipt",
        "/decisions/{id}",
    ],
)
def test_no_door_to_a_decision_tells_another_agency(
    door: Door, own: Client, other: Client, restricted: dict[str, Rule], path: str
) -> None:
    identifier = own.lodge(LOW_VALUE)["id"]
    answer = other.get(path.format(id=identifier), headers=BROWSER)
    assert answer.status_code == 200
    assert not told(answer.get_data(as_text=True), restricted)


def test_a_lodging_system_of_another_agency_is_not_told(
    other: Client, restricted: dict[str, Rule]
) -> None:
    answer = other.lodge(declaration("LOW-2", goods=LOW_VALUE["declaration"]["goods"]))
    assert not told(json.dumps(answer), restricted)


def test_a_batch_does_not_tell_another_agency(other: Client, restricted: dict[str, Rule]) -> None:
    body = json.dumps(LOW_VALUE).encode() + b"\n"
    answer = other.post("/v1/decisions/batch", body, "application/x-ndjson")
    text = answer.get_data(as_text=True)
    assert '"decision"' in text
    assert not told(text, restricted)


def test_a_what_if_does_not_tell_another_agency(other: Client, restricted: dict[str, Rule]) -> None:
    body = {
        "declaration": LOW_VALUE["declaration"],
        "changes": {"goods": [{"item": 1, "value": {"amount": 90000, "currency": "EUR"}}]},
    }
    answer = other.post("/v1/what-if", body)
    assert answer.status_code == 200
    assert not told(answer.get_data(as_text=True), restricted)


def test_a_trial_does_not_tell_another_agency(other: Client, restricted: dict[str, Rule]) -> None:
    answer = other.client.post(
        "/try", data={"declaration": json.dumps(LOW_VALUE)}, headers=other.headers
    )
    text = answer.get_data(as_text=True)
    assert "withheld" in text
    assert not told(text, restricted)


def test_auditors_see_all(door: Door, own: Client, restricted: dict[str, Rule]) -> None:
    identifier = own.lodge(LOW_VALUE)["id"]
    with door.client(Role.AUDITOR) as client:
        answer = client.get(f"/v1/decisions/{identifier}").get_data(as_text=True)
    assert "customs/low-value" in told(answer, restricted)


def test_what_is_kept_is_untouched(door: Door, other: Client) -> None:
    identifier = other.lodge(declaration("LOW-3", goods=LOW_VALUE["declaration"]["goods"]))["id"]
    with door.client(Role.AUDITOR) as client:
        answer = client.post(f"/v1/decisions/{identifier}/replay")
    assert answer.json["exact"] is True


def test_another_agency_s_answer_is_not_taken_for_one_s_own(own: Client, other: Client) -> None:
    path = f"/v1/decisions/{own.lodge(LOW_VALUE)['id']}"
    assert own.get(path).headers["ETag"] != other.get(path).headers["ETag"]


def test_what_a_restricted_rule_imposes_stays(decider: Decider) -> None:
    request = read_request(json.dumps(LOW_VALUE).encode())
    decision = decider.decide(request, on=NOW.date(), keys=KEYS)
    rules = [
        Ruled(one.reasons.rule, one.reasons.title, one.agency, "restricted")
        for one in decision.items[0].controls
    ]
    assert rules
    seen = for_agency(decision, OTHER, rules, decider.program.vocabulary.label).items[0]
    assert [(one.task, one.agency, one.reasons.basis) for one in seen.controls] == [
        (one.task, one.agency, one.reasons.basis) for one in decision.items[0].controls
    ]
    assert {one.reasons.rule for one in seen.controls} == {WITHHELD}
    assert {one.reasons.because for one in seen.controls} == {"withheld: known to customs"}


def test_near_misses_of_a_restricted_rule_are_counted_among_the_others(decider: Decider) -> None:
    request = read_request(json.dumps(LOW_VALUE).encode())
    decision = decider.decide(request, on=NOW.date(), keys=KEYS)
    near = decision.items[0].near_misses[0]
    rules = [Ruled(near.rule, near.title, "agency:Customs", "restricted")]
    (seen,) = for_agency(decision, OTHER, rules, str).items
    assert near.rule not in [one.rule for one in seen.near_misses]
    assert seen.others == decision.items[0].others + 1


def test_a_decision_of_an_older_release_is_shown_as_that_release_says(
    door: Door, own: Client, release: Release, restricted: dict[str, Rule]
) -> None:
    kept = own.lodge(LOW_VALUE)["id"]
    auditor = Caller(name="auditor", role=Role.AUDITOR)
    decision = door.service.found(kept, auditor)[1].version.decision
    bare = Program(msgspec.structs.replace(release.base, rules=()), release.vocabulary)
    later = Decider(bare, [], ReleaseRef(id="later", digest="sha256:later"))
    disclosing = Disclosing(door.store, later)
    officer = Caller(name="officer", role=Role.OFFICER, agency=OTHER)
    assert told(str(decision), restricted)
    assert not told(str(disclosing.seen_by(officer)(decision)), restricted)


# Differences of releases

DISCLOSED = "customs/low-value"


@pytest.fixture(scope="module")
def diff(door: Door, release: Release, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of what differs from a release in which every restricted rule is other, and one
    of them disclosed to all.
    """

    def changed(rule: Rule) -> Rule:
        if rule.disclosure != "restricted":
            return rule
        disclosure = "public" if rule.id == DISCLOSED else rule.disclosure
        return msgspec.structs.replace(rule, remedy="Another.", disclosure=disclosure)

    rules = tuple(map(changed, release.base.rules))
    base = msgspec.structs.replace(release.base, rules=rules)
    later = msgspec.structs.replace(release, base=base)
    path: Path = tmp_path_factory.mktemp("later") / "release.json"
    releases.save(later, path, SIGNER)
    door.store.keep_release(path.read_bytes(), NOW)
    return f"/v1/releases/{release.ref.id}/diff/{later.ref.id}"


def test_a_difference_does_not_tell_another_agency_of_restricted_rules(
    other: Client, restricted: dict[str, Rule], diff: str
) -> None:
    answer = other.get(diff)
    assert told(answer.get_data(as_text=True), restricted) == {DISCLOSED}
    assert answer.json["withheld"] == len(restricted)


def test_a_rule_that_was_disclosed_does_not_show_another_agency_what_it_was(
    other: Client, diff: str
) -> None:
    (found,) = other.get(diff).json["differences"]
    assert (found["subject"], found["change"]) == (DISCLOSED, "added")
    assert "before" not in found


def test_its_own_agency_is_told_how_its_restricted_rules_differ(
    own: Client, restricted: dict[str, Rule], diff: str
) -> None:
    answer = own.get(diff).json
    ours = {name for name, rule in restricted.items() if rule.agency == "agency:Customs"}
    named = {one["subject"] for one in answer["differences"] if one["kind"] == "rule"}
    tables = {one["subject"] for one in answer["differences"] if one["kind"] == "table"}
    assert named | {name for name in ours if name.partition("#")[0] in tables} == ours
    assert answer["withheld"] == len(restricted) - len(ours)


def test_auditors_are_told_of_all_rules_that_differ(
    door: Door, restricted: dict[str, Rule], diff: str
) -> None:
    with door.client(Role.AUDITOR) as client:
        answer = client.get(diff).json
    assert answer["withheld"] == 0
    assert {
        "kind": "rule",
        "subject": DISCLOSED,
        "title": restricted[DISCLOSED].title,
        "aspect": "disclosure",
        "change": "changed",
        "before": "restricted",
        "after": "public",
    } in answer["differences"]
