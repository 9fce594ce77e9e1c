"""What the pages of the editor share: who edits, which draft, and how its refusals are told."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from flask import Blueprint, render_template
from msgspec import Struct

from api.http.access import caller, error_page, is_page
from api.http.replies import json_of, problem
from api.service.authoring.building import BuildError
from api.service.authoring.drafting import CarryError
from api.service.authoring.office import Office, StatusError
from api.service.deciding import NotFoundError, Service
from api.service.desks import Desks
from api.service.people import Person
from api.service.policy import REVIEW, Caller, ForbiddenError, sees
from api.store import RevisionError
from api.store.drafts import Draft, Version
from api.words.spoken import spoken
from engine.desk.desk import Desk
from engine.language.diagnostics import Diagnostic, RefusedError


class Editing(Struct, frozen=True, kw_only=True):
    """An *office* in which drafts are written, the *desks* to write them on, and the *service*."""

    office: Office
    desks: Desks
    service: Service

    def draft(self, identifier: str) -> tuple[Draft, dict[str, Version], Desk]:
        """A draft, its files, and its desk. Raises `MissingError`."""
        draft, files = self.office.store.authoring.files(identifier)
        return draft, files, self.desks.of_draft(draft, files)

    def desk(self) -> Desk:
        """The desk of the release in force. Raises `MissingError` where its files are not kept."""
        return self.desks.of_base(self.office.in_force().release)


def person() -> Person:
    """Who edits. Raises `ForbiddenError` for who shows a key: rules are written by persons."""
    who = caller()
    if who.person is None:
        raise ForbiddenError(
            REVIEW,
            spoken("the editor is for persons, and this is a key"),
            spoken("sign in with your name and password"),
        )
    return who.person


def check_seen(desk: Desk, path: str) -> None:
    """Go on where who asks may see every rule of a file. Raises `NotFoundError`, telling nothing.

    A file that cannot be read as rules is judged by what it was in force.
    """
    who = caller()
    if not all(sees(who, rule) for rule in desk.rules(path)):
        raise NotFoundError(f"there is no `{path[:100]}`")


def seen(desk: Desk, path: str, who: Caller) -> bool:
    """Whether *who* may see every rule of a file."""
    return all(sees(who, rule) for rule in desk.rules(path))


def prepare(room: Blueprint) -> None:
    """Tell the refusals of drafting in words."""

    @room.errorhandler(RevisionError)
    def late(error: RevisionError) -> Any:
        words = f"{error.author} saved revision {error.revision} of this draft meanwhile"
        mend = spoken(
            "read what is there now, and save again; nothing that you wrote was overwritten"
        )
        if is_page():
            return error_page(HTTPStatus.CONFLICT, words, mend)
        return problem(HTTPStatus.CONFLICT, words, mend=mend)

    @room.errorhandler(StatusError)
    def standing(error: StatusError) -> Any:
        if is_page():
            return error_page(HTTPStatus.CONFLICT, str(error), error.mend)
        return problem(HTTPStatus.CONFLICT, str(error), mend=error.mend)

    @room.errorhandler(CarryError)
    def carried(error: CarryError) -> Any:
        mend = spoken("open each of them in this draft and save what it shall be, or take it out")
        return error_page(HTTPStatus.CONFLICT, str(error), mend)

    @room.errorhandler(BuildError)
    def unbuilt(error: BuildError) -> Any:
        return error_page(HTTPStatus.SERVICE_UNAVAILABLE, str(error), spoken("try again later"))

    @room.errorhandler(RefusedError)
    def refused(error: RefusedError) -> Any:
        if is_page():
            page = render_template("editor/refused.html", diagnostics=error.diagnostics)
            return page, int(HTTPStatus.UNPROCESSABLE_ENTITY)
        answer = json_of({"diagnostics": error.diagnostics})
        answer.status_code = int(HTTPStatus.UNPROCESSABLE_ENTITY)
        return answer


def worst(diagnostics: Sequence[Diagnostic]) -> str:
    """How a list of diagnostics is to be read at a glance: ``sound``, ``warning`` or ``error``."""
    severities = {str(one.severity) for one in diagnostics}
    return next((one for one in ("error", "warning") if one in severities), "sound")
