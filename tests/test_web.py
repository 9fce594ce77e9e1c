"""The front end's own tests, by its own runner; and what pages take from its build."""

from __future__ import annotations

import json
import runpy
import tomllib
from pathlib import Path

import pytest
from flask import Flask, render_template_string

from api.http.assets import NotBuiltError, serve_assets

ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / "api" / "web"
BUILD = runpy.run_path(str(WEB / "build.py"))


def with_node(task: str) -> None:
    """Do a *task* of the front end, or skip where no Node can be had."""
    try:
        BUILD[task]()
    except BUILD["NoNodeError"] as error:
        pytest.skip(str(error))


def test_the_front_ends_own_tests_pass() -> None:
    with_node("test")


def test_the_lock_names_no_registry() -> None:
    lock = json.loads((WEB / "package-lock.json").read_text("utf-8"))
    assert [name for name, package in lock["packages"].items() if "resolved" in package] == []


def test_the_pinned_node_is_the_one_that_the_project_names() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    (node,) = project["optional-dependencies"]["web"]
    assert BUILD["PINS"].read_text("utf-8").startswith(f"{node} \\\n")


def test_what_was_built_from_these_sources_is_not_built_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with_node("build")
    monkeypatch.setenv("PATH", "")
    BUILD["build"]()


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    """A page over a build that is made by hand."""
    (tmp_path / "dist" / "assets").mkdir(parents=True)
    (tmp_path / "dist" / "assets" / "rule-1a.js").write_text("0", "utf-8")
    (tmp_path / "style.css").write_text("", "utf-8")
    app = Flask(__name__, static_folder=str(tmp_path), static_url_path="/static")
    serve_assets(app)
    app.add_url_rule(
        "/<name>", "page", lambda name: render_template_string("{{ asset(name) }}", name=name)
    )
    app.testing = True
    return app


def built(app: Flask) -> None:
    shared = {"file": "assets/shared-2b.js", "name": "shared", "css": ["assets/look-3c.css"]}
    rule = {"file": "assets/rule-1a.js", "name": "rule", "isEntry": True, "imports": ["_s.js"]}
    manifest = Path(str(app.static_folder)) / "dist" / "manifest.json"
    manifest.write_text(json.dumps({"_s.js": shared, "src/rule/index.tsx": rule}), "utf-8")


def test_a_page_brings_an_islands_script_and_the_styles_of_what_it_imports(app: Flask) -> None:
    built(app)
    assert app.test_client().get("/rule").get_data(as_text=True).splitlines() == [
        '<link rel="stylesheet" href="/static/dist/assets/look-3c.css">',
        '<script type="module" src="/static/dist/assets/rule-1a.js"></script>',
    ]


def test_a_built_file_is_kept_for_good_and_others_are_asked_for_again(app: Flask) -> None:
    def told(path: str) -> str:
        with app.test_client().get(f"/static/{path}") as answer:
            return answer.headers.get("Cache-Control", "")

    assert told("dist/assets/rule-1a.js") == "public, max-age=31536000, immutable"
    assert "no-cache" in told("style.css")
    assert "immutable" not in told("dist/assets/gone.js")


@pytest.mark.parametrize("name", ["rule", "no-such-island"])
def test_an_island_that_is_not_there_is_told_with_the_mend(app: Flask, name: str) -> None:
    if name != "rule":
        built(app)
    with pytest.raises(NotBuiltError, match="make setup" if name == "rule" else "no-such-island"):
        app.test_client().get(f"/{name}")
