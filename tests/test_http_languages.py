"""The languages of pages: whole catalogues, the reader's choice, and what stays in English."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po
from flask.testing import FlaskClient

from api.http.languages import COOKIE, LANGUAGES, MISSING, catalogue, catalogue_file
from api.service.authoring.interval import Threat
from api.service.authoring.steps import Status, Step
from api.service.people import Duty
from api.store import Role
from api.words import spoken
from api.words.decided import CHANNELS
from engine.desk.finding import STATES
from engine.desk.templates import TEMPLATES
from engine.language.diagnostics import Severity
from engine.language.rule import Phase
from engine.language.rules import REGIMES, STATUSES, VERDICTS
from engine.release import Release
from engine.specs.feature import MODALS
from engine.specs.runner import Outcome
from engine.specs.safeguards import Verdict
from tests.http_sample import JSON, Door, Doors
from tests.people_sample import HTML, person, sent, signed_in
from tests.review_sample import CLAUSE, TOYS, reviewed_door

ROOT = Path(__file__).resolve().parent.parent
KEYWORDS: dict[str, Any] = {"_": None, "gettext": None, "spoken": None, "ngettext": (1, 2)}
TRANSLATED = [tag for tag in LANGUAGES if tag != "en"]
FORMS = {"fr": 2, "ar": 6}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")
TAG = re.compile(r"</?\w+>")
RULE = "/rules/products/toys/small-parts-danger"
OPEN = ["/", "/sign-in", "/try", "/rules", RULE, "/terms", "/facts", "/regulations", "/docs"]
MORE = ["/try?example=festival", "/terms?q=toy", "/terms/product/RadioToy", "/no-such-page"]
DETAILS = ["/facts/goods.netMassKg", "/regulations/ToySafetyDirective"]
ONES_OWN = ["/editor/", "/editor/?code=9503", "/people", "/people/anne", "/password"]
REVIEW = [
    *("/review/", f"/review/{CLAUSE}", f"/review/{CLAUSE}/try?at=14", "/review/matrix"),
    *("/review/interpretations", "/review/vocabulary", "/review/findings", "/review/mutation"),
    *(f"/review/rules/{TOYS}", "/review/NO-1"),
]
READ = [*OPEN, *MORE, *DETAILS, *ONES_OWN, *REVIEW]


@pytest.fixture(scope="module")
def door(doors: Doors, release: Release, tmp_path_factory: pytest.TempPathFactory) -> Door:
    made = reviewed_door(doors, release, tmp_path_factory.mktemp("languages"), edits=True)
    person(made, "anne", Duty.AUTHOR, Duty.ADMINISTRATOR, Duty.COUNSEL)
    return made


@pytest.fixture
def anne(door: Door) -> FlaskClient:
    return signed_in(door, "anne")


@pytest.fixture
def reader(door: Door) -> FlaskClient:
    return door.app.test_client()


def page(client: FlaskClient, path: str, **headers: str) -> str:
    return client.get(path, headers={**HTML, **headers}).get_data(as_text=True)


def language(text: str) -> tuple[str, str]:
    """The language of a page, and its direction."""
    found = re.search(r'<html lang="(\w+)" dir="(\w+)">', text)
    assert found is not None
    return found[1], found[2]


# Catalogues


@pytest.fixture(scope="module")
def extracted() -> frozenset[Any]:
    """What pages say, by the mapping that `make words` uses."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        mapping, options = parse_mapping_cfg(file)
    found = extract_from_dir(ROOT, mapping, options, KEYWORDS)
    return frozenset(one[2] for one in found)


def words(tag: str) -> Catalog:
    with catalogue_file(tag).open("rb") as file:
        return read_po(file, locale=tag)


def messages(tag: str) -> Iterator[Message]:
    return (one for one in words(tag) if one.id)


def forms(one: Message) -> tuple[str, ...]:
    return one.string if isinstance(one.string, tuple) else (one.string,)


def originals(one: Message) -> tuple[str, ...]:
    return one.id if isinstance(one.id, tuple) else (one.id,)


@pytest.mark.parametrize("tag", TRANSLATED)
def test_every_word_that_pages_say_is_translated_and_no_other(
    tag: str, extracted: frozenset[Any]
) -> None:
    known = {one.id for one in messages(tag) if all(forms(one)) and not one.fuzzy}
    assert known == extracted


@pytest.mark.parametrize("tag", TRANSLATED)
def test_every_count_has_all_forms_of_its_language(tag: str) -> None:
    assert words(tag).num_plurals == FORMS[tag]
    counts = {len(forms(one)) for one in messages(tag) if one.pluralizable}
    assert counts == {FORMS[tag]}


@pytest.mark.parametrize(
    ("tag", "count", "form"),
    [
        *(("fr", count, 0) for count in (0, 1)),
        *(("fr", count, 1) for count in (2, 21)),
        *(("ar", count, count) for count in (0, 1, 2)),
        *(("ar", count, 3) for count in (3, 10, 103)),
        *(("ar", count, 4) for count in (11, 99, 111)),
        *(("ar", count, 5) for count in (100, 101, 1002)),
    ],
)
def test_a_count_takes_the_form_of_its_number(tag: str, count: int, form: int) -> None:
    ids = ("%(num)d row", "%(num)d rows")
    assert catalogue(tag).ngettext(*ids, count) == forms(words(tag)[ids])[form]


@pytest.mark.parametrize("tag", TRANSLATED)
def test_translations_fill_in_what_the_original_does(tag: str) -> None:
    wrong = []
    for one in messages(tag):
        wanted = {name for text in originals(one) for name in PLACEHOLDER.findall(text)}
        for text in forms(one):
            found = set(PLACEHOLDER.findall(text))
            # "One rule" and "two rules" may say their number as a word.
            enough = found >= wanted - ({"num"} if one.pluralizable else set())
            if not (enough and found <= wanted) or "%" in PLACEHOLDER.sub("", text):
                wrong.append(text)
    assert wrong == []


@pytest.mark.parametrize("tag", TRANSLATED)
def test_translations_bring_no_tag_that_the_original_lacks(tag: str) -> None:
    wrong = [
        text
        for one in messages(tag)
        for text in forms(one)
        if sorted(TAG.findall(text)) != sorted(TAG.findall(originals(one)[0]))
        or text.count("<") != len(TAG.findall(text))
    ]
    assert wrong == []


def test_words_of_the_engine_that_pages_translate_are_all_listed() -> None:
    steps = [kind.__struct_config__.tag for kind in Step.__args__]
    assert {*Status, *STATES} == set(spoken.STANDING)
    assert set(steps) == set(spoken.STEPS)
    assert set(Threat) == set(spoken.THREATS)
    assert set(Severity) == set(spoken.SEVERITIES)
    assert set(VERDICTS) == set(spoken.VERDICTS)
    assert set(Phase) == set(spoken.PHASES)
    assert set(REGIMES) == set(spoken.REGIMES)
    assert set(STATUSES) == set(spoken.LEGAL)
    assert set(Duty) == set(spoken.DUTIES)
    assert set(Outcome) == set(spoken.OUTCOMES)
    assert set(Verdict) == set(spoken.FINDINGS)
    assert set(MODALS) == set(spoken.MODALS)
    assert {*Role, "regulator"} == set(spoken.ROLES)
    assert {f"{channel} channel" for channel in CHANNELS} == set(spoken.CHANNELS)
    assert {text for one in TEMPLATES for text in (one.title, one.use)} == set(spoken.TEMPLATES)


def test_titles_of_errors_are_listed() -> None:
    told = (400, 401, 403, 404, 405, 409, 410, 413, 415, 422, 429, 500, 503)
    assert {HTTPStatus(code).phrase for code in told} <= set(spoken.ERRORS)


# What is chosen


def test_english_is_spoken_to_who_asks_for_nothing(reader: FlaskClient) -> None:
    assert language(page(reader, "/sign-in")) == ("en", "ltr")


def test_arabic_is_written_from_the_right(reader: FlaskClient) -> None:
    assert language(page(reader, "/sign-in?lang=ar")) == ("ar", "rtl")


@pytest.mark.parametrize(
    ("preferred", "tag"),
    [
        ("fr-CA,en;q=0.5", "fr"),
        ("ar-EG", "ar"),
        ("de,AR;q=0.2", "ar"),
        ("fr;q=0", "en"),
        ("*", "en"),
        ("xx", "en"),
        ("", "en"),
    ],
)
def test_a_browser_is_answered_in_what_it_prefers(
    reader: FlaskClient, preferred: str, tag: str
) -> None:
    assert language(page(reader, "/sign-in", **{"Accept-Language": preferred}))[0] == tag


def test_a_choice_is_remembered_against_what_the_browser_prefers(reader: FlaskClient) -> None:
    page(reader, "/sign-in?lang=ar")
    assert language(page(reader, "/sign-in", **{"Accept-Language": "fr"}))[0] == "ar"


def test_a_choice_anew_replaces_the_one_before(reader: FlaskClient) -> None:
    page(reader, "/sign-in?lang=ar")
    page(reader, "/sign-in?lang=fr")
    assert language(page(reader, "/sign-in"))[0] == "fr"


def test_the_cookie_of_a_choice_is_for_no_script_and_no_other_site(reader: FlaskClient) -> None:
    answer = reader.get("/sign-in?lang=fr", headers={**HTML, "Host": "risk.example.org"})
    said = next(one for one in answer.headers.getlist("Set-Cookie") if one.startswith(COOKIE))
    assert {"Secure", "HttpOnly", "SameSite=Strict"} <= set(said.split("; "))


UNKNOWN = ["xx", "", "FR", "en_US", "../fr", "fr\x00", '"><script>', "fr&lang=ar", "//evil.org"]


@pytest.mark.parametrize("lang", UNKNOWN)
def test_an_unknown_language_changes_nothing(reader: FlaskClient, lang: str) -> None:
    page(reader, "/sign-in?lang=fr")
    answer = reader.get("/sign-in", query_string={"lang": lang}, headers=HTML)
    text = answer.get_data(as_text=True)
    assert language(text) == ("fr", "ltr")
    assert not [one for one in answer.headers.getlist("Set-Cookie") if one.startswith(COOKIE)]
    assert "<script" not in text


@pytest.mark.parametrize("kept", ["xx", "../../etc", '"><script>'])
def test_a_cookie_of_no_language_is_not_heeded(reader: FlaskClient, kept: str) -> None:
    reader.set_cookie(COOKIE, kept)
    assert language(page(reader, "/sign-in", **{"Accept-Language": "fr"}))[0] == "fr"


def test_a_call_of_a_machine_sets_no_cookie(door: Door) -> None:
    with door.client() as client:
        answer = client.get("/v1/rules?lang=fr", headers={"Accept": JSON})
        assert "Set-Cookie" not in answer.headers


def links(text: str) -> dict[str, str]:
    """Where the links to other languages lead, by tag."""
    found = re.findall(r'<a href="([^"]*)" hreflang="(\w+)"', text)
    return {tag: html.unescape(href) for href, tag in found}


def test_a_page_links_to_itself_in_every_language(reader: FlaskClient) -> None:
    text = page(reader, "/sign-in?next=/rules%3Fx%3D1&lang=fr")
    wanted = {tag: f"?next=%2Frules%3Fx%3D1&lang={tag}" for tag in LANGUAGES}
    assert links(text) == wanted


@pytest.mark.parametrize("path", ["//evil.org", "/\\evil.org", "/x\r\nSet-Cookie:a", "///evil"])
def test_no_link_to_another_language_leaves_for_another_site(anne: FlaskClient, path: str) -> None:
    answer = anne.get("/", headers=HTML, environ_overrides={"PATH_INFO": path})
    if answer.status_code == 308:
        assert answer.location.startswith("http://localhost/")
        return
    text = answer.get_data(as_text=True)
    assert set(links(text).values()) == {f"?lang={tag}" for tag in LANGUAGES}


def test_the_answer_to_a_form_links_to_a_page_that_can_be_got(anne: FlaskClient) -> None:
    text = sent(anne, "/people/anne/disable").get_data(as_text=True)
    assert links(text)["fr"] == "/?lang=fr"


def test_caches_are_told_that_the_language_differs(reader: FlaskClient) -> None:
    answer = reader.get("/sign-in?lang=fr", headers=HTML)
    assert answer.headers["Content-Language"] == "fr"
    assert {"Accept-Language", "Cookie"} <= set(answer.vary)


# What pages say


@pytest.mark.parametrize("tag", TRANSLATED)
@pytest.mark.parametrize("path", READ)
def test_no_page_lacks_a_word(anne: FlaskClient, tag: str, path: str) -> None:
    page(anne, f"/sign-in?lang={tag}")
    text = page(anne, path)
    assert language(text)[0] == tag
    assert re.findall(r"⟦[^⟧]*⟧", text) == []


def test_a_missing_word_is_shown_between_marks_without_tags(door: Door) -> None:
    with door.app.test_request_context("/?lang=fr"):
        shown = door.app.jinja_env.from_string(
            '{% autoescape true %}<p title="{{ _(\'Un"heard <of>\') }}">{{ _(word) }}</p>'
            "{% endautoescape %}"
        ).render(word='<b>"x"')
    assert shown == '<p title="' + MISSING % 'Un"heard <of>' + '">' + MISSING % '<b>"x"' + "</p>"


def test_a_refusal_is_told_in_the_reader_s_language(reader: FlaskClient) -> None:
    page(reader, "/sign-in?lang=fr")
    answer = sent(reader, "/sign-in", {"name": "anne", "password": "wrong"})
    assert "Le nom ou le mot de passe est erroné" in answer.get_data(as_text=True)


def test_a_message_without_translation_is_said_to_be_english(anne: FlaskClient) -> None:
    page(anne, "/sign-in?lang=ar")
    text = page(anne, "/people/nobody")
    assert '<bdi lang="en" dir="ltr">There is no person <code>nobody</code></bdi>' in text
    assert "غير موجود" in text


def test_rules_and_labels_are_said_to_be_english(anne: FlaskClient) -> None:
    page(anne, "/sign-in?lang=ar")
    assert '<bdi lang="en" dir="ltr">customs</bdi>' in page(anne, "/")
    assert re.search(r'<h1><bdi lang="en" dir="ltr">[^<]+</bdi></h1>', page(anne, RULE))


def test_days_are_written_as_the_reader_writes_them(anne: FlaskClient) -> None:
    page(anne, "/sign-in?lang=fr")
    assert "25 novembre 2026" in page(anne, "/people/anne")
