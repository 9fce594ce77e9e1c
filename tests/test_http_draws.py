"""The key of a day, from its commitment to its revelation, and what anyone can check with it."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from api.service.draws import DELAY, Draws, KeepSecretError
from api.store import Role
from api.verifying import UnverifiableError, Verification, verified
from engine.decide.draw import DrawKeys, matches, u_of
from engine.evidence.canonical import canonical
from tests.http_sample import KEYS, NOW, SIGNER, Client, Door, Doors, declaration

DAY = NOW.date()
LATER = NOW + DELAY
KEY = KEYS.revealed(DAY)
ITEM = {"item": 1, "commodityCode": "1207409000", "origin": "NG"}


@pytest.fixture
def door(doors: Doors) -> Door:
    return doors()


@pytest.fixture
def client(door: Door) -> Client:
    return asks(door)


def asks(door: Door, role: Role = Role.OFFICER) -> Client:
    return Client(door.app.test_client(), door.tokens[role])


def sesame(name: str = "D1", **more: Any) -> dict[str, Any]:
    return declaration(name, goods=[{**ITEM, **more.pop("goods", {})}], **more)


def draws(door: Door, keys: DrawKeys = KEYS) -> Draws:
    return Draws(door.store, keys, door.time)


def reveal(door: Door) -> int:
    door.time.now = max(door.time.now, LATER)
    return draws(door).reveal(DAY, "test").index


def numbers(decision: dict[str, Any]) -> set[str]:
    """The draws of a decision."""
    return {
        control["draw"]
        for item in decision["items"]
        for control in item["controls"]
        if control["draw"] is not None and not control["notified"]
    }


def number(unit: str, day: date = DAY) -> str:
    return str(u_of(KEYS.revealed(day), unit))


# What is told


def test_the_commitment_to_a_day_s_key_is_told_with_its_place_in_the_log(
    door: Door, client: Client
) -> None:
    client.lodge(sesame())
    told = client.get(f"/v1/draws/{DAY}").json
    (record,) = door.store.page(kind="draw-commitment")
    assert (told["commitment"], told["key"]) == (KEYS.commitment(DAY), None)
    assert told["receipt"]["index"] == record.index


def test_a_revealed_key_is_told_to_all_and_is_the_one_committed_to(door: Door) -> None:
    asks(door).lodge(sesame())
    reveal(door)
    told = asks(door, Role.TRADER).get(f"/v1/draws/{DAY}").json
    assert matches(told["commitment"], told["key"])


@pytest.mark.parametrize("day", ["2026-11-24", "20261125", "2026-W48-3", "today", "2026-11-31"])
def test_a_day_without_a_draw_is_not_found(client: Client, day: str) -> None:
    client.lodge(sesame())
    assert client.get(f"/v1/draws/{day}").status_code == 404


def test_an_erased_commitment_is_gone(door: Door, client: Client) -> None:
    client.lodge(sesame())
    words = {"authority": "test", "reason": "test", "at": NOW, "author": "test"}
    door.store.erase(f"draw-commitment:{DAY}", **words)
    assert client.get(f"/v1/draws/{DAY}").status_code == 410


def test_a_declaration_does_not_take_the_name_of_a_commitment(client: Client) -> None:
    body = sesame()
    body["declaration"]["id"] = f"draw-commitment:{DAY}"
    answer = client.post("/v1/decisions", body)
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, "/declaration/id")


def test_no_door_tells_a_key_that_is_not_revealed(door: Door, client: Client) -> None:
    decided = client.lodge(sesame())
    door.time.now = LATER
    names = {"day": str(DAY), "identifier": decided["id"]}
    paths = [
        re.sub(r"\{(\w+)\}", lambda found: names.get(found[1], decided["id"]), path)
        for path, calls in client.get("/openapi.json").json["paths"].items()
        if "get" in calls
    ]
    paths += [f"/decisions/{decided['id']}", f"/v1/decisions/draw-key:{DAY}", "/metrics"]
    told = [client.get(path).get_data(as_text=True) for path in paths]
    told.append(client.post(f"/v1/decisions/{decided['id']}/replay").get_data(as_text=True))
    told += [
        part.body.decode()
        for stored in door.store.page()
        for part in door.store.parts(stored.index).values()
        if hasattr(part, "body")
    ]
    assert len(told) > 20
    assert not any(KEY in text or KEYS.secret.hex() in text for text in told)


# When a key is revealed


def test_a_key_is_revealed_from_the_day_on_that_the_delay_is_over(
    door: Door, client: Client
) -> None:
    client.lodge(sesame())
    door.time.now = LATER - timedelta(days=1)
    with pytest.raises(KeepSecretError, match="reveal its key from 2027-03-25 on"):
        draws(door).reveal(DAY, "test")
    door.time.now = LATER
    assert draws(door).reveal(DAY, "test").record.kind == "draw-key"


def test_a_key_is_revealed_once(door: Door, client: Client) -> None:
    client.lodge(sesame())
    reveal(door)
    with pytest.raises(KeepSecretError, match="revealed already"):
        reveal(door)


def test_a_key_that_drew_nothing_is_not_revealed(door: Door) -> None:
    with pytest.raises(KeepSecretError, match="nothing was drawn"):
        reveal(door)


def test_a_key_that_was_not_committed_to_is_not_revealed(door: Door, client: Client) -> None:
    client.lodge(sesame())
    door.time.now = LATER
    with pytest.raises(KeepSecretError, match="another key for 2026-11-25"):
        draws(door, DrawKeys(b"another")).reveal(DAY, "test")


def test_a_key_whose_commitment_was_erased_is_not_revealed(door: Door, client: Client) -> None:
    client.lodge(sesame())
    words = {"authority": "test", "reason": "test", "at": NOW, "author": "test"}
    door.store.erase(f"draw-commitment:{DAY}", **words)
    with pytest.raises(KeepSecretError, match="was erased"):
        reveal(door)


# What a revealed key draws: nothing that is declared after it


def test_before_it_is_revealed_a_key_draws_for_all_amendments(door: Door, client: Client) -> None:
    client.lodge(sesame())
    door.time.now = LATER + timedelta(days=30)
    amended = client.lodge(sesame(goods={"lot": "L1"}))
    assert numbers(amended) == {number("declaration:D1")}


@pytest.mark.parametrize("name", ["D1", "D2"])
def test_goods_that_come_again_after_it_are_drawn_by_the_key_of_that_day(
    door: Door, client: Client, name: str
) -> None:
    client.lodge(sesame(transportDocument="T1"))
    reveal(door)
    again = client.lodge(sesame(name, transportDocument="T1"))
    assert numbers(again) == {number("transport-document:T1", LATER.date())}


def test_goods_are_seen_anew_once_and_not_every_day(door: Door, client: Client) -> None:
    client.lodge(sesame())
    reveal(door)
    client.lodge(sesame())
    door.time.now = LATER + timedelta(days=1)
    assert numbers(client.lodge(sesame())) == {number("declaration:D1", LATER.date())}


def test_goods_seen_anew_twice_keep_the_day_of_the_last_time(door: Door, client: Client) -> None:
    for _ in range(3):
        client.lodge(sesame())
        seen = door.time.now.date()
        door.time.now += DELAY
        draws(door).reveal(seen, "test")
    client.lodge(sesame())
    last = door.time.now.date()
    door.time.now += timedelta(days=1)
    assert numbers(client.lodge(sesame())) == {number("declaration:D1", last)}


def test_what_was_notified_stands_after_the_key_is_revealed(door: Door, client: Client) -> None:
    def selected(decision: dict[str, Any]) -> set[tuple[str, str]]:
        return {
            (control["agency"], control["task"])
            for item in decision["items"]
            for control in item["controls"]
            if control["selected"]
        }

    before = [client.lodge(sesame(f"D{n}")) for n in range(20)]
    reveal(door)
    after = [client.lodge(sesame(f"D{n}")) for n in range(20)]
    assert all(selected(b) <= selected(a) for b, a in zip(before, after, strict=True))


def test_an_officer_s_act_leaves_the_draw_as_it_was(door: Door, client: Client) -> None:
    lodged = client.lodge(sesame())
    reveal(door)
    act = {
        "id": "a1",
        "act": "hold",
        "agency": "agency:Customs",
        "on": str(LATER.date()),
        "authority": "officer 7",
        "reason": "reason:DocumentsMissing",
        "note": "a test",
    }
    answer = client.post("/v1/acts", {"decision": lodged["id"], "acts": [act]})
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert numbers(answer.json) == numbers(lodged)


def test_a_decision_after_the_key_was_revealed_is_taken_again_exactly(
    door: Door, client: Client
) -> None:
    client.lodge(sesame())
    reveal(door)
    again = client.lodge(sesame())
    assert client.post(f"/v1/decisions/{again['id']}/replay").json["exact"] is True


# What anyone can check


class Files:
    """What somebody keeps of the service to check it later."""

    def __init__(self, folder: Path, client: Client) -> None:
        self.folder, self.client = folder, client

    def kept(self, name: str, body: bytes) -> Path:
        path = self.folder / name
        path.write_bytes(body)
        return path

    def receipt(self, decision: dict[str, Any], query: str = "") -> Path:
        body = self.client.get(f"/v1/decisions/{decision['id']}/receipt{query}").data
        return self.kept(f"{decision['id']}.json", body)

    def draw(self, day: date = DAY, **changes: Any) -> Path:
        body = {**self.client.get(f"/v1/draws/{day}").json, **changes}
        return self.kept(f"draw-{day}.json", json.dumps(body).encode())


@pytest.fixture
def files(tmp_path: Path, client: Client) -> Files:
    return Files(tmp_path, client)


def said(*paths: Path) -> list[Verification]:
    return verified(paths, SIGNER.public)


def on_draws(*paths: Path) -> list[tuple[str, str]]:
    return [
        (check.result.value, check.message)
        for one in said(*paths)
        for check in one.checks
        if check.name == "draws"
    ]


def test_with_the_revealed_key_a_receipt_shows_that_its_draws_are_right(
    door: Door, client: Client, files: Files
) -> None:
    decided = client.lodge(sesame())
    reveal(door)
    count = sum(len(item["controls"]) for item in decided["items"])
    assert on_draws(files.receipt(decided), files.draw()) == [
        ("holds", f"the key gives each of its {count} draws")
    ]


def test_with_the_receipts_before_it_an_amended_decision_is_checked(
    door: Door, client: Client, files: Files
) -> None:
    paths = [
        files.receipt(client.lodge(sesame(goods={"lot": lot}, ucr=lot))) for lot in ("L1", "L2")
    ]
    reveal(door)
    paths += [files.receipt(client.lodge(sesame())), files.draw()]
    found = [result for result, _ in on_draws(*reversed(paths))]
    assert found == ["not checked", "holds", "holds"]  # the last is drawn by the key of its day


def test_without_the_receipt_before_it_an_amended_decision_is_not_checked(
    client: Client, files: Files
) -> None:
    first, second = client.lodge(sesame()), client.lodge(sesame())
    assert on_draws(files.receipt(second), files.draw()) == [
        ("not checked", f"give the receipt of `{first['id']}`, before it, too")
    ]


def test_until_the_key_is_revealed_it_is_said_that_draws_are_not_checked(
    client: Client, files: Files
) -> None:
    path = files.receipt(client.lodge(sesame()))
    assert on_draws(path, files.draw()) == [
        ("not checked", "the key of 2026-11-25 is not revealed yet")
    ]


def test_a_receipt_alone_says_which_draw_to_ask_for(client: Client, files: Files) -> None:
    path = files.receipt(client.lodge(sesame()))
    words = "give the draw of 2026-11-25, as `GET /v1/draws/2026-11-25` answers it, too"
    assert on_draws(path) == [("not checked", words)]


def test_a_trader_s_receipt_withholds_what_draws_are_made_again_from(
    client: Client, files: Files
) -> None:
    path = files.receipt(client.lodge(sesame()), "?audience=trader")
    ((result, _),) = on_draws(path)
    assert result == "withheld"


def test_an_erased_declaration_is_told_as_such(door: Door, client: Client, files: Files) -> None:
    decided = client.lodge(sesame())
    index = decided["receipt"]["logIndex"]
    words = {"authority": "test", "reason": "test", "at": NOW, "author": "test"}
    door.store.erase(index, ["declaration"], **words)
    receipt = door.notary.receipt(door.store.page(after=index - 1)[0])
    ((result, _),) = on_draws(files.kept("receipt.json", canonical(receipt)))
    assert result == "erased"


def test_another_key_than_the_one_committed_to_is_refused(
    door: Door, client: Client, files: Files
) -> None:
    decided = client.lodge(sesame())
    reveal(door)
    other = files.draw(key=KEYS.revealed(LATER.date()))
    receipt, draw = said(files.receipt(decided), other)
    assert {check.name: check.result.value for check in draw.checks}["key"] == "fails"
    assert receipt.checks[-1].result.value == "not checked"


def test_the_commitment_of_another_day_is_refused(door: Door, client: Client, files: Files) -> None:
    client.lodge(sesame())
    body = {**client.get(f"/v1/draws/{DAY}").json, "day": "2026-11-24"}
    (found,) = said(files.kept("draw.json", json.dumps(body).encode()))
    assert {check.name: check.result.value for check in found.checks}["commitment"] == "fails"


def test_a_decision_that_was_recorded_with_another_draw_is_refused(
    door: Door, client: Client, files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever runs the service draws by another key than the one committed to."""
    client.lodge(sesame())
    monkeypatch.setattr(door.service, "keys", DrawKeys(b"another"))
    cheated = client.lodge(sesame("D2"))
    reveal(door)
    receipt, _ = said(files.receipt(cheated), files.draw())
    assert (receipt.verified, receipt.checks[-1].result.value) == (False, "fails")


def test_a_commitment_that_came_after_the_decision_is_refused(
    door: Door, client: Client, files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Draws, "_commit", lambda *_: None)
    early = client.lodge(sesame())
    monkeypatch.undo()
    client.lodge(sesame("D2"))
    reveal(door)
    assert on_draws(files.receipt(early), files.draw()) == [
        ("fails", "the key of 2026-11-25 was not committed to before it")
    ]


def test_a_draw_that_is_spelled_otherwise_is_refused(client: Client, files: Files) -> None:
    client.lodge(sesame())
    with pytest.raises(UnverifiableError, match="no draw"):
        said(files.draw(further=1))
