"""The report of a review as a file: PDF/UA through typst, or HTML that needs nothing beside it."""

from __future__ import annotations

from pathlib import Path

import msgspec
import typst
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from api.words.report import Report

KINDS = (".pdf", ".html")
TEMPLATES = Path(__file__).resolve().parent / "templates" / "report"


class KindError(ValueError):
    """A report is asked for in a form that there is not."""


def check(kind: str) -> None:
    """Raise `KindError` where there is no such form, before any work is done."""
    if kind not in KINDS:
        said = f"a `{kind}`" if kind else "a file without an ending"
        raise KindError(f"a report is not {said}: name a .pdf or .html")


def rendered(report: Report, kind: str) -> bytes:
    """The report as ``.pdf`` or ``.html``. Raises `KindError` for another form."""
    check(kind)
    return _pdf(report) if kind == ".pdf" else _html(report)


def _pdf(report: Report) -> bytes:
    made: bytes = typst.compile(
        str(TEMPLATES / "report.typ"),
        format="pdf",
        pdf_standards="ua-1",
        ignore_system_fonts=True,  # the same pages on every machine
        sys_inputs={"report": msgspec.json.encode(report).decode()},
    )
    return made


def _html(report: Report) -> bytes:
    templates = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return templates.get_template("report.html").render(report=report).encode()
