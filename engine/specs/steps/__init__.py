"""The one library of phrases, by subject.

Boundary: plain functions over a `World` of a real release. The runner and pytest-bdd bind the same
ones; a phrase is read aloud to counsel, so it holds no name of a fact and no JSON.
"""

from __future__ import annotations

from engine.specs.phrase import Phrase
from engine.specs.steps import (
    changes,
    decisions,
    dossiers,
    findings,
    goods,
    officers,
    proofs,
    publication,
    reasons,
    rules,
    series,
    traders,
    twins,
)

PHRASES: tuple[Phrase, ...] = tuple(
    phrase
    for subject in (
        *(goods, traders, officers, series, twins),
        *(rules, changes, publication, dossiers),
        *(decisions, reasons, findings, proofs),
    )
    for phrase in subject.PHRASES
)
