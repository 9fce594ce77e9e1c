"""Tables of a draft as spreadsheets: taken in as text, given out as files."""

from __future__ import annotations

import io
import re

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from engine.desk.sheets import from_csv
from engine.desk.xlsx import from_xlsx, to_xlsx
from tests.editor_sample import asked, editing, form_of, opened, page, words
from tests.http_sample import Door, Doors
from tests.people_sample import csrf, signed_in

ROWS = "rules/food/increased-controls.csv"


@pytest.fixture(scope="module")
def anne(doors: Doors) -> FlaskClient:
    made: Door = editing(doors)
    return signed_in(made, "anne")


@pytest.fixture(scope="module")
def draft(anne: FlaskClient) -> str:
    return opened(anne, ROWS)


def given(
    client: FlaskClient, draft: str, body: bytes, path: str = ROWS, **more: str
) -> TestResponse:
    """What answers a spreadsheet that a script of ours sends."""
    headers = {"X-CSRF-Token": csrf(client), "Accept": "*/*"}
    data = {"path": path, "file": (io.BytesIO(body), "rows.xlsx")}
    return client.post(f"{draft}/sheet", data=data, headers=headers)


def exported(client: FlaskClient, draft: str, kind: str) -> TestResponse:
    return client.get(f"{draft}/files/{ROWS}?as={kind}")


def test_a_table_that_is_exported_and_taken_in_again_is_the_same(
    anne: FlaskClient, draft: str
) -> None:
    text = form_of(anne, draft, ROWS)["text"]
    for kind in ("csv", "xlsx"):
        body = exported(anne, draft, kind).data
        answer = given(anne, draft, body)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        assert from_csv(answer.json["text"].encode()) == from_csv(text.encode())
    assert exported(anne, draft, "csv").data == text.encode()


def test_an_export_is_a_file_to_keep(anne: FlaskClient, draft: str) -> None:
    answer = exported(anne, draft, "xlsx")
    assert answer.headers["Content-Disposition"] == "attachment; filename=increased-controls.xlsx"
    assert from_xlsx(answer.data).sheet.rows


def test_codes_that_a_spreadsheet_took_for_numbers_get_their_zeros_back(
    anne: FlaskClient, draft: str
) -> None:
    from openpyxl import Workbook

    text = form_of(anne, draft, ROWS)["text"]
    columns = from_csv(text.encode()).columns
    book = Workbook()
    code = columns.index("code")
    book.active.append(list(columns))
    book.active.append([90240 if place == code else "x" for place in range(len(columns))])
    out = io.BytesIO()
    book.save(out)
    answer = given(anne, draft, out.getvalue()).json
    assert from_csv(answer["text"].encode()).rows[0][code] == "090240"
    assert "with its zero in front" in answer["notes"][0]["message"]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"id,a\n1,=SUM(A1)\n", "a formula"),
        (b"id,a\n1\n", "1 cells"),
        (b"id,a\n" + b"1,2\n" * 20_001, "more than 20,000 rows"),
        (b"PK\3\4no archive", "no XLSX workbook"),
        (b"\xff\xfe", "not UTF-8"),
        (b"", "needs a name"),
    ],
)
def test_what_is_no_table_is_refused_with_the_reason(
    anne: FlaskClient, draft: str, body: bytes, message: str
) -> None:
    answer = given(anne, draft, body)
    assert answer.status_code == 422
    assert message in answer.json["errors"][0]["message"]


def test_nothing_is_saved_by_taking_in(anne: FlaskClient, draft: str) -> None:
    before = form_of(anne, draft, ROWS)
    given(anne, draft, b"id\n1\n")
    assert form_of(anne, draft, ROWS) == before


def test_an_amended_annex_is_taken_in_and_its_changes_are_told(anne: FlaskClient) -> None:
    draft = opened(anne, ROWS)
    lines = exported(anne, draft, "csv").data.decode().splitlines(keepends=True)
    amended = [
        line.replace(",0.20,", ",0.30,") if line.startswith("C001,") else line
        for line in lines
        if not line.startswith("C002,")
    ]
    text = given(anne, draft, "".join(amended).encode()).json["text"]
    saving = {"revision": 0, "path": ROWS, "text": text}
    assert asked(anne, "PUT", draft, saving).status_code == 200
    read = page(anne, draft)
    assert "rule food/increased-controls#C002 removed" in words(read)
    assert "rule food/increased-controls#C003" not in words(read)
    assert re.search(r"<del><pre>[^<]*20 %[^<]*</pre></del>\s*<ins><pre>[^<]*30 %", read)


def test_a_table_that_cannot_be_read_is_not_told_as_rules_that_are_gone(
    anne: FlaskClient,
) -> None:
    draft = opened(anne, ROWS)
    text = exported(anne, draft, "csv").data.decode().replace(",0.20,", ",0.30,", 1)
    saving = {"revision": 0, "path": ROWS, "text": text}
    assert asked(anne, "PUT", draft, saving).status_code == 200
    read = words(page(anne, draft))
    assert "These files cannot be read" in read
    assert "#C001 removed" not in read


def test_rows_keep_the_line_ends_of_their_file(anne: FlaskClient) -> None:
    draft = opened(anne, ROWS)
    path = "rules/food/new-rows.csv"
    saving = {"revision": 0, "path": path, "text": "id\r\n1\r\n"}
    assert asked(anne, "PUT", draft, saving).status_code == 200
    assert given(anne, draft, b"id\n2\n", path).json["text"] == "id\r\n2\r\n"


@pytest.mark.parametrize("query", ["as=pdf", "as="])
def test_another_export_is_refused(anne: FlaskClient, draft: str, query: str) -> None:
    answer = anne.get(f"{draft}/files/{ROWS}?{query}")
    assert (answer.status_code, answer.json["errors"][0]["help"]) == (422, "one of: csv, xlsx")


def test_a_rule_is_no_table(anne: FlaskClient, draft: str) -> None:
    path = "rules/customs/random.toml"
    assert given(anne, draft, b"id\n", path).status_code == 422
    assert anne.get(f"{draft}/files/{path}?as=csv").status_code == 422


def test_a_workbook_of_strings_is_taken_as_it_is(anne: FlaskClient, draft: str) -> None:
    sheet = from_csv(b"id,code\nx,0902\n")
    assert given(anne, draft, to_xlsx(sheet)).json["text"] == "id,code\nx,0902\n"
