"""The layout shows the architecture: who may import whom, and what lives where."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ORDER = [
    *("files", "garbage", "cores", "language", "knowledge", "declaration", "decide"),
    *("evidence", "release", "desk", "publication", "prove", "specs"),
]
ONLY = {
    "rdflib": ["engine/knowledge/"],
    "owlready2": ["engine/knowledge/"],
    "durable_rules_engine": ["engine/decide/network.py"],
    "flask": ["api/"],
    "granian": ["api/"],
    "typer": ["api/"],
    "sqlalchemy": ["api/store/"],
    "alembic": ["api/store/"],
    "psycopg": ["api/store/"],
    "tomlkit": ["engine/language/"],
    "cryptography": ["engine/evidence/signing.py"],
    "argon2": ["api/service/passwords.py"],
    "authlib": ["api/http/oidc.py"],
    "joserfc": ["api/http/oidc.py"],
    "requests": ["api/http/oidc.py"],
    "flask_wtf": ["api/http/csrf.py"],
    "babel": ["api/http/languages.py"],
    "openpyxl": ["engine/desk/xlsx.py"],
    "z3": ["engine/prove/"],
    "gherkin": ["engine/specs/reading.py"],
    "parse": ["engine/specs/phrase.py"],
    # What a worker starts is started by one of these, so that it does not keep to its core.
    "subprocess": [
        *("engine/decide/child.py", "engine/specs/apart.py", "api/service/apart.py"),
        *("api/service/authoring/effect.py", "api/serving.py", "api/web/build.py"),
    ],
}
CONTENT = ["ontology", "rules", "features"]


def modules() -> list[Path]:
    return sorted([*(ROOT / "engine").rglob("*.py"), *(ROOT / "api").rglob("*.py")])


@cache
def imported(path: Path) -> tuple[str, ...]:
    return tuple(_imported(path))


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield str(node.module)
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def room(path: Path) -> str:
    return path.relative_to(ROOT / "engine").with_suffix("").parts[0]


def test_rooms_import_only_rooms_to_their_left() -> None:
    wrong = []
    for path in (ROOT / "engine").rglob("*.py"):
        if path == ROOT / "engine" / "__init__.py":
            continue
        for name in imported(path):
            parts = name.split(".")
            right = (
                parts[0] == "engine"
                and len(parts) > 1
                and parts[1] in ORDER
                and ORDER.index(parts[1]) > ORDER.index(room(path))
            )
            if right or parts[0] == "api":
                wrong.append(f"{path.relative_to(ROOT)} imports {name}")
    assert wrong == []


def test_every_room_has_its_place_in_the_order() -> None:
    rooms = {
        path.stem
        for path in (ROOT / "engine").iterdir()
        if not path.name.startswith("__") and (path.is_dir() or path.suffix == ".py")
    }
    assert rooms - {"README"} == set(ORDER)


@pytest.mark.parametrize("package", ONLY)
def test_a_package_is_imported_only_where_it_belongs(package: str) -> None:
    wrong = [
        path.relative_to(ROOT).as_posix()
        for path in modules()
        if any(name.split(".")[0] == package for name in imported(path))
        and not path.relative_to(ROOT).as_posix().startswith(tuple(ONLY[package]))
    ]
    assert wrong == []


@pytest.mark.parametrize("package", [name for name in ONLY if name != "tomlkit"])
def test_each_of_these_packages_is_used(package: str) -> None:
    assert any(name.split(".")[0] == package for path in modules() for name in imported(path))


@pytest.mark.parametrize("folder", CONTENT)
def test_content_folders_hold_no_python(folder: str) -> None:
    assert list((ROOT / folder).rglob("*.py")) == []


@pytest.mark.parametrize("term", ["2019/1793", "2009/48", "2014/35", "12074090"])
def test_the_engine_holds_no_law(term: str) -> None:
    holding = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "engine").rglob("*.py")
        if term in path.read_text("utf-8")
    ]
    assert holding == []


@pytest.mark.parametrize(
    "folder",
    [
        ".",
        "ontology",
        "rules",
        "rules/food",
        "rules/products",
        "rules/calendars",
        "rules/schemes",
        "features",
        "engine",
        "engine/specs",
        "api",
        "api/store",
        "api/web",
        "tests",
    ],
)
def test_every_folder_has_a_readme(folder: str) -> None:
    assert (ROOT / folder / "README.md").is_file()
