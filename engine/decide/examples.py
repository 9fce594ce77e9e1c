"""Running the examples that authors write: a case, and the verdict that it must have.

Whether it has it is no matter of the day on which one asks: a release that could be published today
can be tomorrow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from types import MappingProxyType

from engine.decide.generate import Generator, day_within
from engine.decide.kleene import FALSE, TRUE
from engine.decide.program import Compiled, Program, UnsuitableError
from engine.decide.semantics import ItemRun, in_force
from engine.decide.shards import plans
from engine.declaration.facts import GOVERNING_DATES, DocumentStatus, Facts, Money, Value
from engine.language.base import ReadBase
from engine.language.diagnostics import Diagnostic, RefusedError, did_you_mean
from engine.language.period import Period
from engine.language.rule import Control, Example, Phase, Rule
from engine.language.vocabulary import Fact, FactType, Vocabulary


class GivenError(ValueError):
    """An example gives what no fact can be; *name* is the fact, *mend* a help if any."""

    def __init__(self, name: str, message: str, mend: str | None = None) -> None:
        super().__init__(message)
        self.name, self.mend = name, mend


def compiled(
    read: ReadBase,
    vocabulary: Vocabulary,
    concluded: Mapping[str, Phase] = MappingProxyType({}),
) -> Program:
    """The program of a checked base; `RefusedError` where the network cannot take a rule.

    *concluded* is as for `Program`.
    """
    try:
        program = Program(read.base, vocabulary, concluded)
        plans(program)  # what the network cannot take is refused here, rule by rule
        return program
    except UnsuitableError as error:
        raise RefusedError(
            [
                read.diagnostic(
                    error.rule,
                    "too-wide",
                    str(error),
                    ("when",),
                    "split the rule, or list the alternatives in a table",
                )
            ]
        ) from None


def run_examples(read: ReadBase, program: Program) -> Iterator[Diagnostic]:
    """A diagnostic for each example that cannot be read or is decided otherwise."""
    for rule in (one.rule for one in program.rules):
        content = read.source(rule).content.get("example", [])
        names = [example.get("name") for example in content]
        for example in rule.examples:
            path = ("example", names.index(example.name) if example.name in names else 0)
            if "#" in rule.id and example.row is None:
                yield read.diagnostic(rule, "no-row", "an example of a table names its `row`", path)
                continue
            try:
                found = verdicts(program, rule, example)
            except GivenError as error:
                yield read.diagnostic(
                    rule, "wrong-example", str(error), (*path, "given", error.name), error.mend
                )
                continue
            if {*found.values()} != {example.expect}:
                message, mend = _otherwise(example, found)
                yield read.diagnostic(rule, "example-fails", message, path, mend)
            elif not imposed(rule, example):
                yield read.diagnostic(
                    rule,
                    "example-fails",
                    f"example “{example.name}”: the rule imposes {_rates(rule)}",
                    (*path, "gives"),
                    "mend the rule or the example, whichever misstates the law",
                )


def row_examples(
    read: ReadBase, program: Program, progress: Callable[[int, int], None] = lambda _d, _t: None
) -> Iterator[Diagnostic]:
    """Each row of a table must be triggerable, and spared when one of its tests is false.

    *progress* is told how many rows are done, of how many.
    """
    rows = [one for one in program.rules if "#" in one.rule.id]
    generator = Generator(program)
    for done, one in enumerate(rows):
        progress(done, len(rows))
        facts = generator.trigger(one)
        if facts is None:
            yield read.diagnostic(
                one.rule,
                "never-applies",
                "no declaration was found to which this row applies",
                ("table",),
                "look for tests that exclude each other",
            )
            continue
        for test, missed in generator.near_misses(one, facts):
            if ItemRun(program, missed).verdict(one) == TRUE:
                yield read.diagnostic(
                    one.rule,
                    "idle-test",
                    f"the row applies whether or not {program.tests[test].fact} fits",
                    ("table",),
                )
    progress(len(rows), len(rows))


def _otherwise(example: Example, found: Mapping[date, str]) -> tuple[str, str]:
    """What there is to say of an example that is decided otherwise, and its mend."""
    day, other = next((d, each) for d, each in found.items() if each != example.expect)
    message = f"example “{example.name}”: expected “{example.expect}”, found “{other}”"
    mend = "mend the rule or the example, whichever misstates the law"
    if example.expect not in found.values():
        return message, mend
    return f"{message} on {day}", f"name with `on` the day of which it speaks, or {mend}"


def verdicts(program: Program, rule: Rule, example: Example) -> dict[date, str]:
    """The verdict on one rule alone, all it reads being given, on each day that matters.

    Where the example names no day, these are one of each stretch of the rule's period in which
    neither a number of the rule changes nor a group of countries.
    """
    compiled = program.rules[program.numbers[rule.id]]
    return {
        day: verdict_on(program, compiled, given_facts(example, program.vocabulary, day))
        for day in days_of(program, compiled, example)
    }


def verdict(program: Program, rule: Rule, example: Example) -> str:
    """The verdict that an example has on each of these days; else one that it must not have."""
    found = verdicts(program, rule, example).values()
    return next((one for one in found if one != example.expect), example.expect)


def days_of(program: Program, compiled: Compiled, example: Example) -> list[date]:
    """The days on which an example of a rule is to be as it says."""
    if example.on is not None:
        return [example.on]
    period, groups = compiled.rule.effective, program.vocabulary.groups
    named = {term for leaf in compiled.rule.leaves for term in leaf.test.terms if term in groups}
    times = [member.period for group in sorted(named) for member in groups[group].members]
    bounds = {variant.period.start for variant in compiled.variants}
    bounds |= {bound for time in times for bound in (time.start, time.end)}
    cuts = sorted(day for day in bounds if day is not None and day in period)
    if period.start is None:
        before = Period(end=cuts[0]) if cuts else period
        return [day_within(before), *cuts]
    return sorted({period.start, *cuts})


def verdict_on(program: Program, compiled: Compiled, facts: Facts) -> str:
    """The verdict on one rule alone, on *facts* that hold all it reads."""
    if in_force(compiled, facts) is None:
        return "not in force"
    value = ItemRun(program, facts).verdict(compiled)
    return {TRUE: "applies", FALSE: "does not apply"}.get(value, "undetermined")


def imposed(rule: Rule, example: Example) -> bool:
    """Whether the rule imposes what the example says it does, if it says so."""
    return example.gives is None or example.gives == _tasks(rule)


def _tasks(rule: Rule) -> dict[str, Decimal]:
    tasks = rule.then.tasks if isinstance(rule.then, Control) else ()
    return {task.task: task.rate for task in tasks}


def _rates(rule: Rule) -> str:
    rates = [f"{task} at {rate:f}" for task, rate in _tasks(rule).items()]
    return ", ".join(rates) or "no control"


def given_facts(example: Example, vocabulary: Vocabulary, on: date) -> Facts:
    """The facts that an example gives, on the day *on*; all documents not given are missing."""
    values: dict[str, Value] = {}
    documents: dict[str, frozenset[DocumentStatus]] = {}
    for name, value in example.given.items():
        fact = vocabulary.facts.get(name)
        if fact is None:
            raise GivenError(name, f"unknown fact `{name}`", did_you_mean(name, vocabulary.facts))
        if fact.type is FactType.DOCUMENTS:
            documents = _documents(name, value, vocabulary)
        else:
            values[name] = given_value(fact, value, vocabulary)
    return Facts(
        values=values,
        documents=documents,
        settled=frozenset(vocabulary.certificates),
        days=dict.fromkeys(GOVERNING_DATES, on),
    )


def given_value(fact: Fact, value: object, vocabulary: Vocabulary) -> Value:
    """A plain value as the fact's type; `GivenError` where it cannot be one."""
    try:
        match fact.type:
            case FactType.BOOLEAN if isinstance(value, bool):
                return value
            case FactType.NUMBER if not isinstance(value, bool):
                return Decimal(str(value))
            case FactType.MONEY if isinstance(value, dict):
                return Money(Decimal(str(value["amount"])), str(value["currency"]))
            case FactType.TERMS if isinstance(value, str | list | tuple):
                terms = [value] if isinstance(value, str) else value
                return frozenset(_term(fact, term, vocabulary) for term in terms)
            case FactType.TERM if isinstance(value, str):
                return _term(fact, value, vocabulary)
            case FactType.COUNTRY if isinstance(value, str) and value in vocabulary.countries:
                return value
            case FactType.CODE if isinstance(value, str) and vocabulary.knows_code(value):
                return value
            case FactType.TEXT if isinstance(value, str):
                return value
    except (InvalidOperation, KeyError):
        pass
    raise GivenError(fact.id, f"`{value}` is no value of `{fact.id}`, which is a {fact.type}")


def _term(fact: Fact, term: object, vocabulary: Vocabulary) -> str:
    known = [each.id for each in vocabulary.of_kind(str(fact.range))]
    if term not in known:
        raise GivenError(fact.id, f"unknown term `{term}`", did_you_mean(str(term), known))
    return str(term)


def _documents(
    name: str, value: object, vocabulary: Vocabulary
) -> dict[str, frozenset[DocumentStatus]]:
    if not isinstance(value, dict):
        raise GivenError(name, "documents are given as `{ certificate = status }`")
    held = {}
    for certificate, status in value.items():
        if certificate not in vocabulary.certificates:
            mend = did_you_mean(certificate, vocabulary.certificates)
            raise GivenError(name, f"unknown certificate `{certificate}`", mend)
        try:
            held[certificate] = frozenset({DocumentStatus(status)})
        except ValueError:
            words = ", ".join(DocumentStatus)
            raise GivenError(name, f"unknown status `{status}`", f"one of: {words}") from None
    return held
