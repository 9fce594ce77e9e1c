"""What is proved of a release, as a page and a machine are told it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from flask.testing import FlaskClient

from api.http.reviewing.proofs import _asking
from api.service.people import Duty
from api.store import Role
from api.words.proving import ProvedProperty, meanings, open_to, properties
from engine.prove import record
from engine.prove.comparison import Change, Meaning, MeaningOfChange
from engine.prove.proving import Case, Outcome
from engine.prove.record import Held, Record
from engine.release import Release
from tests.http_sample import PUBLISHER, Door, Doors
from tests.people_sample import browser, person, signed_in
from tests.review_sample import reviewed_door

SAYS = "the risk may be low or high, and nobody is asked"
DAYS = dict.fromkeys(("acceptedOn", "arrivedOn", "dispatchedOn", "placedOnMarketOn"), "2026-11-23")
GOODS: dict[str, Any] = {"item": 1, "commodityCode": "9013"}
CASE = Case(
    requests=({"declaration": {"id": "A", "stage": "accepted", **DAYS, "goods": [GOODS]}},),
    says=SAYS,
    agreement=True,
    rules=("customs/random",),
)


def record_of(release: Release) -> Record:
    return Record(
        format=record.FORMAT,
        release=release.ref,
        budget=30,
        properties=(
            Held(property="within-ladder", outcome=Outcome.PROVED, case=None, reason=None),
            Held(property="no-gap", outcome=Outcome.REFUTED, case=CASE, reason=None),
            Held(property="of-another-version", outcome=Outcome.PROVED, case=None, reason=None),
        ),
    )


@pytest.fixture(scope="module")
def door(doors: Doors, release: Release, tmp_path_factory: pytest.TempPathFactory) -> Door:
    made = reviewed_door(doors, release, tmp_path_factory.mktemp("proofs"))
    record.save(record_of(release), made.folder / "release.proofs.json", PUBLISHER)
    person(made, "anne", Duty.COUNSEL)
    return made


@pytest.fixture(scope="module")
def anne(door: Door) -> FlaskClient:
    return signed_in(door, "anne")


def answers(door: Door, role: Role) -> dict[str, Any]:
    with door.client(role) as client:
        found = client.get("/v1/properties").json
    return {one["id"]: one for one in found["properties"]}


def test_a_machine_reads_what_is_proved(door: Door) -> None:
    found = answers(door, Role.OFFICER)
    assert {name: one["outcome"] for name, one in found.items()} == {
        "within-ladder": "proved",
        "no-gap": "refuted",
    }


def test_goods_that_tell_what_rules_test_are_withheld_from_traders(door: Door) -> None:
    gap = answers(door, Role.TRADER)["no-gap"]
    assert gap["withheld"]
    assert (gap["says"], gap["scenario"]) == (None, None)


def _shown(release: Release, *hidden: str) -> ProvedProperty:
    answers = record_of(release).properties
    return list(properties(answers, open_to(hidden), release.vocabulary))[1]


def test_who_may_see_the_rules_that_goods_meet_is_shown_them(release: Release) -> None:
    found = _shown(release, "another")
    assert found.says == SAYS
    assert 'under "commodity code" the trader declares 9013' in str(found.scenario)


def test_who_may_not_see_a_rule_that_they_meet_is_not(release: Release) -> None:
    found = _shown(release, "customs/random")
    assert (found.says, found.scenario, found.withheld) == (None, None, True)


def test_goods_of_which_it_is_not_on_record_what_they_meet_are_withheld(release: Release) -> None:
    case = msgspec.structs.replace(CASE, rules=None)
    held = Held(property="no-gap", outcome=Outcome.REFUTED, case=case, reason=None)
    (found,) = properties([held], open_to({"another"}), release.vocabulary)
    assert (found.says, found.withheld) == (None, True)


def test_the_page_says_what_is_proved_and_what_is_a_known_flag(anne: FlaskClient) -> None:
    text = anne.get("/review/properties").text
    assert "No control is above the ladder" in text
    assert "a known flag" in text


def test_the_page_is_open_and_shows_a_trader_no_goods(door: Door) -> None:
    text = browser(door, Role.TRADER).get("/review/properties").text
    assert "Nothing falls between agencies" in text
    assert SAYS not in text


def test_a_property_has_a_page(anne: FlaskClient) -> None:
    text = anne.get("/review/properties/within-ladder").text
    assert "<h1>" in text
    assert "No control is above the ladder" in text
    assert "Scenarios that claim it" in text


def test_the_scenarios_that_claim_a_property_are_found_by_its_words(release: Release) -> None:
    def scenario(*steps: str) -> Any:
        return SimpleNamespace(steps=[SimpleNamespace(step=SimpleNamespace(text=s)) for s in steps])

    claims = scenario("the rules", "in every possible declaration no control is above the ladder")
    shown = SimpleNamespace(
        sight=SimpleNamespace(result=lambda one: one),
        words=SimpleNamespace(scenario=lambda one: one),
        review=SimpleNamespace(results=[scenario("the rules"), claims]),
    )
    reviewing: Any = SimpleNamespace(shown=lambda: shown)
    answers = record_of(release).properties
    ladder, *_ = properties(answers, open_to(()), release.vocabulary)
    assert _asking(reviewing, ladder) == (claims,)


def test_a_property_that_is_none_and_one_that_was_not_asked_have_none(anne: FlaskClient) -> None:
    for name in ("no-such-property", "authorised-no-worse"):
        assert anne.get(f"/review/properties/{name}").status_code == 404


def test_classes_and_origins_of_a_change_are_told_where_no_changed_rule_is_hidden(
    release: Release,
) -> None:
    def meaning(subject: str) -> Meaning:
        return Meaning(subject=subject, change=Change.STRICTER, stricter=CASE)

    found = MeaningOfChange(
        overall=meaning("all rules"),
        rules=(meaning("mine"), meaning("theirs")),
        classes=(meaning("product:PlushToy"),),
        origins=(meaning("NG"),),
        same_words=True,
        sample=0,
        affected=0,
        left_out={},
        seconds=1,
    )

    def told(*hidden: str) -> list[str]:
        return [one.subject for one in meanings(found, hidden, release.vocabulary)]

    assert told() == ["all rules", "mine", "theirs", "plush toy", "Nigeria"]
    assert told("theirs") == ["all rules", "mine"]


def test_a_clause_page_marks_what_is_a_known_flag(anne: FlaskClient) -> None:
    assert "a known flag" in anne.get("/review/TBT-5.1.2").text


def test_without_a_record_it_is_said_so(doors: Doors, release: Release, tmp_path: Any) -> None:
    bare = reviewed_door(doors, release, tmp_path)
    with bare.client(Role.OFFICER) as client:
        answer = client.get("/v1/properties")
    assert answer.status_code == 404
    assert "No proofs of this release" in answer.json["title"]
