"""Properties and assumptions that authors state in the conditions of the rule language.

A property says what must be so wherever its conditions hold; an assumption says that its conditions
hold of every declaration, as the author knows of the trade and no rule does.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from msgspec import Struct

from engine.language.condition import Condition, Test, leaves
from engine.language.conditions import ConditionReader
from engine.language.diagnostics import RefusedError
from engine.language.reader import Reader
from engine.language.source import read_source
from engine.language.vocabulary import Vocabulary

_KEYS = ("title", "article", "when", "must", "always")
_MUST = ("control", "rate", "status", "level_at_least", "level_at_most", "released")


class Must(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What must be so: all that is given.

    *control* or a more intense one, at *rate* or more; *status* or a graver one; a risk level of so
    much at least, for certain, or at most, possibly; goods *released* unless drawn.
    """

    control: str | None = None
    rate: Decimal = Decimal(0)
    status: str | None = None
    level_at_least: str | None = None
    level_at_most: str | None = None
    released: bool = False


class Stated(Struct, frozen=True, kw_only=True):
    """A property: wherever *when* holds, *must* does. Without *must*, an assumption: it holds."""

    id: str
    title: str
    article: str
    when: Condition
    must: Must | None = None


def read_stated(path: Path, vocabulary: Vocabulary) -> Stated:
    """Read a file with `[when]` and `[must]`, or with `[always]` alone: an assumption.

    Raises `RefusedError` with everything that is wrong with it.
    """
    source = read_source(path, path.name)
    reader, content = Reader(source, vocabulary), source.content
    reader.close(content, _KEYS, ())
    title = reader.take(content, "title", (), str)
    article = reader.take(content, "article", (), str, required="must" in content)
    block = "always" if "always" in content else "when"
    if block == "always" and ("when" in content or "must" in content):
        reader.complain(
            "two-blocks", "an assumption has neither `when` nor `must`", ("always",), "remove one"
        )
    conditions = ConditionReader(reader, {}, "acceptance")
    when = None
    if reader.take(content, block, (), dict) is not None:
        when = conditions.block(content[block], (block,))
    must = _must(reader, content) if block == "when" else None
    if reader.found or title is None or when is None:
        raise RefusedError(reader.found)
    return Stated(id=path.stem, title=title, article=article or "", when=when, must=must)


def _must(reader: Reader, content: dict[str, Any]) -> Must | None:
    table = reader.take(content, "must", (), dict)
    if table is None:
        return None
    reader.close(table, _MUST, ("must",))
    if not table:
        reader.complain(
            "empty", "nothing must be so", ("must",), f"give one of: {', '.join(_MUST)}"
        )
    named: dict[str, Any] = {
        key: reader.term(table[key], ("must", key), kind)
        for key, kind in (
            ("control", "control"),
            ("status", "status"),
            ("level_at_least", "level"),
            ("level_at_most", "level"),
        )
        if key in table
    }
    rate = reader.take(table, "rate", ("must",), Decimal, required=False)
    if rate is not None and "control" not in table:
        reader.complain("no-control", "a rate of no control", ("must", "rate"), "add `control`")
    released = reader.take(table, "released", ("must",), bool, required=False)
    return Must(**named, rate=rate or Decimal(0), released=bool(released))


def tests_of(stated: Stated) -> Iterator[Test]:
    """The tests in its conditions."""
    return (leaf.test for leaf in leaves(stated.when))
