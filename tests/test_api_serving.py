"""Serving for real: granian on a loopback port, asked by HTTP, stopped by itself."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SESAME = ROOT / "features" / "declarations" / "sesame-nigeria.json"
PATIENCE = 60


@pytest.fixture(scope="module")
def server(
    by_release: tuple[str, ...], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Path]]:
    """The base address of a running server, and the file that its output goes to."""
    folder = tmp_path_factory.mktemp("serving")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = ["serve", "--port", str(port), *by_release]
    words += ["--key", str(folder / "key"), "--demo", str(SESAME)]
    with (folder / "out").open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "-c", "from api.cli import main; main()", *words],
            cwd=ROOT,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            wait_for(folder / "out", "serving; stop with")
            yield f"http://127.0.0.1:{port}", folder / "out"
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(20)


def wait_for(path: Path, words: str) -> None:
    limit = time.monotonic() + PATIENCE
    while words not in path.read_text():
        assert time.monotonic() < limit, path.read_text()
        time.sleep(0.1)


def test_a_declaration_is_decided_over_http(server: tuple[str, Path]) -> None:
    request = urllib.request.Request(
        f"{server[0]}/v1/decisions",
        data=SESAME.read_bytes(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=PATIENCE) as response:
        assert json.load(response)["status"] == "status:Hold"


def test_the_demonstration_prints_a_call_and_its_answer(server: tuple[str, Path]) -> None:
    shown = server[1].read_text()
    assert "$ curl -s 'http://127.0.0.1:" in shown
    assert '"status": "status:Hold"' in shown


def test_bad_input_is_refused_over_http(server: tuple[str, Path]) -> None:
    request = urllib.request.Request(
        f"{server[0]}/v1/decisions", data=b"{", headers={"Content-Type": "application/json"}
    )
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=PATIENCE)
    with refused.value as error:
        assert error.code == 422
        assert json.load(error)["errors"]
