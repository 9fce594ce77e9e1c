"""Who may do what: one table, and refusals that name the policy.

A key has a role, and an agency where it speaks for one. Nothing else is asked here; which goods
and whose controls, the decision itself says.
"""

from __future__ import annotations

from msgspec import Struct

from api.store import Role
from engine.language.rule import Rule


class Policy(Struct, frozen=True):
    """Something that may be done, and by whom."""

    name: str
    words: str
    roles: frozenset[Role]


def _policy(name: str, words: str, *roles: Role) -> Policy:
    return Policy(name, words, frozenset(roles))


_AGENCY = (Role.SYSTEM, Role.OFFICER)
READ = _policy("read", "read rules, terms and the log", *Role)
LODGE = _policy("lodge", "lodge a declaration", Role.TRADER, *_AGENCY)
STATE = _policy("state", "state what an agency knows", *_AGENCY)
REVIEW = _policy("review", "see a decision as an officer does", *_AGENCY, Role.AUDITOR)
SUPPOSE = _policy("suppose", "ask what would be decided", *_AGENCY, Role.AUDITOR)
REPLAY = _policy("replay", "replay a decision", *_AGENCY, Role.AUDITOR)
ACT = _policy("act", "record an officer's act", Role.OFFICER)
REPORT = _policy("report", "report what a control found", *_AGENCY)
EXPORT = _policy("export", "export outcomes", *_AGENCY, Role.AUDITOR)


class Caller(Struct, frozen=True, kw_only=True):
    """Who asks: the name of a key, its role, and the agency that it speaks for, if any."""

    name: str
    role: Role
    agency: str | None = None

    def may(self, policy: Policy) -> bool:
        """Whether the table allows it."""
        return self.role in policy.roles

    def need(self, policy: Policy) -> None:
        """Go on only if the table allows it.

        Raises `ForbiddenError`: it does not.
        """
        if not self.may(policy):
            roles = " or ".join(sorted(policy.roles))
            raise ForbiddenError(
                policy,
                f"a key of role {self.role} may not {policy.words}",
                f"use a key of role {roles}",
            )

    def need_agency(self, policy: Policy, agency: str) -> None:
        """Go on only for the caller's own agency; a key without one speaks for none.

        Raises `ForbiddenError`: it is another's.
        """
        self.need(policy)
        if self.agency != agency:
            raise ForbiddenError(
                policy,
                f"this key speaks for {self.agency or 'no agency'}, not for {agency}",
                f"use a key of {agency}",
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
