"""API keys open for their holder alone, while they are valid."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from api.store import Key, MissingError, Role, Store, keys
from tests.store_sample import AT, executed, raw

LATER = datetime.now(UTC) + timedelta(days=365)


def officer(store: Store, **given: datetime) -> tuple[Key, str]:
    return store.create_key(Role.OFFICER, "port office", agency="agency:Customs", at=AT, **given)


def test_a_token_opens_for_its_key(store: Store) -> None:
    key, token = officer(store)
    assert store.authenticate(token) == key
    assert (key.role, key.agency, key.label) == (Role.OFFICER, "agency:Customs", "port office")


def test_a_token_has_its_form_and_shows_the_keys_id(store: Store) -> None:
    key, token = officer(store)
    assert re.fullmatch(rf"cmns_{key.id}_[A-Za-z0-9_-]{{32,}}", token)
    assert len(key.id) == 8


def test_no_two_keys_share_a_secret(store: Store) -> None:
    (_, first), (other, second) = officer(store), officer(store)
    assert first[14:] != second[14:]
    assert store.authenticate(f"cmns_{other.id}_{first[14:]}") is None


@pytest.mark.parametrize("place", range(0, 57, 7))
def test_a_token_that_differs_anywhere_opens_nothing(store: Store, place: int) -> None:
    _, token = officer(store)
    other = "a" if token[place] != "a" else "b"
    assert store.authenticate(token[:place] + other + token[place + 1 :]) is None


@pytest.mark.parametrize("token", ["", "cmns_", "cmns_aaaaaaaa_", "é" * 57, "x" * 10_000])
def test_what_has_no_tokens_form_opens_nothing(store: Store, token: str) -> None:
    assert store.authenticate(token) is None


def test_the_secret_is_not_kept(store: Store, url: str) -> None:
    _, token = officer(store)
    with raw(url) as connection:
        ((row),) = executed(connection, "SELECT * FROM api_keys")
    assert not any(token[14:] in str(value) for value in row)
    assert not any(token[14:].encode() in value for value in row if isinstance(value, bytes))


def test_a_revoked_key_opens_nothing(store: Store) -> None:
    key, token = officer(store)
    assert store.authenticate(token) is not None
    revoked = store.revoke_key(key.id, AT)
    assert revoked.revoked == AT
    assert store.authenticate(token) is None


def test_a_key_stays_revoked_from_the_first_time_on(store: Store) -> None:
    key, _ = officer(store)
    store.revoke_key(key.id, AT)
    assert store.revoke_key(key.id, AT + timedelta(days=1)).revoked == AT


def test_a_key_that_is_not_there_is_not_revoked(store: Store) -> None:
    with pytest.raises(MissingError, match="no key `aaaaaaaa`"):
        store.revoke_key("aaaaaaaa", AT)


def test_a_revocation_elsewhere_takes_effect_within_the_stated_seconds(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1000.0]
    monkeypatch.setattr(keys.time, "monotonic", lambda: now[0])
    with Store.open(url) as here, Store.open(url) as elsewhere:
        key, token = officer(here)
        assert here.authenticate(token) is not None
        elsewhere.revoke_key(key.id, AT)
        now[0] += keys.REMEMBERED + 0.001
        assert here.authenticate(token) is None


def test_a_key_expires_at_its_moment(store: Store) -> None:
    _, token = officer(store, expires=LATER)
    assert store.authenticate(token, LATER - timedelta(microseconds=1)) is not None
    assert store.authenticate(token, LATER) is None


def test_a_key_that_has_expired_by_now_opens_nothing(store: Store) -> None:
    _, token = officer(store, expires=datetime.now(UTC) - timedelta(seconds=1))
    assert store.authenticate(token) is None


@pytest.mark.parametrize(
    ("role", "agency"),
    [
        (Role.OFFICER, None),
        (Role.SYSTEM, None),
        (Role.TRADER, "agency:Customs"),
        (Role.AUDITOR, "agency:Customs"),
    ],
)
def test_agencies_are_of_officers_and_systems(store: Store, role: Role, agency: str | None) -> None:
    with pytest.raises(ValueError, match="agency"):
        store.create_key(role, "somebody", agency=agency, at=AT)
    assert store.api_keys() == []


def test_a_key_without_a_label_is_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="label"):
        store.create_key(Role.AUDITOR, " ", at=AT)


def test_keys_are_listed_with_those_that_were_revoked(store: Store) -> None:
    first, _ = officer(store)
    second, _ = store.create_key(Role.TRADER, "a trader", at=AT + timedelta(days=1))
    store.revoke_key(first.id, AT)
    assert [(key.id, key.revoked) for key in store.api_keys()] == [
        (first.id, AT),
        (second.id, None),
    ]
