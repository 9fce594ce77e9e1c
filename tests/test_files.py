"""Files: whole or not at all, once among many processes, secrets for their owner only."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from engine import files
from tests.evidence_sample import said_at_once

MAKING = """
from engine import files
mine = str(os.getpid()).zfill(10).encode() * 2_000
print(files.secret(Path(sys.argv[1]), lambda: mine).decode())
"""


def test_processes_that_make_a_secret_at_once_all_hold_the_same(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "secret"
    assert said_at_once(MAKING, path) == {path.read_text()}
    assert len(path.read_text()) == 20_000
    assert list(path.parent.iterdir()) == [path]


def test_who_comes_second_does_not_create_it(tmp_path: Path) -> None:
    path = tmp_path / "file"
    assert files.create(path, b"first")
    assert not files.create(path, b"second")
    assert path.read_bytes() == b"first"
    assert list(tmp_path.iterdir()) == [path]


def test_a_new_file_has_no_name_before_its_content_is_on_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, seen = tmp_path / "secret", []
    monkeypatch.setattr(os, "fsync", lambda _: seen.append(path.exists()))
    files.secret(path, lambda: b"secret")
    assert seen == [False, True]  # the content, then the folder with the name


def test_an_interrupted_creation_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(os, "fsync", fails)
    with pytest.raises(OSError, match="disk is full"):
        files.secret(tmp_path / "secret", lambda: b"secret")
    assert list(tmp_path.iterdir()) == []


def test_a_secret_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    files.secret(tmp_path / "secret", lambda: b"secret")
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o666])
def test_a_secret_that_others_may_open_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "secret"
    files.secret(path, lambda: b"secret")
    path.chmod(mode)
    with pytest.raises(ValueError, match=f"chmod 600 {path}"):
        files.secret(path, lambda: b"another")


def test_a_secret_that_its_owner_may_only_read_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    files.secret(path, lambda: b"secret")
    path.chmod(0o400)
    assert files.secret(path, lambda: b"another") == b"secret"
