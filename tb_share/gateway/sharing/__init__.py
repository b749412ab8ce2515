"""Destination 3: share links. The landing page is inert; only pressing its button opens the link (S-LINK-2, S-LINK-3)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from werkzeug import Response

from tb_share.errors import LinkForOthers, LinkNotValid, PasscodeWrong, TooManyTries
from tb_share.gateway import cookies
from tb_share.gateway.request_scope import RequestScope
from tb_share.gateway.responses import page, redirect
from tb_share.model.caller import Member
from tb_share.model.project import Project
from tb_share.model.share_link import ShareLink
from tb_share.operations import links
from tb_share.operations.desk import Desk
from tb_share.settings import Settings


class Tries(Protocol):
    """Counts failed tries; here, of each link's passcode."""

    def taken(self, address: str) -> int | None:
        """Count a try; seconds to wait before it may be made, or None."""
        ...

    def forgiven(self, address: str) -> None:
        """It did not fail."""
        ...

    def failed(self, address: str) -> None:
        """One more."""
        ...


def build(
    desk: Desk, projects: Mapping[str, Project], settings: Settings, tries: Tries
) -> Mapping[str, Callable[[RequestScope], Response]]:
    """The answers by route."""
    sharing = _Sharing(desk, projects, settings, tries)
    return {"landing": sharing.landing, "exchange": sharing.exchange}


@dataclass(frozen=True, slots=True)
class _Sharing:
    desk: Desk
    projects: Mapping[str, Project]
    settings: Settings
    tries: Tries

    def landing(self, scope: RequestScope) -> Response:
        """The same page for every link of its kind: it names no project and nobody."""
        link = self._checked(scope)
        if not links.admits(link, _member(scope)):
            raise LinkForOthers
        return page("landing.html", passcode=link.has_passcode, wrong=False)

    def exchange(self, scope: RequestScope) -> Response:
        """Count a use, hand out the cookie, go to the restored view at a clean address."""
        link = self._checked(scope)
        key = scope.about = f"link:{link.id}"
        wait_s = self.tries.taken(key) if link.has_passcode else None
        if wait_s is not None:
            raise TooManyTries(retry_after_s=wait_s)
        try:
            opened = links.exchange(self.desk.asked_from(scope.origin), link, _member(scope), scope.request.form.get("passcode", ""))
        except PasscodeWrong:
            self.tries.failed(scope.peer)
            scope.refusal = "wrong passcode"
            return page("landing.html", PasscodeWrong.status, passcode=True, wrong=True)
        if link.has_passcode:
            self.tries.forgiven(key)
        response = redirect(f"/p/{opened.project.id}/{opened.link.view}")
        life_s = int((opened.link.expires_at - self.desk.now()).total_seconds())
        cookies.set_link(response, self.settings, opened.cookie, opened.project.id, max(life_s, 1))
        return response

    def _checked(self, scope: RequestScope) -> ShareLink:
        link = links.check(self.desk, scope.params["token"])
        if not any(project.uid == link.project_uid for project in self.projects.values()):
            raise LinkNotValid
        return link


def _member(scope: RequestScope) -> Member | None:
    """Whoever signed in with this browser."""
    return next((caller for caller in scope.callers if isinstance(caller, Member)), None)
