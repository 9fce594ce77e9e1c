"""A release for other systems: its ontology, public rules and provenance as RDF.

Only the files that a release was made from can say what is not in it, comments and references
apart; so those files must still say what the release says, or there is no export.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import msgspec

from engine.knowledge import BOTH
from engine.knowledge.export import (
    Form,
    Ontology,
    Provenance,
    RuleStatement,
    Software,
    SourceFile,
)
from engine.language.base import RuleBase, read_base
from engine.language.differences import differences
from engine.language.rule import Rule
from engine.language.sentences import Reading
from engine.language.source import read_source
from engine.language.vocabulary import Basis, Vocabulary
from engine.release import Release, ReleaseError

__all__ = ["Form", "MismatchError", "content", "export", "match"]

CONTENT = {"ontology": ("*.ttl", "*.csv"), "rules": ("*.toml", "*.csv")}
"""The files that a release is made from, by folder."""


class MismatchError(ReleaseError):
    """The files are not those that the release was made from; the message names what differs."""


def export(release: Release, root: Path, form: Form, *, hs: bool = False) -> bytes:
    """The release, whose files are under *root*, as RDF; where *hs*, with HS 2022.

    Raises `RefusedError` where a file is wrong, `MismatchError` where it is not the release's.
    """
    ontology = match(release, root)
    public = [rule for rule in release.base.rules if rule.public]
    reading = Reading(release.vocabulary, release.base.parameters)
    ref = release.ref
    return ontology.written(
        (_statement(rule, reading, release.vocabulary) for rule in public),
        Provenance(
            id=ref.id,
            digest=ref.digest,
            made_on=release.made_on,
            semantics=release.semantics,
            reasoner=release.reasoner,
            agreement_run=release.agreement_run,
            files=tuple(_files(root, release.base)),
            software=tuple(_software(release)),
            exporter=_exporter(),
            withheld=len(release.base.rules) - len(public),
        ),
        form,
        hs=hs,
    )


def match(release: Release, root: Path) -> Ontology:
    """The ontology under *root*, if the files there are those of the release.

    Raises `RefusedError` where a file is wrong, `MismatchError` where they say something else.
    """
    ontology = Ontology(root / "ontology")
    _match_vocabulary(release.vocabulary, ontology.vocabulary)
    _match_rules(release.base, read_base(root / "rules", ontology.vocabulary).base)
    return ontology


def _files(root: Path, base: RuleBase) -> Iterator[SourceFile]:
    """The files of the release by path and digest, without those of rules that are not public.

    A path names its rule, and a digest would confirm a guess at what it says.
    """
    withheld = _withheld(root / "rules", base)
    for path in content(root):
        if path not in withheld:
            yield SourceFile(
                path=path.relative_to(root).as_posix(),
                sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
            )


def content(root: Path) -> Iterator[Path]:
    """The files under *root* that a release is made from, in order."""
    for folder, patterns in CONTENT.items():
        yield from sorted({path for pattern in patterns for path in (root / folder).rglob(pattern)})


def _withheld(folder: Path, base: RuleBase) -> set[Path]:
    """The files of rules that are not public, with rows and parameters that no public rule uses."""
    public, others = set[Path](), set[Path]()
    for rule in base.rules:
        (public if rule.public else others).update(_used(folder, rule))
    return others - public


def _used(folder: Path, rule: Rule) -> Iterator[Path]:
    path = folder / f"{rule.table}.toml"
    yield path
    if rule.id != rule.table:
        yield path.parent / read_source(path, path.name).content["table"]["rows"]
    for leaf in rule.leaves:
        if leaf.test.parameter is not None:
            yield folder / f"{leaf.test.parameter}.toml"


def _match_vocabulary(released: Vocabulary, found: Vocabulary) -> None:
    if released == found:
        return
    first = next(iter(differences(released, found)), None)
    raise _mismatch(f"such as {first}" if first else "in the notation of a definition")


def _match_rules(released: RuleBase, found: RuleBase) -> None:
    old, new = ({rule.id: _bare(rule) for rule in base.rules} for base in (released, found))
    for name in sorted(old.keys() | new.keys()):
        if old.get(name) != new.get(name):
            raise _mismatch(f"such as the rule `{name}`")
    for kind in ("parameters", "matrices", "calendars"):
        if getattr(released, kind) != getattr(found, kind):
            raise _mismatch(f"in the {kind}")


def _bare(rule: Rule) -> Rule:
    """The rule without its examples, whose plain values JSON does not tell apart."""
    return msgspec.structs.replace(rule, examples=())


def _mismatch(where: str) -> MismatchError:
    return MismatchError(
        f"the release was made from other files: they differ, {where}; "
        "publish again, or export with the files of that release"
    )


def _statement(rule: Rule, reading: Reading, vocabulary: Vocabulary) -> RuleStatement:
    return RuleStatement(
        id=rule.id,
        title=rule.title,
        agency=rule.agency,
        mandate=rule.mandate,
        sentence=reading.rule(rule),
        period=rule.effective,
        bases=tuple(_cited(rule, vocabulary)),
        file=f"rules/{rule.table}.toml",
    )


def _cited(rule: Rule, vocabulary: Vocabulary) -> Iterator[str | Basis]:
    """What the rule cites, each once: a shared basis by its name."""
    for name in rule.cited:
        own = rule.bases.get(name)
        yield name if own is None or own == vocabulary.bases.get(name) else own


def _software(release: Release) -> Iterator[Software]:
    """What had a part in the release. Of versions it records that of its semantics alone."""
    yield Software(
        name=f"semantics/{release.semantics}",
        label="the specification that gives rules their meaning",
        version=release.semantics,
    )
    yield Software(name="prototype-classifier", label="the prototype classifier")
    if release.reasoner == BOTH:
        yield Software(name="hermit", label="HermiT")
    if release.agreement_run:
        yield Software(name="durable-rules", label="durable-rules")


def _exporter() -> Software:
    number = version("commensura")
    return Software(name=f"commensura/{number}", label="Commensura", version=number)
