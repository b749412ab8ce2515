"""May they? The one caller of ``policy.decide``, and the one place where a verdict becomes an error.

Knows callers, actions and projects; knows no address, header or page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from tb_share.errors import LinkEnded, NotAllowed, NotFound, ShareError
from tb_share.errors import SignInFirst as SignInFirstError
from tb_share.gateway.request_scope import STRANGER, RequestScope
from tb_share.model.caller import Caller, Member
from tb_share.model.project import Project, Role, Visibility
from tb_share.policy.actions import Action
from tb_share.policy.decide import Allow, Deny, Hide, SignInFirst, decide

# The refusal that says most about the caller's standing wins: somebody with a place in the project is told so.
_RANK: Final = {Deny: 0, Hide: 1, SignInFirst: 2}


def admit(scope: RequestScope, action: Action) -> None:
    """Let the request pass with the first credential that may, and note which one it was.

    Raises:
        SignInFirst: nobody known is asking.
        NotFound: the caller may not know whether the target exists (S-ROLE-3).
        NotAllowed: the caller may know it, and may not do this.
        LinkEnded: the visitor came by a link that has ended.
    """
    uid = None if scope.project is None else scope.project.uid
    refusals: list[Deny | Hide | SignInFirst] = []
    for caller in scope.callers:
        verdict = decide(caller, action, uid, scope.visibility, viewers_comment=scope.viewers_comment)
        if isinstance(verdict, Allow):
            scope.caller = caller
            return
        refusals.append(verdict)
    # What is open to anybody is open to whoever brings a credential that does not help.
    if isinstance(decide(STRANGER, action, uid, scope.visibility), Allow):
        scope.caller = STRANGER
        return
    refusal = min(refusals, key=lambda verdict: _RANK[type(verdict)], default=SignInFirst())
    scope.refusal = "sign in first" if isinstance(refusal, SignInFirst) else refusal.reason
    raise _error(refusal, ended_link=scope.ended_link and action is Action.READ_TENSORBOARD)


def may(scope: RequestScope, action: Action) -> bool:
    """Whether the admitted caller may also do this in the same project."""
    if scope.project is None:
        return False
    return isinstance(decide(scope.caller, action, scope.project.uid, scope.visibility, viewers_comment=scope.viewers_comment), Allow)


def actions_in(caller: Caller, project: Project, visibility: Visibility, *, viewers_comment: bool) -> tuple[str, ...]:
    """All actions of the caller in a project, for buttons: each is decided again when it is done."""
    return tuple(
        action.value
        for action in Action
        if isinstance(decide(caller, action, project.uid, visibility, viewers_comment=viewers_comment), Allow)
    )


def readable(caller: Caller, projects: Iterable[Project], visibility: Callable[[str], Visibility]) -> list[Project]:
    """Those that the caller may read, decided one by one as each would be when it is opened."""
    return [each for each in projects if isinstance(decide(caller, Action.READ_PROJECT, each.uid, visibility(each.uid)), Allow)]


def role_of(caller: Caller, project: Project) -> Role | None:
    """The role of a member; others have none."""
    return caller.role_in(project.uid) if isinstance(caller, Member) else None


def _error(refusal: Deny | Hide | SignInFirst, *, ended_link: bool) -> ShareError:
    match refusal:
        case Deny():
            return NotAllowed()
        # Not a word on whether the project exists: whoever holds the cookie of an ended link sees this on any project's address.
        case Hide() | SignInFirst() if ended_link:
            return LinkEnded()
        case Hide():
            return NotFound()
        case SignInFirst():
            return SignInFirstError()
