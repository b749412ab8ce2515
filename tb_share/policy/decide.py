"""The one policy function. A verdict is a value with a reason until the guard turns it into HTTP."""

from __future__ import annotations

from dataclasses import dataclass

from tb_share.model.caller import Caller, LinkVisitor, Member, Stranger
from tb_share.model.project import Visibility
from tb_share.policy.actions import WORKSPACE_ACTIONS, Action
from tb_share.policy.grants import ANY_MEMBER, CEILING, MAY, OPEN_TO_MEMBERS, OPEN_TO_STRANGERS, VIEWERS_MAY_TOO, ceiling


@dataclass(frozen=True, slots=True)
class Allow:
    """Yes."""


@dataclass(frozen=True, slots=True)
class SignInFirst:
    """Not without signing in; whether the target exists is not said."""


@dataclass(frozen=True, slots=True)
class Hide:
    """No, and the target does not exist as far as this caller is told (S-ROLE-3)."""

    reason: str


@dataclass(frozen=True, slots=True)
class Deny:
    """No; the caller may know that the target exists."""

    reason: str


Verdict = Allow | SignInFirst | Hide | Deny


def decide(
    caller: Caller,
    action: Action,
    project_uid: str | None,
    visibility: Visibility = Visibility.MEMBERS,
    *,
    viewers_comment: bool = False,
) -> Verdict:
    """May ``caller`` do ``action`` to the project with this uid?

    ``project_uid`` is None for actions of the workspace, and for a project that does not exist: that is then hidden
    just like one that the caller may not know of. ``visibility`` is the project's, as the server's settings let it be;
    ``viewers_comment`` says whether its owners let viewers write notes.
    """
    if action not in ceiling(caller):
        return _refuse(caller, action, project_uid, visibility)
    if action in WORKSPACE_ACTIONS:
        return Allow() if action in _in_workspace(caller) else _refuse(caller, action, project_uid, visibility)
    if project_uid is not None and action in _actions_in(caller, project_uid, visibility, viewers_comment=viewers_comment):
        return Allow()
    return _refuse(caller, action, project_uid, visibility)


def _in_workspace(caller: Caller) -> frozenset[Action]:
    if not isinstance(caller, Member):
        return frozenset({Action.PUBLIC})
    return WORKSPACE_ACTIONS if caller.is_admin else ANY_MEMBER


def _actions_in(caller: Caller, project_uid: str, visibility: Visibility, *, viewers_comment: bool = False) -> frozenset[Action]:
    match caller:
        case Member():
            if not caller.reaches(project_uid):
                return frozenset()
            role = caller.role_in(project_uid)
            if role is None:
                return OPEN_TO_MEMBERS[visibility]
            return MAY[role] | VIEWERS_MAY_TOO if viewers_comment else MAY[role]
        case LinkVisitor():
            return CEILING[LinkVisitor] if caller.project_uid == project_uid else frozenset()
        case Stranger():
            return OPEN_TO_STRANGERS[visibility]


def _refuse(caller: Caller, action: Action, project_uid: str | None, visibility: Visibility) -> Verdict:
    if isinstance(caller, Stranger):
        return SignInFirst()
    if action in WORKSPACE_ACTIONS and isinstance(caller, Member):
        return Deny(f"{type(caller).__name__} may not {action}")
    if project_uid is None or not _actions_in(caller, project_uid, visibility):
        return Hide(f"{type(caller).__name__} has no place in this project")
    return Deny(f"{type(caller).__name__} may not {action} here")
