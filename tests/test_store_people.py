"""Persons stay under their id; sessions and attempts end when they should, on both databases."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from api.store import Account, DuplicateError, MissingError, Role, Session, Store, sessions
from tests.store_sample import AT, account, executed, raw

SECOND = timedelta(seconds=1)


def added(store: Store, name: str = "ada", **given: object) -> Account:
    made = account(name, **given)
    store.people.add(made)
    return made


def begun(store: Store, holder: Account) -> str:
    token = store.sessions.begin(holder, AT)
    assert token is not None
    return token


# Persons


def test_a_person_is_found_as_added(store: Store) -> None:
    made = added(store, duties=frozenset({"author", "approver"}), subject="s-1")
    assert store.people.found("ada") == made
    assert store.people.of_subject("s-1") == made


def test_an_id_is_given_once_even_after_its_person_was_disabled(store: Store) -> None:
    added(store)
    store.people.disable("ada", AT)
    with pytest.raises(DuplicateError, match="`ada` already"):
        added(store)


def test_a_subject_is_one_person_s(store: Store) -> None:
    added(store, subject="s-1")
    with pytest.raises(DuplicateError, match="`s-1`"):
        added(store, "ben", subject="s-1")


def test_persons_are_listed_by_agency(store: Store) -> None:
    ada, ben = added(store), added(store, "ben", agency="agency:PlantHealth")
    assert store.people.listed("agency:Customs") == [ada]
    assert store.people.listed() == [ada, ben]


def test_a_person_is_disabled_from_the_first_time_on(store: Store) -> None:
    added(store)
    store.people.disable("ada", AT)
    assert store.people.disable("ada", AT + SECOND).disabled == AT


@pytest.mark.parametrize("name", ["ada", "nobody"])
def test_who_is_disabled_or_unknown_gets_no_duties(store: Store, name: str) -> None:
    added(store)
    store.people.disable("ada", AT)
    with pytest.raises(MissingError, match=f"`{name}`"):
        store.people.set_duties(name, frozenset({"approver"}))


@pytest.mark.parametrize("column", ["id", "agency"])
def test_the_database_keeps_id_and_agency(store: Store, url: str, column: str) -> None:
    added(store)
    with raw(url) as connection, pytest.raises(Exception, match="person"):
        executed(connection, f"UPDATE person SET {column} = 'agency:PlantHealth'")


# Sessions


def test_a_session_is_that_of_its_person(store: Store) -> None:
    ada = added(store)
    assert store.sessions.found(begun(store, ada), AT) == Session(person=ada)


def test_a_session_is_that_of_its_key(store: Store) -> None:
    key, _ = store.create_key(Role.AUDITOR, "court", at=AT)
    token = store.sessions.begin(key, AT)
    assert token is not None
    assert store.sessions.found(token, AT) == Session(key=key)
    store.revoke_key(key.id, AT)
    assert store.sessions.found(token, AT) is None


def test_two_sessions_have_two_tokens_and_neither_is_kept(store: Store, url: str) -> None:
    ada = added(store)
    tokens = {begun(store, ada), begun(store, ada)}
    assert len(tokens) == 2
    with raw(url) as connection:
        rows = executed(connection, "SELECT * FROM sessions")
    assert not any(token in str(row) or token.encode() in row for row in rows for token in tokens)


@pytest.mark.parametrize("token", ["", "x" * 1_000_000, "\x00", "é", "\udc80"])
def test_a_token_that_is_none_opens_nothing(store: Store, token: str) -> None:
    begun(store, added(store))
    assert store.sessions.found(token, AT) is None


def test_a_session_ends_an_hour_after_it_was_used_last(store: Store) -> None:
    token = begun(store, added(store))
    used = AT + sessions.IDLE - SECOND
    assert store.sessions.found(token, used) is not None
    assert store.sessions.found(token, used + sessions.IDLE - SECOND) is not None
    assert store.sessions.found(token, used + 2 * sessions.IDLE - SECOND) is None


def used_until(store: Store, token: str, end: datetime) -> None:
    at = AT
    while (at := at + timedelta(minutes=30)) < end:
        assert store.sessions.found(token, at) is not None


def test_a_session_ends_after_twelve_hours_however_much_it_is_used(store: Store) -> None:
    token = begun(store, added(store))
    end = AT + sessions.LASTS
    used_until(store, token, end)
    assert store.sessions.found(token, end - SECOND) is not None
    assert store.sessions.found(token, end) is None


def test_reading_often_writes_seldom(store: Store, url: str) -> None:
    token = begun(store, added(store))
    store.sessions.found(token, AT + timedelta(seconds=59))
    with raw(url) as connection:
        assert executed(connection, "SELECT 1 FROM sessions WHERE seen = begun") != []
    store.sessions.found(token, AT + timedelta(seconds=60))
    with raw(url) as connection:
        assert executed(connection, "SELECT 1 FROM sessions WHERE seen = begun") == []


def test_signing_out_ends_one_session(store: Store) -> None:
    ada = added(store)
    one, other = begun(store, ada), begun(store, ada)
    store.sessions.end(one)
    assert store.sessions.found(one, AT) is None
    assert store.sessions.found(other, AT) is not None


def test_a_new_password_ends_all_sessions_of_its_person_only(store: Store) -> None:
    ada, ben = added(store), added(store, "ben")
    tokens, other = [begun(store, ada), begun(store, ada)], begun(store, ben)
    store.people.set_password("ada", "another", one_time=False)
    assert [store.sessions.found(token, AT) for token in tokens] == [None, None]
    assert store.sessions.found(other, AT) is not None


def test_disabling_ends_all_sessions_and_begins_none(store: Store) -> None:
    ada = added(store)
    token = begun(store, ada)
    store.people.disable("ada", AT)
    assert store.sessions.found(token, AT) is None
    assert store.sessions.begin(ada, AT) is None


def test_no_session_begins_by_a_password_that_was_changed_meanwhile(store: Store) -> None:
    ada = added(store)
    store.people.set_password("ada", "another", one_time=False)
    assert store.sessions.begin(ada, AT) is None


def test_what_is_over_is_swept_away(store: Store, url: str) -> None:
    ada = added(store)
    begun(store, ada)
    store.sessions.begin(ada, AT + sessions.IDLE)
    with raw(url) as connection:
        assert executed(connection, "SELECT count(*) FROM sessions") == [(1,)]


# Attempts


def attempts(store: Store, name: str, address: str, count: int, at: datetime = AT) -> int:
    """How many of them may be made."""
    return sum(store.sessions.attempt(name, address, at) for _ in range(count))


def test_a_name_may_fail_so_often_from_wherever(store: Store) -> None:
    allowed = sum(store.sessions.attempt("ada", f"10.0.0.{n}", AT) for n in range(30))
    assert allowed == sessions.BY_PERSON
    assert store.sessions.attempt("ben", "10.0.0.1", AT)


def test_an_address_may_fail_so_often_under_whatever_names(store: Store) -> None:
    allowed = sum(store.sessions.attempt(f"name-{n}", "10.0.0.1", AT) for n in range(70))
    assert allowed == sessions.BY_ADDRESS
    assert store.sessions.attempt("name-1", "10.0.0.2", AT)


def test_attempts_are_forgotten_after_the_window(store: Store) -> None:
    attempts(store, "ada", "here", sessions.BY_PERSON)
    assert attempts(store, "ada", "here", 1, AT + sessions.WINDOW - SECOND) == 0
    assert attempts(store, "ada", "here", 1, AT + sessions.WINDOW) == 1


def test_who_signs_in_starts_anew_and_not_for_others(store: Store) -> None:
    attempts(store, "ada", "here", sessions.BY_PERSON)
    attempts(store, "ben", "here", sessions.BY_PERSON)
    store.sessions.succeeded("ada")
    assert attempts(store, "ada", "here", 1) == 1
    assert attempts(store, "ben", "here", 1) == 0


def test_what_is_typed_as_a_name_is_not_kept(store: Store, url: str) -> None:
    attempts(store, "a password by mistake", "10.0.0.1", 1)
    with raw(url) as connection:
        ((row),) = executed(connection, "SELECT * FROM attempts")
    assert not any(b"mistake" in value for value in row if isinstance(value, bytes))
    assert "mistake" not in str(row)
