"""The islands in a real browser: a rule and a table written, checked, saved, and nothing lost."""

from __future__ import annotations

import re
import runpy
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright
from werkzeug.serving import make_server

from engine.release import Release
from tests.editor_stub import Desk, stub
from tests.test_browser_pages import CHROMIUM, FLAGS, Quiet

ROOT = Path(__file__).resolve().parent.parent
RULE = "rules/products/toys/small-parts.toml"
TABLE = "rules/food/increased-controls.csv"
TITLE = "Examine toys with small parts for children under three when the risk is high"
BREACHES = """window.breaches = [];
document.addEventListener('securitypolicyviolation',
  event => window.breaches.push(event.violatedDirective + ' ' + event.sample))"""
pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="no Chromium on the path: `apt-get install chromium`"
)


@pytest.fixture(scope="module", autouse=True)
def _built() -> None:
    build = runpy.run_path(str(ROOT / "api" / "web" / "build.py"))
    try:
        build["build"]()
    except build["NoNodeError"] as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield found
        found.close()


class Open:
    """One editor in one browser window, over a desk of its own."""

    def __init__(self, desk: Desk, page: Page) -> None:
        self.desk, self.page = desk, page

    def settled(self) -> None:
        """Everything typed is checked and saved."""
        expect(self.page.get_by_text("Saved", exact=True)).to_be_visible(timeout=10_000)

    def breaches(self) -> Any:
        return self.page.evaluate("window.breaches")


Opened = Callable[..., Any]


@pytest.fixture
def opened(browser: Browser, release: Release) -> Opened:
    """An editor on a shipped file, or on *text*."""

    @contextmanager
    def open_(
        path: str = RULE, text: str | None = None, lang: str = "en", **more: Any
    ) -> Iterator[Open]:
        desk = Desk(release, path, (ROOT / path).read_text("utf-8") if text is None else text)
        server = make_server("127.0.0.1", 0, stub(desk), threaded=True, request_handler=Quiet)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        view = {"width": 1280, "height": 900} | more.pop("view", {})
        context = browser.new_context(
            base_url=f"http://127.0.0.1:{server.server_port}", viewport=view, **more
        )
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        page = context.new_page()
        page.add_init_script(BREACHES)
        page.goto(f"/draft?lang={lang}")
        page.locator(".editor").wait_for()
        try:
            yield Open(desk, page)
        finally:
            context.close()
            server.shutdown()
            thread.join()
            server.server_close()

    return open_


def barriers(page: Page) -> list[str]:
    page.wait_for_timeout(300)
    found = Axe().run(page).response["violations"]
    return [
        f"{each['id']}: {node['html'][:160]} {node['failureSummary'][:300]}"
        for each in found
        for node in each["nodes"]
    ]


# The rule


def test_the_form_shows_what_the_text_says_and_says_it_in_words(opened: Opened) -> None:
    with opened() as at:
        expect(at.page.get_by_label("Title")).to_have_value(TITLE)
        expect(at.page.locator(".beside")).to_contain_text(
            "the intended age is less than 36 months"
        )
        expect(at.page.locator(".verdicts .holds")).to_have_count(5)
        expect(at.page.locator(".preview")).to_contain_text("Present an accredited test report")


def test_opening_a_rule_changes_nothing(opened: Opened) -> None:
    with opened() as at:
        expect(at.page.locator(".verdicts .holds")).to_have_count(5)
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
        test.locator("[role=option]").filter(
            has_text="goods.netMassKg"
        ).first.click()
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
        rate = at.page.get_by_label("Share (1 is all)")
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
        at.page.wait_for_timeout(1500)
        assert at.desk.text == before
        at.page.keyboard.press("Control+y")
        at.page.keyboard.press("Control+y")
        at.page.wait_for_timeout(1500)
        assert at.desk.text == after


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
        expect(at.page.locator(".verdicts .holds")).to_have_count(6)


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
        expect(at.page.locator(".diagnostics")).to_have_count(0)


# Nothing is lost


def test_without_a_connection_work_is_kept_and_saved_later(opened: Opened) -> None:
    with opened() as at:
        at.page.get_by_label("Because").fill("Kept.")
        at.settled()
        at.desk.down = True
        at.page.get_by_label("Because").fill("Kept through the storm.")
        expect(at.page.get_by_text("kept on this machine").first).to_be_visible()
        at.page.reload()
        expect(at.page.get_by_label("Because")).to_have_value("Kept through the storm.")
        at.desk.down = False
        at.page.get_by_label("Because").press("End")
        expect(at.page.get_by_text("Saved", exact=True)).to_be_visible(timeout=20_000)
        at.page.wait_for_timeout(6_000)
        assert "Kept through the storm." in at.desk.text


@pytest.mark.parametrize("mine", [True, False])
def test_a_conflict_shows_both_and_lets_one_choose(opened: Opened, mine: bool) -> None:
    with opened() as at:
        theirs = at.desk.text.replace("Present an accredited", "Show an accredited")
        at.desk.save_by_another(theirs)
        at.page.get_by_label("Because").fill("Mine.")
        conflict = at.page.get_by_role("alertdialog")
        expect(conflict).to_contain_text("Ana Souza saved this file before you")
        expect(conflict.locator("mark")).to_have_count(4)
        choice = "Go on with mine" if mine else "Go on with theirs"
        conflict.get_by_role("button", name=choice).click()
        at.settled()
        expect(conflict).to_have_count(0)
        assert ("Mine." in at.desk.text) is mine
        assert ("Show an accredited" in at.desk.text) is not mine


# For everybody


@pytest.mark.parametrize("lang", ["en", "ar"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", [RULE, TABLE])
def test_no_barrier_is_found(opened: Opened, path: str, scheme: str, lang: str) -> None:
    with opened(path, lang=lang, color_scheme=scheme) as at:
        at.page.wait_for_timeout(500)
        assert barriers(at.page) == []
        if path == RULE:
            at.page.get_by_role("tab", name="TOML").click()
            at.page.locator(".cm-content").wait_for()
            assert barriers(at.page) == []


@pytest.mark.parametrize("path", [RULE, TABLE])
def test_the_policy_of_the_pages_is_never_breached(opened: Opened, path: str) -> None:
    with opened(path) as at:
        if path == RULE:
            at.page.locator("#part-when").get_by_label("Fact").first.click()
            at.page.get_by_role("tab", name="TOML").click()
            at.page.locator(".cm-content").click()
            at.page.keyboard.type("= ")
            at.page.locator(".cm-lint-marker-error").hover()
        else:
            at.page.get_by_role("grid").focus()
            at.page.keyboard.press("F2")
        at.page.wait_for_timeout(600)
        assert at.breaches() == []


@pytest.mark.parametrize("lang", ["fr", "ar"])
@pytest.mark.parametrize("path", [RULE, TABLE])
def test_no_string_of_the_editor_is_missing(opened: Opened, path: str, lang: str) -> None:
    with opened(path, lang=lang) as at:
        assert "⟦" not in at.page.locator(".editor").inner_text()
        assert "Undo" not in at.page.locator(".editor").inner_text()


@pytest.mark.parametrize("width", [768, 1280])
@pytest.mark.parametrize("lang", ["en", "ar"])
def test_nothing_is_wider_than_the_window(opened: Opened, width: int, lang: str) -> None:
    with opened(lang=lang, view={"width": width}) as at:
        at.page.locator(".verdicts li").first.wait_for()
        over = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert at.page.evaluate(over) <= 0


def test_a_condition_is_written_by_keyboard_alone(opened: Opened) -> None:
    with opened() as at:
        at.page.locator("#part-unless").get_by_role("button", name="Add a condition").focus()
        at.page.keyboard.press("Enter")
        fact = at.page.locator("#part-unless").get_by_label("Fact").last
        for _ in range(40):
            if fact.evaluate("element => element === document.activeElement"):
                break
            at.page.keyboard.press("Shift+Tab")
        expect(fact).to_be_focused()
        at.page.keyboard.type("importer.authorised")
        expect(at.page.locator("[role=option]:visible").first).to_be_visible()
        at.page.keyboard.press("Enter")
        at.page.keyboard.press("Tab")
        expect(at.page.locator("#part-unless").get_by_label("Comparison").last).to_be_focused()
        at.settled()
        assert 'fact = "importer.authorised", is = true' in at.desk.text


def test_escape_gives_the_former_choice_back(opened: Opened) -> None:
    with opened() as at:
        agency = at.page.locator("#part-about").get_by_label("Agency", exact=True)
        expect(agency).to_have_value("market surveillance")
        agency.fill("cust")
        at.page.locator("[role=option]:visible").first.wait_for()
        agency.press("Escape")
        expect(agency).to_have_value("market surveillance")


# The table

COLUMNS = [f"c{number:02}" for number in range(20)]
LARGE = "".join(
    ",".join(line) + "\n"
    for line in [COLUMNS, *([f"{row}-{name}" for name in COLUMNS] for row in range(1000))]
)


def test_only_rows_in_sight_are_drawn_and_all_can_be_reached(opened: Opened) -> None:
    with opened(TABLE, LARGE) as at:
        grid = at.page.get_by_role("grid")
        expect(grid).to_have_attribute("aria-rowcount", "1001")
        assert at.page.locator(".grid [data-row]").count() < 60
        grid.focus()
        at.page.keyboard.press("Control+End")
        expect(at.page.locator(".grid .active")).to_have_text("999-c19")
        at.page.keyboard.press("Control+Home")
        expect(at.page.locator(".grid .active")).to_have_text("0-c00")


def test_a_cell_is_edited_in_place_and_its_line_alone_changes(opened: Opened) -> None:
    with opened(TABLE) as at:
        before = at.desk.text.splitlines()
        at.page.get_by_role("grid").focus()
        at.page.keyboard.press("ArrowDown")
        at.page.keyboard.press("End")
        at.page.keyboard.type("(7)")
        at.page.keyboard.press("Enter")
        at.settled()
        after = at.desk.text.splitlines()
        assert [n for n, line in enumerate(after) if line != before[n]] == [2]
        assert after[2].endswith(",(7)")
        expect(at.page.get_by_role("grid")).to_be_focused()


def test_cells_are_copied_and_pasted_as_a_spreadsheet_does(opened: Opened) -> None:
    with opened(TABLE, "a,b,c\n1,2,3\n4,5,6\n") as at:
        at.page.get_by_role("grid").focus()
        at.page.keyboard.press("Shift+ArrowRight")
        at.page.keyboard.press("Shift+ArrowDown")
        at.page.keyboard.press("Control+c")
        assert at.page.evaluate("navigator.clipboard.readText()") == "1\t2\n4\t5\n"
        at.page.keyboard.press("Control+Home")
        at.page.keyboard.press("ArrowDown")
        at.page.keyboard.press("ArrowRight")
        at.page.keyboard.press("Control+v")
        at.settled()
        assert at.desk.text == "a,b,c\n1,2,3\n4,1,2\n,4,5\n"
        at.page.keyboard.press("Control+z")
        at.settled()
        at.page.wait_for_timeout(1200)
        assert at.desk.text == "a,b,c\n1,2,3\n4,5,6\n"


def test_in_arabic_the_arrows_follow_the_eye(opened: Opened) -> None:
    with opened(TABLE, "a,b\n1,2\n", lang="ar") as at:
        at.page.get_by_role("grid").focus()
        at.page.keyboard.press("ArrowLeft")
        expect(at.page.locator(".grid .active")).to_have_text("2")


def test_rows_are_added_and_removed(opened: Opened) -> None:
    with opened(TABLE, "a,b\n1,2\n3,4\n") as at:
        at.page.get_by_role("button", name="Add a row below").click()
        at.settled()
        assert at.desk.text == "a,b\n1,2\n,\n3,4\n"
        at.page.get_by_role("button", name="Remove the selected rows").click()
        at.settled()
        at.page.wait_for_timeout(1200)
        assert at.desk.text == "a,b\n,\n3,4\n"


@pytest.mark.parametrize(
    ("content", "told", "left"),
    [
        ("b,a\n9,8\n", "1 rows taken", "a,b\n8,9\n"),
        ("a,c\n9,8\n", "missing b; unknown c", "a,b\n1,2\n"),
        ("a,b\n=SUM(1),8\n", "cell A2 holds a formula. replace it by its value", "a,b\n1,2\n"),
    ],
)
def test_a_sheet_is_taken_or_refused_with_the_reason(
    opened: Opened, content: str, told: str, left: str
) -> None:
    with opened(TABLE, "a,b\n1,2\n") as at:
        sent = {"name": "annex.csv", "mimeType": "text/csv", "buffer": content.encode()}
        at.page.get_by_label("Import CSV or XLSX").set_input_files([sent])  # type: ignore[list-item]
        expect(at.page.locator(".told")).to_contain_text(told)
        at.page.wait_for_timeout(1500)
        assert at.desk.text == left


def test_a_fault_of_a_table_leads_to_its_row(opened: Opened) -> None:
    with opened(TABLE, "a,b\n1,2\n3,wrong\n") as at:
        at.page.locator(".diagnostics button").click()
        expect(at.page.locator(".grid .active")).to_have_text("3")
        expect(at.page.locator(".grid .wrong")).to_have_count(1)
