"""A release: ontology and rules built, checked, digested, signed; the only thing that decides.

Turtle → vocabulary → rules → static checks → examples → network → agreement run → canonical JSON
(RFC 8785), its SHA-256 and a signature of that. Any error: no release. In memory a release is not
signed; a release file always is, and is written whole or not at all.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Struct

from engine import files
from engine.decide import network, semantics
from engine.decide.agreement import disagreements
from engine.decide.answer import Engine
from engine.decide.deciding import Decider
from engine.decide.decision import ReleaseRef
from engine.decide.examples import compiled, row_examples, run_examples
from engine.decide.generate import Generator
from engine.decide.isolation import Isolated
from engine.decide.network import Network
from engine.decide.program import Program
from engine.decide.semantics import Semantics
from engine.evidence.canonical import canonical
from engine.evidence.check import Check, Result, judged
from engine.evidence.signing import Signer, Verifier
from engine.knowledge import BOTH, load_classified
from engine.language.base import RuleBase, read_base
from engine.language.checks import check
from engine.language.diagnostics import Diagnostic, RefusedError, Severity
from engine.language.vocabulary import Vocabulary

FORMAT = "commensura-release-1"
AGREEMENT_RUN = 500

Progress = Callable[[str, int, int], None]
"""Told the step, what of it is done, and how much there is."""


class Release(Struct, frozen=True, kw_only=True, dict=True):
    """An immutable build of ontology and rules.

    *reasoner* and *semantics* say what classified it and what gives its rules their meaning; code
    that has another meaning refuses to run it.
    """

    format: str
    made_on: date
    semantics: str
    reasoner: str
    agreement_run: int
    vocabulary: Vocabulary
    base: RuleBase

    @cached_property
    def ref(self) -> ReleaseRef:
        """Its id and digest, found once: it takes a fifth of a second."""
        return reference(self)


class ReleaseError(ValueError):
    """A release file cannot be used; the message says why and what to do."""


def reference(release: Release) -> ReleaseRef:
    """The id (day and first digits) and SHA-256 digest of a release's canonical form."""
    digest = hashlib.sha256(canonical(_plain(release))).hexdigest()
    return ReleaseRef(id=f"{release.made_on.isoformat()}-{digest[:12]}", digest=f"sha256:{digest}")


def _plain(release: Release) -> Any:
    return msgspec.to_builtins(release, order="sorted")


# Building


def silent(step: str, done: int, total: int) -> None:
    """Progress that nobody watches."""


def checked(
    root: Path,
    day: date,
    progress: Progress = silent,
    *,
    twice: bool = False,
    reasoner: str | None = None,
) -> tuple[Release, Program, list[Diagnostic]]:
    """Build and check the knowledge base under *root*, without the agreement run.

    Returns the release with its program and its warnings. *twice*: let HermiT classify too, where
    there is Java; where *reasoner* says that both classified this very ontology before, it is not
    asked again. Raises `RefusedError` with every error of the first step that has any.
    """
    progress("ontology", 0, 1)
    known = reasoner == BOTH
    vocabulary, asked = load_classified(root / "ontology", twice=twice and not known)
    progress("rules", 0, 1)
    read = read_base(root / "rules", vocabulary)
    progress("checks", 0, 1)
    found = check(read, vocabulary, day)
    _refuse(found)
    program = compiled(read, vocabulary)
    progress("examples", 0, 1)
    found += list(run_examples(read, program))
    _refuse(found)
    found += list(row_examples(read, program, lambda done, total: progress("rows", done, total)))
    _refuse(found)
    release = Release(
        format=FORMAT,
        made_on=day,
        semantics=semantics.VERSION,
        reasoner=BOTH if known else asked,
        agreement_run=0,
        vocabulary=vocabulary,
        base=read.base,
    )
    return release, program, found


def build(
    root: Path,
    day: date,
    progress: Progress = silent,
    *,
    run: int = AGREEMENT_RUN,
    reasoner: str | None = None,
) -> tuple[Release, list[Diagnostic]]:
    """Build, check and let both engines agree on *run* generated items.

    *reasoner*: what classified this very ontology for an earlier release, if anything did. Raises
    `RefusedError`: no release where anything is an error or the engines disagree.
    """
    release, program, warnings = checked(root, day, progress, twice=True, reasoner=reasoner)
    if network.available():
        _agree(program, run, progress)
        release = msgspec.structs.replace(release, agreement_run=run)
    return release, warnings


def _refuse(found: list[Diagnostic]) -> None:
    if any(diagnostic.severity is Severity.ERROR for diagnostic in found):
        raise RefusedError(found)


def _agree(program: Program, run: int, progress: Progress) -> None:
    """Both engines, gated and ungated, on generated items: any disagreement refuses the release."""
    engines: list[Engine] = [
        Semantics(program),
        Semantics(program, gated=False),
        Network(program),
        Network(program, gated=False),
    ]
    generator, rng = Generator(program), random.Random(20261123)
    for done in range(run):
        progress("agreement", done, run)
        facts = generator.random_facts(rng)
        first, *others = (engine.judge(facts) for engine in engines)
        for other in others:
            found = disagreements(program, first, other)
            if found:
                raise RefusedError(
                    [
                        Diagnostic(
                            code="engines-disagree",
                            message=f"item {done} of the agreement run: {text}",
                            file="rules",
                            help="this is a fault of the engine, not of the rules: report it",
                        )
                        for text in found
                    ]
                )
    progress("agreement", run, run)


# Files


class _Reasoned(Struct, frozen=True):
    reasoner: str


class _Made(Struct, frozen=True):
    release: _Reasoned


class Signature(Struct, frozen=True, forbid_unknown_fields=True):
    """Who signed the statement of a release's digest: the *key* by name, and 64 bytes."""

    key: Annotated[str, msgspec.Meta(pattern=r"\A[0-9a-f]{16}\Z")]
    ed25519: bytes


class Published(Struct, frozen=True, forbid_unknown_fields=True):
    """A release file: its members are in the order of canonical JSON."""

    digest: str
    release: msgspec.Raw
    signature: Signature | None = None

    @property
    def key(self) -> str:
        """The name of the key that signed."""
        return self.signature.key if self.signature else "none"

    @property
    def digested(self) -> str:
        """The digest of the release that it holds, which may not be the one that it states."""
        return f"sha256:{hashlib.sha256(self.release).hexdigest()}"

    @property
    def written(self) -> bytes:
        """The one way in which it is written; the release itself is canonical already."""
        digest, signature = canonical(self.digest), canonical(self.signature)
        return b'{"digest":%b,"release":%b,"signature":%b}' % (digest, self.release, signature)


def save(release: Release, path: Path, signer: Signer) -> ReleaseRef:
    """Write the release with its digest, signed; the file appears whole or not at all."""
    files.replace(path, sealed(spoken(release), signer))
    return release.ref


def spoken(release: Release) -> bytes:
    """What is digested and signed of a release: its canonical JSON."""
    return canonical(_plain(release))


def sealed(body: bytes, signer: Signer) -> bytes:
    """The release file of a canonical *body*, which may have been built elsewhere, signed."""
    digest = f"sha256:{hashlib.sha256(body).hexdigest()}"
    signature = Signature(signer.public.name, signer.sign(_statement(digest)))
    return Published(digest, msgspec.Raw(body), signature).written


def reasoner(body: bytes) -> str | None:
    """What classified the ontology of a release file; nothing, where it does not say."""
    try:
        return msgspec.json.decode(body, type=_Made).release.reasoner
    except msgspec.DecodeError:
        return None


def load(path: Path, *trusted: Verifier, to_run: bool = True) -> Release:
    """Read a release that one of the *trusted* keys signed.

    Raises `ReleaseError` where it is missing, damaged, not so signed or of another meaning. Where
    it is not *to_run* but to be read only, its rules may mean what this code does not.
    """
    published = _read(path)
    for found in _checks(published, path.name, trusted):
        if found.result is Result.FAILS:
            raise ReleaseError(found.message)
    body = msgspec.json.decode(published.release)
    if not isinstance(body, dict) or body.get("format") != FORMAT:
        raise ReleaseError(f"{path.name} has another format: publish again with this version")
    if to_run and body.get("semantics") != semantics.VERSION:
        raise ReleaseError(
            f"{path.name} means rules by semantics {body.get('semantics')}, "
            f"this code by {semantics.VERSION}: it cannot run it"
        )
    try:
        release = msgspec.convert(body, Release)
    except msgspec.ValidationError as error:
        raise ReleaseError(f"{path.name} is no whole release: {error}") from None
    if to_run and release.ref.digest != published.digest:
        # Decisions name the digest: it must be the one that was signed.
        raise ReleaseError(f"{path.name} is of another version of this code: publish again")
    return release


def digest_of(path: Path) -> str:
    """The digest of what a release file holds, whatever it states itself.

    Raises `ReleaseError` where it is no release.
    """
    return _read(path).digested


def verified(path: Path, *trusted: Verifier) -> list[Check]:
    """The checks of a release file: its digest, and a signature by one of the *trusted* keys.

    Raises `ReleaseError` where it is no release.
    """
    return list(_checks(_read(path), path.name, trusted))


def _read(path: Path) -> Published:
    try:
        content = path.read_bytes()
        published = msgspec.json.decode(content, type=Published)
    except FileNotFoundError:
        raise ReleaseError(f"no release at {path}: publish one with `commensura publish`") from None
    except (OSError, ValueError, RecursionError) as error:
        raise ReleaseError(f"{path.name} is no release: {error}") from None
    if published.signature is not None and published.written != content:
        raise ReleaseError(f"{path.name} is not written as a release is: publish again")
    return published


def _checks(published: Published, file: str, trusted: Sequence[Verifier]) -> Iterator[Check]:
    yield judged(
        "digest",
        published.digested == published.digest,
        f"the release has the digest that it states, {published.digest}",
        f"{file} was changed after publishing: its digest does not match; publish again",
    )
    objection = _objection(published, trusted)
    yield judged(
        "signature",
        objection is None,
        f"key {published.key} signed that digest",
        f"{file} {objection}",
    )


def _objection(published: Published, trusted: Sequence[Verifier]) -> str | None:
    """What speaks against the signature, with the mend."""
    signature = published.signature
    if signature is None:
        return "is not signed: publish again"
    if not trusted:
        return (
            f"was signed by key {published.key}, and no key is trusted here: publish with "
            "`commensura publish`, or name the publisher's public key with `--trust FILE`"
        )
    named = [key for key in trusted if key.name == published.key]
    if not named:
        keys = ", ".join(key.name for key in trusted)
        return (
            f"was signed by key {published.key}, and trusted is {keys}: publish again here, or "
            "name the publisher's public key with `--trust FILE`"
        )
    if not any(key.verify(signature.ed25519, _statement(published.digest)) for key in named):
        return "was changed after publishing: its signature does not hold; publish again"
    return None


def _statement(digest: str) -> bytes:
    """What is signed. One line, so that it can never be the text of a checkpoint."""
    return f"commensura release {digest}\n".encode()


def decider(release: Release, *, isolated: bool = False) -> Decider:
    """What decides by this release: the specification, and the network where it is to be had.

    *isolated*: the network runs in a process of its own, so that a crash of native code, or a loop
    in it, costs no decision. Services want that; one-off callers do not need it.
    """
    program = Program(release.base, release.vocabulary)
    engines: list[Engine] = [Semantics(program)]
    if network.available():
        engines.append(Isolated(program) if isolated else Network(program))
    return Decider(program, engines, release.ref)
