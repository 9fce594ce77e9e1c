"""What would be decided if: other facts, another day, another release. Nothing is kept.

Both sides are drawn with the key that anybody may know, so that they differ by the change alone.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
from msgspec import Raw, Struct

from api.service.comparing import ChangedVerdict, Difference, changed_verdicts, differences
from api.service.deciding import Service
from api.service.elsewhere import Answer, ElsewhereError, Task, decided
from api.service.policy import SUPPOSE, Caller
from api.service.releases import file_of
from engine.decide.decision import Decision
from engine.declaration.declaration import Declaration, Identifier, Known, Request, Shape
from engine.declaration.form import check_day, check_request
from engine.declaration.problems import MalformedError, Remarks, malformed
from engine.declaration.reading import prepare, read_shape

ID = "id"


class Supposition(Shape, frozen=True, kw_only=True):
    """What is supposed.

    Starts from a kept *decision*, or from a *declaration*. *changes* amend it: any part of a
    declaration, goods by their number. *known* stands in the place of what an agency knows. *on*
    is the day; *release* the id or digest of a kept release.
    """

    decision: Identifier | None = None
    declaration: Declaration | None = None
    known: Known | None = None
    changes: dict[str, Raw] | None = None
    on: date | None = None
    release: str | None = None


prepare(Supposition)


class Supposed(Struct, frozen=True, kw_only=True, rename="camel"):
    """What is decided now, what would be, and what makes the difference.

    *rules* are those that are listed on either side and came to another verdict.
    """

    before: Decision
    after: Decision
    differences: tuple[Difference, ...]
    rules: tuple[ChangedVerdict, ...]


def suppose(service: Service, body: bytes, caller: Caller) -> Supposed:
    """Answer a supposition.

    Raises `MalformedError`: it cannot be read or decided on; `NotFoundError`: there is no such
    decision; `ForbiddenError`: the caller may not ask.
    """
    caller.need(SUPPOSE)
    supposition = read_shape(body, Supposition)
    base, first_seen = _base(service, supposition, caller)
    changed = _changed(base, supposition)
    today = service.clock().date()
    before = Task(request=base, on=today, first_seen=first_seen, what_if=True)
    after = Task(
        request=changed, on=supposition.on or today, first_seen=first_seen or today, what_if=True
    )
    seen = service.disclosing.seen_by(caller)
    sides = [seen(service.done(before)), seen(_after(service, supposition, after))]
    return Supposed(
        before=sides[0],
        after=sides[1],
        differences=differences(*sides),
        rules=changed_verdicts(*sides),
    )


def _base(
    service: Service, supposition: Supposition, caller: Caller
) -> tuple[Request, date | None]:
    if (supposition.decision is None) is (supposition.declaration is None):
        raise malformed("", "one of `decision` and `declaration` is needed", "give one of them")
    if supposition.decision is not None:
        _, kept = service.found(supposition.decision, caller)
        return kept.version.request, kept.version.first_seen
    assert supposition.declaration is not None
    request = Request(declaration=supposition.declaration, known=supposition.known or Known())
    remarks = Remarks()
    check_request(request, remarks)
    remarks.raise_problems()
    return request, None


def _changed(base: Request, supposition: Supposition) -> Request:
    """The request with the changes as a version of its own."""
    known = base.known if supposition.known is None else supposition.known
    remarks = Remarks()
    if supposition.on is not None:
        check_day(supposition.on, "/on", remarks)
    changes = supposition.changes
    if not changes:
        request = msgspec.structs.replace(base, known=known)
    else:
        if ID in changes:
            raise malformed("/changes/id", "the id cannot change", "leave it out")
        whole: dict[str, Any] = {ID: base.declaration.id, "goods": [], **changes}
        try:
            declaration = read_shape(msgspec.json.encode(whole), Declaration)
        except MalformedError as error:
            raise error.below("/changes") from None
        request = Request(
            declaration=declaration, known=known, earlier=(*base.earlier, base.declaration)
        )
        _check_goods(base, declaration, remarks)
    remarks.raise_problems()
    return request


def _check_goods(base: Request, changes: Declaration, remarks: Remarks) -> None:
    numbers = {item.item for version in (*base.earlier, base.declaration) for item in version.goods}
    for index, item in enumerate(changes.goods):
        if item.item not in numbers:
            remarks.refuse(
                f"/changes/goods/{index}/item",
                f"the declaration has no item {item.item}",
                f"one of {', '.join(map(str, sorted(numbers)[:20]))}",
            )


def _after(service: Service, supposition: Supposition, task: Task) -> Decision:
    wanted = supposition.release
    own = service.decider.release
    if wanted is None or wanted in (own.id, own.digest):
        return service.done(task)
    kept = file_of(service.store, wanted)
    try:
        (answer,) = decided(kept, service.trusted, service.keys, [task])
    except ElsewhereError as error:
        message = f"`{wanted[:80]}` cannot be run: {error}"
        raise malformed("/release", message, "name another") from None
    return _decision(answer)


def _decision(answer: Answer) -> Decision:
    if answer.decision is None:
        raise MalformedError(answer.problems)
    return answer.decision
