"""What the attendant of a server does with a release file that appears."""

from __future__ import annotations

from pathlib import Path

import pytest

from api import attending
from api.serving import Served
from api.store import Store
from engine.release import Release
from tests.authoring_sample import office, published, served


def test_a_file_in_the_place_of_what_consent_put_in_force_is_put_back(
    store: Store, url: str, release: Release, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    made = office(store, tmp_path)
    former = made.release.read_bytes()
    serving = Served(
        release=str(made.release),
        root="",
        trust=(),
        draw_key="",
        signing_key="",
        cookie_key="",
        database=url,
        limit="",
    )
    assert not attending._is_put_back(serving, made.release, release)
    published(made)
    made.release.write_bytes(former)
    assert attending._is_put_back(serving, made.release, release)
    assert served(made) == made.in_force().release
    assert "publish over it with `commensura publish --over`" in capfd.readouterr().err
