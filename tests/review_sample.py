"""A reviewed release for tests: the shipped rules, and few of the shipped features."""

from __future__ import annotations

import shutil
from pathlib import Path

from engine import release as releases
from engine.release import Release
from tests.conftest import ROOT
from tests.http_sample import Door, Doors

FEATURES = ROOT / "features"
FEW = ("tfa/article-7.4.3.feature", "tbt/article-5.1.2.feature")
CLAUSE, OTHER = "TFA-7.4.3", "TBT-5.1.2"
TOYS = "products/toys/small-parts"
CLOSED = "customs/low-value"
"""A rule that is restricted to customs."""

CLOSED_CLAUSE = "SPS-99.1"
CLOSED_CASE = """@SPS-99.1
Feature: A rule that is restricted
  Consignments of little value are looked at, too.

  Rule: Little value is no reason to look away
    Source: none
    Modal: may
    Addressee: customs
    Regime: customs
    Confidence: illustrative, checked 2026-11-26
    Not tested: all else

    @caught
    Scenario: The restricted rule is named
      Given the rule "{title}"
      And a consignment of cotton T-shirts
      When the declaration is decided on 2026-11-23
      Then the risk level is low
"""


def few_features(folder: Path, release: Release) -> Path:
    """A folder with two of the features, one about a restricted rule, and the register."""
    found = folder / "features"
    for name in FEW:
        (found / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(FEATURES / name, found / name)
    (found / "declarations").symlink_to(FEATURES / "declarations")
    shutil.copytree(FEATURES / "interpretations", found / "interpretations")
    title = next(rule.title for rule in release.base.rules if rule.id == CLOSED)
    (found / "closed.feature").write_text(CLOSED_CASE.format(title=title), "utf-8")
    return found


def reviewed_door(doors: Doors, release: Release, folder: Path, **more: object) -> Door:
    """A service with a release that is reviewed."""
    door = doors(reviewed=release, features=few_features(folder, release), **more)
    door.reviews.make(release.ref.digest, releases.silent)
    return door
