"""A table as large as one likes, for tests and benchmarks."""

from __future__ import annotations

from itertools import cycle
from pathlib import Path

from engine.language.vocabulary import Vocabulary

TABLE = """\
title = "Check {code} from {origin}"
agency = "agency:Customs"
phase = "control"
regime = "customs"
mandate = true

[table]
rows = "large.csv"

[when]
all = [
  { fact = "goods.commodityCode", within = { column = "code" }, basis = "customs-controls" },
  { fact = "goods.origin", is = { column = "origin" }, basis = "customs-controls" },
]

[then]
control = [ { task = "control:Documentary", rate = { column = "rate" } } ]
reason_class = "reason:FiscalAccuracy"
remedy = "None is needed."
because = "Row {id} names {code}."

[[example]]
name = "first row"
row = "R0"
given = { "goods.commodityCode" = "010121", "goods.origin" = "NG" }
expect = "applies"

[[example]]
name = "origin not stated"
row = "R0"
given = { "goods.commodityCode" = "010121" }
expect = "undetermined"
"""


def lines(vocabulary: Vocabulary, count: int) -> list[str]:
    """The header and *count* rows, over all subheadings."""
    codes = cycle(sorted(code for code in vocabulary.codes if len(code) == 6))
    origins = ("NG", "IN", "CN")
    rows = (
        f"R{n},{code},{origins[n % 3]},0.{n % 9 + 1}"
        for n, code in zip(range(count), codes, strict=False)
    )
    return ["id,code,origin,rate", *rows]


def write(rules: Path, rows: list[str]) -> None:
    """Put the table into a folder of rules."""
    (rules / "customs").mkdir(exist_ok=True)
    (rules / "customs" / "large.toml").write_text(TABLE)
    (rules / "customs" / "large.csv").write_text("\n".join(rows) + "\n")
