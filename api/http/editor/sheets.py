"""Tables as spreadsheets: taken in as the text of a file, and given out as CSV or XLSX."""

from __future__ import annotations

import io

from flask import Blueprint, Response, request, send_file

from api.http.access import needs
from api.http.editor.parts import Editing
from api.http.replies import json_of
from api.service.desks import text_of
from api.service.policy import WRITE
from api.words.spoken import spoken
from engine.declaration.problems import malformed
from engine.desk.desk import Desk
from engine.desk.sheets import Taken, code_columns, from_csv, to_csv
from engine.desk.xlsx import from_xlsx, to_xlsx
from engine.language.diagnostics import RefusedError
from engine.language.source import Source

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
EXPORTS = {"csv": "text/csv; charset=utf-8", "xlsx": XLSX}
"""The kinds of files that a table is given out as."""

_ARCHIVE = b"PK"
"""How a workbook starts, whatever its name is."""


def add_sheets(room: Blueprint, editing: Editing) -> None:
    """Add it to *room*."""

    @room.post("/drafts/<identifier>/sheet")
    @needs(WRITE)
    def taken(identifier: str) -> Response:
        """The rows of a spreadsheet as the text of the table at `path`; nothing is saved."""
        path, file = request.form.get("path", ""), request.files.get("file")
        files, desk = editing.opened(identifier, path)
        if not path.endswith(".csv"):
            raise malformed(
                "/path", f"`{path[:100]}` is no table of rows", spoken("name a `.csv` file")
            )
        if file is None:
            raise malformed(
                "/file", spoken("there is no file"), spoken("choose a CSV or XLSX file")
            )
        found = _taken(file.read(), desk, path)
        text = to_csv(found.sheet)
        if "\r\n" in (text_of(desk, path, files) or ""):
            text = text.replace("\n", "\r\n")
        return json_of({"text": text, "notes": found.notes})


def exported(path: str, text: str, kind: str) -> Response:
    """The rows in *text* as a file to keep: ``csv``, as it stands, or ``xlsx``.

    Raises `MalformedError` for another kind or file, `RefusedError` for what is no table.
    """
    if not path.endswith(".csv"):
        raise malformed("/as", f"`{path[:100]}` is no table of rows", "leave `as` out")
    if kind not in EXPORTS:
        raise malformed("/as", f"there is no export as `{kind[:20]}`", "one of: csv, xlsx")
    sheet = from_csv(text.encode())  # a cell that a spreadsheet would compute goes nowhere
    body = to_xlsx(sheet) if kind == "xlsx" else text.encode()
    name = f"{path.rpartition('/')[2].removesuffix('.csv')}.{kind}"
    return send_file(
        io.BytesIO(body), mimetype=EXPORTS[kind], as_attachment=True, download_name=name
    )


def _taken(raw: bytes, desk: Desk, path: str) -> Taken:
    """A spreadsheet. Raises `RefusedError`, naming the cell."""
    if not raw.startswith(_ARCHIVE):
        return Taken(from_csv(raw))
    return from_xlsx(raw, _codes(desk, path))


def _codes(desk: Desk, path: str) -> frozenset[str]:
    """The columns of the rows at *path* that hold commodity codes."""
    found: frozenset[str] = frozenset()
    for table in desk.tables_of(path):
        try:
            content = Source(table, desk.tree[table]).content
        except (KeyError, RefusedError):
            continue  # the check of the table speaks of it
        found |= code_columns(content, desk.vocabulary)
    return found
