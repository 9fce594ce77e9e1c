"""Regulations and their dossiers: what law asks for, of what, and why.

Plain data for pages, checks and exports; rules cite law by `Basis`, and decide nothing by what
stands here.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from msgspec import Struct

from engine.language.period import Period


class Regulation(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A legal act along the chain of quality infrastructure (UNECE WP.6).

    *governs* are the products in its scope, *routes* the ways to show conformity, *standards* those
    whose use gives presumption of it, *accreditation* who must be accredited and by whom.
    *status* is ``law``, ``illustrative`` or ``to-confirm``; *checked* is the day of that finding.
    """

    id: str
    label: str
    definition: str
    regime: str
    citation: str | None = None
    href: str | None = None
    treatment: str | None = None
    pursues: tuple[str, ...] = ()
    protects: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    governs: tuple[str, ...] = ()
    routes: tuple[str, ...] = ()
    standards: tuple[str, ...] = ()
    accreditation: str | None = None
    authorities: tuple[str, ...] = ()
    in_force: tuple[Period, ...] = ()
    status: str | None = None
    checked: date | None = None
    cited_as: str | None = None


class DossierRisk(Struct, frozen=True, kw_only=True):
    """One scenario of harm: *severity* 1 to 4 and the probability of *harm* over the product's
    lifetime give the *evaluation* by the shared matrix.
    """

    hazard: str
    scenario: str
    population: str
    severity: int
    harm: Decimal
    evaluation: str


class DossierOption(Struct, frozen=True, kw_only=True):
    """One way to treat a risk (accept, avoid, reduce, transfer), chosen or rejected, and why."""

    hazard: str
    treatment: str
    chosen: bool
    why: str


class Dossier(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The steps of UNECE WP.6 Recommendation R, from objective to review, for some regulations."""

    id: str
    label: str
    definition: str
    regulates: tuple[str, ...]
    objective: str
    assets: tuple[str, ...]
    risks: tuple[DossierRisk, ...]
    options: tuple[DossierOption, ...]
    implementation: tuple[str, ...]
    crisis_plan: tuple[str, ...]
    review_by: date
    reviewer: str
    status: str
    checked: date
    citation: str | None = None
