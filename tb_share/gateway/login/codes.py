"""Destination 5: signing in with a one-time address, and signing out. Works without JavaScript; a GET never changes anything (S-CSRF-2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlsplit

from werkzeug import Response

from tb_share.gateway import cookies
from tb_share.gateway.login.providers import ProviderLogin
from tb_share.gateway.request_scope import RequestScope
from tb_share.gateway.responses import page, redirect
from tb_share.identity import session_cookie
from tb_share.identity.next_path import FRONT_PAGE, next_path
from tb_share.model.caller import Member
from tb_share.operations import sign_in
from tb_share.operations.desk import Desk
from tb_share.settings import Settings
from tb_share.store.sessions import Ended

_LONGEST_PASTED: Final = 4096


@dataclass(frozen=True, slots=True)
class CodeLogin:
    """The sign-in page, one-time codes, and signing out."""

    desk: Desk
    settings: Settings
    providers: ProviderLogin

    def sign_in_page(self, scope: RequestScope) -> Response:
        """Where everybody starts who is not signed in."""
        wanted = next_path(scope.request.args.get("next"))
        if any(isinstance(caller, Member) for caller in scope.callers):
            return redirect(wanted)
        return page("login.html", next=wanted, error=False, offers=self.providers.offers)

    def sign_in_by_code(self, scope: RequestScope) -> Response:
        """Somebody pasted an address or its last part: lead to the page that asks before it is used."""
        pasted = scope.request.form.get("code", "").strip()
        wanted = next_path(scope.request.form.get("next"))
        path = _path_of(pasted) if 0 < len(pasted) <= _LONGEST_PASTED else None
        if path is None:
            return page("login.html", 400, next=wanted, error=True, offers=self.providers.offers)
        return redirect(path if wanted == FRONT_PAGE or path.startswith("/s/") else f"{path}?next={quote(wanted, safe='')}")

    def code_page(self, scope: RequestScope) -> Response:
        """Asks before the code is used up: mail scanners open addresses, people press buttons."""
        here = _signed_in(scope)
        offered = sign_in.check_code(self.desk.asked_from(scope.origin), scope.params["token"], here)
        other = "" if here is None or here.user_id == offered.user_id else here.name
        return page("code.html", next=next_path(scope.request.args.get("next")), offered=offered, other=other)

    def use_code(self, scope: RequestScope) -> Response:
        """Sign in; an earlier session of this browser ends (S-OIDC-9), unless its person is who is invited."""
        desk, token, here = self.desk.asked_from(scope.origin), scope.params["token"], _signed_in(scope)
        wanted = next_path(scope.request.form.get("next"))
        joined = None if here is None else sign_in.join(desk, token, here)
        if joined is not None:
            return redirect(joined if wanted == FRONT_PAGE else wanted)
        session = sign_in.use_code(desk, token)
        self._end_session(scope)
        response = redirect(session.landing if wanted == FRONT_PAGE else wanted)
        cookies.set_session(response, self.settings, session.cookie)
        return response

    def sign_out(self, scope: RequestScope) -> Response:
        """End the session on the server, and offer to end it at the provider."""
        ended = self._end_session(scope)
        there = None if ended is None else self.providers.sign_out_address(ended.provider, ended.id_token)
        response = redirect("/login") if there is None else page("signed_out.html", there=there)
        cookies.drop_session(response, self.settings)
        return response

    def _end_session(self, scope: RequestScope) -> Ended | None:
        name, _ = session_cookie.names(secure=cookies.is_secure(self.settings))
        held = scope.request.cookies.get(name)
        return sign_in.sign_out(self.desk.asked_from(scope.origin), held) if held else None


def _signed_in(scope: RequestScope) -> Member | None:
    """Whom this browser is signed in as; a token signs nobody in."""
    return next((caller for caller in scope.callers if isinstance(caller, Member) and caller.limits is None), None)


def _path_of(pasted: str) -> str | None:
    """``/login/…`` or ``/s/…`` of an address of ours, or of a bare code."""
    path = urlsplit(pasted).path if "://" in pasted else pasted
    for prefix in ("/login/", "/s/"):
        _, found, token = path.partition(prefix)
        if found and "/" not in token and _is_token(token):
            return f"{prefix}{token}"
    return f"/login/{path}" if _is_token(path) else None


def _is_token(text: str) -> bool:
    return bool(text) and text.isascii() and all(char.isalnum() or char in "-_." for char in text)
