"""Features made up for tests of how features are read, matched and run."""

from __future__ import annotations

import textwrap

from engine.specs.feature import Feature
from engine.specs.reading import read_feature

RECORD = """\
    Source: an agreement, Article 1
    Modal: shall, whenever possible
    Addressee: the Member
    Regime: customs, SPS
    Confidence: to-confirm, checked 2026-11-26
    Not tested: much of it,
      as this line goes on to say
"""
HEAD = "@TST-1\nFeature: An article\n  What it is about.\n\n  Rule: One obligation\n"
SHIRTS = """\
Given a consignment of cotton T-shirts
When the declaration is decided on 2026-11-23
"""


def text_of(*scenarios: str, record: str = RECORD) -> str:
    """A feature of one obligation with these scenarios, each its name and its steps."""
    parts = []
    for scenario in scenarios:
        name, _, steps = scenario.partition("\n")
        parts.append(f"    Scenario: {name}\n{textwrap.indent(steps, '      ')}")
    return "\n\n".join([HEAD + record.rstrip("\n"), *parts])


def feature_of(*scenarios: str, record: str = RECORD) -> Feature:
    """The same, read."""
    return read_feature(text_of(*scenarios, record=record), "features/made.feature")
