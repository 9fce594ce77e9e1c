"""The pages on which counsel reviews a release: clauses, evidence, try-it, sign-off.

Thin: reviews are made and kept by `api.service.reviews`, and shown by `api.words.reviewing`.
"""

from __future__ import annotations

from flask import Blueprint

from api.http.reviewing.clauses import add_clauses
from api.http.reviewing.contents import add_contents
from api.http.reviewing.parts import Reviewing, prepare
from api.http.reviewing.proofs import add_proofs
from api.http.reviewing.registers import add_registers
from api.http.reviewing.trying import add_trying


def reviewing(parts: Reviewing) -> Blueprint:
    """All pages of the review."""
    room = Blueprint("review", __name__, url_prefix="/review")
    prepare(room)
    add_contents(room, parts)
    add_registers(room, parts)
    add_proofs(room, parts)
    add_clauses(room, parts)
    add_trying(room, parts)
    return room
