"""What the attendant of a server does with a release file that appears."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from api import attending
from api.service import reviews
from api.serving import Served
from api.store import Store
from engine import release as releases
from engine.evidence.signing import Verifier, local_signer
from engine.prove import record
from engine.prove.properties import PROPERTIES
from engine.release import Release
from tests.authoring_sample import AT, office, published, served
from tests.evidence_sample import SIGNER
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


@pytest.fixture
def small(release: Release, tmp_path: Path) -> Path:
    """The file of a release of few rules, beside its key."""
    base = msgspec.structs.replace(release.base, rules=release.base.rules[:12])
    path = tmp_path / "release.json"
    releases.save(msgspec.structs.replace(release, base=base), path, local_signer(_key(path)))
    return path


def _key(path: Path) -> Path:
    return path.parent / "signing.key"


def _serving(path: Path, trusted: Verifier) -> Served:
    (path.parent / "trusted.pub").write_text(trusted.pem)
    served = _served(path, "no database", trust=(str(path.parent / "trusted.pub"),))
    return msgspec.structs.replace(served, signing_key=str(_key(path)))


def test_what_is_proved_of_the_release_in_force_is_put_on_record_once(
    small: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    signer = local_signer(_key(small))
    serving = _serving(small, signer.public)
    attending._proved(serving, small)
    assert "what is proved of it is on record" in capfd.readouterr().err
    ref = releases.load(small, signer.public).ref
    held = record.load(record.beside(small), ref, signer.public).properties
    assert [one.property for one in held] == list(PROPERTIES)
    attending._proved(serving, small)
    assert capfd.readouterr().err == ""


def test_a_key_that_is_not_trusted_puts_nothing_on_record(
    small: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    releases.save(releases.load(small, local_signer(_key(small)).public), small, SIGNER)
    attending._proved(_serving(small, SIGNER.public), small)
    assert "is none that is trusted here" in capfd.readouterr().err
    assert not record.beside(small).exists()


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
