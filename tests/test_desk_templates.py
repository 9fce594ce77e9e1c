"""A new rule starts from something that passes every check."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from engine.desk.desk import Desk
from engine.desk.templates import FILL_IN, TEMPLATES, copied, template
from engine.language.diagnostics import RefusedError, Severity
from engine.language.source import Source
from engine.language.vocabulary import Vocabulary

ROOT = Path(__file__).resolve().parent.parent
DAY = date(2026, 11, 23)
NEW, FORMER = "made/new-rule", "products/toys/small-parts"
KINDS = [one.id for one in TEMPLATES]


@pytest.fixture(scope="session")
def desk(vocabulary: Vocabulary) -> Desk:
    return Desk.of(ROOT, vocabulary)


def former() -> str:
    return (ROOT / f"rules/{FORMER}.toml").read_text("utf-8")


@pytest.mark.parametrize("kind", KINDS)
def test_template_passes_every_check(kind: str, desk: Desk) -> None:
    path = f"rules/{NEW}.toml"
    found = desk.changed({path: template(kind, NEW, DAY).encode()}).check(path, DAY)
    errors = [one for one in found.diagnostics if one.severity is Severity.ERROR]
    assert errors == []
    assert found.sound
    assert all(case.holds for case in found.examples)


@pytest.mark.parametrize("kind", KINDS)
def test_template_says_what_is_to_be_filled_in(kind: str) -> None:
    assert FILL_IN in template(kind, NEW, DAY)


def test_templates_cover_every_kind_of_consequence() -> None:
    held = {
        key
        for kind in KINDS
        for key in Source("x", template(kind, NEW, DAY).encode()).content["then"]
    }
    assert held >= {"control", "status", "danger", "likelihood", "concludes"}


def test_copy_keeps_comments_and_examples() -> None:
    assert copied(former(), FORMER, NEW) == former()


def test_successor_names_its_predecessor() -> None:
    text = copied(former(), FORMER, NEW, succeeds=True)
    assert Source("x", text.encode()).content["replaces"] == FORMER
    assert set(former().splitlines()) <= set(text.splitlines())


def test_copy_of_a_successor_replaces_nothing() -> None:
    text = copied(former(), FORMER, NEW, succeeds=True)
    assert copied(text, NEW, "made/third") == former()


@pytest.mark.parametrize("identifier", ["x", "Made/Rule", "../made/rule", "made/rule#1", "made/"])
def test_what_is_no_id_is_refused(identifier: str) -> None:
    with pytest.raises(RefusedError):
        template("control", identifier, DAY)
    with pytest.raises(RefusedError):
        copied(former(), FORMER, identifier)


def test_unknown_template_is_refused() -> None:
    with pytest.raises(RefusedError, match="no template"):
        template("../../README", NEW, DAY)
