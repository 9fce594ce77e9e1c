"""Regulations and dossiers, read off a checked graph."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from rdflib import RDFS, SKOS, Literal, URIRef
from rdflib.term import Node

from engine.knowledge.names import CORE, compact, identifier
from engine.knowledge.nodes import Nodes, needed
from engine.language.law import Dossier, DossierOption, DossierRisk, Regulation
from engine.language.period import Period


def regulation(nodes: Nodes, iri: URIRef) -> Regulation:
    """The regulation *iri*."""
    cited = nodes.node(iri, CORE.citedAs)
    return Regulation(
        id=compact(iri),
        label=nodes.text(iri, RDFS.label),
        definition=nodes.text(iri, SKOS.definition),
        regime=nodes.text(iri, CORE.regime),
        citation=nodes.citation(iri),
        href=nodes.maybe(iri, CORE.href),
        treatment=nodes.maybe(iri, CORE.treatment),
        pursues=nodes.links(iri, CORE.pursues),
        protects=nodes.links(iri, CORE.protects),
        addresses=nodes.links(iri, CORE.addresses),
        governs=nodes.links(iri, CORE.governs),
        routes=nodes.links(iri, CORE.route),
        standards=nodes.links(iri, CORE.standard),
        accreditation=nodes.maybe(iri, CORE.accreditation),
        authorities=nodes.links(iri, CORE.competentAuthority),
        in_force=tuple(
            sorted(map(nodes.period, nodes.graph.objects(iri, CORE.inForce)), key=_start)
        ),
        status=nodes.maybe(iri, CORE.status),
        checked=nodes.day(iri, CORE.checked),
        cited_as=None if cited is None else identifier(cited),
    )


def dossier(nodes: Nodes, iri: URIRef) -> Dossier:
    """The dossier *iri*."""
    objects = nodes.graph.objects
    return Dossier(
        id=compact(iri),
        label=nodes.text(iri, RDFS.label),
        definition=nodes.text(iri, SKOS.definition),
        regulates=nodes.links(iri, CORE.regulates),
        objective=nodes.text(iri, CORE.objective),
        assets=nodes.links(iri, CORE.asset),
        risks=tuple(sorted((_risk(nodes, node) for node in objects(iri, CORE.risk)), key=_gravest)),
        options=tuple(
            sorted(
                (_option(nodes, node) for node in objects(iri, CORE.option)),
                key=lambda option: (option.hazard, not option.chosen, option.treatment),
            )
        ),
        implementation=nodes.listed(iri, CORE.implementation),
        crisis_plan=nodes.listed(iri, CORE.crisisPlan),
        review_by=needed(nodes.day(iri, CORE.reviewBy)),
        reviewer=nodes.text(iri, CORE.reviewer),
        status=nodes.text(iri, CORE.status),
        checked=needed(nodes.day(iri, CORE.checked)),
        citation=nodes.citation(iri),
    )


def _risk(nodes: Nodes, node: Node) -> DossierRisk:
    return DossierRisk(
        hazard=nodes.link(node, CORE.hazard),
        scenario=nodes.text(node, CORE.scenario),
        population=nodes.link(node, CORE.population),
        severity=needed(nodes.whole(node, CORE.severity)),
        harm=needed(nodes.exact(node, CORE.harm)),
        evaluation=nodes.link(node, CORE.evaluation),
    )


def _option(nodes: Nodes, node: Node) -> DossierOption:
    return DossierOption(
        hazard=nodes.link(node, CORE.hazard),
        treatment=nodes.text(node, CORE.treatment),
        chosen=nodes.node(node, CORE.chosen) == Literal(True),
        why=nodes.text(node, CORE.why),
    )


def _start(period: Period) -> date:
    return period.start or date.min


def _gravest(risk: DossierRisk) -> tuple[int, Decimal, str]:
    return -risk.severity, -risk.harm, risk.hazard
