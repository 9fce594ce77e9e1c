"""Numbers, days and shares are said as people read them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from api.words.saying import counted, day, drawn, items, share, spoken


@pytest.mark.parametrize(
    ("rate", "said"),
    [
        ("1", "every consignment"),
        ("0", "no consignment"),
        ("0.50", "one consignment in two (50 %)"),
        ("0.01", "one consignment in a hundred (1 %)"),
        ("0.30", "30 % of consignments"),
    ],
)
def test_a_share_is_said_in_words(rate: str, said: str) -> None:
    assert share(Decimal(rate), "consignment") == said


def test_a_draw_is_said_beside_its_rate() -> None:
    said = drawn(Decimal("0.090457253779"), Decimal("0.50"), selected=True)
    assert said == "the draw gave 9.05 %, under 50 %"


def test_a_draw_is_never_shortened_over_its_rate() -> None:
    assert "49.9999 %" in drawn(Decimal("0.499999"), Decimal("0.5"), selected=True)


def test_a_day_is_said_with_its_month() -> None:
    assert day(date(2026, 11, 3)) == "3 November 2026"


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ([1], "item 1"),
        ([2, 1], "items 1 and 2"),
        ([1, 2, 3], "items 1 to 3"),
        ([1, 2, 4, 5, 6, 9], "items 1, 2, 4 to 6 and 9"),
        ([3, 3], "item 3"),
    ],
)
def test_items_are_listed_by_runs(numbers: list[int], said: str) -> None:
    assert items(numbers) == said


def test_a_json_name_is_said_as_words() -> None:
    assert spoken("netMassKg") == "net mass kg"


def test_one_is_one_and_more_are_many() -> None:
    assert (counted(1, "day"), counted(4, "day")) == ("1 day", "4 days")
    assert counted(2, "near miss", "near misses") == "2 near misses"
