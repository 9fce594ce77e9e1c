"""The editor's first page: which rules there are, what is drafted, and what waits for whom."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import partial
from http import HTTPStatus

import msgspec
from flask import Blueprint, redirect, render_template, request, url_for
from msgspec import Struct
from werkzeug.wrappers import Response

from api.http.access import caller, needs
from api.http.editor.parts import Editing, number, person
from api.http.editor.refusing import refusal
from api.http.editor.seeing import check_seen, missing, seen, served_by
from api.http.replies import json_of
from api.http.work import Outcome, worked
from api.service.authoring import drafting, emergency
from api.service.authoring.consulting import consultations
from api.service.authoring.steps import Status, Story
from api.service.desks import text_of
from api.service.people import Person
from api.service.policy import REVIEW, WRITE, sees
from api.store import MissingError
from api.words.spoken import spoken
from engine.decide.audience import RESTRICTED
from engine.decide.examples import GivenError
from engine.decide.program import Program
from engine.declaration.problems import Problem
from engine.desk.desk import Desk
from engine.desk.finding import STATES, Finder, Found, Wanted
from engine.desk.templates import TEMPLATES, copied, template
from engine.desk.words import Words
from engine.language.law import Regulation
from engine.language.rule import Phase
from engine.language.vocabulary import Agency, Term
from engine.release import Progress

MAX_QUERY = 200
MAX_SHOWN = 200
FIELDS = (
    *("words", "code", "origin", "agency", "regulation", "article"),
    *("product", "hazard", "phase", "regime", "state"),
)
DONE = (Status.IN_FORCE, Status.ENDED, Status.REFUSED, Status.WITHDRAWN)


class Waiting(Struct, frozen=True):
    """A draft in a list: where it stands, and what it waits for, if for whoever reads."""

    story: Story
    status: Status
    waits: str | None


def add_finding(room: Blueprint, editing: Editing) -> None:
    """Add it to *room*."""
    office = editing.office
    program: Program = editing.service.decider.program
    finder = Finder(program)
    words = Words(program.vocabulary, program.parameters)
    options = _options(program)

    @room.get("/")
    @needs(REVIEW)
    def home() -> str | tuple[str, int]:
        given = {name: request.args.get(name, "").strip()[:MAX_QUERY] for name in FIELDS}
        on, problems = office.clock().date(), list[Problem]()
        found: tuple[Found, ...] = ()
        asked = any(given.values()) or "on" in request.args
        try:
            on = _day(request.args.get("on", ""), on)
            if asked:
                wanted = msgspec.convert({n: value for n, value in given.items() if value}, Wanted)
                found = finder.find(wanted, on, lambda rule: sees(caller(), rule))
        except GivenError as error:
            problems = [Problem(pointer=f"/{error.name}", message=str(error), help=error.mend)]
        page = render_template(
            "editor/home.html",
            given=given,
            on=on,
            asked=asked,
            found=found[:MAX_SHOWN],
            count=len(found),
            problems=problems,
            drafts=_drafts(editing, person()),
            overdue=finder.find(Wanted(state="overdue"), on, lambda rule: sees(caller(), rule)),
            options=options,
            countries=sorted(program.vocabulary.countries.items(), key=lambda one: one[1]),
            templates=TEMPLATES,
            ready=_ready(editing),
        )
        return (page, int(HTTPStatus.UNPROCESSABLE_ENTITY)) if problems else page

    @room.get("/words")
    @needs(REVIEW)
    def offer() -> Response:
        kind, under = request.args.get("kind", ""), request.args.get("under") or None
        if kind == "term":
            kind = request.args.get("of") or kind
        limit = number(request.args.get("limit", "20"), "limit")
        asked = request.args.get("q", "")[:MAX_QUERY]
        found = words.words(kind, asked, under, limit)
        if kind == "parameter":
            found = tuple(
                one for one in found if seen(editing.desk(), f"rules/{one.id}.toml", caller())
            )
        answer = json_of(found)
        # The vocabulary of a release does not change, but a browser outlives it.
        answer.headers["Cache-Control"] = "private, max-age=60"
        return answer

    # Opening drafts

    @room.post("/drafts")
    @needs(WRITE)
    def opened() -> Response:
        form, who = request.form, person()
        start, identifier = form.get("start", ""), form.get("id", "").strip()
        if start == "change":
            path, desk = form.get("path", ""), editing.desk()
            check_seen(desk, path, caller())
            if path not in desk.tree:
                raise missing(path)
            title = form.get("title", "").strip() or _titled("Change", path, desk)
            draft = drafting.open_draft(office, who, title)
        else:
            path, text = f"rules/{identifier}.toml", _started(editing, start, identifier)
            title = form.get("title", "").strip() or f"New rule {identifier}"
            draft = drafting.open_draft(office, who, title)
            draft = drafting.save(office, who, draft.id, draft.revision, path, text)
        where = url_for("editor.file", identifier=draft.id, path=path)
        return redirect(where, HTTPStatus.SEE_OTHER)

    @room.post("/withdrawals")
    @needs(WRITE)
    def withdrawal() -> Response:
        """Ask to withdraw a rule at once; a second person consents on the draft's page."""
        who, form, desk = person(), request.form, editing.desk()
        path, reason = form.get("path", "").strip(), form.get("reason", "")
        check_seen(desk, path, caller())
        if path not in desk.tree:
            raise missing(path)
        title = _titled("Withdraw", path, desk)

        def work(progress: Progress) -> Outcome:
            story = emergency.ask(office, who, path, reason, title, progress)
            words = "It builds, and is proposed: a second person consents."
            return words, url_for("editor.draft", identifier=story.draft.id, _anchor="consent")

        return worked("Checking and proposing", work, partial(refusal, editing, None))


def _options(program: Program) -> dict[str, list[tuple[str, str]]]:
    """What may be chosen in each field of the search: values, and their words."""
    known = program.vocabulary
    labelled: dict[str, Iterable[Agency | Regulation | Term]] = {
        "agency": known.agencies.values(),
        "regulation": known.regulations.values(),
        "product": known.of_kind("product"),
        "hazard": known.of_kind("hazard"),
    }
    regimes = sorted({one.rule.regime for one in program.rules})
    plain = {"phase": [phase.value for phase in Phase], "regime": regimes, "state": STATES}
    return {
        **{field: [(one.id, one.label) for one in each] for field, each in labelled.items()},
        **{field: [(value, value) for value in each] for field, each in plain.items()},
    }


def _titled(what: str, path: str, desk: Desk) -> str:
    """A title that lists of other agencies may show."""
    if any(rule.disclosure == RESTRICTED for rule in served_by(desk, path)):
        return f"{what} a rule that is restricted"
    return f"{what} {path}"[: drafting.MAX_TITLE]


def _started(editing: Editing, start: str, identifier: str) -> str:
    """The text of a new rule: from a template, or a copy of a rule.

    Raises `RefusedError`, `NotFoundError`, `MalformedError`.
    """
    day = editing.office.clock().date()
    if start != "copy":
        return template(start, identifier, day)
    desk, former = editing.desk(), request.form.get("former", "").strip()
    path = f"rules/{former}.toml"
    check_seen(desk, path, caller())
    text = text_of(desk, path, {})
    if text is None:
        raise missing(path)
    return copied(text, former, identifier, succeeds=request.form.get("succeeds") == "yes")


def _drafts(editing: Editing, who: Person) -> dict[str, list[Waiting]]:
    """What waits for *who*, what the agency drafts, and what is done."""
    store, today = editing.office.store, editing.office.clock().date()
    found: dict[str, list[Waiting]] = {"waiting": [], "open": [], "done": []}
    for draft in store.authoring.drafts():
        story = editing.office.story(draft.id)
        status = story.status(today)
        waits = _waits(story, status, who)
        ours = draft.agency == who.agency or who.id in story.authors
        one = Waiting(story, status, waits)
        if waits is not None:
            found["waiting"].append(one)
        elif status in DONE and (ours or status is not Status.WITHDRAWN):
            found["done"].append(one)
        elif ours:
            found["open"].append(one)
    return found


def _waits(story: Story, status: Status, who: Person) -> str | None:
    """What a draft waits for of this person."""
    proposed = story.proposed
    if proposed is None:
        return None
    if status is Status.REVIEW:
        owns = who.agency in proposed.touched.owners and who.agency not in story.approved
        if owns and "approver" in who.duties and who.id not in story.authors:
            return spoken("approval")
        unsaid = [one.agency for one in consultations(story) if one.agrees is None]
        if who.agency in unsaid:
            return spoken("an answer of your agency")
    ours = who.agency == story.draft.agency or who.agency in proposed.touched.owners
    return spoken("publication") if status is Status.APPROVED and ours else None


def _ready(editing: Editing) -> str | None:
    """Why nothing can be drafted of the release that serves, if so."""
    served = editing.service.decider.release
    try:
        kept = editing.office.in_force()
    except MissingError as error:
        return str(error)
    if kept.release == served.digest:
        return None
    return (
        f"the release {served.id} serves, and the files that are kept here are those of "
        f"{kept.release}: drafts change these. Where the files of {served.id} were published from "
        "elsewhere, put them in the folder of the server and start it again"
    )


def _day(text: str, today: date) -> date:
    if not text.strip():
        return today
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise GivenError("on", spoken("this is no day"), spoken("write it as 2026-11-23")) from None
