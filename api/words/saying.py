"""Numbers, days and shares as people read them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from engine.language.sentences import listed, percent

_ONE_IN = {
    Decimal("0.5"): "two",
    Decimal("0.25"): "four",
    Decimal("0.2"): "five",
    Decimal("0.1"): "ten",
    Decimal("0.05"): "twenty",
    Decimal("0.02"): "fifty",
    Decimal("0.01"): "a hundred",
    Decimal("0.001"): "a thousand",
}
_PLACES = Decimal("0.0001")


def day(value: date) -> str:
    """``23 November 2026``."""
    return f"{value.day} {value:%B %Y}"


def share(rate: Decimal, unit: str) -> str:
    """How many are drawn: ``every consignment``, ``one consignment in two (50 %)``."""
    if rate >= 1:
        return f"every {unit}"
    if rate <= 0:
        return f"no {unit}"
    if rate in _ONE_IN:
        return f"one {unit} in {_ONE_IN[rate]} ({percent(rate)})"
    return f"{percent(rate)} of {unit}s"


def drawn(draw: Decimal, rate: Decimal, selected: bool) -> str:
    """What a draw came to. Shortened only where that does not put it on the other side."""
    short = draw.quantize(_PLACES)
    shown = short if (short < rate) is selected else draw
    side = "under" if selected else "not under"
    return f"the draw gave {percent(shown)}, {side} {percent(rate)}"


def items(numbers: Iterable[int]) -> str:
    """``item 1``, ``items 1, 2 and 4``; runs as ``items 1 to 5``."""
    found = sorted(set(numbers))
    runs: list[list[int]] = []
    for one in found:
        if runs and one == runs[-1][-1] + 1:
            runs[-1].append(one)
        else:
            runs.append([one])
    words = [
        word
        for run in runs
        for word in ([f"{run[0]} to {run[-1]}"] if len(run) > 2 else [str(one) for one in run])
    ]
    return f"{'item' if len(found) == 1 else 'items'} {listed(words, 'and')}"


def spoken(name: str) -> str:
    """A JSON name as words: ``netMassKg`` is ``net mass kg``."""
    return "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name).strip()


def counted(count: int, one: str, many: str | None = None) -> str:
    """``1 rule``, ``12 rules``."""
    return f"{count} {one if count == 1 else many or one + 's'}"
