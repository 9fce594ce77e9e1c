"""What leaves for other systems, and what changed: exports of releases, and their differences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from engine import publication
from engine import release as releases
from engine.evidence.signing import Verifier
from engine.knowledge import load
from engine.language.diagnostics import RefusedError
from engine.language.difference import Difference, counts
from engine.language.differences import differences
from engine.language.vocabulary import Vocabulary
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


class Comparison(Struct, frozen=True, kw_only=True):
    """Two versions and what differs: *before* and *after* are releases by id, or folders."""

    before: str
    after: str
    counts: dict[str, dict[str, int]]
    differences: tuple[Difference, ...]


class UnreadableError(ValueError):
    """What was to be compared is neither a release nor a sound ontology; the message says why."""


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
    (first, old), (second, new) = _version(before, trusted), _version(after, trusted)
    found = differences(old, new)
    return Comparison(before=first, after=second, counts=counts(found), differences=found)


def between(before: Release, after: Release) -> Comparison:
    """Compare two releases."""
    found = differences(before.vocabulary, after.vocabulary)
    return Comparison(
        before=before.ref.id, after=after.ref.id, counts=counts(found), differences=found
    )


def _version(path: Path, trusted: Sequence[Verifier]) -> tuple[str, Vocabulary]:
    """The name and vocabulary of a release file, of an ontology, or of what holds `ontology/`."""
    if not path.is_dir():
        release = releases.load(path, *trusted, to_run=False)
        return release.ref.id, release.vocabulary
    folder = path / "ontology" if (path / "ontology").is_dir() else path
    if not any(folder.glob("*.ttl")):
        raise UnreadableError(f"{path} is neither a release nor a folder of Turtle modules")
    try:
        return str(path), load(folder)
    except RefusedError as error:
        first, *others = error.diagnostics
        more = f"\nand {len(others)} more: `commensura check`" if others else ""
        raise UnreadableError(f"{path} holds no sound ontology:\n{first}{more}") from None


def comparison_text(comparison: Comparison) -> Iterator[str]:
    """The lines of a comparison; where there are many, how many of each kind come first."""
    found = comparison.differences
    number = len(found) or "no"
    yield f"{comparison.before} → {comparison.after}: {number} difference{'s' * (len(found) != 1)}"
    if len(found) > MANY:
        for kind, row in comparison.counts.items():
            numbers = ", ".join(f"{count} {change}" for change, count in row.items() if count)
            yield f"  {kind}: {numbers}"
    if found:
        yield ""
    yield from map(str, found)
