"""What goes over the wire to an isolated engine comes out as it went in."""

from __future__ import annotations

import socket
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.decide.wire import MAX_FRAME, Channel, FrameError, Knowledge, asked, item
from engine.declaration.facts import DocumentStatus, Facts, Money, Rate, Stage
from engine.language.base import RuleBase
from tests.decide_sample import ANY_GOODS, control, facts, mandate, program, task

BASE = program(mandate("law", ANY_GOODS, control(task("Documentary"))))

names = st.text(max_size=8)
numbers = st.decimals(allow_nan=True) | st.decimals(allow_nan=False).map(
    lambda number: number.normalize()
)
statuses = st.frozensets(st.sampled_from(DocumentStatus))
values = (
    st.booleans()
    | numbers
    | names
    | st.sampled_from(["true", "1", "2026-11-23", "NaN", "", "\x00", "\U0010ffff"])
    | st.dates()
    | st.builds(Money, numbers, names)
    | st.frozensets(names)
)
any_facts = st.builds(
    Facts,
    values=st.dictionaries(names, values, max_size=12),
    documents=st.dictionaries(names, statuses, max_size=3),
    settled=st.frozensets(names, max_size=3),
    days=st.dictionaries(names, st.dates(), max_size=4),
    undeclared=st.frozensets(names, max_size=3),
    rates=st.lists(
        st.builds(Rate, source=names, target=names, rate=numbers, on=st.dates()), max_size=2
    ).map(tuple),
)


def exact(value: object) -> object:
    """Types and digits included: `1`, `1.0` and `True` are equal, and are not the same."""
    match value:
        case Decimal():
            return Decimal, str(value)
        case msgspec.Struct():
            return type(value), [exact(each) for each in msgspec.structs.astuple(value)]
        case dict():
            return {key: exact(each) for key, each in value.items()}
        case tuple():
            return [exact(each) for each in value]
        case _:
            return type(value), value


@given(any_facts, st.integers(0, 2**40))
def test_facts_come_over_as_they_were(sent: Facts, sequence: int) -> None:
    number, received = item(asked(sequence, sent))
    assert number == sequence
    assert exact(received) == exact(sent)


def test_a_value_of_an_enumeration_comes_over_as_its_text() -> None:
    (value,) = item(asked(1, facts(stage=Stage.ARRIVAL)))[1].values.values()
    assert value == Stage.ARRIVAL


def test_the_rules_come_over_as_they_were() -> None:
    base = RuleBase(
        rules=tuple(one.rule for one in BASE.rules),
        parameters=BASE.parameters,
        matrices=BASE.matrices,
    )
    sent = Knowledge(base, BASE.vocabulary)
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(sent), type=Knowledge) == sent


@given(st.lists(st.binary(max_size=300), max_size=5))
def test_frames_come_out_as_they_went_in(bodies: list[bytes]) -> None:
    left, right = socket.socketpair()
    with left, right:
        sender, receiver = Channel(left), Channel(right)
        for body in bodies:
            sender.send(body)
        assert [receiver.receive() for _ in bodies] == bodies
        left.close()
        with pytest.raises(EOFError):
            receiver.receive()


def test_a_frame_beyond_the_bound_is_not_sent() -> None:
    left, right = socket.socketpair()
    with left, right, pytest.raises(FrameError):
        Channel(left).send(bytes(MAX_FRAME + 1))
