"""Serving on granian: a release, a store and two keys, in as many workers as there are cores.

A worker reads what it serves from its environment. It has several threads, as a slow caller or a
long batch holds one, but decides one declaration at a time: the C engine holds the interpreter.
"""

from __future__ import annotations

import faulthandler
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from flask import Flask
from granian.constants import Interfaces
from granian.net import SocketSpec  # type: ignore[attr-defined]  # it is there, undeclared
from granian.server import MPServer
from granian.server.mp import WorkerProcess
from msgspec import Struct

from api.leaving import give_notice, heed_notice
from engine import cores

if TYPE_CHECKING:
    from api.http.oidc import Oidc

HOST = "127.0.0.1"
THREADS = 64
"""Requests that a worker reads or writes at a time; see `api.http.places`."""

GRACE = 30
"""Seconds that an old worker has to finish what it began."""

STARTING = 60.0
"""Seconds after which an old worker stops listening though no new one has loaded its release."""

_SERVED = "COMMENSURA_SERVED"
_FIGURES = "PROMETHEUS_MULTIPROC_DIR"

_Load = Callable[[], object]


class Registration(Struct, frozen=True, kw_only=True):
    """As what we are registered at a provider of OpenID Connect; the secret stays in its file."""

    issuer: str
    client: str
    secret_file: str
    claim: str

    def read(self) -> Oidc:
        """The same with the secret. Raises `OSError` or `ValueError`: it cannot be used."""
        from api.http.oidc import Oidc
        from engine import files

        def missing() -> bytes:
            raise FileNotFoundError(f"there is no file {self.secret_file}")

        secret = files.secret(Path(self.secret_file), missing).decode().strip()
        return Oidc(issuer=self.issuer, client=self.client, secret=secret, claim=self.claim)


class Served(Struct, frozen=True, kw_only=True):
    """What an installation serves: files, the database's URL, and how.

    *root* holds the files that it was made from. *trust* are those of the public keys that may have
    signed the release. *limit* is how often one key may ask. *demo_key*, a file with a token, is
    there in demo mode only. *proxies* is how many of them say truly who asked, under which name and
    scheme. *required* are the properties without whose proof the editor publishes nothing. Whoever
    *examines* reviews and proves each release beside serving it.
    """

    release: str
    root: str
    trust: tuple[str, ...]
    draw_key: str
    signing_key: str
    cookie_key: str
    database: str
    limit: str
    demo_key: str | None = None
    proxies: int = 0
    required: tuple[str, ...] = ()
    examines: bool = True
    oidc: Registration | None = None

    @property
    def demo(self) -> bool:
        """Whether rules, terms and trials are open to whoever reaches the port."""
        return self.demo_key is not None


class Workers(MPServer):
    """Workers that take connections from one queue; of as many as there are cores, each has one.

    On Linux each would have a queue of its own, and whoever waits in that of a worker that ends,
    by a new release or a fault, is turned away: unless the kernel is told otherwise.
    """

    def __init__(self, *words: Any, **more: Any) -> None:
        super().__init__(*words, **more)
        self._ending = False
        self._loaded: dict[int, Connection] = {}  # where the youngest worker at each place says so

    def _init_shared_socket(self) -> None:
        queue = SocketSpec(self.bind_addr, self.bind_port, self.backlog).build()
        shared = socket.socket(fileno=queue.get_fd())
        shared.set_inheritable(True)
        vars(self).update(_shd=queue, _sfd=shared.fileno(), _sso=shared)

    def _spawn_worker(
        self, idx: int, target: Any, callback_loader: _Load, *words: Any, **more: Any
    ) -> WorkerProcess:
        self._loaded[idx], loaded = Pipe(duplex=False)
        # Of fewer workers none keeps to a core: others may have as good a claim to each.
        core = idx if self.workers == len(cores.ALLOWED) else None
        load = partial(_loading, callback_loader, loaded, core)
        worker = super()._spawn_worker(idx, target, load, *words, **more)
        end: Callable[[], None] = worker.terminate

        def terminate() -> None:
            if worker.inner.is_alive() and self._succeeded(idx):
                give_notice(worker)
            end()

        vars(worker).update(terminate=terminate)
        return worker

    def _succeeded(self, place: int) -> bool:
        """Whether another worker takes that place, once it can or has had its time to."""
        until = time.monotonic() + STARTING
        while not (self._ending or self.interrupt_signal):
            if self._loaded[place].poll(0.1) or time.monotonic() > until:
                return True
        return False

    def _reload(self, *words: Any) -> None:
        super()._reload(*words)  # type: ignore[no-untyped-call]
        self.respawned_wrks.clear()  # a fault of a new worker is its first

    def _stop_workers(self) -> None:
        self._ending = True  # all end: there is nobody to whom a caller could be sent
        super()._stop_workers()  # type: ignore[no-untyped-call]


def _loading(load: _Load, loaded: Connection, core: int | None) -> object:
    """What *load* gives, in a worker whose threads will keep to a *core*: none has begun yet."""
    application = load()  # on any core, as an old worker may serve on that one still
    if core is not None:
        cores.keep_to(core)
    loaded.send_bytes(b"loaded")
    return application


def served_here() -> Served:
    """What the environment says is served."""
    return msgspec.json.decode(os.environ[_SERVED], type=Served)


def application() -> Flask:
    """The application of a worker."""
    # Imported here: the figures of all workers meet in a folder that must be named before.
    from api.http.app import Settings, create_app
    from api.http.observing import count_decision, log_as_json
    from api.service.authoring.office import Office
    from api.service.authoring.publishing import settle
    from api.service.callers import Callers
    from api.service.clock import now
    from api.service.deciding import Service
    from api.service.receipts import Notary
    from api.service.reviews import FOLDER, Reviews
    from api.store import Store
    from engine import files, garbage
    from engine import release as releases
    from engine.decide.draw import local_keys
    from engine.evidence.signing import local_signer, read_verifier
    from engine.prove.record import beside

    faulthandler.enable()  # where native code crashes, the log says where
    served = served_here()
    log_as_json()
    trusted = [read_verifier(Path(path)) for path in served.trust]
    store = Store.open(served.database)
    settle(store, Path(served.release))  # where a kill came between consent and its release
    release = releases.load(Path(served.release), *trusted)
    store.keep_release(Path(served.release).read_bytes(), now())
    decider = releases.decider(release, isolated=True)
    keys = local_keys(Path(served.draw_key))
    service = Service(store, decider, keys, trusted=trusted, counted=count_decision)
    signer = local_signer(Path(served.signing_key))
    app = create_app(
        service,
        Notary(store, signer),
        Callers(store, now),
        Settings(
            cookie_secret=files.secret(Path(served.cookie_key), lambda: os.urandom(32)),
            limit=served.limit,
            counts=Path(os.environ[_FIGURES]) / "requests.counts",
            demo=served.demo,
            proxies=served.proxies,
            oidc=None if served.oidc is None else served.oidc.read(),
        ),
        Office(store=store, signer=signer, release=Path(served.release), required=served.required),
        Reviews(
            Path(served.release).parent / FOLDER,
            store,
            release,
            trusted,
            proofs=beside(Path(served.release)),
        ),
    )
    heed_notice(app)
    garbage.settle()
    return app


def serve(served: Served, port: int, workers: int, demonstration: Path | None = None) -> None:
    """Serve until interrupted; take up a new release when its file is replaced.

    *demonstration*, a declaration, is lodged once, and the exchange is printed.
    """
    with tempfile.TemporaryDirectory(prefix="commensura-figures-") as figures:
        os.environ[_FIGURES] = figures
        os.environ[_SERVED] = msgspec.json.encode(served).decode()
        server = Workers(
            "api.serving:application",
            address=HOST,
            port=port,
            interface=Interfaces.WSGI,
            factory=True,
            workers=workers,
            blocking_threads=THREADS,
            respawn_failed_workers=True,
            respawn_interval=0,  # a worker waits for the one that takes its place
            workers_kill_timeout=GRACE,
            log_access=False,
        )
        # A process of its own: a thread here could hold a lock when the workers are forked.
        words = [sys.executable, "-m", "api.attending", str(port), str(demonstration or "")]
        attendant = subprocess.Popen(words)
        try:
            server.serve()
        finally:
            attendant.terminate()
            attendant.wait()
