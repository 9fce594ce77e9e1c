"""The draw: one number a unit of goods, shared by all agencies, bought anew by nothing."""

from __future__ import annotations

import hashlib
import hmac
from datetime import date
from decimal import ROUND_DOWN, Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.decide.decision import Control, Decision
from engine.decide.draw import (
    WHAT_IF,
    DrawKeys,
    consignment_unit,
    local_keys,
    matches,
    u_of,
    unit_key,
)
from engine.declaration.declaration import Declaration, Item
from tests.decide_sample import (
    ANY_GOODS,
    DAY,
    KEYS,
    at_least,
    body,
    control,
    danger,
    decide,
    decider_of,
    likelihood,
    mandate,
    program,
    request,
    rule,
    task,
)

TOY: dict[str, Any] = {"commodityCode": "9503"}
HALF = decider_of(program(mandate("a", ANY_GOODS, control(task("Physical", "0.5")))))


def controls(decision: Decision, item: int = 1) -> tuple[Control, ...]:
    return next(one.controls for one in decision.items if one.item == item)


def u(decision: Decision, item: int = 1) -> Decimal:
    (one,) = controls(decision, item)
    assert one.draw is not None
    return one.draw


def drawn(*goods: dict[str, Any], **declaration: Any) -> Decimal:
    return u(decide(HALF, *(goods or (TOY,)), **declaration))


# The number


units = st.text(min_size=1, max_size=30)
days = st.dates(date(2020, 1, 1), date(2040, 1, 1))


@given(unit=units, day=days)
def test_the_number_is_at_least_zero_and_under_one(unit: str, day: date) -> None:
    assert 0 <= KEYS.u(unit, day) < 1


@given(unit=units, day=days)
def test_the_number_has_at_most_twelve_decimal_places(unit: str, day: date) -> None:
    assert KEYS.u(unit, day) * 10**12 % 1 == 0


def test_the_numbers_are_spread_evenly() -> None:
    found = [KEYS.u(f"unit {n}", DAY) for n in range(4_000)]
    for tenth in range(10):
        share = sum(Decimal(tenth) / 10 <= one < Decimal(tenth + 1) / 10 for one in found)
        assert 300 < share < 500


def test_another_day_of_first_sight_is_another_key() -> None:
    assert KEYS.u("unit", DAY) != KEYS.u("unit", date(2026, 11, 24))


def test_another_secret_draws_otherwise() -> None:
    assert KEYS.u("unit", DAY) != DrawKeys(b"another secret").u("unit", DAY)


# Committed before, revealed after


@given(unit=units, day=days)
def test_a_third_party_draws_the_same_number_from_the_revealed_key(unit: str, day: date) -> None:
    assert u_of(KEYS.revealed(day), unit) == KEYS.u(unit, day)


def test_a_decision_can_be_drawn_again_from_the_revealed_key() -> None:
    assert u_of(KEYS.revealed(DAY), "declaration:D1") == drawn()


@given(day=days, other=days)
def test_a_commitment_is_for_the_key_of_one_day(day: date, other: date) -> None:
    assert matches(KEYS.commitment(day), KEYS.revealed(other)) == (day == other)


def test_a_commitment_is_the_digest_of_the_key() -> None:
    digest = hashlib.sha256(bytes.fromhex(KEYS.revealed(DAY))).hexdigest()
    assert KEYS.commitment(DAY) == f"sha256:{digest}"


def test_a_key_of_another_secret_does_not_match() -> None:
    assert not matches(KEYS.commitment(DAY), DrawKeys(b"another secret").revealed(DAY))


def test_the_number_is_that_of_the_formula_as_published() -> None:
    """HMAC-SHA-256 twice: secret and day give the key, key and unit 64 bits of the number."""
    key = hmac.digest(b"secret", b"commensura draw 2026-11-23", "sha256")
    assert DrawKeys(b"secret").revealed(date(2026, 11, 23)) == key.hex()
    bits = int.from_bytes(hmac.digest(key, b"ucr:U", "sha256")[:8], "big")
    shown = Decimal(bits) / 2**64
    assert u_of(key.hex(), "ucr:U") == shown.quantize(Decimal("1e-12"), ROUND_DOWN)


@pytest.mark.parametrize(
    "key", ["", "00" * 31, "00" * 33, "0g" * 32, "AB" * 32, " " + "00" * 32, "00" * 32 + "\n"]
)
def test_what_is_no_key_of_a_day_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="64 hexadecimal digits"):
        u_of(key, "unit")
    with pytest.raises(ValueError, match="64 hexadecimal digits"):
        matches("sha256:", key)


# Keyed to the goods


def test_the_transport_document_keys_the_draw_before_the_ucr_and_the_declaration() -> None:
    declaration = Declaration(id="D", goods=(Item(item=1),))
    by_ucr = Declaration(id="D", ucr="U", goods=(Item(item=1),))
    by_document = Declaration(id="D", ucr="U", transport_document="T", goods=(Item(item=1),))
    found = [consignment_unit(one) for one in (declaration, by_ucr, by_document)]
    assert found == ["declaration:D", "ucr:U", "transport-document:T"]


@pytest.mark.parametrize("key", ["ucr", "transportDocument"])
def test_resubmitting_the_same_goods_buys_no_new_draw(key: str) -> None:
    first = drawn(id="D1", **{key: "T1"})
    assert drawn(id="D2", **{key: "T1"}) == first
    assert drawn(id="D1", **{key: "T2"}) != first


def test_other_goods_get_another_draw() -> None:
    assert drawn(id="D1") != drawn(id="D2")


AMENDMENTS: list[dict[str, Any]] = [
    {"ucr": "later"},
    {"transportDocument": "later"},
    {"exportCountry": "NG"},
]


@pytest.mark.parametrize("change", AMENDMENTS)
def test_amending_buys_no_new_draw(change: dict[str, Any]) -> None:
    before = body(TOY)["declaration"]
    amended = request({**TOY, "description": "amended"}, earlier=[before], **change)
    decision = HALF.decide(amended, on=DAY, keys=KEYS)
    assert decision.version == 2
    assert u(decision) == drawn()


def test_deciding_on_a_later_day_keeps_the_draw_of_the_day_of_first_sight() -> None:
    later = date(2026, 12, 1)
    asked = request(TOY)
    assert u(HALF.decide(asked, on=later, keys=KEYS, first_seen=DAY)) == drawn()
    assert u(HALF.decide(asked, on=later, keys=KEYS)) != drawn()


def test_a_what_if_does_not_use_the_live_key() -> None:
    decision = HALF.decide(request(TOY), on=DAY, keys=KEYS, what_if=True)
    assert decision.what_if
    assert u(decision) != drawn()
    assert u(decision) == DrawKeys(WHAT_IF).u("declaration:D1", DAY)


def test_the_same_request_draws_the_same_number_again() -> None:
    assert drawn() == drawn()


# Units


def by_unit(unit: str) -> list[Decimal]:
    deciding = program(mandate("a", ANY_GOODS, control(task("Physical", "0.5", unit=unit))))
    goods = [{**TOY, "lot": "L1"}, {**TOY, "lot": "L1"}, {**TOY, "lot": "L2"}, TOY]
    decision = decide(deciding, *goods)
    return [u(decision, item) for item in (1, 2, 3, 4)]


def test_a_consignment_is_drawn_once_for_all_items() -> None:
    assert len(set(by_unit("consignment"))) == 1


def test_each_item_is_drawn_by_itself() -> None:
    assert len(set(by_unit("item"))) == 4


def test_items_of_one_lot_share_their_draw() -> None:
    first, second, third, without = by_unit("lot")
    assert first == second
    assert len({first, third, without}) == 3


def test_an_item_without_a_lot_is_its_own_lot() -> None:
    item = Item(item=4)
    assert unit_key("ucr:U", "lot", item) == unit_key("ucr:U", "item", item)


def test_another_system_draws_where_law_says_so() -> None:
    compiled = program(
        mandate("a", ANY_GOODS, control(task("Physical", "0.5", generator="external")))
    )
    (found,) = controls(decide(compiled, TOY))
    assert (found.draw, found.selected, found.generator) == (None, None, "external")


def test_the_kind_of_rate_is_kept() -> None:
    compiled = program(
        mandate("a", ANY_GOODS, control(task("Physical", "0.5", kind="minimum"))),
        mandate("b", ANY_GOODS, control(task("Identity", "0.5", kind="target"))),
    )
    assert [one.kind for one in controls(decide(compiled, TOY))] == ["minimum", "target"]


# Selection

rates = st.decimals("0.001", "1", places=3)


def selections(secret: bytes, *found: Decimal) -> list[bool]:
    """Which of several agencies' rates select one and the same consignment."""
    agencies = ("agency:Customs", "agency:FoodAndFeed")
    compiled = program(
        *(
            mandate(f"r{n}", ANY_GOODS, control(task("Physical", str(one))), agency=agencies[n])
            for n, one in enumerate(found)
        )
    )
    decision = decider_of(compiled).decide(request(TOY), on=DAY, keys=DrawKeys(secret))
    chosen = {one.agency: one.selected for one in controls(decision)}
    return [bool(chosen[agency]) for agency in agencies[: len(found)]]


@settings(max_examples=40, deadline=None)
@given(secret=st.binary(min_size=4, max_size=4), first=rates, second=rates)
def test_two_rates_select_the_larger_share_and_not_their_union(
    secret: bytes, first: Decimal, second: Decimal
) -> None:
    chosen = selections(secret, first, second)
    number = DrawKeys(secret).u("declaration:D1", DAY)
    assert any(chosen) == (number < max(first, second))
    assert all(chosen) == (number < min(first, second))


def test_30_and_50_percent_together_inspect_50_percent() -> None:
    found = [KEYS.u(f"declaration:{n}", DAY) for n in range(5_000)]
    either = sum(one < Decimal("0.3") or one < Decimal("0.5") for one in found)
    assert abs(either / 5_000 - 0.5) < 0.03  # the union of two draws would be 0.65


@settings(max_examples=40, deadline=None)
@given(secret=st.binary(min_size=4, max_size=4), first=rates, second=rates)
def test_a_higher_rate_never_deselects(secret: bytes, first: Decimal, second: Decimal) -> None:
    (low,) = selections(secret, min(first, second))
    (high,) = selections(secret, max(first, second))
    assert high or not low


@pytest.mark.parametrize("secret", [bytes([n]) for n in range(20)])
def test_a_rate_of_one_always_selects(secret: bytes) -> None:
    assert selections(secret, Decimal(1)) == [True]


def test_selection_is_exactly_the_number_under_the_rate() -> None:
    number = drawn()
    exactly = program(mandate("a", ANY_GOODS, control(task("Physical", str(number)))))
    above = program(
        mandate("a", ANY_GOODS, control(task("Physical", str(number + Decimal("1e-12")))))
    )
    assert controls(decide(exactly, TOY))[0].selected is False
    assert controls(decide(above, TOY))[0].selected is True


def test_each_selection_says_what_selected_it() -> None:
    compiled = program(
        mandate("a", ANY_GOODS, control(task("Physical"))),
        rule("b", ANY_GOODS, control(task("Identity")), selection="random"),
        rule("c", at_least("item.riskLevel", "level:Low"), control(task("Documentary"))),
        rule("d", ANY_GOODS, control(task("SamplingAndTesting")), selection="scheme"),
    )
    found = {one.reasons.rule: one.selected_by for one in controls(decide(compiled, TOY))}
    assert found == {"a": "mandate", "b": "random", "c": "criteria", "d": "scheme"}


@settings(max_examples=30, deadline=None)
@given(
    secret=st.binary(min_size=4, max_size=4),
    low=st.sampled_from(["VeryLow", "Low", "Medium"]),
)
def test_control_never_falls_as_risk_rises(secret: bytes, low: str) -> None:
    """The ladder as rules: at each level its control and rate, and those of the levels below."""
    levels = ("Low", "Medium", "High", "Serious")
    chosen = []
    for band in (low, "High", "VeryHigh"):
        compiled = program(
            rule("d", ANY_GOODS, danger("Fire", "High")),
            rule("l", ANY_GOODS, likelihood("Fire", band)),
            *(
                rule(
                    f"r{level}",
                    at_least("item.riskLevel", f"level:{level}"),
                    control(task(name, rate)),
                )
                for level, name, rate in zip(
                    levels,
                    ("PostClearanceAudit", "Documentary", "Physical", "SamplingAndTesting"),
                    ("0.05", "0.5", "0.7", "1"),
                    strict=True,
                )
            ),
        )
        decision = decider_of(compiled).decide(request(TOY), on=DAY, keys=DrawKeys(secret))
        chosen.append({one.task for one in controls(decision) if one.selected})
    assert chosen[0] <= chosen[1] <= chosen[2]


# The local key


def test_the_key_is_made_once_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "draw"
    first = local_keys(path).u("unit", DAY)
    assert path.stat().st_mode & 0o777 == 0o600
    assert local_keys(path).u("unit", DAY) == first
    assert local_keys(tmp_path / "other").u("unit", DAY) != first


@pytest.mark.parametrize("text", ["", "zz", "00" * 31, "not a key"])
def test_a_file_that_is_no_key_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "draw"
    path.write_text(text)
    path.chmod(0o600)
    with pytest.raises(ValueError, match="64 hexadecimal digits"):
        local_keys(path)
