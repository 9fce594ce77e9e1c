"""Commands for legal reviewers: review a release by its specifications, and file a report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api import inputs, reporting
from api.commands import terminal
from api.commands.terminal import ROOT, Day, Form, Format, ReleasePath, Root, Trust
from api.service.sight import Sight
from api.words.report import WORDS, report
from engine import files
from engine import release as releases
from engine.release import Release
from engine.specs import review as reviews
from engine.specs.review import Review, Specifications
from engine.specs.runner import Outcome, ScenarioResult
from engine.specs.world import Ground


def review(
    root: Root = ROOT,
    release_path: ReleasePath = None,
    out: Annotated[
        Path | None, typer.Option(help="A file for the report, `.pdf` or `.html`.")
    ] = None,
    public: Annotated[
        bool, typer.Option(help="Leave out what names rules that are not public.")
    ] = False,
    form: Form = Format.TEXT,
    on: Day = None,
    trust: Trust = None,
) -> None:
    """Run every scenario of the agreements on the knowledge base, or on a release."""
    if out is not None:
        reporting.check(out.suffix)
    day = terminal.day(on)
    with terminal.progress() as progress:
        if release_path is None:
            release = releases.checked(root, day, progress)[0]
        else:
            release = releases.load(release_path, *terminal.trusted(trust, root), to_run=True)
        folder = root / reviews.FOLDER
        found = reviews.review(
            Ground.of(release, folder / "declarations"),
            Specifications.read(folder),
            day,
            progress,
            sources=reviews.sources(folder),
        )
    if out is not None:
        shown = report(found, release, Sight(release.base.rules, None) if public else None)
        files.replace(out, reporting.rendered(shown, out.suffix), files.EVERYONE)
    if form is Format.JSON:
        terminal.print_json(_summary(found, release))
    else:
        _tell(found)
        if out is not None:
            typer.echo(f"report: {inputs.shown(out)}")
    if any(one.outcome is not Outcome.PASSED for one in found.results):
        raise typer.Exit(terminal.REFUSED)


def _tell(found: Review) -> None:
    """A line for each clause, and each scenario that does not hold with the step that fails."""
    for feature in found.specifications.features:
        results = found.of(feature.scenarios)
        passed = [one for one in results if one.outcome is Outcome.PASSED]
        sign = "✓" if len(passed) == len(results) else "✗"
        typer.echo(
            f"{sign} {feature.clause:<11} {len(passed):>3} of {len(results):<3} {feature.name}"
        )
        for one in results:
            if one.outcome is not Outcome.PASSED:
                typer.echo(f"    {_place(one)}: {one.scenario.name}")
                typer.echo(f"      {WORDS[one.outcome]}: {one.words}")
    flagged = sum(one.flagged for one in found.findings)
    held = sum(one.outcome is Outcome.PASSED for one in found.results)
    typer.echo(
        f"{held} of {len(found.results)} scenarios hold; {flagged} flags on rules; "
        f"{len(found.readings)} interpretations on the register"
    )


def _place(one: ScenarioResult) -> str:
    return f"{one.scenario.file}:{one.scenario.line}"


def _summary(found: Review, release: Release) -> dict[str, object]:
    return {
        "release": release.ref,
        "on": found.on,
        "scenarios": [
            {
                "clause": one.obligation.clause,
                "name": one.scenario.name,
                "file": one.scenario.file,
                "line": one.scenario.line,
                "outcome": one.outcome,
                "words": one.words or None,
            }
            for one in found.results
        ],
        "findings": [one for one in found.findings if one.flagged],
        "seconds": round(found.seconds, 2),
    }
