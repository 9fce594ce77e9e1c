"""What is shown of a regulation: its chain of quality infrastructure, its dossier, its rules.

Boundary: plain data from one release, as at one day; no HTML here.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from msgspec.structs import asdict

from api.lines import Ref, ref, refs
from api.words.details import days
from api.words.terms import TermPages
from api.words.uses import Use
from engine.decide.decision import Shape
from engine.language.law import Dossier, Regulation
from engine.language.period import Period

IN_FORCE, NOT_YET, NO_LONGER = "in force", "not yet in force", "no longer in force"


class RegulationSummary(Shape, frozen=True, kw_only=True, omit_defaults=True):
    """What the list and its own page both show of a regulation.

    *force* says whether it is in force on the day asked about.
    """

    id: str
    label: str
    definition: str
    regime: str
    citation: str | None = None
    href: str | None = None
    status: str | None = None
    checked: date | None = None
    force: str | None = None


class RegulationEntry(RegulationSummary, frozen=True, kw_only=True, omit_defaults=True):
    """A regulation in the list."""

    has_dossier: bool = False


class Risk(Shape, frozen=True, kw_only=True):
    """A scenario of a dossier with its evaluation."""

    hazard: Ref
    scenario: str
    population: Ref
    severity: int
    harm: Decimal
    evaluation: Ref


class Option(Shape, frozen=True, kw_only=True):
    """A way to treat a risk, chosen or rejected."""

    hazard: Ref
    treatment: str
    chosen: bool
    why: str


class DossierPage(Shape, frozen=True, kw_only=True, omit_defaults=True):
    """The steps of Recommendation R, in order."""

    id: str
    label: str
    definition: str
    citation: str | None
    objective: str
    assets: tuple[Ref, ...]
    risks: tuple[Risk, ...]
    options: tuple[Option, ...]
    implementation: tuple[str, ...]
    crisis_plan: tuple[str, ...]
    review_by: date
    reviewer: str
    overdue: bool
    status: str
    checked: date


class RegulationPage(RegulationSummary, frozen=True, kw_only=True, omit_defaults=True):
    """One regulation."""

    in_force: tuple[str, ...] = ()
    treatment: str | None = None
    pursues: tuple[Ref, ...] = ()
    protects: tuple[Ref, ...] = ()
    addresses: tuple[Ref, ...] = ()
    governs: tuple[Ref, ...] = ()
    standards: tuple[Ref, ...] = ()
    routes: tuple[Ref, ...] = ()
    accreditation: str | None = None
    authorities: tuple[Ref, ...] = ()
    rules: tuple[Use, ...] = ()
    undisclosed: int = 0
    dossiers: tuple[DossierPage, ...] = ()


class RegulationPages:
    """The regulations of one release."""

    def __init__(self, pages: TermPages) -> None:
        self._pages, self._vocabulary = pages, pages.vocabulary

    def entries(self, day: date) -> tuple[RegulationEntry, ...]:
        """All of them, by name."""
        found = sorted(
            self._vocabulary.regulations.values(), key=lambda one: (one.label.casefold(), one.id)
        )
        return tuple(
            RegulationEntry(**asdict(_summary(one, day)), has_dossier=any(self._dossiers(one)))
            for one in found
        )

    def page(self, identifier: str, day: date) -> RegulationPage | None:
        """One of them, as at *day*; None where there is none."""
        one = self._vocabulary.regulations.get(identifier)
        if one is None:
            return None
        return RegulationPage(
            **asdict(_summary(one, day)),
            in_force=tuple(days(period) for period in one.in_force),
            treatment=one.treatment,
            pursues=self._refs(one.pursues),
            protects=self._refs(one.protects),
            addresses=self._refs(one.addresses),
            governs=self._refs(one.governs),
            standards=self._refs(one.standards),
            routes=self._refs(one.routes),
            accreditation=one.accreditation,
            authorities=self._refs(one.authorities),
            rules=self._rules(one),
            undisclosed=self._pages.undisclosed,
            dossiers=tuple(self._dossier(found, day) for found in self._dossiers(one)),
        )

    def _rules(self, one: Regulation) -> tuple[Use, ...]:
        named = self._pages.uses.of(one.id, (), ())
        return (*named, *self._pages.uses.resting_on(one))

    def _dossiers(self, one: Regulation) -> list[Dossier]:
        return [d for d in self._vocabulary.dossiers.values() if one.id in d.regulates]

    def _dossier(self, one: Dossier, day: date) -> DossierPage:
        return DossierPage(
            id=one.id,
            label=one.label,
            definition=one.definition,
            citation=one.citation,
            objective=one.objective,
            assets=self._refs(one.assets),
            risks=tuple(
                Risk(
                    hazard=self._ref(risk.hazard),
                    scenario=risk.scenario,
                    population=self._ref(risk.population),
                    severity=risk.severity,
                    harm=risk.harm,
                    evaluation=self._ref(risk.evaluation),
                )
                for risk in one.risks
            ),
            options=tuple(
                Option(
                    hazard=self._ref(option.hazard),
                    treatment=option.treatment,
                    chosen=option.chosen,
                    why=option.why,
                )
                for option in one.options
            ),
            implementation=one.implementation,
            crisis_plan=one.crisis_plan,
            review_by=one.review_by,
            reviewer=one.reviewer,
            overdue=one.review_by < day,
            status=one.status,
            checked=one.checked,
        )

    def _ref(self, identifier: str) -> Ref:
        return ref(self._vocabulary, identifier)

    def _refs(self, identifiers: Iterable[str]) -> tuple[Ref, ...]:
        return refs(self._vocabulary, identifiers)


def _summary(one: Regulation, day: date) -> RegulationSummary:
    return RegulationSummary(
        id=one.id,
        label=one.label,
        definition=one.definition,
        regime=one.regime,
        citation=one.citation,
        href=one.href,
        status=one.status,
        checked=one.checked,
        force=force(one.in_force, day),
    )


def force(periods: tuple[Period, ...], day: date) -> str | None:
    """Whether a law with these *periods* is in force on *day*; None where none is stated."""
    if not periods:
        return None
    if any(day in period for period in periods):
        return IN_FORCE
    ahead = any(period.start is not None and period.start > day for period in periods)
    return NOT_YET if ahead else NO_LONGER
