"""Counsel's word on a clause: kept for good, by whom it may be given, and when it is stale."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from msgspec.structs import replace
from werkzeug.test import TestResponse

from api.service.people import Duty, Person
from api.service.signing_off import KIND, SignOff, SignOffs
from engine.release import Release
from tests.http_sample import Door, Doors
from tests.people_sample import CUSTOMS, HTML, person, sent, signed_in
from tests.review_sample import CLAUSE, CLOSED_CLAUSE, OTHER, TOYS, reviewed_door
from tests.test_http_review import MARKET, page, seen, told

ANNE = Person(id="anne", name="Anne", agency=CUSTOMS, duties=frozenset({Duty.COUNSEL}))
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def door(doors: Doors, release: Release, tmp_path_factory: pytest.TempPathFactory) -> Door:
    made = reviewed_door(doors, release, tmp_path_factory.mktemp("signing"))
    person(made, "anne", Duty.COUNSEL)
    person(made, "ben", Duty.AUTHOR, Duty.APPROVER, Duty.ADMINISTRATOR)
    person(made, "mark", agency=MARKET)
    return made


@pytest.fixture(scope="module")
def anne(door: Door) -> FlaskClient:
    return signed_in(door, "anne")


@pytest.fixture(scope="module")
def ben(door: Door) -> FlaskClient:
    return signed_in(door, "ben")


def form(client: FlaskClient, clause: str, **more: str) -> dict[str, str]:
    """What the form of a clause holds."""
    text = page(client, f"/review/{clause}")
    fields = dict(re.findall(r'name="(seen|last)" value="([^"]*)"', text))
    return {**fields, "word": "sign", "words": "It shows what is asked.", **more}


def said(client: FlaskClient, clause: str, **more: str) -> TestResponse:
    return sent(client, f"/review/{clause}/sign", form(client, clause, **more))


def history(client: FlaskClient, clause: str) -> str:
    text = page(client, f"/review/{clause}")
    return seen(text[text.index('id="signing"') :])


def test_counsel_signs_and_the_log_keeps_it(door: Door, anne: FlaskClient) -> None:
    before = door.store.size()
    answer = said(anne, CLAUSE)
    assert answer.status_code == 303
    assert answer.location == f"/review/{CLAUSE}#signing"
    (kept,) = door.store.page(before - 1, kind=KIND)
    assert (kept.author, kept.record.subject) == ("anne", f"clause:{CLAUSE}")
    text = history(anne, CLAUSE)
    assert "signed , Anne , customs, 25 November 2026 , release" in text
    assert "It shows what is asked. Nothing that it rests on has changed since." in text


def test_counsel_objects_with_words(anne: FlaskClient) -> None:
    assert said(anne, OTHER, word="object", words="The ladder has no source.").status_code == 303
    assert "objected , Anne" in history(anne, OTHER)
    assert "TBT-5.1.2" in seen(page(anne, "/review/"))
    assert "objected 1" in seen(page(anne, "/review/"))


def test_what_was_said_before_stays(door: Door, anne: FlaskClient) -> None:
    said(anne, CLOSED_CLAUSE, word="object", words="Not yet.")
    said(anne, CLOSED_CLAUSE, words="Now it does.")
    text = history(anne, CLOSED_CLAUSE)
    assert text.index("Now it does.") < text.index("Not yet.")


def test_words_are_shown_as_text(anne: FlaskClient) -> None:
    said(anne, CLOSED_CLAUSE, words=SCRIPT)
    raw = anne.get(f"/review/{CLOSED_CLAUSE}", headers=HTML).get_data(as_text=True)
    assert SCRIPT not in raw
    assert html.escape(SCRIPT) in raw


def test_who_is_no_counsel_signs_nothing(door: Door, ben: FlaskClient) -> None:
    size = door.store.size()
    answer = sent(ben, f"/review/{CLAUSE}/sign", {"word": "sign", "words": "I like it."})
    assert answer.status_code == 403
    assert "counsel" in answer.get_data(as_text=True)
    assert door.store.size() == size
    assert "Put it on record" not in page(ben, f"/review/{CLAUSE}")


def test_a_key_signs_nothing(door: Door) -> None:
    with door.client() as client:
        assert client.post(f"/review/{CLAUSE}/sign").status_code == 403


def test_a_form_of_another_site_signs_nothing(door: Door, anne: FlaskClient) -> None:
    size = door.store.size()
    fields = form(anne, CLAUSE)
    answer = anne.post(f"/review/{CLAUSE}/sign", data=fields, headers=HTML)
    assert answer.status_code == 400
    assert door.store.size() == size


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"word": ""}, "Say whether you sign or object"),
        ({"word": "maybe"}, "Say whether you sign or object"),
        ({"words": ""}, "Say why, in 5000 characters at most"),
        ({"words": "a" * 5001}, "Say why, in 5000 characters at most"),
        ({"seen": "0" * 16}, "changed since you opened this page"),
        ({"last": "-1"}, "Somebody else spoke of this clause meanwhile"),
        ({"last": "x"}, "Somebody else spoke of this clause meanwhile"),
    ],
)
def test_a_refusal_names_the_mend_and_keeps_what_was_written(
    door: Door, anne: FlaskClient, fault: dict[str, str], words: str
) -> None:
    if not door.store.records(f"clause:{CLAUSE}"):
        said(anne, CLAUSE)
    size = door.store.size()
    answer = said(anne, CLAUSE, **{"words": "Kept in the form.", **fault})
    assert answer.status_code == 422
    text = html.unescape(answer.get_data(as_text=True))
    assert words in seen(text)
    assert "words" in fault or "Kept in the form." in text
    assert door.store.size() == size


def test_no_other_clause_is_signed(anne: FlaskClient) -> None:
    answer = sent(anne, "/review/TFA-1/sign", form(anne, CLAUSE))
    assert answer.status_code == 404


# What is stale


def signed_before(door: Door, clause: str, **edit: Any) -> None:
    """Let counsel have signed when the clause rested on other things."""
    now = door.reviews.fingerprints(door.reviews.ref.digest)[clause]
    before = replace(now, **edit)
    signs = SignOffs(door.store, door.time)
    known = signs.of(clause)
    signed = SignOff(
        clause=clause, agrees=True, words="As it was.", release=door.reviews.ref, fingerprint=before
    )
    signs.sign(ANNE, signed, known[-1].index if known else -1)


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        ({"text": "0"}, "what the clause says here"),
        ({"steps": "0"}, "what its steps do"),
        ({"outcome": "0"}, "what its scenarios came to"),
        ({"rules": {TOYS: "0"}}, f"the rule {TOYS}"),
        ({"law": {}}, "the legal basis Directive 2009/48/EC, Annex II, Part I, point 4(d)"),
    ],
)
def test_a_stale_word_says_what_changed(
    door: Door, anne: FlaskClient, edit: dict[str, Any], words: str
) -> None:
    signed_before(door, CLAUSE, **edit)
    text = history(anne, CLAUSE)
    assert text.startswith('id="signing" tabindex="-1">The word of counsel signed, stale')
    assert words in text


def test_a_stale_word_names_no_closed_rule_to_another_agency(door: Door, release: Release) -> None:
    closed = {one.id: "0" for one in release.base.rules if one.disclosure == "restricted"}
    signed_before(door, CLAUSE, rules=closed, law={})
    text = page(signed_in(door, "mark"), f"/review/{CLAUSE}")
    assert "signed, stale" in text
    assert not told(text, release)


def test_a_machine_reads_that_a_word_is_stale(door: Door) -> None:
    signed_before(door, CLAUSE, text="0")
    with door.client() as client:
        found = client.get("/v1/review").json
    (clause,) = (one for one in found["clauses"] if one["clause"] == CLAUSE)
    assert (clause["signed"]["agrees"], clause["signed"]["stale"]) == (True, True)


def test_what_was_erased_is_said_to_be_gone(door: Door, anne: FlaskClient) -> None:
    said(anne, OTHER, words="To be erased.")
    kept = door.store.records(f"clause:{OTHER}")[-1]
    door.store.erase(
        kept.index, authority="a court", reason="an order", at=door.time(), author="command line"
    )
    text = history(anne, OTHER)
    assert "To be erased." not in text
    assert "What was said here was erased." in text
