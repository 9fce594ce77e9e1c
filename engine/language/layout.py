"""Where the parts of a TOML text stand: lines, sections, statements. Found by tree-sitter.

The text must be TOML already: nothing here refuses anything.
"""

from __future__ import annotations

import tomllib

import tree_sitter_toml
from msgspec import Struct
from tree_sitter import Language, Node, Parser

Step = str | int
Steps = tuple[Step, ...]


class Span(Struct, frozen=True):
    """A part of a text by its path, from *start* up to, not including, *end*.

    *keys* is how many steps of the path are its own: a dotted key has several.
    """

    path: Steps
    start: int
    end: int
    keys: int = 1


class Layout(Struct, frozen=True):
    """Where the parts of a TOML text stand, in order.

    *sections* are counted in lines from 0: from a header to its last value, so that comments and
    blank lines that follow are not of it. *statements* (``key = value``) are counted in bytes.
    """

    sections: list[Span]
    statements: list[Span]


def layout_of(text: str) -> Layout:
    """The layout of a text that is TOML."""
    layout = Layout([], [])
    counts: dict[Steps, int] = {}
    for node in _root(text).children:
        path: Steps = ()
        if node.type in ("table", "table_array_element"):
            path = _header(node, counts)
            last = [child for child in node.children if child.type in ("pair", "]", "]]")][-1]
            layout.sections.append(Span(path, _line(node) - 1, int(last.end_point[0]) + 1))
        for pair in (node, *node.children) if node.type != "pair" else (node,):
            if pair.type == "pair":
                keys = _keys(pair.children[0])
                # The grammar counts the first half of a Windows line end as of the statement.
                end = pair.start_byte + len((pair.text or b"").rstrip(b"\r"))
                layout.statements.append(Span((*path, *keys), pair.start_byte, end, len(keys)))
    return layout


def _root(text: str) -> Node:
    return Parser(Language(tree_sitter_toml.language())).parse(text.encode()).root_node


def _header(node: Node, counts: dict[Steps, int]) -> Steps:
    """The path of a header; *counts* holds how often each array of tables was met."""
    path = _indexed(_keys(node.children[1]), counts)
    if node.type == "table":
        return path
    index = counts.get(path, 0)
    counts[path] = index + 1
    return (*path, index)


def lines_of(text: str) -> dict[Steps, int]:
    """Every path of a TOML document with the line on which it starts."""
    found: dict[Steps, int] = {}
    counts: dict[Steps, int] = {}
    for node in _root(text).children:
        if node.type == "pair":
            _walk_pair(node, (), found)
        elif node.type in ("table", "table_array_element"):
            prefix = _header(node, counts)
            if node.type == "table_array_element":
                found.setdefault(prefix[:-1], _line(node))
            found.setdefault(prefix, _line(node))
            for child in node.children:
                if child.type == "pair":
                    _walk_pair(child, prefix, found)
    return found


def _indexed(keys: tuple[str, ...], counts: dict[Steps, int]) -> Steps:
    """The path of a header: inside an array of tables it continues the latest of them."""
    path: Steps = ()
    for position, key in enumerate(keys):
        path = (*path, key)
        if path in counts and position < len(keys) - 1:
            path = (*path, counts[path] - 1)
    return path


def _walk_pair(node: Node, prefix: Steps, found: dict[Steps, int]) -> None:
    keys = _keys(node.children[0])
    for end in range(1, len(keys) + 1):
        found.setdefault((*prefix, *keys[:end]), _line(node))
    _walk_value(node.children[-1], (*prefix, *keys), found)


def _walk_value(node: Node, path: Steps, found: dict[Steps, int]) -> None:
    if node.type == "inline_table":
        for child in node.children:
            if child.type == "pair":
                _walk_pair(child, path, found)
    elif node.type == "array":
        values = [child for child in node.children if child.type not in ("[", "]", ",", "comment")]
        for index, child in enumerate(values):
            found.setdefault((*path, index), _line(child))
            _walk_value(child, (*path, index), found)


def _keys(node: Node) -> tuple[str, ...]:
    text = (node.text or b"").decode()
    if node.type == "dotted_key":
        return tuple(key for child in node.children if child.type != "." for key in _keys(child))
    if text[:1] in ("'", '"'):
        # A quoted key may hold escapes, which TOML itself reads best.
        try:
            return (next(iter(tomllib.loads(f"{text} = 0"))),)
        except tomllib.TOMLDecodeError:
            return (text[1:-1],)
    return (text,)


def _line(node: Node) -> int:
    return int(node.start_point[0]) + 1
