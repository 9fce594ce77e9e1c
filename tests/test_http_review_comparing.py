"""Two releases: any that is kept is reviewed, and beside another."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient
from msgspec.structs import replace

from api.service.people import Duty
from engine import release as releases
from engine.release import Release
from tests.evidence_sample import SIGNER
from tests.http_sample import Door, Doors
from tests.people_sample import HTML, person, sent, signed_in
from tests.review_sample import CLAUSE, CLOSED_CLAUSE, OTHER, TOYS, reviewed_door
from tests.test_http_review import MARKET, page, seen, told


@pytest.fixture(scope="module")
def former(release: Release) -> Release:
    """A release in which the rule on small parts had another reason, and a restricted one, too."""
    closed = {one.id for one in release.base.rules if one.disclosure == "restricted"}
    rules = tuple(
        replace(one, because="They come off.") if one.id in {TOYS, *closed} else one
        for one in release.base.rules
    )
    return replace(release, base=replace(release.base, rules=rules))


@pytest.fixture(scope="module")
def door(
    doors: Doors, release: Release, former: Release, tmp_path_factory: pytest.TempPathFactory
) -> Door:
    folder = tmp_path_factory.mktemp("comparing")
    made = reviewed_door(doors, release, folder)
    file: Path = folder / "former.json"
    releases.save(former, file, SIGNER)
    made.store.keep_release(file.read_bytes(), made.time())
    person(made, "anne", Duty.COUNSEL)
    person(made, "mark", agency=MARKET)
    return made


@pytest.fixture(scope="module")
def anne(door: Door, former: Release) -> FlaskClient:
    client = signed_in(door, "anne")
    empty = page(client, f"/review/?release={former.ref.id}")
    assert "This release was not reviewed yet" in empty
    done = sent(client, "/review/run", {"release": former.ref.id}).get_data(as_text=True)
    assert "The release is reviewed." in done
    assert f"/review/?release={former.ref.id}" in done
    return client


def test_another_release_is_reviewed_by_its_own_rules(anne: FlaskClient, former: Release) -> None:
    text = page(anne, f"/review/{CLAUSE}?release={former.ref.id}")
    assert "They come off." in text
    assert "The toy is for children under three" not in text
    assert "Clauses are signed on the review of the release in force." in text


def test_links_stay_in_the_release_that_is_read(anne: FlaskClient, former: Release) -> None:
    text = page(anne, f"/review/?release={former.ref.id}")
    assert f'href="/review/{CLAUSE}?release={former.ref.id}"' in text


def test_two_releases_are_compared_clause_by_clause(anne: FlaskClient, former: Release) -> None:
    text = seen(page(anne, f"/review/compare?with={former.ref.id}"))
    assert f"{CLAUSE} ✓ passed ✓ passed the rule {TOYS}" in text
    assert text.index(f"the rule {TOYS}", text.index(f"{OTHER} ✓ passed ✓ passed"))


def test_a_closed_rule_that_changed_is_not_named(
    anne: FlaskClient, door: Door, release: Release, former: Release
) -> None:
    assert anne is not None  # who had it reviewed
    mark = signed_in(door, "mark")
    text = page(mark, f"/review/compare?with={former.ref.id}")
    assert not told(text, release)
    assert f"{CLOSED_CLAUSE} ✓ passed ✓ passed the rule" in seen(text)


def test_a_release_is_not_compared_with_itself(anne: FlaskClient, release: Release) -> None:
    answer = anne.get(f"/review/compare?with={release.ref.id}", headers=HTML)
    assert answer.status_code == 400
    assert "name another" in answer.get_data(as_text=True)
