"""Commands on the knowledge base: check, publish, verify, export, diff, new rule."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from api import exchange, inputs, scaffold, verifying
from api.commands import proving, terminal
from api.commands.terminal import (
    DATABASE,
    PUBLIC_KEY,
    RELEASE,
    ROOT,
    SIGNING_KEY,
    Database,
    Day,
    Form,
    Format,
    ReleasePath,
    Root,
    Trust,
)
from api.safeguarded import safeguarded
from api.service.authoring import overwriting
from api.store import Store
from engine import release as releases
from engine.language.diagnostics import RefusedError
from engine.prove import comparison as comparing
from engine.prove import record
from engine.prove.proving import BUDGET
from engine.prove.report import lines


def check(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[FILE...]",
            help="Declarations to try the safeguards on, too: as for `decide`. Twins of each item "
            "are decided, of other origins and traders.",
        ),
    ] = None,
    root: Root = ROOT,
    form: Form = Format.TEXT,
    on: Day = None,
    findings: Annotated[
        bool, typer.Option("--findings", help="List every finding of safeguards, not flags only.")
    ] = False,
) -> None:
    """Check the knowledge base: ontology, rules, examples, safeguards. No release is made."""
    messages, _ = inputs.read_all(files or [], None)
    day = terminal.day(on)
    try:
        with terminal.progress() as progress:
            release, program, found = releases.checked(root, day, progress)
            told = safeguarded(program, messages, day, progress)
        found += told.warnings(found)
    except RefusedError as error:
        if form is Format.JSON:
            terminal.print_json({"ok": False, "diagnostics": error.diagnostics})
            raise typer.Exit(terminal.REFUSED) from None
        raise
    if form is Format.JSON:
        rules = len(release.base.rules)
        terminal.print_json({"ok": True, "rules": rules, "diagnostics": found, **told.plain})
        return
    terminal.report(found)
    typer.echo("\n".join(told.lines(every=findings)))
    typer.echo(f"{len(release.base.rules)} rules, no errors, {len(found)} warnings")


def publish(
    root: Root = ROOT,
    release_path: ReleasePath = None,
    form: Form = Format.TEXT,
    key: Annotated[
        Path | None, typer.Option(help="The key that signs [.commensura/signing.key].")
    ] = None,
    database: Database = None,
    over: Annotated[
        str | None,
        typer.Option(
            metavar="DIGEST", help="Publish over the release in force, though the editor made it."
        ),
    ] = None,
    prove: Annotated[
        bool,
        typer.Option("--prove", help="Record which properties hold, signed, beside the release."),
    ] = False,
    required: proving.Required = None,
) -> None:
    """Check everything, let both engines agree, and write the release, signed."""
    path = release_path or root / RELEASE
    signer = terminal.signer(key or root / SIGNING_KEY)
    with _store(root, database) as store:
        before = None if store is None else overwriting.checked(store, root, over)
        with terminal.progress() as progress:
            release, found = releases.build(root, terminal.today(), progress)
            proofs = proving.proofs(release, required, progress) if prove or required else None
        terminal.report(found)
        if store is not None and before is not None:
            body = releases.sealed(releases.spoken(release), signer)
            overwriting.enter(store, body, root, before, terminal.now())
        ref = releases.save(release, path, signer)
        if proofs is not None:
            record.save(record.recorded(proofs, BUDGET), record.beside(path), signer)
    if form is Format.JSON:
        terminal.print_json(
            {
                "release": ref,
                "key": signer.public.name,
                "rules": len(release.base.rules),
                "warnings": found,
                **({} if proofs is None else {"proofs": proofs.proofs}),
            }
        )
        return
    agreed = (
        f"both engines agreed on {release.agreement_run} generated items"
        if release.agreement_run
        else "one engine only: durable-rules is not available on this Python"
    )
    typer.echo(f"release {ref.id}: {len(release.base.rules)} rules; {agreed}")
    typer.echo(f"{ref.digest}  {inputs.shown(path)}")
    typer.echo(f"signed by key {signer.public.name}")
    if proofs is not None:
        typer.echo("\n".join(lines(proofs)))


@contextmanager
def _store(root: Path, url: str | None) -> Iterator[Store | None]:
    """The store that was named, or that of the installation if it has one.

    Raises `StoreError` where it cannot be read.
    """
    own = root / DATABASE
    if url is None and not own.exists():
        yield None
        return
    with Store.open(url or f"sqlite:///{own}") as store:
        yield store


def verify(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE...",
            help="Releases, records of what is proved of them, receipts, the draws of their days, "
            "a checkpoint; or two checkpoints, the earlier first, and the proof that the log grew.",
        ),
    ],
    key: Annotated[
        Path | None,
        typer.Option(help="The public key of whoever signed [.commensura/signing.pub]."),
    ] = None,
    form: Form = Format.TEXT,
) -> None:
    """Check what was published or recorded, by its signature and proofs, without a server."""
    found = verifying.verified(files, terminal.verifier(key or ROOT / PUBLIC_KEY))
    if form is Format.JSON:
        terminal.print_json(found[0] if len(found) == 1 else found)
    else:
        typer.echo("\n".join(verifying.as_text(found)))
    if not all(one.verified for one in found):
        raise typer.Exit(terminal.REFUSED)


def export(
    root: Root = ROOT,
    release_path: ReleasePath = None,
    form: Annotated[
        exchange.Form, typer.Option("--format", help="How the graph is written.")
    ] = exchange.Form.TURTLE,
    output: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Where to [standard output].")
    ] = None,
    hs: Annotated[bool, typer.Option("--hs", help="With all codes of HS 2022.")] = False,
    trust: Trust = None,
) -> None:
    """Write a release as RDF: ontology, public rules, and where all of it came from."""
    graph = exchange.exported(
        release_path or root / RELEASE, root, form, terminal.trusted(trust, root), hs=hs
    )
    if output is None:
        sys.stdout.buffer.write(graph)
    else:
        exchange.save(graph, output)
        typer.echo(f"{len(graph)} bytes  {inputs.shown(output)}")


def diff(
    before: Annotated[Path, typer.Argument(metavar="A", help="A release file, or a folder.")],
    after: Annotated[Path, typer.Argument(metavar="B", help="Another, of the same or later day.")],
    form: Form = Format.TEXT,
    meaning: Annotated[
        bool,
        typer.Option("--meaning", help="Also whether it is stricter or lighter, and for what."),
    ] = False,
    sample: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Declarations, as XML or JSON, of which to count those affected.",
        ),
    ] = None,
    trust: Trust = None,
) -> None:
    """Say what differs between two releases or folders: axioms, fields, rules; what it means."""
    comparison = exchange.compared(before, after, terminal.trusted(trust))
    meant = proving.meaning_of_change(before, after, sample, trust) if meaning or sample else None
    if form is Format.JSON:
        fields = msgspec.to_builtins(comparison)
        terminal.print_json(fields if meant is None else {**fields, "meaning": meant[0]})
    else:
        told = [*exchange.comparison_text(comparison), *(comparing.lines(*meant) if meant else ())]
        typer.echo("\n".join(told))


def new_rule(
    identifier: Annotated[
        str, typer.Argument(metavar="ID", help="Such as `products/toys/rattles`.")
    ],
    root: Root = ROOT,
) -> None:
    """Write a rule to start from, with its examples, under `rules/`."""
    path = scaffold.new_rule(root / "rules", identifier, terminal.today())
    typer.echo(f"{inputs.shown(path)}: fill in what is marked, then run `commensura check`")
