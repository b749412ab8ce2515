"""Which credential passes, and what a refusal becomes."""

from __future__ import annotations

from types import MappingProxyType

import pytest
from werkzeug import Request

from tb_share.errors import LinkEnded, NotAllowed, NotFound, ShareError, SignInFirst
from tb_share.gateway import guard
from tb_share.gateway.request_scope import RequestScope
from tb_share.model.caller import Caller, LinkVisitor, Member, Stranger
from tb_share.model.project import Managed, Project, Role, Visibility
from tb_share.model.share_link import WholeProject
from tb_share.policy.actions import Action

PROJECT = Project("a", "uid-a", "A", Managed("/x"))
VIEWER = Member("v", "V", roles=MappingProxyType({"uid-a": Role.VIEWER}))
NOBODY = Member("n", "N")
VISITOR = LinkVisitor("l", "uid-a", WholeProject())
ELSEWHERE = LinkVisitor("l", "uid-b", WholeProject())


def asked_by(*callers: Caller, project: Project | None = PROJECT, ended: bool = False) -> RequestScope:
    return RequestScope("id", Request({}), callers=callers, project=project, ended_link=ended)


@pytest.mark.parametrize(
    ("callers", "admitted"), [((VIEWER,), VIEWER), ((NOBODY, VISITOR), VISITOR), ((ELSEWHERE, VIEWER), VIEWER), ((VIEWER, VISITOR), VIEWER)]
)
def test_the_first_credential_that_may_passes(callers: tuple[Caller, ...], admitted: Caller) -> None:
    scope = asked_by(*callers)
    guard.admit(scope, Action.READ_TENSORBOARD)
    assert scope.caller is admitted


@pytest.mark.parametrize("project", [PROJECT, None])
@pytest.mark.parametrize(
    ("callers", "ended", "error"),
    [
        ((Stranger(),), False, SignInFirst),
        ((NOBODY,), False, NotFound),
        ((ELSEWHERE,), False, NotFound),
        ((Stranger(),), True, LinkEnded),
        ((NOBODY,), True, LinkEnded),
        ((), False, SignInFirst),
    ],
)
def test_H02_a_refusal_does_not_tell_whether_the_project_exists(
    project: Project | None, callers: tuple[Caller, ...], ended: bool, error: type[ShareError]
) -> None:
    with pytest.raises(error):
        guard.admit(asked_by(*callers, project=project, ended=ended), Action.READ_TENSORBOARD)


def test_who_has_a_place_is_told_that_it_may_not() -> None:
    for callers in ((VIEWER,), (VISITOR, VIEWER), (VIEWER, VISITOR)):
        with pytest.raises(NotAllowed):
            guard.admit(asked_by(*callers), Action.CREATE_LINK)


def test_an_ended_link_is_no_answer_to_other_questions() -> None:
    with pytest.raises(SignInFirst):
        guard.admit(asked_by(Stranger(), ended=True), Action.READ_PROJECT)


def test_what_the_admitted_caller_may_besides() -> None:
    scope = asked_by(VISITOR)
    guard.admit(scope, Action.READ_TENSORBOARD)
    assert not guard.may(scope, Action.READ_FOREIGN_PLUGINS)
    assert set(guard.actions_in(VISITOR, PROJECT, Visibility.MEMBERS, viewers_comment=True)) == {"public", "read_tensorboard"}
    assert "create_link" not in guard.actions_in(VIEWER, PROJECT, Visibility.MEMBERS, viewers_comment=True)
    assert guard.role_of(VIEWER, PROJECT) is Role.VIEWER
    assert guard.role_of(VISITOR, PROJECT) is None


PROJECTS = [Project(f"p{number}", f"uid-{number}", "P", Managed("/x")) for number in range(4)]
VISIBILITIES = dict(zip([each.uid for each in PROJECTS], [*Visibility, Visibility.MEMBERS], strict=True))
LISTERS: list[Caller] = [
    Stranger(),
    NOBODY,
    Member("a", "A", is_admin=True),
    LinkVisitor("l", "uid-0", WholeProject()),
    *(Member("m", "M", roles=MappingProxyType({f"uid-{number}": role})) for number in (0, 3) for role in Role),
]


def decided(caller: Caller, action: Action, project: Project, *, comment: bool = False) -> bool:
    scope = RequestScope(
        "id", Request({}), callers=(caller,), project=project, visibility=VISIBILITIES[project.uid], viewers_comment=comment
    )
    try:
        guard.admit(scope, action)
    except ShareError:
        return False
    return True


@pytest.mark.parametrize("comment", [False, True])
@pytest.mark.parametrize("caller", LISTERS)
def test_S_ROLE_2_lists_agree_with_the_decision_on_every_row(caller: Caller, comment: bool) -> None:
    listed = guard.readable(caller, PROJECTS, VISIBILITIES.__getitem__)
    assert listed == [each for each in PROJECTS if decided(caller, Action.READ_PROJECT, each)]
    for project in PROJECTS:
        offered = guard.actions_in(caller, project, VISIBILITIES[project.uid], viewers_comment=comment)
        said = {action for action in Action if decided(caller, action, project, comment=comment)}
        # What is open to anybody passes with any credential, and is not this one's to offer.
        anybody = {action for action in Action if decided(Stranger(), action, project)}
        assert set(offered) <= {action.value for action in said}
        assert said - anybody <= set(map(Action, offered))
