"""What a README shows as Python, TOML or shell is run as it stands."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from api.store import Store
from engine.decide.draw import local_keys
from tests.command_line import run
from tests.people_sample import PASSWORD
from tests.review_sample import of_one_article

ROOT = Path(__file__).resolve().parent.parent
BLOCK = re.compile(r"^```(?P<kind>\w+)\n(?P<text>.*?)^```", re.MULTILINE | re.DOTALL)
READMES = sorted(
    path
    for path in ROOT.rglob("README.md")
    if not {".venv", "node_modules", ".pytest_cache"} & set(path.relative_to(ROOT).parts)
)


def blocks(kind: str) -> list[tuple[str, str]]:
    return [
        (f"{path.relative_to(ROOT)}:{index}", found["text"])
        for path in READMES
        for index, found in enumerate(BLOCK.finditer(path.read_text("utf-8")))
        if found["kind"] == kind
    ]


@pytest.mark.parametrize(("place", "text"), blocks("python"), ids=lambda value: value[:40])
def test_python_examples_run(place: str, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    exec(compile(text, place, "exec"), {"__name__": "__main__"})


@pytest.mark.parametrize(
    ("place", "command"),
    [
        (place, line)
        for place, text in blocks("sh")
        for line in text.splitlines()
        if line.startswith("commensura ")
    ],
    ids=lambda value: value[:60],
)
def test_commands_run(
    place: str,
    command: str,
    tmp_path: Path,
    release_file: Path,
    public_key: Path,
    trusting: tuple[str, ...],
    by_release: tuple[str, ...],
    built_quickly: None,
) -> None:
    words = shlex.split(command, comments=True)
    database = f"sqlite:///{tmp_path / 'store.db'}"
    if words[1] in ("decide", "serve", "term", "export", "survey"):
        words += by_release
    if words[1] in ("decide", "serve"):
        words += ["--key", str(tmp_path / "key")]
    if words[1] in ("diff", "verify"):
        words = [str(release_file) if word == "build/release.json" else word for word in words]
    if words[1] == "diff":
        words += trusting
    if words[1] == "verify":
        words += ["--key", str(public_key)]
    if words[1] == "publish":
        words += ["--release", str(tmp_path / "release.json")]
        words += ["--key", str(tmp_path / "signing.key")]
    if words[1] == "review":
        words += ["--root", str(of_one_article(tmp_path))]
    if words[1] == "new":
        words += ["--root", str(tmp_path)]
    if words[1] in ("key", "person", "replay", "audit", "migrate"):
        words += ["--database", database]
    if words[1] in ("key", "person", "replay"):
        words += by_release
    if words[1] in ("replay", "audit"):
        Store.open(database, create=True).close()
    if words[1] == "replay":
        local_keys(tmp_path / "draw.key")
        words += ["--key", str(tmp_path / "draw.key")]
    if words[1] == "serve":
        pytest.skip("serving is tried in test_api_serving")
    done = run(*words[1:], body=PASSWORD.encode() if words[1] == "person" else b"")
    assert done.returncode == 0, f"{place}: {done.stderr}"


def test_links_lead_somewhere() -> None:
    broken = []
    for path in READMES:
        for target in re.findall(r"\]\(([^)#:]+)\)", path.read_text("utf-8")):
            if not (path.parent / target).exists():
                broken.append(f"{path.relative_to(ROOT)} → {target}")
    assert broken == []


@pytest.mark.parametrize("room", ["engine", "api"])
def test_every_test_that_a_page_names_exists(room: str) -> None:
    named = set(re.findall(r"`(test_\w+)`", (ROOT / room / "README.md").read_text("utf-8")))
    written = {
        name
        for path in (ROOT / "tests").rglob("*.py")
        for name in re.findall(r"def (test_\w+)", path.read_text("utf-8"))
    }
    assert named
    assert named - written == set()
