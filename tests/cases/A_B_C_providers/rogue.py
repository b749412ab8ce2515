"""A provider that misbehaves on demand: every answer can be another one than a good provider would give. A certified one never does."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
import urllib.parse
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from joserfc import jws
from joserfc.jwk import ECKey, OKPKey, RSAKey
from joserfc.jws import JWSRegistry

CLIENT, SECRET = "tb-share", "a-secret-that-only-the-two-know"
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
LEFT_OUT = object()
"""As the value of a claim, header or answer: it is not there at all."""
_ONE_KEY = RSAKey.generate_key(2048)
_OTHER_KEY = RSAKey.generate_key(2048)


@dataclass
class Mode:
    """How it behaves until told otherwise; the default is a good provider."""

    claims: dict[str, Any] = field(default_factory=dict)
    header: dict[str, Any] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)
    token_answer: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] | None = None
    key: Any = None
    keys: list[dict[str, Any]] | None = None
    mangle: Any = None
    """Changes the finished ID token."""
    token_endpoint: Any = None
    """Answers in its place: (status, headers, body), or a function that gives it."""


class Rogue:
    """One provider on a port of its own."""

    def __init__(self) -> None:
        self.key, self.other_key = _ONE_KEY, _OTHER_KEY
        self.mode = Mode()
        self.hits: list[str] = []
        self.forms: list[dict[str, str]] = []
        self.nonce = ""
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def behave(self, **how: Any) -> None:
        """From now on; everything not named is good again."""
        self.mode = Mode(**how)

    def claims(self, **more: Any) -> dict[str, Any]:
        now = int(time.time())
        good = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": "alice-1",
            "exp": now + 300,
            "iat": now,
            "nonce": self.nonce,
            "email": "alice@good.test",
            "email_verified": True,
            "name": "Alice",
        }
        return {name: value for name, value in {**good, **more}.items() if value is not LEFT_OUT}

    def signed(self, claims: dict[str, Any], header: dict[str, Any] | None = None, key: Any = None) -> str:
        good = {"alg": "RS256", "kid": "one", "typ": "JWT"}
        said = {name: value for name, value in {**good, **(header or {})}.items() if value is not LEFT_OUT}
        if (
            said.get("alg") in ("none", "HS256")
            or "crit" in said
            or not isinstance(said.get("kid", ""), str)
            or not isinstance(said.get("typ", ""), str)
        ):
            # No library signs these: put together by hand.
            return by_hand(said, claims, key or self.key)
        registry = JWSRegistry(algorithms=[said["alg"]], strict_check_header=False)
        return jws.serialize_compact(said, json.dumps(claims).encode(), key or self.key, registry=registry)

    def logout_token(self, header: dict[str, Any] | None = None, key: Any = None, **more: Any) -> str:
        now = int(time.time())
        good = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": "alice-1",
            "sid": "session-1",
            "iat": now,
            "exp": now + 120,
            "jti": f"j{time.time_ns()}",
        }
        claims = {**good, "events": {LOGOUT_EVENT: {}}, **more}
        said = {name: value for name, value in claims.items() if value is not LEFT_OUT}
        return self.signed(said, {"typ": "logout+jwt", **(header or {})}, key)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        rogue = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                path = self.path.partition("?")[0]
                rogue.hits.append(path)
                self._say(*rogue.read(path))

            def do_POST(self) -> None:
                form = dict(urllib.parse.parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
                rogue.hits.append(self.path)
                rogue.forms.append(form)
                self._say(*rogue.exchange())

            def _say(self, status: int, headers: dict[str, str], body: bytes) -> None:
                self.send_response(status)
                for name, value in {"Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_args: object) -> None:
                """Nothing."""

        return Handler

    def read(self, path: str) -> tuple[int, dict[str, str], bytes]:
        if path == "/.well-known/openid-configuration":
            return _json(self.metadata())
        if path == "/jwks":
            public = {**self.key.as_dict(private=False), "kid": "one", "use": "sig", "alg": "RS256"}
            return _json({"keys": [public] if self.mode.keys is None else self.mode.keys})
        if path == "/userinfo":
            return _json({"sub": self.claims(**self.mode.claims).get("sub")} if self.mode.userinfo is None else self.mode.userinfo)
        return 404, {}, b""

    def exchange(self) -> tuple[int, dict[str, str], bytes]:
        if self.mode.token_endpoint is not None:
            made = self.mode.token_endpoint
            return made() if callable(made) else made
        token = self.signed(self.claims(**self.mode.claims), self.mode.header, self.mode.key)
        if self.mode.mangle is not None:
            token = self.mode.mangle(token)
        good = {"access_token": "access-1", "token_type": "Bearer", "expires_in": 300, "id_token": token}
        return _json({name: value for name, value in {**good, **self.mode.token_answer}.items() if value is not LEFT_OUT})

    def metadata(self) -> dict[str, Any]:
        good = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "end_session_endpoint": f"{self.issuer}/end",
            "authorization_response_iss_parameter_supported": True,
            "id_token_signing_alg_values_supported": ["RS256", "ES256", "PS256", "EdDSA", "HS256", "none"],
        }
        return {name: value for name, value in {**good, **self.mode.metadata}.items() if value is not LEFT_OUT}


def by_hand(header: dict[str, Any], claims: dict[str, Any], key: Any) -> str:
    """A token whose header no library would write."""
    signed = f"{_packed(header)}.{_packed(claims)}"
    if header.get("alg") == "none":
        return f"{signed}."
    if header.get("alg") == "HS256":
        return f"{signed}.{base64.urlsafe_b64encode(hmac.digest(key, signed.encode(), 'sha256')).rstrip(b'=').decode()}"
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding

    signature = key.private_key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())
    return f"{signed}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def public_pem(key: RSAKey) -> bytes:
    """The public key taken for a secret: the oldest trick."""
    return key.as_pem(private=False)


def at_hash(access_token: str) -> str:
    digest = hashlib.sha256(access_token.encode()).digest()
    return base64.urlsafe_b64encode(digest[:16]).rstrip(b"=").decode()


def other_kinds() -> list[Any]:
    """Keys of the other kinds that we accept."""
    return [("ES256", ECKey.generate_key("P-256")), ("EdDSA", OKPKey.generate_key("Ed25519")), ("PS256", _OTHER_KEY)]


def _packed(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def _json(value: Any) -> tuple[int, dict[str, str], bytes]:
    return 200, {"Content-Type": "application/json"}, json.dumps(value).encode()
