"""Forms and text: nothing is lost either way, and what was not changed is the same to the byte."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.desk.form import content_of, decoded, encoded, steps_of, written
from engine.language.diagnostics import RefusedError
from engine.language.plain import same
from engine.language.source import Source, dotted
from tests.language_sample import DANGER

ROOT = Path(__file__).resolve().parent.parent
FILES = sorted((ROOT / "rules").rglob("*.toml"))
NAMES = [path.relative_to(ROOT).as_posix() for path in FILES]


def text_of(name: str) -> str:
    return (ROOT / name).read_bytes().decode()


@pytest.mark.parametrize("name", NAMES)
def test_every_shipped_file_through_json_is_byte_identical(name: str) -> None:
    text = text_of(name)
    assert written(name, decoded(encoded(content_of(name, text))), text) == text


@pytest.mark.parametrize("name", NAMES)
def test_every_shipped_file_through_a_browser_is_byte_identical(name: str) -> None:
    text = text_of(name)
    # A browser has binary numbers only, and spells them anew.
    sent = json.loads(encoded(content_of(name, text)))
    assert written(name, sent, text) == text


@pytest.mark.parametrize("name", NAMES)
def test_every_shipped_file_written_afresh_says_the_same(name: str) -> None:
    if "harmonised" in name or "calendars" in name or "parameters" in name:
        pytest.skip("rules only are written afresh")
    text = text_of(name)
    fresh = written(name, decoded(encoded(content_of(name, text))))
    assert same(Source(name, fresh.encode()).content, Source(name, text.encode()).content)


def test_days_are_texts_and_become_days_again() -> None:
    content = content_of("x", "review_by = 2028-01-01\n")
    assert content == {"review_by": "2028-01-01"}
    content["review_by"] = "2029-01-01"
    assert written("x", content, "review_by = 2028-01-01 # soon\n") == (
        "review_by = 2029-01-01 # soon\n"
    )


def test_number_keeps_its_digits() -> None:
    assert encoded(content_of("x", "rate = 0.10\n")) == b'{"rate":0.10}'
    assert decoded(b'{"rate":0.1000000000000000000001}') == {
        "rate": Decimal("0.1000000000000000000001")
    }


def test_comment_beside_another_field_survives() -> None:
    content = content_of("x", DANGER)
    content["title"] = "Rattles may choke"
    text = DANGER.replace("[when]", "# why\n[when]")
    assert written("x", content, text) == text.replace("can choke", "may choke")


def test_unknown_keys_are_kept() -> None:
    content = content_of("x", f'colour = "red"\n{DANGER}')
    content["title"] = "Another"
    assert content_of("x", written("x", content, DANGER))["colour"] == "red"


def test_text_that_looks_like_a_day_stays_a_text() -> None:
    text = 'checked = "2026-01-01"\ntitle = "a"\n'
    content = content_of("x", text)
    content["title"] = "b"
    assert written("x", content, text) == text.replace('"a"', '"b"')


@pytest.mark.parametrize(
    ("content", "place"),
    [
        ({"when": {"all": [{}, {"under": None}]}}, "when.all[1].under"),
        ({"title": "\ud800"}, "title"),
        ({"then": {"rate": float("nan")}}, "then.rate"),
        ([], ""),
    ],
)
def test_what_toml_cannot_say_is_refused_by_its_field(content: Any, place: str) -> None:
    with pytest.raises(RefusedError) as caught:
        written("x", content)
    (found,) = caught.value.diagnostics
    assert found.path == place


def test_content_too_deep_is_refused() -> None:
    content: Any = {}
    for _ in range(5000):
        content = {"all": [content]}
    with pytest.raises(RefusedError, match="nested"):
        written("x", content)


@pytest.mark.parametrize("raw", [b"{", b"\xff", b"[" * 100_000, b'{"a":' + b"9" * 5000 + b"}"])
def test_what_is_no_json_is_refused(raw: bytes) -> None:
    with pytest.raises(RefusedError):
        decoded(raw)


def test_former_text_that_is_no_toml_is_refused() -> None:
    with pytest.raises(RefusedError):
        written("x", {}, "a = [")


def places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    yield path
    if isinstance(value, dict | list):
        parts = value.items() if isinstance(value, dict) else enumerate(value)
        for key, part in parts:
            yield from places(part, (*path, key))


@pytest.mark.parametrize("name", NAMES)
def test_steps_lead_to_every_place(name: str) -> None:
    content = content_of(name, text_of(name))
    for path in places(content):
        assert tuple(steps_of(dotted(path), content)) == path


def test_steps_into_what_is_not_there_end_whole() -> None:
    assert steps_of("when.all[0].fact", {"when": {}}) == ["when", "all[0].fact"]


LEAVES = st.one_of(
    st.booleans(),
    st.integers(-(10**6), 10**6),
    st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-100, max_value=100),
    st.text(max_size=8),
    st.dates().map(date.isoformat),
)
KEYS = st.one_of(
    st.sampled_from(
        ["title", "basis", "when", "all", "then", "example", "checked", "from", "fact"]
    ),
    st.text(max_size=4),
)
CONTENT = st.dictionaries(
    KEYS,
    st.recursive(
        LEAVES,
        lambda inner: st.one_of(
            st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3)
        ),
        max_leaves=8,
    ),
    max_size=5,
)


@settings(max_examples=100, deadline=None)
@given(content=CONTENT)
def test_any_content_is_written_and_read_as_the_same(content: Any) -> None:
    text = written("x", content)
    assert same(content_of("x", text), decoded(encoded(content)))
    assert written("x", content, text) == text


@settings(max_examples=100, deadline=None)
@given(data=st.data(), fresh=CONTENT)
def test_any_change_of_a_shipped_rule_is_written(data: st.DataObject, fresh: Any) -> None:
    name = data.draw(st.sampled_from(NAMES))
    text = text_of(name)
    content = content_of(name, text)
    path = data.draw(st.sampled_from([path for path in places(content) if path]))
    node = content
    for step in path[:-1]:
        node = node[step]
    if data.draw(st.booleans()):
        node[path[-1]] = fresh or data.draw(LEAVES)
    else:
        del node[path[-1]]
    again = content_of(name, written(name, content, text))
    assert same(again, decoded(encoded(content)))


@pytest.mark.parametrize("number", ["1e999999999", "1e-999999999", "-2.5e101"])
def test_a_number_without_end_is_refused(number: str) -> None:
    content = decoded(f'{{"then": {{"rate": {number}}}}}'.encode())
    with pytest.raises(RefusedError, match=r"`then\.rate`: this number is too long"):
        written("rules/a.toml", content)
    with pytest.raises(RefusedError, match="a number in this file cannot be read"):
        content_of("rules/a.toml", f"rate = {number}")
