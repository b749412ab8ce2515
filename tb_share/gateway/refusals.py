"""Writes refusals into the audit log: who wanted what and was told no (S-AUD-1).

Bounded: the same refusal once a minute, and so many a minute in each process, so that nobody fills the log by knocking. Those of people we
know have a number of their own: strangers who knock cannot hide them.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final

from tb_share.errors import CrossSiteRequest, LinkEnded, NotAdmitted, NotAllowed, NotFound, PasscodeWrong, ShareError, TooManyTries
from tb_share.gateway.request_scope import RequestScope
from tb_share.gateway.routes import Destination
from tb_share.model.caller import LinkVisitor, Member, Stranger
from tb_share.model.origin import site
from tb_share.operations.desk import Desk
from tb_share.policy.actions import Action

_NOBODY: Final = "nobody"
_AGAIN_AFTER_S: Final = 60.0
_MOST_IN_A_MINUTE: Final = 60
_WORTH_KEEPING: Final = (NotAllowed, TooManyTries)


class Refusals:
    """One for each process."""

    def __init__(self, desk: Desk, now: Callable[[], float]) -> None:
        self._desk = desk
        self._now = now
        self._lock = threading.Lock()
        self._began = 0.0
        self._seen: dict[bool, set[object]] = {True: set(), False: set()}

    def note(self, scope: RequestScope, error: ShareError) -> None:
        """Write it down, if it tells anything.

        Raises:
            StoreUnavailable: the database cannot be reached.
        """
        if not _tells(scope, error):
            return
        actor = _actor(scope)
        action = "request" if scope.route is None else scope.route.action.value
        if scope.route is not None and scope.route.action is Action.PUBLIC:
            action = scope.route.name  # of what everybody may try, the kind of right says nothing
        target = scope.about if scope.project is None else f"project:{scope.project.id}"
        if not self._is_new((actor, action, target, error.code, site(scope.peer)), is_known=actor != _NOBODY):
            return
        desk = self._desk.asked_from(scope.origin)
        with desk.database.write() as connection:
            desk.note(connection, actor, action, target, f"refused: {error.code}")

    def _is_new(self, key: object, *, is_known: bool) -> bool:
        with self._lock:
            if self._now() - self._began >= _AGAIN_AFTER_S:
                self._began, self._seen = self._now(), {True: set(), False: set()}
            seen = self._seen[is_known]
            if key in seen or len(seen) >= _MOST_IN_A_MINUTE:
                return False
            seen.add(key)
            return True


def _tells(scope: RequestScope, error: ShareError) -> bool:
    """Strangers who are asked to sign in, and pages that are not there, tell nothing."""
    if isinstance(error, NotAdmitted):
        return False  # who it was, and at which provider, was written down where it was decided
    if scope.has_bad_token:
        return True
    known = any(not isinstance(caller, Stranger) for caller in scope.callers)
    if isinstance(error, _WORTH_KEEPING):
        return known or isinstance(error, CrossSiteRequest | LinkEnded | TooManyTries) or scope.route is not None
    guessed = scope.route is not None and scope.route.destination in (Destination.LOGIN, Destination.SHARING)
    return isinstance(error, NotFound | PasscodeWrong) and (guessed or (known and bool(scope.refusal)))


def _actor(scope: RequestScope) -> str:
    match scope.callers[0]:
        case Member(user_id=user_id):
            return f"user:{user_id}"
        case LinkVisitor(link_id=link_id):
            return f"link:{link_id}"
        case _:
            return _NOBODY
