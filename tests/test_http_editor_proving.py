"""What holds of every declaration, asked of a draft on its page: a real process, the real rules."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser

from tests.chromium import NEEDS_CHROMIUM
from tests.editor_sample import RESTRICTED, editing, form_of, opened, page, revision, saved, words
from tests.full import often
from tests.http_sample import Door, Doors
from tests.loopback import listening
from tests.people_sample import sent, signed_in
from tests.test_browser_editor_story import Desk

RULE = "customs/courier"
TRIED = 'name = "mode of transport: air"'
NOTHING = "Not known yet for this revision."


@pytest.fixture(scope="module")
def door(doors: Doors) -> Door:
    return editing(doors)


@pytest.fixture(scope="module")
def anne(door: Door) -> FlaskClient:
    return signed_in(door, "anne")


@pytest.fixture(scope="module")
def draft(anne: FlaskClient) -> str:
    """A restricted rule that speaks of fewer goods, of which everything was asked."""
    made = opened(anne, RESTRICTED)
    text = form_of(anne, made, RESTRICTED)["text"]
    assert saved(anne, made, narrower(text), RESTRICTED).status_code == 303
    return made


@pytest.fixture(scope="module")
def told(anne: FlaskClient, draft: str) -> str:
    """What the page of the work said."""
    return words(sent(anne, f"{draft}/prove"))


def narrower(text: str) -> str:
    """The rule for what comes by post only, its example by air changed alike."""
    text = text.replace('["mode:Air", "mode:Post"]', '["mode:Post"]')
    before, tried, after = text.partition(TRIED)
    assert tried
    return before + tried + after.replace('"applies"', '"does not apply"', 1)


@pytest.fixture(scope="module")
def section(anne: FlaskClient, draft: str, told: str) -> str:
    """What the page of the draft says of it to who may see the rule."""
    assert told
    return proofs(page(anne, draft))


def proofs(text: str) -> str:
    found = re.search(r'<section aria-labelledby="proofs">.*?</section>', text, re.DOTALL)
    assert found is not None
    return words(found[0])


def test_it_says_how_far_it_is_and_what_came_of_it(told: str) -> None:
    assert "same-treatment-of-origins" in told
    assert "8 of 10 properties hold of every declaration." in told


def test_each_property_stands_with_its_article_and_answer(section: str) -> None:
    assert "No control is above the ladder WTO TBT, Article 5.1.2 ✓ proved" in section


def test_what_the_change_means_is_shown_by_goods_that_both_decided(section: str) -> None:
    assert "all rules lighter" in section
    assert f"{RULE} lighter" in section
    assert '"transportMode":"mode:Air"' in section


def test_a_rule_that_is_not_to_be_seen_is_neither_named_nor_shown_by_goods(
    door: Door, draft: str, section: str
) -> None:
    assert section
    told = proofs(page(signed_in(door, "carl"), draft))
    assert "all rules lighter The goods that show it are shown to those only" in told
    assert RULE not in told


@NEEDS_CHROMIUM
@pytest.mark.parametrize("language", often(["en", "ar"], ["en"]))
def test_no_barrier_is_found_on_the_page(
    language: str,
    door: Door,
    draft: str,
    section: str,
    editor_browser: Browser,
) -> None:
    assert section
    with listening(door.app) as url:
        anne = Desk(editor_browser, url, "anne", language)
        anne.page.goto(draft)
        for summary in anne.page.locator('[aria-labelledby="proofs"] summary').all():
            summary.click()
        anne.look()
        anne.context.close()
    assert anne.barriers == []


def test_the_answers_are_those_of_one_revision(anne: FlaskClient, draft: str, section: str) -> None:
    assert NOTHING not in section
    form = {"revision": revision(anne, draft), "path": RESTRICTED, "do": "restore"}
    assert sent(anne, f"{draft}/drop", form).status_code == 303
    assert NOTHING in proofs(page(anne, draft))


def test_rules_with_errors_are_refused_by_name(anne: FlaskClient) -> None:
    made = opened(anne)
    text = form_of(anne, made)["text"].replace("goods.commodityCode", "goods.colour")
    assert saved(anne, made, text).status_code == 303
    assert "goods.colour" in words(sent(anne, f"{made}/prove"))
