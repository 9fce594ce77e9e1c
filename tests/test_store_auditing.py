"""The audit finds whatever is altered, and finds nothing in a log that is sound."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from api.store import Claim, Store, auditing
from engine.evidence import merkle
from engine.evidence.canonical import canonical
from engine.evidence.record import Record, salted
from tests.store_sample import AT, AUTHOR, entries, entry, executed, fill, unguarded


@pytest.fixture
def filled(store: Store) -> Store:
    """Three records of `fill` (an erasure at 2) and ten more."""
    fill(store)
    store.append(entries(3, 10))
    return store


@contextmanager
def tampered(url: str, statement: str, *values: object) -> Iterator[None]:
    with unguarded(url) as connection:
        executed(connection, statement, *values)
    yield


def found(store: Store) -> list[tuple[int | None, str]]:
    """Findings, those that the guards are missing apart: who tampers here dropped them."""
    return [
        (one.index, one.message)
        for one in store.audit().findings
        if "is missing from the database" not in one.message
    ]


def test_a_sound_log_has_no_findings(filled: Store) -> None:
    audit = filled.audit()
    assert (audit.size, audit.root, audit.findings) == (13, filled.root(), ())


def test_an_empty_log_is_sound(store: Store) -> None:
    audit = store.audit()
    assert (audit.size, audit.root, audit.findings) == (0, merkle.EMPTY, ())


@pytest.mark.parametrize("page", [1, 2, 3, 5, 13])
def test_pages_of_any_length_find_the_same(
    filled: Store, url: str, page: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auditing, "PAGE", page)
    assert found(filled) == []
    with tampered(url, "UPDATE nodes SET hash = ? WHERE level = 1 AND place = 2", merkle.EMPTY):
        assert found(filled) == [(5, "node 2 of level 1 is not what it leads to")]


def test_progress_is_told(filled: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auditing, "PAGE", 5)
    told: list[tuple[str, int, int]] = []
    filled.audit(lambda *step: told.append(step))
    assert told == [("records", done, 13) for done in (0, 5, 10, 13)]


def another(record: Record, **changed: Any) -> bytes:
    fields = {name: getattr(record, name) for name in record.__struct_fields__}
    return canonical(Record(**{**fields, **changed}))


def test_an_altered_record_is_found_with_all_that_covers_it(filled: Store, url: str) -> None:
    record = filled.page(4, 1)[0].record
    content = another(record, subject="somebody else")
    with tampered(
        url,
        'UPDATE records SET content = ?, subject = ? WHERE "index" = 5',
        content,
        "somebody else",
    ):
        assert found(filled) == [
            (5, "node 5 of level 0 is not what it leads to"),
            (5, "node 2 of level 1 is not what it leads to"),
            (7, "node 1 of level 2 is not what it leads to"),
            (7, "node 0 of level 3 is not what it leads to"),
        ]
        assert filled.audit().root != filled.root()


COLUMNS = {
    "kind": "act",
    "id": "d-99",
    "subject": "x",
    "at": "2020-01-01 00:00:00",
    "release": None,
}


@pytest.mark.parametrize("column", COLUMNS)
def test_a_column_that_says_something_else_is_found(filled: Store, url: str, column: str) -> None:
    with tampered(url, f'UPDATE records SET {column} = ? WHERE "index" = 0', COLUMNS[column]):
        assert found(filled) == [(0, f"the column `{column}` does not say what the content says")]


def test_content_in_another_spelling_is_found(filled: Store, url: str) -> None:
    content = canonical(filled.page(4, 1)[0].record) + b" "
    with tampered(url, 'UPDATE records SET content = ? WHERE "index" = 5', content):
        assert (5, "the content is not in its canonical form") in found(filled)


def test_content_that_is_no_record_is_found(filled: Store, url: str) -> None:
    with tampered(url, 'UPDATE records SET content = ? WHERE "index" = 5', b"{}"):
        assert (5, "the content is no record") in found(filled)


def test_a_missing_record_is_found_and_the_others_are_still_read(filled: Store, url: str) -> None:
    with unguarded(url) as connection:
        for table in ("parts", "records"):
            executed(connection, f'DELETE FROM {table} WHERE "index" = 5')
    assert found(filled) == [(5, "the record is missing")]


def test_a_log_that_lost_its_end_is_found(filled: Store, url: str) -> None:
    """Records 11 and 12 completed three subtrees and one."""
    with unguarded(url) as connection:
        for table in ("parts", "records"):
            executed(connection, f'DELETE FROM {table} WHERE "index" >= 11')
    assert found(filled) == [(None, "the tree has 4 nodes to which no record leads")]


def test_a_missing_node_is_found(filled: Store, url: str) -> None:
    with tampered(url, "DELETE FROM nodes WHERE level = 2 AND place = 0"):
        assert found(filled) == [(3, "node 0 of level 2 is not what it leads to")]


def test_an_altered_part_is_found(filled: Store, url: str) -> None:
    with tampered(url, "UPDATE parts SET salt = ? WHERE \"index\" = 4 AND name = 'request'", b"x"):
        assert found(filled) == [(4, "the part `request` was altered")]


def test_a_part_that_cannot_be_read_is_found(filled: Store, url: str) -> None:
    with tampered(url, "UPDATE parts SET body = ? WHERE \"index\" = 4 AND name = 'request'", b"x"):
        assert found(filled) == [(4, "the part `request` was altered")]


def test_a_part_that_went_without_an_erasure_is_found(filled: Store, url: str) -> None:
    with tampered(url, "DELETE FROM parts WHERE \"index\" = 4 AND name = 'request'"):
        assert found(filled) == [(4, "the part `request` is missing")]


def test_a_part_that_no_record_names_is_found(filled: Store, url: str) -> None:
    with tampered(
        url, 'INSERT INTO parts ("index", name, salt, body) VALUES (4, ?, ?, ?)', "more", b"", b""
    ):
        assert found(filled) == [(4, "the part `more` is not of this record")]


def test_a_part_that_was_erased_and_came_back_is_found(filled: Store, url: str) -> None:
    with tampered(
        url,
        'INSERT INTO parts ("index", name, salt, body) '
        "SELECT 1, name, salt, body FROM parts WHERE \"index\" = 0 AND name = 'request'",
    ):
        assert (1, "the part `request` was erased and is there") in found(filled)


def test_an_erasure_that_no_record_states_is_found(filled: Store, url: str) -> None:
    with tampered(url, "INSERT INTO erasures VALUES (4, 'request', 2)"):
        assert (2, "what was erased is not what this record says was") in found(filled)


def test_an_erasure_that_a_decision_is_said_to_state_is_found(filled: Store, url: str) -> None:
    with tampered(url, "INSERT INTO erasures VALUES (4, 'request', 7)"):
        assert (7, "what was erased is not what this record says was") in found(filled)


def test_a_stated_erasure_that_was_forgotten_is_found(filled: Store, url: str) -> None:
    with tampered(url, "DELETE FROM erasures"):
        assert found(filled) == [
            (1, "the part `request` is missing"),
            (2, "what was erased is not what this record says was"),
        ]


def test_an_erasure_that_says_nothing_readable_is_found(store: Store) -> None:
    store.append([entry("e-1", kind="erasure", parts={"erasure": salted(b"nothing")})])
    assert found(store) == [(0, "what the erasure says cannot be read")]


@pytest.mark.parametrize("change", ["body = ?", "body = ?, made_on = '2020-01-01'"])
def test_an_altered_release_is_found(filled: Store, url: str, change: str) -> None:
    digests = [one.digest for one in filled.releases()]
    with tampered(url, f"UPDATE releases SET {change}", b"\x00"):
        assert found(filled) == [(None, f"the release {one} was altered") for one in digests]


def test_missing_guards_are_found(filled: Store, url: str) -> None:
    with unguarded(url):
        pass
    messages = [one.message for one in filled.audit().findings]
    assert "`records_dense` is missing from the database" in messages


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_a_row_that_speaks_of_nothing_is_found(filled: Store, url: str) -> None:
    with tampered(
        url,
        'INSERT INTO idempotency (author, key, "index", at) VALUES (?, ?, 99, ?)',
        "a",
        "k",
        "2020-01-01 00:00:00",
    ):
        assert any("`idempotency` speaks of what `records`" in text for _, text in found(filled))


def test_what_is_appended_during_an_audit_is_no_finding(filled: Store, url: str) -> None:
    def meanwhile(step: str, done: int, total: int) -> None:
        with Store.open(url) as other:
            name = f"d-{other.size() + 100}"
            other.append([entry(name, claim=Claim(name, b""))])
            other.erase(0, ["request"], authority="a", reason="b", at=AT, author=AUTHOR)

    calls = iter([meanwhile])
    audit = filled.audit(lambda *step: next(calls, lambda *_: None)(*step))
    assert (audit.size, audit.findings) == (13, ())
    assert filled.size() == 15
    assert audit.root == filled.root(13)
