"""The table editor in a real browser: quick, and no line changed but what was edited."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.editor_window import TABLE, Opened

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
        at.saves("a,b,c\n1,2,3\n4,5,6\n")


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
        at.saves("a,b\n,\n3,4\n")


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
