"""Entries for the tests of the store, and raw connections round its code."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime
from typing import Any, TypeAlias

import psycopg

from api.store import Account, Claim, Entry, Role, Sighting, Store, guards
from api.store.consents import Approval, Proposal
from api.store.drafts import Draft, Saving, State
from api.store.sources import InForce
from engine.evidence.canonical import canonical
from engine.evidence.record import salted

AT = datetime(2026, 11, 23, 9, 30, 15, 250_000, tzinfo=UTC)
AUTHOR = "command line"
MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)
CLAIM = Claim("key-1", b"the request")
Raw: TypeAlias = "sqlite3.Connection | psycopg.Connection[Any]"


def entry(name: str, **given: Any) -> Entry:
    """A decision of that id, with a request and an answer of its own."""
    return Entry(
        **{
            "kind": "decision",
            "id": name,
            "subject": f"declaration-{name}",
            "at": AT,
            "author": AUTHOR,
            "parts": {
                "request": salted(f"request {name}".encode()),
                "decision": salted(f"decision {name}".encode()),
            },
            **given,
        }
    )


def entries(first: int, count: int) -> list[Entry]:
    return [entry(f"d-{number}") for number in range(first, first + count)]


def made_release(day: str = "2026-11-23") -> bytes:
    """A file that has the form of a release, and nothing in it."""
    body = canonical({"made_on": day})
    digest = f"sha256:{hashlib.sha256(body).hexdigest()}"
    return canonical({"digest": digest, "release": {"made_on": day}})


TREE = {"ontology/core.ttl": b"", "rules/a.toml": b"one", "rules/b.toml": b"one"}
ANNE, BEN = "anne", "ben"


def written(text: str, author: str = ANNE, **given: Any) -> Saving:
    """A saving of one file."""
    files = {"rules/a.toml": (State.TEXT, text)}
    named = {"author": author, "agency": "agency:Customs", "at": AT, "files": files}
    return Saving(**{**named, **given})


def opened(store: Store, name: str, text: str = "two") -> Draft:
    """A draft by Anne over the release in force, which is made where none is."""
    base = store.authoring.in_force()
    if base is None:
        release = store.keep_release(made_release(), AT).digest
        base = store.authoring.keep_tree(release, TREE, AT)
    saving = written(text, title="a draft", base=base.release)
    return store.authoring.open_draft(name, saving, [])


def proposed(store: Store, draft: Draft, *owners: str) -> Proposal:
    """The draft, proposed as it stands; customs is its owner where none is named."""
    proposal = Proposal(
        draft=draft.id,
        revision=draft.revision,
        digest=f"sha256:{draft.id}-{draft.revision}",
        body=b"{}",
        owners=owners or ("agency:Customs",),
    )
    store.authoring.propose(proposal, [])
    return proposal


def approval(proposal: Proposal, person: str = BEN, agency: str = "agency:Customs") -> Approval:
    return Approval(
        draft=proposal.draft,
        revision=proposal.revision,
        agency=agency,
        digest=proposal.digest,
        person=person,
    )


def published(store: Store, proposal: Proposal, base: str, day: str = "2026-11-24") -> InForce:
    return store.authoring.publish(proposal, base, made_release(day), TREE, AT, [])


def fill(store: Store) -> None:
    """Something in every guarded table: two decisions, one erased, a key, a person, a draft."""
    release = store.keep_release(made_release(), AT)
    store.append(
        [
            entry(
                "d-0",
                release=release.digest,
                claim=CLAIM,
                sighting=Sighting("ucr:1", MONDAY),
            ),
            entry("d-1"),
        ]
    )
    store.erase(1, ["request"], authority="the court", reason="asked for", at=AT, author=AUTHOR)
    store.create_key(Role.AUDITOR, "court of audit", at=AT)
    store.people.add(account())
    draft = opened(store, "draft-1")
    proposal = proposed(store, draft)
    store.authoring.approve(approval(proposal), [])
    published(store, proposal, draft.base)


def account(name: str = "ada", **given: Any) -> Account:
    """A person of that id, with a hash of nothing in particular."""
    return Account(
        **{
            "id": name,
            "name": name.title(),
            "agency": "agency:Customs",
            "duties": frozenset({"author"}),
            "password": "hash",
            "created": AT,
            **given,
        }
    )


def executed(connection: Raw, statement: str, *values: object) -> list[Any]:
    """Rows of a statement with `?` for each value, in either dialect."""
    if isinstance(connection, sqlite3.Connection):
        return connection.execute(statement, values).fetchall()
    cursor = connection.execute(statement.replace("?", "%s"), values)
    return cursor.fetchall() if cursor.description else []


@contextmanager
def unguarded(url: str) -> Iterator[Raw]:
    """The driver's connection of somebody who owns the database and has dropped its guards."""
    with raw(url) as connection:
        if isinstance(connection, sqlite3.Connection):
            connection.execute("PRAGMA foreign_keys=OFF")
            for name in guards.expected("sqlite"):
                connection.execute(f"DROP TRIGGER {name}")
        else:
            connection.execute("SET session_replication_role = replica")
            for table in guards.GUARDED:
                connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield connection


@contextmanager
def raw(url: str) -> Iterator[Raw]:
    """The driver's own connection, each statement committed at once."""
    if url.startswith("sqlite"):
        path = url.removeprefix("sqlite:///")
        with closing(sqlite3.connect(path, isolation_level=None)) as file:
            file.execute("PRAGMA foreign_keys=ON")
            yield file
    else:
        with psycopg.connect(url, autocommit=True) as connection:
            yield connection
