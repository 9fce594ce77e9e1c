"""Truth as the solver sees it, and Kleene's three values as a pair of truths.

A `Truth` is a plain bool where nothing is left to solve, so that what is foregone never reaches
the solver. Equal formulas are one object to z3: what two items share is solved once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple, TypeAlias

import z3

Truth: TypeAlias = bool | z3.BoolRef
"""Something that is so, is not so, or is for the solver to find."""


def every(parts: Iterable[Truth]) -> Truth:
    """All of the parts."""
    left: dict[int, z3.BoolRef] = {}
    for part in parts:
        if part is False:
            return False
        if part is not True:
            left.setdefault(part.get_id(), part)
    return _joined(z3.Z3_mk_and, list(left.values()), True)


def some(parts: Iterable[Truth]) -> Truth:
    """At least one of the parts."""
    left: dict[int, z3.BoolRef] = {}
    for part in parts:
        if part is True:
            return True
        if part is not False:
            left.setdefault(part.get_id(), part)
    return _joined(z3.Z3_mk_or, list(left.values()), False)


def _joined(join: Callable[..., z3.Ast], parts: list[z3.BoolRef], none: bool) -> Truth:
    if not parts:
        return none
    if len(parts) == 1:
        return parts[0]
    # Straight to the library: z3's own `And` looks at every part several times.
    context = parts[0].ctx
    array = (z3.Ast * len(parts))(*(part.as_ast() for part in parts))
    return z3.BoolRef(join(context.ref(), len(parts), array), context)


def no(part: Truth) -> Truth:
    """Not the part."""
    if isinstance(part, bool):
        return not part
    if z3.is_not(part):
        return part.arg(0)
    return z3.BoolRef(z3.Z3_mk_not(part.ctx.ref(), part.as_ast()), part.ctx)


def implies(left: Truth, right: Truth) -> Truth:
    """The right wherever the left."""
    return some((no(left), right))


def same(left: Truth, right: Truth) -> Truth:
    """Both or neither."""
    if isinstance(left, bool):
        return right if left else no(right)
    if isinstance(right, bool):
        return left if right else no(left)
    return True if left.eq(right) else left == right


def expression(truth: Truth) -> z3.BoolRef:
    """A truth as the solver takes it."""
    return z3.BoolVal(truth) if isinstance(truth, bool) else truth


class Kleene(NamedTuple):
    """Whether something is *true*, and whether it is *possible*: true or unknown."""

    true: Truth
    possible: Truth

    @property
    def false(self) -> Truth:
        """Whether it is certainly not so."""
        return no(self.possible)

    @property
    def unknown(self) -> Truth:
        """Whether it is left open."""
        return every((self.possible, no(self.true)))


YES, NO, OPEN = Kleene(True, True), Kleene(False, False), Kleene(False, True)


def holds(truth: Truth) -> Kleene:
    """What is either so or not."""
    return Kleene(truth, truth)


def least(parts: Iterable[Kleene]) -> Kleene:
    """The least of the parts: `all`."""
    found = list(parts)
    return Kleene(every(one.true for one in found), every(one.possible for one in found))


def greatest(parts: Iterable[Kleene]) -> Kleene:
    """The greatest of the parts: `any`."""
    found = list(parts)
    return Kleene(some(one.true for one in found), some(one.possible for one in found))


def opposite(one: Kleene) -> Kleene:
    """Kleene's negation."""
    return Kleene(no(one.possible), no(one.true))


def number(value: Decimal) -> z3.RatNumRef:
    """An exact number."""
    return z3.RealVal(format(value, "f"))


def among(variable: z3.BitVecRef, places: Iterable[int], count: int) -> Truth:
    """Whether *variable*, which is under *count*, is one of *places*: a union of stretches."""
    return some(_stretch(variable, low, high, count) for low, high in stretches(places))


def _stretch(variable: z3.BitVecRef, low: int, high: int, count: int) -> Truth:
    if low == high:
        equal: Truth = variable == low
        return equal
    above = True if low == 0 else z3.UGE(variable, low)
    below = True if high >= count - 1 else z3.ULE(variable, high)
    return every((above, below))


def stretches(places: Iterable[int]) -> list[tuple[int, int]]:
    """The runs of neighbouring numbers, each by its first and last."""
    found: list[tuple[int, int]] = []
    for place in sorted(set(places)):
        if found and found[-1][1] == place - 1:
            found[-1] = (found[-1][0], place)
        else:
            found.append((place, place))
    return found


def choice(name: str, words: Sequence[object]) -> z3.BitVecRef:
    """A variable that is the place of one of *words*."""
    return z3.BitVec(name, max(1, (len(words) - 1).bit_length()))
