"""The rule editor in a real browser: written, checked, saved, and nothing lost."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.editor_window import Opened

TITLE = "Examine toys with small parts for children under three when the risk is high"


# The rule


def test_the_form_shows_what_the_text_says_and_says_it_in_words(opened: Opened) -> None:
    with opened() as at:
        expect(at.page.get_by_label("Title")).to_have_value(TITLE)
        expect(at.page.locator(".beside")).to_contain_text(
            "the intended age is less than 36 months"
        )
        expect(at.page.locator(".verdicts .holds")).to_have_count(10)
        expect(at.page.locator(".preview")).to_contain_text("Present an accredited test report")


def test_opening_a_rule_changes_nothing(opened: Opened) -> None:
    with opened() as at:
        expect(at.page.locator(".verdicts .holds")).to_have_count(10)
        at.page.wait_for_timeout(1500)
        assert at.desk.revision == 7


def test_a_change_in_the_form_keeps_every_other_byte_of_the_text(opened: Opened) -> None:
    with opened() as at:
        before = at.desk.text
        at.page.get_by_label("What the trader can do").fill("Present a test report.")
        at.settled()
        expect(at.page.locator(".preview")).to_contain_text("Present a test report.")
        former = "Present an accredited test report for this model."
        assert at.desk.text == before.replace(former, "Present a test report.")
        assert at.desk.revision == 8


def test_a_change_in_the_text_reaches_the_form(opened: Opened) -> None:
    with opened() as at:
        at.page.get_by_role("tab", name="TOML").click()
        text = (
            at.page.get_by_label("TOML").get_by_role("textbox").or_(at.page.locator(".cm-content"))
        )
        text.first.click()
        at.page.keyboard.press("Control+Home")
        at.page.keyboard.press("End")
        at.page.keyboard.press("ArrowLeft")
        at.page.keyboard.type(" indeed")
        at.settled()
        at.page.get_by_role("tab", name="Form").click()
        expect(at.page.get_by_label("Title")).to_have_value(f"{TITLE} indeed")
        assert "# TBT 2.3: dropped" in at.desk.text


def test_a_text_that_is_no_toml_is_marked_and_the_form_waits(opened: Opened) -> None:
    with opened() as at:
        at.page.get_by_role("tab", name="TOML").click()
        at.page.locator(".cm-content").click()
        at.page.keyboard.press("Control+Home")
        at.page.keyboard.type("= = ")
        expect(at.page.locator(".cm-lint-marker-error")).to_be_visible()
        at.page.get_by_role("tab", name="Form").click()
        expect(at.page.get_by_role("alert")).to_contain_text("cannot be read")
        expect(at.page.get_by_label("Title")).to_be_disabled()
        at.page.get_by_role("button", name="Undo").click()
        expect(at.page.get_by_label("Title")).to_be_enabled()


def test_a_condition_is_written_by_choosing(opened: Opened) -> None:
    with opened() as at:
        at.page.locator("#part-when").get_by_role("button", name="Add a condition").click()
        test = at.page.get_by_role("group", name="Condition 6")
        test.get_by_label("Fact").fill("net mass")
        test.locator("[role=option]").filter(has_text="goods.netMassKg").first.click()
        test.get_by_label("Comparison").select_option(label="more than")
        test.get_by_label("Value").fill("12,5")
        test.get_by_label("Criterion of selectivity").select_option("nature")
        at.settled()
        assert (
            'fact = "goods.netMassKg", over = 12.5, basis = "small-parts", criterion = "nature"'
            in at.desk.text
        )
        expect(at.page.locator(".sentence")).to_contain_text("more than 12.5")


def test_conditions_are_grouped_and_groups_dissolved(opened: Opened) -> None:
    with opened() as at:
        first = at.page.get_by_role("group", name="Condition 1", exact=True).first
        first.get_by_role("button", name="Put into a group").click()
        at.settled()
        assert "any = [" in at.desk.text.split("[unless]")[0]
        at.page.get_by_role("button", name="Dissolve the group").click()
        expect(at.page.locator("#part-when .group")).to_have_count(1)


def test_a_fault_leads_to_its_field(opened: Opened) -> None:
    with opened() as at:
        rate = at.page.get_by_label("Share (1 is all)", exact=True)
        rate.fill("many")
        fault = at.page.locator(".beside .diagnostics button").first
        expect(fault).to_contain_text("expected a number")
        at.page.get_by_label("Title").focus()
        fault.click()
        expect(rate).to_be_focused()
        expect(rate).to_have_attribute("aria-invalid", "true")


def test_undo_and_redo_go_over_form_and_text_alike(opened: Opened) -> None:
    with opened() as at:
        before = at.desk.text
        at.page.get_by_label("What the trader can do").fill("One.")
        at.settled()
        at.page.get_by_label("Because").fill("Two.")
        at.settled()
        after = at.desk.text
        at.page.keyboard.press("Control+z")
        at.page.keyboard.press("Control+z")
        expect(at.page.get_by_label("Because")).not_to_have_value("Two.")
        at.saves(before)
        at.page.keyboard.press("Control+y")
        at.page.keyboard.press("Control+y")
        at.saves(after)


def test_an_example_is_written_by_choosing_facts_and_a_verdict(opened: Opened) -> None:
    with opened() as at:
        at.page.get_by_role("button", name="Add an example").click()
        example = at.page.locator("details.entry").last
        example.locator("summary").click()
        example.get_by_label("Name").fill("too old")
        example.get_by_role("button", name="Add the facts that the rule reads").click()
        example.get_by_label("intended age").fill("60")
        example.get_by_label("Expected verdict").select_option("applies")
        expect(at.page.locator(".verdicts .fails")).to_contain_text("too old")
        example.get_by_label("Expected verdict").select_option("does not apply")
        expect(at.page.locator(".verdicts .holds")).to_have_count(11)


def test_another_consequence_takes_its_own_fields(opened: Opened) -> None:
    with opened() as at:
        at.page.get_by_label("Consequence").select_option("likelihood")
        at.page.get_by_label("Phase").select_option("assess")
        hazard = at.page.locator("#part-then").get_by_label("Hazard")
        hazard.fill("chok")
        at.page.locator("[role=option]").filter(has_text="hazard:Choking").click()
        at.page.get_by_label("Band").fill("high")
        at.page.locator("[role=option]").filter(has_text="likelihood:High").click()
        at.page.get_by_label("Evidence").fill("Inspections of 2025.")
        at.settled()
        assert 'likelihood = { hazard = "hazard:Choking", band = "likelihood:High"' in at.desk.text
        assert "control      =" not in at.desk.text


def test_codes_are_found_by_browsing(opened: Opened) -> None:
    with opened() as at:
        at.page.get_by_role("button", name="Browse the Harmonized System").click()
        dialog = at.page.get_by_role("dialog")
        dialog.get_by_role("button", name="Open 95", exact=True).click()
        assert at.barriers() == []
        dialog.get_by_role("button", name="Take 9505", exact=True).click()
        at.settled()
        assert re.search(r'within = \["9503", "9505"\]', at.desk.text)


def test_a_basis_is_renamed_with_all_that_cites_it(opened: Opened) -> None:
    with opened() as at:
        name = at.page.get_by_label("Short name")
        name.fill("parts")
        at.page.get_by_label("Title").focus()
        at.settled()
        assert "small-parts" not in at.desk.text.replace("small-parts.toml", "")
        expect(at.page.get_by_text("Nothing to mend.")).to_be_visible()


# Nothing is lost


def test_without_a_connection_work_is_kept_and_saved_later(opened: Opened) -> None:
    with opened() as at:
        at.page.get_by_label("Because").fill("Kept.")
        at.settled()
        at.desk.down = True
        text = at.desk.text.replace("Kept.", "Kept through the storm.")
        at.page.get_by_label("Because").fill("Kept through the storm.")
        expect(at.page.get_by_text("kept on this machine").first).to_be_visible()
        at.page.reload()
        expect(at.page.get_by_label("Because")).to_have_value("Kept through the storm.")
        at.desk.down = False
        at.page.get_by_label("Because").press("End")
        at.saves(text)


def test_who_leaves_before_it_is_saved_is_asked(opened: Opened) -> None:
    with opened() as at:
        at.page.get_by_label("Because").fill("On the way.")
        asked: list[str] = []
        at.page.on("dialog", lambda one: (asked.append(one.type), one.accept()))
        at.page.reload()
        assert asked == ["beforeunload"]


@pytest.mark.parametrize("mine", [True, False])
def test_a_conflict_shows_both_and_lets_one_choose(opened: Opened, mine: bool) -> None:
    with opened() as at:
        theirs = at.desk.text.replace("Present an accredited", "Show an accredited")
        at.desk.save_by_another(theirs)
        at.page.get_by_label("Because").fill("Mine.")
        conflict = at.page.get_by_role("alertdialog")
        expect(conflict).to_contain_text("Ana Souza saved this file before you")
        expect(conflict.locator("mark")).to_have_count(4)
        assert at.barriers() == []
        choice = "Go on with mine" if mine else "Go on with theirs"
        conflict.get_by_role("button", name=choice).click()
        at.settled()
        expect(conflict).to_have_count(0)
        assert ("Mine." in at.desk.text) is mine
        assert ("Show an accredited" in at.desk.text) is not mine
