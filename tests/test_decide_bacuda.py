"""Real import items, as thin as customs data is: each is decided, and nothing rests on a maybe."""

from __future__ import annotations

import json
import os
from collections import Counter
from datetime import date

import pytest

from engine.decide.deciding import Decider
from engine.decide.decision import Decision
from engine.decide.draw import WHAT_IF, DrawKeys
from engine.declaration.reading import read_request
from engine.language.vocabulary import Vocabulary
from tests.bacuda import ROWS, declaration, rows

pytestmark = pytest.mark.skipif(
    not ROWS.is_dir(), reason="the import items in ../shared/data are not here"
)
FULL = bool(os.environ.get("COMMENSURA_FULL"))
EVERYDAY = 300
DAY = date(2026, 11, 23)
BORDER = ("food/increased-controls", "food/entry-document", "food/certificates",
          "food/entry-prohibited")  # fmt: skip


def sample() -> list[dict[str, str]]:
    every = list(rows())
    assert len(every) == 45_519
    return every if FULL else every[:: len(every) // EVERYDAY][:EVERYDAY]


def decided(decider: Decider, row: dict[str, str], number: int) -> Decision:
    body = json.dumps(declaration(row, number)).encode()
    return decider.decide(read_request(body), on=DAY, keys=DrawKeys(WHAT_IF), what_if=True)


def test_every_row_is_decided_and_no_possible_match_imposes_anything(
    decider: Decider, vocabulary: Vocabulary
) -> None:
    counts: Counter[str] = Counter()
    for number, row in enumerate(sample()):
        decision = decided(decider, row, number)
        (item,) = decision.items
        certain = {one.rule for one in item.applied if one.rule.startswith(BORDER)}
        possible = {one.rule for one in item.undetermined if one.rule.startswith(BORDER)}
        imposing = {one.reasons.rule for one in (*item.controls, *item.statuses)}
        assert imposing <= {one.rule for one in item.applied}
        assert not imposing & possible
        remarks = {remark.code for remark in decision.remarks}
        unknown = not vocabulary.knows_code(row["HS6 Code"].zfill(6))
        assert ("unknown-code" in remarks) == unknown
        countries = {row["Country of Origin"], row["Country of Departure"]}
        assert ("unknown-country" in remarks) == bool(countries - set(vocabulary.countries))
        counts["rows"] += 1
        counts[f"channel {decision.channel.value}"] += 1
        counts["with a certain match of 2019/1793"] += bool(certain)
        counts["with a possible match of 2019/1793"] += bool(possible)
        counts["unknown code"] += unknown
        counts["unknown country"] += "unknown-country" in remarks
        counts["pending"] += decision.pending
    print(f"\n{dict(counts)}")
    assert counts["rows"] == (45_519 if FULL else EVERYDAY)


def test_namibia_is_a_country_and_zz_is_none(decider: Decider) -> None:
    row = next(row for row in rows() if row["Country of Origin"] not in ("", "ZZ"))
    for code, known in (("NA", True), ("ZZ", False)):
        decision = decided(decider, {**row, "Country of Origin": code}, 0)
        told = {one.pointer for one in decision.remarks if one.code == "unknown-country"}
        assert ("/declaration/goods/0/origin" in told) != known


def test_a_price_and_a_mass_of_nothing_are_decided_on(decider: Decider) -> None:
    row = {**next(rows()), "Item Price": "0", "Net Mass": "0.0"}
    assert decided(decider, row, 0).items
