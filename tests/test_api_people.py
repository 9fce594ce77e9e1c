"""Commands on persons, and the persons of the demo, as a new user would give and meet them."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.commands import demo, terminal
from api.service.accounts import Accounts
from api.store import Store
from tests.command_line import Done, run
from tests.people_sample import AGENCIES, CUSTOMS, PASSWORD
from tests.serving import serving


def commensura(*words: str, given: str = "") -> Done:
    return run("person", *words, body=given.encode())


@pytest.fixture
def database(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'store.db'}"


def added(
    database: str, by_release: tuple[str, ...], *more: str, given: str = f"{PASSWORD}\n"
) -> Done:
    named = ["--name", "Ada", "--agency", CUSTOMS, "--database", database, *by_release]
    return commensura("add", "ada", *named, *more, given=given)


def signs_in(database: str, password: str, name: str = "ada") -> bool:
    with Store.open(database) as store:
        accounts = Accounts(store, terminal.now)
        return accounts.sign_in(name, password, "127.0.0.1") is not None


def test_a_person_that_was_added_signs_in(database: str, by_release: tuple[str, ...]) -> None:
    done = added(database, by_release, "--duty", "author", "--duty", "approver")
    assert done.returncode == 0
    assert done.stdout == "ada  Ada of agency:Customs  approver, author\n"
    assert PASSWORD not in done.stdout + done.stderr
    assert signs_in(database, PASSWORD)


def test_persons_are_listed_without_their_hashes(
    database: str, by_release: tuple[str, ...]
) -> None:
    added(database, by_release, "--duty", "author")
    done = commensura("list", "--database", database, "--format", "json")
    shown = json.loads(done.stdout)
    assert (shown["id"], shown["duties"]) == ("ada", ["author"])
    assert "argon2" not in done.stdout + commensura("list", "--database", database).stdout


@pytest.mark.parametrize(
    ("more", "given", "words"),
    [
        (["--agency", "agency:Custom"], PASSWORD, "did you mean `agency:Customs`?"),
        (["--agency", "customs office"], PASSWORD, "agency:PlantHealth"),
        (["--name", " "], PASSWORD, "/name"),
        ([], "", "at least 12 characters"),
        ([], "short", "the password has 5 characters"),
        ([], "x" * 2_000_000, "the password is too long"),
        (["--duty", "owner"], PASSWORD, "owner"),
        (["--subject", ""], PASSWORD, "/subject"),
    ],
)
def test_bad_input_is_refused_and_nobody_is_added(
    database: str, by_release: tuple[str, ...], more: list[str], given: str, words: str
) -> None:
    done = added(database, by_release, *more, given=given)
    assert (done.returncode, words in done.stderr) == (2, True)
    assert "ada" not in commensura("list", "--database", database).stdout


def test_a_name_is_given_once(database: str, by_release: tuple[str, ...]) -> None:
    added(database, by_release)
    done = added(database, by_release)
    assert (done.returncode, "`ada` already" in done.stderr) == (2, True)


def test_another_password_takes_the_place_of_the_former(
    database: str, by_release: tuple[str, ...]
) -> None:
    added(database, by_release)
    other = "another cart, another quay"
    assert commensura("password", "ada", "--database", database, given=other).returncode == 0
    assert not signs_in(database, PASSWORD)
    assert signs_in(database, other)


def test_a_disabled_person_signs_in_no_more(database: str, by_release: tuple[str, ...]) -> None:
    added(database, by_release)
    assert "disabled" in commensura("disable", "ada", "--database", database).stdout
    assert not signs_in(database, PASSWORD)
    done = commensura("duties", "ada", "--duty", "author", "--database", database)
    assert (done.returncode, "is disabled" in done.stderr) == (2, True)


def test_who_signs_in_by_a_provider_only_has_no_password(
    database: str, by_release: tuple[str, ...]
) -> None:
    done = added(database, by_release, "--no-password", "--subject", "s-1", given="")
    assert done.returncode == 0
    assert not signs_in(database, "")


def test_nobody_unknown_is_disabled(database: str, by_release: tuple[str, ...]) -> None:
    added(database, by_release)
    done = commensura("disable", "eve", "--database", database)
    assert (done.returncode, "commensura person list" in done.stderr) == (2, True)


# The demo


@pytest.fixture
def store(database: str) -> Iterator[Store]:
    with Store.open(database, create=True) as opened:
        yield opened


def kept(path: Path) -> dict[str, str]:
    return dict(line.split() for line in path.read_text().splitlines())


ALL = (*AGENCIES, "agency:FoodAndFeed")


def test_the_demo_has_three_of_one_agency_and_one_of_another(store: Store, tmp_path: Path) -> None:
    demo.people(store, tmp_path / "people", ALL)
    agencies = [account.agency for account in store.people.listed()]
    assert sorted(agencies) == [CUSTOMS, CUSTOMS, CUSTOMS, "agency:FoodAndFeed"]
    accounts = Accounts(store, terminal.now)
    for name, password in kept(tmp_path / "people").items():
        assert accounts.sign_in(name, password, "127.0.0.1") is not None


def test_no_person_of_the_demo_both_writes_and_approves_for_customs(
    store: Store, tmp_path: Path
) -> None:
    demo.people(store, tmp_path / "people", ALL)
    for account in store.people.listed(CUSTOMS):
        assert not {"author", "approver"} <= account.duties


def test_passwords_of_the_demo_are_random_told_once_and_for_their_owner(
    store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "people"
    demo.people(store, path, ALL)
    told = capsys.readouterr().out
    assert all(f"{name} {password}" in told for name, password in kept(path).items())
    assert len(set(kept(path).values())) == 4
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    before = path.read_text()
    demo.people(store, path, ALL)
    assert (path.read_text(), capsys.readouterr().out) == (before, "")


def test_a_new_store_gets_the_demo_s_persons_with_the_passwords_that_are_kept(
    store: Store, tmp_path: Path
) -> None:
    path = tmp_path / "people"
    demo.people(store, path, ALL)
    before = path.read_text()
    other = f"sqlite:///{tmp_path / 'other.db'}"
    with Store.open(other, create=True) as another:
        demo.people(another, path, ALL)
    assert path.read_text() == before
    assert signs_in(other, kept(path)["demo-author"], "demo-author")


def test_serving_outside_demo_mode_makes_nobody_and_tells_of_who_is_left(
    release_file: Path, tmp_path: Path
) -> None:
    with serving(tmp_path, release_file) as server, Store.open(server.database) as store:
        assert store.people.listed() == []
        demo.people(store, tmp_path / "people", ALL)
    with serving(tmp_path, release_file) as server:
        assert "commensura person disable demo-author" in server.said()


def test_a_provider_is_named_whole_or_not_at_all(release_file: Path, tmp_path: Path) -> None:
    words = ["serve", "--oidc-issuer", "https://id.example.org", "--release", str(release_file)]
    words += ["--trust", str(release_file.parent / "signing.pub")]
    done = run(*words)
    assert (done.returncode, "go together" in done.stderr) == (2, True)


@pytest.mark.parametrize(
    ("issuer", "mode", "words"),
    [
        ("http://id.example.org", 0o600, "https://"),
        ("https://id.example.org", 0o644, "open to others"),
        ("https://id.example.org", None, "there is no file"),
    ],
)
def test_a_provider_that_cannot_be_used_is_refused_before_serving(
    release_file: Path, tmp_path: Path, issuer: str, mode: int | None, words: str
) -> None:
    secret = tmp_path / "secret"
    if mode is not None:
        secret.write_text("x\n")
        secret.chmod(mode)
    named = ["serve", "--oidc-issuer", issuer, "--oidc-client", "c", "--oidc-secret", str(secret)]
    named += ["--release", str(release_file), "--trust", str(release_file.parent / "signing.pub")]
    done = run(*named)
    assert (done.returncode, words in done.stderr) == (2, True)
