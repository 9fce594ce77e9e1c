"""Signing in by a provider of OpenID Connect: whom it vouches for, and what it cannot make us."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from joserfc import jwt
from joserfc.jwk import OctKey
from werkzeug.test import TestResponse

from api.http.oidc import LEEWAY, Oidc
from api.service.people import Duty
from tests.http_sample import NOW, Door, Doors
from tests.oidc_provider import CLIENT, SECRET, Claims, Provider, made, provided
from tests.people_sample import HTML, accounts, browser, opens, person, refused, signed_in


@pytest.fixture
def provider() -> Iterator[Provider]:
    with provided() as found:
        found.clock = NOW.timestamp
        yield found


def registered(provider: Provider, claim: str = "sub") -> Oidc:
    return Oidc(issuer=provider.base, client=CLIENT, secret=SECRET, claim=claim)


@pytest.fixture
def door(doors: Doors, provider: Provider) -> Iterator[Door]:
    found = doors(oidc=registered(provider))
    person(found, "ada", Duty.AUTHOR, subject="s-1", password=None)
    yield found
    found.time.now = NOW


def left(client: FlaskClient, wanted: str = "/rules") -> str:
    """Where the browser is sent to."""
    answer = client.get("/sign-in/elsewhere", query_string={"next": wanted}, headers=HTML)
    assert answer.status_code == 303
    return answer.headers["Location"]


def back(client: FlaskClient, url: str) -> TestResponse:
    return client.get(url.replace("http://localhost", ""), headers=HTML)


def went(door: Door, provider: Provider, client: FlaskClient | None = None) -> TestResponse:
    """What answers who went to the provider, signed in there, and came back."""
    found = client or browser(door)
    return back(found, provider.signed_in(left(found)))


def test_who_signed_in_at_the_provider_is_signed_in_here(door: Door, provider: Provider) -> None:
    client = browser(door)
    answer = went(door, provider, client)
    assert answer.status_code == 200
    assert 'content="0; url=/rules"' in answer.get_data(as_text=True)
    assert "<span>Ada of customs</span>" in client.get("/", headers=HTML).get_data(as_text=True)


def test_the_sign_in_page_shows_the_way_to_the_provider(door: Door) -> None:
    assert "/sign-in/elsewhere" in browser(door).get("/sign-in").get_data(as_text=True)


def test_without_a_provider_there_is_no_way_to_one(doors: Doors) -> None:
    client = browser(doors())
    assert "elsewhere" not in client.get("/sign-in").get_data(as_text=True)
    assert client.get("/sign-in/elsewhere", headers=HTML).status_code == 404


def test_what_the_browser_carries_away_proves_and_tells_nothing(door: Door) -> None:
    client = browser(door)
    asked = parse_qs(urlsplit(left(client)).query)
    carried = client.get_cookie("away", path="/sign-in")
    assert carried is not None
    assert (carried.http_only, carried.same_site) == (True, "Lax")
    assert asked["code_challenge"][0] not in carried.value
    assert "code_verifier" not in asked
    assert {"state", "nonce", "code_challenge"} <= set(asked)


def test_the_provider_gives_no_duty(door: Door, provider: Provider) -> None:
    provider.person |= {"duties": ["administrator"], "roles": ["administrator"]}
    client = browser(door)
    went(door, provider, client)
    assert client.get("/people", headers=HTML).status_code == 403


def test_signing_in_makes_no_person(door: Door, provider: Provider) -> None:
    provider.person = {"sub": "s-2", "preferred_username": "eve"}
    client, before = browser(door), accounts(door).listed()
    answer = went(door, provider, client)
    assert answer.status_code == 403
    assert refused(answer, ["you are nobody here", "ask an administrator"])
    assert accounts(door).listed() == before
    assert not opens(client)


def test_a_person_without_a_subject_is_known_by_the_claim_that_is_its_id(
    doors: Doors, provider: Provider
) -> None:
    door = doors(oidc=registered(provider, "preferred_username"))
    person(door, "ada")
    client = browser(door)
    went(door, provider, client)
    assert opens(client)


def test_who_has_a_subject_is_not_known_by_an_id_that_somebody_took(
    door: Door, provider: Provider
) -> None:
    provider.person = {"sub": "ada"}
    assert went(door, provider).status_code == 403


def test_a_disabled_person_is_not_let_in(door: Door, provider: Provider) -> None:
    accounts(door).disable("ada")
    assert went(door, provider).status_code == 403


def test_a_session_of_before_ends(door: Door, provider: Provider) -> None:
    person(door, "ben")
    client = signed_in(door, "ben")
    cookie = client.get_cookie("session")
    went(door, provider, client)
    other = browser(door)
    assert cookie is not None
    other.set_cookie("session", cookie.value)
    assert not opens(other)


# Lies


def unsigned(claims: Claims, header: dict[str, str], signature: str = "") -> str:
    parts = (json.dumps(one).encode() for one in (header, claims))
    encoded = (base64.urlsafe_b64encode(one).decode().rstrip("=") for one in parts)
    return f"{'.'.join(encoded)}.{signature}"


def changed(**claims: object) -> Callable[[Provider, Claims], str]:
    return lambda provider, given: provider.sign({**given, **claims})


def without(name: str) -> Callable[[Provider, Claims], str]:
    return lambda provider, given: provider.sign(
        {claim: value for claim, value in given.items() if claim != name}
    )


def tampered(provider: Provider, claims: Claims) -> str:
    head, _, signature = provider.sign(claims).split(".")
    body = unsigned({**claims, "sub": "s-1", "name": "x"}, {}).split(".")[1]
    return f"{head}.{body}.{signature}"


def by_another_key(provider: Provider, claims: Claims) -> str:
    return provider.sign(claims, made(str(provider.keys[-1].kid)))


def by_the_public_key(provider: Provider, claims: Claims) -> str:
    """Signed as if the public key, which everybody has, were a shared secret."""
    key = OctKey.import_key(provider.keys[-1].as_pem(private=False))
    header = {"alg": "HS256", "kid": provider.keys[-1].kid}
    return jwt.encode(header, claims, key, algorithms=["HS256"])


NOW_SECONDS = int(NOW.timestamp())
LIES: dict[str, Callable[[Provider, Claims], str]] = {
    "forged by another key of the same name": by_another_key,
    "changed after it was signed": tampered,
    "signed by the public key": by_the_public_key,
    "not signed": lambda _, claims: unsigned(claims, {"alg": "none"}),
    "no token": lambda _, __: "",
    "no token either": lambda _, __: "a.b.c",
    "a wrong nonce": changed(nonce="another"),
    "no nonce": without("nonce"),
    "for another audience": changed(aud="another"),
    "for others, too, and to them": changed(aud=[CLIENT, "another"], azp="another"),
    "no audience": without("aud"),
    "of another issuer": changed(iss="https://example.org"),
    "no issuer": without("iss"),
    "expired": changed(exp=NOW_SECONDS - LEEWAY - 1),
    "never expiring": without("exp"),
    "not valid yet": changed(nbf=NOW_SECONDS + LEEWAY + 10),
    "no subject": without("sub"),
    "a subject that is no word": changed(sub=1),
    "a subject that is nobody": changed(sub=""),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_token_that_does_not_hold_is_refused(door: Door, provider: Provider, lie: str) -> None:
    provider.lie = LIES[lie]
    client = browser(door)
    answer = went(door, provider, client)
    assert answer.status_code == 403
    assert refused(answer, ["start again from this page"])
    assert not opens(client)


def test_a_key_that_the_provider_made_since_is_asked_for(
    door: Door, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert went(door, provider).status_code == 200
    provider.keys = [made("k2")]
    assert went(door, provider).status_code == 403  # not asked again within a minute
    monkeypatch.setattr("api.http.oidc._ASKED_AGAIN", 0.0)
    assert went(door, provider).status_code == 200


def test_an_answer_to_another_browser_s_question_is_refused(door: Door, provider: Provider) -> None:
    attacker, victim = browser(door), browser(door)
    url = provider.signed_in(left(attacker))
    left(victim)
    assert back(victim, url).status_code == 403
    assert not opens(victim)


def test_an_answer_that_nobody_asked_for_is_refused(door: Door, provider: Provider) -> None:
    url = provider.signed_in(left(browser(door)))
    answer = back(browser(door), url)
    assert answer.status_code == 403
    assert refused(answer, ["did not set out to sign in"])


def test_an_answer_is_taken_once(door: Door, provider: Provider) -> None:
    client = browser(door)
    url = provider.signed_in(left(client))
    assert back(client, url).status_code == 200
    assert back(client, url).status_code == 403


def test_a_code_is_of_no_use_without_its_verifier(door: Door, provider: Provider) -> None:
    """A code that leaked, brought back under the state of another question."""
    thief, owner = browser(door), browser(door)
    code = parse_qs(urlsplit(provider.signed_in(left(owner))).query)["code"][0]
    state = parse_qs(urlsplit(left(thief)).query)["state"][0]
    answer = thief.get(f"/sign-in/return?code={code}&state={state}", headers=HTML)
    assert answer.status_code == 403
    assert not opens(thief)


@pytest.mark.parametrize("query", ["", "?error=access_denied", "?code=", "?state=é&code=x"])
def test_a_refusal_of_the_provider_is_told(door: Door, query: str) -> None:
    client = browser(door)
    left(client)
    assert client.get(f"/sign-in/return{query}", headers=HTML).status_code == 403


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org", "/\\example.org"])
def test_a_person_is_led_nowhere_else(door: Door, provider: Provider, elsewhere: str) -> None:
    client = browser(door)
    answer = back(client, provider.signed_in(left(client, elsewhere)))
    assert 'content="0; url=/"' in answer.get_data(as_text=True)


def test_a_provider_that_says_to_be_another_is_not_asked(door: Door, provider: Provider) -> None:
    provider.described = {"issuer": "https://example.org"}
    answer = browser(door).get("/sign-in/elsewhere", headers=HTML)
    assert answer.status_code == 403
    assert refused(answer, ["another provider"])


def test_a_provider_that_is_not_there_is_told(doors: Doors) -> None:
    door = doors(oidc=Oidc(issuer="http://127.0.0.1:9", client=CLIENT, secret=SECRET))
    answer = browser(door).get("/sign-in/elsewhere", headers=HTML)
    assert refused(answer, ["The provider does not answer", "sign in with a password"])


@pytest.mark.parametrize("issuer", ["http://example.org", "example.org", "ftp://127.0.0.1", ""])
def test_a_provider_is_reached_by_tls(issuer: str) -> None:
    with pytest.raises(ValueError, match="https"):
        Oidc(issuer=issuer, client=CLIENT, secret=SECRET)
