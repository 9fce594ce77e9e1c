"""Files as bytes: whatever stands in them, an author gets a diagnostic and never a stack trace."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.language.base import read_text
from engine.language.diagnostics import RefusedError
from engine.language.layout import lines_of
from engine.language.source import MAX_BYTES, Source, dotted, read_source
from engine.language.vocabulary import Vocabulary
from tests.full import often
from tests.language_sample import (
    DANGER,
    changed,
    only,
    place,
    refused,
    refused_base,
    write_base,
)

ROOT = Path(__file__).resolve().parent.parent
SHIPPED = [
    path.read_bytes()
    for path in sorted((ROOT / "rules").rglob("*.toml"))
    if b"[table]" not in path.read_bytes()
]


def fault(text: str | bytes) -> tuple[str, int]:
    raw = text.encode() if isinstance(text, str) else text
    with pytest.raises(RefusedError) as caught:
        Source("x.toml", raw)
    found = only(caught.value.diagnostics)
    return found.code, found.line


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ('a = 1\nb = "open\nc = 3\n', "no-toml", 2),
        ("a = 1\na = 2\n", "no-toml", 2),
        ("a = [1,\n", "no-toml", 1),
        ("a = 2026-02-30\n", "no-toml", 1),
        ("a = " + "1" * 5000, "no-toml", 1),
        ("a = 1e99999999999999999999", "no-toml", 1),
        ("a = 1\nb = " + "[" * 100_000, "too-deep", 2),
        ("a = " + "{a=" * 100_000, "too-deep", 1),
        ("a = 1\n" + "a." * 100_000 + "b = 1", "too-deep", 2),
        ("[a" + ".a" * 100_000 + "]", "too-deep", 1),
        ("[a" + ".a" * 20 + "]\n" + "b." * 20 + "b = 1", "too-deep", 1),
        ("a = 1\nb = 'x\0'\n", "nul-byte", 2),
        (b"a = 1\n\nb = '\xff'\n", "no-utf8", 3),
    ],
)
def test_text_that_is_no_toml_is_refused_at_its_line(
    text: str | bytes, code: str, line: int
) -> None:
    assert fault(text) == (code, line)


def test_unclosed_quotes_by_the_hundred_thousand_are_scanned_once() -> None:
    assert fault('a = "' + '\\"' * 900_000)[0] == "no-toml"


def test_bracket_inside_a_text_or_comment_is_no_nesting() -> None:
    brackets = "[{" * 50
    assert Source("x.toml", f"a = '{brackets}' # {brackets}\n".encode()).content == {"a": brackets}


def test_empty_file_lacks_its_keys(vocabulary: Vocabulary) -> None:
    found = refused("", vocabulary)
    assert {diagnostic.code for diagnostic in found} == {"missing-key"}
    assert {diagnostic.line for diagnostic in found} == {1}


def test_missing_consequence_is_said_once(vocabulary: Vocabulary) -> None:
    head = DANGER.partition("[then]")[0]
    assert only(refused(head, vocabulary)).message == "`then` is missing"


def test_file_of_five_megabytes_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_bytes(b"#" * 5 * 2**20)
    with pytest.raises(RefusedError) as caught:
        read_source(path, "x.toml")
    assert only(caught.value.diagnostics).code == "too-large"
    assert MAX_BYTES < 5 * 2**20


def test_folder_named_like_a_rule_is_refused(
    knowledge_base: Path, tmp_path: Path, vocabulary: Vocabulary
) -> None:
    rules = write_base(knowledge_base, tmp_path, ok=DANGER)
    (rules / "x.toml").mkdir()
    assert place(only(refused_base(rules, vocabulary))) == ("no-file", "rules/x.toml", 1)


def test_name_that_is_no_id_is_refused(
    knowledge_base: Path, tmp_path: Path, vocabulary: Vocabulary
) -> None:
    rules = write_base(knowledge_base, tmp_path)
    (rules / "a#b.toml").write_text(DANGER, "utf-8")
    assert place(only(refused_base(rules, vocabulary))) == ("wrong-name", "rules/a#b.toml", 1)


def test_byte_order_mark_is_no_part_of_the_text() -> None:
    assert Source("x.toml", b"\xef\xbb\xbfa = 1\n").content == {"a": 1}


# Lines


LAID_OUT = """title = "x"
[[value]]
is = 1
[value.basis]
cite = "x"

[[value]]
basis.gist = [
  # a comment
  1, { a.b = 2 },

  3 ]
["quoted \\u0041".bare]
x = 1
[[a.b]]
[[a.b.c]]
x = 1
[[a.b.c]]
x = 2
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("title",), 1),
        (("value", 0), 2),
        (("value", 0, "basis", "cite"), 5),
        (("value", 1), 7),
        (("value", 1, "basis", "gist"), 8),
        (("value", 1, "basis", "gist", 0), 10),
        (("value", 1, "basis", "gist", 1, "a", "b"), 10),
        (("value", 1, "basis", "gist", 2), 12),
        (("quoted A", "bare", "x"), 14),
        (("a", "b", 0, "c", 1, "x"), 19),
    ],
)
def test_each_path_has_the_line_on_which_its_value_starts(
    path: tuple[str | int, ...], line: int
) -> None:
    assert lines_of(LAID_OUT)[path] == line


def test_place_of_what_is_absent_is_the_part_above_it() -> None:
    assert Source("x.toml", LAID_OUT.encode()).line(("value", 0, "basis", "href")) == 4


def test_path_is_written_as_people_do() -> None:
    assert dotted(("when", "all", 2, "fact")) == "when.all[2].fact"


# Fuzz


@settings(max_examples=often(300, 100), deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_mutated_bytes_of_a_rule_are_read_or_refused(
    data: st.DataObject, vocabulary: Vocabulary
) -> None:
    raw = bytearray(data.draw(st.sampled_from(SHIPPED)))
    pieces = [b"", b'"', b"'", b"[", b"}", b"=", b".", b"\n", b"\0", b"\xff", b"nan", b"-inf"]
    pieces += [
        b"0",
        b"{",
        b",",
        b"#",
        b"\\",
        b"true",
        b"[]",
        b"{}",
        b'""',
        b"2026-01-01",
        b"9" * 40,
    ]
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(raw)))
        piece = data.draw(st.sampled_from(pieces) | st.binary(max_size=3))
        raw[at : at + data.draw(st.integers(0, 12))] = piece
    try:
        read_text(bytes(raw), "x", vocabulary, {})
    except RefusedError as error:
        said = error.diagnostics
    else:
        return
    assert said


VALUES = st.recursive(
    st.sampled_from(
        ['"x"', '""', "0", "-1", "1.5", "nan", "inf", "true", "2026-01-01", "07:30:00", "[]", "{}"]
    )
    | st.sampled_from(["2026-01-01T00:00:00Z", '"9503"', '"level:High"', '"a\\u0000b"']),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda parts: f"[{', '.join(parts)}]")
        | st.dictionaries(
            st.sampled_from(["fact", "all", "column", "amount", "from", "basis"]), inner, max_size=3
        ).map(lambda table: "{" + ", ".join(f"{key} = {table[key]}" for key in table) + "}")
    ),
    max_leaves=5,
)


@settings(max_examples=often(300, 100), deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_value_in_any_place_of_a_rule_is_read_or_refused(
    data: st.DataObject, vocabulary: Vocabulary
) -> None:
    lines = data.draw(st.sampled_from(SHIPPED)).decode().splitlines()
    single = [
        index
        for index, line in enumerate(lines)
        if " = " in line and not line.startswith((" ", "#")) and not line.endswith(("[", "{"))
    ]
    index = data.draw(st.sampled_from(single))
    lines[index] = f"{lines[index].partition('=')[0]}= {data.draw(VALUES)}"
    try:
        read_text("\n".join(lines).encode(), "x", vocabulary, {})
    except RefusedError as error:
        said = error.diagnostics
    else:
        return
    assert said


def test_diagnostic_names_file_line_code_and_mend(vocabulary: Vocabulary) -> None:
    head, _, rest = DANGER.partition("\n[basis.law]")
    before, _, examples = rest.partition("[then]\n")
    then, _, examples = examples.partition("\n[[example]]")
    text = f"{head}\n[then]\n# a toy\n{then}\n[basis.law]{before}\n[[example]]{examples}"
    wrong = changed(text, ("hazard:Choking", "hazard:Chocking"), ("\n# a toy", "\n\n# a toy"))
    assert str(only(refused(wrong, vocabulary))) == (
        "rules/products/toys/rattles.toml:9: error[unknown-term]: "
        "unknown hazard `hazard:Chocking`\n"
        "  help: did you mean `hazard:Choking`?"
    )
