"""Commands on what is kept: keys, replays, erasure, audit, as a new user would give them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from api.service.draws import Draws
from api.store import Role, Store
from engine.decide.draw import DrawKeys
from engine.declaration.reading import read_request
from tests.command_line import Done
from tests.command_line import run as commensura
from tests.http_sample import NOW, Client, Door, Doors, declaration


@pytest.fixture(scope="module")
def door(doors: Doors) -> Door:
    made = doors()
    client = Client(made.app.test_client(), made.tokens[Role.OFFICER])
    for name in ("A", "B", "B"):
        client.lodge(declaration(name, importer={"id": "NL1", "name": "A. Person"}))
    return made


def draw_key(folder: Path) -> str:
    """The draw's key of the sample."""
    path = folder / "draw.key"
    path.write_text("00" * 32 + "\n")
    path.chmod(0o600)
    return str(path)


def test_a_key_that_was_created_opens(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new.db'}"
    done = commensura("key", "create", "trader", "a broker", "--database", url, "--format", "json")
    with Store.open(url) as store:
        assert store.authenticate(json.loads(done.stdout)["token"]) is not None


def test_a_listed_key_shows_no_secret(door: Door) -> None:
    listed = commensura("key", "list", "--database", door.url).stdout
    assert "officer of agency:Customs" in listed
    assert not any(token.split("_", 2)[2] in listed for token in door.tokens.values())


def test_a_revoked_key_opens_no_more(door: Door) -> None:
    token = door.key(Role.AUDITOR)
    commensura("key", "revoke", token.split("_")[1], "--database", door.url)
    with Store.open(door.url) as store:
        assert store.authenticate(token) is None


def test_an_officer_s_key_needs_an_agency(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new.db'}"
    done = commensura("key", "create", "officer", "a desk", "--database", url)
    assert (done.returncode, "needs an agency" in done.stderr) == (2, True)


def test_an_unknown_agency_is_refused(tmp_path: Path, by_release: tuple[str, ...]) -> None:
    words = ["key", "create", "officer", "a desk", "--agency", "agency:Custom", *by_release]
    done = commensura(*words, "--database", f"sqlite:///{tmp_path / 'new.db'}")
    assert (done.returncode, "agency:Customs" in done.stderr) == (2, True)


def test_an_audit_finds_a_sound_log_sound(door: Door) -> None:
    done = commensura("audit", "--database", door.url)
    assert (done.returncode, "0 not as written" in done.stdout) == (0, True)


def test_all_that_was_decided_is_taken_again(
    door: Door, tmp_path: Path, by_release: tuple[str, ...]
) -> None:
    words = ["replay", "--database", door.url, *by_release, "--format", "json"]
    done = commensura(*words, "--key", draw_key(tmp_path))
    # Another draw's key: what was not drawn is the same, and what was drawn is told apart.
    assert json.loads(done.stdout)["replayed"] == 3


def test_an_unknown_decision_is_refused(
    door: Door, tmp_path: Path, by_release: tuple[str, ...]
) -> None:
    words = ["replay", "d-0", "--database", door.url, *by_release, "--key", draw_key(tmp_path)]
    done = commensura(*words)
    assert (done.returncode, "there is no decision `d-0`" in done.stderr) == (2, True)


# The draw's key of a day

LONG_AGO = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.fixture
def url_of_long_ago(tmp_path: Path) -> str:
    """A database in which goods were seen on a day that is long past."""
    url = f"sqlite:///{tmp_path / 'old.db'}"
    with Store.open(url, create=True) as store:
        request = read_request(json.dumps(declaration()).encode())
        Draws(store, DrawKeys(bytes(32)), lambda: LONG_AGO).sighting(request)
    return url


def revealed(url: str, folder: Path, *words: str) -> Done:
    return commensura("reveal", *words, "--database", url, "--key", draw_key(folder))


def test_a_key_of_a_day_is_revealed_and_told(url_of_long_ago: str, tmp_path: Path) -> None:
    done = revealed(url_of_long_ago, tmp_path, "2026-06-01", "--format", "json")
    assert (done.returncode, json.loads(done.stdout)) == (
        0,
        {"day": "2026-06-01", "key": DrawKeys(bytes(32)).revealed(LONG_AGO.date()), "logIndex": 1},
    )


def test_a_key_is_not_revealed_twice(url_of_long_ago: str, tmp_path: Path) -> None:
    revealed(url_of_long_ago, tmp_path, "2026-06-01")
    done = revealed(url_of_long_ago, tmp_path, "2026-06-01")
    assert (done.returncode, done.stdout, "revealed already" in done.stderr) == (1, "", True)


@pytest.mark.parametrize("day", ["yesterday", "2026-06-31"])
def test_what_is_no_day_is_refused(url_of_long_ago: str, tmp_path: Path, day: str) -> None:
    done = revealed(url_of_long_ago, tmp_path, day)
    assert (done.returncode, f"`{day}` is no day" in done.stderr) == (2, True)


def test_a_key_file_that_is_not_there_is_not_made_by_revealing(
    url_of_long_ago: str, tmp_path: Path
) -> None:
    path = tmp_path / "none.key"
    words = ["reveal", "2026-06-01", "--database", url_of_long_ago, "--key", str(path)]
    done = commensura(*words)
    assert (done.returncode, "name it by `--key`" in done.stderr) == (2, True)
    assert not path.exists()


def test_a_key_file_that_is_not_there_is_not_made_by_replaying(
    door: Door, release_file: Path, trusting: tuple[str, ...], tmp_path: Path
) -> None:
    path = tmp_path / "none.key"
    words = ["replay", "--database", door.url, "--release", str(release_file), *trusting]
    done = commensura(*words, "--key", str(path))
    assert (done.returncode, "name it by `--key`" in done.stderr) == (2, True)
    assert not path.exists()


def test_an_erasure_takes_persons_out_and_leaves_the_rest(door: Door) -> None:
    client = Client(door.app.test_client(), door.tokens[Role.OFFICER])
    kept = client.lodge(declaration("C", importer={"id": "NL1", "name": "A. Person"}))
    words = ["erase", "C", "--authority", "officer", "--reason", "GDPR, Article 17"]
    done = commensura(*words, "--database", door.url)
    assert done.returncode == 0
    receipt = client.get(f"/v1/decisions/{kept['id']}/receipt").json
    assert receipt["parts"]["persons"] is None
    assert receipt["parts"]["declaration"] is not None


@pytest.mark.parametrize("subject", ["nothing", f"draw-commitment:{NOW.date()}"])
def test_what_is_no_declaration_here_cannot_be_erased(door: Door, subject: str) -> None:
    words = [
        "erase",
        subject,
        "--everything",
        "--authority",
        "officer",
        "--reason",
        "GDPR, Article 17",
    ]
    assert commensura(*words, "--database", door.url).returncode == 2


def test_a_database_that_is_not_there_is_not_made_by_reading(tmp_path: Path) -> None:
    done = commensura("audit", "--database", f"sqlite:///{tmp_path / 'none.db'}")
    assert (done.returncode, "commensura migrate" in done.stderr) == (1, True)
    assert not (tmp_path / "none.db").exists()


def test_migrating_makes_a_database(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new.db'}"
    assert commensura("migrate", "--database", url).returncode == 0
    with Store.open(url) as store:
        assert store.ready() is None
