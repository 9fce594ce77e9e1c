"""The shape of a decision: what customs systems receive, officers read and replays compare.

Boundary: plain data. `combining` fills it, `explanation` says it in words, `audience` trims it.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from engine.language.vocabulary import Basis


class Channel(StrEnum):
    """The lane of the goods, from lightest to gravest."""

    GREEN = "green"  # release
    BLUE = "blue"  # release, with post-clearance audit
    YELLOW = "yellow"  # documents, an open request, or a hold that only a document lifts
    RED = "red"  # identity check and above, any other hold, refusal

    @property
    def rank(self) -> int:
        """The place in the order."""
        return list(Channel).index(self)


class Shape(Struct, frozen=True, kw_only=True, rename="camel"):
    """Keys are written in camel case."""


class Appeal(Shape, frozen=True, kw_only=True):
    """Where and until when an act can be appealed; *status* as for a legal basis."""

    body: str
    days: int
    status: str


class Reasons(Shape, frozen=True, kw_only=True):
    """What stands behind a control or status."""

    rule: str
    title: str
    because: str
    basis: tuple[Basis, ...]
    reason_class: str | None
    remedy: str | None
    appeal: Appeal
    overdue: bool = False


class Control(Shape, frozen=True, kw_only=True):
    """One task of one agency, drawn or not.

    *draw* is the shared number of its unit; selected iff ``draw < rate``. Where another system
    draws (*generator* external), both are None. *selected_by*: criteria, random, mandate, scheme
    or manual. *notified*: carried over from the decision that this one supersedes.
    *proportion*: ``within`` the ladder, ``reported`` (a mandate or scheme above it) or ``flagged``.
    *lifted*: the officer's act that waived or replaced it.
    """

    task: str
    agency: str
    mandate: bool
    rate: Decimal
    unit: str
    kind: str
    generator: str
    draw: Decimal | None
    selected: bool | None
    selected_by: str
    proportion: str
    reasons: Reasons
    notified: bool = False
    lifted: str | None = None


class Deadline(Shape, frozen=True, kw_only=True):
    """When the clock of a hold runs out; that alone never releases the goods.

    *start* is the day of the event, not counted; *assumed* where it is the day of the decision,
    as no other is on record. *end* is the last day, *ends_at* the end of its last hour. *complete*
    is false where the calendar does not speak of every day: the end may then be later, never
    earlier. *state*: ``running``, ``expired``, or ``stopped`` for good by a request to maintain.
    *expiry* says what happens then; *task* is the same once it is due.
    """

    start: date
    assumed: bool
    working_days: int
    end: date
    ends_at: datetime
    calendar: str
    complete: bool
    basis: tuple[Basis, ...]
    state: str
    expiry: str
    task: str | None


class HeldStatus(Shape, frozen=True, kw_only=True):
    """A status that law, or an authority's act, gives the goods.

    *lifted_by* names the documents that alone lift it; *lifted* is the act that did.
    """

    status: str
    agency: str
    reasons: Reasons
    lifted_by: tuple[str, ...] = ()
    lifted: str | None = None
    deadline: Deadline | None = None


class RecordedAct(Shape, frozen=True, kw_only=True):
    """An officer's act. *concerns* is the rule, fact or task that it is about; *effective* is false
    where it found nothing to change. Only such an act carries a *notice*.
    """

    id: str
    act: str
    agency: str
    authority: str
    on: date
    item: int | None
    reason: str
    note: str
    concerns: str | None
    power: Basis | None
    notice: str | None
    effective: bool


class Risk(Shape, frozen=True, kw_only=True):
    """One danger with one likelihood of its hazard; *certain* unless something is unknown."""

    hazard: str
    danger: str
    likelihood: str
    level: str
    agency: str
    rules: tuple[str, ...]
    certain: bool


class Imposition(Shape, frozen=True, kw_only=True):
    """What a rule would impose, in short."""

    tasks: tuple[str, ...] = ()
    status: str | None = None


class Exempted(Shape, frozen=True, kw_only=True):
    """A rule whose conditions hold but whose exemption holds too."""

    rule: str
    agency: str
    by: str
    would_impose: Imposition


class Undetermined(Shape, frozen=True, kw_only=True):
    """A rule that imposes nothing yet, as facts are missing."""

    rule: str
    title: str
    agency: str
    missing: tuple[str, ...]
    would_impose: Imposition
    on_unknown: str


class SeenTest(Shape, frozen=True, kw_only=True):
    """One test in words, its value, and what it saw."""

    test: str
    value: str
    saw: str
    exempts: bool = False


class Weighed(Shape, frozen=True, kw_only=True):
    """A rule with the value each of its tests saw."""

    rule: str
    title: str
    verdict: str
    tests: tuple[SeenTest, ...]


class ItemDecision(Shape, frozen=True, kw_only=True):
    """The decision on one goods item.

    *risk_level* is certain; *possible_risk_level* is higher where something is unknown.
    *near_misses* are one false test away; *others* counts the rules not listed anywhere.
    """

    item: int
    channel: Channel
    status: str
    risk_level: str
    possible_risk_level: str
    pending: bool
    technical_review: bool
    risks: tuple[Risk, ...]
    lone_likelihoods: tuple[str, ...]
    controls: tuple[Control, ...]
    statuses: tuple[HeldStatus, ...]
    exempted: tuple[Exempted, ...]
    undetermined: tuple[Undetermined, ...]
    applied: tuple[Weighed, ...]
    near_misses: tuple[Weighed, ...]
    others: int


class Request(Shape, frozen=True, kw_only=True):
    """One fact that could change the outcome, asked once for all agencies.

    *due_by* counts working days by *calendar*, or plain days where that is None. *complete* is
    false where the calendar does not speak of every day: the day may then be later, never earlier.
    """

    fact: str
    label: str
    items: tuple[int, ...]
    asked_by: tuple[str, ...]
    answered_by: str
    reason: str
    due_by: date | None
    calendar: str | None
    complete: bool
    otherwise: str


class AgencyTasks(Shape, frozen=True, kw_only=True):
    """What one agency does within an order."""

    agency: str
    tasks: tuple[str, ...]


class Order(Shape, frozen=True, kw_only=True):
    """One intervention: joint where two or more agencies take part, at one time and place.

    *deadline* is the first of those that run for its items.
    """

    joint: bool
    lead: str
    agencies: tuple[AgencyTasks, ...]
    items: tuple[int, ...]
    deadline: Deadline | None = None


class ReleaseRef(Shape, frozen=True, kw_only=True):
    """The release that decided."""

    id: str
    digest: str


class Remark(Shape, frozen=True, kw_only=True, omit_defaults=True):
    """Something in the declaration that was not understood, and what was done.

    *pointer* leads into JSON (RFC 6901), or is the path of an XML element on that *line*.
    """

    pointer: str
    code: str
    message: str
    line: int | None = None

    @property
    def place(self) -> str:
        """The pointer, with the line if there is one."""
        return f"{self.pointer} (line {self.line})" if self.line else self.pointer


class Decision(Shape, frozen=True, kw_only=True):
    """The decision on one version of one declaration (design §8).

    *agreement* is None where only one engine could answer; *notices* say why. A *what_if* is
    drawn with a public key and binds nobody.
    """

    id: str
    declaration: str
    version: int
    supersedes: str | None
    on: date
    stage: str
    what_if: bool
    release: ReleaseRef
    engines: tuple[str, ...]
    agreement: bool | None
    degraded: bool
    notices: tuple[str, ...]
    pending: bool
    channel: Channel
    status: str
    order: Order | None
    items: tuple[ItemDecision, ...]
    requests: tuple[Request, ...]
    remarks: tuple[Remark, ...]
    acts: tuple[RecordedAct, ...] = ()
