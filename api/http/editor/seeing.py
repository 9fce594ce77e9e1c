"""What somebody may see of the files of a draft, and of what is said of them.

A file is seen by whoever may see the rules that it serves: its own, those whose rows it holds,
those that test its number. That goes for the files as the draft has them and as they were in force.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from api.service.deciding import NotFoundError
from api.service.policy import Caller, sees
from api.store import Role
from api.store.drafts import State, Version
from api.words.foreseen import UNNAMED
from engine.desk.desk import RULES, Desk, is_rule
from engine.language.base import CALENDARS, PARAMETERS
from engine.language.diagnostics import Diagnostic
from engine.language.rule import Rule

Files = Mapping[str, Version]
"""The files that a draft touches, by path."""

SHARED = (f"{RULES}{CALENDARS}/", f"{RULES}harmonised/")
"""Where files stand that serve all rules."""

_CODED = re.compile(r"`([^`]*)`")


def seen(desk: Desk, path: str, who: Caller, files: Files | None = None) -> bool:
    """Whether *who* may see the file at *path*, on the *desk* of a draft that touches *files*."""
    for each in (desk, desk.in_force):
        served = served_by(each, path)
        if served and not any(sees(who, rule) for rule in served):
            return False
    version = (files or {}).get(path)
    if version is None or version.state is not State.TEXT or path.startswith(SHARED):
        return True
    # What cannot be read yet may be meant to be restricted: it is for the agency that writes it.
    unread = not served_by(desk, path)
    return not unread or who.role == Role.AUDITOR or who.agency == version.agency


def check_seen(desk: Desk, path: str, who: Caller, files: Files | None = None) -> None:
    """Go on where *who* may see the file at *path*. Raises `NotFoundError`, telling nothing."""
    if not seen(desk, path, who, files):
        raise missing(path)


def missing(path: str) -> NotFoundError:
    """What is said of a file that is not there, and of one that is not to be seen."""
    return NotFoundError(f"there is no file `{path[:100]}`")


def served_by(desk: Desk, path: str) -> tuple[Rule, ...]:
    """The rules that the file at *path* serves."""
    if path.startswith(f"{RULES}{PARAMETERS}/"):
        name = path.removeprefix(RULES).removesuffix(".toml")
        return tuple(
            rule
            for table in desk.ties.tables
            for rule in desk.ties.rows(table)[:1]  # the rows of a table test the same numbers
            if any(leaf.test.parameter == name for leaf in rule.leaves)
        )
    if is_rule(path):
        return desk.rules(path)
    return tuple(rule for table in desk.tables_of(path) for rule in desk.rules(table))


def disclosed(found: Iterable[Diagnostic], desk: Desk, who: Caller) -> tuple[Diagnostic, ...]:
    """What is *found*, without what it tells of rules that *who* may not see.

    That something is wrong with such a rule is said, once: it is the change that makes it so.
    """
    found = tuple(found)
    hidden = hidden_names(desk, who) if found else frozenset[str]()
    return tuple(dict.fromkeys(_disclosed(found, hidden)))


def _disclosed(found: Iterable[Diagnostic], hidden: frozenset[str]) -> Iterator[Diagnostic]:
    for one in found:
        if one.file in hidden:
            yield Diagnostic(
                code="undisclosed",
                severity=one.severity,
                message=f"the change does not fit {UNNAMED}",
                file="rules",
                help="ask the other agencies on the same goods to read the draft",
            )
            continue
        told = one.help
        if told is not None and hidden.intersection(_CODED.findall(told)):
            told = None
        yield msgspec.structs.replace(one, message=_without(one.message, hidden), help=told)


def _without(text: str, hidden: frozenset[str]) -> str:
    return _CODED.sub(lambda word: UNNAMED if word[1] in hidden else word[0], text)


def hidden_names(desk: Desk, who: Caller) -> frozenset[str]:
    """The names that *who* may not learn: ids, paths and tables of rules that are withheld."""
    found: set[str] = set()
    for each in (desk, desk.in_force):
        for table in each.ties.tables:
            rules = each.ties.rows(table)
            if rules and not any(sees(who, rule) for rule in rules):
                path = f"{RULES}{table}.toml"
                found |= {table, path, path.removeprefix(RULES), *(rule.id for rule in rules)}
        found |= {
            path
            for path in each.tree
            if path.startswith(RULES) and path.endswith(".csv") and not seen(each, path, who)
        }
    return frozenset(found)
