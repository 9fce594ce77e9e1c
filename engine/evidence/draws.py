"""The draw of a day, for anyone to make again: its key was committed to before it drew.

The commitment is an entry of the log; the key is revealed once nothing new is drawn by it.
Boundary: pure; what a decision rested on is given.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from engine.decide.decision import Control, Decision
from engine.decide.draw import consignment_unit, matches, u_of, unit_key
from engine.declaration.declaration import Item, Request
from engine.declaration.versions import merged
from engine.evidence import receipt
from engine.evidence.canonical import canonical, decoded
from engine.evidence.check import Check, Result, judged
from engine.evidence.receipt import Receipt
from engine.evidence.signing import Verifier

COMMITMENT, KEY = "draw-commitment", "draw-key"
"""The kinds of the two entries about a day; the part that each has is its last word."""
CHECK = "draws"
_SHOWN = 3


class Draw(Struct, frozen=True, kw_only=True):
    """What is known of the draw of a *day*.

    *commitment* is ``sha256:`` and the digest of its *key*, which is 64 hexadecimal digits and
    None until it is revealed. *receipt* proves that the log holds the commitment.
    """

    day: date
    commitment: str
    key: str | None
    receipt: Receipt


class DrawError(ValueError):
    """What was sent is no draw; the message says why."""


def commitment_id(day: date) -> str:
    """The id of the entry that commits to the key of a day."""
    return f"{COMMITMENT}:{day.isoformat()}"


def key_id(day: date) -> str:
    """The id of the entry that reveals it."""
    return f"{KEY}:{day.isoformat()}"


def read(body: bytes) -> Draw:
    """The draw in *body*, unverified. Raises `DrawError` where there is none."""
    try:
        return decoded(body, Draw)
    except ValueError as error:
        raise DrawError(f"no draw: {error}") from None


def verified(draw: Draw, verifier: Verifier) -> list[Check]:
    """Every check of *draw*: what the log holds of it, and that the key is the one committed to.

    Raises `ReceiptError` where its receipt is none.
    """
    part = draw.receipt.parts.get("commitment")
    return [
        *receipt.verified(canonical(draw.receipt), verifier),
        judged(
            "commitment",
            draw.receipt.record.id == commitment_id(draw.day)
            and part is not None
            and part.body == draw.commitment.encode(),
            f"the log committed to the key of {draw.day} by {draw.commitment}",
            f"what the log holds there is no commitment to the key of {draw.day} by that digest",
        ),
        _key(draw),
    ]


def _key(draw: Draw) -> Check:
    if draw.key is None:
        return Check("key", Result.UNCHECKED, "it is not revealed yet")
    try:
        holds = matches(draw.commitment, draw.key)
    except ValueError as error:
        return Check("key", Result.FAILS, str(error))
    return judged(
        "key", holds, "it is the one that was committed to", "it is not the one committed to"
    )


def redrawn(
    decision: Decision, request: Request, key: str, before: Decision | None = None
) -> Check:
    """Whether *key* gives every draw of *decision*, which was taken on *request*.

    *before* is the decision that it supersedes: what was notified then stands, as it was drawn
    then. Raises `ValueError` where *key* is not 64 hexadecimal digits.
    """
    consignment = consignment_unit(request.first)
    goods = {item.item: item for item in merged(request.declaration, request.earlier).goods}
    carried = {item.item: item.controls for item in before.items} if before else {}
    faults = [
        f"item {item.item}, {control.task} by {control.agency}: {fault}"
        for item in decision.items
        for control in item.controls
        for fault in _faults(
            control, key, consignment, goods.get(item.item), carried.get(item.item, ())
        )
    ]
    count = sum(
        control.draw is not None and not control.notified
        for item in decision.items
        for control in item.controls
    )
    more = [f"and {len(faults) - _SHOWN} more"] if len(faults) > _SHOWN else []
    return judged(
        CHECK,
        not faults,
        f"the key gives each of its {count} draws" if count else "nothing was drawn anew",
        "; ".join([*faults[:_SHOWN], *more]),
    )


def _faults(
    control: Control, key: str, consignment: str, item: Item | None, before: Sequence[Control]
) -> Iterator[str]:
    if control.notified:
        if not any(_carries(one, control) for one in before):
            yield "no decision before notified it"
    elif control.generator != "ours" or control.selected_by == "manual":
        if control.draw is not None:
            yield "it is drawn, and was not to be"
    elif item is None:
        yield "the item is not declared"
    else:
        number = u_of(key, unit_key(consignment, control.unit, item))
        if control.draw != number:
            yield f"the draw is {control.draw}, and the key gives {number}"
        if control.selected is not (number < control.rate):
            yield f"at a rate of {control.rate} it is not selected as the key says"


def _carries(before: Control, now: Control) -> bool:
    """Whether what was notified *before* is what stands *now*, lifted since or not."""
    notified = before.selected and before.lifted is None
    return bool(notified) and replace(before, notified=True) == replace(now, lifted=None)
