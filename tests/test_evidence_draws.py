"""Draws made again from the revealed key: every one is found right, and no change goes unseen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.decide.deciding import versions_of
from engine.decide.decision import Control, Decision
from engine.decide.draw import DrawKeys
from engine.declaration.declaration import Request
from engine.evidence.check import Check, Result
from engine.evidence.draws import redrawn
from tests.decide_sample import (
    ANY_GOODS,
    DAY,
    KEYS,
    control,
    decider_of,
    is_,
    mandate,
    program,
    request,
    task,
)

KEY = KEYS.revealed(DAY)
DECIDER = decider_of(
    program(
        mandate("a", ANY_GOODS, control(task("Physical", "0.5"))),
        mandate("b", ANY_GOODS, control(task("Identity", "0.5", unit="item"))),
        mandate("c", ANY_GOODS, control(task("Documentary", "0.5", unit="lot"))),
        mandate("d", is_("goods.origin", "NG"), control(task("SamplingAndTesting"))),
        mandate("e", ANY_GOODS, control(task("PostClearanceAudit", "0.5", generator="external"))),
    )
)
goods = st.lists(
    st.fixed_dictionaries(
        {"commodityCode": st.just("9503"), "item": st.integers(1, 4)},
        optional={
            "lot": st.sampled_from(["L1", "L2", "item:1"]),
            "origin": st.sampled_from(["NG", "CN"]),
        },
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda one: one["item"],
)
declarations = st.fixed_dictionaries(
    {"id": st.just("D1"), "goods": goods},
    optional={"ucr": st.sampled_from("UV"), "transportDocument": st.sampled_from("TS")},
)
amended = st.lists(declarations, min_size=1, max_size=3)


def decided(versions: list[dict[str, Any]]) -> Iterator[tuple[Decision, Request, Decision | None]]:
    """Each version's decision, what it was taken on, and the one it supersedes."""
    *earlier, last = versions
    asked = versions_of(request(*last["goods"], earlier=earlier, **_besides(last)))
    before = None
    for version, decision in zip(
        asked, DECIDER.decide_versions(asked, on=DAY, keys=KEYS), strict=True
    ):
        yield decision, version, before
        before = decision


def _besides(declaration: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in declaration.items() if name != "goods"}


def checks(versions: list[dict[str, Any]], key: str = KEY) -> list[Check]:
    return [redrawn(one, asked, key, before) for one, asked, before in decided(versions)]


@settings(max_examples=60, deadline=None)
@given(amended)
def test_the_revealed_key_gives_every_draw_of_every_version(versions: list[dict[str, Any]]) -> None:
    assert {check.result for check in checks(versions)} == {Result.HOLDS}


@settings(max_examples=30, deadline=None)
@given(amended, st.sampled_from([KEYS.revealed(date(2026, 11, 24)), DrawKeys(b"x").revealed(DAY)]))
def test_another_key_gives_none_of_them(versions: list[dict[str, Any]], key: str) -> None:
    assert {check.result for check in checks(versions, key)} == {Result.FAILS}


def drawn(decision: Decision) -> Iterator[tuple[int, int, Control]]:
    for place, item in enumerate(decision.items):
        for index, one in enumerate(item.controls):
            if one.draw is not None:
                yield place, index, one


def altered(decision: Decision, place: int, index: int, **changes: Any) -> Decision:
    """The decision with one control changed."""
    items, controls = list(decision.items), list(decision.items[place].controls)
    controls[index] = msgspec.structs.replace(controls[index], **changes)
    items[place] = msgspec.structs.replace(items[place], controls=tuple(controls))
    return msgspec.structs.replace(decision, items=tuple(items))


@settings(max_examples=60, deadline=None)
@given(amended, st.data())
def test_a_changed_draw_is_found(versions: list[dict[str, Any]], data: st.DataObject) -> None:
    decision, asked, before = data.draw(st.sampled_from(list(decided(versions))))
    place, index, one = data.draw(st.sampled_from(list(drawn(decision))))
    other = st.none() | st.decimals("0", "0.999999999999", places=12)
    draw = data.draw(other.filter(lambda number: number != one.draw))
    changed = altered(decision, place, index, draw=draw)
    assert redrawn(changed, asked, KEY, before).result is Result.FAILS


@settings(max_examples=60, deadline=None)
@given(amended, st.data())
def test_a_selection_against_its_draw_is_found(
    versions: list[dict[str, Any]], data: st.DataObject
) -> None:
    decision, asked, before = data.draw(st.sampled_from(list(decided(versions))))
    place, index, one = data.draw(st.sampled_from(list(drawn(decision))))
    changed = altered(decision, place, index, selected=not one.selected)
    assert redrawn(changed, asked, KEY, before).result is Result.FAILS


def test_a_draw_by_an_item_that_was_not_declared_is_found() -> None:
    ((decision, asked, _),) = decided([{"id": "D1", "goods": [{"commodityCode": "9503"}]}])
    (item,) = decision.items
    other = msgspec.structs.replace(decision, items=(msgspec.structs.replace(item, item=7),))
    assert "item 7, control:Physical by agency:Customs: the item is not declared" in (
        redrawn(other, asked, KEY).message
    )


def test_a_control_that_is_said_to_be_notified_and_was_not_is_found() -> None:
    ((decision, asked, _),) = decided([{"id": "D1", "goods": [{"commodityCode": "9503"}]}])
    changed = altered(decision, 0, 0, notified=True)
    assert "no decision before notified it" in redrawn(changed, asked, KEY).message


def test_what_fails_is_told_with_both_numbers() -> None:
    ((decision, asked, _),) = decided([{"id": "D1", "goods": [{"commodityCode": "9503"}]}])
    place, index, one = next(drawn(decision))
    changed = altered(decision, place, index, draw=None)
    words = f"item 1, {one.task} by agency:Customs: the draw is None, and the key gives {one.draw}"
    assert redrawn(changed, asked, KEY).message == words


def test_what_is_no_key_is_refused() -> None:
    ((decision, asked, _),) = decided([{"id": "D1", "goods": [{"commodityCode": "9503"}]}])
    with pytest.raises(ValueError, match="64 hexadecimal digits"):
        redrawn(decision, asked, "00")
