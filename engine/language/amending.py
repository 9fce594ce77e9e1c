"""Amending one statement of a TOML text through tomlkit, item by item, as little as it takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from engine.language.plain import DEFAULTS, GROUPS, OPERATORS, Table, same
from engine.language.spelling import spelled, spelled_key

Pair = tuple[int | None, int | None]
"""An item of the former list and one of the new; None where it has no counterpart."""


def amended(statement: str, keys: Sequence[str], old: Any, new: Any) -> str:
    """*statement*, ``key = value``, whose value is *old*, with the value *new*.

    *keys* are the parts of its key; tomlkit reads a dotted one as tables in tables.
    """
    try:
        document: Any = tomlkit.parse(statement)
    except TOMLKitError:
        # `tomllib` read it: the two differ on rare texts, and the meaning must not wait for that.
        return f"{'.'.join(map(spelled_key, keys))} = {spelled(new)}"
    *above, key = keys
    node = document
    for step in above:
        node = node[step]
    _change_key(node, {key: old}, {key: new}, key)
    return tomlkit.dumps(document)


def _change_key(node: Any, old: Table, new: Table, key: str) -> None:
    """Make *node* say under *key* what *new* does; *old* is what it says."""
    if key not in new:
        kept = key in DEFAULTS and same(old[key], DEFAULTS[key], key)
        if not kept and not (key == "unit" and "fact" in old):
            del node[key]
    elif key not in old:
        node[key] = _item(new[key])
    elif not same(old[key], new[key], key):
        before, after = old[key], new[key]
        if isinstance(before, dict) and isinstance(after, dict):
            _change_table(node[key], before, after)
        elif isinstance(before, list) and isinstance(after, list):
            _change_list(node[key], before, after)
        else:
            node[key] = _item(after)


def _change_table(node: Any, old: Table, new: Table) -> None:
    for key in dict.fromkeys((*old, *new)):
        _change_key(node, old, new, key)


def _change_list(node: Any, old: list[Any], new: list[Any]) -> None:
    # From the end, so that the places of what stands before do not move.
    place = len(old)
    for before, after in reversed(list(counterparts(old, new))):
        if before is not None:
            place = before
        if after is None:
            del node[place]
        elif before is None:
            node.insert(place, _item(new[after]))
        elif not same(old[before], new[after]):
            _change_item(node, before, old[before], new[after])


def _change_item(node: Any, index: int, old: Any, new: Any) -> None:
    alike = isinstance(old, dict) and isinstance(new, dict)
    if alike and _kind(old) == _kind(new):
        _change_table(node[index], old, new)
        return
    if alike and "unit" in old and old.get("fact") == new.get("fact"):
        new = {**new, "unit": old["unit"]}
    node[index] = _item(new)


def _kind(table: Table) -> frozenset[str]:
    """The operator of a test, or the kind of a group: with another it is written anew."""
    return frozenset(table) & (OPERATORS | set(GROUPS.values()))


def _item(value: Any) -> Any:
    return tomlkit.value(spelled(value))


# Which item is which


def counterparts(old: list[Any], new: list[Any]) -> Iterator[Pair]:
    """Each item of either list with its counterpart: the same, else one of the same name."""
    for same_, i, end, j, stop in _matched(old, new, spelled):
        if same_:
            yield from zip(range(i, end), range(j, stop), strict=True)
            continue
        for near, a, b, c, d in _matched(old[i:end], new[j:stop], _name):
            if near:
                yield from zip(range(i + a, i + b), range(j + c, j + d), strict=True)
            else:
                yield from ((index, None) for index in range(i + a, i + b))
                yield from ((None, index) for index in range(j + c, j + d))


def _matched(
    old: list[Any], new: list[Any], key: Callable[[Any], str]
) -> Iterator[tuple[bool, int, int, int, int]]:
    left, right = [key(value) for value in old], [key(value) for value in new]
    for kind, *bounds in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        i, end, j, stop = bounds
        yield kind == "equal", i, end, j, stop


def _name(value: Any) -> str:
    """What an author would know an item by: the fact of a test, the name of an example."""
    if not isinstance(value, dict):
        return spelled(value)
    for key in ("fact", "name", "task"):
        if key in value:
            return f"{key} {value[key]}"
    return " ".join(value)
