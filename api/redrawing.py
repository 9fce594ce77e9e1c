"""What receipts and revealed keys show together: whether each draw is what the day's key gives.

A decision rests on all that was declared of its goods, so the receipt of an amended one is read
with those of the decisions before it. Boundary: receipts and draws that are verified already.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import msgspec

from api.service.history import DECISION
from api.service.version import Version, version_of
from engine.decide.decision import Decision
from engine.evidence import checkpoint
from engine.evidence.check import Check, Result
from engine.evidence.draws import CHECK, Draw, redrawn
from engine.evidence.receipt import Receipt

_NEEDED = ("context", "decision", "told", "declaration")
"""The parts that a draw is made again from; officers' acts declare nothing."""


def draw_checks(receipts: Sequence[Receipt], draws: Sequence[Draw]) -> list[Check | None]:
    """What can be said of the draws of each receipt; None where it is not of a decision."""
    by_day = {draw.day: draw for draw in draws}
    versions: dict[str, Version] = {}
    checks: dict[int, Check] = {}
    for place, found in sorted(enumerate(receipts), key=lambda pair: pair[1].index):
        if found.record.kind == DECISION:
            checks[place] = _check(found, versions, by_day)
    return [checks.get(place) for place in range(len(receipts))]


def _check(found: Receipt, versions: dict[str, Version], draws: Mapping[date, Draw]) -> Check:
    """The check of one receipt; what it says goes to *versions*, for those that supersede it."""
    parts = {name: part.body for name, part in found.parts.items() if part is not None}
    for name in _NEEDED:
        if name in found.record.parts and name not in parts:
            gone = name in found.parts
            words = "its digest is left" if gone else "it is not shown by this receipt"
            result = Result.ERASED if gone else Result.WITHHELD
            return Check(CHECK, result, f"they cannot be made again without the {name}: {words}")
    try:
        decision = msgspec.json.decode(parts["decision"], type=Decision)
        before = versions.get(decision.supersedes or "")
        if decision.supersedes and before is None:
            return _unchecked(f"give the receipt of `{decision.supersedes}`, before it, too")
        version = version_of(parts, before)
    except (KeyError, ValueError):
        return _unchecked("the receipt is not written as this version writes decisions")
    versions[found.record.id] = version
    day = version.first_seen
    draw = draws.get(day)
    if draw is None:
        return _unchecked(f"give the draw of {day}, as `GET /v1/draws/{day}` answers it, too")
    if draw.key is None:
        return _unchecked(f"the key of {day} is not revealed yet")
    if _origin(draw.receipt) != _origin(found) or draw.receipt.index > found.index:
        return Check(CHECK, Result.FAILS, f"the key of {day} was not committed to before it")
    return redrawn(decision, version.request, draw.key, before.decision if before else None)


def _origin(found: Receipt) -> str:
    return checkpoint.read(found.checkpoint).origin


def _unchecked(message: str) -> Check:
    return Check(CHECK, Result.UNCHECKED, message)
