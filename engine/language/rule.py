"""A rule: conditions, one consequence, its law, and the reasons it must be able to give."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from engine.language.condition import Condition, Leaf, leaves
from engine.language.period import Period
from engine.language.vocabulary import Basis

Day = date
"""A day, by a name that the field `date` of a rule does not hide."""

PUBLIC = "public"
"""The disclosure of a rule that anybody may read."""


RANDOM, SCHEME = "random", "scheme"
"""How a control selects where it does not follow the risk: a share of everything, or as an agency's
control programme or sampling plan says, at the frequency and for the time that it sets."""


class Phase(StrEnum):
    """When a rule runs. Each phase is closed before the next starts."""

    CLASSIFY = "classify"
    RECORD = "record"
    ASSESS = "assess"
    CONTROL = "control"


class Concludes(Struct, frozen=True, tag="concludes"):
    """The rule makes *fact* have *value* (or, for a set, contain it)."""

    fact: str
    value: str | bool


class Danger(Struct, frozen=True, kw_only=True, tag="danger", omit_defaults=True):
    """How dangerous the product is when non-compliant.

    Consumer products: *severity* 1 to 4 and the probability of *harm* over the product's
    lifetime, joined by the matrix of Decision (EU) 2019/417. Other goods: a *level* directly.
    """

    hazard: str
    population: str
    interest: str
    severity: int | None = None
    harm: Decimal | None = None
    level: str | None = None


class Likelihood(Struct, frozen=True, kw_only=True, tag="likelihood", omit_defaults=True):
    """How probable it is that *this consignment* is non-compliant, as a band."""

    hazard: str
    band: str
    evidence: str


class Task(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One control of one agency, at a rate per unit.

    *rate* is a share of units, over 0 up to 1. *generator* is ``external`` where another system
    draws, as IMSOC does under (EU) 2019/2129.
    """

    task: str
    rate: Decimal
    unit: str = "consignment"  # consignment | item | lot
    kind: str = "target"  # minimum | target
    generator: str = "ours"  # ours | external


class Control(Struct, frozen=True, tag="control"):
    """Controls that the rule's agency carries out."""

    tasks: tuple[Task, ...]


class GoodsStatus(Struct, frozen=True, tag="status"):
    """What law makes of the goods until its condition is met."""

    status: str


class Clock(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How long a hold stands before somebody must look at it again; expiry releases nothing.

    *working_days* are counted from the day in the fact *start*, itself not counted, by the calendar
    of the country in the fact *country*. *stopped_by* is a fact that ends the count for good.
    *expiry* says what is to be done when it runs out.
    """

    working_days: int
    start: str
    country: str
    basis: str
    expiry: str
    stopped_by: str | None = None


Consequence = Concludes | Danger | Likelihood | Control | GoodsStatus


class Alternative(Struct, frozen=True, kw_only=True):
    """A less restrictive measure that was weighed (TBT 2.2, SPS 5.6)."""

    task: str
    contribution: str  # lower | equal | higher
    available: bool
    why: str

    @property
    def would_do(self) -> bool:
        """Whether it is to be had and contributes as much, by the record."""
        return self.available and self.contribution != "lower"


class Proportionality(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Why a discretionary control is not more than is needed."""

    objective: str
    standard: str | None = None
    deviation: str | None = None
    alternatives: tuple[Alternative, ...] = ()


class Provisional(Struct, frozen=True, kw_only=True):
    """The four limbs of a provisional measure (SPS 5.7), all of them."""

    insufficient: str
    relies_on: str
    sought: str
    sought_by: str
    review: date


class Example(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A case that the rule must decide as its author says.

    *given* maps facts to plain values as an author writes them; documents as
    ``{certificate: status}``. *gives* is what a control rule then imposes, as rates by task. *row*
    picks a row of a table.
    """

    name: str
    given: dict[str, object]
    expect: str
    on: date | None = None
    row: str | None = None
    gives: dict[str, Decimal] | None = None


class Rule(Struct, frozen=True, kw_only=True, omit_defaults=True, dict=True):
    """One rule, or one row of a table. The id is the path of its file (``#row`` for a table).

    *grounds* is the basis of the consequence's own numbers: a severity, a band, a rate.
    *selection* is `RANDOM` or `SCHEME`, or None where law or the risk selects.
    """

    id: str
    title: str
    agency: str
    phase: Phase
    regime: str
    when: Condition
    then: Consequence
    because: str
    bases: dict[str, Basis]
    grounds: str | None = None
    unless: Condition | None = None
    mandate: bool = False
    disclosure: str = PUBLIC
    date: str = "acceptance"
    effective: Period = Period()
    review_by: Day | None = None
    replaces: str | None = None
    reason_class: str | None = None
    remedy: str | None = None
    on_unknown: str = "request"
    selection: str | None = None
    clock: Clock | None = None
    proportionality: Proportionality | None = None
    provisional: Provisional | None = None
    examples: tuple[Example, ...] = ()

    @property
    def public(self) -> bool:
        """Whether anybody may read the rule."""
        return self.disclosure == PUBLIC

    @property
    def table(self) -> str:
        """The id of the file that the rule stands in."""
        return self.id.partition("#")[0]

    @property
    def leaves(self) -> tuple[Leaf, ...]:
        """Every leaf of *when* and *unless*."""
        return (*leaves(self.when), *leaves(self.unless))

    @property
    def cited(self) -> tuple[str, ...]:
        """The names of the bases of its tests, of its consequence and of its clock, each once."""
        names = [leaf.basis for leaf in self.leaves]
        names += [self.grounds] if self.grounds else []
        names += [self.clock.basis] if self.clock else []
        return tuple(dict.fromkeys(names))


class DatedNumber(Struct, frozen=True, kw_only=True):
    """A number in force for a period, with the source that sets it."""

    period: Period
    number: Decimal
    basis: Basis


class Parameter(Struct, frozen=True, kw_only=True):
    """A named number that rules share and that law or policy changes over time."""

    id: str
    title: str
    unit: str
    values: tuple[DatedNumber, ...]

    def on(self, day: date) -> Decimal | None:
        """The value in force on *day*, if any."""
        return next((value.number for value in self.values if day in value.period), None)


class Matrices(Struct, frozen=True, kw_only=True):
    """The three harmonised tables.

    *severity*: rows of (probability of harm strictly above, level for severity 1 to 4), highest
    first. *targeting*: danger level, likelihood band → risk level. *ladder*: risk level → the
    most intense proportionate control and its rate.
    """

    severity: tuple[tuple[Decimal, tuple[str, ...]], ...]
    targeting: dict[str, dict[str, str]]
    ladder: dict[str, tuple[str, Decimal]]
    bases: dict[str, Basis]

    def danger_level(self, severity: int, harm: Decimal) -> str:
        """The level of a severity 1 to 4 and a probability of harm (Decision (EU) 2019/417)."""
        for above, by_severity in self.severity:
            if harm > above:
                return by_severity[severity - 1]
        return self.severity[-1][1][severity - 1]
