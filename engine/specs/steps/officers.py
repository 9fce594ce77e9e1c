"""When: what officers do about goods. Each act has an agency, a reason and an author."""

from __future__ import annotations

from datetime import date

from msgspec.structs import replace

from engine.declaration.acts import Act, ActKind
from engine.specs.phrase import Phrases
from engine.specs.world import UnclearError, World, expect

PHRASES = Phrases("officers")


@PHRASES.when('{agency} refuses the goods: "{note}"')
def refuses(world: World, agency: str, note: str) -> None:
    """A refusal by an officer of that agency, on the day of the decision."""
    _act(world, ActKind.REFUSE, agency, note)


@PHRASES.when('{agency} holds the goods: "{note}"')
def holds(world: World, agency: str, note: str) -> None:
    """A hold by an officer of that agency, on the day of the decision."""
    _act(world, ActKind.HOLD, agency, note)


@PHRASES.when('{agency} lifts what it has held or refused: "{note}"')
def releases(world: World, agency: str, note: str) -> None:
    """An officer of that agency lifts its own hold or refusal."""
    _act(world, ActKind.RELEASE, agency, note)


@PHRASES.when('{agency} adds {task}: "{note}"')
def adds(world: World, agency: str, task: str, note: str) -> None:
    """A control that no rule imposes, added by an officer of that agency."""
    _act(world, ActKind.ADD, agency, note, task=world.term("control", task))


@PHRASES.then("that act has no effect")
def without_effect(world: World) -> None:
    """The last act found nothing that its agency could change; it is recorded all the same."""
    acts = world.decided.acts
    expect(acts, "there was no act")
    expect(not acts[-1].effective, "it changed something")


@PHRASES.then("every act is on record with its author and reason")
def on_record(world: World) -> None:
    """Nothing that officers did is lost, whatever was done after it."""
    acts = world.decided.acts
    expect(len(acts) == len(world.acts), f"{len(acts)} of {len(world.acts)} acts are on record")
    expect(all(act.authority and act.note for act in acts), "an act lacks its author or reason")


def _act(world: World, kind: ActKind, agency: str, note: str, *, task: str | None = None) -> None:
    if not note.strip():
        raise UnclearError("an act says why: put it in words")
    on: date = world.decided.on
    world.acts.append(
        replace(
            Act(
                id=f"act-{len(world.acts) + 1}",
                act=kind,
                agency=world.agency(agency),
                authority=f"officer of {agency}",
                on=on,
                reason="reason:ProductSafety",
                note=note,
            ),
            task=task,
        )
    )
    world.decision = world.decide(world.request, on, acts=world.acts)
