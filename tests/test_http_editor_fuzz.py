"""Calls of the editor of any shape: answered or refused in words, never at a loss."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.desk.form import content_of
from tests.editor_sample import PATH, changed, editing, form_of
from tests.full import often
from tests.http_sample import Doors
from tests.people_sample import csrf, signed_in


@pytest.fixture(scope="module")
def anne(doors: Doors) -> FlaskClient:
    return signed_in(editing(doors), "anne")


@pytest.fixture(scope="module")
def draft(anne: FlaskClient) -> str:
    return changed(anne)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["all", "any", "fact", "is", "within", "column", "task", "rate", "x"])
            | st.text(max_size=4),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)
KEYS = (
    *("title", "agency", "phase", "regime", "disclosure", "mandate", "effective", "review_by"),
    *("replaces", "basis", "when", "unless", "then", "proportionality", "example", "table"),
)
SHAPES = st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=6), JSON, max_size=8)


def answered(anne: FlaskClient, draft: str, body: bytes) -> tuple[int, Any]:
    headers = {"X-CSRF-Token": csrf(anne)}
    answer = anne.post("/editor/desk", data=body, content_type="application/json", headers=headers)
    return answer.status_code, answer.get_json(silent=True)


@settings(
    max_examples=often(200, 60),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(content=JSON | SHAPES, path=st.sampled_from([PATH, "rules/food/increased-controls.toml"]))
def test_content_of_any_shape_is_answered(
    anne: FlaskClient, draft: str, content: object, path: str
) -> None:
    name = draft.rpartition("/")[2]
    body = json.dumps({"draft": name, "path": path, "text": "", "content": content}).encode()
    code, answer = answered(anne, draft, body)
    assert code in (200, 422), answer
    if code == 200:
        assert answer["diagnostics"]


@settings(
    max_examples=often(100, 30),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(spoiled=st.data())
def test_a_rule_with_one_part_of_another_shape_is_answered(
    anne: FlaskClient, draft: str, spoiled: st.DataObject
) -> None:
    name = draft.rpartition("/")[2]
    text = form_of(anne, draft)["text"]
    content: Any = content_of(PATH, text)
    held: Any = content
    while isinstance(held, dict | list) and held:
        keys = sorted(held) if isinstance(held, dict) else range(len(held))
        key = spoiled.draw(st.sampled_from(list(keys)))
        if not isinstance(held[key], dict | list) or not held[key] or spoiled.draw(st.booleans()):
            held[key] = spoiled.draw(JSON)
            break
        held = held[key]
    body = {"draft": name, "path": PATH, "text": text, "content": content}
    code, answer = answered(anne, draft, json.dumps(body, default=float).encode())
    assert code in (200, 422), answer


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"{", b"[]", b"null", b"{}", b'{"draft": 1}', b"\xff", b"[" * 100_000),
        b'{"draft":"D","path":"P","text":"","content":' + b"[" * 50_000 + b"]" * 50_000 + b"}",
        b'{"draft":"D","path":"P","text":"","content":{"title":' + b"9" * 40 + b"}}",
        b'{"draft":"D","path":"P","text":"","content":{"title":' + b"9" * 9000 + b"}}",
        b'{"draft":"D","path":"P","text":"","content":{"title":1e999999999}}',
        b'{"draft":"D","path":"P","text":"title = 1e999999999"}',
        b'{"draft":"D","path":"P","text":"","content":{"title":"\\ud800"}}',
        b'{"draft":"D","path":"../x","text":"","content":{}}',
        b'{"draft":"D","path":"rules/.toml","text":"","content":{}}',
        b'{"draft":"D","path":"rules/x.csv","text":"a,b\\n1"}',
        b'{"draft":"D","path":"P","text":"","row":"' + b"x" * 100_000 + b'"}',
    ],
)
def test_a_body_of_any_kind_is_answered(anne: FlaskClient, draft: str, body: bytes) -> None:
    name = draft.rpartition("/")[2].encode()
    sent_body = body.replace(b'"D"', b'"' + name + b'"').replace(b'"P"', f'"{PATH}"'.encode())
    code, answer = answered(anne, draft, sent_body)
    assert code in (200, 404, 422), answer
