"""The commands that prove, as their user meets them."""

from __future__ import annotations

import json
from pathlib import Path

from tests.command_line import Done, run, run_apart
from tests.test_api_messages import AMENDMENT, CANCELLATION, SESAME, SESAME_JSON


def test_a_property_is_proved_of_a_release(release_file: Path, trusting: tuple[str, ...]) -> None:
    options = ("--property", "no-lesser-alternative", "--format", "json", *trusting)
    done = run("prove", str(release_file), *options)
    assert done.returncode == 0
    (proof,) = json.loads(done.stdout)["proofs"]
    assert (proof["property"], proof["outcome"]) == ("no-lesser-alternative", "proved")


def test_every_process_shows_the_same_counterexample(
    release_file: Path, trusting: tuple[str, ...]
) -> None:
    words = ("prove", str(release_file), "--property", "no-gap", "--format", "json", *trusting)
    one, other = (json.loads(run_apart(*words).stdout)["proofs"][0]["case"] for _ in range(2))
    assert one == other


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


def meaning_with(sample: Path, release: Path, *options: str) -> Done:
    """What no change at all means for a folder of declarations."""
    return run("diff", str(release), str(release), "--meaning", "--sample", str(sample), *options)


def test_a_sample_is_read_as_declarations_are_to_decide(
    release_file: Path, trusting: tuple[str, ...], tmp_path: Path
) -> None:
    bodies = {"a.xml": SESAME, "b/c.XML": AMENDMENT, "b/d.json": SESAME_JSON}
    for name, body in bodies.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(body)
    done = meaning_with(tmp_path, release_file, "--format", "json", *trusting)
    meaning = json.loads(done.stdout)["meaning"]
    assert (meaning["sample"], meaning["left_out"]) == (3, {})


def test_what_cannot_be_read_of_a_sample_is_told_with_its_reason(
    release_file: Path, trusting: tuple[str, ...], tmp_path: Path
) -> None:
    (tmp_path / "sesame.xml").write_bytes(SESAME)
    (tmp_path / "broken.json").write_bytes(b"{")
    (tmp_path / "cancelled.xml").write_bytes(CANCELLATION)
    done = meaning_with(tmp_path, release_file, *trusting)
    assert done.returncode == 0
    counted, broken, cancelled = done.stdout.splitlines()[-3:]
    assert counted == "0 of 1 sample declarations are decided otherwise"
    assert broken.startswith(f"not compared  {tmp_path / 'broken.json'}: (body): ")
    assert cancelled.startswith(f"not compared  {tmp_path / 'cancelled.xml'}: ")


def test_a_sample_without_declarations_is_bad_input(
    release_file: Path, trusting: tuple[str, ...], tmp_path: Path
) -> None:
    done = meaning_with(tmp_path, release_file, *trusting)
    assert done.returncode == 2
    assert "no declarations" in done.stderr


def test_what_does_not_change_means_nothing(release_file: Path, trusting: tuple[str, ...]) -> None:
    file = str(release_file)
    done = run("diff", file, file, "--meaning", "--format", "json", *trusting)
    assert done.returncode == 0
    assert json.loads(done.stdout)["meaning"]["overall"]["change"] == "equivalent"
