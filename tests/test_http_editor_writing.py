"""A file that is opened and saved unchanged is the same to the byte, by form and by script."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.store.drafts import State
from engine.desk.desk import is_rule
from tests.editor_sample import PATH, asked, editing, form_of, opened, page, saved, words
from tests.full import often
from tests.http_sample import Door, Doors
from tests.people_sample import signed_in

ROOT = Path(__file__).resolve().parent.parent
FILES = sorted(
    path.relative_to(ROOT).as_posix()
    for kind in ("*.toml", "*.csv")
    for path in (ROOT / "rules").rglob(kind)
)


@pytest.fixture(scope="module")
def door(doors: Doors) -> Door:
    return editing(doors)


@pytest.fixture(scope="module")
def anne(door: Door) -> FlaskClient:
    return signed_in(door, "anne")


def kept(door: Door, draft: str, path: str) -> bytes | None:
    """The file as the draft has it; None where it is as in force."""
    _, files = door.store.authoring.files(draft.rpartition("/")[2])
    version = files.get(path)
    if version is None or version.state is not State.TEXT:
        return None
    assert version.text is not None
    return version.text.encode()


def as_sent(text: str) -> str:
    """A text as a browser sends it, whatever ended its lines."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n")


def test_every_shipped_file_saved_unchanged_by_the_form_is_as_in_force(
    door: Door, anne: FlaskClient
) -> None:
    draft = opened(anne)
    for path in FILES:
        given = form_of(anne, draft, path)
        assert given["text"].encode() == (ROOT / path).read_bytes(), path
        answer = saved(anne, draft, as_sent(given["text"]), path, given["revision"])
        assert answer.status_code == 303, words(answer)
        assert kept(door, draft, path) is None, path
    assert "Nothing yet" in page(anne, draft)


def test_every_shipped_rule_through_the_form_of_the_script_is_as_in_force(
    door: Door, anne: FlaskClient
) -> None:
    draft = opened(anne)
    name, revision = draft.rpartition("/")[2], 0
    for path in filter(is_rule, FILES):
        question = {"draft": name, "path": path, "text": (ROOT / path).read_text()}
        content = asked(anne, "POST", "/editor/desk", question).json["content"]
        answer = asked(anne, "POST", "/editor/desk", {**question, "content": content}).json
        assert answer["text"].encode() == (ROOT / path).read_bytes(), path
        saving = {"revision": revision, "path": path, "text": answer["text"]}
        revision = asked(anne, "PUT", draft, saving).json["revision"]
        assert kept(door, draft, path) is None, path


ENDS = st.lists(st.sampled_from(["\n", "\r\n"]), min_size=60, max_size=60)


@settings(
    max_examples=often(15, 6),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(ends=ENDS | st.just(["\r\n"] * 60))
def test_lines_keep_their_ends(door: Door, anne: FlaskClient, ends: list[str]) -> None:
    draft = opened(anne)
    lines = (ROOT / PATH).read_text().splitlines()
    text = "".join(f"{line}{end}" for line, end in zip(lines, ends, strict=False))
    saving = {"revision": 0, "path": PATH, "text": text}
    assert asked(anne, "PUT", draft, saving).status_code == 200
    assert saved(anne, draft, as_sent(text), revision="1").status_code == 303
    assert (kept(door, draft, PATH) or (ROOT / PATH).read_bytes()) == text.encode()
    question = {"draft": draft.rpartition("/")[2], "path": PATH, "text": text}
    content = asked(anne, "POST", "/editor/desk", question).json["content"]
    assert (
        asked(anne, "POST", "/editor/desk", {**question, "content": content}).json["text"] == text
    )


def test_a_changed_text_ends_its_lines_as_its_file_does(door: Door, anne: FlaskClient) -> None:
    for end in ("\n", "\r\n"):
        draft = opened(anne)
        text = (ROOT / PATH).read_text().replace("\n", end)
        asked(anne, "PUT", draft, {"revision": 0, "path": PATH, "text": text})
        sent = as_sent(text + "# more\n")
        assert saved(anne, draft, sent).status_code == 303
        assert kept(door, draft, PATH) == f"{text}# more{end}".encode()


def test_what_is_checked_is_not_saved(door: Door, anne: FlaskClient) -> None:
    draft = opened(anne)
    question = {"draft": draft.rpartition("/")[2], "path": PATH, "text": "x"}
    assert asked(anne, "POST", "/editor/desk", question).json["diagnostics"]
    assert kept(door, draft, PATH) is None


def test_a_saving_answers_its_revision(anne: FlaskClient) -> None:
    draft = opened(anne)
    for number in range(3):
        answer = asked(anne, "PUT", draft, {"revision": number, "path": PATH, "text": f"{number}"})
        assert answer.json == {"revision": number + 1}


def test_the_desk_answers_all_that_the_form_shows(anne: FlaskClient) -> None:
    draft = opened(anne)
    text = form_of(anne, draft)["text"]
    question = {"draft": draft.rpartition("/")[2], "path": PATH, "text": text}
    answer = asked(anne, "POST", "/editor/desk", question).json
    assert set(answer) == {
        *("text", "content", "sentence", "diagnostics", "examples", "trader", "rows", "ms")
    }
    assert answer["sentence"][0].keys() == {"depth", "words"}
    assert answer["examples"][0].keys() >= {"name", "expect", "verdict", "holds"}
    assert answer["trader"].keys() == {"reason", "remedy", "basis", "appeal"}
    spoiled = asked(anne, "POST", "/editor/desk", {**question, "text": text.replace("known", "x")})
    told = spoiled.json["diagnostics"][0]
    assert told.keys() >= {"code", "severity", "message", "help", "line", "path"}
    assert told["path"][:3] == ["when", "all", 0]


def test_words_are_told_as_the_form_reads_them(anne: FlaskClient) -> None:
    (fact,) = anne.get("/editor/words?kind=fact&q=goods.commodityCode&limit=1&lang=en").json
    assert fact["id"] == "goods.commodityCode"
    assert {"label", "definition", "kind", "type", "operators"} <= fact.keys()
    assert fact["operators"][0].keys() == {"name", "words"}
