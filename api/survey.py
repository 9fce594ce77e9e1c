"""What became of many declarations at once: one row a file, and totals.

Boundary: reads, decides and counts. Nothing binds: the draw's key is that of a what-if.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from msgspec import Struct

from api import inputs
from api.messages import Sent, sent
from engine.decide.deciding import Decider
from engine.decide.decision import Decision
from engine.decide.draw import WHAT_IF, DrawKeys
from engine.declaration.problems import MalformedError
from engine.declaration.strict_json import MAX_BODY
from engine.declaration.wco import Kind, Message
from engine.release import Progress

MAX_SHOWN = 110
MAX_NAMES = 2


class Row(Struct, frozen=True, kw_only=True, rename="camel"):
    """What became of one file: a decision, or the *refusal*."""

    file: str
    kind: str
    items: int = 0
    channel: str | None = None
    status: str | None = None
    pending: bool = False
    selected: tuple[str, ...] = ()
    requests: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    refusal: str | None = None


class Survey(Struct, frozen=True, kw_only=True, rename="camel"):
    """All rows, and how many files were of each kind, channel, status and refusal.

    *rules* counts the decisions in which a rule applied, *requests* those that ask for a fact,
    *remarks* all remarks by code.
    """

    rows: tuple[Row, ...]
    decided: int
    pending: int
    kinds: dict[str, int]
    channels: dict[str, int]
    statuses: dict[str, int]
    refusals: dict[str, int]
    rules: dict[str, int]
    requests: dict[str, int]
    remarks: dict[str, int]


def survey(folders: Sequence[Path], decider: Decider, on: date, progress: Progress) -> Survey:
    """Decide on every file of the *folders* whose name ends as a declaration's may.

    A file is refused by itself and stops no other. Raises `MalformedError`: there is no file.
    """
    files = inputs.declarations_in(folders)
    rows = []
    for index, file in enumerate(files):
        rows.append(_row(file, decider, on))
        progress("survey", index + 1, len(files))
    return Survey(
        rows=tuple(rows),
        decided=sum(row.channel is not None for row in rows),
        pending=sum(row.pending for row in rows),
        kinds=_counted(row.kind for row in rows),
        channels=_counted(row.channel for row in rows),
        statuses=_counted(row.status for row in rows),
        refusals=_counted(row.refusal for row in rows),
        rules=_counted(rule for row in rows for rule in row.rules),
        requests=_counted(fact for row in rows for fact in row.requests),
        remarks=_counted(code for row in rows for code in row.remarks),
    )


def as_text(found: Survey) -> str:
    """The survey as a table, totals last."""
    head = ("file", "kind", "items", "channel", "status", "asks", "why")
    lines = [head, *(_cells(row) for row in found.rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head) - 1)]
    table = [
        "  ".join(
            [*(cell.ljust(width) for cell, width in zip(line, widths, strict=False)), line[-1]]
        )
        for line in lines
    ]
    return "\n".join([*(line.rstrip() for line in table), "", *_totals(found)])


def _row(file: Path, decider: Decider, on: date) -> Row:
    kind = "unreadable"
    try:
        with file.open("rb") as stream:
            one = sent(stream.read(MAX_BODY + 1))
        kind = Kind.DECLARATION.value if isinstance(one, Sent) else one.kind.value
        if isinstance(one, Message):
            one.refuse()
        with one.naming():
            decision = decider.decide(one.request, on=on, keys=DrawKeys(WHAT_IF), what_if=True)
    except OSError as error:
        return Row(file=str(file), kind=kind, refusal=error.strerror or str(error))
    except MalformedError as error:
        first = error.problems[0]
        # What refuses every message of its kind is counted together, wherever it stands.
        place = f"{first.pointer or '(body)'}: " if kind in ("unreadable", "declaration") else ""
        return Row(file=str(file), kind=kind, refusal=f"{place}{first.message}")
    return _decided(str(file), kind, one.told(decision))


def _decided(file: str, kind: str, decision: Decision) -> Row:
    return Row(
        file=file,
        kind=kind,
        items=len(decision.items),
        channel=decision.channel.value,
        status=decision.status,
        pending=decision.pending,
        selected=_unique(
            control.task for item in decision.items for control in item.controls if control.selected
        ),
        requests=tuple(request.fact for request in decision.requests),
        rules=_unique(one.rule for item in decision.items for one in item.applied),
        remarks=tuple(remark.code for remark in decision.remarks),
    )


def _unique(names: Iterator[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def _counted(names: Iterator[str | None]) -> dict[str, int]:
    return dict(Counter(name for name in names if name is not None).most_common())


def _cells(row: Row) -> tuple[str, ...]:
    why = row.refusal or ", ".join(row.selected or row.rules)
    return (
        row.file,
        row.kind,
        str(row.items or "-"),
        row.channel or "-",
        (row.status or "-").rpartition(":")[2].lower(),
        _few(row.requests),
        why if len(why) <= MAX_SHOWN else why[: MAX_SHOWN - 1] + "…",
    )


def _few(names: tuple[str, ...]) -> str:
    more = f" +{len(names) - MAX_NAMES}" if len(names) > MAX_NAMES else ""
    return (", ".join(names[:MAX_NAMES]) + more) or "-"


def _totals(found: Survey) -> Iterator[str]:
    yield f"{len(found.rows)} files, {found.decided} decided, {found.pending} of them pending"
    for name, counts in (
        ("kinds", found.kinds),
        ("channels", found.channels),
        ("statuses", found.statuses),
        ("not decided", found.refusals),
        ("rules that applied", found.rules),
        ("asked for", found.requests),
        ("remarks", found.remarks),
    ):
        if counts:
            yield f"{name}:"
            yield from (f"  {count:>5}  {what}" for what, count in counts.items())
