"""The pages of administrators: who signs in for their agency, and with which duties.

An administrator says so for the own agency only. A one-time password is shown once, and opens
nothing but the choice of another.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import structlog
from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from api.http.access import caller, needs
from api.service import passwords
from api.service.accounts import Accounts
from api.service.people import Duty, Person
from api.service.policy import ADMINISTER
from api.store import Account
from api.words.spoken import spoken
from engine.declaration.problems import MalformedError, malformed
from engine.language.vocabulary import Vocabulary

DUTIES = {
    Duty.AUTHOR: spoken("drafts rules"),
    Duty.APPROVER: spoken("approves what others drafted"),
    Duty.ADMINISTRATOR: spoken("says who signs in for the agency"),
    Duty.COUNSEL: spoken("signs clauses of law, or objects"),
}
Answer = str | Response | tuple[str, int]


def people(accounts: Accounts, vocabulary: Vocabulary) -> Blueprint:
    """All of them."""
    room = Blueprint("people", __name__)
    log = structlog.get_logger("commensura")

    def shown(**more: Any) -> str:
        agency = _administrator().agency
        return render_template(
            "people.html",
            people=accounts.listed(agency),
            duties=DUTIES,
            agency=agency,
            **{"problems": (), "given": {}, "given_duties": frozenset()} | more,
        )

    def one(account: Account, **more: Any) -> str:
        found = {"problems": (), "duties": DUTIES, "own": account.id == _administrator().id}
        return render_template("person.html", person=account, **found | more)

    def known(identifier: str) -> Account:
        account = accounts.found(identifier)
        if account is None:
            abort(HTTPStatus.NOT_FOUND, f"there is no person `{identifier[:64]}`")
        caller().need_agency(ADMINISTER, account.agency)
        return account

    @room.get("/people")
    @needs(ADMINISTER)
    def everybody() -> Answer:
        return shown()

    @room.post("/people")
    @needs(ADMINISTER)
    def add() -> Answer:
        form, password = request.form, passwords.made()
        try:
            added = accounts.add(
                form.get("id", "").strip(),
                form.get("name", ""),
                _administrator().agency,
                _duties(),
                agencies=vocabulary.agencies,
                password=password,
                one_time=True,
            )
        except MalformedError as error:
            duties = form.getlist("duty")
            page = shown(problems=error.problems, given=form, given_duties=duties)
            return page, int(HTTPStatus.UNPROCESSABLE_ENTITY)
        log.info("person added", person=added.id, by=caller().name)
        return one(added, password=password)

    @room.get("/people/<identifier>")
    @needs(ADMINISTER)
    def person(identifier: str) -> Answer:
        return one(known(identifier))

    @room.post("/people/<identifier>/duties")
    @needs(ADMINISTER)
    def set_duties(identifier: str) -> Answer:
        account = known(identifier)
        try:
            duties = _duties()
            if _is_own(account) and Duty.ADMINISTRATOR not in duties:
                raise _own(
                    "/duty", spoken("you cannot take from yourself what makes you administrator")
                )
            accounts.set_duties(account.id, duties)
        except MalformedError as error:
            page = one(account, problems=error.problems)
            return page, int(HTTPStatus.UNPROCESSABLE_ENTITY)
        log.info("duties set", person=account.id, duties=sorted(duties), by=caller().name)
        return redirect(url_for("people.person", identifier=account.id), HTTPStatus.SEE_OTHER)

    @room.post("/people/<identifier>/password")
    @needs(ADMINISTER)
    def set_password(identifier: str) -> Answer:
        account, password = known(identifier), passwords.made()
        if _is_own(account):
            return redirect(url_for("signing.password"), HTTPStatus.SEE_OTHER)
        changed = accounts.set_password(account.id, password, one_time=True)
        log.info("one-time password set", person=account.id, by=caller().name)
        return one(changed, password=password)

    @room.post("/people/<identifier>/disable")
    @needs(ADMINISTER)
    def disable(identifier: str) -> Answer:
        account = known(identifier)
        try:
            if _is_own(account):
                raise _own("/disable", spoken("you cannot disable yourself"))
            if "sure" not in request.form:
                mend = spoken("tick the box: it is for good")
                raise malformed("/sure", spoken("it is not said that you are sure"), mend)
        except MalformedError as error:
            page = one(account, problems=error.problems)
            return page, int(HTTPStatus.UNPROCESSABLE_ENTITY)
        accounts.disable(account.id)
        log.info("person disabled", person=account.id, by=caller().name)
        return redirect(url_for("people.person", identifier=account.id), HTTPStatus.SEE_OTHER)

    return room


def _administrator() -> Person:
    found = caller().person
    assert found is not None  # the policy is for persons
    return found


def _is_own(account: Account) -> bool:
    return account.id == _administrator().id


def _own(field: str, message: str) -> MalformedError:
    return malformed(field, message, spoken("let another administrator of your agency do it"))


def _duties() -> frozenset[Duty]:
    """The duties that were ticked. Raises `MalformedError`: one that is none."""
    try:
        return frozenset(map(Duty, request.form.getlist("duty")))
    except ValueError:
        raise malformed("/duty", spoken("unknown duty"), f"one of {', '.join(Duty)}") from None
