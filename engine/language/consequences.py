"""Reading what a rule does: its one consequence, by kind."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from engine.language.diagnostics import did_you_mean
from engine.language.layout import Steps
from engine.language.reader import Reader
from engine.language.rule import (
    Clock,
    Concludes,
    Consequence,
    Control,
    Danger,
    GoodsStatus,
    Likelihood,
    Phase,
    Task,
)
from engine.language.vocabulary import FactType, Source, Vocabulary

_CONSEQUENCES = ("concludes", "danger", "likelihood", "control", "status")
_PHASES = {
    "concludes": (Phase.CLASSIFY, Phase.RECORD),
    "danger": (Phase.ASSESS,),
    "likelihood": (Phase.ASSESS,),
    "control": (Phase.CONTROL,),
    "status": (Phase.CONTROL,),
}


def read_consequence(
    reader: Reader, then: dict[str, Any], phase: Phase | None
) -> Consequence | None:
    """The one consequence in *then*, which must belong to *phase* where that is known."""
    path: Steps = ("then",)
    others = ("basis", "because", "reason_class", "remedy", "on_unknown", "deadline")
    reader.close(then, (*_CONSEQUENCES, *others), path)
    kinds = [key for key in _CONSEQUENCES if key in then]
    if len(kinds) != 1:
        reader.complain(
            "one-consequence",
            "a rule has exactly one kind of consequence",
            path,
            f"one of: {', '.join(_CONSEQUENCES)}",
        )
        return None
    kind = kinds[0]
    if phase is not None and phase not in _PHASES[kind]:
        reader.complain(
            "wrong-phase",
            f"`{kind}` belongs to phase `{_PHASES[kind][0]}`, not `{phase}`",
            (*path, kind),
            f'write `phase = "{_PHASES[kind][0]}"`',
        )
        return None
    return _READERS[kind](reader, then[kind], (*path, kind))


def read_clock(reader: Reader, then: dict[str, Any]) -> Clock | None:
    """The `deadline` in *then*: of statuses only, as nothing else waits."""
    if "deadline" not in then:
        return None
    path: Steps = ("then", "deadline")
    if "status" not in then:
        reader.complain(
            "misplaced-key", "`deadline` is of a `status` only", path, "remove it: no hold, no wait"
        )
        return None
    table = reader.typed(then["deadline"], path, dict)
    if table is None:
        return None
    keys = ("working_days", "from", "country", "stopped_by", "basis", "expiry")
    reader.close(table, keys, path)
    days = reader.take(table, "working_days", path, Decimal)
    if days is not None and not reader.check_days(
        days, (*path, "working_days"), table["working_days"]
    ):
        days = None
    start = _timed_by(reader, table, "from", path, FactType.DATE)
    country = _timed_by(reader, table, "country", path, FactType.COUNTRY)
    stopped = _timed_by(reader, table, "stopped_by", path, FactType.BOOLEAN, required=False)
    basis = reader.take(table, "basis", path, str)
    expiry = reader.take(table, "expiry", path, str)
    if days is None or start is None or country is None or basis is None or expiry is None:
        return None
    return Clock(
        working_days=int(days),
        start=start,
        country=country,
        stopped_by=stopped,
        basis=basis,
        expiry=expiry,
    )


def _timed_by(
    reader: Reader,
    table: dict[str, Any],
    key: str,
    path: Steps,
    kind: FactType,
    *,
    required: bool = True,
) -> str | None:
    """A fact of *kind* that an authority states: a trader starts and stops no clock."""
    name = reader.take(table, key, path, str, required=required)
    if name is None:
        return None
    facts = reader.vocabulary.facts
    fitting = [f.id for f in facts.values() if f.type is kind and f.source is Source.LOOKED_UP]
    if name in fitting:
        return name
    reader.complain(
        "wrong-fact",
        f"`{name}` is no {kind} that an authority looks up",
        (*path, key),
        did_you_mean(name, fitting) or f"one of: {', '.join(fitting)}",
    )
    return None


def _concludes(reader: Reader, value: object, path: Steps) -> Concludes | None:
    table = reader.typed(value, path, dict)
    if table is None:
        return None
    if len(table) != 1:
        reader.complain("one-conclusion", "a rule concludes exactly one fact", path)
        return None
    name, concluded = next(iter(table.items()))
    fact = reader.vocabulary.facts.get(name)
    if fact is None or name not in _concludable(reader.vocabulary):
        reader.complain(
            "not-concluded",
            f"`{name}` is not a fact that rules conclude",
            (*path, name),
            did_you_mean(name, _concludable(reader.vocabulary))
            or 'declare it in `ontology/facts.ttl` with source "concluded"',
        )
        return None
    if fact.type is FactType.BOOLEAN:
        flag = reader.typed(concluded, (*path, name), bool)
        return None if flag is None else Concludes(name, flag)
    term = reader.term(concluded, (*path, name), str(fact.range))
    return None if term is None else Concludes(name, str(term))


def _concludable(vocabulary: Vocabulary) -> list[str]:
    """The facts that rules may conclude; the risk level is joined from dangers and likelihoods."""
    return [
        fact.id
        for fact in vocabulary.facts.values()
        if fact.source is Source.CONCLUDED and fact.id != "item.riskLevel"
    ]


def _danger(reader: Reader, value: object, path: Steps) -> Danger | None:
    table = reader.typed(value, path, dict)
    if table is None:
        return None
    keys = ("hazard", "severity", "harm", "level", "population", "interest")
    reader.close(table, keys, path)
    hazard = reader.taken_term(table, "hazard", path, "hazard")
    population = reader.taken_term(table, "population", path, "population")
    interest = reader.taken_term(table, "interest", path, "interest")
    level = reader.taken_term(table, "level", path, "level", required=False)
    severity = reader.take(table, "severity", path, Decimal, required=False)
    harm = reader.take(table, "harm", path, Decimal, required=False)
    if ("level" in table) == ("severity" in table or "harm" in table):
        reader.complain(
            "danger-scale",
            "give either `severity` and `harm`, or a `level`",
            path,
            "severity and harm are for consumer products; other goods have their own scales",
        )
        return None
    if "level" not in table:
        if severity not in (1, 2, 3, 4):
            reader.complain(
                "wrong-severity",
                "`severity` is 1, 2, 3 or 4",
                (*path, "severity"),
                value=table.get("severity"),
            )
        if harm is None or not 0 < harm <= 1:
            reader.complain(
                "wrong-probability",
                "`harm` is a probability, over 0 up to 1",
                (*path, "harm"),
                value=table.get("harm"),
            )
    if hazard is None or population is None or interest is None:
        return None
    return Danger(
        hazard=hazard,
        population=population,
        interest=interest,
        severity=None if severity is None else int(severity),
        harm=harm,
        level=level,
    )


def _likelihood(reader: Reader, value: object, path: Steps) -> Likelihood | None:
    table = reader.typed(value, path, dict)
    if table is None:
        return None
    reader.close(table, ("hazard", "band", "evidence"), path)
    hazard = reader.taken_term(table, "hazard", path, "hazard")
    band = reader.taken_term(table, "band", path, "likelihood")
    evidence = reader.take(table, "evidence", path, str)
    if hazard is None or band is None or evidence is None:
        return None
    return Likelihood(hazard=hazard, band=band, evidence=evidence)


def _control(reader: Reader, value: object, path: Steps) -> Control | None:
    items = reader.typed(value, path, list)
    if items is None:
        return None
    tasks = [_task(reader, item, (*path, index)) for index, item in enumerate(items)]
    known = tuple(task for task in tasks if task is not None)
    names = [task.task for task in known]
    if len(set(names)) < len(names):
        reader.complain("twice", "a control stands here twice", path, "keep the higher rate")
    if not items:
        reader.complain("empty", "no control here", path)
    return Control(known) if known else None


def _task(reader: Reader, value: object, path: Steps) -> Task | None:
    table = reader.typed(value, path, dict)
    if table is None:
        return None
    reader.close(table, ("task", "rate", "unit", "kind", "generator"), path)
    task = reader.taken_term(table, "task", path, "control")
    rate = reader.take(table, "rate", path, Decimal)
    if rate is not None and not 0 < rate <= 1:
        reader.complain(
            "wrong-rate",
            "a rate is over 0 up to 1",
            (*path, "rate"),
            "write 20 % as 0.20",
            table["rate"],
        )
    unit = reader.choice(table, "unit", path, ("consignment", "item", "lot"), "consignment")
    kind = reader.choice(table, "kind", path, ("minimum", "target"), "target")
    generator = reader.choice(table, "generator", path, ("ours", "external"), "ours")
    if task is None or rate is None:
        return None
    return Task(task=task, rate=rate, unit=unit, kind=kind, generator=generator)


def _status(reader: Reader, value: object, path: Steps) -> GoodsStatus | None:
    status = reader.term(value, path, "status")
    return None if status is None else GoodsStatus(status)


_READERS: dict[str, Callable[[Reader, object, Steps], Consequence | None]] = {
    "concludes": _concludes,
    "danger": _danger,
    "likelihood": _likelihood,
    "control": _control,
    "status": _status,
}
