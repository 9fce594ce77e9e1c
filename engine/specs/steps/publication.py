"""When and then: what is published of rules, and how long before they apply."""

from __future__ import annotations

from datetime import date

from dateutil.relativedelta import relativedelta

from engine.language.diagnostics import Diagnostic, Severity
from engine.language.rule import GoodsStatus, Rule
from engine.specs.phrase import Phrases
from engine.specs.world import UnclearError, World, expect, listed

PHRASES = Phrases("publication")

MOST_MONTHS = 120
MONTHS = 6
"""The interval that is usual between publication and entry into force (WTO, Doha decision on
implementation, 2001, paragraph 5.2; to be confirmed)."""


@PHRASES.when("the rule is published on {day:Day}")
def published(world: World, day: date) -> None:
    """What a reader of the published rules would find wanting about the rule."""
    world.published = day
    world.diagnostics += unpublished(world.named, day)


@PHRASES.then("every rule that holds or refuses goods may be read by anybody")
def all_public(world: World) -> None:
    """No hold rests on a rule that is closed to those whom it binds."""
    held = [one for one in world.release.base.rules if isinstance(one.then, GoodsStatus)]
    expect(held, "no rule holds or refuses goods")
    closed = [one.title for one in held if not one.public]
    expect(not closed, f"closed are {listed(closed)}")


@PHRASES.then("traders have {months:Count} months or more to adapt")
def interval(world: World, months: int) -> None:
    """So long lies between the day of publication and the rule's first day."""
    start, day = world.named.effective.start, world.published
    if start is None or day is None:
        raise UnclearError("say first when the rule is published and when it enters into force")
    if months > MOST_MONTHS:
        raise UnclearError(f"nobody waits for more than {MOST_MONTHS} months")
    expect(start >= day + relativedelta(months=months), f"it applies from {start}")


def unpublished(rule: Rule, day: date) -> list[Diagnostic]:
    """What is wanting about the publication of *rule* on *day*: readers, and time to adapt.

    A rule that has entered into force before was published elsewhere; nothing is known of that.
    """
    found = []
    if isinstance(rule.then, GoodsStatus) and not rule.public:
        found.append(
            _warning(
                rule,
                "closed-hold",
                "it holds or refuses goods, and those whom it binds may not read it",
                'set `disclosure = "public"`',
            )
        )
    start = rule.effective.start
    if start is not None and day < start < day + relativedelta(months=MONTHS):
        found.append(
            _warning(
                rule,
                "short-notice",
                f"traders have less than {MONTHS} months to adapt: it applies from {start}",
                "let it apply later, or say in `because` what is urgent",
            )
        )
    return found


def _warning(rule: Rule, code: str, message: str, mend: str) -> Diagnostic:
    return Diagnostic(
        code=code,
        message=message,
        file=f"rules/{rule.table}.toml",
        help=mend,
        severity=Severity.WARNING,
    )
