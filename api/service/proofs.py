"""What is proved of a release, found in a process of its own and kept beside the release's file.

Run as ``python -m api.service.proofs``: a job as JSON on standard input; on standard output a line
of JSON for each step of progress.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from api.service import apart
from engine import release as releases
from engine.evidence.signing import Signer, Verifier, local_signer, verifier_of
from engine.prove import record
from engine.prove.proving import BUDGET
from engine.prove.report import report
from engine.release import Progress, Release

PATIENCE = 900.0
"""Seconds that all of it may take."""


class ProofsError(Exception):
    """There is no record of proofs, for no fault of the release; the message says why."""


class _Job(Struct, frozen=True, kw_only=True):
    release: str
    digest: str
    trusted: tuple[str, ...]
    key: str


def on_record(path: Path, release: Release, trusted: Sequence[Verifier]) -> bool:
    """Whether it is on record what is proved of the *release* in the file at *path*."""
    try:
        record.load(record.beside(path), release.ref, *trusted)
    except record.RecordError:
        return False
    return True


def make(
    path: Path,
    release: Release,
    trusted: Sequence[Verifier],
    key: Path,
    progress: Progress = releases.silent,
) -> None:
    """Put on record what is proved of the *release* at *path*, signed by the *key*; nothing where
    another one has taken its place by then.

    Raises `ProofsError`.
    """
    job = _Job(
        release=str(path),
        digest=release.ref.digest,
        trusted=tuple(one.pem for one in trusted),
        key=str(key),
    )
    signer: Signer = local_signer(key)
    if signer.public.name not in {one.name for one in trusted}:
        raise ProofsError("the key that would sign the record is none that is trusted here")
    try:
        apart.followed(
            __spec__.name,
            job=msgspec.json.encode(job),
            patience=PATIENCE,
            kind=apart.Line,
            progress=progress,
        )
    except apart.ApartError as error:
        raise ProofsError(f"the work {error}") from None


def _main() -> None:
    apart.give_way()
    job = msgspec.json.decode(sys.stdin.buffer.read(), type=_Job)
    path = Path(job.release)
    trusted = [verifier_of(pem.encode()) for pem in job.trusted]
    release = releases.load(path, *trusted)
    if release.ref.digest != job.digest:
        return
    found = record.recorded(report(releases.decider(release), progress=apart.tell), BUDGET)
    if releases.digest_of(path) == job.digest:
        record.save(found, record.beside(path), local_signer(Path(job.key)))


if __name__ == "__main__":
    _main()
