"""What changes touch: which rules, whose they are, and who else has to do with the same goods."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum

from msgspec import Struct

from engine.language.base import RuleBase
from engine.language.rule import Concludes, Control, GoodsStatus, Phase, Rule
from engine.language.vocabulary import Vocabulary

CODE = "goods.commodityCode"
TYPES = ("goods.type", "goods.product")


class Change(StrEnum):
    """What becomes of a rule."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


class ChangedRule(Struct, frozen=True, kw_only=True):
    """A rule that changes, with the *agencies* that it is of, before and after.

    *file* is its own, *files* are that and its table of rows.
    *binds*: it lays a mandate, documents or controls on traders that it did not before. *start* and
    *end* are those of its period afterwards. *lifts*: it goes, or only ends earlier.
    """

    rule: str
    file: str
    files: tuple[str, ...]
    change: Change
    agencies: tuple[str, ...]
    regime: str
    binds: bool
    lifts: bool
    start: date | None = None
    end: date | None = None


class Touched(Struct, frozen=True, kw_only=True):
    """The rules that change; *owners* must approve; *consulted* have to do with the same goods.

    *shared* are parameters, calendars and matrices that change: every agency that uses one owns it.
    """

    rules: tuple[ChangedRule, ...]
    shared: tuple[str, ...]
    owners: tuple[str, ...]
    consulted: tuple[str, ...]


class Side(Struct, frozen=True):
    """A rule base; *tables* are the files with rows, by the id of the rules' own file."""

    base: RuleBase
    tables: dict[str, str] = {}

    def files(self, rule: Rule) -> tuple[str, ...]:
        """The files in which a rule stands, by path from the root."""
        rows = self.tables.get(rule.table)
        return (f"rules/{rule.table}.toml", *([] if rows is None else [rows]))


def touched(before: Side, after: Side, vocabulary: Vocabulary, paths: Iterable[str]) -> Touched:
    """What the way from one rule base to the other touches; *paths* are the files that change."""
    old, new = ({rule.id: rule for rule in side.base.rules} for side in (before, after))
    changed = [name for name in sorted(old.keys() | new.keys()) if old.get(name) != new.get(name)]
    rules = tuple(
        _changed(
            old.get(name),
            new.get(name),
            {
                file
                for side, known in ((before, old), (after, new))
                if name in known
                for file in side.files(known[name])
            },
        )
        for name in changed
    )
    shared = _shared(before.base, after.base)
    everyone = [*before.base.rules, *after.base.rules]
    owners = {agency for rule in rules for agency in rule.agencies}
    owners.update(_users(shared, everyone))
    # Comments change no rule, and still the file is its agency's.
    files = set(paths)
    owners.update(
        rule.agency
        for side in (before, after)
        for rule in side.base.rules
        if not files.isdisjoint(side.files(rule))
    )
    both = [known[name] for name in changed for known in (old, new) if name in known]
    consulted = _concerned(both, everyone, vocabulary) - owners
    return Touched(
        rules=rules,
        shared=shared,
        owners=tuple(sorted(owners)),
        consulted=tuple(sorted(consulted)),
    )


# Rules


def _changed(before: Rule | None, after: Rule | None, files: Iterable[str]) -> ChangedRule:
    rule = after or before
    assert rule is not None
    change = Change.CHANGED
    if before is None or after is None:
        change = Change.ADDED if before is None else Change.REMOVED
    return ChangedRule(
        rule=rule.id,
        file=f"rules/{rule.table}.toml",
        files=tuple(sorted(files)),
        change=change,
        agencies=tuple(sorted({side.agency for side in (before, after) if side is not None})),
        regime=rule.regime,
        binds=after is not None and _burden(after) not in (None, _burden(before)),
        lifts=after is None or (before is not None and _ends_earlier(before, after)),
        start=rule.effective.start,
        end=rule.effective.end,
    )


def _burden(rule: Rule | None) -> object:
    """What of a rule lays something on traders: None where nothing does. Its end does not."""
    if rule is None or not (rule.mandate or isinstance(rule.then, Control | GoodsStatus)):
        return None
    return (
        rule.when,
        rule.unless,
        rule.then,
        rule.mandate,
        rule.on_unknown,
        rule.selection,
        rule.clock,
        rule.date,
        rule.effective.start,
    )


def _ends_earlier(before: Rule, after: Rule) -> bool:
    ends = before.effective.end, after.effective.end
    earlier = ends[1] is not None and (ends[0] is None or ends[1] < ends[0])
    return earlier and _plain(before) == _plain(after)


def _plain(rule: Rule) -> dict[str, object]:
    kept = {name: getattr(rule, name) for name in rule.__struct_fields__}
    kept["effective"] = rule.effective.start
    return kept


# What rules share


def _shared(before: RuleBase, after: RuleBase) -> tuple[str, ...]:
    found = ["harmonised/matrices"] if before.matrices != after.matrices else []
    found += _differing(before.parameters, after.parameters)
    found += _differing(before.calendars, after.calendars)
    return tuple(sorted(found))


def _differing(before: Mapping[str, object], after: Mapping[str, object]) -> list[str]:
    return [name for name in before.keys() | after.keys() if before.get(name) != after.get(name)]


def _users(shared: Iterable[str], rules: Iterable[Rule]) -> set[str]:
    """The agencies that use what is shared. Matrices, calendars and days to answer are for all."""
    rules = list(rules)
    everyone = {rule.agency for rule in rules}
    found: set[str] = set()
    for name in shared:
        users = {
            rule.agency
            for rule in rules
            if any(leaf.test.parameter == name for leaf in rule.leaves)
        }
        found |= users or everyone
    return found


# The same goods


def _concerned(changed: Iterable[Rule], rules: Iterable[Rule], vocabulary: Vocabulary) -> set[str]:
    """Agencies whose rules test what these conclude, or whose controls are on the same goods."""
    changed = list(changed)
    concluded = {rule.then.fact for rule in changed if isinstance(rule.then, Concludes)}
    codes = {code for rule in changed for code in _codes(rule)}
    types = {term for rule in changed for term in _types(rule)}
    found: set[str] = set()
    for rule in rules:
        if rule.agency in found:
            continue
        reads = any(leaf.test.fact in concluded for leaf in rule.leaves)
        if reads or (rule.phase is Phase.CONTROL and _meets(rule, codes, types, vocabulary)):
            found.add(rule.agency)
    return found


def _meets(rule: Rule, codes: set[str], types: set[str], vocabulary: Vocabulary) -> bool:
    return any(
        one.startswith(other) or other.startswith(one) for one in _codes(rule) for other in codes
    ) or any(
        vocabulary.is_a(one, other) or vocabulary.is_a(other, one)
        for one in _types(rule)
        for other in types
    )


def _codes(rule: Rule) -> set[str]:
    tests = (leaf.test for leaf in rule.leaves)
    return {line.code for test in tests if test.fact == CODE for line in test.codes}


def _types(rule: Rule) -> set[str]:
    tests = (leaf.test for leaf in rule.leaves)
    return {term for test in tests if test.fact in TYPES for term in test.terms}
