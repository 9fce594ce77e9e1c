"""A rule to start from: every key that a rule needs, with what is to be filled in marked."""

from __future__ import annotations

import re
import string
from datetime import date, timedelta
from pathlib import Path

from engine.language.diagnostics import Diagnostic, RefusedError

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*(?:/[a-z0-9]+(?:-[a-z0-9]+)*)+")

TEMPLATE = Path(__file__).parent / "templates" / "rule.toml"


def new_rule(folder: Path, identifier: str, day: date) -> Path:
    """Write the template as *identifier* below *folder*; `RefusedError` where that cannot be."""
    if not _ID.fullmatch(identifier):
        raise _refused(
            "wrong-id",
            f"`{identifier}` is no id of a rule",
            "use a subject and a name, in small letters: `products/toys/rattles`",
        )
    path = folder / f"{identifier}.toml"
    if path.exists():
        raise _refused("exists", f"there is a rule `{identifier}` already", "choose another name")
    path.parent.mkdir(parents=True, exist_ok=True)
    text = string.Template(TEMPLATE.read_text(encoding="utf-8")).substitute(
        id=identifier, start=day.isoformat(), review=(day + timedelta(days=730)).isoformat()
    )
    path.write_text(text, encoding="utf-8")
    return path


def _refused(code: str, message: str, mend: str) -> RefusedError:
    return RefusedError([Diagnostic(code=code, message=message, file="rules", help=mend)])
