"""The slower answer on a rule under edit: what a solver finds, of every declaration."""

from __future__ import annotations

import os
import signal
from typing import Any

import msgspec
import pytest
from flask.testing import FlaskClient

from api.http.app import SOLVER
from api.service import solving
from api.service.people import Duty
from api.words.foreseen import UNNAMED, foreseen
from engine.prove.asking import Finding, Kind
from engine.prove.proving import Outcome, Result
from engine.prove.standing import Broken, Said
from engine.release import Release
from tests.conftest import ROOT
from tests.editor_sample import RESTRICTED, asked, editing, form_of, opened, saved
from tests.http_sample import Door, Doors
from tests.people_sample import person, signed_in
from tests.test_http_properties import CASE

MARKET = "agency:MarketSurveillance"
PATH = "rules/products/toys/small-parts.toml"
AGE = '{ fact = "goods.intendedAgeMonths", under = 36,             basis = "small-parts"'
OLDER = AGE.replace("under = 36", "over = 40") + ', criterion = "nature" },'


@pytest.fixture(scope="module")
def door(doors: Doors) -> Door:
    made = editing(doors)
    made.app.extensions[SOLVER].budget = 40.0  # for what takes one second on a machine of its own
    return made


@pytest.fixture(scope="module")
def anne(door: Door) -> FlaskClient:
    return signed_in(door, "anne")


@pytest.fixture(scope="module")
def draft(anne: FlaskClient) -> str:
    return opened(anne, PATH)


@pytest.fixture(scope="module")
def text(anne: FlaskClient, draft: str) -> str:
    return form_of(anne, draft, PATH)["text"]


def ask(client: FlaskClient, draft: str, text: str, path: str = PATH) -> Any:
    name = draft.rpartition("/")[2]
    return asked(client, "POST", "/editor/foreseen", {"draft": name, "path": path, "text": text})


@pytest.fixture(scope="module")
def told(anne: FlaskClient, draft: str, text: str) -> dict[str, Any]:
    """What is found of the rule as it is in force."""
    found: dict[str, Any] = ask(anne, draft, text).json
    return found


def test_what_the_rule_breaks_is_told_with_its_article_and_goods(told: dict[str, Any]) -> None:
    (basis,) = (one for one in told["found"] if one["article"])
    assert basis["words"].startswith("Every control has a basis in force: not so")
    assert basis["article"] == "WTO TFA, Article 4; WTO TBT, Article 2.3"
    assert "2030" in basis["goods"]  # when the act that it cites is in force no more


def test_a_condition_that_nothing_meets_is_told(anne: FlaskClient, draft: str, text: str) -> None:
    assert AGE in text
    found = ask(anne, draft, text.replace(AGE, f"{OLDER}\n  {AGE}")).json["found"]
    assert any(
        "its tests on goods.intendedAgeMonths exclude one another" in o["words"] for o in found
    )


def test_a_text_that_cannot_be_read_is_not_looked_at(anne: FlaskClient, draft: str) -> None:
    found = ask(anne, draft, "title = ").json
    assert (found["found"], found["why"]) == ([], "the file cannot be read")


def test_numbers_that_the_draft_changes_are_not_passed_over(anne: FlaskClient) -> None:
    made, number = opened(anne, PATH), "rules/parameters/poor-record-share.toml"
    rule, changed = (form_of(anne, made, path)["text"] for path in (PATH, number))
    assert saved(anne, made, changed + "\n# changed\n", number).status_code == 303
    found = ask(anne, made, rule).json
    assert (found["found"], found["open"]) == ([], 0)
    assert found["why"].startswith("the draft changes what serves all rules")


def test_a_rule_with_an_error_elsewhere_in_the_draft_is_not_looked_at(
    door: Door, anne: FlaskClient
) -> None:
    made = opened(anne, PATH)
    rule = form_of(anne, made, PATH)["text"]
    other = form_of(anne, made)["text"].replace('basis        = "demonstration"', 'basis = "none"')
    assert saved(anne, made, other.replace("random-selection", "no-such-basis")).status_code == 303
    before = door.app.extensions[SOLVER].pid
    assert ask(anne, made, rule).json["why"] == "a rule of the draft has errors: mend them first"
    assert door.app.extensions[SOLVER].pid == before


def test_a_file_of_the_draft_that_cannot_be_read_is_not_passed_over(anne: FlaskClient) -> None:
    made = opened(anne, PATH)
    rule = form_of(anne, made, PATH)["text"]
    assert saved(anne, made, form_of(anne, made)["text"] + "\nbroken").status_code == 303
    found = ask(anne, made, rule).json
    assert found["why"] == "a rule of the draft has errors: mend them first"


def test_how_a_rule_stands_to_one_that_is_hidden_is_not_told(door: Door) -> None:
    person(door, "mia", Duty.AUTHOR, agency="agency:MarketSurveillance")
    with signed_in(door, "mia") as mia:
        made = opened(mia, PATH)
        probe = (ROOT / RESTRICTED).read_text("utf-8").replace("agency:Customs", MARKET)
        found = ask(mia, made, probe.replace("-duty", "-taxed"), "rules/products/probe.toml")
    assert found.json["why"] is None
    assert [one for one in found.json["found"] if UNNAMED in one["words"]] == []


def test_a_process_that_takes_too_much_memory_is_started_anew(
    door: Door, anne: FlaskClient, draft: str, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(anne, draft, text)
    before = door.app.extensions[SOLVER].pid
    monkeypatch.setattr(solving, "MEMORY", 1)
    ask(anne, draft, text)
    assert door.app.extensions[SOLVER].pid != before


def test_a_solver_that_was_killed_is_started_anew(
    door: Door, anne: FlaskClient, draft: str, text: str, told: dict[str, Any]
) -> None:
    solver = door.app.extensions[SOLVER]
    os.kill(solver.pid, signal.SIGKILL)
    again = [ask(anne, draft, text).json for _ in range(2)]
    # One question may meet the process in its death: that is said, and nothing is made up.
    assert again[0]["why"] is not None or again[0]["found"] == told["found"]
    assert again[1]["found"] == told["found"]


def test_a_file_that_is_not_to_be_seen_is_none(door: Door, anne: FlaskClient) -> None:
    hidden = opened(anne, RESTRICTED)
    with signed_in(door, "carl") as carl:
        assert ask(carl, hidden, "title = 'x'", RESTRICTED).status_code == 404


# In words

GOODS = msgspec.structs.replace(CASE, says="it is above", rules=("mine", "theirs"))
SAID = Said(
    findings=(Finding(kind=Kind.SUBSUMED, rules=("mine", "theirs"), says="idle", case=GOODS),),
    broken=(
        Broken(
            property="within-ladder",
            result=Result(outcome=Outcome.REFUTED, seconds=1, case=GOODS),
        ),
    ),
    undecided=(),
    seconds=1,
)


def test_a_finding_names_its_rules_and_shows_goods(release: Release) -> None:
    ladder, idle = foreseen(SAID, (), release.vocabulary)
    assert ladder.words == "No control is above the ladder: not so: it is above"
    assert (idle.words, idle.goods is None) == ("`mine`, `theirs`: idle", False)


def test_a_rule_that_is_hidden_is_neither_named_nor_met_by_goods(release: Release) -> None:
    ladder, idle = foreseen(SAID, {"theirs"}, release.vocabulary)
    assert ladder.words == "No control is above the ladder: not so"
    assert idle.words == f"`mine`, {UNNAMED}: idle"
    assert (ladder.goods, idle.goods) == (None, None)


def test_goods_that_meet_no_hidden_rule_are_shown(release: Release) -> None:
    case = msgspec.structs.replace(GOODS, rules=("mine",))
    finding = msgspec.structs.replace(SAID.findings[0], case=case)
    said = msgspec.structs.replace(SAID, findings=(finding,), broken=())
    (idle,) = foreseen(said, {"theirs"}, release.vocabulary)
    assert idle.goods is not None
