"""Given: what agencies know, of the trader and of the goods. No trader can state it."""

from __future__ import annotations

from engine.language.vocabulary import Source
from engine.specs.facts import fact_of, leave_out, state, value_of
from engine.specs.phrase import Phrases
from engine.specs.world import UnclearError, World, listed

PHRASES = Phrases("traders")

_RECORDS = {"poor": (25, 0.4), "good": (40, 0.0)}
"""Outcomes, as a number of inspections and the share found not in conformity, that stand far from
any threshold of the shipped rules."""


@PHRASES.given("nothing is known of its importer")
def unknown(world: World) -> None:
    """No agency has a record of the importer."""
    facts = world.request.get("known", {}).get("facts", {})
    for name in [name for name in facts if name.startswith("importer.")]:
        del facts[name]


@PHRASES.given("its importer's record is {record}")
def record(world: World, record: str) -> None:
    """Outcomes of inspections that make a record `poor` or `good`, by the rules."""
    if record not in _RECORDS:
        raise UnclearError(f"no outcomes make a record `{record}`: known are {listed(_RECORDS)}")
    inspections, share = _RECORDS[record]
    facts = world.request.setdefault("known", {}).setdefault("facts", {})
    facts.update({"importer.inspections": inspections, "importer.nonCompliantShare": share})


@PHRASES.given("its importer is an authorised operator")
def authorised(world: World) -> None:
    """Customs have authorised the importer (TFA 7.7)."""
    world.request.setdefault("known", {}).setdefault("facts", {})["importer.authorised"] = True


@PHRASES.given("its importer is no authorised operator")
def not_authorised(world: World) -> None:
    """Customs have not authorised the importer."""
    world.request.setdefault("known", {}).setdefault("facts", {})["importer.authorised"] = False


@PHRASES.given('under "{fact}" the trader itself states {value}')
def claims(world: World, fact: str, value: str) -> None:
    """What only agencies may look up, put into the declaration by the trader."""
    found = fact_of(world, fact, Source.LOOKED_UP)
    world.request["declaration"].setdefault("facts", {})[found.id] = value_of(world, found, value)


@PHRASES.given('under "{fact}" the agencies have {value} on record')
def known(world: World, fact: str, value: str) -> None:
    """Something that agencies have looked up, in the words of the vocabulary."""
    state(world, fact_of(world, fact, Source.LOOKED_UP), value)


@PHRASES.given('the agencies have no record of "{fact}"')
def not_known(world: World, fact: str) -> None:
    """No agency has looked this up."""
    leave_out(world, fact_of(world, fact, Source.LOOKED_UP))
