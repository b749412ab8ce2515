"""The policy, cell by cell: caller kinds x roles x actions x targets. What is not in this table is refused."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from tb_share.model.api_token import Limits, TokenScope
from tb_share.model.caller import Caller, LinkVisitor, Member, Stranger
from tb_share.model.project import Role
from tb_share.model.share_link import ChosenExperiments, WholeProject
from tb_share.policy.actions import WORKSPACE_ACTIONS, Action
from tb_share.policy.decide import Allow, Deny, Hide, SignInFirst, decide

HERE, ELSEWHERE = "uid-here", "uid-elsewhere"

STRANGER = Stranger()
NOBODY = Member("n", "N")
VIEWER = Member("v", "V", roles={HERE: Role.VIEWER})
CONTRIBUTOR = Member("c", "C", roles={HERE: Role.CONTRIBUTOR})
OWNER = Member("o", "O", roles={HERE: Role.OWNER})
ADMIN = Member("a", "A", is_admin=True)


def narrowed(member, *scopes, projects=None):
    """The member, come with a token."""
    return replace(member, limits=Limits("t", frozenset(map(TokenScope, scopes)), projects))


VISITOR = LinkVisitor("l", HERE, WholeProject())
NARROW_VISITOR = LinkVisitor("l", HERE, ChosenExperiments(("x",)))

A = Action
VIEWER_MAY = {A.READ_PROJECT, A.READ_TENSORBOARD, A.READ_FOREIGN_PLUGINS, A.READ_MEMBERS}
CONTRIBUTOR_MAY = VIEWER_MAY | {A.READ_LINKS, A.CREATE_LINK, A.REVOKE_OWN_LINK}
OWNER_MAY = CONTRIBUTOR_MAY | {A.REVOKE_ANY_LINK, A.MANAGE_MEMBERS}

ALLOWED_HERE: list[tuple[Caller, set[Action]]] = [
    (STRANGER, set()),
    (NOBODY, set()),
    (VIEWER, VIEWER_MAY),
    (CONTRIBUTOR, CONTRIBUTOR_MAY),
    (OWNER, OWNER_MAY),
    (ADMIN, OWNER_MAY),
    (VISITOR, {A.READ_TENSORBOARD}),
    (NARROW_VISITOR, {A.READ_TENSORBOARD}),
]
PROJECT_ACTIONS = [action for action in Action if action not in WORKSPACE_ACTIONS]


@pytest.mark.parametrize(("caller", "may"), ALLOWED_HERE, ids=lambda value: getattr(value, "name", type(value).__name__))
def test_H01_what_each_caller_may_do_in_the_project(caller, may):
    assert {action for action in PROJECT_ACTIONS if isinstance(decide(caller, action, HERE), Allow)} == may


@pytest.mark.parametrize("caller", [STRANGER, NOBODY, VIEWER, CONTRIBUTOR, OWNER, VISITOR, NARROW_VISITOR])
@pytest.mark.parametrize("project_uid", [ELSEWHERE, None])
def test_H02_another_project_answers_like_none(caller, project_uid):
    verdicts = {type(decide(caller, action, project_uid)) for action in PROJECT_ACTIONS}
    assert verdicts == ({SignInFirst} if isinstance(caller, Stranger) else {Hide})


def test_administrators_own_every_project_but_not_those_that_do_not_exist():
    assert isinstance(decide(ADMIN, A.MANAGE_MEMBERS, ELSEWHERE), Allow)
    assert isinstance(decide(ADMIN, A.MANAGE_MEMBERS, None), Hide)


@pytest.mark.parametrize(("caller", "_may"), ALLOWED_HERE)
def test_whoever_has_a_place_is_denied_and_not_hidden_from(caller, _may):
    for action in PROJECT_ACTIONS:
        verdict = decide(caller, action, HERE)
        if isinstance(verdict, Hide):
            assert caller == NOBODY
        if isinstance(verdict, Deny):
            assert caller not in (NOBODY, STRANGER)


def test_workspace_actions_are_for_members_and_the_public_one_for_all():
    for caller, _ in ALLOWED_HERE:
        assert isinstance(decide(caller, A.PUBLIC, None), Allow)
        for action in WORKSPACE_ACTIONS - {A.PUBLIC}:
            assert isinstance(decide(caller, action, None), Allow) == isinstance(caller, Member), (caller, action)


def test_S_ROLE_6_a_higher_role_may_all_that_a_lower_one_may():
    ranked = [VIEWER, CONTRIBUTOR, OWNER]
    for lower, higher in itertools.pairwise(ranked):
        for action in Action:
            assert not isinstance(decide(lower, action, HERE), Allow) or isinstance(decide(higher, action, HERE), Allow)


def test_an_unknown_kind_of_caller_may_nothing():
    class Unheard:
        pass

    assert not any(isinstance(decide(Unheard(), action, HERE), Allow) for action in PROJECT_ACTIONS)  # type: ignore[arg-type]


TOKEN_READS = {A.READ_PROJECT, A.READ_TENSORBOARD, A.READ_MEMBERS, A.READ_LINKS}
TOKEN_WRITES = TOKEN_READS | {A.CREATE_LINK, A.REVOKE_OWN_LINK}
TOKEN_CEILING = {"read": TOKEN_READS, "write": TOKEN_WRITES, "admin": TOKEN_WRITES | {A.REVOKE_ANY_LINK, A.MANAGE_MEMBERS}}


@pytest.mark.parametrize(
    ("member", "may"), [(NOBODY, set()), (VIEWER, VIEWER_MAY), (CONTRIBUTOR, CONTRIBUTOR_MAY), (OWNER, OWNER_MAY), (ADMIN, OWNER_MAY)]
)
@pytest.mark.parametrize(
    "scopes", [combination for n in (1, 2, 3) for combination in itertools.combinations(("read", "write", "admin"), n)]
)
@pytest.mark.parametrize("projects", [None, frozenset({HERE}), frozenset({ELSEWHERE}), frozenset()])
def test_J04_J05_a_token_may_what_its_scopes_its_projects_and_its_owner_may(member, may, scopes, projects):
    caller = narrowed(member, *scopes, projects=projects)
    inside = projects is None or HERE in projects
    most = set().union(*(TOKEN_CEILING[scope] for scope in scopes))
    for action in set(Action) - WORKSPACE_ACTIONS:
        verdict = decide(caller, action, HERE)
        assert isinstance(verdict, Allow) == (inside and action in may & most), (action, scopes)
        if isinstance(verdict, Allow):
            assert isinstance(decide(member, action, HERE), Allow)
        elif not inside:
            assert isinstance(verdict, Hide)


@pytest.mark.parametrize("action", sorted(WORKSPACE_ACTIONS))
def test_S_TOK_4_a_token_reads_the_workspace_and_nothing_else(action):
    allowed = action in {A.PUBLIC, A.LIST_PROJECTS, A.READ_ACCOUNT}
    assert isinstance(decide(narrowed(ADMIN, "read", "write", "admin"), action, None), Allow) == allowed


def test_a_token_without_a_scope_may_nothing():
    assert not any(isinstance(decide(narrowed(ADMIN), action, HERE), Allow) for action in Action)
