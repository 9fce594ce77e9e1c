"""What the editor tells of rules that are restricted to another agency: at every door, nothing."""

from __future__ import annotations

import json

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from api.http.editor.seeing import UNNAMED, disclosed
from api.service.desks import Desks
from api.service.policy import Caller
from engine.language.diagnostics import Diagnostic
from engine.release import Release
from tests.editor_sample import (
    RESTRICTED,
    asked,
    editing,
    form_of,
    opened,
    page,
    revision,
    saved,
    words,
)
from tests.evidence_sample import SIGNER
from tests.http_sample import Door, Doors
from tests.people_sample import HTML, sent, signed_in

ROWS, NUMBER = "rules/customs/neighbours.csv", "rules/parameters/small-consignment-value.toml"
PUBLIC = "rules/plants/wood-packaging.toml"
ABSENT = "rules/customs/no-such-rule.toml"


@pytest.fixture(scope="module")
def door(doors: Doors) -> Door:
    return editing(doors)


@pytest.fixture(scope="module")
def anne(door: Door) -> FlaskClient:
    return signed_in(door, "anne")


@pytest.fixture(scope="module")
def carl(door: Door) -> FlaskClient:
    return signed_in(door, "carl")


@pytest.fixture(scope="module")
def hidden(release: Release) -> dict[str, str]:
    """The titles of the restricted rules, by id."""
    return {r.id: r.title for r in release.base.rules if r.disclosure == "restricted"}


@pytest.fixture(scope="module")
def own(carl: FlaskClient, release: Release) -> str:
    """A draft of another agency: its address."""
    of_plants = [rule for rule in release.base.rules if rule.agency == "agency:PlantHealth"]
    return opened(carl, f"rules/{of_plants[0].table}.toml")


def told(answer: TestResponse | str, hidden: dict[str, str]) -> set[str]:
    """The restricted rules of which an answer says id, path or title."""
    text = answer if isinstance(answer, str) else answer.get_data(as_text=True)
    said = {name for name, title in hidden.items() if name in text or title in text}
    return said | {path for path in (ROWS, NUMBER) if path in text}


def same(carl: FlaskClient, one: TestResponse, other: TestResponse) -> bool:
    """Whether both answers are one, but for the path that was asked for."""
    pages = [words(answer) for answer in (one, other)]
    for path in (RESTRICTED, ROWS, NUMBER):
        pages = [text.replace(path, ABSENT) for text in pages]
    return one.status_code == other.status_code == 404 and pages[0] == pages[1]


@pytest.mark.parametrize("path", [RESTRICTED, ROWS, NUMBER])
def test_a_withheld_file_is_opened_like_one_that_is_not_there(
    carl: FlaskClient, own: str, path: str
) -> None:
    files = [carl.get(f"{own}/files/{each}", headers=HTML) for each in (path, ABSENT)]
    assert same(carl, *files)
    for door, form in (("/editor/drafts", {"start": "change"}), (f"{own}/add", {})):
        assert same(carl, *(sent(carl, door, {**form, "path": p}) for p in (path, ABSENT)))


def test_its_own_agency_opens_it(anne: FlaskClient) -> None:
    for path in (RESTRICTED, ROWS, NUMBER):
        assert form_of(anne, opened(anne, path), path)["text"]


@pytest.mark.parametrize("path", [RESTRICTED, ROWS, NUMBER])
def test_a_withheld_file_is_not_changed_dropped_commented_or_checked(
    carl: FlaskClient, own: str, path: str
) -> None:
    number = revision(carl, own)
    saving = {"revision": int(number), "path": path, "text": "x"}
    spoken = {"revision": number, "path": path, "line": "1", "words": "why?"}
    question = {"draft": own.rpartition("/")[2], "path": path, "text": ""}
    for answer in (
        saved(carl, own, "x", path, number),
        asked(carl, "PUT", own, saving),
        asked(carl, "POST", "/editor/desk", question),
        sent(carl, f"{own}/drop", {"revision": number, "path": path, "do": "remove"}),
        sent(carl, f"{own}/comments", spoken),
        sent(carl, "/editor/withdrawals", {"path": path, "reason": "now"}),
    ):
        assert answer.status_code == 404, words(answer)
    assert revision(carl, own) == number


def test_a_withheld_rule_is_no_former_of_a_copy(carl: FlaskClient) -> None:
    form = {"start": "copy", "id": "plants/mine"}
    answers = [
        sent(carl, "/editor/drafts", {**form, "former": path[6:-5]})
        for path in (RESTRICTED, ABSENT)
    ]
    assert same(carl, *answers)


def test_no_list_search_or_word_names_a_withheld_rule(
    carl: FlaskClient, anne: FlaskClient, own: str, hidden: dict[str, str]
) -> None:
    for path in ("/editor/?words=customs", "/editor/?code=640399", "/editor/?state=in+force", own):
        assert not told(page(carl, path), hidden), path
    assert told(page(anne, "/editor/?words=customs"), hidden)


def test_a_number_of_withheld_rules_only_is_no_word(carl: FlaskClient, anne: FlaskClient) -> None:
    mine, others = (
        {one["id"] for one in client.get("/editor/words?kind=parameter").json}
        for client in (carl, anne)
    )
    assert others - mine == {"parameters/small-consignment-value"}


def test_who_may_not_see_a_rule_sees_no_draft_of_it(
    anne: FlaskClient, carl: FlaskClient, hidden: dict[str, str]
) -> None:
    draft = opened(anne, RESTRICTED)
    for text in (
        "broken [",
        form_of(anne, draft, RESTRICTED)["text"].replace("review", "# \nreview"),
    ):
        assert saved(anne, draft, text, RESTRICTED).status_code == 303
        read = page(carl, draft)
        assert "not disclosed to you" in read
        assert not told(read, hidden)
        assert carl.get(f"{draft}/files/{RESTRICTED}", headers=HTML).status_code == 404
        assert not told(page(carl, "/editor/"), hidden)


def test_a_new_rule_that_cannot_be_read_yet_is_for_whoever_writes_it(
    anne: FlaskClient, carl: FlaskClient
) -> None:
    draft, path = opened(anne), "rules/customs/secret-new.toml"
    text = 'title = "A secret"\ndisclosure = "restricted"\nbroken ['
    answer = asked(anne, "PUT", draft, {"revision": 0, "path": path, "text": text})
    assert answer.status_code == 200, words(answer)
    assert "A secret" in page(anne, f"{draft}/files/{path}")
    assert carl.get(f"{draft}/files/{path}", headers=HTML).status_code == 404
    assert "A secret" not in page(carl, draft)


@pytest.mark.parametrize("named", ["customs/courier", "customs/couriers"])
def test_no_diagnostic_names_a_withheld_rule(
    carl: FlaskClient, own: str, hidden: dict[str, str], named: str
) -> None:
    path = "rules/plants/follows.toml"
    text = f'replaces = "{named}"\n' + form_of(carl, own, _first(carl, own))["text"]
    question = {"draft": own.rpartition("/")[2], "path": path, "text": text}
    found = asked(carl, "POST", "/editor/desk", question).json
    said = json.dumps(found["diagnostics"])
    assert "did you mean" not in said
    assert not told(said.replace(f"`{named}`", ""), {n: t for n, t in hidden.items() if n != named})


def _first(client: FlaskClient, draft: str) -> str:
    title = words(page(client, draft)).partition("Change ")[2]
    return title.split()[0]


def test_what_a_change_spoils_of_a_withheld_rule_is_said_without_naming_it(
    door: Door, release: Release, hidden: dict[str, str]
) -> None:
    desks = Desks(door.store, [SIGNER.public], release.vocabulary)
    desk = desks.of_base(door.service.decider.release.digest)
    carl = Caller(name="person:carl", role="regulator", agency="agency:PlantHealth")
    anne = Caller(name="person:anne", role="regulator", agency="agency:Customs")
    found = (
        Diagnostic(code="x", message="it is wrong", file=RESTRICTED),
        Diagnostic(code="y", message="as `customs/courier` says", file="rules/a.toml"),
    )
    said = str([str(one) for one in disclosed(found, desk, carl)])
    assert UNNAMED in said
    assert not told(said, hidden)
    assert disclosed(found, desk, anne) == found
