"""What the front end was built into, as templates name it: `asset("rule")` for the island `rule`.

Names of built files hold a digest of their content, so that a browser may keep them for good.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from flask import Flask, Response, request, url_for
from markupsafe import Markup

_FOLDER = "dist"
_LONG = "public, max-age=31536000, immutable"


class NotBuiltError(Exception):
    """A page needs the front end, which is not built here."""


def serve_assets(app: Flask) -> None:
    """Give templates `asset` and `is_built`, and let browsers keep what is named."""
    folder = Path(str(app.static_folder))
    app.jinja_env.globals["asset"] = lambda name: asset(folder, name)
    app.jinja_env.globals["is_built"] = (folder / _FOLDER / "manifest.json").is_file

    @app.after_request
    def keep(response: Response) -> Response:
        named = (request.view_args or {}).get("filename", "")
        built = request.endpoint == "static" and named.startswith(f"{_FOLDER}/assets/")
        if built and response.status_code in (200, 304):
            response.headers["Cache-Control"] = _LONG
        return response


def asset(static: Path, name: str) -> Markup:
    """The elements that bring the island *name* into a page: its styles, its script.

    *static* is the folder of the application's static files.
    """
    manifest = static / _FOLDER / "manifest.json"
    if not manifest.is_file():
        raise NotBuiltError("the front end is not built: `make setup` builds it")
    chunks: dict[str, Any] = json.loads(manifest.read_bytes())
    entry = next(
        (key for key in chunks if chunks[key].get("name") == name and _is_entry(chunks, key)), None
    )
    if entry is None:
        raise NotBuiltError(f"the front end has no island `{name}`")
    styles = dict.fromkeys(
        style for key in _needed(chunks, entry) for style in chunks[key].get("css", ())
    )
    links = [Markup('<link rel="stylesheet" href="{}">').format(_url(style)) for style in styles]
    script = Markup('<script type="module" src="{}"></script>').format(_url(chunks[entry]["file"]))
    return Markup("\n").join([*links, script])


def _is_entry(chunks: dict[str, Any], key: str) -> bool:
    return bool(chunks[key].get("isEntry"))


def _needed(chunks: dict[str, Any], key: str) -> list[str]:
    """*key* and what it imports at once, each once."""
    found = [key]
    for each in found:
        found += [name for name in chunks[each].get("imports", ()) if name not in found]
    return found


def _url(file: str) -> str:
    return url_for("static", filename=f"{_FOLDER}/{file}")
