"""When a change comes into force, and who has a say: as the pages of the editor tell it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient

from api.service.authoring.building import Built
from api.service.people import Duty
from engine import release as releases
from engine.language.diagnostics import Diagnostic
from tests.editor_sample import changed, editing, form_of, opened, page, proposed, saved, words
from tests.evidence_sample import SIGNER
from tests.http_sample import NOW, Door, Doors, declaration
from tests.people_sample import person, sent, signed_in

TOYS = "rules/products/toys/small-parts.toml"
SURVEILLANCE = "agency:MarketSurveillance"


@pytest.fixture(scope="module")
def door(doors: Doors) -> Door:
    made = editing(doors)
    for name in ("mia", "max"):
        person(made, name, Duty.AUTHOR, Duty.APPROVER, agency=SURVEILLANCE)
    return made


@pytest.fixture
def mia(door: Door) -> FlaskClient:
    return signed_in(door, "mia")


@pytest.fixture
def anne(door: Door) -> FlaskClient:
    return signed_in(door, "anne")


@pytest.fixture
def ben(door: Door) -> FlaskClient:
    return signed_in(door, "ben")


@pytest.fixture
def stricter(mia: FlaskClient) -> str:
    """A draft that has toys for older children examined."""
    draft = opened(mia, TOYS)
    text = form_of(mia, draft, TOYS)["text"]
    more = text.replace("under = 36", "under = 48").replace(
        '"goods.intendedAgeMonths" = 36', '"goods.intendedAgeMonths" = 48'
    )
    assert saved(mia, draft, more, TOYS).status_code == 303
    return draft


def test_what_binds_traders_at_once_is_not_proposed(mia: FlaskClient, stricter: str) -> None:
    revision = form_of(mia, stricter, TOYS)["revision"]
    told = words(sent(mia, f"{stricter}/propose", {"revision": revision}))
    assert "published on 2026-11-25 it may from 2027-05-25 (TBT 5.9, to-confirm)" in told


def test_an_urgency_without_a_reason_is_refused(mia: FlaskClient, stricter: str) -> None:
    form = {"revision": form_of(mia, stricter, TOYS)["revision"], "threat": "safety"}
    told = words(sent(mia, f"{stricter}/propose", {**form, "reason": " "}))
    assert "A reason is needed" in told


def test_a_recorded_urgency_stands_on_the_page_of_the_proposal(
    mia: FlaskClient, stricter: str
) -> None:
    form = {"revision": form_of(mia, stricter, TOYS)["revision"], "threat": "safety"}
    told = words(sent(mia, f"{stricter}/propose", {**form, "reason": "Children choked on it."}))
    assert "It builds, and is proposed." in told
    assert "Children choked on it." in words(page(mia, stricter))


def test_who_is_consulted_objects_and_the_owner_decides(
    door: Door, mia: FlaskClient, ben: FlaskClient, stricter: str
) -> None:
    revision = form_of(mia, stricter, TOYS)["revision"]
    urgent = {"revision": revision, "threat": "safety", "reason": "Children choked on it."}
    assert "is proposed" in words(sent(mia, f"{stricter}/propose", urgent))
    asked = page(ben, stricter)
    assert "answer of your agency" in words(page(ben, "/editor/"))
    digest = asked.partition('name="digest" value="')[2].partition('"')[0]
    no = {"digest": digest, "do": "object", "reason": "Our posts lack the room."}
    assert sent(ben, f"{stricter}/answers", no).status_code == 303
    max_ = signed_in(door, "max")
    assert "Our posts lack the room." in words(page(max_, stricter))
    assert sent(ben, f"{stricter}/approve", {"digest": digest}).status_code == 403
    assert sent(max_, f"{stricter}/approve", {"digest": digest}).status_code == 303


def test_a_release_whose_engines_disagree_is_not_published(
    door: Door, anne: FlaskClient, ben: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = changed(anne)
    assert sent(ben, f"{draft}/approve", {"digest": proposed(anne, draft)}).status_code == 303
    before = (door.store.releases(), (door.folder / "release.json").exists())

    def disagree(*given: object) -> Built:
        fault = Diagnostic(code="engines-disagree", message="item 3 differs", file="rules")
        return Built(diagnostics=(fault,))

    monkeypatch.setattr(door, "build", disagree)
    told = words(sent(ben, f"{draft}/publish"))
    assert "item 3 differs" in told
    assert (door.store.releases(), (door.folder / "release.json").exists()) == before
    assert "Waits for: publication" in words(page(ben, "/editor/"))


def test_a_rule_that_is_scheduled_applies_from_its_day(
    door: Door, anne: FlaskClient, ben: FlaskClient
) -> None:
    draft = opened(anne)
    text = form_of(anne, draft)["text"]
    later = text.replace("= 0.01", "= 1").replace("from = 2026-01-01", "from = 2026-12-01")
    assert saved(anne, draft, later).status_code == 303
    assert sent(ben, f"{draft}/approve", {"digest": proposed(anne, draft)}).status_code == 303
    assert "In force as release" in words(sent(ben, f"{draft}/publish"))
    release = releases.load(door.folder / "release.json", SIGNER.public)
    door.service.decider = releases.decider(release)

    def drawn(at: datetime) -> bool:
        door.time.now = at
        with door.client() as client:
            decided = client.lodge(declaration(f"on {at.date()}"))
        return any(one["selected"] for item in decided["items"] for one in item["controls"])

    try:
        assert not drawn(NOW)
        assert drawn(NOW + timedelta(days=7))
    finally:
        door.time.now = NOW
