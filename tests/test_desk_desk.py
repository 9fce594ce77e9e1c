"""The desk says of one file what a check of the whole says, and what is wrong elsewhere."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.decide.examples import compiled, row_examples, run_examples
from engine.desk.desk import Desk, Line, is_rule
from engine.language.base import read_base
from engine.language.checks import check
from engine.language.diagnostics import Diagnostic, RefusedError, Severity
from engine.language.vocabulary import Vocabulary
from tests.full import often
from tests.language_sample import CONTROL, DANGER, ROWS, TABLE, changed

ROOT = Path(__file__).resolve().parent.parent
DAY = date(2026, 11, 23)
FILES = sorted(
    name
    for path in (ROOT / "rules").rglob("*.toml")
    if is_rule(name := path.relative_to(ROOT).as_posix())
)
TOYS = "rules/products/toys/small-parts.toml"
NEW = "rules/products/toys/rattles.toml"


@pytest.fixture(scope="session")
def desk(vocabulary: Vocabulary) -> Desk:
    return Desk.of(ROOT, vocabulary)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the rules, in which one file at a time is changed."""
    folder = tmp_path_factory.mktemp("whole")
    shutil.copytree(ROOT / "rules", folder / "rules")
    return folder


def whole(folder: Path, path: str, raw: bytes | None, vocabulary: Vocabulary) -> list[Diagnostic]:
    """What a check of the whole finds where the file at *path* is another, without its rows."""
    place = folder / path
    former = place.read_bytes() if place.exists() else None
    try:
        place.unlink(missing_ok=True)
        if raw is not None:
            place.write_bytes(raw)
        try:
            read = read_base(folder / "rules", vocabulary)
            found = check(read, vocabulary, DAY)
            if any(one.severity is Severity.ERROR for one in found):
                return found
            return [*found, *run_examples(read, compiled(read, vocabulary))]
        except RefusedError as error:
            return list(error.diagnostics)
    finally:
        place.unlink(missing_ok=True)
        if former is not None:
            place.write_bytes(former)


def told(found: list[Diagnostic] | tuple[Diagnostic, ...]) -> list[str]:
    return sorted(f"{one} at {one.path}" for one in found)


@pytest.fixture(scope="session")
def in_force(folder: Path, vocabulary: Vocabulary) -> list[Diagnostic]:
    """What is found in the rules as shipped."""
    return whole(folder, TOYS, (ROOT / TOYS).read_bytes(), vocabulary)


def agree(
    desk: Desk, folder: Path, path: str, raw: bytes, in_force: list[Diagnostic]
) -> tuple[Diagnostic, ...]:
    """Assert that the desk and the whole check say the same about *raw* at *path*."""
    expected = whole(folder, path, raw, desk.vocabulary)
    mine = [one for one in expected if one.file in (path, *_rows(desk, path))]
    others = [one for one in expected if one not in mine and one not in in_force]
    there = desk.changed({path: raw})
    found = there.check(path, DAY)
    assert told(found.diagnostics) == told(mine)
    if there.rules(path):  # the whole check ends where a file cannot be read
        assert told(found.elsewhere) == told(others)
    return found.diagnostics


def _rows(desk: Desk, path: str) -> list[str]:
    folder = path.rpartition("/")[0]
    return [name for name in desk.tree if name.startswith(folder) and name.endswith(".csv")]


# The same as a check of the whole


def test_every_shipped_rule_is_told_what_the_whole_check_tells(
    desk: Desk, in_force: list[Diagnostic]
) -> None:
    found = [one for path in FILES for one in desk.check(path, DAY).diagnostics]
    assert told(found) == told(in_force)


def test_rows_of_every_shipped_table_are_told_what_the_whole_check_tells(desk: Desk) -> None:
    read = read_base(ROOT / "rules", desk.vocabulary)
    expected = list(row_examples(read, compiled(read, desk.vocabulary)))
    found = [one for path in FILES for one in desk.check_rows(path)]
    assert told(found) == told(expected)


MUTATIONS = {
    "no TOML": lambda text: text.replace("]", "", 1),
    "unknown key": lambda text: f"colour = 3\n{text}",
    "another agency": lambda text: text.replace("agency:", "agency:X", 1),
    "another phase": lambda text: text.replace('"control"', '"record"', 1),
    "classify": lambda text: text.replace('"record"', '"classify"', 1),
    "overdue": lambda text: f"review_by = 2020-01-01\n{text}",
    "successor of nothing": lambda text: f'replaces = "products/toys/smal-parts"\n{text}',
    "successor": lambda text: f'replaces = "products/toys/small-parts"\n{text}',
    "other verdict": lambda text: text.replace('expect = "applies"', 'expect = "undetermined"'),
    "no example": lambda text: text.partition("[[example]]")[0],
    "unknown fact": lambda text: text.replace('fact = "goods.', 'fact = "gods.', 1),
    "unknown basis": lambda text: text.replace("basis = ", 'basis = "nowhere" #', 1),
    "number as text": lambda text: re.sub(r"(under|at_least|rate) = ([0-9.]+)", r'\1 = "\2"', text),
    "no mandate": lambda text: text.replace("mandate = true", "mandate = false"),
    "negated": lambda text: text.replace("all = [", "none = [", 1),
    "concludes another": lambda text: text.replace("concludes = { ", "concludes = { x", 1),
    "another hazard": lambda text: text.replace("hazard:Choking", "hazard:Salmonella"),
}


def files_of_every_kind() -> Iterator[str]:
    """A file a folder and kind of consequence, single and table."""
    seen = set()
    kinds = ("concludes", "danger =", "likelihood =", "control ")
    for path in FILES:
        text = (ROOT / path).read_text("utf-8")
        kind = next((word for word in kinds if word in text), "")
        key = (path.rpartition("/")[0], kind, "[table]" in text)
        if key not in seen:
            seen.add(key)
            yield path


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_mutated_rule_is_told_what_the_whole_check_tells(
    mutation: str, desk: Desk, folder: Path, in_force: list[Diagnostic]
) -> None:
    met = 0
    for path in files_of_every_kind():
        text = (ROOT / path).read_text("utf-8")
        other = MUTATIONS[mutation](text)
        if other != text and met < often(4, 2):
            agree(desk, folder, path, other.encode(), in_force)
            met += 1
    assert met


@settings(
    max_examples=often(25, 8),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_rule_with_a_line_changed_is_told_what_the_whole_check_tells(
    data: st.DataObject, desk: Desk, folder: Path, in_force: list[Diagnostic]
) -> None:
    path = data.draw(st.sampled_from(FILES))
    lines = (ROOT / path).read_text("utf-8").splitlines(keepends=True)
    at = data.draw(st.integers(0, len(lines) - 1))
    other = (ROOT / data.draw(st.sampled_from(FILES))).read_text("utf-8").splitlines(keepends=True)
    lines[at] = data.draw(st.sampled_from(["", *other]))
    agree(desk, folder, path, "".join(lines).encode(), in_force)


def test_table_is_read_anew_where_its_rows_change(desk: Desk) -> None:
    path, rows = "rules/food/nuts.toml", "rules/food/nuts.csv"
    there = desk.changed({path: TABLE.encode(), rows: ROWS.encode()})
    assert there.check(path, DAY).rows == ("N1", "N2")
    assert there.tables_of(rows) == (path,)
    fewer = ROWS.rpartition("N2")[0]
    assert there.changed({rows: fewer.encode()}).check(path, DAY).rows == ("N1",)


def test_table_waits_for_its_rows(desk: Desk) -> None:
    path, rows = "rules/food/nuts.toml", "rules/food/nuts.csv"
    alone = desk.changed({path: TABLE.encode()})
    assert [one.code for one in alone.check(path, DAY).diagnostics] == ["no-rows"]
    assert alone.changed({rows: ROWS.encode()}).check(path, DAY).rows == ("N1", "N2")


# What a change makes wrong elsewhere


def test_successor_overlaps_until_the_former_rule_ends_in_the_same_draft(desk: Desk) -> None:
    start = 'mandate = true\neffective = { from = 2027-01-01 }\nreplaces = "made/first"'
    first, second = "rules/made/first.toml", "rules/made/second.toml"
    successor = changed(CONTROL, ("mandate = true", start))
    draft = {first: CONTROL.encode(), second: successor.encode()}
    assert "overlap" in codes(desk.changed(draft).check(second, DAY).diagnostics)
    ended = "mandate = true\neffective = { until = 2027-01-01 }"
    draft[first] = changed(CONTROL, ("mandate = true", ended)).encode()
    assert "overlap" not in codes(desk.changed(draft).check(second, DAY).diagnostics)


def test_rule_that_goes_is_missed_by_the_one_that_reads_it(desk: Desk) -> None:
    danger = "rules/made/danger.toml"
    likely = changed(
        DANGER,
        ('danger = { hazard = "hazard:Choking", level = "level:High", ', "likelihood = { hazard"),
        (
            'population = "population:ChildrenUnder3", interest = "interest:Safety" }',
            ' = "hazard:Drowning", band = "likelihood:High", evidence = "seen" }',
        ),
    )
    hazard = next(
        term.id
        for term in desk.vocabulary.of_kind("hazard")
        if not desk.ties.holding("endangers", term.id)
    )
    likely = likely.replace("hazard:Drowning", hazard)
    made = DANGER.replace("hazard:Choking", hazard)
    draft = {danger: made.encode(), NEW: likely.encode()}
    with_both = desk.changed(draft)
    based = Desk(with_both.tree, with_both.read, desk.vocabulary)
    found = based.changed({danger: None}).check(danger, DAY)
    assert ("no-danger", NEW) in [(one.code, one.file) for one in found.elsewhere]


def codes(found: tuple[Diagnostic, ...]) -> list[str]:
    return [one.code for one in found]


# What it explains


def test_sentence_has_depth(desk: Desk) -> None:
    assert desk.changed({NEW: DANGER.encode()}).check(NEW, DAY).sentence[1:] == (
        Line(0, "when"),
        Line(1, "the commodity code falls under 9503."),
    )


def test_examples_are_run_though_something_else_is_wrong(desk: Desk) -> None:
    text = changed(DANGER, ('basis = "law" },', 'basis = "nowhere" },'))
    found = desk.changed({NEW: text.encode()}).check(NEW, DAY)
    assert "unknown-basis" in codes(found.diagnostics)
    assert [(one.verdict, one.holds) for one in found.examples] == [
        ("applies", True),
        ("undetermined", True),
    ]


def test_trader_reads_reason_remedy_law_and_appeal(desk: Desk) -> None:
    trader = desk.changed({NEW: CONTROL.encode()}).check(NEW, DAY).trader
    assert trader is not None
    agency = desk.vocabulary.agencies["agency:MarketSurveillance"]
    assert trader.remedy == "None is needed."
    assert trader.reason == desk.vocabulary.label("reason:ProductSafety")
    assert "A law, Article 1" in [basis.cite for basis in trader.basis]
    assert trader.appeal.body == agency.appeal_body


def test_trader_reads_nothing_of_a_danger(desk: Desk) -> None:
    assert desk.changed({NEW: DANGER.encode()}).check(NEW, DAY).trader is None


def test_desk_is_not_changed_by_a_desk_made_from_it(desk: Desk) -> None:
    before = desk.check(TOYS, DAY)
    desk.changed({TOYS: None}).check(TOYS, DAY)
    assert desk.check(TOYS, DAY) == before


@pytest.mark.parametrize(
    "path",
    ["rules/nothing.toml", "rules/parameters/request-days.toml", "ontology/core.ttl", "\ud800"],
)
def test_what_is_no_rule_is_said_to_be_none(path: str, desk: Desk) -> None:
    assert codes(desk.check(path, DAY).diagnostics) == ["no-rule"]


# Bad text


@settings(
    max_examples=often(150, 50),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_mutated_text_is_answered_and_never_raises(data: st.DataObject, desk: Desk) -> None:
    raw = bytearray((ROOT / data.draw(st.sampled_from(FILES))).read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(raw)))
        end = at + data.draw(st.integers(0, 12))
        fresh = data.draw(
            st.one_of(
                st.binary(max_size=4),
                st.sampled_from(
                    [b"[", b"{", b'"', b"=", b"nan", b"-inf", b"[]", b"{}", b"1979-05-27"]
                ),
            )
        )
        raw[at:end] = fresh
    path = data.draw(st.sampled_from([TOYS, NEW]))
    found = desk.changed({path: bytes(raw)}).check(path, DAY)
    assert found.diagnostics or desk.changed({path: bytes(raw)}).rules(path)
