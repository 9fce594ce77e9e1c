"""Who may do what: the table of persons, and refusals that name the policy and the mend."""

from __future__ import annotations

from itertools import combinations

import pytest

from api.service import policy
from api.service.people import Duty, Person
from api.service.policy import REGULATOR, Caller, ForbiddenError, Policy
from api.store import Role

POLICIES = [value for value in vars(policy).values() if isinstance(value, Policy)]
OF_DUTIES = {
    policy.WRITE: Duty.AUTHOR,
    policy.APPROVE: Duty.APPROVER,
    policy.ADMINISTER: Duty.ADMINISTRATOR,
    policy.SIGN: Duty.COUNSEL,
}
DUTIES = [frozenset(some) for size in range(len(Duty) + 1) for some in combinations(Duty, size)]


def person(*duties: Duty, agency: str = "agency:Customs") -> Caller:
    found = Person(id="ada", name="Ada", agency=agency, duties=frozenset(duties))
    return Caller(name="person:ada", role=REGULATOR, agency=agency, person=found)


def key(role: Role) -> Caller:
    agency = "agency:Customs" if role in (Role.OFFICER, Role.SYSTEM) else None
    return Caller(name="abcdefgh", role=role, agency=agency)


@pytest.mark.parametrize("duties", DUTIES, ids=lambda some: "-".join(sorted(some)) or "none")
def test_a_duty_opens_its_policy_and_no_other(duties: frozenset[Duty]) -> None:
    caller = person(*duties)
    assert {one for one in OF_DUTIES if caller.may(one)} == {
        one for one, duty in OF_DUTIES.items() if duty in duties
    }


@pytest.mark.parametrize("duties", DUTIES, ids=lambda some: "-".join(sorted(some)) or "none")
def test_a_person_reads_reviews_and_supposes_and_touches_no_declaration(
    duties: frozenset[Duty],
) -> None:
    caller = person(*duties)
    assert all(caller.may(one) for one in (policy.READ, policy.REVIEW, policy.SUPPOSE))
    barred = (policy.LODGE, policy.STATE, policy.ACT, policy.REPORT, policy.REPLAY, policy.EXPORT)
    assert not any(caller.may(one) for one in barred)


@pytest.mark.parametrize("role", Role)
def test_no_key_does_what_is_for_persons(role: Role) -> None:
    own = [*OF_DUTIES, policy.COMPETENCE, policy.FOUR_EYES, policy.CONSULT, policy.CHOOSE]
    assert not any(key(role).may(one) for one in own)


@pytest.mark.parametrize("wanted", POLICIES, ids=lambda one: one.name)
@pytest.mark.parametrize("caller", [person(), *map(key, Role)], ids=lambda one: one.role)
def test_a_refusal_names_the_policy_and_a_mend(wanted: Policy, caller: Caller) -> None:
    if caller.may(wanted):
        return
    with pytest.raises(ForbiddenError, match=f"policy `{wanted.name}`") as caught:
        caller.need(wanted)
    assert caught.value.policy is wanted
    assert caught.value.mend


def test_who_lacks_a_duty_is_told_which() -> None:
    with pytest.raises(ForbiddenError, match="has not the duty approver") as caught:
        person(Duty.AUTHOR).need(policy.APPROVE)
    assert caught.value.mend == "ask an administrator of your agency for the duty approver"
