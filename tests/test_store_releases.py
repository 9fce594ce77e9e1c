"""A release that decided is kept whole, and found by its digest years later."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from api.store import Store, StoreError
from engine import release as releases
from engine.release import Release
from tests.evidence_sample import SIGNER
from tests.store_sample import AT, entry, made_release


def test_a_release_reads_back_as_it_was_published(
    store: Store, release: Release, release_file: Path, tmp_path: Path
) -> None:
    kept = store.keep_release(release_file.read_bytes(), AT)
    assert (kept.digest, kept.id) == (release.ref.digest, release.ref.id)
    path = tmp_path / "years later.json"
    body = store.release(kept.digest)
    assert body is not None
    path.write_bytes(body)
    assert path.read_bytes() == release_file.read_bytes()
    assert releases.load(path, SIGNER.public).ref == release.ref


def test_a_release_is_kept_once(store: Store) -> None:
    first = store.keep_release(made_release(), AT)
    assert store.keep_release(made_release(), AT.replace(year=2030)) == first
    assert store.releases() == [first]
    assert first.made_on == date(2026, 11, 23)


def test_a_record_names_a_release_that_is_kept(store: Store) -> None:
    kept = store.keep_release(made_release(), AT)
    (stored,) = store.append([entry("d-1", release=kept.digest)])
    assert stored.record.release == kept.digest


def test_no_release_is_there_that_was_not_kept(store: Store) -> None:
    assert store.release("sha256:unknown") is None


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"{", "no release file"),
        (b"[]", "no release file"),
        (b'{"release": {}}', "no release file"),
        (made_release("2026-11-23").replace(b"2026", b"2027"), "changed after publishing"),
    ],
)
def test_what_is_no_release_is_not_kept(store: Store, body: bytes, message: str) -> None:
    with pytest.raises(StoreError, match=message):
        store.keep_release(body, AT)
    assert store.releases() == []
