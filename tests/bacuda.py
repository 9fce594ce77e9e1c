"""Import items of the BACUDA data set as declarations, one a row.

The codes are of HS 2017. Nearly all mean the same in 2022; they are declared as they stand, so
that those which are no longer codes are reported. Prices are taken to be in Korean won, which
the data does not say. Where a field is empty it is left out.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROWS = Path(__file__).resolve().parents[2] / "shared/data/bacuda_customs_declarations"
FILES = ("df_syn_train_eng.csv", "df_syn_valid_eng.csv")
MODES = {"10": "sea", "20": "rail", "30": "road", "40": "air", "50": "post"}


def rows() -> Iterator[dict[str, str]]:
    """The rows of both files; `NA` stays the code of Namibia."""
    for name in FILES:
        with (ROWS / name).open(encoding="utf-8", newline="") as file:
            yield from csv.DictReader(file)


def declaration(row: dict[str, str], number: int) -> dict[str, Any]:
    """A request for the row *number*, in the shape of JSON."""
    item = {
        "item": 1,
        "commodityCode": row["HS6 Code"].zfill(6),
        "origin": row["Country of Origin"],
        "netMassKg": _number(row["Net Mass"]),
        "value": {"amount": _number(row["Item Price"]), "currency": "KRW", "basis": "invoice"},
    }
    header = {
        "id": f"{row['Declaration ID']}-{number}",
        "acceptedOn": row["Date"],
        "exportCountry": row["Country of Departure"],
        "importer": {"id": row["Importer ID"]},
        "exporter": {"id": row["Seller ID"]},
        "declarant": {"id": row["Declarant ID"]},
        "transportMode": MODES.get(row["Mode of Transport"], ""),
    }
    stated = {name: value for name, value in header.items() if value not in ("", {"id": ""})}
    return {"declaration": {**stated, "goods": [{k: v for k, v in item.items() if v != ""}]}}


def _number(text: str) -> int | float:
    return int(float(text)) if float(text).is_integer() else float(text)
