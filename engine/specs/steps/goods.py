"""Given: what is declared of goods, and what comes with them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from engine.language.vocabulary import Source
from engine.specs.facts import fact_of, leave_out, state
from engine.specs.phrase import Phrases
from engine.specs.world import UnclearError, World

PHRASES = Phrases("goods")


@PHRASES.given("a consignment of {goods}")
def consignment(world: World, goods: str) -> None:
    """One of the declarations that come with the features, by its name, as customs received it."""
    world.take(goods)


@PHRASES.given("its goods item {number:Count} alone")
def one_item(world: World, number: int) -> None:
    """The declaration with that one item, as if the others had not been in it."""
    kept = [item for item in world.goods if item["item"] == number]
    if not kept:
        raise UnclearError(f"the consignment has no item {number}")
    world.request["declaration"]["goods"] = kept
    _forget(world)


@PHRASES.given("the goods are {description}, under commodity code {code}")
def other_goods(world: World, description: str, code: str) -> None:
    """The first item as other goods: description and code, and nothing of what it was."""
    item = world.goods[0]
    item.update(description=description, commodityCode=code.replace(" ", "").replace(".", ""))
    item.pop("product", None)
    item.pop("facts", None)


@PHRASES.given('under "{fact}" the trader declares {value}')
def declared(world: World, fact: str, value: str) -> None:
    """Something that the trader declares of the first item, in the words of the vocabulary."""
    state(world, fact_of(world, fact, Source.DECLARED), value)


@PHRASES.given('the trader leaves "{fact}" blank')
def undeclared(world: World, fact: str) -> None:
    """The trader leaves this blank for the first item; nobody knows it."""
    leave_out(world, fact_of(world, fact, Source.DECLARED))


@PHRASES.given("its origin is {country}")
def origin(world: World, country: str) -> None:
    """The first item was made, grown and wrapped there, and is shipped from there."""
    code = world.country(country)
    world.goods[0].update(origin=code, originGrown=code, originProcessed=code)
    world.request["declaration"]["exportCountry"] = code


@PHRASES.given("its value is {amount:Number} euro a kilogram")
def value_per_kilogram(world: World, amount: Decimal) -> None:
    """The value of the first item, by its net mass."""
    item = world.goods[0]
    item["value"] = {
        "amount": float(amount * Decimal(str(item["netMassKg"]))),
        "currency": "EUR",
        "basis": "invoice",
    }


@PHRASES.given("its net mass is {mass:Number} kg")
def net_mass(world: World, mass: Decimal) -> None:
    """The net mass of the first item."""
    world.goods[0]["netMassKg"] = float(mass)
    world.goods[0].pop("grossMassKg", None)


@PHRASES.given("its {document} is verified")
def verified(world: World, document: str) -> None:
    """A document that the competent authority has looked at and found good."""
    _document(world, document, "verified")


@PHRASES.given("its {document} is claimed and not verified")
def claimed(world: World, document: str) -> None:
    """A document that the trader names, and that nobody has seen."""
    _document(world, document, None)


@PHRASES.given("no {document} comes with it")
def absent(world: World, document: str) -> None:
    """The trader names no such document."""
    certificate = world.release.vocabulary.certificates[world.certificate(document)]
    names = {certificate.id, certificate.id.partition(":")[2], *certificate.notations}
    for part in (world.request["declaration"], *world.goods):
        part["documents"] = [one for one in part.get("documents", ()) if one["type"] not in names]
    _forget(world)


@PHRASES.given("it is lodged before arrival")
def before_arrival(world: World) -> None:
    """The declaration comes ahead of the goods."""
    world.request["declaration"]["stage"] = "pre-arrival"
    for name in ("acceptedOn", "arrivedOn", "placedOnMarketOn"):
        world.request["declaration"].pop(name, None)


@PHRASES.given("it is accepted on {day:Day}")
def accepted(world: World, day: date) -> None:
    """The day of acceptance, and of arrival: it decides what law is in force, for most rules."""
    declaration = world.request["declaration"]
    declaration.update(acceptedOn=day.isoformat(), arrivedOn=day.isoformat())


@PHRASES.given("it was dispatched on {day:Day}")
def dispatched(world: World, day: date) -> None:
    """The day on which the goods were sent off, which may decide what law is in force."""
    world.request["declaration"]["dispatchedOn"] = day.isoformat()


def _forget(world: World) -> None:
    """What agencies know of documents that are not declared any more is not stated either."""
    parts = (world.request["declaration"], *world.goods)
    declared = {one["id"] for part in parts for one in part.get("documents", ())}
    known = world.request.get("known", {})
    for part in (known, *known.get("items", ())):
        kept = [one for one in part.get("documents", ()) if one["id"] in declared]
        part["documents"] = kept


def _document(world: World, label: str, status: str | None) -> None:
    certificate = world.release.vocabulary.certificates[world.certificate(label)]
    kind = (*certificate.notations, certificate.id)[0]
    number = f"{certificate.id.partition(':')[2]}-1"
    documents = world.goods[0].setdefault("documents", [])
    documents[:] = [one for one in documents if one["id"] != number]
    documents.append({"type": kind, "id": number, "issuedOn": "2026-11-02"})
    known = world.request.setdefault("known", {}).setdefault("documents", [])
    known[:] = [one for one in known if one["id"] != number]
    if status is not None:
        known.append({"id": number, "status": status})
