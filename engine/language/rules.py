"""Reading one rule from the plain data of its file. Meaning across rules is for `checks`."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from engine.language.conditions import ConditionReader
from engine.language.consequences import read_clock, read_consequence
from engine.language.layout import Steps
from engine.language.reader import Reader
from engine.language.rule import (
    PUBLIC,
    RANDOM,
    SCHEME,
    Alternative,
    Example,
    Parameter,
    Phase,
    Proportionality,
    Provisional,
    Rule,
)
from engine.language.vocabulary import Basis

REGIMES = ("TBT-regulation", "TBT-conformity", "SPS", "customs", "other")
DISCLOSURES = (PUBLIC, "agency", "restricted")
DATES = ("acceptance", "arrival", "dispatch", "placing-on-market")
STATUSES = ("law", "illustrative", "to-confirm")
VERDICTS = ("applies", "does not apply", "undetermined", "not in force")

_KEYS = (
    "title",
    "agency",
    "phase",
    "regime",
    "disclosure",
    "mandate",
    "date",
    "effective",
    "review_by",
    "replaces",
    "selection",
    "basis",
    "when",
    "unless",
    "then",
    "proportionality",
    "provisional",
    "example",
    "table",
)


def read_rule(
    reader: Reader, content: dict[str, Any], identifier: str, parameters: dict[str, Parameter]
) -> Rule | None:
    """Read the rule *identifier* from *content*; None where `reader.found` grew."""
    before = len(reader.found)
    reader.close(content, _KEYS, ())
    governing = reader.choice(content, "date", (), DATES, "acceptance")
    phase = _phase(reader, content)
    conditions = ConditionReader(reader, parameters, governing)
    when = (
        conditions.block(content["when"], ("when",))
        if reader.take(content, "when", (), dict) is not None
        else None
    )
    unless = conditions.block(content["unless"], ("unless",)) if "unless" in content else None
    then = reader.take(content, "then", (), dict)
    consequence = None
    if then is not None:
        consequence = read_consequence(reader, then, phase)
    bases = {
        name: _basis(reader, basis, ("basis", name))
        for name, basis in (reader.take(content, "basis", (), dict, required=False) or {}).items()
    }
    values: dict[str, Any] = {
        "title": reader.take(content, "title", (), str),
        "agency": reader.taken_term(content, "agency", (), "agency"),
        "regime": reader.choice(content, "regime", (), REGIMES),
        "disclosure": reader.choice(content, "disclosure", (), DISCLOSURES, PUBLIC),
        "mandate": reader.take(content, "mandate", (), bool, required=False) or False,
        "review_by": reader.take(content, "review_by", (), date, required=False),
        "replaces": reader.take(content, "replaces", (), str, required=False),
        "because": reader.take(then or {}, "because", ("then",), str, required=then is not None),
        "grounds": reader.take(then or {}, "basis", ("then",), str, required=False),
        "reason_class": reader.taken_term(
            then or {}, "reason_class", ("then",), "reason", required=False
        ),
        "remedy": reader.take(then or {}, "remedy", ("then",), str, required=False),
        "on_unknown": reader.choice(
            then or {}, "on_unknown", ("then",), ("request", "pass"), "request"
        ),
        "selection": (
            reader.choice(content, "selection", (), (RANDOM, SCHEME))
            if "selection" in content
            else None
        ),
        "clock": read_clock(reader, then or {}),
        "proportionality": _proportionality(reader, content),
        "provisional": _provisional(reader, content),
        "examples": _examples(reader, content),
    }
    effective = reader.period(
        reader.take(content, "effective", (), dict, required=False) or {}, ("effective",)
    )
    if len(reader.found) > before or phase is None or when is None or consequence is None:
        return None
    return Rule(
        id=identifier,
        phase=phase,
        date=governing,
        effective=effective,
        when=when,
        unless=unless,
        then=consequence,
        bases={name: basis for name, basis in bases.items() if basis is not None},
        **values,
    )


def _phase(reader: Reader, content: dict[str, Any]) -> Phase | None:
    before = len(reader.found)
    phase = reader.choice(content, "phase", (), [phase.value for phase in Phase])
    # A guessed phase would only bring forth complaints about the consequence.
    return Phase(phase) if len(reader.found) == before else None


def taken_basis(reader: Reader, table: dict[str, Any], path: Steps) -> Basis | None:
    """The legal basis under `basis`, which must be there."""
    value = reader.take(table, "basis", path, dict)
    return None if value is None else _basis(reader, value, (*path, "basis"))


def _basis(reader: Reader, value: object, path: Steps) -> Basis | None:
    """A legal basis: `cite`, `gist`, `status`, `checked` and mostly `href`."""
    table = reader.typed(value, path, dict)
    if table is None:
        return None
    reader.close(table, ("cite", "href", "gist", "status", "checked"), path)
    cite = reader.take(table, "cite", path, str)
    gist = reader.take(table, "gist", path, str)
    checked = reader.take(table, "checked", path, date)
    href = reader.take(table, "href", path, str, required=False)
    status = reader.choice(table, "status", path, STATUSES)
    if href is not None and not href.startswith(("http://", "https://")):
        reader.complain(
            "wrong-link", "`href` is no web address", (*path, "href"), "start it with `https://`"
        )
    if cite is None or gist is None or checked is None:
        return None
    return Basis(cite=cite, gist=gist, status=status, checked=checked, href=href)


# What a rule has to show for itself


def _proportionality(reader: Reader, content: dict[str, Any]) -> Proportionality | None:
    table = reader.take(content, "proportionality", (), dict, required=False)
    if table is None:
        return None
    path: Steps = ("proportionality",)
    reader.close(table, ("objective", "standard", "deviation", "alternative"), path)
    alternatives = [
        _alternative(reader, item, (*path, "alternative", index))
        for index, item in enumerate(
            reader.take(table, "alternative", path, list, required=False) or []
        )
    ]
    objective = reader.taken_term(table, "objective", path, "objective")
    standard = reader.take(table, "standard", path, str, required=False)
    deviation = reader.take(table, "deviation", path, str, required=False)
    if objective is None:
        return None
    return Proportionality(
        objective=objective,
        standard=standard,
        deviation=deviation,
        alternatives=tuple(item for item in alternatives if item is not None),
    )


def _alternative(reader: Reader, value: object, path: Steps) -> Alternative | None:
    table = reader.typed(value, path, dict)
    if table is None:
        return None
    reader.close(table, ("task", "contribution", "available", "why"), path)
    task = reader.taken_term(table, "task", path, "control")
    contribution = reader.choice(table, "contribution", path, ("lower", "equal", "higher"))
    available = reader.take(table, "available", path, bool)
    why = reader.take(table, "why", path, str)
    if task is None or available is None or why is None:
        return None
    return Alternative(task=task, contribution=contribution, available=available, why=why)


def _provisional(reader: Reader, content: dict[str, Any]) -> Provisional | None:
    table = reader.take(content, "provisional", (), dict, required=False)
    if table is None:
        return None
    path: Steps = ("provisional",)
    limbs = ("insufficient", "relies_on", "sought", "sought_by")
    reader.close(table, (*limbs, "review"), path)
    texts = {limb: reader.take(table, limb, path, str) for limb in limbs}
    review = reader.take(table, "review", path, date)
    if review is None or None in texts.values():
        return None
    return Provisional(review=review, **{limb: str(text) for limb, text in texts.items()})


def _examples(reader: Reader, content: dict[str, Any]) -> tuple[Example, ...]:
    items = reader.take(content, "example", (), list, required=False) or []
    examples = [_example(reader, item, ("example", index)) for index, item in enumerate(items)]
    return tuple(example for example in examples if example is not None)


def _example(reader: Reader, value: object, path: Steps) -> Example | None:
    table = reader.typed(value, path, dict)
    if table is None:
        return None
    reader.close(table, ("name", "given", "expect", "on", "row", "gives"), path)
    name = reader.take(table, "name", path, str)
    given = reader.take(table, "given", path, dict)
    on = reader.take(table, "on", path, date, required=False)
    row = reader.take(table, "row", path, str, required=False)
    expect = reader.choice(table, "expect", path, VERDICTS)
    gives = _gives(reader, table, path)
    if name is None or given is None:
        return None
    numbered = _numbered(reader, given, (*path, "given"))
    assert isinstance(numbered, dict)
    return Example(name=name, given=numbered, expect=expect, on=on, row=row, gives=gives)


def _gives(reader: Reader, table: dict[str, Any], path: Steps) -> dict[str, Decimal] | None:
    """The rates that an example says are imposed, by task."""
    held = reader.take(table, "gives", path, dict, required=False)
    rates: dict[str, Decimal] = {}
    for task, value in (held or {}).items():
        at = (*path, "gives", task)
        term, rate = reader.term(task, at, "control"), reader.typed(value, at, Decimal)
        if term is not None and rate is not None:
            rates[term] = rate
    return None if held is None else rates


def _numbered(reader: Reader, value: object, path: Steps) -> object:
    """*value* with every number in it exact and finite."""
    match value:
        case dict():
            return {key: _numbered(reader, part, (*path, key)) for key, part in value.items()}
        case list():
            return [_numbered(reader, part, (*path, index)) for index, part in enumerate(value)]
        case int() | Decimal() if not isinstance(value, bool):
            return reader.typed(value, path, Decimal)
        case _:
            return value
