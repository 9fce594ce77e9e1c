"""What a difference of rule bases tells somebody who may not see every rule."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from engine.language.base import RuleBase
from engine.language.difference import Change
from engine.language.rule import Rule
from engine.language.rule_differences import Version, rule_differences
from engine.language.withholding import Told, told
from tests.full import often
from tests.rule_edits import edits
from tests.test_language_rule_differences import shipped

HIDDEN, SEEN = "customs/low-value", "products/toys/small-parts"


def public(rule: Rule) -> bool:
    return rule.public


def everything(rule: Rule) -> bool:
    return True


def base(*rules: Rule) -> RuleBase:
    return replace(shipped().base, rules=rules)


def between(before: RuleBase, after: RuleBase, sees: Callable[[Rule], bool] = public) -> Told:
    old, new = (Version(shipped().vocabulary, one) for one in (before, after))
    return told(old, new, sees)


@pytest.fixture
def rule() -> Rule:
    """One that the public may see."""
    one = next(rule for rule in shipped().base.rules if rule.id == SEEN)
    return replace(one, disclosure="public")


@pytest.fixture
def hidden() -> Rule:
    """One that it may not, which alone uses a parameter."""
    return next(rule for rule in shipped().base.rules if rule.id == HIDDEN)


@given(seed=st.integers(0, 2**32))
@settings(max_examples=often(60, 25), deadline=None)
def test_nothing_that_is_told_depends_on_what_is_withheld(seed: int) -> None:
    rng = Random(seed)
    rules = rng.sample(shipped().base.rules, 30)

    def changed(sees: bool) -> tuple[Rule, ...]:
        made = []
        for rule in rules:
            if public(rule) is sees and rng.random() < 0.5:
                edited = rng.choice(list(edits(rule, shipped().vocabulary))).value
                rule = replace(edited, disclosure=rule.disclosure)
            made.append(rule)
        return tuple(made)

    seen = {rule.id: rule for rule in changed(True)}
    after = tuple(seen[rule.id] if public(rule) else rule for rule in rules)
    others = tuple(rule if not public(rule) else seen[rule.id] for rule in changed(False))
    assert (
        between(base(*rules), base(*after)).differences
        == between(base(*rules), base(*others)).differences
    )


def test_who_sees_all_rules_is_told_all(rule: Rule, hidden: Rule) -> None:
    before, after = base(rule, hidden), base(rule, replace(hidden, title="Another"))
    found = between(before, after, everything)
    old, new = (Version(shipped().vocabulary, one) for one in (before, after))
    assert found == (rule_differences(old, new), 0)
    assert [one.subject for one in found.differences] == [HIDDEN]


def test_a_rule_that_is_withheld_is_counted(rule: Rule, hidden: Rule) -> None:
    before, after = base(rule, hidden), base(rule, replace(hidden, title="Another"))
    assert between(before, after) == ((), 1)


def test_a_rule_that_was_not_disclosed_does_not_show_what_it_was(rule: Rule) -> None:
    was = replace(rule, disclosure="restricted", remedy="Whisper.")
    (found,), withheld = between(base(was), base(rule))
    assert (found.change, found.before, withheld) == (Change.ADDED, None, 1)
    assert rule.title in str(found.after)


def test_a_rule_that_is_disclosed_no_more_does_not_show_what_it_is(rule: Rule) -> None:
    is_now = replace(rule, disclosure="restricted", title="Whispered.")
    (found,), withheld = between(base(rule), base(is_now))
    assert (found.change, found.after, withheld) == (Change.REMOVED, None, 1)
    assert "Whispered" not in str(found)


def test_a_predecessor_that_is_withheld_is_not_named(rule: Rule, hidden: Rule) -> None:
    successor = replace(rule, id=f"{SEEN}-new", replaces=HIDDEN)
    found, withheld = between(base(rule, hidden), base(rule, successor))
    assert [one.subject for one in found] == [successor.id]
    assert HIDDEN not in str(found)
    assert withheld == 2


def test_a_predecessor_that_was_seen_is_named(rule: Rule) -> None:
    successor = replace(rule, id=f"{SEEN}-new", replaces=SEEN)
    found, withheld = between(base(rule), base(successor))
    assert f"; replaces `{SEEN}`\n" in str(found[1].after)
    assert withheld == 0


def test_a_successor_that_is_withheld_is_not_named(rule: Rule, hidden: Rule) -> None:
    (found,), withheld = between(base(rule), base(replace(hidden, replaces=SEEN)))
    assert (found.subject, found.change, withheld) == (SEEN, Change.REMOVED, 1)
    assert HIDDEN not in str(found)


def test_a_parameter_that_only_withheld_rules_use_is_withheld(rule: Rule, hidden: Rule) -> None:
    name = next(leaf.test.parameter for leaf in hidden.leaves if leaf.test.parameter)
    parameters = dict(shipped().base.parameters)
    parameters[name] = replace(parameters[name], title="Whispered")
    after = replace(base(rule, hidden), parameters=parameters)
    assert between(base(rule, hidden), after) == ((), 1)
    (found,), _ = between(base(rule, hidden), after, everything)
    assert found.subject == name


def test_a_parameter_of_a_rule_that_was_not_disclosed_is_withheld(hidden: Rule) -> None:
    name = next(leaf.test.parameter for leaf in hidden.leaves if leaf.test.parameter)
    parameters = dict(shipped().base.parameters)
    was = replace(parameters[name], title="Whispered")
    before = replace(base(hidden), parameters={**parameters, name: was})
    after = base(replace(hidden, disclosure="public"))
    (found,), withheld = between(before, after)
    assert (found.subject, withheld) == (HIDDEN, 2)
    assert "Whispered" not in str(found)
