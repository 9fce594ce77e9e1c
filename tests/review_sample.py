"""A reviewed release for tests: the shipped rules, and few features of the tests' own."""

from __future__ import annotations

import shutil
from hashlib import sha256
from pathlib import Path
from typing import Any

from api.service.reviews import Job, reviewed
from engine import release as releases
from engine.release import Progress, Release
from tests.conftest import ROOT
from tests.http_sample import Door, Doors

FEATURES = ROOT / "features"
OWN = ROOT / "tests" / "review_features"
CLAUSE, OTHER = "TFA-7.4.3", "TBT-5.1.2"
TOYS = "products/toys/small-parts"
CLOSED, CLOSED_CLAUSE = "customs/low-value", "SPS-99.1"
"""A rule that is restricted to customs, and the clause of a scenario that names it."""


def few_features(folder: Path) -> Path:
    """A folder with few features, the shipped declarations, and the shipped register."""
    found = folder / "features"
    shutil.copytree(OWN, found)
    (found / "declarations").symlink_to(FEATURES / "declarations")
    shutil.copytree(FEATURES / "interpretations", found / "interpretations")
    return found


def of_one_article(folder: Path) -> Path:
    """The same folder with the shipped knowledge base, and one of its articles."""
    for name in ("ontology", "rules"):
        (folder / name).symlink_to(ROOT / name)
    features = folder / "features"
    (features / "tfa").mkdir(parents=True)
    (features / "declarations").symlink_to(FEATURES / "declarations")
    text = (FEATURES / "tfa" / "article-7.1.feature").read_text("utf-8")
    (features / "tfa" / "article.feature").write_text(text, "utf-8")
    return folder


_MADE: dict[tuple[str, str, str], bytes] = {}


def once(job: Job, progress: Progress) -> None:
    """What `Make` asks for, made once in a process of tests by the same sources."""
    key = (sha256(Path(job.release).read_bytes()).hexdigest(), job.sources, str(job.on))
    if key not in _MADE:
        reviewed(job, progress)
        _MADE[key] = Path(job.out).read_bytes()
    progress("scenarios", 5, 5)
    Path(job.out).write_bytes(_MADE[key])


def reviewing_door(doors: Doors, release: Release, folder: Path, **more: Any) -> Door:
    """A service with a release that nobody reviewed yet."""
    return doors(reviewed=release, features=few_features(folder), make=once, **more)


def reviewed_door(doors: Doors, release: Release, folder: Path, **more: Any) -> Door:
    """A service with a release that is reviewed."""
    door = reviewing_door(doors, release, folder, **more)
    door.reviews.make(door.reviews.ref.digest, releases.silent)
    return door
