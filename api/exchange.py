"""What leaves for other systems, and what changed: exports of releases, and their differences."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path

from msgspec import Struct

from engine import publication
from engine import release as releases
from engine.evidence.signing import Verifier
from engine.knowledge import load
from engine.language.base import RuleBase, read_base
from engine.language.diagnostics import RefusedError
from engine.language.difference import Difference, counts, indented
from engine.language.differences import differences
from engine.language.rule import Rule
from engine.language.rule_differences import Version, rule_differences
from engine.language.vocabulary import Vocabulary
from engine.language.withholding import told
from engine.publication import Form
from engine.release import Release

__all__ = [
    "Comparison",
    "Form",
    "UnreadableError",
    "compared",
    "comparison_text",
    "exported",
    "save",
]

MANY = 20
"""Differences above which a text counts them first."""
GROUPED = frozenset({"rule", "table", "parameter", "calendar", "matrix"})
"""Kinds whose differences stand below their subject in a text."""


class Comparison(Struct, frozen=True, kw_only=True):
    """Two versions and what differs: *before* and *after* are releases by id, or folders.

    *rules*: whether both hold rules, so that these were compared. *withheld* counts the rules that
    differ and that whoever asks may not see, at least on one side, with the parameters that they
    alone use. A rule that is seen on one side only is told as if it came or went.
    """

    before: str
    after: str
    rules: bool
    counts: dict[str, dict[str, int]]
    differences: tuple[Difference, ...]
    withheld: int = 0


class UnreadableError(ValueError):
    """What was to be compared is neither a release nor a sound folder; the message says why."""


def exported(
    release: Path, root: Path, form: Form, trusted: Sequence[Verifier], *, hs: bool
) -> bytes:
    """The release file as RDF, with the files under *root* that it was made from.

    Raises `ReleaseError` where they are others, or no trusted key signed it.
    """
    found = releases.load(release, *trusted, to_run=False)
    return publication.export(found, root, form, hs=hs)


def save(graph: bytes, path: Path) -> None:
    """Write an export. Raises `UnreadableError` where the file cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(graph)
    except OSError as error:
        raise UnreadableError(f"{path} cannot be written: {error.strerror}") from None


def compared(before: Path, after: Path, trusted: Sequence[Verifier]) -> Comparison:
    """Compare two release files or folders. Raises `UnreadableError` or `ReleaseError`."""
    (first, words, old), (second, others, new) = (
        _version(path, trusted) for path in (before, after)
    )
    found = differences(words, others)
    if old is not None and new is not None:
        found += rule_differences(Version(words, old), Version(others, new))
    return Comparison(
        before=first,
        after=second,
        rules=old is not None and new is not None,
        counts=counts(found),
        differences=found,
    )


def between(before: Release, after: Release, sees: Callable[[Rule], bool]) -> Comparison:
    """Compare two releases, for somebody who *sees* some of the rules."""
    old, new = (Version(one.vocabulary, one.base) for one in (before, after))
    rules = told(old, new, sees)
    found = (*differences(before.vocabulary, after.vocabulary), *rules.differences)
    return Comparison(
        before=before.ref.id,
        after=after.ref.id,
        rules=True,
        counts=counts(found),
        differences=found,
        withheld=rules.withheld,
    )


def _version(path: Path, trusted: Sequence[Verifier]) -> tuple[str, Vocabulary, RuleBase | None]:
    """The name, vocabulary and rules of a release file, of an ontology, or of what holds
    `ontology/`; None where there are no rules.
    """
    if not path.is_dir():
        release = releases.load(path, *trusted, to_run=False)
        return release.ref.id, release.vocabulary, release.base
    whole = (path / "ontology").is_dir()
    folder = path / "ontology" if whole else path
    if not any(folder.glob("*.ttl")):
        raise UnreadableError(f"{path} is neither a release nor a folder of Turtle modules")
    with _sound(path, "ontology"):
        vocabulary = load(folder)
    if not (whole and (path / "rules").is_dir()):
        return str(path), vocabulary, None
    with _sound(path, "rules"):
        return str(path), vocabulary, read_base(path / "rules", vocabulary).base


@contextmanager
def _sound(path: Path, what: str) -> Iterator[None]:
    """Says of what is refused where it is, and the first of what is wrong with it."""
    try:
        yield
    except RefusedError as error:
        first, *others = error.diagnostics
        more = f"\nand {len(others)} more: `commensura check`" if others else ""
        raise UnreadableError(f"{path} holds no sound {what}:\n{first}{more}") from None


def comparison_text(comparison: Comparison) -> Iterator[str]:
    """The lines of a comparison; where there are many, how many of each kind come first."""
    found = comparison.differences
    number = len(found) or "no"
    notes = "" if comparison.rules else "; rules are not compared, as one side holds none"
    plural = "s" * (len(found) != 1)
    yield f"{comparison.before} → {comparison.after}: {number} difference{plural}{notes}"
    if len(found) > MANY:
        for kind, row in comparison.counts.items():
            numbers = ", ".join(f"{count} {change}" for change, count in row.items() if count)
            yield f"  {kind}: {numbers}"
    if found:
        yield ""
    for _, ones in groupby(found, key=lambda one: (one.kind, one.subject)):
        yield from _grouped(list(ones))


def _grouped(found: list[Difference]) -> Iterator[str]:
    """The differences of one subject; those of a rule, or of what rules share, below its name."""
    first = found[0]
    if not (first.aspect and first.kind in GROUPED):
        yield from map(str, found)
        return
    words = [first.title] if first.title else [f"{len(first.rows)} rows"] if first.rows else []
    yield ": ".join([first.named, *words])
    for one in found:
        yield indented(one.told, 2)
