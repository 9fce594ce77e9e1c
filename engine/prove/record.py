"""Which properties hold of a release: the answers, kept beside it and signed like it.

The record names the release by its digest; it is no part of it, as proving may take longer than
publishing, and may be done again with more time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path

import msgspec
from msgspec import Struct

from engine import files
from engine.decide.decision import ReleaseRef
from engine.evidence.canonical import canonical
from engine.evidence.signing import Signer, Verifier
from engine.language.diagnostics import Diagnostic
from engine.prove.properties import PROPERTIES
from engine.prove.proving import Case, Outcome
from engine.prove.report import Report

FORMAT = "commensura-proofs-1"
_ENDING = ".proofs.json"


class RecordError(ValueError):
    """A record of proofs cannot be used; the message says why and what to do."""


class Held(Struct, frozen=True, kw_only=True):
    """The answer to one property: *case* shows how it is broken, *reason* why it is open."""

    property: str
    outcome: Outcome
    case: Case | None
    reason: str | None


class Record(Struct, frozen=True, kw_only=True):
    """What was found of a release, each property within *budget* seconds."""

    format: str
    release: ReleaseRef
    budget: int
    properties: tuple[Held, ...]


class _Signed(Struct, frozen=True, forbid_unknown_fields=True):
    record: msgspec.Raw
    key: str
    signature: bytes


def beside(release: Path) -> Path:
    """Where the record of a release file stands."""
    return release.with_suffix(_ENDING)


def release_beside(record: Path) -> Path | None:
    """The release file beside which a record stands, if one is there."""
    name = record.name
    path = record.with_name(name.removesuffix(_ENDING) + ".json")
    return path if name.endswith(_ENDING) and path.is_file() else None


def recorded(found: Report, budget: float) -> Record:
    """The record of a report. Seconds are left out: the same rules make the same record."""
    return Record(
        format=FORMAT,
        release=found.release,
        budget=round(budget),
        properties=tuple(
            Held(property=one.property, outcome=one.outcome, case=one.case, reason=one.reason)
            for one in found.proofs
        ),
    )


def save(record: Record, path: Path, signer: Signer) -> None:
    """Write the record, signed; the file appears whole or not at all."""
    body = canonical(msgspec.to_builtins(record, order="sorted"))
    signed = _Signed(msgspec.Raw(body), signer.public.name, signer.sign(_statement(body)))
    files.replace(path, msgspec.json.encode(signed))


def load(path: Path, release: ReleaseRef, *trusted: Verifier) -> Record:
    """The record of *release* that one of the *trusted* keys signed. Raises `RecordError`."""
    record = opened(path, *trusted)
    if record.release.digest != release.digest:
        raise RecordError(f"{path.name} is of release {record.release.id}, not of {release.id}")
    return record


def opened(path: Path, *trusted: Verifier) -> Record:
    """The record, of whatever release, that one of the *trusted* keys signed.

    Raises `RecordError`.
    """
    try:
        signed = msgspec.json.decode(path.read_bytes(), type=_Signed)
    except FileNotFoundError:
        raise RecordError(f"no proofs at {path}: run `commensura publish --prove`") from None
    except (OSError, ValueError, RecursionError) as error:
        raise RecordError(f"{path.name} is no record of proofs: {error}") from None
    statement = _statement(bytes(signed.record))
    keys = [key for key in trusted if key.name == signed.key]
    if not any(key.verify(signed.signature, statement) for key in keys):
        raise RecordError(f"{path.name} was changed, or signed by a key that is not trusted here")
    try:
        return msgspec.json.decode(signed.record, type=Record)
    except ValueError as error:
        raise RecordError(f"{path.name} is no whole record: {error}") from None


def missing(properties: Iterable[Held], required: Collection[str]) -> list[Diagnostic]:
    """An error for each property that is *required* and not proved, or of which nothing is said."""
    found = {one.property: one for one in properties}
    return [
        _lacking(name, found.get(name))
        for name in required
        if name not in found or found[name].outcome is not Outcome.PROVED
    ]


def _lacking(name: str, held: Held | None) -> Diagnostic:
    known = PROPERTIES.get(name)
    if held is None:
        message = f"it is not known whether `{name}` holds"
    else:
        why = held.case.says if held.case else held.reason
        message = f"`{name}` is {held.outcome}" + (f": {why}" if why else "")
    return Diagnostic(
        code="not-proved",
        message=message,
        file="rules",
        help=(f"{known.article}: {known.statement} " if known else "")
        + f"See `commensura prove --property {name}`",
    )


def _statement(body: bytes) -> bytes:
    """What is signed: never what could be the statement of a release or checkpoint."""
    return b"commensura proofs " + body + b"\n"
