"""A provider of OpenID Connect on the loopback interface: real keys, codes, PKCE and tokens.

It signs in whom the test says, and lies where the test says: `Lie` changes one thing in a token.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

from tests.loopback import serving

CLIENT, SECRET = "commensura", "a secret of the registration"
Claims = dict[str, Any]


class Provider:
    """Its keys, the codes that it gave, and whom it signs in."""

    def __init__(self, base: str, clock: Callable[[], float] = time.time) -> None:
        self.base, self.clock = base, clock
        self.keys = [made("k1")]
        self.person: Claims = {"sub": "s-1", "preferred_username": "ada"}
        self.lie: Callable[[Provider, Claims], str] | None = None
        self.described: dict[str, Any] = {}
        self.codes: dict[str, dict[str, str]] = {}
        self.asked: list[str] = []

    def description(self) -> dict[str, Any]:
        return {
            "issuer": self.base,
            "authorization_endpoint": f"{self.base}/authorize",
            "token_endpoint": f"{self.base}/token",
            "jwks_uri": f"{self.base}/jwks",
            **self.described,
        }

    def signed_in(self, url: str) -> str:
        """Where the browser goes after it signed in at *url*."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        assert (asked["client_id"], asked["response_type"]) == (CLIENT, "code")
        assert asked["code_challenge_method"] == "S256"
        assert "openid" in asked["scope"].split()
        code = secrets.token_urlsafe()
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, form: dict[str, str], authorization: str) -> dict[str, Any] | None:
        """What the token endpoint answers; None where it refuses."""
        wanted = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        asked = self.codes.pop(form.get("code", ""), None)  # a code is used once
        if authorization != f"Basic {wanted}" or asked is None:
            return None
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if challenge != asked["code_challenge"] or form["redirect_uri"] != asked["redirect_uri"]:
            return None
        now = int(self.clock())
        claims = {"iss": self.base, "aud": CLIENT, "iat": now, "exp": now + 300, **self.person}
        claims["nonce"] = asked["nonce"]
        token = self.lie(self, claims) if self.lie else self.sign(claims)
        return {"access_token": "a", "token_type": "Bearer", "id_token": token}

    def sign(self, claims: Claims, key: RSAKey | None = None) -> str:
        by = key or self.keys[-1]
        return jwt.encode({"alg": "RS256", "kid": by.kid}, claims, by)


def made(name: str) -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": name, "use": "sig", "alg": "RS256"})


@contextmanager
def provided() -> Iterator[Provider]:
    """A provider that runs."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            provider.asked.append(self.path)
            if self.path == "/.well-known/openid-configuration":
                self.answer(200, provider.description())
            elif self.path == "/jwks":
                self.answer(200, {"keys": [key.as_dict(private=False) for key in provider.keys]})
            elif self.path.startswith("/authorize?"):
                self.send_response(303)
                self.send_header("Location", provider.signed_in(self.path))
                self.end_headers()
            else:
                self.answer(404, {})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            found = provider.token(form, self.headers.get("Authorization", ""))
            self.answer(*((400, {"error": "invalid_grant"}) if found is None else (200, found)))

        def answer(self, status: int, value: dict[str, Any]) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(value).encode())

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider = Provider(f"http://127.0.0.1:{server.server_port}")
    with serving(server):
        yield provider
