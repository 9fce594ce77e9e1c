"""Where the page of a term, fact, rule or code is, from its id alone."""

from __future__ import annotations

from urllib.parse import quote

from engine.language.expression import GOODS


def address(identifier: str) -> str:
    """The path of the page of ``product:Toy``, ``fact:goods.value`` or ``hs:9503``."""
    kind, _, name = identifier.partition(":")
    if identifier == GOODS.term:
        return "/facts/goods.type"
    if kind == "hs":
        return f"/terms?q={quote(name)}"
    if kind == "fact":
        return f"/facts/{quote(name)}"
    if kind == "regulation":
        return f"/regulations/{quote(name)}"
    return f"/terms/{quote(kind)}/{quote(name)}"


def rule_address(identifier: str) -> str:
    """The path of a rule's page; ``#`` would end the path, so a row stands behind a slash."""
    return f"/rules/{quote(identifier.replace('#', '/'))}"
