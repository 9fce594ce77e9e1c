"""Every edit of one field of a rule, as its types allow: for tests that nothing goes unseen."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from engine.language.condition import (
    AllOf,
    AnyOf,
    CodeLine,
    Condition,
    Leaf,
    NoneOf,
    Operator,
    Test,
)
from engine.language.rule import Phase, Rule
from engine.language.vocabulary import Vocabulary

SWAPPED = {
    Operator.UNDER: Operator.AT_MOST,
    Operator.AT_MOST: Operator.UNDER,
    Operator.OVER: Operator.AT_LEAST,
    Operator.AT_LEAST: Operator.OVER,
    Operator.IS: Operator.ONE_OF,
    Operator.ONE_OF: Operator.IS,
}


class Edit(NamedTuple):
    """One value in place of another: in which field of which struct, the outermost first."""

    path: tuple[tuple[type, str], ...]
    value: Any

    @property
    def field(self) -> str:
        """The innermost field."""
        return self.path[-1][1]


def edits(value: Struct, vocabulary: Vocabulary) -> Iterator[Edit]:
    """The struct after each edit of one of its fields, or of a field below."""
    if isinstance(value, Test):
        yield from _of_test(value, vocabulary)
        return
    hints = hints_of(type(value))
    for name in value.__struct_fields__:
        if name == "id":
            continue
        for edit in _of(getattr(value, name), hints[name], vocabulary):
            yield Edit(((type(value), name), *edit.path), replace(value, **{name: edit.value}))
    if isinstance(value, AllOf | AnyOf | NoneOf):
        for kind in {AllOf, AnyOf, NoneOf} - {type(value)}:
            yield Edit(((type(value), "tag"),), kind(value.parts))


def hints_of(struct: type) -> dict[str, Any]:
    """The types of the fields of a struct."""
    if struct is Rule:
        # A field of the class hides the type of the same name.
        found = dict(Rule.__annotations__)
        names = {**vars(typing), **vars(__import__("engine.language.rule", fromlist=["x"]))}
        return {name: eval(hint, names) for name, hint in found.items()}
    return typing.get_type_hints(struct)


def _direct(value: Any) -> Edit:
    return Edit((), value)


def _of(value: Any, hint: Any, vocabulary: Vocabulary) -> Iterator[Edit]:
    options = typing.get_args(hint) if _is_union(hint) else (hint,)
    if value is None:
        (kind,) = [one for one in options if one is not type(None)][:1]
        yield _direct(sample(kind))
        return
    if type(None) in options:
        yield _direct(None)
    match value:
        case Struct():
            yield from edits(value, vocabulary)
        case dict():
            _, kind = typing.get_args(hint) or (str, object)
            for key, one in value.items():
                rest = {name: other for name, other in value.items() if name != key}
                yield _direct(rest)
                yield _direct({**rest, f"{key}!": one})
                for edit in _of(one, kind, vocabulary):
                    yield edit._replace(value={**value, key: edit.value})
        case tuple():
            kind = typing.get_args(hint)[0]
            for index, one in enumerate(value):
                left, right = value[:index], value[index + 1 :]
                if len(value) > 1:
                    yield _direct((*left, *right))
                for edit in _of(one, kind, vocabulary):
                    yield edit._replace(value=(*left, edit.value, *right))
        case _:
            yield _direct(other(value))


def _is_union(hint: Any) -> bool:
    return typing.get_origin(hint) in (typing.Union, types.UnionType)


def other(value: Any) -> Any:
    """Another plain value of the same type."""
    match value:
        case Enum():
            return next(one for one in type(value) if one is not value)
        case bool():
            return not value
        case int() | Decimal():
            return value + 1
        case date():
            return value + timedelta(days=1)
        case list():
            return [*value, "more"]
        case str():
            return f"{value}!"
    raise AssertionError(value)


def sample(kind: Any) -> Any:
    """Some value of a type."""
    if _is_union(kind) or kind is Leaf:
        return Leaf(
            test=Test(fact="goods.smallParts", operator=Operator.IS, flag=True), basis="law"
        )
    if isinstance(kind, type) and issubclass(kind, Struct):
        hints = hints_of(kind)
        return kind(**{name: sample(hints[name]) for name in kind.__struct_fields__})
    if typing.get_origin(kind) is tuple:
        return (sample(typing.get_args(kind)[0]),)
    if typing.get_origin(kind) is dict:
        return {"key": sample(typing.get_args(kind)[1])}
    plain = {str: "word", object: "word", bool: True, int: 2, Decimal: Decimal("0.5")}
    return {**plain, date: date(2027, 3, 1), Phase: Phase.ASSESS}[kind]


def _of_test(test: Test, vocabulary: Vocabulary) -> Iterator[Edit]:
    """Edits that leave a test which can be read aloud."""
    fact = vocabulary.facts[test.fact]
    alike = [
        one
        for one in vocabulary.facts.values()
        if one.id != fact.id
        and (one.type, one.unit, one.order, one.over_classes, one.source)
        == (fact.type, fact.unit, fact.order, fact.over_classes, fact.source)
    ]
    found: dict[str, list[Any]] = {"day": ["some other day"]}
    if alike:
        found["fact"] = [alike[0].id]
    if test.operator in SWAPPED and test.flag is None and (fact.order or not test.terms):
        found["operator"] = [SWAPPED[test.operator]]
    for name in ("flag", "number", "upper", "currency", "status"):
        value = getattr(test, name)
        if value is not None:
            found[name] = [other(value)]
    if test.parameter is not None:
        found["parameter"] = ["parameters/request-days"]
    if test.terms:
        found["terms"] = [(*test.terms[:-1], "a:Term"), (*test.terms, "another:Term")]
    if test.codes:
        line = test.codes[0]
        found["codes"] = [
            (*test.codes, CodeLine("999999")),
            (replace(line, ex="product:Toy"), *test.codes[1:]),
            (replace(line, code="999999"), *test.codes[1:]),
            (replace(line, ex="product:Toy", subdivisions=("99",)), *test.codes[1:]),
        ]
    for name, values in found.items():
        made = (replace(test, **{name: value}) for value in values)
        yield from (Edit(((Test, name),), one) for one in made if one != test)


def dated(rule: Rule, day: str) -> Rule:
    """The rule, governed by another day, as its file would be read."""

    def turned(condition: Condition) -> Condition:
        if isinstance(condition, Leaf):
            test = condition.test
            return replace(condition, test=replace(test, day=test.day and day))
        return replace(condition, parts=tuple(map(turned, condition.parts)))

    unless = None if rule.unless is None else turned(rule.unless)
    return replace(rule, date=day, when=turned(rule.when), unless=unless)
