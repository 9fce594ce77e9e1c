"""Words that pages translate where they show them, but that are not written in a template.

`spoken` marks such words for `pybabel`; those of the engine, which knows no languages, are listed.
"""

from __future__ import annotations


def spoken(text: str) -> str:
    """*text* as it is: the mark says that a page shows it in the reader's language."""
    return text


CHANNELS = (
    spoken("green channel"),
    spoken("blue channel"),
    spoken("yellow channel"),
    spoken("red channel"),
)
LEGAL = (spoken("law"), spoken("to-confirm"), spoken("illustrative"))
"""How sure we are of what is said of law: `Basis.status`."""

STANDING = (
    spoken("draft"),
    spoken("review"),
    spoken("approved"),
    spoken("refused"),
    spoken("withdrawn"),
    spoken("in force"),
    spoken("ended"),
    spoken("coming"),
    spoken("overdue"),
)
"""Where a draft or a rule stands: `Status`, and the states by which rules are found."""

STEPS = (
    spoken("opened"),
    spoken("rebased"),
    spoken("proposed"),
    spoken("commented"),
    spoken("answered"),
    spoken("approved"),
    spoken("refused"),
    spoken("withdrawn"),
    spoken("attached"),
    spoken("failed"),
    spoken("published"),
    spoken("gone"),
)
"""The steps of a draft, by their tags."""

THREATS = (
    spoken("safety"),
    spoken("health"),
    spoken("environment"),
    spoken("national-security"),
)
FILE_CHANGES = (spoken("added"), spoken("removed"), spoken("changed"))
SEVERITIES = (spoken("error"), spoken("warning"), spoken("note"))
VERDICTS = (
    spoken("applies"),
    spoken("does not apply"),
    spoken("undetermined"),
    spoken("not in force"),
)
PHASES = (spoken("classify"), spoken("record"), spoken("assess"), spoken("control"))
REGIMES = (
    spoken("TBT-regulation"),
    spoken("TBT-conformity"),
    spoken("SPS"),
    spoken("customs"),
    spoken("other"),
)
TEMPLATES = (
    spoken("A control that follows the risk"),
    spoken("An agency looks where risk is high."),
    spoken("A control that law prescribes"),
    spoken("Law says that goods are controlled."),
    spoken("A control by a programme"),
    spoken("A sampling plan sets a frequency for a time."),
    spoken("A control at random"),
    spoken("A share of all goods, whatever the risk."),
    spoken("Goods that wait"),
    spoken("Law holds or refuses goods that lack a document."),
    spoken("How dangerous a product is"),
    spoken("What harm a product does that fails."),
    spoken("How likely goods fail"),
    spoken("What makes non-compliance more likely."),
    spoken("What a record says"),
    spoken("A fact concluded about a trader or goods."),
)
"""The titles and uses of the templates of rules."""

CHECKS = (
    spoken("Nothing is wrong with it."),
    spoken("There are warnings."),
    spoken("There are errors: it cannot be proposed."),
)
ERRORS = (
    spoken("Bad Request"),
    spoken("Unauthorized"),
    spoken("Forbidden"),
    spoken("Not Found"),
    spoken("Method Not Allowed"),
    spoken("Conflict"),
    spoken("Gone"),
    spoken("Request Entity Too Large"),
    spoken("Content Too Large"),
    spoken("Unsupported Media Type"),
    spoken("Unprocessable Entity"),
    spoken("Unprocessable Content"),
    spoken("Too Many Requests"),
    spoken("Internal Server Error"),
    spoken("Service Unavailable"),
)
"""The titles of pages of errors: `HTTPStatus.phrase`, which Python 3.13 names otherwise."""

DUTIES = (spoken("author"), spoken("approver"), spoken("administrator"), spoken("counsel"))
PASSWORDS = (
    spoken("the new password is the former one"),
    spoken("the password is too long"),
    spoken("choose another"),
)
"""What `accounts` and `passwords` say of a password."""

SIGNING = (
    spoken("say why, in 5000 characters at most"),
    spoken("what convinces you, or what you object to"),
    spoken("somebody else spoke of this clause meanwhile"),
    spoken("read what was said, and send yours again"),
)
"""What `signing_off` says of what counsel sent."""

OUTCOMES = (
    spoken("passed"),
    spoken("failed"),
    spoken("unclear"),
    spoken("stopped"),
    spoken("not run"),
)
"""What became of a step or a scenario: `Outcome`."""

FINDINGS = (spoken("flag"), spoken("insufficient record"), spoken("no flag"))
"""What a safeguard says: `Verdict`."""

MODALS = (spoken("shall"), spoken("may"), spoken("endeavour"), spoken("should"))
"""How a clause binds: `Obligation.modal`."""

STANDINGS = (
    spoken("signed"),
    spoken("objected"),
    spoken("signed, stale"),
    spoken("objected, stale"),
    spoken("not signed"),
)
"""How counsel's word on a clause stands."""

ROLES = (
    spoken("trader"),
    spoken("agency-system"),
    spoken("officer"),
    spoken("auditor"),
    spoken("regulator"),
)
