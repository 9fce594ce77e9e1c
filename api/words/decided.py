"""A decision as its page shows it: the verdict, what each agency does, why, what is left open.

Boundary: plain data, and what is said alike to all who read it; `officer` and `trader` fill it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from api.words.saying import counted, day
from api.words.spoken import spoken
from engine.decide.audience import TraderDeadline
from engine.decide.decision import Appeal, Deadline, Remark
from engine.declaration.declaration import Item
from engine.language.vocabulary import Basis, Vocabulary

CHANNELS = {
    "green": spoken("The goods can be released; nothing is to be checked."),
    "blue": spoken("The goods can be released; they are audited afterwards."),
    "yellow": spoken("Documents or answers come first; the goods need not be opened."),
    "red": spoken("The goods are examined, held or refused before any release."),
}
PENDING = spoken("An answer is awaited: the goods are not released before it is there.")


@dataclass(frozen=True)
class Verdict:
    """What was decided, in a line; *notes* are what must not be overlooked."""

    channel: str
    meaning: str
    status: str
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Clock:
    """When a hold is looked at again. *said* is how that was counted, *then* what happens."""

    ends: str
    said: str
    then: str


@dataclass(frozen=True)
class Duty:
    """One thing to do: *words* say it, *where* of which items, *until* what ends it."""

    words: str
    where: str
    until: str = ""
    clock: Clock | None = None


@dataclass(frozen=True)
class Tasks:
    """What one agency does."""

    agency: str
    lead: bool
    duties: tuple[Duty, ...]


@dataclass(frozen=True)
class Question:
    """What is asked for."""

    label: str
    where: str
    who: str
    due: str
    why: str
    otherwise: str


@dataclass(frozen=True)
class Named:
    """A rule by its id, and whether the reader may open its page."""

    id: str
    link: bool


@dataclass(frozen=True)
class Ground:
    """What one rule imposes, or an act, and all that it rests on."""

    acts: str
    agency: str
    facts: tuple[str, ...]
    rule: Named | None
    title: str
    because: str | None
    bases: tuple[Basis, ...]
    remedy: str | None
    reason: str | None
    appeal: Appeal
    overdue: bool = False
    clock: Clock | None = None
    idle: bool = False


@dataclass(frozen=True)
class Seen:
    """A rule with what each of its tests saw: the words, the value, what was met."""

    title: str
    rule: Named | None
    tests: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Left:
    """A rule that is left open, or exempted: what it would have brought, and why it does not."""

    title: str
    rule: Named | None
    would: str
    why: str


@dataclass(frozen=True)
class ItemView:
    """One goods item. *idle* are the controls that were not drawn or were lifted."""

    number: int
    goods: str
    channel: str | None
    status: str
    level: str | None
    risks: tuple[str, ...] = ()
    grounds: tuple[Ground, ...] = ()
    idle: tuple[Ground, ...] = ()
    open: tuple[Left, ...] = ()
    exempted: tuple[Left, ...] = ()
    applied: tuple[Seen, ...] = ()
    near: tuple[Seen, ...] = ()
    others: int = 0


@dataclass(frozen=True)
class Done:
    """An officer's act."""

    words: str
    agency: str
    authority: str
    on: str
    where: str
    note: str
    reason: str
    power: Basis | None
    notice: str | None
    effective: bool


@dataclass(frozen=True)
class View:
    """All of a decision that its page shows; *officer* says for whom.

    *tasks* are for an officer; *remedies*, of what holds the goods, for a trader.
    """

    officer: bool
    verdict: Verdict
    joint: bool
    tasks: tuple[Tasks, ...]
    questions: tuple[Question, ...]
    items: tuple[ItemView, ...]
    remarks: tuple[Remark, ...]
    acts: tuple[Done, ...] = ()
    made: tuple[tuple[str, str], ...] = ()
    clock: Clock | None = None
    remedies: tuple[Duty, ...] = ()


def goods_of(item: Item, vocabulary: Vocabulary) -> str:
    """What an item is, as it was declared: words, code, origin."""
    code = item.commodity_code or ""
    grouped = " ".join(filter(None, (code[:4], code[4:6], code[6:8], code[8:])))
    origin = item.origin and vocabulary.countries.get(item.origin, item.origin)
    parts = [item.description or "", grouped and f"code {grouped}", origin and f"from {origin}"]
    return ", ".join(part for part in parts if part)


def clock_of(deadline: Deadline | TraderDeadline | None) -> Clock | None:
    """When a hold with such a deadline is looked at again."""
    if deadline is None:
        return None
    ends, said = f"ends with {day(deadline.end)}", f"by {deadline.calendar}"
    if isinstance(deadline, Deadline):
        if deadline.state == "stopped":
            ends = "stopped: the hold was maintained"
        elif deadline.state == "expired":
            ends = f"ended with {day(deadline.end)}"
        days = counted(deadline.working_days, "working day")
        said = f"{days} from {day(deadline.start)}, {said}"
        if deadline.assumed:
            said += "; counted from the decision, as no other day of suspension is on record"
        if not deadline.complete:
            said += "; the calendar does not cover all of that time: the end may be later"
    return Clock(ends=ends, said=said, then=deadline.expiry)


def due_by(due: date | None) -> str:
    """Until when an answer is awaited."""
    return "" if due is None else f"by {day(due)}"


def sentence(text: str) -> str:
    """*text* with a capital letter and a full stop."""
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith(('.', '?', '!')) else '.'}"
