"""A scenario edited on its page: run beside the one as it stands, and never more than steps."""

from __future__ import annotations

import html
import re

import pytest
from flask.testing import FlaskClient

from api.http import places
from api.service import scenarios
from api.service.people import Duty
from api.store import Role
from engine.release import Release
from tests.http_sample import Door, Doors
from tests.people_sample import HTML, browser, person, sent, signed_in
from tests.review_sample import CLAUSE, CLOSED, reviewed_door
from tests.test_http_review import MARKET, page, seen, told

SHIRTS = """Scenario: Cotton shirts
  Given a consignment of cotton T-shirts
  When the declaration is decided on 2026-11-23
  Then the risk level is {level}
"""


@pytest.fixture(scope="module")
def door(doors: Doors, release: Release, tmp_path_factory: pytest.TempPathFactory) -> Door:
    made = reviewed_door(doors, release, tmp_path_factory.mktemp("trying"))
    person(made, "anne", Duty.COUNSEL)
    person(made, "mark", agency=MARKET)
    return made


@pytest.fixture(scope="module")
def anne(door: Door) -> FlaskClient:
    return signed_in(door, "anne")


@pytest.fixture(scope="module")
def at(anne: FlaskClient) -> str:
    """The address of a scenario to try."""
    found = re.search(rf'href="(/review/{CLAUSE}/try\?at=\d+)"', page(anne, f"/review/{CLAUSE}"))
    assert found is not None
    return found[1]


def tried(client: FlaskClient, at: str, text: str) -> str:
    answer = sent(client, at, {"scenario": text})
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return html.unescape(answer.get_data(as_text=True))


def test_it_starts_from_the_scenario_as_it_stands(anne: FlaskClient, at: str) -> None:
    text = page(anne, at)
    assert "Scenario: Cotton shirts of an ordinary value go straight through" in text
    assert "As it stands ✓ passed" in seen(text)


def test_what_it_starts_from_passes_as_it_is(anne: FlaskClient, at: str) -> None:
    found = re.search(r"<textarea[^>]*>(.*?)</textarea>", page(anne, at), re.DOTALL)
    assert found is not None
    assert "As you changed it ✓ passed" in seen(tried(anne, at, found[1]))


def test_a_case_that_does_not_hold_fails_beside_the_one_that_stands(
    anne: FlaskClient, at: str
) -> None:
    text = seen(tried(anne, at, SHIRTS.format(level="high")))
    assert "As you changed it ✗ failed" in text
    assert "✗ failed Then the risk level is high the level is low" in text
    assert "As it stands ✓ passed" in text


def test_what_was_typed_stays_in_the_form(anne: FlaskClient, at: str) -> None:
    text = tried(anne, at, SHIRTS.format(level="high"))
    assert SHIRTS.format(level="high") in text


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (
            SHIRTS.format(level="low").replace("risk", "rsk"),
            4,
            "did you mean `the risk level is …`",
        ),
        (SHIRTS.replace("a consignment of", "a cart of"), 2, "did you mean `a consignment of …`"),
        (SHIRTS.replace("-23", "-99"), 3, "2026-11-99"),
        ("Scenario: a\n  Nonsense\n", 1, "the scenario has no steps"),
        ("Scenario: a\n  Given x\n  Nonsense\n", 3, "this is no Gherkin"),
        ("Given a consignment of cotton T-shirts", 1, "begin with `Scenario: …`"),
        ("", 1, "begin with `Scenario: …`"),
        (SHIRTS + SHIRTS.replace("shirts\n", "other\n", 1), 1, "try one at a time"),
        ("Scenario: a\n" + "  Given x\n" * 41, 1, "at most 40 steps"),
        ("Scenario: a\n  Given " + "x" * 401, 2, "at most 400 characters"),
        ("x" * 10_001, 1, "more than 10000 characters"),
        ("Feature: another\n", 1, "begin with `Scenario: …`"),
        (SHIRTS + "Feature: another\n", 5, "this is no Gherkin"),
    ],
)
def test_what_is_unclear_is_told_at_its_line(
    anne: FlaskClient, at: str, text: str, line: int, words: str
) -> None:
    found = re.sub("</?code>", "`", tried(anne, at, text.format(level="low")))
    section = found[found.index('<section class="problem"') :].partition("</section>")[0]
    assert f"scenario:{line}" in section
    assert words in section


@pytest.mark.parametrize(
    "typed",
    [
        "<script>alert(1)</script>",
        "{{ 1234 * 4321 }}",
        "${1234*4321}",
        "__import__('os')",
        "\x00",
        "‮x",
    ],
)
def test_what_is_typed_is_text_and_no_code(anne: FlaskClient, at: str, typed: str) -> None:
    scenario = f"Scenario: {typed}\n  Given a consignment of {typed}\n"
    raw = sent(anne, at, {"scenario": scenario}).get_data(as_text=True)
    assert "<script>alert" not in raw
    assert "5332114" not in raw


def test_a_scenario_is_stopped_when_its_time_is_up(
    anne: FlaskClient, at: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scenarios, "LIMIT", 0.0)
    assert "■ stopped" in seen(tried(anne, at, SHIRTS.format(level="low")))


def test_one_who_asks_too_much_at_a_time_is_refused(anne: FlaskClient, at: str, door: Door) -> None:
    with door.app.app_context():
        held = [places.held("person:anne") for _ in range(places.PLACES)]
    answer = sent(anne, at, {"scenario": SHIRTS.format(level="low")})
    for place in held:
        place.leave()
    assert answer.status_code == 429


def test_nothing_is_kept(anne: FlaskClient, at: str, door: Door) -> None:
    size = door.store.size()
    tried(anne, at, SHIRTS.format(level="low"))
    assert door.store.size() == size


# Disclosure


def test_a_closed_rule_is_neither_found_nor_suggested(
    door: Door, release: Release, at: str
) -> None:
    title = next(rule.title for rule in release.base.rules if rule.id == CLOSED)
    mark = signed_in(door, "mark")
    for name in (title[:-1], CLOSED[:-1]):
        scenario = f'Scenario: a\n  Given the rule "{name}"\n'
        text = tried(mark, at, scenario).replace(name, "")
        assert "there is no rule" in text
        assert not told(text, release)


def test_a_closed_rule_by_its_own_name_is_as_one_that_is_not_there(
    door: Door, release: Release, at: str
) -> None:
    title = next(rule.title for rule in release.base.rules if rule.id == CLOSED)
    text = tried(signed_in(door, "mark"), at, f'Scenario: a\n  Given the rule "{title}"\n')
    assert "not disclosed to you" in text
    assert "there is no rule" not in text


def test_who_may_not_suppose_tries_nothing(door: Door, at: str) -> None:
    trader = browser(door, Role.TRADER)
    assert trader.get(at, headers=HTML).status_code == 403
    assert sent(trader, at, {"scenario": SHIRTS}).status_code == 403
