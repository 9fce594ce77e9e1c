"""The example declarations are whole, mean what they say, and fit the published schema."""

from __future__ import annotations

import json
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from engine.declaration.derive import Derived, item_facts
from engine.declaration.facts import DocumentStatus
from engine.declaration.problems import ReportCode
from engine.declaration.reading import read_request
from engine.declaration.schema import request_schema
from engine.language.vocabulary import Vocabulary
from tests.declaration_sample import DAY
from tests.vocabulary_sample import vocabulary_sample

EXAMPLES = Path(__file__).parent.parent / "features" / "declarations"
BY_NAME = {path.stem: path for path in sorted(EXAMPLES.glob("*.json"))}
SAMPLED = (
    "cotton-t-shirts",
    "dried-beans-nigeria",
    "plush-toy-small-parts",
    "sesame-nigeria",
    "sesame-nigeria-verified",
    "usb-charger-unmarked",
)
"""Those that need no more words than the sample vocabulary has."""

TROUBLE = set(ReportCode) - {ReportCode.UNDECLARED_DAY}


@cache
def ontology() -> Vocabulary:
    """The real vocabulary, where the ontology can be loaded yet."""
    knowledge = pytest.importorskip("engine.knowledge", reason="engine.knowledge is not built yet")
    load = getattr(knowledge, "load", None)
    if load is None:
        pytest.skip("engine.knowledge does not load an ontology yet")
    vocabulary: Vocabulary = load(Path(__file__).parent.parent / "ontology")
    return vocabulary


def derived(name: str, vocabulary: Vocabulary | None = None) -> Derived:
    request = read_request(BY_NAME[name].read_bytes())
    return item_facts(request, vocabulary or vocabulary_sample(), DAY)


def valid(sent: Any) -> bool:
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is for tests only")
    return bool(jsonschema.Draft202012Validator(request_schema()).is_valid(sent))


def test_no_example_is_lost() -> None:
    assert len(BY_NAME) >= 15


@pytest.mark.parametrize("name", SAMPLED)
def test_an_example_leaves_nothing_to_report_but_days(name: str) -> None:
    assert [report for report in derived(name).reports if report.code in TROUBLE] == []


@pytest.mark.parametrize("name", BY_NAME)
def test_an_example_speaks_the_words_of_the_ontology(name: str) -> None:
    reports = derived(name, ontology()).reports
    assert [report for report in reports if report.code in TROUBLE] == []


@pytest.mark.parametrize("name", BY_NAME)
def test_an_example_fits_the_schema(name: str) -> None:
    assert valid(json.loads(BY_NAME[name].read_bytes()))


@pytest.mark.parametrize(
    "change",
    [
        {"item": 0},
        {"item": "1"},
        {"commodityCode": "12074"},
        {"netMassKg": "20000"},
        {"netMassKg": -1},
        {"netMass": 1},
        {"documents": [{"type": "C678"}]},
        {"documents": [{"type": "C678", "id": "X", "status": "fine"}]},
    ],
)
def test_a_wrong_example_does_not_fit_the_schema(change: dict[str, Any]) -> None:
    sent = json.loads(BY_NAME["sesame-nigeria"].read_bytes())
    sent["declaration"]["goods"][0].update(change)
    assert not valid(sent)


def test_the_schema_is_sound_and_describes_every_part() -> None:
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is for tests only")
    schema = request_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    parts = [part for part in schema["$defs"].values() if part.get("type") == "object"]
    assert all(part["description"] for part in parts)


def test_no_default_hides_in_the_schema_of_what_a_number_is() -> None:
    assert "decimal" not in json.dumps(request_schema())


def test_the_sesame_seeds_come_without_papers() -> None:
    (item,) = derived("sesame-nigeria").items
    assert item.facts.documents == {}
    assert item.facts.values["goods.valuePerKg"].amount == Decimal("1.55")  # type: ignore[union-attr]


def test_the_verified_sesame_seeds_hold_verified_papers_only() -> None:
    (item,) = derived("sesame-nigeria-verified").items
    assert len(item.facts.documents) == 3
    assert set(item.facts.documents.values()) == {frozenset({DocumentStatus.VERIFIED})}


def test_the_plush_toy_has_an_importer_with_a_poor_history() -> None:
    (item,) = derived("plush-toy-small-parts").items
    assert item.facts.values["importer.nonCompliantShare"] == Decimal("0.4")
    assert item.facts.values["importer.inspections"] == 25
