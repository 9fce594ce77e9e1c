"""What the attendant of a server does with a release file that appears."""

from __future__ import annotations

from pathlib import Path

import pytest

from api import attending
from api.service import reviews
from api.serving import Served
from api.store import Store
from engine.release import Release
from tests.authoring_sample import AT, office, published, served
from tests.review_sample import few_features, once


def test_a_file_in_the_place_of_what_consent_put_in_force_is_put_back(
    store: Store, url: str, release: Release, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    made = office(store, tmp_path)
    former = made.release.read_bytes()
    serving = _served(made.release, url)
    assert not attending._is_put_back(serving, made.release, release)
    published(made)
    made.release.write_bytes(former)
    assert attending._is_put_back(serving, made.release, release)
    assert served(made) == made.in_force().release
    assert "publish over it with `commensura publish --over`" in capfd.readouterr().err


def test_the_release_in_force_is_reviewed_once(
    store: Store,
    url: str,
    release: Release,
    release_file: Path,
    public_key: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    path = tmp_path / "release.json"
    path.write_bytes(release_file.read_bytes())
    store.keep_release(path.read_bytes(), AT)
    serving = _served(path, url, trust=(str(public_key),))
    monkeypatch.setattr(reviews, "FEATURES", few_features(tmp_path))
    monkeypatch.setattr(attending, "made", once)
    attending._reviewed(serving, path)
    assert f"release {release.ref.id}: reviewed, in" in capfd.readouterr().err
    (kept,) = (tmp_path / "reviews").iterdir()
    before = kept.stat().st_mtime_ns
    attending._reviewed(serving, path)
    assert kept.stat().st_mtime_ns == before


def test_a_release_that_cannot_be_read_is_told_and_not_reviewed(
    url: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    attending._reviewed(_served(tmp_path / "none.json", url), tmp_path / "none.json")
    assert "the release is not reviewed: no release at" in capfd.readouterr().err


def _served(path: Path, url: str, trust: tuple[str, ...] = ()) -> Served:
    return Served(
        release=str(path),
        root="",
        trust=trust,
        draw_key="",
        signing_key="",
        cookie_key="",
        database=url,
        limit="",
    )
