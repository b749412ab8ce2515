"""Sign-in with an identity provider over HTTP: there, back, and signing out from either side.

What came back is verified in ``identity.oidc``; who is admitted is decided in ``operations.provider_sign_in``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from werkzeug import Response
from werkzeug.datastructures import MultiDict

from tb_share.errors import BadRequest, NotFound, SignInRefused
from tb_share.gateway import cookies
from tb_share.gateway.request_scope import RequestScope
from tb_share.gateway.responses import redirect, redirect_to_provider
from tb_share.identity import session_cookie
from tb_share.identity.github import GitHub
from tb_share.identity.next_path import FRONT_PAGE, next_path
from tb_share.identity.oidc import logout_token, presets, transaction
from tb_share.identity.oidc.relying_party import RelyingParty
from tb_share.operations import provider_sign_in, sign_in
from tb_share.operations.desk import Desk
from tb_share.settings import Preset, ProviderSettings, Settings

Party = RelyingParty | GitHub

_MOST_UNDER_WAY: Final = 5
_LONGEST_STATE: Final = 200


@dataclass(frozen=True, slots=True)
class Offer:
    """A button on the sign-in page."""

    name: str
    title: str


class ProviderLogin:
    """All providers of the settings, each with an address of its own to come back to."""

    def __init__(self, desk: Desk, settings: Settings) -> None:
        self._desk = desk
        self._settings = settings
        self._sealer = transaction.Sealer(desk.keys)
        self._seen = logout_token.SeenIds()
        completed = [presets.completed(each) for each in settings.provider]
        self._parties = {each.name: _party(each, f"{settings.public_url}/login/callback/{each.name}") for each in completed}

    @property
    def offers(self) -> list[Offer]:
        """What the sign-in page offers, in the order of the settings."""
        return [Offer(name, party.settings.title) for name, party in self._parties.items()]

    def begin(self, scope: RequestScope) -> Response:
        """Send the browser to the provider. It changes nothing: what has to come back, the browser keeps."""
        party = self._party(scope)
        now = self._desk.now().timestamp()
        begun = transaction.new(party.settings.name, next_path(scope.request.args.get("next")), now)
        response = redirect_to_provider(party.authorization_url(begun))
        under_way = self._under_way(scope)
        # Pages of others could begin any number, and each is a cookie.
        for name in under_way if len(under_way) >= _MOST_UNDER_WAY else ():
            cookies.drop(response, self._settings, name)
        name = cookies.under_way_name(self._settings, begun.name)
        cookies.set_for_return(response, self._settings, name, self._sealer.sealed(begun), transaction.LIFE_S)
        return response

    def finish(self, scope: RequestScope) -> Response:
        """The browser is back: check everything, make the session, go where the person wanted to."""
        party = self._party(scope)
        answer = _each_once(scope.request.args)
        now = self._desk.now().timestamp()
        begun = self._begun(scope, party, answer.get("state", ""), now)
        name = cookies.under_way_name(self._settings, begun.name)
        session = provider_sign_in.admit(self._desk.asked_from(scope.origin), party.settings, party.person(begun, answer, now))
        self._end_session(scope)
        response = redirect(session.landing if begun.next == FRONT_PAGE else begun.next)
        cookies.set_session(response, self._settings, session.cookie)
        cookies.drop(response, self._settings, name)
        return response

    def sign_out_from_there(self, scope: RequestScope) -> Response:
        """The provider says that somebody signed out (OpenID Connect Back-Channel Logout 1.0)."""
        party = self._party(scope)
        if not isinstance(party, RelyingParty):
            raise NotFound
        tokens = scope.request.form.getlist("logout_token")
        try:
            about = logout_token.checked(party, tokens[0] if len(tokens) == 1 else "", self._seen, self._desk.now().timestamp())
        except SignInRefused as error:
            scope.refusal = error.reason
            raise BadRequest("This logout token is not accepted.") from error
        began_until = datetime.fromtimestamp(about.began_until, UTC)
        desk = self._desk.asked_from(scope.origin)
        provider_sign_in.sign_out_from_provider(desk, party.settings.issuer, about.subject, about.session, began_until)
        return Response(status=204)

    def sign_out_address(self, provider: str | None, id_token: str | None) -> str | None:
        """Where a browser signs out of the provider too; None if there is no such place."""
        party = self._parties.get(provider or "")
        if party is None or id_token is None:
            return None
        return party.end_session_url(id_token, f"{self._settings.public_url}/login")

    def _party(self, scope: RequestScope) -> Party:
        party = self._parties.get(scope.params["provider"])
        if party is None:
            raise NotFound
        return party

    def _begun(self, scope: RequestScope, party: Party, state: str, now: float) -> transaction.Transaction:
        """The sign-in that this browser began with this provider."""
        if not 0 < len(state) <= _LONGEST_STATE:
            raise SignInRefused("no state")
        name = cookies.under_way_name(self._settings, transaction.name_of(state))
        kept = scope.request.cookies.getlist(name)
        begun = self._sealer.opened(kept[0], state, now) if len(kept) == 1 else None
        if begun is None or begun.provider != party.settings.name:
            raise SignInRefused("not begun in this browser")
        return begun

    def _under_way(self, scope: RequestScope) -> list[str]:
        prefix = cookies.under_way_name(self._settings, "")
        return [name for name in scope.request.cookies if name.startswith(prefix)]

    def _end_session(self, scope: RequestScope) -> None:
        """The one before: whoever signs in again is somebody new to this browser (S-OIDC-9)."""
        name, _ = session_cookie.names(secure=cookies.is_secure(self._settings))
        held = scope.request.cookies.get(name)
        if held:
            sign_in.sign_out(self._desk.asked_from(scope.origin), held)


def _party(settings: ProviderSettings, redirect_uri: str) -> Party:
    return GitHub(settings, redirect_uri) if settings.preset is Preset.GITHUB else RelyingParty(settings, redirect_uri)


def _each_once(args: MultiDict[str, str]) -> dict[str, str]:
    """The parameters; one that comes twice has no meaning that two readers share."""
    given = {name: args.getlist(name) for name in args}
    if any(len(values) != 1 for values in given.values()):
        raise SignInRefused("a parameter came twice")
    return {name: values[0] for name, values in given.items()}
