"""The doors to rules and their words: pages, JSON and command line."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from xml.etree import ElementTree

import msgspec
import pytest

from api.store import Role
from api.words.neighbourhood import MOST, neighbourhood, svg
from api.words.terms import TermPages
from engine.decide.deciding import Decider
from engine.language.vocabulary import Vocabulary
from engine.release import Release
from tests.command_line import run
from tests.http_sample import Client, Door, Doors

HTML = {"Accept": "text/html"}
HOSTILE = "<script>alert('1')</script> & \"quoted\" \x07"


@pytest.fixture(scope="module")
def door(doors: Doors) -> Door:
    return doors(demo=True)


@pytest.fixture(scope="module")
def client(door: Door) -> Client:
    """The public of a demo, in a browser."""
    return public(door)


def public(door: Door) -> Client:
    return Client(door.app.test_client(), None)


@pytest.fixture(scope="module")
def pages(release: Release) -> TermPages:
    return TermPages(release.base.rules, release.vocabulary, release.base.parameters)


@pytest.fixture(scope="module")
def site(client: Client) -> dict[str, str]:
    """Every page that links lead to from the start, by its path."""
    found: dict[str, str] = {}
    todo = ["/"]
    while todo:
        path = todo.pop()
        if path in found:
            continue
        with client.get(path, headers=HTML) as answer:
            if answer.status_code in (301, 303):
                found[path] = ""
                todo.append(answer.headers["Location"])
                continue
            assert answer.status_code == 200, f"{answer.status_code} {path}"
            found[path] = answer.get_data(as_text=True)
        todo += [link for link in links(found[path]) if link not in found]
    return found


def links(page: str) -> list[str]:
    """The links of a page to other pages of ours."""
    found = [html.unescape(link) for link in re.findall(r'href="([^"]+)"', page)]
    return [link.partition("#")[0] for link in found if link.startswith("/")]


def words(page: str) -> str:
    """What a page says, without its tags."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", page)).split())


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


# All of it


def test_every_link_leads_somewhere_and_every_term_is_reached(
    site: dict[str, str], pages: TermPages, vocabulary: Vocabulary
) -> None:
    for identifier in pages.entities:
        kind, _, name = identifier.partition(":")
        assert f"/terms/{kind}/{name}" in site or f"/regulations/{name}" in site, (
            f"no link leads to {identifier}"
        )
    for name in vocabulary.facts:
        assert f"/facts/{name}" in site


def test_every_link_within_a_page_has_its_place(site: dict[str, str]) -> None:
    for path, text in site.items():
        places = set(re.findall(r' id="([^"]+)"', text))
        for target in re.findall(r'href="(?:' + re.escape(path) + r')?#([^"]+)"', text):
            assert target in places, f"{path} → #{target}"


def test_no_page_has_script_style_or_two_places_of_one_name(site: dict[str, str]) -> None:
    for path, text in site.items():
        if path.startswith(("/static/", "/v1/", "/openapi")) or path.endswith(".svg"):
            continue
        assert "<script" not in text
        assert " style=" not in text
        places = re.findall(r' id="([^"]+)"', text)
        assert len(places) == len(set(places)), path


def test_no_page_names_a_rule_for_agencies(site: dict[str, str], decider: Decider) -> None:
    closed = [c.rule for c in decider.program.rules if c.rule.disclosure != "public"]
    assert closed
    everything = "\n".join(site.values())
    for rule in closed:
        assert rule.title not in everything
        assert not re.search(rf"{re.escape(rule.id)}(?![\w-])", everything)


def test_a_page_does_not_tell_how_many_closed_rules_use_its_term(
    pages: TermPages, decider: Decider
) -> None:
    closed = sum(c.rule.disclosure != "public" for c in decider.program.rules)
    for name in ("goods.wireless", "importer.firstImport"):
        shown = pages.fact(name)
        assert shown is not None
        assert shown.undisclosed == closed


def test_every_picture_is_well_formed(pages: TermPages) -> None:
    drawn = 0
    for identifier in pages.entities:
        shown = pages.term(identifier)
        assert shown is not None
        around = neighbourhood(shown, pages.vocabulary)
        if around is None:
            continue
        drawn += 1
        root = ElementTree.fromstring(svg(around, lambda one: f"/{one}"))
        names = [child.tag.partition("}")[2] for child in root][:2]
        assert names == ["title", "desc"]
        assert all(len(side.nodes) <= MOST for side in around.sides)
    assert drawn > 300


def test_pictures_are_the_same_each_time(release: Release, pages: TermPages) -> None:
    again = TermPages(release.base.rules, release.vocabulary, release.base.parameters)

    def drawn(of: TermPages) -> Iterator[str]:
        for name in ("product:Toy", "product:RadioToy", "hazard:Chemical"):
            shown = of.term(name)
            assert shown is not None
            around = neighbourhood(shown, of.vocabulary)
            assert around is not None
            yield svg(around, str)

    assert list(drawn(pages)) == list(drawn(again))


# From a product to its law


@pytest.mark.parametrize("start", ["/", "/terms", "/terms?q=toy"])
def test_from_a_product_to_its_law_in_three_clicks(
    client: Client, vocabulary: Vocabulary, start: str
) -> None:
    act = vocabulary.regulations["regulation:ToySafetyDirective"].href
    level, clicks = [start], 0
    seen: set[str] = set()
    while not any(f'href="{act}"' in client.get(path).get_data(as_text=True) for path in level):
        clicks += 1
        assert clicks < 3  # the link to the act itself is one more
        following = dict.fromkeys(
            link
            for path in level
            for link in links(client.get(path).get_data(as_text=True))
            if link.startswith(("/terms", "/regulations")) and link not in seen
        )
        seen |= following.keys()
        # As people do: by way of the product.
        level = [link for link in following if link in ("/terms", "/terms/product/RadioToy")]
        assert level
    assert clicks + 1 <= 3


# Terms


def test_a_defined_class_shows_its_definition(client: Client) -> None:
    said = words(page(client, "/terms/product/ToyWithStrongMagnet"))
    assert "the components include magnet" in said
    assert "the magnetic flux index is at least 50 kG²mm²" in said
    assert "≡ Toy ⊓ ∃ goods.components" in said


def test_a_definition_links_to_what_it_names(client: Client) -> None:
    text = page(client, "/terms/product/ToyWithStrongMagnet")
    assert '<a href="/terms/component/Magnet">magnet</a>' in text
    assert '<a href="/facts/goods.magneticFlux">magnetic flux index</a>' in text


def test_only_one_step_of_the_hierarchy_is_taken_at_a_time(pages: TermPages) -> None:
    shown = pages.term("product:RadioToy")
    assert shown is not None
    above = {branch.id for branch in shown.above}
    assert "product:ElectricToy" in above
    assert "product:Toy" not in above
    toy = pages.term("product:Toy")
    assert toy is not None
    assert "product:RadioToy" not in {branch.id for branch in toy.below}


def test_a_step_that_a_definition_makes_is_marked(pages: TermPages) -> None:
    toy = pages.term("product:Toy")
    assert toy is not None
    why = {branch.id: branch.why for branch in toy.below}
    assert why["product:ToyWithStrongMagnet"] == "named in its definition"
    assert why["product:Doll"] is None


def test_law_of_a_wider_class_says_through_which(client: Client) -> None:
    said = words(page(client, "/terms/product/RadioToy"))
    assert "Toy Safety Directive governs this through toy" in said
    assert "Directive 2009/48/EC law checked 25 November 2026" in said


def test_the_most_special_law_comes_first(pages: TermPages) -> None:
    shown = pages.term("product:RadioToy")
    assert shown is not None
    assert shown.law[0].id == "regulation:RadioEquipmentDirective"
    assert shown.law[-1].id == "regulation:UnionCustomsCode"


def test_a_rule_about_a_wider_class_uses_the_narrower(pages: TermPages) -> None:
    shown = pages.term("product:ToyWithStrongMagnet")
    assert shown is not None
    uses = {use.rule: use for use in shown.rules}
    assert uses["products/toys/magnets-danger"].relation == "itself"
    assert uses["products/toys/small-parts-danger"].relation == "wider"


def test_what_a_rule_does_about_a_hazard_is_a_use(pages: TermPages) -> None:
    shown = pages.term("hazard:Choking")
    assert shown is not None
    assert {use.how for use in shown.rules if use.relation == "itself"} >= {"in what it does"}
    assert shown.scale is not None
    assert [one.id for one in shown.dossiers] == ["dossier:Toys"]


def test_each_kind_has_its_particulars(client: Client) -> None:
    assert "appeal" in words(page(client, "/terms/agency/Customs"))
    assert "its absence is a fact from" in words(
        page(client, "/terms/certificate/AccreditedTestReport")
    )
    assert "Andorra (AD)" in words(page(client, "/terms/group/CustomsUnionWithTheEu"))


def test_the_page_of_a_regulation_is_at_one_place(client: Client) -> None:
    answer = client.get("/terms/regulation/ToySafetyDirective")
    assert answer.status_code == 301
    assert answer.headers["Location"] == "/regulations/ToySafetyDirective"


@pytest.mark.parametrize(
    ("path", "mend"),
    [
        ("/terms/product/Toi", "product:Toy"),
        ("/facts/goods.wirelss", "goods.wireless"),
        ("/regulations/ToySafetyDirectiv", "regulation:ToySafetyDirective"),
        ("/terms?kind=prodct", "product"),
    ],
)
def test_an_unknown_id_offers_the_nearest(client: Client, path: str, mend: str) -> None:
    answer = client.get(path, headers=HTML)
    assert answer.status_code == 404
    assert f"did you mean {mend}?" in words(answer.get_data(as_text=True))


@pytest.mark.parametrize(
    "path",
    ["/terms/product/<script>", "/facts/<script>", "/regulations/<b>", "/terms?q=<script>"],
)
def test_what_is_asked_for_is_escaped(client: Client, path: str) -> None:
    text = client.get(path, headers=HTML).get_data(as_text=True)
    assert "<script>" not in text
    assert "<b>" not in text


def test_hostile_words_of_the_ontology_are_escaped(
    decider: Decider, release: Release, doors: Doors
) -> None:
    terms = dict(release.vocabulary.terms)
    for name in ("product:Toy", "component:Magnet", "hazard:Choking"):
        terms[name] = msgspec.structs.replace(terms[name], label=HOSTILE, definition=HOSTILE)
    law = dict(release.vocabulary.regulations)
    name = "regulation:ToySafetyDirective"
    law[name] = msgspec.structs.replace(law[name], label=HOSTILE, href="javascript:alert(1)")
    vocabulary = msgspec.structs.replace(release.vocabulary, terms=terms, regulations=law)
    pages = TermPages(release.base.rules, vocabulary, release.base.parameters)
    shown = pages.term("product:ToyWithStrongMagnet")
    assert shown is not None
    around = neighbourhood(shown, vocabulary)
    assert around is not None
    picture = svg(around, lambda one: f'/"><script>{one}')
    assert "<script" not in picture
    ElementTree.fromstring(picture)
    program = type(decider.program)(release.base, vocabulary)
    hostile = public(doors(Decider(program, decider.engines, decider.release), demo=True))
    for path in ("/terms", "/terms/product/ToyWithStrongMagnet", "/regulations/ToySafetyDirective"):
        text = page(hostile, path)
        assert "<script" not in text
        assert "javascript:" not in text


# Search


def test_the_nearest_match_comes_first(client: Client) -> None:
    found = client.get("/v1/terms?q=toy").json["terms"]
    assert found[0]["id"] == "product:Toy"


@pytest.mark.parametrize("code", ["9503", "950300", "9503 00 10"])
def test_a_code_finds_what_rules_test_with_it(client: Client, code: str) -> None:
    found = client.get(f"/v1/terms?q={code}").json["terms"]
    assert "product:ToyWithStrongMagnet" in [one["id"] for one in found]


def test_a_code_finds_the_classes_that_all_its_goods_are_of(client: Client) -> None:
    for code in ("0906", "090611"):
        (found,) = [
            one
            for one in client.get(f"/v1/terms?q={code}").json["terms"]
            if one["id"] == "product:Cinnamon"
        ]
        assert found["why"] == "all goods under the code are of it"


def test_a_search_without_match_says_what_to_try(client: Client) -> None:
    said = words(page(client, "/terms?q=xylophonist"))
    assert "0 matches" in said
    assert "Try one plain word" in said


# Regulations


def test_a_regulation_shows_its_chain_and_dossier(client: Client) -> None:
    said = words(page(client, "/regulations/ToySafetyDirective"))
    for part in ("EN 71-1", "maker's own control", "accreditation", "market surveillance"):
        assert part in said
    steps = ["1. Objective", "2. Assets", "3. Risks", "4. Options", "5. Impl", "6. Cris", "7. Rev"]
    places = [said.index(step) for step in steps]
    assert places == sorted(places)
    assert "transfer, rejected" in said
    assert "illustrative checked 25 November 2026" in said


def test_a_regulation_of_later_days_says_so(client: Client) -> None:
    assert "not yet in force" in words(page(client, "/regulations/ToySafetyRegulation"))


def test_a_dossier_leads_to_its_regulations(client: Client) -> None:
    text = page(client, "/terms/dossier/Toys")
    assert 'href="/regulations/ToySafetyDirective"' in text


# Rules


def test_a_rule_is_shown_as_a_sentence_with_its_law(client: Client) -> None:
    said = words(page(client, "/rules/products/toys/small-parts-danger"))
    assert "the intended age is less than 36 months" in said
    assert "Directive 2009/48/EC" in said
    assert "checked 23 November 2026" in said


def test_a_row_of_a_table_has_its_page(client: Client) -> None:
    assert "Sesamum seeds" in page(client, "/rules/food/increased-controls/C079")


def test_rules_for_agencies_are_not_shown_to_the_public(client: Client, decider: Decider) -> None:
    closed = [c.rule for c in decider.program.rules if not c.rule.public]
    assert closed
    for rule in closed:
        assert client.get(f"/rules/{rule.id}").status_code == 404


def test_a_restricted_rule_is_shown_to_its_own_agency_only(door: Door, decider: Decider) -> None:
    closed = [c.rule for c in decider.program.rules if c.rule.disclosure == "restricted"]
    own = Client(door.app.test_client(), door.tokens[Role.OFFICER])
    other = Client(door.app.test_client(), door.key(Role.OFFICER, "agency:PlantHealth"))
    for rule in closed:
        path = f"/rules/{rule.id.replace('#', '/')}"
        assert (own.get(path).status_code, other.get(path).status_code) == (200, 404)


def test_a_rule_links_to_its_terms_and_facts(client: Client) -> None:
    text = page(client, "/rules/products/toys/small-parts-danger")
    for path in (
        "/facts/goods.intendedAgeMonths",
        "/terms/product/Toy",
        "/terms/hazard/Choking",
        "/terms?q=9503",
        "/terms/agency/MarketSurveillance",
    ):
        assert f'href="{path}"' in text


def test_the_law_of_a_rule_leads_to_its_regulation(client: Client) -> None:
    text = page(client, "/rules/products/toys/small-parts-danger")
    assert 'href="/regulations/ToySafetyDirective"' in text
    row = page(client, "/rules/food/increased-controls/C079")
    assert 'href="/regulations/IncreasedControls"' in row


def test_a_regulation_lists_the_rules_that_rest_on_it(client: Client) -> None:
    shown = client.get("/v1/regulations/regulation:IncreasedControls").json
    assert any(use["rule"].startswith("food/increased-controls#") for use in shown["rules"])


# JSON


def test_a_term_comes_as_json(client: Client) -> None:
    shown = client.get("/v1/terms/product:RadioToy").json
    assert shown["label"] == "radio toy"
    assert shown["means"][1]["text"] == "wireless: yes"
    assert {law["id"] for law in shown["law"]} >= {"regulation:ToySafetyDirective"}


def test_terms_are_filtered_by_kind(client: Client, vocabulary: Vocabulary) -> None:
    found = client.get("/v1/terms?kind=hazard").json["terms"]
    assert len(found) == len(vocabulary.of_kind("hazard"))
    assert {one["kind"] for one in found} == {"hazard"}


def test_facts_and_regulations_come_as_json(client: Client) -> None:
    assert len(client.get("/v1/facts").json["facts"]) > 50
    assert client.get("/v1/facts/goods.netMassKg").json["unit"]["id"] == "unit:Kilogram"
    shown = client.get("/v1/regulations/regulation:ToySafetyDirective").json
    assert shown["force"] == "in force"
    assert shown["dossiers"][0]["crisisPlan"]


@pytest.mark.parametrize(
    ("path", "mend"),
    [
        ("/v1/terms/product:Toi", "did you mean `product:Toy`?"),
        ("/v1/facts/goods.netMass", "did you mean `goods.netMassKg`?"),
        ("/v1/regulations/regulation:ToySafety", "regulation:ToySafety"),
    ],
)
def test_an_unknown_id_gets_a_problem(client: Client, path: str, mend: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.content_type == "application/problem+json"
    assert mend in answer.json["detail"]


# The command line


def term(by_release: tuple[str, ...], *names: str):
    return run("term", *names, *by_release)


def test_the_command_line_shows_a_term(by_release: tuple[str, ...]) -> None:
    done = term(by_release, "product:ToyWithStrongMagnet", "goods.magneticFlux")
    assert done.returncode == 0
    assert "  - the components include magnet\n" in done.stdout
    assert "who may state it: the trader" in done.stdout


def test_the_command_line_searches_for_a_word(by_release: tuple[str, ...]) -> None:
    done = term(by_release, "toy")
    assert done.returncode == 0
    assert "product:Toy  toy" in done.stdout


def test_the_command_line_answers_as_the_service_does(
    by_release: tuple[str, ...], client: Client
) -> None:
    done = term(by_release, "product:RadioToy", "--format", "json")
    assert json.loads(done.stdout) == client.get("/v1/terms/product:RadioToy").json


def test_the_command_line_offers_the_nearest(by_release: tuple[str, ...]) -> None:
    done = term(by_release, "product:Toi")
    assert done.returncode == 2
    assert done.stdout == ""
    assert "did you mean `product:Toy`?" in done.stderr
