"""Signing in with GitHub, which speaks OAuth 2 but not OpenID Connect: what an ID token would say is asked of its API (S-OIDC-14).

Somebody is the account's number, never its name, which others can take over. Only the primary address counts, and only if GitHub
says that it was verified. Groups are ``organisation`` and ``organisation/team``, in small letters, of active memberships. Addresses and
answers are those of GitHub's REST API, version 2022-11-28.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Any, Final

from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from tb_share.errors import SignInRefused
from tb_share.identity.oidc.calls import Calls
from tb_share.identity.oidc.person import person
from tb_share.identity.oidc.transaction import Transaction
from tb_share.model.person import Person
from tb_share.settings import ProviderSettings

_PUBLIC: Final = "https://github.com"
_PUBLIC_API: Final = "https://api.github.com"
_PAGE: Final = 100
_MOST_PAGES: Final = 10
_LONGEST_CODE: Final = 4096
_LONGEST_TOKEN: Final = 1024


class GitHub:
    """We, as GitHub sees us, or a GitHub Enterprise Server, whose address is the issuer."""

    def __init__(self, settings: ProviderSettings, redirect_uri: str) -> None:
        self.settings = settings
        self._redirect_uri = redirect_uri
        self._calls = Calls(None if settings.ca_file is None else str(settings.ca_file))
        self._site = settings.issuer.rstrip("/")
        self._api = _PUBLIC_API if self._site == _PUBLIC else f"{self._site}/api/v3"
        self._wants_groups = bool(settings.allowed_groups or settings.admin_groups or settings.roles)

    def authorization_url(self, transaction: Transaction) -> str:
        """Where the browser goes."""
        scopes = ["read:user", "user:email", *(["read:org"] if self._wants_groups else []), *self.settings.scopes]
        url: str = prepare_grant_uri(
            f"{self._site}/login/oauth/authorize",
            client_id=self.settings.client_id,
            response_type="code",
            redirect_uri=self._redirect_uri,
            scope=" ".join(dict.fromkeys(scopes)),
            state=transaction.state,
            code_challenge=create_s256_code_challenge(transaction.verifier),
            code_challenge_method="S256",
        )
        return url

    def person(self, transaction: Transaction, answer: Mapping[str, str], now: float) -> Person:  # noqa: ARG002 - as every provider
        """Who came back. ``answer`` holds each parameter of the callback once.

        Raises:
            SignInRefused: anything is not as it should be.
            ProviderUnreachable: GitHub cannot be asked, or says no.
        """
        self._check_answer(answer)
        token = self._token(answer["code"], transaction.verifier)
        account = self._calls.get(f"{self._api}/user", _headers(token))
        number = account.get("id")
        if not isinstance(number, int) or isinstance(number, bool) or number <= 0:
            raise SignInRefused("the account has no number")
        claims: dict[str, Any] = {"sub": str(number), "name": account.get("name") or account.get("login")}
        claims |= self._address(token)
        if self._wants_groups:
            claims["groups"] = self._groups(token)
        return person(self.settings.name, self.settings.issuer, claims, "groups", "")

    def end_session_url(self, id_token: str, return_to: str) -> str | None:  # noqa: ARG002 - as every provider
        """GitHub has no place where a browser is signed out for us."""
        return None

    def _check_answer(self, answer: Mapping[str, str]) -> None:
        said = answer.get("iss")
        if said is not None and not any(
            hmac.compare_digest(said.encode(), each.encode()) for each in (self._site, f"{self._site}/login/oauth")
        ):
            raise SignInRefused("the answer is another issuer's")
        if "error" in answer:
            raise SignInRefused("the provider said no")
        if not 0 < len(answer.get("code", "")) <= _LONGEST_CODE:
            raise SignInRefused("no code")

    def _token(self, code: str, verifier: str) -> str:
        body: str = prepare_token_request(
            "authorization_code",
            code=code,
            redirect_uri=self._redirect_uri,
            code_verifier=verifier,
            client_id=self.settings.client_id,
            client_secret=self.settings.client_secret,
        )
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        # A refusal comes with status 200 as well, and has no token in it.
        answer = self._calls.post(f"{self._site}/login/oauth/access_token", headers, body)
        token, granted = answer.get("access_token"), answer.get("scope")
        if not isinstance(token, str) or not 0 < len(token) <= _LONGEST_TOKEN or not token.isascii() or not token.isprintable():
            raise SignInRefused("no access token")
        if str(answer.get("token_type")).lower() != "bearer":
            raise SignInRefused("token_type")
        # Whoever signs in can take scopes away.
        if self._wants_groups and not (isinstance(granted, str) and "read:org" in granted.replace(" ", ",").split(",")):
            raise SignInRefused("the scope read:org was not granted")
        return token

    def _address(self, token: str) -> dict[str, object]:
        found = self._calls.get_list(f"{self._api}/user/emails?per_page={_PAGE}", _headers(token))
        primary = [each for each in found if isinstance(each, dict) and each.get("primary") is True]
        if len(primary) != 1:
            return {}
        return {"email": primary[0].get("email"), "email_verified": primary[0].get("verified")}

    def _groups(self, token: str) -> list[str]:
        groups: set[str] = set()
        for each in self._everything(f"{self._api}/user/memberships/orgs?state=active&", token):
            name = _login(each.get("organization"))
            if name and each.get("state") == "active":
                groups.add(name)
        for each in self._everything(f"{self._api}/user/teams?", token):
            name, slug = _login(each.get("organization")), each.get("slug")
            # A team of an organisation whose membership is only offered is none yet.
            if name in groups and isinstance(slug, str) and slug:
                groups.add(f"{name}/{slug.lower()}")
        return sorted(groups)

    def _everything(self, url: str, token: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        for page in range(1, _MOST_PAGES + 1):
            more = self._calls.get_list(f"{url}per_page={_PAGE}&page={page}", _headers(token))
            found += [each for each in more if isinstance(each, dict)]
            if len(more) < _PAGE:
                return found
        raise SignInRefused("groups are too many")


def _headers(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}", "Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}


def _login(organization: object) -> str:
    login = organization.get("login") if isinstance(organization, dict) else None
    return login.lower() if isinstance(login, str) and "/" not in login else ""
