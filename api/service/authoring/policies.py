"""Who may author, by duty and agency; refusals name the policy."""

from __future__ import annotations

from api.service.people import Duty, Person
from api.service.policy import ForbiddenError, Policy

WRITE = Policy("write", "write drafts of rules", frozenset())
APPROVE = Policy("approve", "approve or refuse what is proposed", frozenset())
FOUR_EYES = Policy("four-eyes", "approve what another wrote", frozenset())
COMPETENCE = Policy("competence", "impose the controls of one's own agency only", frozenset())
CONSULT = Policy("consult", "answer for an agency that is consulted", frozenset())

_DUTIES = {WRITE.name: Duty.AUTHOR, APPROVE.name: Duty.APPROVER}


def need(person: Person, policy: Policy) -> None:
    """Go on only where the person's agency gave the duty. Raises `ForbiddenError`."""
    duty = _DUTIES[policy.name]
    if duty not in person.duties:
        raise ForbiddenError(
            policy,
            f"{person.id} may not {policy.words}",
            f"ask the administrator of {person.agency} for the duty `{duty}`",
        )
