"""Which certificates an item holds, in which status, on the day of acceptance.

Boundary: a document shows only what is stated of it; what must be shown is for the rules.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from dateutil.relativedelta import relativedelta
from msgspec import Struct

from engine.declaration.declaration import Document
from engine.declaration.facts import DocumentStatus, Stage
from engine.declaration.problems import Remarks, ReportCode, within
from engine.declaration.strict_json import shown
from engine.language.vocabulary import Certificate, Vocabulary


class Paper(Struct, frozen=True, kw_only=True):
    """A declared document, recognised as a certificate; *outdated* by its own dates."""

    id: str
    certificate: str
    status: DocumentStatus
    outdated: bool


def recognise(
    documents: Iterable[Document], at: str, day: date, vocabulary: Vocabulary, remarks: Remarks
) -> tuple[Paper, ...]:
    """The documents whose type the vocabulary knows, judged on *day*; others are reported."""
    papers = []
    for index, document in enumerate(documents):
        here = within(at, "documents", index)
        identifier = vocabulary.certificate_of_notation.get(document.type)
        if identifier is None:
            near = remarks.nearest(document.type, vocabulary.certificate_of_notation)
            mend = f"; {near}" if near else ""
            message = f"document type `{shown(document.type)}` is unknown and ignored{mend}"
            remarks.report(within(here, "type"), ReportCode.UNKNOWN_DOCUMENT_TYPE, message)
            continue
        certificate = vocabulary.certificates[identifier]
        papers.append(
            Paper(
                id=document.id,
                certificate=identifier,
                status=document.status,
                outdated=_outdated(document, certificate, here, day, remarks),
            )
        )
    return tuple(papers)


def _outdated(
    document: Document, certificate: Certificate, at: str, day: date, remarks: Remarks
) -> bool:
    spans = (
        ("issuedOn", document.issued_on, certificate.valid_months),
        ("analysedOn", document.analysed_on, certificate.analysis_months),
    )
    outdated = False
    for name, start, months in spans:
        if months is None:
            continue
        if start is not None:
            # Valid to the very day: exactly that many months after is not yet older.
            outdated = outdated or day > start + relativedelta(months=months)
        elif document.status is not DocumentStatus.MISSING:
            remarks.report(
                within(at, name),
                ReportCode.UNDATED_DOCUMENT,
                f"valid for {months} months, but `{name}` is not stated; taken as still valid",
            )
    return outdated


def held(
    papers: Iterable[Paper], found: dict[str, DocumentStatus]
) -> dict[str, frozenset[DocumentStatus]]:
    """Every status in which each certificate is held; *found* is what agencies say, by id.

    An outdated document is expired whatever else is known of it, unless it is missing: there
    is no document then that could have expired.
    """
    statuses: dict[str, frozenset[DocumentStatus]] = {}
    for paper in papers:
        status = found.get(paper.id, paper.status)
        if paper.outdated and status is not DocumentStatus.MISSING:
            status = DocumentStatus.EXPIRED
        before = statuses.get(paper.certificate, frozenset())
        statuses[paper.certificate] = before | {status}
    return statuses


def settled(stage: Stage, vocabulary: Vocabulary) -> frozenset[str]:
    """The certificates that the law requires by *stage*, so that absence is a fact."""
    return frozenset(
        certificate.id
        for certificate in vocabulary.certificates.values()
        if Stage(certificate.required_from).rank <= stage.rank
    )
