"""What becomes of a draft: read, spoken of, tried, proposed, answered, refused, carried over."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import msgspec
import pytest
from flask.testing import FlaskClient

from engine import release as releases
from engine.release import Release
from tests.editor_sample import (
    PATH,
    changed,
    editing,
    form_of,
    opened,
    page,
    proposed,
    revision,
    saved,
    words,
)
from tests.evidence_sample import SIGNER
from tests.http_sample import Door, Doors, declaration
from tests.people_sample import sent, signed_in


@pytest.fixture(scope="module")
def door(doors: Doors) -> Door:
    return editing(doors)


@pytest.fixture(scope="module")
def anne(door: Door) -> FlaskClient:
    return signed_in(door, "anne")


@pytest.fixture(scope="module")
def ben(door: Door) -> FlaskClient:
    return signed_in(door, "ben")


@pytest.fixture(scope="module")
def draft(anne: FlaskClient) -> str:
    return changed(anne)


def test_a_change_is_shown_as_sentence_and_as_lines(anne: FlaskClient, draft: str) -> None:
    read = page(anne, draft)
    assert re.search(r"<del><pre>1 %</pre></del><ins><pre>100 %</pre></ins>", read)
    assert re.search(
        r'<tr class="removed">.*rate = 0\.01.*<tr class="added">.*rate = 1\.0', read, re.DOTALL
    )


def test_a_comment_stands_by_its_line(ben: FlaskClient, draft: str) -> None:
    form = {"revision": revision(ben, draft), "path": PATH, "line": "3", "words": "why so often?"}
    assert sent(ben, f"{draft}/comments", form).status_code == 303
    assert "why so often? ben of customs, line 3, revision 1" in words(page(ben, draft)).lower()
    for line in ("0", "999"):
        answer = sent(ben, f"{draft}/comments", {**form, "line": line})
        assert answer.status_code == 422
        assert "Name one of them" in words(answer)


def test_a_table_s_faults_are_shown_where_only_its_rows_changed(anne: FlaskClient) -> None:
    rows = "rules/food/increased-controls.csv"
    made = opened(anne, rows)
    text = form_of(anne, made, rows)["text"].replace("08022100", "0802210x", 1)
    assert saved(anne, made, text, rows).status_code == 303
    assert "There are errors: it cannot be proposed." in words(page(anne, made))


def test_a_rule_that_goes_is_checked_where_others_need_it(anne: FlaskClient) -> None:
    made, path = opened(anne), "rules/traders/poor-record.toml"
    form = {"revision": "0", "path": path, "do": "remove"}
    assert sent(anne, f"{made}/drop", form).status_code == 303
    assert f"{path} removed" in words(page(anne, made))
    form = {"revision": "1", "path": path, "do": "restore"}
    assert sent(anne, f"{made}/drop", form).status_code == 303
    assert "Nothing yet" in words(page(anne, made))


def test_a_draft_is_tried_beside_the_release_in_force(anne: FlaskClient, draft: str) -> None:
    given = {"declaration": json.dumps(declaration("tried"))}
    answer = sent(anne, f"{draft}/try", given)
    assert answer.status_code == 200, words(answer)
    assert "customs/random" in words(answer)
    assert "Which rules make the difference" in words(answer) or "What changes" in words(answer)


def test_a_trial_tells_another_agency_no_restricted_rule(door: Door, draft: str) -> None:
    goods = [{"item": 1, "commodityCode": "6403990000", "origin": "CN"}]
    answer = sent(
        signed_in(door, "carl"),
        f"{draft}/try",
        {"declaration": json.dumps(declaration(goods=goods))},
    )
    assert answer.status_code == 200, words(answer)
    hidden = [
        one.rule
        for one in door.service.decider.program.rules
        if one.rule.disclosure == "restricted"
    ]
    read = answer.get_data(as_text=True)
    assert [rule.id for rule in hidden if rule.id in read or rule.title in read] == []


def test_what_is_proposed_is_refused_or_taken_back_for_a_reason(
    anne: FlaskClient, ben: FlaskClient
) -> None:
    made = changed(anne)
    digest = proposed(anne, made)
    assert sent(ben, f"{made}/answers", {"digest": digest, "do": "agree"}).status_code == 403
    assert sent(ben, f"{made}/refuse", {"digest": digest, "reason": "too often"}).status_code == 303
    assert "refused" in words(page(ben, made))
    assert (
        sent(anne, f"{made}/withdraw", {"digest": digest, "reason": "so be it"}).status_code == 409
    )


def test_an_emergency_withdrawal_takes_a_second_person(anne: FlaskClient, ben: FlaskClient) -> None:
    told = sent(anne, "/editor/withdrawals", {"path": PATH, "reason": "it selects all"})
    found = re.search(r'href="(/editor/drafts/\w+)#consent"', told.get_data(as_text=True))
    assert found is not None, words(told)
    read = page(ben, found[1])
    assert "it selects all" in words(read)
    digest = re.search(r'<code class="digest"[^>]*>(sha256:\w+)<', read)
    assert digest is not None
    assert sent(anne, f"{found[1]}/approve", {"digest": digest[1]}).status_code == 403
    assert sent(ben, f"{found[1]}/approve", {"digest": digest[1]}).status_code == 303


@pytest.mark.parametrize("reason", ["", " "])
def test_a_withdrawal_without_a_reason_leaves_no_draft(anne: FlaskClient, reason: str) -> None:
    before = page(anne, "/editor/").count("Withdraw rules/")
    told = words(sent(anne, "/editor/withdrawals", {"path": PATH, "reason": reason}))
    assert "A reason is needed" in told
    assert page(anne, "/editor/").count("Withdraw rules/") == before


def test_files_that_changed_on_both_sides_are_carried_over_as_its_author_says(
    door: Door, anne: FlaskClient, release: Release
) -> None:
    made = {take: changed(anne) for take in ("mine", "theirs")}
    store, first = door.store, door.store.authoring.in_force()
    assert first is not None
    tree = store.authoring.tree(first.release)
    tree[PATH] = tree[PATH].replace(b"0.01", b"0.02")
    later = msgspec.structs.replace(release, made_on=release.made_on + timedelta(days=1))
    body = releases.sealed(releases.spoken(later), SIGNER)
    kept = store.keep_release(body, door.time())
    store.authoring.keep_tree(kept.digest, tree, door.time())
    assert "Another release is in force by now" in words(page(anne, made["mine"]))
    for take, rate in (("mine", "1.0"), ("theirs", "0.02")):
        form = {"revision": revision(anne, made[take])}
        asked = sent(anne, f"{made[take]}/rebase", form)
        assert (asked.status_code, "Changed on both sides" in words(asked)) == (409, True)
        done = sent(anne, f"{made[take]}/rebase", {**form, f"take {PATH}": take})
        assert done.status_code == 303, words(done)
        assert f"rate = {rate}," in form_of(anne, made[take])["text"]
    assert "drafts change these" in words(page(anne, "/editor/"))
