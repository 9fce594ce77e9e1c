"""Small requests for tests, read and derived as a caller's would be, by the sample vocabulary."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from engine.declaration.derive import Derived, item_facts
from engine.declaration.problems import ReportCode
from engine.declaration.reading import read_request
from tests.vocabulary_sample import vocabulary_sample

DAY = date(2026, 11, 23)
VOCABULARY = vocabulary_sample()


def derived(*items: dict[str, Any], known: Any = None, **declaration: Any) -> Derived:
    goods = [{"item": number, **item} for number, item in enumerate(items or ({},), start=1)]
    sent = {"declaration": {"id": "D1", "goods": goods, **declaration}, "known": known or {}}
    return item_facts(read_request(json.dumps(sent).encode()), VOCABULARY, DAY)


def reported(result: Derived, code: ReportCode) -> list[str]:
    return [report.pointer for report in result.reports if report.code == code]


def values(*items: dict[str, Any], known: Any = None, **declaration: Any) -> dict[str, Any]:
    return dict(derived(*items, known=known, **declaration).items[0].facts.values)
