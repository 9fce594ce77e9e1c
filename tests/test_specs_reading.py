"""Features are read strictly: what an obligation must say it says, at its line."""

from __future__ import annotations

from datetime import date

import pytest

from engine.language.diagnostics import Diagnostic, RefusedError
from engine.specs.feature import Obligation, Scenario
from engine.specs.reading import MAX_SCENARIOS, read_feature, read_features
from tests.conftest import ROOT
from tests.specs_text import HEAD, RECORD, SHIRTS, feature_of, text_of

ONE = f"One\n{SHIRTS}"


def refused(text: str) -> tuple[Diagnostic, ...]:
    with pytest.raises(RefusedError) as caught:
        read_feature(text, "features/made.feature")
    return caught.value.diagnostics


def obligation() -> Obligation:
    return feature_of(ONE).obligations[0]


def scenario(*texts: str) -> Scenario:
    return feature_of(*texts).scenarios[0]


def test_a_feature_says_in_a_gist_what_it_is_about() -> None:
    assert feature_of(ONE).gist == "What it is about."


def test_an_obligation_has_its_force_and_its_proviso() -> None:
    assert (obligation().modal, obligation().proviso) == ("shall", "whenever possible")


def test_an_obligation_has_its_regimes() -> None:
    assert obligation().regimes == ("customs", "SPS")


def test_an_obligation_says_how_sure_the_reading_is_and_of_which_day() -> None:
    assert (obligation().status, obligation().checked) == ("to-confirm", date(2026, 11, 26))


def test_a_line_that_is_indented_further_goes_on() -> None:
    assert obligation().untested == "much of it, as this line goes on to say"


def test_tags_of_the_article_are_tags_of_its_scenarios() -> None:
    assert scenario(ONE).tags == ("TST-1",)


def test_and_takes_the_kind_of_the_step_before_it() -> None:
    steps = scenario(f"One\n{SHIRTS}Then it may proceed\nAnd nothing is held\n").steps
    assert [step.kind for step in steps] == ["given", "when", "then", "then"]


def test_a_step_knows_its_line() -> None:
    step = scenario(ONE).steps[0]
    assert text_of(ONE).splitlines()[step.line - 1].strip().endswith(step.text)


def test_each_row_of_an_outline_is_a_scenario_at_its_line() -> None:
    outline = (
        text_of(ONE)
        .replace("Scenario: One", "Scenario Outline: Goods <goods>")
        .replace("cotton T-shirts", "<goods>")
    )
    outline += "\n      Examples:\n        | goods |\n        | hair dye |\n        | sesame |\n"
    found = read_feature(outline, "made.feature").scenarios
    assert [one.name for one in found] == ["Goods hair dye", "Goods sesame"]
    assert found[1].line == found[0].line + 1
    assert found[1].steps[0].text == "a consignment of sesame"


def test_a_background_comes_first_in_every_scenario() -> None:
    text = text_of(ONE).replace(
        "  Rule:", "  Background:\n    Given its origin is Peru\n\n  Rule:", 1
    )
    assert read_feature(text, "made.feature").scenarios[0].steps[0].text == "its origin is Peru"


@pytest.mark.parametrize(
    "label", [line.partition(":")[0].strip() for line in RECORD.splitlines()][:6]
)
def test_a_line_that_is_missing_is_refused_at_the_obligation(label: str) -> None:
    lines = [line for line in RECORD.splitlines() if not line.strip().startswith(f"{label}:")]
    kept = "\n".join(line for line in lines if label != "Not tested" or "goes on" not in line)
    (found,) = refused(text_of(ONE, record=kept))
    assert (found.code, found.line) == ("missing-line", HEAD.count("\n"))
    assert found.help is not None
    assert f"`{label}: …`" in found.help


@pytest.mark.parametrize(
    ("old", "new", "help_"),
    [
        ("Modal: shall", "Modal: shal", "did you mean `shall`?"),
        ("Regime: customs", "Regime: custom", "did you mean `customs`?"),
        ("to-confirm, checked", "confirmed, checked", "2026-11-23"),
        ("2026-11-26", "2026-11-31", "2026-11-23"),
        ("Addressee:", "Adressee:", "did you mean `Addressee`?"),
    ],
)
def test_a_word_that_nobody_knows_is_refused_at_its_line(old: str, new: str, help_: str) -> None:
    text = text_of(ONE, record=RECORD.replace(old, new))
    found = refused(text)[-1]
    assert new in text.splitlines()[found.line - 1]
    assert help_ in str(found.help)


def test_a_line_that_is_said_twice_is_refused() -> None:
    found = refused(text_of(ONE, record=RECORD + "    Modal: may\n"))
    assert [one.code for one in found] == ["twice"]


def test_a_line_that_says_nothing_is_refused() -> None:
    found = refused(text_of(ONE, record=RECORD.replace("the Member", "")))
    assert [one.code for one in found] == ["empty-line"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "no-feature"),
        ("Rubbish", "no-gherkin"),
        (text_of(ONE).removeprefix("@TST-1\n"), "no-clause"),
        ("@TST-1\nFeature: Nothing\n", "no-obligation"),
        ("@TST-1\nFeature: F\n  Scenario: S\n    Given x\n", "no-obligation"),
        (HEAD + RECORD, "no-scenario"),
        (text_of("Empty\n"), "no-steps"),
        (text_of("One\n* a consignment of hair dye\n"), "no-kind"),
        (text_of("One\nGiven a table\n  | a |\n"), "no-sentence"),
        (text_of(ONE, ONE), "twice"),
        (text_of(f"{'long ' * 100}\n{SHIRTS}"), "too-long"),
        (text_of(*(f"S{number}\n{SHIRTS}" for number in range(MAX_SCENARIOS + 1))), "too-long"),
        (text_of("One\n" + "Given its origin is Peru\n" * 41), "too-long"),
        ("# " + "x" * 100_000, "too-long"),
    ],
)
def test_what_is_no_feature_is_refused(text: str, code: str) -> None:
    assert code in [one.code for one in refused(text)]


def test_every_fault_of_a_folder_is_told_at_once(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("features")
    (folder / "one.feature").write_text("Rubbish")
    (folder / "two.feature").write_bytes(b"\xff")
    with pytest.raises(RefusedError) as caught:
        read_features(folder)
    assert [one.code for one in caught.value.diagnostics] == ["no-gherkin", "not-utf-8"]


def test_the_shipped_features_are_read() -> None:
    assert len(read_features(ROOT / "features")) > 30


def test_lines_may_end_as_browsers_send_them() -> None:
    sent = text_of(ONE).replace("\n", "\r\n")
    assert read_feature(sent, "features/made.feature") == feature_of(ONE)
