"""Serving for real: workers on a loopback port, asked by HTTP, stopped by themselves."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from engine import cores
from tests.serving import SESAME, Server, children, serving, wait_until


@pytest.fixture(scope="module")
def server(release_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("serving")
    with serving(folder, release_file, "--demo", str(SESAME)) as found:
        yield found


def test_a_declaration_is_decided_over_http(server: Server) -> None:
    answer = server.lodge(SESAME.read_bytes())
    assert (answer.status, answer.body["status"]) == (200, "status:Hold")


def test_the_network_engine_takes_part(server: Server) -> None:
    assert "durable-rules" in server.ask("GET", "/healthz").body["engines"]


def test_the_demonstration_prints_a_call_and_its_answer(server: Server) -> None:
    assert f"$ curl -s '{server.base}/v1/decisions?audience=trader'" in server.said()
    assert '"status": "status:Hold"' in server.said()


@pytest.mark.parametrize(
    "path",
    ["/", "/docs", "/openapi.json", "/try", "/rules", "/terms", "/facts", "/regulations"],
)
def test_what_all_may_see_is_there_with_every_room_open(server: Server, path: str) -> None:
    assert server.ask("GET", path).status == 200


@pytest.mark.parametrize("path", ["/editor/", "/people"])
def test_a_page_for_persons_sends_to_where_they_sign_in(server: Server, path: str) -> None:
    answer = server.ask("GET", path, Accept="text/html", Authorization="")
    assert (answer.status, answer.headers["location"].partition("?")[0]) == (303, "/sign-in")


def test_a_call_is_found_in_the_log_by_the_id_that_its_caller_gave(server: Server) -> None:
    server.ask("GET", "/v1/log/key", X_Request_ID="ours-1")
    server.wait_for('"request_id": "ours-1"')
    (line,) = (line for line in server.said().splitlines() if "ours-1" in line)
    found = json.loads(line)
    assert (found["route"], found["status"]) == ("/v1/log/key", 200)


def test_bad_input_is_refused_over_http(server: Server) -> None:
    answer = server.lodge(b"{")
    assert answer.status == 422
    assert answer.body["errors"]


def test_the_figures_of_all_workers_are_one_text(server: Server) -> None:
    figures = server.ask("GET", "/metrics").body.decode()
    assert 'commensura_requests_total{method="POST",route="/v1/decisions",status="200"}' in figures


TWO = frozenset(sorted(cores.ALLOWED)[:2])
"""So that a machine with many cores starts no more workers than others."""


def cores_of(process: int) -> set[frozenset[int]]:
    """The cores that the threads of a process may run on."""
    found = set()
    for thread in threads(process):
        with suppress(ProcessLookupError):  # ended meanwhile
            found.add(frozenset(os.sched_getaffinity(thread)))
    return found


@contextmanager
def on_two_cores(folder: Path, release: Path, workers: int) -> Iterator[Server]:
    """A server on a machine of two cores."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, TWO)
    try:
        with serving(folder, release, workers=workers) as server:
            yield server
    finally:
        os.sched_setaffinity(0, before)


def threads(process: int) -> list[int]:
    return [int(task.name) for task in Path(f"/proc/{process}/task").iterdir()]


def cores_of_workers(server: Server) -> list[set[frozenset[int]]]:
    """Those of each worker, once all serve: then they have more threads than one."""
    wait_until(lambda: all(len(threads(worker)) > 1 for worker in server.workers()))
    return [cores_of(worker) for worker in server.workers()]


@pytest.fixture(scope="module")
def full(release_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """With as many workers as there are cores."""
    folder = tmp_path_factory.mktemp("full")
    with on_two_cores(folder, release_file, workers=len(TWO)) as found:
        yield found


def test_of_as_many_workers_as_cores_each_keeps_to_its_own(full: Server) -> None:
    kept = [core for worker in cores_of_workers(full) for those in worker for core in those]
    assert sorted(kept) == sorted(TWO)


def test_an_engine_runs_where_there_is_room(full: Server) -> None:
    engines = [child for worker in full.workers() for child in children(worker)]
    assert [cores_of(engine) for engine in engines] == [{TWO}] * len(TWO)


def test_another_number_of_workers_keeps_to_no_cores(release_file: Path, tmp_path: Path) -> None:
    with on_two_cores(tmp_path, release_file, workers=3) as server:
        assert cores_of_workers(server) == [{TWO}] * 3


def test_nothing_is_left_running_when_it_is_stopped(release_file: Path, tmp_path: Path) -> None:
    with serving(tmp_path, release_file) as server:
        started = children(server.process.pid)
        started += [grandchild for child in started for grandchild in children(child)]
        os.kill(server.process.pid, signal.SIGTERM)
        server.process.wait(40)
        assert len(started) > 1
        wait_until(lambda: not any(Path(f"/proc/{process}").exists() for process in started))
