"""Until when an answer is awaited: in working days of whoever controls the goods, and said so."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from engine.decide.audience import for_trader
from engine.decide.deciding import Decider
from engine.decide.decision import Decision, Request
from engine.decide.text import officer_text, trader_text
from engine.release import Release
from tests.decide_sample import (
    KEYS,
    decide,
    decider_of,
    hold,
    is_,
    mandate,
    parameter,
    program,
    request,
    vocabulary,
)

TOY = {"commodityCode": "9503"}
CHRISTMAS = date(2026, 12, 22)
"""A Tuesday."""


def asked(
    release: Release, *calendars: str, on: date = CHRISTMAS, known: dict[str, Any] | None = None
) -> Decision:
    """A decision *on* that day that asks for a fact within three days, by these calendars."""
    compiled = program(
        mandate("a", is_("goods.smallParts", True), hold()),
        parameters=[parameter("parameters/request-days", (None, None, "3"))],
        calendars=[release.base.calendars[f"calendars/{name}"] for name in calendars],
    )
    return decider_of(compiled).decide(request(TOY, TOY, known=known), on=on, keys=KEYS)


def only(decision: Decision) -> Request:
    (found,) = decision.requests
    return found


def in_country(country: str) -> dict[str, Any]:
    return {"facts": {"authority.country": country}}


@pytest.mark.parametrize(
    ("known", "day", "whose"),
    [
        # The institutions rest from 24 December to 1 January; Belgium on 25 December.
        (None, date(2027, 1, 5), "institutions of the Union"),
        (in_country("PT"), date(2027, 1, 5), "institutions of the Union"),
        (in_country("BE"), date(2026, 12, 28), "customs of Belgium"),
    ],
)
def test_an_answer_is_due_in_working_days_of_whoever_controls_the_goods(
    release: Release, known: dict[str, Any] | None, day: date, whose: str
) -> None:
    found = only(asked(release, "union", "belgium", known=known))
    assert (found.due_by, found.calendar, found.complete) == (day, whose, True)


def test_items_controlled_in_two_countries_take_the_calendar_of_the_institutions(
    release: Release,
) -> None:
    known = {
        "items": [
            {"item": number, "facts": {"authority.country": country}}
            for number, country in ((1, "BE"), (2, "FR"))
        ]
    }
    found = only(asked(release, "union", "belgium", "france", known=known))
    assert found.calendar == "institutions of the Union"


def test_without_a_calendar_all_days_count_and_that_is_said(release: Release) -> None:
    decision = asked(release, "belgium", known=in_country("PT"))
    assert (only(decision).due_by, only(decision).calendar) == (date(2026, 12, 25), None)
    assert "by 2026-12-25 (all days counted: no calendar is at hand)" in told(decision)[0]


def test_a_calendar_of_the_country_is_enough(release: Release) -> None:
    assert only(asked(release, "belgium", known=in_country("BE"))).calendar == "customs of Belgium"


def test_a_day_that_the_calendar_does_not_cover_is_said_to_be_uncertain(release: Release) -> None:
    decision = asked(release, "union", on=date(2031, 3, 3))
    assert not only(decision).complete
    for text in told(decision):
        assert "(working days of institutions of the Union, which does not cover" in text


def test_a_trader_is_told_the_same_day_and_calendar(release: Release) -> None:
    decision = asked(release, "union")
    (view,) = for_trader(decision, vocabulary()).requests
    assert (view.due_by, view.calendar) == (only(decision).due_by, only(decision).calendar)
    for text in told(decision):
        assert "by 2027-01-05 (working days of institutions of the Union)" in text


def told(decision: Decision) -> tuple[str, str]:
    """What officer and trader read, on one line."""
    texts = (
        officer_text(decision, vocabulary()),
        trader_text(for_trader(decision, vocabulary())),
    )
    return " ".join(texts[0].split()), " ".join(texts[1].split())


def test_without_the_parameter_no_day_is_set() -> None:
    decision = decide(program(mandate("a", is_("goods.smallParts", True), hold())), TOY)
    assert (only(decision).due_by, only(decision).calendar) == (None, None)


def test_the_shipped_rules_count_working_days(decider: Decider) -> None:
    goods = {"commodityCode": "12074090", "originProcessed": "NG"}
    found = decider.decide(request(goods), on=CHRISTMAS, keys=KEYS).requests
    assert found
    assert {(one.due_by, one.calendar) for one in found} == {
        (date(2027, 1, 5), "institutions of the Union")
    }
