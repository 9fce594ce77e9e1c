"""Shared by all tests: the real knowledge base, read and compiled once a session."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any, TypeVar

import pytest
import structlog
from argon2 import PasswordHasher
from hypothesis import settings

from api import exchange
from api.service import passwords
from engine import garbage, publication
from engine import release as releases
from engine.decide import network
from engine.decide.answer import EngineError
from engine.decide.deciding import Decider
from engine.decide.program import Program
from engine.knowledge import BOTH, load_classified
from engine.knowledge.export import Ontology
from engine.language.vocabulary import Vocabulary
from engine.release import Release
from engine.specs.world import Ground
from tests.checks_sample import checks  # noqa: F401 (a fixture)
from tests.chromium import browser  # noqa: F401 (a fixture)
from tests.databases import (  # noqa: F401 (fixtures)
    dialect,
    empty_url,
    postgresql,
    sqlite_template,
    store,
    url,
)
from tests.editor_window import editor_browser, opened  # noqa: F401 (fixtures)
from tests.evidence_sample import SIGNER
from tests.http_sample import Door, Doors
from tests.isolation_sample import isolated, started  # noqa: F401 (fixtures)

T = TypeVar("T")
ROOT = Path(__file__).resolve().parent.parent
DAY = date(2026, 11, 23)

# A slow or busy machine is no fault of what is tested.
settings.register_profile("whenever", deadline=None)
settings.load_profile("whenever")

# What a thread of another test logs does not go into what a command of this one prints.
structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.__stderr__))

garbage.look_seldom()  # as a worker does; a sixth of the time of tests


@pytest.fixture(scope="session")
def knowledge_base() -> Path:
    """The folder with `ontology/` and `rules/`."""
    return ROOT


@pytest.fixture(scope="session")
def release() -> Release:
    """The shipped knowledge base, checked, without the agreement run."""
    return releases.checked(ROOT, DAY)[0]


@pytest.fixture(scope="session")
def vocabulary(release: Release) -> Vocabulary:
    return release.vocabulary


@pytest.fixture(scope="session")
def decider(release: Release) -> Decider:
    """Decides by the shipped knowledge base, with both engines."""
    return releases.decider(release)


@pytest.fixture(scope="session")
def program(decider: Decider) -> Program:
    return decider.program


@pytest.fixture(scope="session")
def release_file(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped knowledge base as a release on disk."""
    path = tmp_path_factory.mktemp("release") / "release.json"
    releases.save(release, path, SIGNER)
    (path.parent / "signing.pub").write_text(SIGNER.public.pem)
    return path


@pytest.fixture(scope="module")
def doors(
    decider: Decider, release_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Doors]:
    """Opens services that decide by the shipped knowledge base."""
    with ExitStack() as stack:

        def opened(decider: Decider = decider, **options: Any) -> Door:
            folder = tmp_path_factory.mktemp("door")
            door = Door(folder, decider, release_file.read_bytes(), **options)
            stack.callback(door.close)
            return door

        yield opened


@pytest.fixture(scope="session")
def public_key(release_file: Path) -> Path:
    """The public key that signed that release."""
    return release_file.parent / "signing.pub"


@pytest.fixture(scope="session")
def trusting(public_key: Path) -> tuple[str, ...]:
    """The options of a command that trusts that key."""
    return ("--trust", str(public_key))


@pytest.fixture(scope="session")
def by_release(release_file: Path, trusting: tuple[str, ...]) -> tuple[str, ...]:
    """The options of a command that uses that release."""
    return ("--release", str(release_file), *trusting)


def once_by_files(read: Callable[[Path], T]) -> Callable[[Path], T]:
    """*read*, which gives what it gave before for a folder with the same files."""
    given: dict[frozenset[tuple[str, bytes]], T] = {}

    def once(folder: Path) -> T:
        paths = [path for path in folder.rglob("*") if path.is_file()]
        files = frozenset((str(path.relative_to(folder)), path.read_bytes()) for path in paths)
        if files not in given:
            given[files] = read(folder)
        return given[files]

    return once


@pytest.fixture(scope="session", autouse=True)
def _an_ontology_is_read_once() -> Iterator[None]:
    """Whoever checks or compares the same ontology again is given what was read of it before.

    It takes most of the time of a check, and tests of reading read for themselves.
    """
    classified = once_by_files(partial(load_classified, twice=False))

    def once(folder: Path, *, twice: bool = False) -> tuple[Vocabulary, str]:
        return load_classified(folder, twice=True) if twice else classified(folder)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(releases, "load_classified", once)
        patch.setattr(exchange, "load", lambda folder: once(folder)[0])
        patch.setattr(publication, "Ontology", once_by_files(Ontology))
        yield


@pytest.fixture(scope="session", autouse=True)
def _passwords_cost_little() -> Iterator[None]:
    """Hashes of passwords by argon2 as ever, at the least cost: tests take hundreds of them."""
    with pytest.MonkeyPatch.context() as patch:
        cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        patch.setattr(passwords, "_HASHER", cheap)
        patch.setattr(passwords, "_NOBODYS", passwords._nobodys())
        yield


@pytest.fixture
def passwords_as_shipped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes at the cost that they have for users."""
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher())
    monkeypatch.setattr(passwords, "_NOBODYS", passwords._nobodys())


@pytest.fixture
def built_quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Publishing on few items and without HermiT, where these are not the claim: a real build."""
    monkeypatch.setattr(releases, "build", partial(releases.build, run=5, reasoner=BOTH))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that wait for browsers and servers are spread over the others, which use the cores."""
    files = {path: [*found] for path, found in groupby(items, key=lambda item: item.path)}
    waiting = [path for path in files if path.name.startswith(("test_browser", "test_serving"))]
    order = [path for path in files if path not in waiting]
    apart = len(files) // len(waiting) if waiting else 0
    for number, path in enumerate(waiting):
        order.insert(number * apart, path)
    items[:] = [item for path in order for item in files[path]]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup() -> Iterator[None]:
    """Where durable-rules is not to be had (Python 3.13), a test that needs it is skipped."""
    with skipped_without_network():
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Iterator[None]:
    with skipped_without_network():
        return (yield)


@contextmanager
def skipped_without_network() -> Iterator[None]:
    try:
        yield
    except EngineError as error:
        if not network.available() and "does not import" in str(error):
            pytest.skip("durable-rules does not import on this Python")
        raise


@pytest.fixture(scope="session")
def ground(release: Release, decider: Decider) -> Ground:
    """What all scenarios start from: the knowledge base as it ships, decided by both engines."""
    return Ground.of(release, ROOT / "features" / "declarations", decider)
