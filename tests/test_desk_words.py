"""Words to choose from, in the order in which a person looks for them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.desk.words import MOST, Words
from engine.language.operands import operators
from engine.language.vocabulary import Vocabulary

DAY = date(2026, 11, 23)
KINDS = [
    *("fact", "term", "country", "group", "currency", "agency", "task", "basis"),
    *("hazard", "code", "certificate", "product"),
]


@pytest.fixture(scope="module")
def words(vocabulary: Vocabulary) -> Words:
    return Words(vocabulary)


def ids(words: Words, kind: str, query: str = "", under: str | None = None) -> list[str]:
    return [word.id for word in words.words(kind, query, under)]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_words(kind: str, words: Words) -> None:
    assert words.words(kind)


def test_unknown_kind_has_none(words: Words) -> None:
    assert words.words("colour") == ()


def test_label_that_starts_so_comes_before_a_word_that_does(words: Words) -> None:
    labels = [word.label.casefold() for word in words.words("product", "toy")]
    starting = [label.startswith("toy") for label in labels]
    assert starting == sorted(starting, reverse=True)
    assert labels[0] == "toy"


def test_fact_comes_with_unit_and_operators_in_words(words: Words) -> None:
    (fact,) = [w for w in words.words("fact", "age") if w.id == "goods.intendedAgeMonths"]
    said = {one.name: one.words for one in fact.operators}
    assert (fact.type, fact.unit, said["under"]) == ("number", "months", "less than")


def test_fact_has_the_operators_that_the_reader_takes(words: Words, vocabulary: Vocabulary) -> None:
    for fact in vocabulary.facts.values():
        assert {one.name for one in words.operators(fact)} == {o.value for o in operators(fact)}


def test_ordered_fact_comes_with_its_order(words: Words, vocabulary: Vocabulary) -> None:
    (level,) = [word for word in words.words("fact", "item.riskLevel") if word.order]
    assert level.order == vocabulary.facts["item.riskLevel"].order


def test_terms_under_a_class_only(words: Words, vocabulary: Vocabulary) -> None:
    found = ids(words, "term", under="product:Toy")
    assert "product:PlushToy" in found
    assert all(vocabulary.is_a(term, "product:Toy") for term in found)


def test_code_is_found_by_digits_or_by_words(words: Words) -> None:
    assert "120740" in ids(words, "code", "1207 4")
    assert "120740" in ids(words, "code", "sesamum")


def test_national_code_is_offered_as_it_is(words: Words) -> None:
    assert ids(words, "code", "12074090") == ["12074090"]


def test_code_has_its_place_in_the_tree(words: Words) -> None:
    assert [code.code for code in words.place("120740")] == ["12", "1207", "120740"]
    assert "120740" in [code.code for code in words.below("1207")]
    assert len(words.below()) == 97 - 1  # chapter 77 is kept free


def test_every_code_is_below_the_one_above_it(words: Words, vocabulary: Vocabulary) -> None:
    for code in vocabulary.codes:
        assert code in [one.code for one in words.below(code[:-2])]


def test_group_has_the_members_of_a_day(words: Words, vocabulary: Vocabulary) -> None:
    for group in vocabulary.groups.values():
        held = words.members(group.id, DAY)
        assert held is not None
        assert set(held.members) == {one.country for one in group.members if DAY in one.period}


def test_countries_of_a_group(words: Words, vocabulary: Vocabulary) -> None:
    group = next(iter(vocabulary.groups.values()))
    members = {one.country for one in group.members}
    assert set(ids(words, "country", under=group.id)) <= members


@given(
    kind=st.sampled_from(KINDS),
    query=st.text(max_size=20),
    under=st.none() | st.text(max_size=5),
    limit=st.integers(-5, 1000),
)
def test_any_question_has_an_answer_within_its_limit(
    kind: str, query: str, under: str | None, limit: int, words: Words
) -> None:
    assert len(words.words(kind, query, under, limit)) <= max(0, min(limit, MOST))
