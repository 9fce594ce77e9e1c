"""The service for tests: a real store in a file, the shipped knowledge base, a key of each role."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from api.http.app import SOLVER, Settings, create_app
from api.http.observing import count_decision
from api.service.authoring import trees
from api.service.authoring.building import Build, Built, Progress, built
from api.service.authoring.office import Office
from api.service.callers import Callers
from api.service.deciding import Service
from api.service.receipts import Notary
from api.service.reviews import FEATURES, Make, Reviews
from api.service.reviews import reviewed as made_here
from api.store import Role, Store, migrate
from api.store.database import PATIENCE, Database
from api.store.sources import Tree
from engine.decide.deciding import Decider
from engine.decide.draw import DrawKeys
from engine.evidence.signing import Signer
from engine.knowledge import BOTH
from engine.release import Release
from tests.evidence_sample import SIGNER as PUBLISHER

DECLARATIONS = Path(__file__).resolve().parent.parent / "features" / "declarations"
SESAME = (DECLARATIONS / "sesame-nigeria.json").read_bytes()
NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
KEYS = DrawKeys(b"test")
SIGNER = Signer(b"\1" * 32)
JSON, XML = "application/json", "application/xml"
AGENCIES = {Role.OFFICER: "agency:Customs", Role.SYSTEM: "agency:Customs"}


_BUILT: dict[tuple[date, frozenset[tuple[str, bytes]], frozenset[tuple[str, bytes]]], Built] = {}
"""What came of each build: the same files give the same release."""


def quick(tree: Tree, base: Tree, day: date, progress: Progress, reasoner: str | None) -> Built:
    """A real build in which engines agree on few items, and HermiT is not asked about the ontology.

    Tests of the ontology ask it. What was built before is not built again.
    """
    asked = (day, frozenset(tree.items()), frozenset(base.items()))
    if asked not in _BUILT:
        _BUILT[asked] = built(tree, base, day, progress, BOTH, run=5)
    return _BUILT[asked]


def _keep(release: bytes, url: str, edits: bool) -> None:
    """Make a database that holds the release alone, or with the shipped files to be drafted of."""
    migrate(url)
    with Store.open(url) as store:
        kept = store.keep_release(release, NOW)
        if edits:
            store.authoring.keep_tree(kept.digest, trees.read(DECLARATIONS.parent.parent), NOW)


@cache
def _new(release: bytes, edits: bool) -> bytes:
    """Such a database of SQLite, as the bytes of its file."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "store.db"
        _keep(release, f"sqlite:///{path}", edits)
        return path.read_bytes()


class Time:
    """A clock that tests set."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


class Door:
    """The service, and clients with the keys to it."""

    def __init__(
        self,
        folder: Path,
        decider: Decider,
        release: bytes,
        demo: bool = False,
        limit: str = "100000/second",
        url: str | None = None,
        patience: float = PATIENCE,
        edits: bool = False,
        reviewed: Release | None = None,
        features: Path = FEATURES,
        make: Make = made_here,
        **more: Any,
    ) -> None:
        self.folder = folder
        self.build: Build = quick
        self.time = Time()
        self.url = url or f"sqlite:///{folder / 'store.db'}"
        if url is None:
            (folder / "store.db").write_bytes(_new(release, edits))
        else:
            _keep(release, url, edits)
        self.database = Database(self.url, patience=patience)
        self.store = Store(self.database)
        self.service = Service(
            self.store, decider, KEYS, self.time, (PUBLISHER.public,), count_decision
        )
        self.notary = Notary(self.store, SIGNER)
        self.app = create_app(
            self.service,
            self.notary,
            Callers(self.store, self.time),
            Settings(cookie_secret=b"secret", limit=limit, demo=demo, **more),
            self._office(folder) if edits else None,
            None if reviewed is None else self._reviews(reviewed, features, make),
        )
        self.tokens = {
            role: self.store.create_key(role, f"a {role}", agency=AGENCIES.get(role), at=NOW)[1]
            for role in Role
        }

    def _office(self, folder: Path) -> Office:
        """An office that drafts the shipped files."""
        return Office(
            store=self.store,
            signer=PUBLISHER,
            release=folder / "release.json",
            clock=self.time,
            build=lambda *given: self.build(*given),
        )

    def _reviews(self, release: Release, features: Path, make: Make) -> Reviews:
        self.features, self.make = features, make
        self.reviews = self.another_reviews(release)
        return self.reviews

    def another_reviews(self, release: Release) -> Reviews:
        """The reviews as another worker has them."""
        return Reviews(
            self.folder / "reviews",
            self.store,
            release,
            (PUBLISHER.public,),
            self.time,
            features=self.features,
            proofs=self.folder / "release.proofs.json",
            make=self.make,
        )

    def key(self, role: Role, agency: str | None = None) -> str:
        """Another key."""
        return self.store.create_key(role, "another", agency=agency, at=NOW)[1]

    @contextmanager
    def client(self, role: Role | None = Role.OFFICER, token: str | None = None) -> Iterator[Any]:
        with self.app.test_client() as client:
            known = token or (self.tokens[role] if role else None)
            yield Client(client, known)

    def close(self) -> None:
        if SOLVER in self.app.extensions:
            self.app.extensions[SOLVER].end()
        self.store.close()


class Client:
    """A client that shows its key."""

    def __init__(self, client: FlaskClient, token: str | None) -> None:
        self.client = client
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.client.get(path, headers={**self.headers, **more.pop("headers", {})}, **more)

    def post(
        self, path: str, body: bytes | dict[str, Any] = b"", kind: str = JSON, **headers: str
    ) -> TestResponse:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.post(
            path, data=data, content_type=kind, headers={**self.headers, **named}
        )

    def lodge(
        self, body: bytes | dict[str, Any] = SESAME, kind: str = JSON, **headers: str
    ) -> dict[str, Any]:
        """The decision on a declaration."""
        answer = self.post("/v1/decisions", body, kind, **headers)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        found: dict[str, Any] = answer.json
        return found


def declaration(name: str = "D1", **more: Any) -> dict[str, Any]:
    """A request about one cotton T-shirt, or other goods."""
    goods = more.pop("goods", [{"item": 1, "commodityCode": "6109100000", "origin": "BD"}])
    return {"declaration": {"id": name, "goods": goods, **more}}


Doors = Callable[..., Door]
"""Opens a service in a folder of its own, by `Door`'s options; closed when its tests are done."""
