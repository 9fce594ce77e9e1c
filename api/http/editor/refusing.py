"""What stopped long work on a draft, in words."""

from __future__ import annotations

import structlog
from flask import render_template
from markupsafe import escape

from api.http.editor.parts import Editing
from api.http.languages import gettext
from api.service.authoring.building import BuildError
from api.service.authoring.office import StatusError
from api.service.deciding import NotFoundError
from api.service.policy import ForbiddenError
from api.store import MissingError, RevisionError, UnavailableError
from engine.declaration.problems import MalformedError
from engine.language.diagnostics import RefusedError

REFUSALS = (
    *(MalformedError, ForbiddenError, StatusError, RevisionError, NotFoundError),
    *(RefusedError, BuildError, MissingError, UnavailableError),
)


def refusal(editing: Editing, identifier: str | None, error: Exception) -> str:
    """What stopped the work on a draft, in words."""
    if not isinstance(error, REFUSALS):
        structlog.get_logger("commensura").exception("unexpected error", exc_info=error)
        return f"<p>{escape(gettext('An unexpected error; it was logged.'))}</p>"
    diagnostics = error.diagnostics if isinstance(error, RefusedError) else ()
    return render_template(
        "editor/refusal.html",
        words=str(error),
        mend=getattr(error, "mend", None),
        diagnostics=editing.told(diagnostics, identifier),
        problems=error.problems if isinstance(error, MalformedError) else (),
    )
