"""A term, a fact, or what a search found, as text for a terminal.

Boundary: the words of `TermPage`, `FactPage` and `Found`, laid out; nothing is computed here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from textwrap import wrap

from msgspec import Struct

from api.lines import Line, Ref
from api.words.finding import Finder, Found, Summary
from api.words.hierarchy import Branch
from api.words.regulations import DossierPage, RegulationPage, RegulationPages
from api.words.shown import Definition, FactPage, Law, TermPage
from api.words.terms import TermPages
from api.words.uses import Use
from engine.language.sentences import number

_WIDTH = 96


class Shown(Struct, frozen=True):
    """An answer, as a value for JSON and as text."""

    value: TermPage | FactPage | RegulationPage | tuple[Summary, ...]
    text: str


def look_up(pages: TermPages, name: str, day: date) -> Shown:
    """The term or fact *name*, or what a search for it finds; a regulation as at *day*.

    Raises `LookupError`, with what may have been meant, where there is nothing.
    """
    regulation = RegulationPages(pages).page(name, day)
    if regulation is not None:
        return Shown(regulation, regulation_text(regulation))
    term = pages.term(name)
    if term is not None:
        return Shown(term, term_text(term))
    fact = pages.fact(name.removeprefix("fact:"))
    if fact is not None:
        return Shown(fact, fact_text(fact))
    finder = Finder(pages)
    found = finder.find(name)
    if found.terms or found.rules:
        return Shown(found.terms, found_text(name, found))
    near = finder.near(name)
    raise LookupError(f"there is no term or fact `{name}`" + (f"; {near}" if near else ""))


def term_text(page: TermPage) -> str:
    """One term."""
    return "\n".join(_term(page))


def fact_text(page: FactPage) -> str:
    """One fact."""
    return "\n".join(_fact(page))


def regulation_text(page: RegulationPage) -> str:
    """One regulation with its dossiers."""
    return "\n".join(_regulation(page))


def found_text(words: str, found: Found) -> str:
    """The matches, one a line, with their definitions."""
    lines = [f"{len(found.terms)} matches for “{words}”"]
    if found.code is not None:
        lines.append(f"HS 2022 {found.code.shown}: {found.code.description}")
    for one in found.terms:
        lines += _summary(one)
    if found.rules:
        lines += ["rules that test the code", *_uses(found.rules)]
    return "\n".join(lines)


def _term(page: TermPage) -> Iterator[str]:
    yield f"{page.label} ({page.id})"
    yield from _wrapped(page.definition)
    if page.citation is not None:
        yield from _wrapped(f"source: {page.citation}")
    if page.means:
        yield "means, if and only if"
        yield from _lines(page.means)
    if page.implies:
        yield "implies"
        yield from _lines(page.implies)
    if page.notation is not None:
        yield "in description logic"
        yield from (f"  {row}" for row in page.notation.splitlines())
    yield from _branches("is a kind of", page.above)
    yield from _named("the same as", page.equals)
    yield from _branches("kinds of it", page.below)
    yield from _named("never at once", (Ref(one.id, one.label) for one in page.disjoint))
    if page.codes:
        yield "commodity codes (HS 2022)"
        for code in page.codes:
            yield from _wrapped(f"{code.shown} {code.description} ({code.role})")
    if page.asks:
        yield "asks for"
        for fact in page.asks:
            unit = "" if fact.unit is None else f", in {fact.unit}"
            yield from _wrapped(f"{fact.label} ({fact.id}){unit}")
    if page.scale is not None:
        yield f"scale of its danger: {page.scale.label} ({page.scale.id})"
    for detail in page.details:
        yield from _wrapped(f"{detail.name}: {detail.value}")
    yield from _named("facts that speak of it", page.stated)
    yield from _laws("law", page.law)
    yield from _laws("law on some of it", page.partly)
    yield from _definitions(page.definitions)
    yield from _named("dossiers that mention it", page.dossiers)
    yield from _rules(page.rules, page.undisclosed)


def _fact(page: FactPage) -> Iterator[str]:
    yield f"{page.label} ({page.id})"
    yield from _wrapped(page.definition)
    if page.citation is not None:
        yield from _wrapped(f"source: {page.citation}")
    for detail in page.details:
        yield from _wrapped(f"{detail.name}: {detail.value}")
    yield from _named("what has a value of it is", page.domain)
    yield from _definitions(page.definitions)
    yield from _rules(page.rules, page.undisclosed)


def _regulation(page: RegulationPage) -> Iterator[str]:
    yield f"{page.label} ({page.id})"
    yield from _wrapped(page.definition)
    yield from _wrapped(f"{page.citation} [{page.status}, checked {page.checked}]")
    yield from _wrapped(f"regime: {page.regime}")
    yield from _named("objective", page.pursues)
    yield from _named("protected interests", page.protects)
    yield from _named("hazards addressed", page.addresses)
    yield from _named("scope", page.governs)
    yield from _named("standards", page.standards)
    yield from _named("route of conformity assessment", page.routes)
    if page.accreditation is not None:
        yield from _wrapped(f"accreditation (to-confirm): {page.accreditation}")
    yield from _named("competent authority", page.authorities)
    if page.in_force:
        yield from _wrapped(f"in force (to-confirm): {'; '.join(page.in_force)}: {page.force}")
    yield from _rules(page.rules, page.undisclosed)
    for dossier in page.dossiers:
        yield from _dossier(dossier)


def _dossier(one: DossierPage) -> Iterator[str]:
    yield f"dossier: {one.label} ({one.id}) [{one.status}, checked {one.checked}]"
    yield from _wrapped(f"objective: {one.objective}")
    yield from _wrapped(f"assets: {', '.join(asset.label for asset in one.assets)}")
    for risk in one.risks:
        yield from _wrapped(
            f"risk: {risk.hazard.label}, {risk.population.label}: {risk.scenario} Severity "
            f"{risk.severity} of 4, probability of harm {number(risk.harm)}: "
            f"{risk.evaluation.label}"
        )
    for option in one.options:
        verdict = "chosen" if option.chosen else "rejected"
        yield from _wrapped(
            f"option: {option.hazard.label}, {option.treatment}, {verdict}: {option.why}"
        )
    for step in one.implementation:
        yield from _wrapped(f"implementation: {step}")
    for step in one.crisis_plan:
        yield from _wrapped(f"crisis plan: {step}")
    overdue = ", overdue" if one.overdue else ""
    yield from _wrapped(f"review: by {one.review_by}{overdue}, by {one.reviewer}")


def _summary(one: Summary) -> Iterator[str]:
    yield f"{one.id}  {one.label}{' [defined]' if one.defined else ''}"
    yield from _wrapped(one.definition + (f" ({one.why})" if one.why else ""))


def _lines(lines: Iterable[Line], depth: int = 1) -> Iterator[str]:
    for line in lines:
        yield f"{'  ' * depth}- {line.text}{':' if line.parts else ''}"
        yield from _lines(line.parts, depth + 1)


def _branches(title: str, branches: tuple[Branch, ...], depth: int = 1) -> Iterator[str]:
    if branches and depth == 1:
        yield title
    for one in branches:
        why = "" if one.why is None else f", {one.why}"
        yield f"{'  ' * depth}{one.label} ({one.id}){why}"
        yield from _branches(title, one.parts, depth + 1)


def _named(title: str, names: Iterable[Ref]) -> Iterator[str]:
    shown = [f"{one.label} ({one.id.removeprefix('fact:')})" for one in names]
    if shown:
        yield title
        yield from _wrapped(", ".join(shown))


def _laws(title: str, laws: tuple[Law, ...]) -> Iterator[str]:
    if laws:
        yield title
    for law in laws:
        through = f" through {', '.join(one.label for one in law.through)}" if law.through else ""
        yield from _wrapped(
            f"{law.label} ({law.id}) {law.role} this{through}: {law.citation} "
            f"[{law.status}, checked {law.checked}]"
        )


def _definitions(definitions: tuple[Definition, ...]) -> Iterator[str]:
    if definitions:
        yield "named by definitions of"
    for one in definitions:
        through = "" if one.through is None else f", by the wider term {one.through.label}"
        yield f"  {one.label} ({one.id}){through}"


def _rules(rules: tuple[Use, ...], undisclosed: int) -> Iterator[str]:
    yield "rules"
    yield from _uses(rules)
    if not rules:
        yield "  no public rule uses it"
    if undisclosed:
        yield from _wrapped(
            f"{undisclosed} rules of this release are disclosed to agencies only; which terms they "
            "use is not said here"
        )


def _uses(rules: tuple[Use, ...]) -> Iterator[str]:
    for use in rules:
        rows = f" ({use.rows} rows)" if use.rows > 1 else ""
        names = "" if use.names is None else f", by the {use.relation} term {use.names.label}"
        yield from _wrapped(f"{use.title} ({use.rule}){rows}: {use.how}{names}")


def _wrapped(text: str) -> list[str]:
    return wrap(
        text,
        _WIDTH,
        initial_indent="  ",
        subsequent_indent="    ",
        break_long_words=False,
        break_on_hyphens=False,
    )
