"""A release is replaced while clients lodge: nothing fails, and decisions say by which they are."""

from __future__ import annotations

import json
import os
import shutil
import signal
from datetime import timedelta
from pathlib import Path

import msgspec

from api.service.authoring import office
from api.store import Store
from engine import release as releases
from engine.release import Release
from tests.serving import ROOT, Server, publish, serving, wait_until
from tests.test_serving_kills import Load, assert_all_is_kept

SLOWLY = """
import time
import api.serving
made = api.serving.application
def slowly():
    time.sleep(5 if (serving.ROOT / "slow").exists() else 0)
    return made()
api.serving.application = slowly
"""
"""Loads a release slowly where a file says so."""


def next_day(release: Release) -> Release:
    """The same knowledge base, published a day later."""
    return msgspec.structs.replace(release, made_on=release.made_on + timedelta(days=1))


def served(server: Server) -> set[str]:
    """The releases that the workers name; asked often enough to meet them all."""
    return {server.ask("GET", "/healthz").body["release"]["digest"] for _ in range(20)}


def test_a_new_release_is_taken_up_and_no_request_fails(release: Release, tmp_path: Path) -> None:
    path = tmp_path / "release.json"
    publish(release, path)
    new = next_day(release)
    with serving(tmp_path, path, workers=2) as server:
        load = Load(server)
        with load.running():
            wait_until(lambda: len(load.acknowledged) > 20, server.said)
            publish(new, path)
            server.wait_for("new workers take it up")
            server.wait_for("Stopped old worker", 2)
            seen = len(load.acknowledged)
            wait_until(lambda: len(load.acknowledged) > seen + 20, server.said)
        assert load.retries == []
        assert_all_is_kept(server, load)
        assert served(server) == {releases.reference(new).digest}
        deciding = [answer["release"]["digest"] for answer in load.acknowledged.values()]
        assert set(deciding) == {releases.reference(one).digest for one in (release, new)}
        assert deciding[-1] == releases.reference(new).digest

        first, last = (list(load.acknowledged.values())[place] for place in (0, -1))
        for decision in (first, last):
            answer = server.ask("POST", f"/v1/decisions/{decision['id']}/replay")
            assert answer.body["release"] == decision["release"]
            assert (answer.body["exact"], answer.body["failed"]) == (True, None)
        kept = server.ask("GET", "/v1/releases").body
        assert [one["digest"] for one in kept["releases"]] == [
            releases.reference(one).digest for one in (release, new)
        ]
        assert kept["serving"]["digest"] == releases.reference(new).digest


def test_an_old_worker_answers_until_the_new_one_has_loaded(
    release: Release, tmp_path: Path
) -> None:
    path = tmp_path / "release.json"
    publish(release, path)
    old, new = (releases.reference(one).digest for one in (release, next_day(release)))
    with serving(tmp_path, path, changed=SLOWLY) as server:
        (tmp_path / "slow").touch()
        publish(next_day(release), path)
        server.wait_for("Respawning worker-1")
        digests: list[str] = []

        def taken_up() -> bool:
            digests.append(server.ask("GET", "/healthz").body["release"]["digest"])
            return digests[-1] == new

        wait_until(taken_up, server.said)
        assert digests.count(old) > 20


def test_a_new_worker_that_is_killed_at_once_is_replaced(release: Release, tmp_path: Path) -> None:
    path = tmp_path / "release.json"
    publish(release, path)
    with serving(tmp_path, path) as server:
        publish(next_day(release), path)
        server.wait_for("Stopped old worker-1")
        (worker,) = server.workers()
        os.kill(worker, signal.SIGKILL)
        server.wait_for("Respawning worker-1", 2)
        wait_until(server.ready, server.said)


def test_a_file_that_is_no_sound_release_is_not_taken_up(
    release: Release, release_file: Path, tmp_path: Path
) -> None:
    path = tmp_path / "release.json"
    publish(release, path)
    sound = path.read_bytes()
    changed = json.loads(sound)
    spoiled = {
        "damaged": sound.replace(b'"made_on":"', b'"made_on":"2', 1),
        "cut": sound[: len(sound) // 2],
        "empty": b"",
        "another digest": json.dumps({**changed, "digest": "sha256:" + "0" * 64}).encode(),
    }
    digest = releases.reference(release).digest
    with serving(tmp_path, path) as server:
        workers = server.workers()
        for number, (name, body) in enumerate(spoiled.items(), 1):
            (tmp_path / "aside").write_bytes(body)
            (tmp_path / "aside").replace(path)
            server.wait_for("the new release is not taken up: ", number)
            assert server.lodge(b'{"declaration": 1}').status == 422, name
        path.unlink()
        assert served(server) == {digest}
        assert server.workers() == workers
        publish(next_day(release), path)
        server.wait_for("new workers take it up")
        wait_until(lambda: served(server) == {releases.reference(next_day(release)).digest})


def test_the_files_of_a_release_that_was_published_meanwhile_are_kept(
    release: Release, tmp_path: Path
) -> None:
    for folder in ("ontology", "rules"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    path = tmp_path / "release.json"
    publish(release, path)
    with serving(tmp_path, path) as server, Store.open(server.database) as store:
        first, second, third = release, next_day(release), next_day(next_day(release))
        assert office.in_force(store).release == releases.reference(first).digest
        publish(second, path)
        server.wait_for(f"release {releases.reference(second).id}: its files are kept")
        assert office.in_force(store).release == releases.reference(second).digest

        rule = tmp_path / "rules/customs/random.toml"
        rule.write_text(rule.read_text().replace("0.01", "0.02"))
        publish(third, path)
        server.wait_for("nothing can be drafted of the release")
        assert "publish from these with `commensura publish`" in server.said()
        assert office.in_force(store).release == releases.reference(second).digest
        wait_until(lambda: served(server) == {releases.reference(third).digest}, server.said)
