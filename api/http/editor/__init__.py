"""The editor: finding rules, writing drafts of them, having them approved and released.

Pages are whole without script; where there is script, a page's island edits what the page shows,
by the calls in `writing`.
"""

from __future__ import annotations

from apiflask import APIBlueprint

from api.http.editor.finding import add_finding
from api.http.editor.parts import Editing, prepare
from api.http.editor.reviewing import add_reviewing
from api.http.editor.sheets import add_sheets
from api.http.editor.trying import add_trying
from api.http.editor.writing import add_writing


def editor(editing: Editing) -> APIBlueprint:
    """All pages and calls of the editor."""
    room = APIBlueprint("editor", __name__, url_prefix="/editor", enable_openapi=False)
    prepare(room, editing)
    add_finding(room, editing)
    add_writing(room, editing)
    add_sheets(room, editing)
    add_reviewing(room, editing)
    add_trying(room, editing)
    return room
