"""The code flow with one provider: where to send a browser, and what its return proves. Stores nothing, decides no rights."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Any, Final

from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from tb_share.errors import ProviderUnreachable, SignInRefused
from tb_share.identity.oidc.calls import Calls
from tb_share.identity.oidc.id_token import Expected, UnknownKey, verified
from tb_share.identity.oidc.key_set import KeySet
from tb_share.identity.oidc.metadata import Discovery, Metadata
from tb_share.identity.oidc.person import person
from tb_share.identity.oidc.transaction import Transaction
from tb_share.model.person import Person
from tb_share.settings import ProviderSettings

_LONGEST_CODE: Final = 4096


class RelyingParty:
    """We, as one provider sees us. ``settings`` are completed; ``redirect_uri`` is this provider's own (S-OIDC-4)."""

    def __init__(self, settings: ProviderSettings, redirect_uri: str) -> None:
        self.settings = settings
        self._redirect_uri = redirect_uri
        self._calls = Calls(None if settings.ca_file is None else str(settings.ca_file))
        self._discovery = Discovery(settings.issuer, self._calls)
        self._key_set = KeySet(self._calls)

    def authorization_url(self, transaction: Transaction) -> str:
        """Where the browser goes.

        Raises:
            ProviderUnreachable: the provider's addresses are not known.
        """
        url: str = prepare_grant_uri(
            self._discovery.metadata().authorization_endpoint,
            client_id=self.settings.client_id,
            response_type="code",
            redirect_uri=self._redirect_uri,
            scope=" ".join(dict.fromkeys(("openid", "profile", "email", *self.settings.scopes))),
            state=transaction.state,
            nonce=transaction.nonce,
            response_mode="query",
            code_challenge=create_s256_code_challenge(transaction.verifier),
            code_challenge_method="S256",
        )
        return url

    def person(self, transaction: Transaction, answer: Mapping[str, str], now: float) -> Person:
        """Who came back. ``answer`` holds each parameter of the callback once.

        Raises:
            SignInRefused: anything is not as it should be.
            ProviderUnreachable: the provider cannot be asked.
        """
        metadata = self._discovery.metadata()
        self._check_answer(metadata, answer)
        tokens = self._tokens(metadata, answer["code"], transaction.verifier)
        access = tokens.get("access_token")
        expected = Expected(
            metadata.issuer, self.settings.client_id, transaction.nonce, metadata.algorithms, access if isinstance(access, str) else None
        )
        claims = dict(self._verified(metadata, tokens.get("id_token"), expected, now))
        claims = self._with_userinfo(metadata, claims, access)
        return person(self.settings.name, metadata.issuer, claims, self.settings.groups_claim, tokens["id_token"])

    def end_session_url(self, id_token: str, return_to: str) -> str | None:
        """Where a browser signs out of the provider too, if it offers that and can be asked now."""
        try:
            endpoint = self._discovery.metadata().end_session_endpoint
        except ProviderUnreachable:
            return None
        if endpoint is None:
            return None
        from authlib.common.urls import add_params_to_uri

        asked = [("id_token_hint", id_token), ("post_logout_redirect_uri", return_to), ("client_id", self.settings.client_id)]
        url: str = add_params_to_uri(endpoint, asked)
        return url

    def keys_and_metadata(self) -> tuple[KeySet, Metadata]:
        """For tokens that the provider sends by itself."""
        return self._key_set, self._discovery.metadata()

    def _check_answer(self, metadata: Metadata, answer: Mapping[str, str]) -> None:
        """Before anything is sent to the provider (RFC 9207; RFC 9700, 2.1)."""
        said = answer.get("iss")
        if said is None:
            if metadata.says_iss:
                raise SignInRefused("the answer names no issuer")
        elif not hmac.compare_digest(said.encode(), metadata.issuer.encode()):
            raise SignInRefused("the answer is another issuer's")
        if "error" in answer:
            raise SignInRefused("the provider said no")
        if not 0 < len(answer.get("code", "")) <= _LONGEST_CODE:
            raise SignInRefused("no code")

    def _tokens(self, metadata: Metadata, code: str, verifier: str) -> dict[str, Any]:
        body: str = prepare_token_request("authorization_code", code=code, redirect_uri=self._redirect_uri, code_verifier=verifier)
        method = "client_secret_basic" if metadata.basic_auth else "client_secret_post"
        client = ClientAuth(self.settings.client_id, self.settings.client_secret, method)
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        url, headers, body = client.prepare("POST", metadata.token_endpoint, headers, body)
        return self._calls.post(url, headers, body)

    def _verified(self, metadata: Metadata, token: object, expected: Expected, now: float) -> Mapping[str, Any]:
        try:
            return verified(token, self._key_set.keys(metadata.jwks_uri), expected, now)
        except UnknownKey:
            return verified(token, self._key_set.newer(metadata.jwks_uri), expected, now)

    def _with_userinfo(self, metadata: Metadata, claims: dict[str, Any], access: object) -> dict[str, Any]:
        """Claims that only the userinfo answer has; it has to be about the same person, and never overrules the token."""
        wanted = {"email", "email_verified", "name", self.settings.groups_claim} - {""}
        if wanted <= set(claims) or metadata.userinfo_endpoint is None or not isinstance(access, str):
            return claims
        more = self._calls.get(metadata.userinfo_endpoint, {"Authorization": f"Bearer {access}"})
        if more.get("sub") != claims["sub"]:
            raise SignInRefused("userinfo is about somebody else")
        # An address and whether it was checked belong together: taken from one place only.
        pair = {"email", "email_verified"}
        skipped = pair if "email" in claims else set()
        return {**{name: value for name, value in more.items() if name not in skipped}, **claims}
