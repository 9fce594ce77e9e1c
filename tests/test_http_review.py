"""The pages of the review: what they show, and to whom."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from api.service.people import Duty
from api.store import Role
from api.words.reviewing import in_order
from engine.release import Release
from engine.specs.interpretations import read_interpretations
from engine.specs.steps import PHRASES
from tests.http_sample import Door, Doors
from tests.people_sample import HTML, browser, person, sent, signed_in
from tests.review_sample import (
    CLAUSE,
    CLOSED,
    CLOSED_CLAUSE,
    FEATURES,
    OTHER,
    TOYS,
    reviewed_door,
    reviewing_door,
)

MARKET = "agency:MarketSurveillance"
PAGES = [
    *("/review/", f"/review/{CLAUSE}", f"/review/{OTHER}", f"/review/{CLOSED_CLAUSE}"),
    *("/review/matrix", f"/review/rules/{TOYS}", "/review/interpretations"),
    *("/review/vocabulary", "/review/findings", "/review/mutation", "/review/properties"),
]


@pytest.fixture(scope="module")
def door(doors: Doors, release: Release, tmp_path_factory: pytest.TempPathFactory) -> Door:
    made = reviewed_door(doors, release, tmp_path_factory.mktemp("review"))
    person(made, "anne", Duty.COUNSEL)
    person(made, "mark", Duty.AUTHOR, agency=MARKET)
    return made


@pytest.fixture(scope="module")
def anne(door: Door) -> FlaskClient:
    return signed_in(door, "anne")


@pytest.fixture(scope="module")
def mark(door: Door) -> FlaskClient:
    return signed_in(door, "mark")


@pytest.fixture(scope="module")
def trader(door: Door) -> FlaskClient:
    return browser(door, Role.TRADER)


def page(client: FlaskClient, path: str) -> str:
    answer = client.get(path, headers=HTML)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return html.unescape(answer.get_data(as_text=True))


def seen(text: str) -> str:
    """What a reader sees."""
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


# What is shown


def test_the_first_page_leads_to_the_review(anne: FlaskClient) -> None:
    assert 'href="/review/"' in page(anne, "/")


def test_contents_say_how_each_article_stands(anne: FlaskClient) -> None:
    text = seen(page(anne, "/review/"))
    assert f"{CLAUSE} Control concentrates on high risk" in text
    assert "✓ passed 2 of 2 scenarios pass not signed" in text


def test_agreements_come_in_their_order(anne: FlaskClient) -> None:
    text = page(anne, "/review/")
    places = [text.index(f'<h2 id="{tag}">') for tag in ("TFA", "TBT", "SPS")]
    assert places == sorted(places)


@pytest.mark.parametrize(
    "words",
    [
        "WTO Agreement on Trade Facilitation, Article 7.4.3",
        "Force shall, to the extent possible",
        "Regime every regime",
        "Confidence law checked 23 November 2026",
        "Not tested whether the levels themselves are the right ones",
        "✓ passed Given a consignment of cotton T-shirts",
    ],
)
def test_a_clause_says_what_it_demands_and_what_is_not_tested(
    anne: FlaskClient, words: str
) -> None:
    assert words in seen(page(anne, f"/review/{CLAUSE}"))


def test_evidence_is_the_decision_explained(anne: FlaskClient) -> None:
    text = seen(page(anne, f"/review/{CLAUSE}"))
    assert "Evidence: red channel" in text
    assert "The toy is for children under three, has small parts" in text


def test_a_step_leads_to_its_rules_and_their_law(anne: FlaskClient) -> None:
    text = page(anne, f"/review/{CLAUSE}")
    assert f'href="/rules/{TOYS}"' in text
    assert 'href="/regulations/ToySafetyDirective"' in text


def test_ids_on_a_page_of_several_decisions_are_unlike(anne: FlaskClient) -> None:
    for path in PAGES:
        ids = re.findall(r'\bid="([^"]+)"', page(anne, path))
        assert len(ids) == len(set(ids)), path


def test_the_matrix_shows_where_a_rule_is_tried_and_where_not(anne: FlaskClient) -> None:
    text = page(anne, "/review/matrix")
    assert f'href="/review/rules/{TOYS}"' in text
    holes = seen(text[text.index('id="holes"') :])
    one_sided = holes.partition("Obligations whose")[0]
    assert f"{CLAUSE} High-risk goods are controlled" in one_sided
    assert OTHER not in one_sided


def test_a_rule_names_what_tries_it(anne: FlaskClient) -> None:
    text = seen(page(anne, f"/review/rules/{TOYS}"))
    assert f"{CLAUSE} A toy with small parts from an importer with a poor record" in text
    assert "exactly 36 months" in text


def test_a_rule_says_how_much_of_it_examples_notice(anne: FlaskClient) -> None:
    text = seen(page(anne, f"/review/rules/{TOYS}"))
    assert "Mutation score 100.0 % Of 26 changes" in text


def test_what_no_example_notices_is_listed(anne: FlaskClient, door: Door) -> None:
    score = door.reviews.score(door.reviews.ref.digest)
    text = re.sub("</?code>", "`", page(anne, "/review/mutation"))
    assert score.survivors
    assert [one.words for one in score.survivors if one.words not in text] == []


def test_a_row_of_a_table_has_a_page(anne: FlaskClient, release: Release) -> None:
    row = next(one.id for one in release.base.rules if "#" in one.id and one.public)
    assert row in page(anne, f"/review/rules/{row.replace('#', '/')}")


def test_the_register_shows_what_each_reading_decides(anne: FlaskClient) -> None:
    text = seen(page(anne, "/review/interpretations"))
    assert "customs only followed by the rules" in text
    assert "to-confirm checked 26 November 2026" in text
    register = read_interpretations(FEATURES / "interpretations")
    assert text.count("Evidence: ") == sum(len(entry.readings) for entry in register)


def test_the_vocabulary_has_every_phrase_with_its_meaning(anne: FlaskClient) -> None:
    text = seen(page(anne, "/review/vocabulary"))
    assert [one.text for one in PHRASES if f"{one.blank} {one.meaning}" not in text] == []


def test_findings_are_told_by_verdict(anne: FlaskClient) -> None:
    text = seen(page(anne, "/review/findings"))
    assert re.search(r"insufficient record \(\d+\) insufficient record · ", text)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/review/TFA-7.4.33", "there is no clause `TFA-7.4.33`: did you mean `TFA-7.4.3`"),
        ("/review/rules/nothing", "there is no rule `nothing`"),
        ("/review/?release=none", "no release `none` is kept"),
        (f"/review/{CLAUSE}/try?at=1", "has no scenario at line `1`"),
        (f"/review/{CLAUSE}/try?at=%3Cscript%3E", "has no scenario at line `<script>`"),
    ],
)
def test_what_is_not_there_is_said(anne: FlaskClient, path: str, words: str) -> None:
    answer = anne.get(path, headers=HTML)
    assert answer.status_code == 404
    text = html.unescape(re.sub("</?code>", "`", answer.get_data(as_text=True)))
    assert words.lower() in text.lower()


@pytest.mark.parametrize("path", PAGES)
def test_nothing_typed_in_an_address_is_markup(anne: FlaskClient, path: str) -> None:
    answer = anne.get(f"{path}?release=%3Cscript%3Ealert(1)%3C/script%3E", headers=HTML)
    assert "<script>alert" not in answer.get_data(as_text=True)


# To whom


def told(text: str, release: Release) -> set[str]:
    """The restricted rules of which a page says the id, the title or the reason."""
    rules = (rule for rule in release.base.rules if rule.disclosure == "restricted")
    return {
        rule.id
        for rule in rules
        if rule.title in text
        or rule.because in text
        or re.search(rf"{re.escape(rule.id)}(?![\w-])", text)
    }


def test_its_own_agency_is_told_of_a_restricted_rule(anne: FlaskClient, release: Release) -> None:
    assert CLOSED in told(page(anne, f"/review/{CLOSED_CLAUSE}"), release)


@pytest.mark.parametrize("path", PAGES)
def test_no_page_tells_another_agency(mark: FlaskClient, release: Release, path: str) -> None:
    assert not told(page(mark, path), release)


@pytest.mark.parametrize("path", PAGES)
def test_no_page_tells_a_trader_of_what_is_for_agencies(
    trader: FlaskClient, release: Release, path: str
) -> None:
    text = html.unescape(trader.get(path, headers=HTML).get_data(as_text=True))
    closed = [rule for rule in release.base.rules if not rule.public]
    assert [rule.id for rule in closed if rule.title in text] == []


def test_what_is_withheld_is_counted(mark: FlaskClient, release: Release) -> None:
    text = seen(page(mark, f"/review/{CLOSED_CLAUSE}"))
    assert "1 scenario is about a rule that is not disclosed to you." in text
    count = sum(
        rule.disclosure == "restricted" and rule.agency != MARKET for rule in release.base.rules
    )
    assert f"{count} rules of this release are not disclosed to you" in text


def test_a_closed_rule_has_no_page_for_others(mark: FlaskClient) -> None:
    assert mark.get(f"/review/rules/{CLOSED}", headers=HTML).status_code == 404


def test_a_trader_sees_decisions_as_traders_are_told(trader: FlaskClient) -> None:
    text = seen(page(trader, f"/review/{CLAUSE}"))
    assert "What you can do" in text
    assert "danger serious" not in text


def test_nobody_reads_a_review_without_a_key(door: Door) -> None:
    answer = door.app.test_client().get("/review/", headers=HTML)
    assert answer.status_code == 303
    assert answer.location.startswith("/sign-in")


# Making one


@pytest.fixture
def unreviewed(doors: Doors, release: Release, tmp_path_factory: pytest.TempPathFactory) -> Door:
    door = reviewing_door(doors, release, tmp_path_factory.mktemp("unreviewed"))
    person(door, "anne", Duty.COUNSEL)
    return door


def test_a_release_without_a_review_can_be_reviewed_now(unreviewed: Door) -> None:
    client = signed_in(unreviewed, "anne")
    empty = page(client, f"/review/{CLAUSE}")
    assert "This release was not reviewed yet" in empty
    assert "Run the review now" in empty
    work = sent(client, "/review/run").get_data(as_text=True)
    assert "<li>scenarios: 100 %</li>" in work
    assert "The release is reviewed." in work
    assert CLAUSE in page(client, "/review/")


def test_who_may_not_suppose_runs_no_review(trader: FlaskClient) -> None:
    assert sent(trader, "/review/run").status_code == 403


# Over HTTP


@pytest.fixture
def client(door: Door) -> Iterator[FlaskClient]:
    with door.client() as found:
        yield found


def test_a_machine_reads_how_each_clause_stands(client: FlaskClient, release: Release) -> None:
    found = client.get("/v1/review").json
    assert found is not None
    assert found["release"]["digest"] == release.ref.digest
    by_clause = {one["clause"]: one for one in found["clauses"]}
    assert by_clause[OTHER] == {
        "clause": OTHER,
        "outcome": "passed",
        "scenarios": 2,
        "passed": 2,
        "caught": 1,
        "signed": None,
    }


def test_a_machine_is_told_where_there_is_no_review(unreviewed: Door) -> None:
    with unreviewed.client() as client:
        answer = client.get("/v1/review")
    assert answer.status_code == 404
    assert answer.json is not None
    assert "was not reviewed yet" in answer.json["title"]


def test_a_review_is_read_again_by_another_worker(door: Door, release: Release) -> None:
    digest = release.ref.digest
    first = door.reviews.found(digest)
    assert first is not None
    other = door.another_reviews(release)
    assert other.found(digest) == first


def test_clauses_are_ordered_by_their_numbers() -> None:
    wanted = ["SPS-2.2", "SPS-C.1.a", "TFA-4.1", "TFA-5.1.c", "TFA-7.4.3", "TFA-10.1", "WP6-V"]
    assert sorted(set(wanted), key=in_order) == wanted
