"""Signing in by a provider of OpenID Connect: by code, with PKCE, a nonce and a state.

Boundary: finds by what name the provider knows the person who came back. Who that is here, and
what that person may do, is ours: the provider gives no duty, and signing in makes no person.
"""

from __future__ import annotations

import hmac
import secrets
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry
from msgspec import Struct
from requests import RequestException

from api.service.clock import Clock

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "Ed25519"]
"""Signatures by a key that only the provider has: `none` and shared secrets are none."""

LEEWAY = 60
"""Seconds by which the provider's clock may differ."""

_KEPT, _ASKED_AGAIN = 3600.0, 60.0
"""Seconds for which the provider's description holds, and before its keys are asked for again."""

_PATIENCE = 5.0


class Oidc(Struct, frozen=True, kw_only=True):
    """A provider by its *issuer* URL, and as what we are registered there.

    *claim* names the person: `sub`, or `preferred_username` where the provider never gives a
    name again to another. Raises `ValueError`: the issuer is not reached by TLS.
    """

    issuer: str
    client: str
    secret: str
    claim: str = "sub"

    def __post_init__(self) -> None:
        parts = urlsplit(self.issuer)
        near = parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost", "::1")
        if not parts.hostname or not (parts.scheme == "https" or near):
            raise ValueError("the issuer is no `https://` URL")


class Leave(Struct, frozen=True, kw_only=True):
    """What the browser keeps while it is away: only with it an answer is ours."""

    state: str
    nonce: str
    verifier: str


class ElsewhereError(Exception):
    """The provider does not vouch for anybody; the message says why."""


class Provider:
    """One provider of OpenID Connect."""

    def __init__(self, settings: Oidc, clock: Clock) -> None:
        self._settings, self._clock = settings, clock
        self._described: tuple[float, dict[str, Any]] | None = None
        self._keys: tuple[float, KeySet] | None = None

    def leave(self, back: str) -> tuple[str, Leave]:
        """The URL to sign in at, from where the browser comes *back*. Raises `ElsewhereError`."""
        leave = Leave(
            state=secrets.token_urlsafe(24),
            nonce=secrets.token_urlsafe(24),
            verifier=secrets.token_urlsafe(48),
        )
        url, _ = self._session(back).create_authorization_url(
            self._endpoint("authorization_endpoint"),
            state=leave.state,
            nonce=leave.nonce,
            code_verifier=leave.verifier,
        )
        return str(url), leave

    def vouched(self, answer: Mapping[str, str], leave: Leave, back: str) -> str:
        """By what name the provider knows who came back with *answer*.

        Raises `ElsewhereError`: it vouches for nobody, or not to us, or not now.
        """
        if not hmac.compare_digest(answer.get("state", "").encode(), leave.state.encode()):
            raise ElsewhereError("the answer is not that to this browser's question")
        if "error" in answer or not answer.get("code"):
            raise ElsewhereError("the provider did not let you sign in")
        if answer.get("iss", self._settings.issuer) != self._settings.issuer:
            raise ElsewhereError("the answer is that of another provider")  # RFC 9207
        try:
            given = self._session(back).fetch_token(
                self._endpoint("token_endpoint"),
                grant_type="authorization_code",
                code=answer["code"],
                code_verifier=leave.verifier,
                timeout=_PATIENCE,
            )
        except (RequestException, AuthlibBaseError, ValueError, TypeError) as error:
            raise ElsewhereError("the provider did not take its own code") from error
        claims = self._claims(given, leave.nonce)
        name = claims.get(self._settings.claim)
        if not isinstance(name, str) or not name:
            raise ElsewhereError(f"the provider does not say the claim `{self._settings.claim}`")
        return name

    def _claims(self, given: Mapping[str, Any], nonce: str) -> Mapping[str, Any]:
        """What the ID token says, once all of it holds (OpenID Connect Core 1.0, 3.1.3.7)."""
        try:
            token = self._decoded(str(given.get("id_token", "")))
            options: Any = {
                "iss": {"essential": True, "value": self._settings.issuer},
                "aud": {"essential": True, "value": self._settings.client},
                "exp": {"essential": True},
                "nonce": {"essential": True, "value": nonce},
            }
            params = {
                "nonce": nonce,
                "client_id": self._settings.client,
                "access_token": given.get("access_token"),
            }
            checked = CodeIDToken(token.claims, token.header, options, params)
            checked.validate(now=int(self._clock().timestamp()), leeway=LEEWAY)
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise ElsewhereError("the provider's token does not hold") from error
        return token.claims

    def _decoded(self, token: str) -> jwt.Token:
        registry = JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
        try:
            return jwt.decode(token, self._key_set(_KEPT), registry=registry)
        except InvalidKeyIdError:  # the provider may have made another key meanwhile
            return jwt.decode(token, self._key_set(_ASKED_AGAIN), registry=registry)

    def _key_set(self, kept: float) -> KeySet:
        if self._keys is None or time.monotonic() - self._keys[0] > kept:
            found: Any = self._asked(self._endpoint("jwks_uri"))
            self._keys = time.monotonic(), KeySet.import_key_set(found)
        return self._keys[1]

    def _endpoint(self, name: str) -> str:
        if self._described is None or time.monotonic() - self._described[0] > _KEPT:
            issuer = self._settings.issuer
            found = self._asked(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
            if found.get("issuer") != issuer:
                raise ElsewhereError("what answers there is another provider")
            self._described = time.monotonic(), found
        url = self._described[1].get(name)
        if not isinstance(url, str):
            raise ElsewhereError(f"the provider does not say its `{name}`")
        return url

    def _asked(self, url: str) -> dict[str, Any]:
        try:
            with self._session("") as session:
                answer = session.get(url, withhold_token=True, timeout=_PATIENCE)
            answer.raise_for_status()
            found = answer.json()
        except (RequestException, ValueError) as error:
            raise ElsewhereError("the provider does not answer") from error
        if not isinstance(found, dict):
            raise ElsewhereError("the provider does not answer")
        return found

    def _session(self, back: str) -> Any:
        return OAuth2Session(
            self._settings.client,
            self._settings.secret,
            scope="openid profile",
            redirect_uri=back,
            code_challenge_method="S256",
        )
