"""What is not to be done with the editor, refused with the reason and the mend."""

from __future__ import annotations

import json

import pytest
from flask.testing import FlaskClient

from api.store import Role
from tests.editor_sample import (
    PATH,
    asked,
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
from tests.http_sample import Door, Doors
from tests.people_sample import HTML, browser, csrf, sent, signed_in

SCRIPT = "<script>alert(1)</script>"


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
def carl(door: Door) -> FlaskClient:
    return signed_in(door, "carl")


@pytest.fixture(scope="module")
def dora(door: Door) -> FlaskClient:
    return signed_in(door, "dora")


@pytest.fixture(scope="module")
def draft(anne: FlaskClient) -> str:
    return changed(anne)


@pytest.fixture(scope="module")
def offered(anne: FlaskClient) -> tuple[str, str]:
    """A draft that is proposed, and the digest of it."""
    made = changed(anne)
    return made, proposed(anne, made)


# Scripts


def test_scripts_are_shown_as_text(door: Door, anne: FlaskClient) -> None:
    made = opened(anne)
    text = form_of(anne, made)["text"].replace("Check the identity", f"{SCRIPT} Check the identity")
    assert saved(anne, made, f"# {SCRIPT}\n{text}").status_code == 303
    form = {"revision": revision(anne, made)}
    sent(anne, f"{made}/comments", {**form, "path": PATH, "line": "1", "words": SCRIPT})
    sent(anne, f"{made}/title", {**form, "title": SCRIPT})
    for path in (
        "/editor/",
        made,
        f"{made}/files/{PATH}",
        f"{made}/try",
        f"/editor/?words={SCRIPT}",
    ):
        read = page(anne, path)
        assert SCRIPT not in read, path
        assert "alert(1)" in read, path


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/editor/drafts", {"start": "control", "id": SCRIPT}),
        ("/editor/drafts", {"start": SCRIPT, "id": "a/b"}),
        ("/editor/drafts", {"start": "change", "path": SCRIPT}),
        ("/editor/drafts", {"start": "copy", "id": "a/b", "former": SCRIPT}),
        ("/editor/withdrawals", {"path": SCRIPT, "reason": "now"}),
        ("{draft}/add", {"path": SCRIPT}),
        ("{draft}/answers", {"digest": SCRIPT, "do": "object", "reason": SCRIPT}),
        ("{draft}/approve", {"digest": SCRIPT}),
        ("{draft}/comments", {"path": SCRIPT, "revision": SCRIPT, "line": "1", "words": "x"}),
        ("{draft}/try", {"declaration": SCRIPT}),
        ("{draft}/try", {"stored": SCRIPT}),
    ],
)
def test_a_refusal_shows_scripts_as_text(
    anne: FlaskClient, draft: str, path: str, form: dict[str, str]
) -> None:
    answer = sent(anne, path.format(draft=draft), form)
    assert 400 <= answer.status_code < 500
    assert SCRIPT not in answer.get_data(as_text=True)


# Who asks


FORMS = (
    *("title", "add", "drop", "rebase", "effect", "propose", "withdraw", "comments", "answers"),
    *("approve", "refuse", "publish", "try", f"files/{PATH}", "sheet"),
)


@pytest.mark.parametrize("token", [None, "", "forged", "IjEi.aaaa.bbbb"])
def test_without_the_token_of_the_session_nothing_is_changed(
    anne: FlaskClient, draft: str, token: str | None
) -> None:
    before = revision(anne, draft)
    given = {} if token is None else {"csrf_token": token}
    headers = {} if token is None else {"X-CSRF-Token": token}
    for name in FORMS:
        assert anne.post(f"{draft}/{name}", data=given, headers=HTML).status_code == 400, name
    for path in ("/editor/drafts", "/editor/withdrawals"):
        assert anne.post(path, data=given, headers=HTML).status_code == 400
    assert anne.put(draft, json={}, headers=headers).status_code == 400
    assert anne.post("/editor/desk", json={}, headers=headers).status_code == 400
    assert revision(anne, draft) == before


def test_another_session_s_token_is_refused(anne: FlaskClient, ben: FlaskClient) -> None:
    form = {"csrf_token": csrf(ben), "start": "change", "path": PATH}
    assert anne.post("/editor/drafts", data=form, headers=HTML).status_code == 400


@pytest.mark.parametrize("role", list(Role))
def test_keys_open_nothing(door: Door, draft: str, role: Role) -> None:
    with door.client(role) as client:
        for path in ("/editor/", "/editor/words?kind=fact", draft, f"{draft}/files/{PATH}"):
            answer = client.get(path)
            assert answer.status_code == 403, path
            assert "sign in with your name" in answer.json["detail"]
        assert client.post("/editor/desk", {}).status_code == 403
    assert browser(door, role).get("/editor/", headers=HTML).status_code == 403


def test_who_is_not_signed_in_is_sent_to_sign_in(door: Door, draft: str) -> None:
    assert door.app.test_client().get(draft, headers=HTML).status_code == 303
    assert door.app.test_client().get(draft).status_code == 401


def test_who_has_not_the_duty_neither_drafts_nor_proposes(ben: FlaskClient, draft: str) -> None:
    number = revision(ben, draft)
    for path, form in (
        ("/editor/drafts", {"start": "change", "path": PATH}),
        ("/editor/withdrawals", {"path": PATH, "reason": "now"}),
        (f"{draft}/title", {"revision": number, "title": "x"}),
        (f"{draft}/propose", {"revision": number}),
        (f"{draft}/drop", {"revision": number, "path": PATH}),
        (f"{draft}/rebase", {"revision": number}),
        (f"{draft}/effect", {}),
        (f"{draft}/files/{PATH}", {"revision": number, "text": "x", "do": "save"}),
    ):
        answer = sent(ben, path, form)
        assert answer.status_code == 403, path
        assert "has not the duty author" in words(answer)
    assert asked(ben, "PUT", draft, {}).status_code == 403
    assert revision(ben, draft) == number


# Consent


def test_an_author_approves_nothing_of_her_own(anne: FlaskClient, offered: tuple[str, str]) -> None:
    made, digest = offered
    answer = sent(anne, f"{made}/approve", {"digest": digest})
    assert answer.status_code == 403
    assert "anne wrote a revision of this draft" in words(answer)


def test_another_agency_neither_approves_nor_publishes(
    carl: FlaskClient, offered: tuple[str, str]
) -> None:
    made, digest = offered
    for act, form in (
        ("approve", {}),
        ("refuse", {"reason": "no"}),
        ("withdraw", {"reason": "no"}),
    ):
        assert sent(carl, f"{made}/{act}", {"digest": digest, **form}).status_code == 403, act
    assert "It was refused" in words(sent(carl, f"{made}/publish"))


def test_a_co_author_approves_nothing_either(
    anne: FlaskClient, dora: FlaskClient, ben: FlaskClient
) -> None:
    made = changed(anne)
    text = form_of(dora, made)["text"]
    assert saved(dora, made, f"{text}\n# and a word of Dora's\n").status_code == 303
    digest = proposed(anne, made)
    for author in (dora, anne):
        assert sent(author, f"{made}/approve", {"digest": digest}).status_code == 403
    assert sent(ben, f"{made}/approve", {"digest": digest}).status_code == 303
    for author in (dora, anne):  # nor once another did
        assert sent(author, f"{made}/approve", {"digest": digest}).status_code == 403


def test_what_changed_since_it_was_read_is_not_approved(
    anne: FlaskClient, ben: FlaskClient
) -> None:
    made = changed(anne)
    digest = proposed(anne, made)
    assert saved(anne, made, f"{form_of(anne, made)['text']}\n").status_code == 303
    answer = sent(ben, f"{made}/approve", {"digest": digest})
    assert answer.status_code == 409
    assert "draft changed: it is at revision 2 by anne" in words(answer)
    assert "It was refused" in words(sent(ben, f"{made}/publish"))


def test_a_rule_of_another_agency_is_not_proposed(carl: FlaskClient) -> None:
    made = changed(carl)
    answer = words(sent(carl, f"{made}/propose", {"revision": revision(carl, made)}))
    assert "imposes for agency:Customs" in answer
    assert "let an author of agency:Customs write it" in answer


# Two at once


def test_of_two_that_save_one_is_told_what_the_other_wrote(
    anne: FlaskClient, dora: FlaskClient
) -> None:
    made = opened(anne)
    there = form_of(anne, made)
    assert saved(dora, made, f"# by Dora\n{there['text']}", revision="0").status_code == 303
    answer = saved(anne, made, f"# by Anne\n{there['text']}", revision="0")
    assert answer.status_code == 409
    assert "dora saved revision 1 meanwhile" in words(answer)
    assert "# by Anne\n" in answer.get_data(as_text=True)
    assert "# by Dora" in words(answer)
    call = asked(anne, "PUT", made, {"revision": 0, "path": PATH, "text": "# by Anne"})
    assert (call.status_code, call.json["revision"], call.json["by"]) == (409, 1, "dora")
    assert call.json["text"] == f"# by Dora\n{there['text']}"
    assert form_of(anne, made)["text"] == f"# by Dora\n{there['text']}"


# Paths, texts and ids


@pytest.mark.parametrize(
    "path",
    [
        *("rules/../x.toml", "../x.toml", "/etc/passwd", "rules/a.py", "rules/customs/RANDOM.toml"),
        *("ontology/core.ttl", "rules/customs/a b.toml", "rules//a.toml", "rules/a\0.toml", ""),
        *("rules/customs/random.toml/x.toml", f"rules/{'a' * 300}.toml", "rules/ü.toml", "\ud800"),
    ],
)
def test_a_path_of_no_rule_is_not_written(anne: FlaskClient, draft: str, path: str) -> None:
    number = int(revision(anne, draft))
    body = json.dumps({"revision": number, "path": path, "text": "x"})
    answer = anne.put(
        draft, data=body, content_type="application/json", headers={"X-CSRF-Token": csrf(anne)}
    )
    assert answer.status_code in (404, 422), answer.get_data(as_text=True)
    assert int(revision(anne, draft)) == number


@pytest.mark.parametrize("text", ["x" * (2**20 + 1), "a\0b"])
def test_a_text_that_no_file_may_hold_is_not_saved(
    anne: FlaskClient, draft: str, text: str
) -> None:
    number = int(revision(anne, draft))
    answer = asked(anne, "PUT", draft, {"revision": number, "path": PATH, "text": text})
    assert answer.status_code == 422
    assert answer.json["errors"][0]["help"]
    assert saved(anne, draft, text, revision=str(number)).status_code == 422


@pytest.mark.parametrize(
    "text", ["x" * (2 * 2**20 + 1), "a\0b", "= [", "a = " + "[" * 5000, "a." * 5000 + "b = 1", ""]
)
def test_a_text_that_is_no_rule_is_checked_in_words(
    anne: FlaskClient, draft: str, text: str
) -> None:
    question = {"draft": draft.rpartition("/")[2], "path": PATH, "text": text}
    answer = asked(anne, "POST", "/editor/desk", question)
    assert answer.status_code == 200
    assert answer.json["diagnostics"][0]["severity"] == "error"
    checked = sent(anne, f"{draft}/files/{PATH}", {"text": text, "do": "check"})
    assert checked.status_code == 200


@pytest.mark.parametrize("number", ["²", "٣", "-1", "1e3", "9" * 40, "", "0x1"])
def test_what_is_no_number_is_refused(anne: FlaskClient, draft: str, number: str) -> None:
    comment = {"revision": number, "path": PATH, "line": number, "words": "x"}
    assert sent(anne, f"{draft}/comments", comment).status_code == 422
    assert sent(anne, f"{draft}/rebase", {"revision": number}).status_code == 422
    assert anne.get(f"/editor/words?kind=fact&limit={number}").status_code == 422
    assert saved(anne, draft, "x", revision=number or "x").status_code == 422


def test_what_a_form_lacks_is_said_on_a_page(ben: FlaskClient, offered: tuple[str, str]) -> None:
    made, digest = offered
    answer = sent(ben, f"{made}/refuse", {"digest": digest, "reason": " "})
    assert (answer.status_code, answer.mimetype) == (422, "text/html")
    assert "A reason is needed. Write up to 5000 characters" in words(answer)


@pytest.mark.parametrize("name", ["none", "%00", "..", "'", "a" * 500])
def test_a_draft_that_is_not_there_is_not_found(anne: FlaskClient, name: str) -> None:
    made = f"/editor/drafts/{name}"
    for path in (made, f"{made}/files/{PATH}", f"{made}/try"):
        assert anne.get(path, headers=HTML).status_code == 404, path
    for act in ("title", "add", "drop", "rebase", "comments", "approve", "refuse", "sheet"):
        form = {
            "revision": "0",
            "path": PATH,
            "line": "1",
            "words": "x",
            "title": "x",
            "do": "agree",
        }
        form["reason"] = "x"
        assert sent(anne, f"{made}/{act}", form).status_code == 404, act
    assert asked(anne, "PUT", made, {"revision": 0, "path": PATH, "text": ""}).status_code == 404
    question = {"draft": name, "path": PATH, "text": ""}
    assert asked(anne, "POST", "/editor/desk", question).status_code == 404
