"""A rule to start from, as a file of its own: a template of the desk."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from engine.desk.templates import check_id, template
from engine.language.diagnostics import Diagnostic, RefusedError


def new_rule(folder: Path, identifier: str, day: date) -> Path:
    """Write a template as *identifier* below *folder*; `RefusedError` where that cannot be."""
    check_id(identifier)
    path = folder / f"{identifier}.toml"
    if path.exists():
        raise RefusedError(
            [
                Diagnostic(
                    code="exists",
                    message=f"there is a rule `{identifier}` already",
                    file="rules",
                    help="choose another name",
                )
            ]
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(template("control", identifier, day), encoding="utf-8")
    return path
