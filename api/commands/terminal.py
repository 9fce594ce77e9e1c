"""What commands share: options, the day, exit codes, answers on stdout and progress on stderr."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
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

from api.inputs import shown
from engine import release as releases
from engine.decide.draw import DrawKeys, local_keys
from engine.declaration.form import YEARS
from engine.evidence.signing import Signer, Verifier, local_signer, read_verifier
from engine.language.diagnostics import Diagnostic

ROOT = Path(__file__).resolve().parent.parent.parent
RELEASE = Path("build/release.json")
HOME = Path(".commensura")
KEY, SIGNING_KEY = HOME / "draw.key", HOME / "signing.key"
PUBLIC_KEY = SIGNING_KEY.with_suffix(".pub")
COOKIE_KEY, DEMO_KEY = HOME / "cookie.key", HOME / "demo.key"
DEMO_PEOPLE = HOME / "demo.people"
DATABASE = HOME / "commensura.db"
REFUSED, BAD_INPUT = 1, 2

err = Console(stderr=True, highlight=False)


class Format(StrEnum):
    """How an answer is written."""

    TEXT = "text"
    JSON = "json"


Root = Annotated[Path, typer.Option(help="The folder with `ontology/` and `rules/`.")]
Form = Annotated[Format, typer.Option("--format", help="How the answer is written.")]
Day = Annotated[
    str | None, typer.Option("--on", metavar="DATE", help="Another day than today: a what-if.")
]
ReleasePath = Annotated[
    Path | None, typer.Option("--release", help="The release to decide by [build/release.json].")
]
Database = Annotated[
    str | None,
    typer.Option(
        metavar="URL",
        envvar="COMMENSURA_DATABASE",
        help="`sqlite:///path` or `postgresql://user@host/name` [.commensura/commensura.db].",
    ),
]
Trust = Annotated[
    list[Path] | None,
    typer.Option(
        metavar="FILE",
        help="The public key of whoever published; may be repeated [.commensura/signing.pub].",
    ),
]
KeyPath = Annotated[Path | None, typer.Option("--key", help="The draw's key file.")]


# Reading


def today() -> date:
    """The day, in UTC: the only clock of the command line."""
    return datetime.now(UTC).date()


def day(text: str | None) -> date:
    """The day that *text* names, or today. Raises `BadParameter` where it names none."""
    if text is None:
        return today()
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(f"`{text}` is no day; write it as 2026-11-23") from None
    if found.year not in YEARS:
        mend = f"write a year from {YEARS.start} to {YEARS.stop - 1}"
        raise click.BadParameter(f"the year {found.year} cannot be meant; {mend}")
    return found


def keys(path: Path, drew: bool = False) -> DrawKeys:
    """The draw's keys, made on first use; not where they *drew* already, as others never did.

    Raises `BadParameter` where the file cannot be used, or is not there though it drew.
    """
    if drew and not path.exists():
        raise click.BadParameter(f"there is no draw's key at {shown(path)}: name it by `--key`")
    try:
        return local_keys(path)
    except (OSError, ValueError) as error:
        raise click.BadParameter(f"the draw's key cannot be used: {error}") from None


def now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


def database_url(url: str | None) -> str:
    """The database that was named, or that of this installation."""
    return url or f"sqlite:///{ROOT / DATABASE}"


def signer(path: Path) -> Signer:
    """The key that signs, made on first use. Raises `BadParameter` where it cannot be used."""
    try:
        return local_signer(path)
    except (OSError, ValueError) as error:
        raise click.BadParameter(f"the signing key cannot be used: {error}") from None


def verifier(path: Path) -> Verifier:
    """The public key in a file. Raises `BadParameter` where there is none."""
    try:
        return read_verifier(path)
    except FileNotFoundError:
        mend = "`commensura publish` makes one, `--key` or `--trust FILE` names another's"
        raise click.BadParameter(f"no public key at {shown(path)}: {mend}") from None
    except (OSError, ValueError) as error:
        raise click.BadParameter(f"the public key cannot be used: {error}") from None


def trusted(named: list[Path] | None, root: Path = ROOT) -> list[Verifier]:
    """The keys that may have signed a release."""
    return [verifier(path) for path in trusted_files(named, root)]


def trusted_files(named: list[Path] | None, root: Path = ROOT) -> list[Path]:
    """The public keys that were named, or else the installation's own if it has one."""
    own = root / PUBLIC_KEY
    return named or ([own] if own.exists() else [])


# Writing


def answer(form: Format, values: Sequence[Any], texts: Iterable[str]) -> None:
    """Print what was asked for, as *values* or as *texts*; a single value is no list."""
    if form is Format.JSON:
        print_json(values[0] if len(values) == 1 else values)
    else:
        typer.echo("\n\n".join(texts))


def print_json(value: Any) -> None:
    text = msgspec.json.encode(msgspec.to_builtins(value))
    typer.echo(msgspec.json.format(text, indent=2).decode())


def complain(error: Exception) -> None:
    """Say on stderr why a command stopped."""
    err.print(f"error: {error}", markup=False, soft_wrap=True)


def report(found: Sequence[Diagnostic]) -> None:
    """Print diagnostics on stderr."""
    for diagnostic in found:
        err.print(str(diagnostic), markup=False, soft_wrap=True)


@contextmanager
def progress() -> Iterator[releases.Progress]:
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
