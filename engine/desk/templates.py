"""Where a new rule starts: from a template of its kind of consequence, or as a copy of a rule."""

from __future__ import annotations

import re
import string
from datetime import date, timedelta
from pathlib import Path

from msgspec import Struct

from engine.language.diagnostics import Diagnostic, RefusedError
from engine.language.source import Source
from engine.language.writing import write_content

FILL_IN = "FILL IN"
"""What an author has to replace, in texts."""

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*(?:/[a-z0-9]+(?:-[a-z0-9]+)*)+")
_FOLDER = Path(__file__).parent / "templates"
_REVIEW = timedelta(days=730)


class Template(Struct, frozen=True):
    """A kind of rule to start from, and when to use it."""

    id: str
    title: str
    use: str


TEMPLATES = (
    Template("control", "A control that follows the risk", "An agency looks where risk is high."),
    Template("mandate", "A control that law prescribes", "Law says that goods are controlled."),
    Template("scheme", "A control by a programme", "A sampling plan sets a frequency for a time."),
    Template("random", "A control at random", "A share of all goods, whatever the risk."),
    Template("status", "Goods that wait", "Law holds or refuses goods that lack a document."),
    Template("danger", "How dangerous a product is", "What harm a product does that fails."),
    Template("likelihood", "How likely goods fail", "What makes non-compliance more likely."),
    Template("record", "What a record says", "A fact concluded about a trader or goods."),
)
"""In the order in which they are offered."""


def template(kind: str, identifier: str, day: date) -> str:
    """The text of a new rule *identifier* of a *kind*, in force from *day*.

    Raises `RefusedError` where there is no such template, or the id is none.
    """
    check_id(identifier)
    if kind not in [one.id for one in TEMPLATES]:
        known = ", ".join(one.id for one in TEMPLATES)
        raise _refused("no-template", f"there is no template `{kind}`", f"one of: {known}")
    text = (_FOLDER / f"{kind}.toml").read_text(encoding="utf-8")
    return string.Template(text).substitute(
        id=identifier, start=day.isoformat(), review=(day + _REVIEW).isoformat()
    )


def copied(text: str, former: str, identifier: str, *, succeeds: bool = False) -> str:
    """The *text* of the rule *former* as that of a rule *identifier*, its examples included.

    What *succeeds* the former says so in `replaces`, and is to start where that ends; any other
    copy replaces nothing. Raises `RefusedError` where the text is no TOML, or the id is none.
    """
    check_id(identifier)
    if identifier == former:
        raise _refused("exists", f"there is a rule `{former}` already", "choose another name")
    source = Source(f"rules/{former}.toml", text.encode())
    content = {key: value for key, value in source.content.items() if key != "replaces"}
    if succeeds:
        content["replaces"] = former
    return write_content(content, text)


def check_id(identifier: str) -> None:
    """Refuse, by `RefusedError`, what is no id of a new rule."""
    if not _ID.fullmatch(identifier):
        raise _refused(
            "wrong-id",
            f"`{identifier}` is no id of a rule",
            "use a subject and a name, in small letters: `products/toys/rattles`",
        )


def _refused(code: str, message: str, mend: str) -> RefusedError:
    return RefusedError([Diagnostic(code=code, message=message, file="rules", help=mend)])
