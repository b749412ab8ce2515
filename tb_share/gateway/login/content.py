"""Leads a browser over to the origin of TensorBoard's pages, where the settings name one (S-XSS-4).

    content: /p/PROJECT/…            no credential there yet: keeps a random state in a cookie, sends the browser to
    main:    /p/PROJECT/lead-over    decided like any page of the project; signs who it is, bound to the state, for half a minute
    content: /enter/TOKEN            the state's cookie is there: sets a cookie for reading this one project, goes on to the page

That cookie holds no secret of the main origin: it names a session or a link, whose row decides each time. A link's cookie alone
may be older than a session on the main origin, so whoever opens a page with nothing else is led over again, at most once a minute.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from werkzeug import Response

from tb_share.credentials import Credentials, Entry
from tb_share.errors import EntryNotValid, NotFound
from tb_share.gateway import cookies
from tb_share.gateway.request_scope import RequestScope
from tb_share.gateway.responses import redirect, redirect_to_ourselves
from tb_share.identity import session_cookie
from tb_share.identity.next_path import next_path
from tb_share.model.caller import LinkVisitor
from tb_share.model.project import Project
from tb_share.operations import links
from tb_share.operations.desk import Desk
from tb_share.settings import Settings
from tb_share.signing import hashed, new_secret, same

_LIFE_S: Final = 30
_STATE_LIFE_S: Final = 600
_HEX: Final = frozenset("0123456789abcdef")
_STATE_LENGTH: Final = 64
_NAME_LENGTH: Final = 8
_LONGEST_LANDING: Final = 2048
_MOST_ENTRIES: Final = 5


@dataclass(frozen=True, slots=True)
class ContentLogin:
    """The three steps."""

    desk: Desk
    settings: Settings
    projects: Mapping[str, Project]

    def begin(self, scope: RequestScope) -> Response:
        """On the content's origin, without a credential: go and ask the main one. Where to go afterwards, the browser keeps."""
        state = new_secret()
        response = redirect_to_ourselves(self.settings.public_url or "", f"/p/{scope.params['project']}/lead-over?state={hashed(state)}")
        prefix = cookies.entry_name(self.settings, "")
        under_way = [name for name in scope.request.cookies if name.startswith(prefix)]
        for name in under_way if len(under_way) >= _MOST_ENTRIES else ():
            cookies.drop(response, self.settings, name)
        kept = f"{state}.{base64.urlsafe_b64encode(_landing(scope).encode()).decode()}"
        cookies.set_for_return(response, self.settings, self._name(hashed(state)), kept, _STATE_LIFE_S)
        return response

    def lead_over(self, scope: RequestScope) -> Response:
        """On the main origin, where the guard let the caller read this project."""
        project, content_url = scope.project, self.settings.content_url
        state = scope.request.args.get("state", "")
        if project is None or content_url is None or len(state) != _STATE_LENGTH or not _HEX.issuperset(state):
            raise NotFound
        credentials = Credentials(self.desk.keys)
        held = scope.request.cookies.getlist(session_cookie.names(secure=cookies.is_secure(self.settings))[0])
        secret = credentials.read_session(held[0]) if len(held) == 1 else None
        visitor = next((each for each in scope.callers if isinstance(each, LinkVisitor) and each.project_uid == project.uid), None)
        entry = Entry(
            session_hash="" if secret is None else hashed(secret),
            link_id="" if visitor is None else visitor.link_id,
            project_id=project.id,
            state=state,
            expires_at=int(self.desk.now().timestamp()) + _LIFE_S,
        )
        return redirect_to_ourselves(content_url, f"/enter/{credentials.entry(entry)}")

    def enter(self, scope: RequestScope) -> Response:
        """On the content's origin again.

        Raises:
            EntryNotValid: altered, late, or begun in another browser.
        """
        credentials = Credentials(self.desk.keys)
        entry = credentials.read_entry(scope.params["token"])
        project = None if entry is None else self.projects.get(entry.project_id)
        if entry is None or project is None or entry.expires_at < self.desk.now().timestamp():
            raise EntryNotValid
        name = self._name(entry.state)
        response = redirect(self._landing(scope, name, entry))
        cookies.drop(response, self.settings, name)
        cookies.set_led(response, self.settings, project.id)
        if entry.session_hash:
            cookies.set_content(response, self.settings, credentials.content(entry.session_hash, project.uid), project.id)
        if entry.link_id:
            life_s = max(links.life_s(self.desk, entry.link_id), 1)
            cookies.set_link(response, self.settings, credentials.link_cookie(entry.link_id), project.id, life_s)
        return response

    def _landing(self, scope: RequestScope, name: str, entry: Entry) -> str:
        """Where this browser wanted to go; it proves by the state that it is the one that asked."""
        kept = scope.request.cookies.getlist(name)
        state, _, landing = kept[0].partition(".") if len(kept) == 1 else ("", "", "")
        if not same(hashed(state), entry.state):
            raise EntryNotValid
        page = f"/p/{entry.project_id}/"
        try:
            wanted = next_path(base64.urlsafe_b64decode(landing).decode())
        except (binascii.Error, ValueError):
            return page
        return wanted if wanted.startswith(page) and not wanted.startswith(f"{page}lead-over") else page

    def _name(self, state_hash: str) -> str:
        return cookies.entry_name(self.settings, state_hash[:_NAME_LENGTH])


def _landing(scope: RequestScope) -> str:
    return scope.target if len(scope.target) <= _LONGEST_LANDING else scope.target.partition("?")[0]
