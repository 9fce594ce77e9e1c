"""What `verify` answers: whether files are what somebody signed, with a public key and no server.

A file is known by what it holds: a release, a record of what is proved of one, a receipt, the draw
of a day, a checkpoint, or the proof that a log grew from one checkpoint to the next. The record
that stands beside a release is looked at with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from api.inputs import shown
from api.redrawing import draw_checks
from engine import release as releases
from engine.evidence import checkpoint, receipt
from engine.evidence import draws as draws_of_days
from engine.evidence.check import Check, Result, judged, refused
from engine.evidence.checkpoint import Growth
from engine.evidence.draws import Draw
from engine.evidence.note import NoteError
from engine.evidence.receipt import Receipt
from engine.evidence.signing import Verifier
from engine.prove import record as records
from engine.prove.proving import Outcome
from engine.prove.record import Record, RecordError


class UnverifiableError(ValueError):
    """A file is nothing that can be verified; the message says why."""

    def __init__(self, message: str) -> None:
        super().__init__(_printable(message))


class Verification(Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """What was looked at in *files*, and each check. *what* says in words what they are.

    *properties*, of a record of proofs that is verified: those of each outcome, by id.
    """

    files: tuple[str, ...]
    what: str
    verified: bool
    checks: tuple[Check, ...]
    properties: dict[str, tuple[str, ...]] = {}


def verified(files: Sequence[Path], key: Verifier) -> list[Verification]:
    """Verify releases, receipts and draws each by itself, then draws with the receipts they made;
    records of proofs with their releases; and checkpoints, the earlier first, together.

    Raises `UnverifiableError` where a file is nothing of that.
    """
    found: list[Verification] = []
    given: list[Path] = []
    proved: list[Path] = []
    receipts: dict[int, Receipt] = {}
    draws: dict[int, Draw] = {}
    notes: list[tuple[Path, str]] = []
    proofs: list[tuple[Path, Growth]] = []
    for path in files:
        body = _read(path)
        keys = _keys(body)
        if keys is None:
            notes.append((path, _text(path, body)))
        elif "release" in keys:
            found.append(_release(path, key))
            given.append(path)
        elif {"record", "signature"} <= keys:
            proved.append(path)
        elif "record" in keys:
            receipts[len(found)], verification = _receipt(path, body, key)
            found.append(verification)
        elif "commitment" in keys:
            draws[len(found)], verification = _draw(path, body, key)
            found.append(verification)
        elif "proof" in keys:
            proofs.append((path, _growth(path, body)))
        else:
            raise UnverifiableError(
                f"{shown(path)} is neither a release nor a receipt, record of proofs, draw, "
                "checkpoint or proof of growth"
            )
    sound = [place for place in receipts if found[place].verified]
    checks = draw_checks(
        [receipts[place] for place in sound],
        [draw for place, draw in draws.items() if found[place].verified],
    )
    for place, check in zip(sound, checks, strict=True):
        if check is not None:
            found[place] = _with(found[place], check)
    proved += (path for one in given if (path := records.beside(one)).exists())
    found += (_proofs(path, given, key) for path in _once(proved))
    if notes or proofs:
        found.append(_log(notes, proofs, key))
    return found


def as_text(found: Sequence[Verification]) -> Iterator[str]:
    """The lines that say each check.

    Whatever a file says of itself stays within its line: no receipt can write a check of its own.
    """
    for one in found:
        result = "verified" if one.verified else "REFUSED"
        yield _printable(f"{result}: {', '.join(one.files)}, {one.what}")
        width = max(map(len, (*(check.name for check in one.checks), *one.properties)))
        for check in one.checks:
            yield _printable(f"  {check.name:<{width}}  {check.result}: {check.message}")
        for outcome, names in one.properties.items():
            yield _printable(f"  {outcome:<{width}}  {', '.join(names)}")


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text)


def _said(files: Sequence[Path], what: str, checks: Sequence[Check]) -> Verification:
    return Verification(
        files=tuple(map(shown, files)),
        what=what,
        verified=not refused(checks),
        checks=tuple(checks),
    )


def _release(path: Path, key: Verifier) -> Verification:
    try:
        return _said([path], "release", releases.verified(path, key))
    except releases.ReleaseError as error:
        raise UnverifiableError(str(error)) from None


def _proofs(path: Path, given: Sequence[Path], key: Verifier) -> Verification:
    """A record of proofs, held against the release beside it, or else against those *given*."""
    try:
        record = records.opened(path, key)
    except RecordError as error:
        return _said([path], "record of proofs", [Check("signature", Result.FAILS, str(error))])
    own = records.release_beside(path)
    checks = [
        Check("signature", Result.HOLDS, f"key {key.name} signed the record"),
        _of_release(record, given if own is None else [own]),
    ]
    found = _said([path], f"record of proofs of release {record.release.id}", checks)
    return replace(found, properties=_by_outcome(record)) if found.verified else found


def _of_release(record: Record, files: Sequence[Path]) -> Check:
    name, digest = "release", record.release.digest
    if not files:
        return Check(name, Result.UNCHECKED, f"give the release, too: it has digest {digest}")
    try:
        same = [path for path in files if releases.digest_of(path) == digest]
    except releases.ReleaseError as error:
        return Check(name, Result.FAILS, str(error))
    others = " or ".join(map(shown, files))
    return judged(
        name,
        bool(same),
        f"the record is of {' and '.join(map(shown, same))}",
        f"the record is of another release than {others}: it has digest {digest}",
    )


def _by_outcome(record: Record) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for outcome in Outcome:
        names = tuple(one.property for one in record.properties if one.outcome is outcome)
        if names:
            found[outcome.value] = names
    return found


def _once(paths: Iterable[Path]) -> list[Path]:
    """Each file once, though it is named and stands beside a release that is named."""
    return list({path.resolve(): path for path in paths}.values())


def _receipt(path: Path, body: bytes, key: Verifier) -> tuple[Receipt, Verification]:
    try:
        found = receipt.read(body)
        checks = receipt.verified(body, key)
    except receipt.ReceiptError as error:
        raise UnverifiableError(f"{shown(path)} is {error}") from None
    record = found.record
    what = f"receipt of the {record.kind} {record.id} on {record.subject}, {record.at.isoformat()}"
    return found, _said([path], what, checks)


def _draw(path: Path, body: bytes, key: Verifier) -> tuple[Draw, Verification]:
    try:
        found = draws_of_days.read(body)
        checks = draws_of_days.verified(found, key)
    except (draws_of_days.DrawError, receipt.ReceiptError) as error:
        raise UnverifiableError(f"{shown(path)} is {error}") from None
    return found, _said([path], f"draw of {found.day}", checks)


def _with(verification: Verification, check: Check) -> Verification:
    checks = (*verification.checks, check)
    return replace(verification, checks=checks, verified=not refused(checks))


def _log(
    notes: Sequence[tuple[Path, str]], proofs: Sequence[tuple[Path, Growth]], key: Verifier
) -> Verification:
    if not 1 <= len(notes) <= 2 or len(proofs) > len(notes) - 1:
        raise UnverifiableError(
            "give one checkpoint, or two and the proof that the log grew from one to the other"
        )
    files = [path for path, _ in (*notes, *proofs)]
    texts = [text for _, text in notes]
    if len(notes) == 1:
        return _said(files, "checkpoint", [checkpoint.signature_check(texts[0], key)])
    first, second = map(checkpoint.read, texts)
    proof = proofs[0][1] if proofs else None
    if proof and (proof.first, proof.second) != (first.size, second.size):
        raise UnverifiableError(
            f"{shown(proofs[0][0])} is the proof from {proof.first} to {proof.second} entries; "
            f"the checkpoints have {first.size} and {second.size}"
        )
    if not proof and 0 < first.size < second.size:
        raise UnverifiableError(
            f"give the proof that the log grew from {first.size} to {second.size} entries, too"
        )
    checks = checkpoint.grown(texts[0], texts[1], proof.proof if proof else (), key)
    return _said(files, "two checkpoints of a log", checks)


# Reading


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UnverifiableError(f"{shown(path)} cannot be read: {error.strerror}") from None


def _keys(body: bytes) -> set[str] | None:
    """The keys of an object in JSON; None for anything else."""
    try:
        return set(msgspec.json.decode(body, type=dict[str, msgspec.Raw]))
    except (ValueError, RecursionError):
        return None


def _text(path: Path, body: bytes) -> str:
    """The checkpoint in a file, once it is seen to be one."""
    try:
        text = body.decode("utf-8")
        checkpoint.read(text)
    except UnicodeDecodeError:
        raise UnverifiableError(f"{shown(path)} is neither JSON nor a checkpoint") from None
    except NoteError as error:
        raise UnverifiableError(
            f"{shown(path)} is neither JSON nor a checkpoint: {error}"
        ) from None
    return text


def _growth(path: Path, body: bytes) -> Growth:
    try:
        return msgspec.json.decode(body, type=Growth)
    except (ValueError, RecursionError) as error:
        raise UnverifiableError(f"{shown(path)} is no proof of growth: {error}") from None
