"""Who may do what: one table, and refusals that name the policy.

A key has a role, and an agency where it speaks for one. A person who signed in has the role of a
regulator, an agency, and duties. Nothing else is asked here; which goods and whose controls, the
decision itself says.
"""

from __future__ import annotations

from msgspec import Struct

from api.service.people import Duty, Person
from api.store import Role
from engine.language.rule import Rule

REGULATOR = "regulator"
"""The role of a person who signed in; no key has it."""


class Policy(Struct, frozen=True):
    """Something that may be done, by whom, and under which *duty*, if any."""

    name: str
    words: str
    roles: frozenset[str]
    duty: Duty | None = None


def _policy(name: str, words: str, *roles: str) -> Policy:
    return Policy(name, words, frozenset(roles))


def _duty(name: str, words: str, duty: Duty | None = None) -> Policy:
    return Policy(name, words, frozenset({REGULATOR}), duty)


_AGENCY = (Role.SYSTEM, Role.OFFICER)
READ = _policy("read", "read rules, terms and the log", *Role, REGULATOR)
LODGE = _policy("lodge", "lodge a declaration", Role.TRADER, *_AGENCY)
STATE = _policy("state", "state what an agency knows", *_AGENCY)
REVIEW = _policy("review", "see a decision as an officer does", *_AGENCY, Role.AUDITOR, REGULATOR)
SUPPOSE = _policy("suppose", "ask what would be decided", *_AGENCY, Role.AUDITOR, REGULATOR)
REPLAY = _policy("replay", "replay a decision", *_AGENCY, Role.AUDITOR)
ACT = _policy("act", "record an officer's act", Role.OFFICER)
REPORT = _policy("report", "report what a control found", *_AGENCY)
EXPORT = _policy("export", "export outcomes", *_AGENCY, Role.AUDITOR)
WRITE = _duty("write", "draft rules", Duty.AUTHOR)
APPROVE = _duty("approve", "approve rules", Duty.APPROVER)
ADMINISTER = _duty("administer", "say who signs in for an agency", Duty.ADMINISTRATOR)
SIGN = _duty("sign", "sign clauses of law, or object", Duty.COUNSEL)
CHOOSE = _duty("choose", "choose a password")
FOUR_EYES = _duty("four-eyes", "approve what another wrote")
CONSULT = _duty("consult", "answer for an agency that is consulted")
COMPETENCE = _duty("competence", "impose the controls of one's own agency only")
"""What `api.service.authoring` asks beyond a duty, of the draft that it is about."""


class Caller(Struct, frozen=True, kw_only=True):
    """Who asks: the name of a key, its role, and the agency that it speaks for, if any.

    Or a *person* who signed in: then the name is `person:ID`, which no key has.
    """

    name: str
    role: str
    agency: str | None = None
    person: Person | None = None

    def may(self, policy: Policy) -> bool:
        """Whether the table allows it."""
        return self.role in policy.roles and (
            policy.duty is None or (self.person is not None and policy.duty in self.person.duties)
        )

    def need(self, policy: Policy) -> None:
        """Go on only if the table allows it.

        Raises `ForbiddenError`: it does not.
        """
        if self.may(policy):
            return
        if self.person is not None and self.role in policy.roles:
            need_duty(self.person, policy)
        roles = " or ".join(sorted(policy.roles - {REGULATOR}))
        who = "a person who signed in" if self.person else f"a key of role {self.role}"
        mend = f"use a key of role {roles}" if roles else "sign in with your name and password"
        raise ForbiddenError(policy, f"{who} may not {policy.words}", mend)

    def need_agency(self, policy: Policy, agency: str) -> None:
        """Go on only for the caller's own agency; a key without one speaks for none.

        Raises `ForbiddenError`: it is another's.
        """
        self.need(policy)
        if self.agency != agency:
            who, mend = (
                ("you speak", f"ask a person of {agency} to do it")
                if self.person
                else ("this key speaks", f"use a key of {agency}")
            )
            words = f"{who} for {self.agency or 'no agency'}, not for {agency}"
            raise ForbiddenError(policy, words, mend)


def need_duty(person: Person, policy: Policy) -> None:
    """Go on only where the person's agency gave the duty that *policy* asks for.

    Raises `ForbiddenError`: it did not.
    """
    if policy.duty is not None and policy.duty not in person.duties:
        raise ForbiddenError(
            policy,
            f"{person.id} may not {policy.words}, as that person has not the duty {policy.duty}",
            f"ask an administrator of your agency for the duty {policy.duty}",
        )


def sees(caller: Caller | None, rule: Rule) -> bool:
    """Whether a rule is shown to *caller*; None is the public.

    What is disclosed to agencies is for whoever may see a decision as an officer does; what is
    restricted, for the agency that owns it and for auditors.
    """
    if rule.public:
        return True
    if caller is None or not caller.may(REVIEW):
        return False
    return (
        rule.disclosure == "agency" or caller.role is Role.AUDITOR or caller.agency == rule.agency
    )


class ForbiddenError(Exception):
    """A policy does not allow it; the message says which and why, *mend* what to do."""

    def __init__(self, policy: Policy, message: str, mend: str) -> None:
        self.policy, self.mend = policy, mend
        super().__init__(f"policy `{policy.name}`: {message}")
