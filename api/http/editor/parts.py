"""What the pages of the editor share: who edits, which draft, and how its refusals are told."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from flask import Blueprint, render_template
from msgspec import Struct

from api.http.access import caller, error_page, is_page
from api.http.editor.seeing import check_seen, disclosed, missing
from api.http.replies import problem
from api.service.authoring.building import BuildError
from api.service.authoring.office import Office, StatusError
from api.service.deciding import Service
from api.service.desks import Desks, text_of
from api.service.people import Person
from api.service.policy import REVIEW, ForbiddenError
from api.service.solving import Solver
from api.store import MissingError, RevisionError
from api.store.drafts import Draft, Version
from api.words.spoken import spoken
from engine.declaration.problems import MalformedError, Problem, malformed
from engine.desk.desk import Desk
from engine.language.diagnostics import Diagnostic, RefusedError

MAX_DIGITS = 9


class Editing(Struct, frozen=True, kw_only=True):
    """An *office* in which drafts are written, the *desks* to write them on, the *service*, and the
    *solver* that looks at every declaration.
    """

    office: Office
    desks: Desks
    service: Service
    solver: Solver

    def draft(self, identifier: str) -> tuple[Draft, dict[str, Version], Desk]:
        """A draft, its files, and its desk. Raises `MissingError`."""
        draft, files = self.office.store.authoring.files(identifier)
        return draft, files, self.desks.of_draft(draft, files)

    def opened(self, identifier: str, path: str) -> tuple[dict[str, Version], Desk]:
        """The files and the desk of a draft, of which who asks may see the file at *path*.

        Raises `MissingError`, `NotFoundError`.
        """
        _, files, desk = self.draft(identifier)
        check_seen(desk, path, caller(), files)
        return files, desk

    def text(self, identifier: str, path: str) -> str:
        """The text of a file of a draft, for who may see it. Raises as `opened` does."""
        files, desk = self.opened(identifier, path)
        text = text_of(desk, path, files)
        if text is None:
            raise missing(path)
        return text

    def told(
        self, found: Sequence[Diagnostic], identifier: str | None = None
    ) -> tuple[Diagnostic, ...]:
        """What is found wrong with a draft, or with what is not saved, as who asks may know it."""
        try:
            desk = self.desk() if identifier is None else self.draft(identifier)[2]
        except MissingError:
            return tuple(found)  # there are no rules to tell of
        return disclosed(found, desk, caller())

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


def number(given: str, name: str) -> int:
    """A number that a page sent. Raises `MalformedError`."""
    if not given.isascii() or not given.isdigit() or len(given) > MAX_DIGITS:
        raise malformed(
            f"/{name}", spoken("this is no number"), spoken("reload the page and try again")
        )
    return int(given)


def prepare(room: Blueprint, editing: Editing) -> None:
    """Let persons only in, and tell the refusals of drafting in words."""

    @room.before_request
    def persons_only() -> None:
        person()

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

    @room.errorhandler(BuildError)
    def unbuilt(error: BuildError) -> Any:
        return error_page(HTTPStatus.SERVICE_UNAVAILABLE, str(error), spoken("try again later"))

    @room.errorhandler(MalformedError)
    def malformed_form(error: MalformedError) -> Any:
        if is_page():
            page = render_template("editor/refused.html", problems=error.problems)
            return page, int(HTTPStatus.UNPROCESSABLE_ENTITY)
        return problem(HTTPStatus.UNPROCESSABLE_ENTITY, "it was refused", error.problems)

    @room.errorhandler(RefusedError)
    def refused(error: RefusedError) -> Any:
        if is_page():
            found = editing.told(error.diagnostics)
            page = render_template("editor/refused.html", diagnostics=found)
            return page, int(HTTPStatus.UNPROCESSABLE_ENTITY)
        return problem(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "it was refused",
            as_problems(editing.told(error.diagnostics)),
        )


def worst(diagnostics: Sequence[Diagnostic]) -> str:
    """How a list of diagnostics is to be read at a glance: ``sound``, ``warning`` or ``error``."""
    severities = {str(one.severity) for one in diagnostics}
    return next((one for one in ("error", "warning") if one in severities), "sound")


def as_problems(found: Sequence[Diagnostic]) -> tuple[Problem, ...]:
    """Diagnostics as the problems of a call; a place is where it stands in the file."""
    return tuple(
        Problem(pointer=one.path, message=one.message, help=one.help, line=one.line)
        for one in found
    )
