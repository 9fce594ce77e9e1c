"""The command line: check, publish, decide, verify, survey, term, export, diff, serve and others.

Exit codes: 0 done, 1 refused by a check, 2 bad input. Answers go to stdout, progress and
diagnostics to stderr.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import click
import msgspec
import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from api import exchange, inputs, scaffold, survey, verifying
from api.messages import Cancellation, by_declaration, named
from api.words.terms import TermPages
from api.words.text import look_up
from engine import release as releases
from engine.decide.answer import EngineError
from engine.decide.audience import for_trader
from engine.decide.deciding import Decider
from engine.decide.decision import Decision
from engine.decide.draw import DrawKeys, local_keys
from engine.decide.text import officer_text, trader_text
from engine.declaration.problems import MalformedError
from engine.declaration.schema import request_schema
from engine.evidence.signing import Signer, Verifier, local_signer, read_verifier
from engine.language.diagnostics import Diagnostic, RefusedError

ROOT = Path(__file__).resolve().parent.parent
RELEASE = Path("build/release.json")
KEY = Path(".commensura/draw.key")
SIGNING_KEY = Path(".commensura/signing.key")
PUBLIC_KEY = SIGNING_KEY.with_suffix(".pub")
DONE, REFUSED, BAD_INPUT = 0, 1, 2

app = typer.Typer(
    help="Harmonised, proportionate risk criteria for border agencies.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
new = typer.Typer(help="Start a new file from a template.", no_args_is_help=True)
app.add_typer(new, name="new")
err = Console(stderr=True, highlight=False)


class Format(StrEnum):
    """How an answer is written."""

    TEXT = "text"
    JSON = "json"


class Audience(StrEnum):
    """Who the answer is for."""

    OFFICER = "officer"
    TRADER = "trader"


Root = Annotated[Path, typer.Option(help="The folder with `ontology/` and `rules/`.")]
Form = Annotated[Format, typer.Option("--format", help="How the answer is written.")]
Day = Annotated[
    str | None, typer.Option("--on", metavar="DATE", help="Another day than today: a what-if.")
]
ReleasePath = Annotated[
    Path | None, typer.Option("--release", help="The release to decide by [build/release.json].")
]
Trust = Annotated[
    list[Path] | None,
    typer.Option(
        metavar="FILE",
        help="The public key of whoever published; may be repeated [.commensura/signing.pub].",
    ),
]


def main() -> None:
    """Run the command line; no error of a user shows a stack trace."""
    try:
        app()
    except RefusedError as error:
        _report(error.diagnostics)
        sys.exit(REFUSED)
    except (
        MalformedError,
        releases.ReleaseError,
        exchange.UnreadableError,
        verifying.UnverifiableError,
        click.BadParameter,
    ) as error:
        err.print(f"error: {error}", markup=False, soft_wrap=True)
        sys.exit(BAD_INPUT)
    except EngineError as error:
        err.print(f"error: {error}", markup=False, soft_wrap=True)
        sys.exit(REFUSED)


def today() -> date:
    """The day, in UTC: the only clock of the command line."""
    return datetime.now(UTC).date()


@app.command()
def check(root: Root = ROOT, form: Form = Format.TEXT, on: Day = None) -> None:
    """Check the knowledge base: ontology, rules, examples. No release is made."""
    try:
        with _progress() as progress:
            release, _, found = releases.checked(root, _day(on), progress)
    except RefusedError as error:
        if form is Format.JSON:
            _print_json({"ok": False, "diagnostics": error.diagnostics})
            raise typer.Exit(REFUSED) from None
        raise
    if form is Format.JSON:
        _print_json({"ok": True, "rules": len(release.base.rules), "diagnostics": found})
    else:
        _report(found)
        typer.echo(f"{len(release.base.rules)} rules, no errors, {len(found)} warnings")


@app.command()
def publish(
    root: Root = ROOT,
    release_path: ReleasePath = None,
    form: Form = Format.TEXT,
    key: Annotated[
        Path | None, typer.Option(help="The key that signs [.commensura/signing.key].")
    ] = None,
) -> None:
    """Check everything, let both engines agree, and write the release, signed."""
    path = release_path or root / RELEASE
    signer = _signer(key or root / SIGNING_KEY)
    with _progress() as progress:
        release, found = releases.build(root, today(), progress)
    _report(found)
    ref = releases.save(release, path, signer)
    if form is Format.JSON:
        _print_json(
            {
                "release": ref,
                "key": signer.public.name,
                "rules": len(release.base.rules),
                "warnings": found,
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


@app.command()
def decide(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE...",
            help="Declarations or requests, as JSON or WCO XML. Files with the same declaration "
            "id are versions, oldest first; an amendment follows what it amends. `-` reads "
            "standard input.",
        ),
    ],
    on: Day = None,
    known: Annotated[
        Path | None,
        typer.Option(help="What the agency knows: a JSON file in the shape of `known`."),
    ] = None,
    acts: Annotated[
        Path | None,
        typer.Option(help="What officers have done about the goods: a JSON file of acts."),
    ] = None,
    form: Form = Format.TEXT,
    audience: Annotated[Audience, typer.Option(help="Whose answer.")] = Audience.OFFICER,
    first_seen: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="The day the goods were first seen; keys the draw."),
    ] = None,
    release_path: ReleasePath = None,
    trust: Trust = None,
    key: Annotated[Path | None, typer.Option(help="The draw's key file.")] = None,
) -> None:
    """Decide on declarations and say why."""
    messages, cancelled = inputs.read_all(files, known)
    decider = releases.decider(releases.load(release_path or ROOT / RELEASE, *_trusted(trust)))
    day = _day(on)
    seen = _day(first_seen) if first_seen else None
    keys = _keys(key or ROOT / KEY)
    groups = list(by_declaration(messages))
    done = () if acts is None else inputs.read_acts_on(acts, len(groups))
    decisions: list[Decision] = []
    for versions in groups:
        try:
            with versions[-1].naming():
                decided = decider.decide_versions(
                    [one.request for one in versions],
                    on=day,
                    keys=keys,
                    first_seen=seen,
                    what_if=day != today(),
                    acts=done,
                )
        except MalformedError as error:
            if acts is not None and error.problems[0].pointer.startswith("/acts"):
                raise named(inputs.shown(acts), error.problems) from None
            raise
        decisions += (one.told(decision) for one, decision in zip(versions, decided, strict=True))
    _answer(decider, decisions, cancelled, form, audience)


@app.command("survey")
def survey_folders(
    folders: Annotated[
        list[Path], typer.Argument(metavar="FOLDER...", help="Declarations, as XML or JSON.")
    ],
    on: Day = None,
    form: Form = Format.TEXT,
    release_path: ReleasePath = None,
    trust: Trust = None,
) -> None:
    """Decide on every declaration in folders and sum up; a what-if that binds nobody."""
    decider = releases.decider(releases.load(release_path or ROOT / RELEASE, *_trusted(trust)))
    with _progress() as progress:
        found = survey.survey(folders, decider, _day(on), progress)
    if form is Format.JSON:
        _print_json(found)
    else:
        typer.echo(survey.as_text(found))


@app.command()
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
        release_path or root / RELEASE, root, form, _trusted(trust, root), hs=hs
    )
    if output is None:
        sys.stdout.buffer.write(graph)
    else:
        exchange.save(graph, output)
        typer.echo(f"{len(graph)} bytes  {inputs.shown(output)}")


@app.command()
def diff(
    before: Annotated[Path, typer.Argument(metavar="A", help="A release file, or an ontology.")],
    after: Annotated[Path, typer.Argument(metavar="B", help="Another, of the same or later day.")],
    form: Form = Format.TEXT,
    trust: Trust = None,
) -> None:
    """Say what differs between two releases or ontologies, by axiom and field."""
    comparison = exchange.compared(before, after, _trusted(trust))
    if form is Format.JSON:
        _print_json(comparison)
    else:
        typer.echo("\n".join(exchange.comparison_text(comparison)))


@app.command()
def schema() -> None:
    """Print the JSON Schema of a request for a decision."""
    _print_json(request_schema())


@app.command()
def term(
    names: Annotated[
        list[str],
        typer.Argument(
            metavar="ID...",
            help="Such as `product:Toy` or `goods.value`. A word or a commodity code searches.",
        ),
    ],
    form: Form = Format.TEXT,
    release_path: ReleasePath = None,
    trust: Trust = None,
) -> None:
    """Show terms and facts: what they mean, their place, the law and the rules that use them."""
    release = releases.load(release_path or ROOT / RELEASE, *_trusted(trust))
    pages = TermPages(release.base.rules, release.vocabulary, release.base.parameters)
    try:
        shown = [look_up(pages, name, today()) for name in names]
    except LookupError as error:
        raise click.BadParameter(str(error.args[0])) from None
    if form is Format.JSON:
        answers = [one.value for one in shown]
        _print_json(answers[0] if len(answers) == 1 else answers)
    else:
        typer.echo("\n\n".join(one.text for one in shown))


@app.command()
def serve(
    port: Annotated[int, typer.Option(help="The port on the loopback address.")] = 8000,
    release_path: ReleasePath = None,
    trust: Trust = None,
    key: Annotated[Path | None, typer.Option(help="The draw's key file.")] = None,
    demo: Annotated[
        Path | None, typer.Option(help="Once up, post this declaration and print the exchange.")
    ] = None,
) -> None:
    """Serve decisions and rules over HTTP."""
    from api import serving  # the web framework is loaded only where it is needed

    path = release_path or ROOT / RELEASE
    releases.load(path, *_trusted(trust))  # refuse a bad release here, not in the worker
    _keys(key or ROOT / KEY)
    serving.serve(path, _trusted_files(trust), key or ROOT / KEY, port, demo)


@app.command()
def verify(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE...",
            help="Releases, receipts, a checkpoint; or two checkpoints, the earlier first, and "
            "the proof that the log grew.",
        ),
    ],
    key: Annotated[
        Path | None,
        typer.Option(help="The public key of whoever signed [.commensura/signing.pub]."),
    ] = None,
    form: Form = Format.TEXT,
) -> None:
    """Check what was published or recorded, by its signature and proofs, without a server."""
    found = verifying.verified(files, _verifier(key or ROOT / PUBLIC_KEY))
    if form is Format.JSON:
        _print_json(found[0] if len(found) == 1 else found)
    else:
        typer.echo("\n".join(verifying.as_text(found)))
    if not all(one.verified for one in found):
        raise typer.Exit(REFUSED)


@new.command("rule")
def new_rule(
    identifier: Annotated[
        str, typer.Argument(metavar="ID", help="Such as `products/toys/rattles`.")
    ],
    root: Root = ROOT,
) -> None:
    """Write a rule to start from, with its examples, under `rules/`."""
    path = scaffold.new_rule(root / "rules", identifier, today())
    typer.echo(f"{inputs.shown(path)}: fill in what is marked, then run `commensura check`")


# Reading


def _day(text: str | None) -> date:
    if text is None:
        return today()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(f"`{text}` is no day; write it as 2026-11-23") from None


def _keys(path: Path) -> DrawKeys:
    try:
        return local_keys(path)
    except (OSError, ValueError) as error:
        raise click.BadParameter(f"the draw's key cannot be used: {error}") from None


def _signer(path: Path) -> Signer:
    try:
        return local_signer(path)
    except (OSError, ValueError) as error:
        raise click.BadParameter(f"the signing key cannot be used: {error}") from None


def _verifier(path: Path) -> Verifier:
    try:
        return read_verifier(path)
    except FileNotFoundError:
        mend = "`commensura publish` makes one, `--key` or `--trust FILE` names another's"
        raise click.BadParameter(f"no public key at {inputs.shown(path)}: {mend}") from None
    except (OSError, ValueError) as error:
        raise click.BadParameter(f"the public key cannot be used: {error}") from None


def _trusted(files: list[Path] | None, root: Path = ROOT) -> list[Verifier]:
    return [_verifier(path) for path in _trusted_files(files, root)]


def _trusted_files(files: list[Path] | None, root: Path = ROOT) -> list[Path]:
    """The public keys that were named, or else the installation's own if it has one."""
    own = root / PUBLIC_KEY
    return files or ([own] if own.exists() else [])


# Writing


def _answer(
    decider: Decider,
    decisions: list[Decision],
    cancelled: list[Cancellation],
    form: Format,
    audience: Audience,
) -> None:
    vocabulary = decider.program.vocabulary
    if audience is Audience.TRADER:
        views = [for_trader(decision, vocabulary) for decision in decisions]
        texts = [trader_text(view) for view in views]
        answers: list[Any] = list(views)
    else:
        texts = [officer_text(decision, vocabulary) for decision in decisions]
        answers = list(decisions)
    answers += cancelled
    texts += (f"{one.declaration or 'no number'}: {one.message}" for one in cancelled)
    if form is Format.JSON:
        _print_json(answers[0] if len(answers) == 1 else answers)
    else:
        typer.echo("\n\n".join(texts))


def _print_json(value: Any) -> None:
    text = msgspec.json.encode(msgspec.to_builtins(value))
    typer.echo(msgspec.json.format(text, indent=2).decode())


def _report(found: Sequence[Diagnostic]) -> None:
    for diagnostic in found:
        err.print(str(diagnostic), markup=False, soft_wrap=True)


@contextmanager
def _progress() -> Iterator[releases.Progress]:
    """A bar a step on stderr, or a plain line a step where nobody looks at a terminal."""
    bar = Progress(
        TextColumn("{task.description:<12}"),
        BarColumn(),
        TextColumn("{task.completed}/{task.total}"),
        console=err,
        disable=not err.is_terminal,
    )
    tasks: dict[str, Any] = {}

    def show(step: str, done: int, total: int) -> None:
        if step not in tasks:
            for task in tasks.values():
                bar.update(task, completed=bar.tasks[task].total)
            tasks[step] = bar.add_task(step, total=total)
            if not err.is_terminal:
                err.print(f"{step} …", markup=False)
        bar.update(tasks[step], completed=done, total=total)

    with bar:
        yield show
        for task in tasks.values():
            bar.update(task, completed=bar.tasks[task].total)
