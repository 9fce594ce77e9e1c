"""Emergency withdrawal: one person asks with a reason, a second one approves, and it is done.

Both acts are in the log before it takes effect. The rule ends on the day; nothing else changes.
"""

from __future__ import annotations

from api.service.authoring import drafting
from api.service.authoring.building import Progress
from api.service.authoring.office import Office
from api.service.authoring.proposing import check_reasons, propose
from api.service.authoring.steps import Story
from api.service.people import Person
from engine.declaration.problems import malformed
from engine.language.source import Source
from engine.language.writing import write_content
from engine.release import silent


def ask(
    office: Office,
    person: Person,
    path: str,
    reason: str,
    title: str | None = None,
    progress: Progress = silent,
) -> Story:
    """Propose to end the rule or table at *path* today; a rule not yet in force goes altogether.

    The draft's *title* names the path unless it is given.

    `approving.approve` and `publishing.publish` do the rest. Raises `MalformedError` where no such
    rule is in force, and as `propose` does.
    """
    check_reasons(None, reason)
    body = office.store.authoring.source(office.in_force().release, path)
    if body is None or not path.endswith(".toml"):
        raise malformed("/path", f"no rule stands in `{path[:80]}`", "name the file of a rule")
    text = _ended(office, path, body)
    draft = drafting.open_draft(office, person, title or f"Withdraw {path[:150]}")
    draft = drafting.save(office, person, draft.id, 0, path, text)
    return propose(office, person, draft.id, draft.revision, emergency=reason, progress=progress)


def _ended(office: Office, path: str, body: bytes) -> str | None:
    today = office.clock().date()
    source = Source(path, body)
    if "then" not in source.content:
        raise malformed("/path", f"`{path[:80]}` holds no rule", "name the file of a rule")
    period = dict(source.content.get("effective", {}))
    start, end = period.get("from"), period.get("until")
    if end is not None and end <= today:
        raise malformed("/path", f"the rule ended on {end}", "nothing is left to withdraw")
    if start is not None and start >= today:
        return None
    content = {**source.content, "effective": {**period, "until": today}}
    return write_content(content, body.decode())
