"""One rule from its file: its keys, its consequence, what it has to show for itself."""

# ruff: noqa: E501 (rules are quoted as their files write them, a test on one line)

from __future__ import annotations

from decimal import Decimal

import pytest

from engine.language.rule import Concludes, Control, Danger, GoodsStatus, Likelihood, Task
from engine.language.vocabulary import Vocabulary
from tests.language_sample import CONTROL, DANGER, FILE, changed, only, place, read, refused

THEN = (
    'danger = { hazard = "hazard:Choking", level = "level:High", '
    'population = "population:ChildrenUnder3", interest = "interest:Safety" }'
)
EXPOSED = 'population = "population:ChildrenUnder3", interest = "interest:Safety"'


def consequence(phase: str, then: str) -> str:
    return changed(DANGER, ('"assess"', f'"{phase}"'), (THEN, then))


@pytest.mark.parametrize(
    ("phase", "then", "expected"),
    [
        (
            "record",
            'concludes = { "importer.record" = "record:Poor" }',
            Concludes("importer.record", "record:Poor"),
        ),
        (
            "classify",
            'concludes = { "goods.type" = "product:Toy" }',
            Concludes("goods.type", "product:Toy"),
        ),
        (
            "assess",
            f'danger = {{ hazard = "hazard:Choking", severity = 4, harm = 0.001, {EXPOSED} }}',
            Danger(
                hazard="hazard:Choking",
                severity=4,
                harm=Decimal("0.001"),
                population="population:ChildrenUnder3",
                interest="interest:Safety",
            ),
        ),
        (
            "assess",
            'likelihood = { hazard = "hazard:Choking", band = "likelihood:High", evidence = "x" }',
            Likelihood(hazard="hazard:Choking", band="likelihood:High", evidence="x"),
        ),
        (
            "control",
            'control = [ { task = "control:Physical", rate = 0.2, unit = "lot", kind = "minimum", generator = "external" } ]',
            Control(
                (
                    Task(
                        task="control:Physical",
                        rate=Decimal("0.2"),
                        unit="lot",
                        kind="minimum",
                        generator="external",
                    ),
                )
            ),
        ),
        ("control", 'status = "status:Hold"', GoodsStatus("status:Hold")),
    ],
)
def test_consequence_is_read(
    phase: str, then: str, expected: object, vocabulary: Vocabulary
) -> None:
    assert read(consequence(phase, then), vocabulary).then == expected


THEN_LINE = 18


@pytest.mark.parametrize(
    ("phase", "then", "code", "mend"),
    [
        ("assess", "", "one-consequence", "one of"),
        ("assess", f'{THEN}\nstatus = "status:Hold"', "one-consequence", "one of"),
        ("control", THEN, "wrong-phase", 'phase = "assess"'),
        ("record", 'concludes = { "goods.origin" = "NG" }', "not-concluded", "declare it"),
        (
            "record",
            'concludes = { "importer.records" = "record:Poor" }',
            "not-concluded",
            "`importer.record`",
        ),
        (
            "record",
            'concludes = { "item.riskLevel" = "level:High" }',
            "not-concluded",
            "declare it",
        ),
        (
            "record",
            'concludes = { "importer.record" = "record:Pore" }',
            "unknown-term",
            "`record:Poor`",
        ),
        (
            "record",
            'concludes = { "importer.record" = "record:Poor", "goods.type" = "product:Toy" }',
            "one-conclusion",
            None,
        ),
        (
            "assess",
            f'danger = {{ hazard = "hazard:Choking", {EXPOSED} }}',
            "danger-scale",
            "either",
        ),
        (
            "assess",
            f'danger = {{ hazard = "hazard:Choking", severity = 4, harm = 0.1, level = "level:High", {EXPOSED} }}',
            "danger-scale",
            None,
        ),
        (
            "assess",
            f'danger = {{ hazard = "hazard:Choking", severity = 5, harm = 0.1, {EXPOSED} }}',
            "wrong-severity",
            None,
        ),
        (
            "assess",
            f'danger = {{ hazard = "hazard:Choking", severity = 4, harm = 0, {EXPOSED} }}',
            "wrong-probability",
            None,
        ),
        (
            "assess",
            f'danger = {{ hazard = "hazard:Choking", severity = 4, {EXPOSED} }}',
            "wrong-probability",
            None,
        ),
        (
            "assess",
            f'danger = {{ hazard = "hazard:Choking", level = "level:Hi", {EXPOSED} }}',
            "unknown-term",
            "`level:High`",
        ),
        (
            "control",
            'control = [ { task = "control:Physical", rate = 1.2 } ]',
            "wrong-rate",
            "0.20",
        ),
        ("control", 'control = [ { task = "control:Physical", rate = 0 } ]', "wrong-rate", "0.20"),
        (
            "control",
            'control = [ { task = "control:Physical", rate = 1, unit = "box" } ]',
            "unknown-word",
            "consignment",
        ),
        ("control", "control = []", "empty", None),
        (
            "control",
            'control = [ { task = "control:Physical", rate = 1 }, { task = "control:Physical", rate = 0.5 } ]',
            "twice",
            "higher rate",
        ),
        ("control", 'status = "status:Hol"', "unknown-term", "`status:Hold`"),
        ("control", 'status = "status:Hold"\non_unknown = "ask"', "unknown-word", "request"),
    ],
)
def test_consequence_that_does_not_fit_is_refused(
    phase: str, then: str, code: str, mend: str | None, vocabulary: Vocabulary
) -> None:
    found = only(refused(consequence(phase, then), vocabulary))
    expected = 17 if code == "one-consequence" else THEN_LINE + then.count("\n")
    assert place(found) == (code, FILE, expected)
    assert code == "danger-scale" or mend is None or mend in str(found.help)


TITLE = 'title = "Rattles can choke"'


@pytest.mark.parametrize(
    ("former", "new", "code", "line", "mend"),
    [
        (TITLE, "title = 3", "wrong-type", 1, None),
        (TITLE, 'title = " "', "empty", 1, None),
        (TITLE, 'title = "a\\u0000"', "nul-byte", 1, None),
        (TITLE, f'{TITLE}\ntitel = "x"', "unknown-key", 2, "`title`"),
        (
            "agency:MarketSurveillance",
            "agency:MarketSurveilance",
            "unknown-term",
            2,
            "`agency:MarketSurveillance`",
        ),
        ('phase = "assess"', 'phase = "asess"', "unknown-word", 3, "`assess`"),
        ('phase = "assess"', "", "missing-key", 1, None),
        ('"TBT-conformity"', '"TBT-conformance"', "unknown-word", 4, "`TBT-conformity`"),
        (TITLE, f'{TITLE}\ndisclosure = "secret"', "unknown-word", 2, "one of"),
        (TITLE, f'{TITLE}\nmandate = "yes"', "wrong-type", 2, None),
        (
            TITLE,
            f"{TITLE}\neffective = {{ from = 2026-01-01, until = 2026-01-01 }}",
            "empty-period",
            2,
            None,
        ),
        (TITLE, f"{TITLE}\neffective = {{ since = 2026-01-01 }}", "unknown-key", 2, "known here"),
        (TITLE, f"{TITLE}\nreview_by = 2026-01-01T00:00:00Z", "wrong-type", 2, None),
        (TITLE, f'{TITLE}\nselection = "randon"', "unknown-word", 2, "`random`"),
        (
            TITLE,
            f"{TITLE}\nprovisional = {{ insufficient = 'a', relies_on = 'b', sought = 'c', review = 2026-01-01 }}",
            "missing-key",
            2,
            None,
        ),
        (
            TITLE,
            f'{TITLE}\nproportionality = {{ objective = "objective:X" }}',
            "unknown-term",
            2,
            None,
        ),
        ('cite = "A law, Article 1"', "", "missing-key", 6, None),
        ('cite = "A law, Article 1"', 'cite = "x"\nhref = "ftp://x"', "wrong-link", 8, "https"),
        ('"illustrative"', '"ilustrative"', "unknown-word", 9, "`illustrative`"),
        ("checked = 2026-11-23", 'checked = "2026-11-23"', "wrong-type", 10, None),
        ('because = "It rattles."', "", "missing-key", 17, None),
        ('expect = "undetermined"', 'expect = "unknown"', "unknown-word", 30, "undetermined"),
        ("given = {}", "given = { x = nan }", "wrong-type", 29, None),
        ("given = {}", "given = { x = { amount = inf } }", "wrong-type", 29, None),
        ("given = {}", 'given = {}\nrow = "N1"', "misplaced-key", 30, None),
        ("given = {}", "givn = {}", "unknown-key", 29, "`given`"),
        (
            "given = {}",
            'given = {}\ngives = { "control:Fysical" = 1 }',
            "unknown-term",
            30,
            "`control:Physical`",
        ),
        ("given = {}", 'given = {}\ngives = { "control:Physical" = "1" }', "wrong-type", 30, None),
    ],
)
def test_key_that_does_not_fit_is_refused_at_its_line(
    former: str, new: str, code: str, line: int, mend: str | None, vocabulary: Vocabulary
) -> None:
    found = refused(changed(DANGER, (former, new)), vocabulary)
    assert place(found[0]) == (code, FILE, line)
    assert mend is None or mend in str(found[0].help)


def test_misspelled_phase_brings_no_complaint_about_the_consequence(
    vocabulary: Vocabulary,
) -> None:
    only(refused(changed(CONTROL, ('"control"', '"controll"')), vocabulary))


def test_table_is_no_single_rule(vocabulary: Vocabulary) -> None:
    found = only(refused(f'{DANGER}\n[table]\nrows = "x.csv"\n', vocabulary))
    assert place(found) == ("is-table", FILE, 32)


def test_numbers_given_in_examples_are_exact(vocabulary: Vocabulary) -> None:
    text = changed(DANGER, ("given = {}", "given = { x = 0.10, y = { amount = 3 }, z = true }"))
    found = read(text, vocabulary).examples[1].given
    assert found == {"x": Decimal("0.10"), "y": {"amount": Decimal(3)}, "z": True}
    assert str(found["x"]) == "0.10"


def test_an_example_may_say_what_the_rule_gives(vocabulary: Vocabulary) -> None:
    text = changed(CONTROL, ("given = {}", 'given = {}\ngives = { "control:Physical" = 0.50 }'))
    first, second = read(text, vocabulary).examples[:2]
    assert (first.gives, second.gives) == (None, {"control:Physical": Decimal("0.5")})
