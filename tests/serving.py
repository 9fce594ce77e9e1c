"""`commensura serve` for tests: real workers on a loopback port, in a folder of their own."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from api.store import Role, Store
from engine import release as releases
from engine.release import Release
from tests.evidence_sample import SIGNER

ROOT = Path(__file__).resolve().parent.parent
SESAME = ROOT / "features" / "declarations" / "sesame-nigeria.json"
JSON = ("application/json", "application/problem+json")
PATIENCE = 120.0
"""Seconds for what takes five on a machine that does nothing else."""

# The keys of an installation lie beside its code: here, in the folder of the test.
COMMAND = """
import pathlib, sys
from api.cli import main
from api.commands import serving
serving.ROOT = pathlib.Path(sys.argv.pop(1))
"""


def publish(release: Release, path: Path) -> None:
    """Put a release where a server finds it."""
    releases.save(release, path, SIGNER)
    (path.parent / "signing.pub").write_text(SIGNER.public.pem)


def trusting(release: Path) -> list[str]:
    """The options that name who may have signed it."""
    key = release.parent / "signing.pub"
    return ["--trust", str(key)] if key.exists() else []


class Answer(NamedTuple):
    """What came back; *body* is JSON where it is said to be."""

    status: int
    headers: dict[str, str]
    body: Any


class Server:
    """A running server."""

    def __init__(self, folder: Path, process: subprocess.Popen[bytes], port: int) -> None:
        self.folder, self.process, self.port = folder, process, port
        self.log = folder / "log"
        self.token: str | None = None

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def database(self) -> str:
        return f"sqlite:///{self.folder / 'store.db'}"

    def key(self, role: Role = Role.OFFICER) -> str:
        """The token of a new key."""
        agency = "agency:Customs" if role in (Role.OFFICER, Role.SYSTEM) else None
        with Store.open(self.database) as store:
            return store.create_key(role, "a test", agency=agency, at=datetime.now(UTC))[1]

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        timeout: float = PATIENCE,
        along: http.client.HTTPConnection | None = None,
        **more: str,
    ) -> Answer:
        """Ask *along* a connection, or over one that is then closed.

        Raises `OSError` or `HTTPException`: no answer came.
        """
        headers = {"Content-Type": "application/json"}
        if along is None:
            headers["Connection"] = "close"
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        headers |= {name.replace("_", "-"): value for name, value in more.items()}
        connection = along or self.connection(timeout)
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            found: Any = response.read()
            if response.headers.get_content_type() in JSON:
                found = json.loads(found)
            return Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, found)
        finally:
            if along is None:
                connection.close()

    def connection(self, timeout: float = PATIENCE) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)

    def lodge(
        self, body: bytes, along: http.client.HTTPConnection | None = None, **headers: str
    ) -> Answer:
        return self.ask("POST", "/v1/decisions", body, along=along, **headers)

    @contextmanager
    def connected(self, timeout: float = PATIENCE) -> Iterator[socket.socket]:
        """A bare connection."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=timeout) as raw:
            yield raw

    def said(self) -> str:
        """All that the server wrote so far."""
        return self.log.read_text(errors="replace")

    def wait_for(self, words: str, times: int = 1) -> None:
        wait_until(lambda: self.said().count(words) >= times, self.said)

    def workers(self) -> list[int]:
        """The processes that serve, oldest first."""
        return [
            child
            for child in children(self.process.pid)
            # One that has ended has no words until its parent has taken notice.
            if (words := command(child))
            and not any(name in words for name in ("api.attending", "resource_tracker"))
        ]

    def ready(self) -> bool:
        with suppress(OSError, http.client.HTTPException):
            return self.ask("GET", "/readyz").status == 200
        return False


def wait_until(holds: Callable[[], bool], told: Callable[[], str] = str) -> None:
    limit = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < limit, told()[-3000:]
        time.sleep(0.05)


def children(process: int) -> list[int]:
    """The processes that *process* started and that still are, oldest first."""
    found = []
    for task in Path(f"/proc/{process}/task").glob("*/children"):
        with suppress(OSError):
            found += [int(child) for child in task.read_text().split()]
    return sorted(found, key=started)


def started(process: int) -> int:
    """When a process was started; ids say nothing of that, as they come round again."""
    try:
        words = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return int(words[19])


def command(process: int) -> str:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def one_each(port: int, workers: list[int]) -> list[socket.socket]:
    """A connection to each of the *workers*, which take them from one queue as they like."""
    held: dict[int, socket.socket] = {}
    while len(held) < len(workers):
        raw = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        raw.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        answer = http.client.HTTPResponse(raw)
        answer.begin()
        answer.read()
        worker = holder(port, raw.getsockname()[1], workers)
        if held.setdefault(worker, raw) is not raw:
            raw.close()
    return list(held.values())


def holder(port: int, client: int, workers: list[int]) -> int:
    """Which of the *workers* at *port* holds the connection from the port *client*."""
    ends = f":{port:04X}", f":{client:04X}"
    for line in Path("/proc/net/tcp").read_text().splitlines():
        words = line.split()
        if words[1].endswith(ends[0]) and words[2].endswith(ends[1]):
            (found,) = (worker for worker in workers if f"socket:[{words[9]}]" in open_by(worker))
            return found
    raise AssertionError("nobody holds it")


def open_by(process: int) -> set[str]:
    """What a process has open."""
    found = set()
    for link in Path(f"/proc/{process}/fd").iterdir():
        with suppress(FileNotFoundError):  # closed meanwhile
            found.add(str(link.readlink()))
    return found


@contextmanager
def serving(
    folder: Path,
    release: Path,
    *options: str,
    workers: int = 1,
    database: str | None = None,
    examines: bool = False,
    changed: str = "",
) -> Iterator[Server]:
    """A server of *release*, ready, with an officer's key; stopped on the way out.

    *changed* is what it does before it begins.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = ["serve", "--port", str(port), "--workers", str(workers), "--release", str(release)]
    words += ["--key", str(folder / "draw.key"), "--limit", "100000/second", *trusting(release)]
    words += [] if examines else ["--no-examine"]
    words += ["--database", database or f"sqlite:///{folder / 'store.db'}", *options]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", f"{COMMAND}{changed}\nmain()", str(folder), *words],
            cwd=ROOT,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    server = Server(folder, process, port)
    try:
        server.wait_for("serving; stop with")
        if database is None:
            server.token = server.key()
        yield server
    finally:
        stop(process)


def stop(process: subprocess.Popen[bytes], signals: Sequence[int] = (signal.SIGTERM,)) -> None:
    """End a server and all that it started."""
    with suppress(ProcessLookupError):
        os.kill(process.pid, signals[0])
    try:
        process.wait(40)
    except subprocess.TimeoutExpired:
        pass
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(20)
