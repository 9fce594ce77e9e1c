"""The commands that prove, as their user meets them."""

from __future__ import annotations

import json
from pathlib import Path

from tests.test_api_cli import run


def test_a_property_is_proved_of_a_release(release_file: Path, trusting: tuple[str, ...]) -> None:
    options = ("--property", "no-lesser-alternative", "--format", "json", *trusting)
    done = run("prove", str(release_file), *options)
    assert done.returncode == 0
    (proof,) = json.loads(done.stdout)["proofs"]
    assert (proof["property"], proof["outcome"]) == ("no-lesser-alternative", "proved")


def test_without_time_everything_is_undecided_and_the_exit_code_says_so(
    release_file: Path, trusting: tuple[str, ...]
) -> None:
    options = ("--property", "within-ladder", "--budget", "0.1", *trusting)
    done = run("prove", str(release_file), *options)
    assert done.returncode == 1
    assert "undecided  within-ladder" in done.stdout
    assert "0 of 1 properties hold" in done.stdout


def test_an_unknown_property_is_bad_input(release_file: Path, trusting: tuple[str, ...]) -> None:
    done = run("prove", str(release_file), "--property", "no-gapp", *trusting)
    assert done.returncode == 2
    assert "did you mean `no-gap`?" in done.stderr


def test_what_does_not_change_means_nothing(release_file: Path, trusting: tuple[str, ...]) -> None:
    file = str(release_file)
    done = run("diff", file, file, "--meaning", "--format", "json", *trusting)
    assert done.returncode == 0
    assert json.loads(done.stdout)["meaning"]["overall"]["change"] == "equivalent"
