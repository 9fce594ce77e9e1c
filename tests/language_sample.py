"""Small rules and rule bases that the tests of the language write, change and read."""

# ruff: noqa: E501 (rules are quoted as their files write them, a test on one line)

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

from engine.language.base import ReadBase, read_base, read_text
from engine.language.checks import check
from engine.language.diagnostics import Diagnostic, RefusedError
from engine.language.rule import Rule
from engine.language.vocabulary import Vocabulary

DAY = date(2026, 11, 23)
IDENTIFIER = "products/toys/rattles"
FILE = f"rules/{IDENTIFIER}.toml"

BASIS = """
[basis.law]
cite = "A law, Article 1"
gist = "It says so."
status = "illustrative"
checked = 2026-11-23
"""

DANGER = f"""title = "Rattles can choke"
agency = "agency:MarketSurveillance"
phase = "assess"
regime = "TBT-conformity"
{BASIS}
[when]
all = [
  {{ fact = "goods.commodityCode", within = "9503", basis = "law" }},
]

[then]
danger = {{ hazard = "hazard:Choking", level = "level:High", population = "population:ChildrenUnder3", interest = "interest:Safety" }}
basis = "demonstration"
because = "It rattles."

[[example]]
name = "a rattle"
given = {{ "goods.commodityCode" = "950300" }}
expect = "applies"

[[example]]
name = "code not stated"
given = {{}}
expect = "undetermined"
"""
"""A rule without fault: its test stands on line 14, its consequence on line 18."""

TEST = '{ fact = "goods.commodityCode", within = "9503", basis = "law" }'

CONTROL = (
    DANGER.replace('"assess"', '"control"')
    .replace('basis = "law" },\n]', 'basis = "law" },\n]\n')
    .replace(
        'danger = { hazard = "hazard:Choking", level = "level:High", '
        'population = "population:ChildrenUnder3", interest = "interest:Safety" }',
        'control = [ { task = "control:Physical", rate = 1 } ]\n'
        'reason_class = "reason:ProductSafety"\nremedy = "None is needed."',
    )
    .replace('regime = "TBT-conformity"', 'regime = "TBT-conformity"\nmandate = true')
)
"""A mandate without fault."""

TABLE = f"""title = "Check {{product}}"
agency = "agency:FoodAndFeed"
phase = "control"
regime = "SPS"
mandate = true

[table]
rows = "nuts.csv"
{BASIS}
[when]
all = [
  {{ fact = "goods.commodityCode", within = {{ column = "code" }}, basis = "law" }},
  {{ fact = "goods.originGrown", is = {{ column = "origin" }}, basis = "law" }},
  {{ fact = "goods.state", is = {{ column = "state", blank = "any" }}, basis = "law" }},
]

[then]
control = [ {{ task = "control:Identity", rate = {{ column = "rate" }} }} ]
reason_class = "reason:FoodSafety"
remedy = "None is needed."
because = "{{product}} is listed."

[[example]]
name = "nuts"
row = "N1"
given = {{ "goods.commodityCode" = "08021100", "goods.originGrown" = "NG", "goods.state" = "state:Dried" }}
expect = "applies"

[[example]]
name = "origin not stated"
row = "N1"
given = {{ "goods.commodityCode" = "08021100" }}
expect = "undetermined"
"""

ROWS = """id,product,code,origin,state,rate
N1,Almonds,080211,NG,state:Dried,0.20
N1,Almonds,080212,NG,state:Dried,0.20
N2,Hazelnuts,080221,TR,,0.10
"""


def changed(text: str, *changes: tuple[str, str]) -> str:
    """*text* with each former piece, which must stand in it, replaced."""
    for former, new in changes:
        assert former in text, former
        text = text.replace(former, new)
    return text


def with_test(test: str, text: str = DANGER) -> str:
    return changed(text, (TEST, test))


def read(text: str, vocabulary: Vocabulary) -> Rule:
    return read_text(text.encode(), IDENTIFIER, vocabulary, {})


def refused(text: str | bytes, vocabulary: Vocabulary) -> tuple[Diagnostic, ...]:
    """What is said against *text*, which must be refused."""
    raw = text.encode() if isinstance(text, str) else text
    try:
        read_text(raw, IDENTIFIER, vocabulary, {})
    except RefusedError as error:
        return error.diagnostics
    raise AssertionError("this text was not refused")


def only(diagnostics: tuple[Diagnostic, ...] | list[Diagnostic]) -> Diagnostic:
    """The one diagnostic there is."""
    assert len(diagnostics) == 1, "\n".join(map(str, diagnostics))
    return diagnostics[0]


def place(diagnostic: Diagnostic) -> tuple[str, str, int]:
    return diagnostic.code, diagnostic.file, diagnostic.line


def write_base(knowledge_base: Path, folder: Path, **files: str) -> Path:
    """A rule base of the shipped matrices and *files*, named ``a__b`` for `a/b.toml`."""
    rules = folder / "rules"
    shutil.copytree(knowledge_base / "rules" / "harmonised", rules / "harmonised")
    for name, text in files.items():
        write(rules, name.replace("__", "/") + ".toml", text)
    return rules


def write(rules: Path, name: str, text: str) -> None:
    path = rules / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def refused_base(rules: Path, vocabulary: Vocabulary) -> tuple[Diagnostic, ...]:
    try:
        read_base(rules, vocabulary)
    except RefusedError as error:
        return error.diagnostics
    raise AssertionError("this rule base was not refused")


def checked(
    rules: Path, vocabulary: Vocabulary, day: date = DAY, *, code: str | None = None
) -> list[Diagnostic]:
    """What the checks find, or only what has *code*."""
    read: ReadBase = read_base(rules, vocabulary)
    found = check(read, vocabulary, day)
    return [diagnostic for diagnostic in found if code in (None, diagnostic.code)]
