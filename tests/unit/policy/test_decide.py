"""The policy, cell by cell: caller kinds x roles x actions x targets. What is not in this table is refused."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from tb_share.model.api_token import ContentLimits, Limits, TokenScope
from tb_share.model.caller import Caller, LinkVisitor, Member, Stranger
from tb_share.model.project import Role, Visibility
from tb_share.model.share_link import ChosenExperiments, WholeProject
from tb_share.policy.actions import WORKSPACE_ACTIONS, Action
from tb_share.policy.decide import Allow, Deny, Hide, SignInFirst, decide
from tb_share.policy.grants import member_may

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
VIEWER_MAY = {
    A.READ_PROJECT,
    A.READ_TENSORBOARD,
    A.READ_FOREIGN_PLUGINS,
    A.READ_FILES,
    A.READ_ANNOTATIONS,
    A.KEEP_OWN,
    A.READ_MEMBERS,
    A.LEAVE_PROJECT,
}
CONTRIBUTOR_MAY = VIEWER_MAY | {A.READ_LINKS, A.CREATE_LINK, A.REVOKE_OWN_LINK, A.EDIT_EXPERIMENT, A.COMMENT, A.SHARE_VIEW}
OWNER_MAY = CONTRIBUTOR_MAY | {A.REVOKE_ANY_LINK, A.MANAGE_MEMBERS, A.MANAGE_PROJECT, A.READ_AUDIT, A.DELETE_ANY_NOTE}

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
            allowed = isinstance(caller, Member) and (caller.is_admin or action is not A.MANAGE_WORKSPACE)
            assert isinstance(decide(caller, action, None), Allow) == allowed, (caller, action)


def test_S_ROLE_6_a_higher_role_may_all_that_a_lower_one_may():
    ranked = [VIEWER, CONTRIBUTOR, OWNER]
    for lower, higher in itertools.pairwise(ranked):
        for action in Action:
            assert not isinstance(decide(lower, action, HERE), Allow) or isinstance(decide(higher, action, HERE), Allow)


def test_an_unknown_kind_of_caller_may_nothing():
    class Unheard:
        pass

    assert not any(isinstance(decide(Unheard(), action, HERE), Allow) for action in PROJECT_ACTIONS)  # type: ignore[arg-type]


TOKEN_READS = {A.READ_PROJECT, A.READ_TENSORBOARD, A.READ_FILES, A.READ_ANNOTATIONS, A.READ_MEMBERS, A.READ_LINKS}
TOKEN_WRITES = TOKEN_READS | {A.CREATE_LINK, A.REVOKE_OWN_LINK, A.EDIT_EXPERIMENT, A.COMMENT, A.KEEP_OWN, A.SHARE_VIEW}
TOKEN_CEILING = {
    "read": TOKEN_READS,
    "write": TOKEN_WRITES,
    "admin": TOKEN_WRITES | {A.REVOKE_ANY_LINK, A.MANAGE_MEMBERS, A.MANAGE_PROJECT, A.READ_AUDIT, A.DELETE_ANY_NOTE},
}


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


OPEN = {A.READ_PROJECT, A.READ_TENSORBOARD}
SCOPE_SETS = [frozenset(map(TokenScope, each)) for n in range(4) for each in itertools.combinations(("read", "write", "admin"), n)]
PEOPLE = [NOBODY, VIEWER, CONTRIBUTOR, OWNER, ADMIN, Member("e", "E", roles={ELSEWHERE: Role.OWNER})]
HOLDERS = [
    replace(who, limits=Limits("t", scopes, projects))
    for who in PEOPLE
    for scopes in SCOPE_SETS
    for projects in (None, frozenset({HERE}), frozenset())
]
VISITORS = [
    LinkVisitor("l", uid, scope)
    for uid in (HERE, ELSEWHERE)
    for scope in (WholeProject(), ChosenExperiments(("x",)), ChosenExperiments(()))
]
EVERYBODY = [STRANGER, *PEOPLE, *HOLDERS, *VISITORS]


def allowed(caller, project_uid, visibility, *, viewers_comment=False):
    verdicts = {action: decide(caller, action, project_uid, visibility, viewers_comment=viewers_comment) for action in Action}
    return {action for action, verdict in verdicts.items() if isinstance(verdict, Allow)}


@pytest.mark.parametrize(
    ("visibility", "strangers", "signed_in"),
    [(Visibility.MEMBERS, set(), set()), (Visibility.SIGNED_IN, set(), OPEN), (Visibility.PUBLIC, {A.READ_TENSORBOARD}, OPEN)],
)
def test_H13_an_open_project_is_read_and_nothing_else(visibility, strangers, signed_in):
    assert allowed(STRANGER, HERE, visibility) == {A.PUBLIC} | strangers
    assert allowed(NOBODY, HERE, visibility) - WORKSPACE_ACTIONS == signed_in
    for member, may in ((VIEWER, VIEWER_MAY), (CONTRIBUTOR, CONTRIBUTOR_MAY), (OWNER, OWNER_MAY), (ADMIN, OWNER_MAY)):
        assert allowed(member, HERE, visibility) - WORKSPACE_ACTIONS == may


@pytest.mark.parametrize("visibility", Visibility)
@pytest.mark.parametrize("project_uid", [HERE, ELSEWHERE, None])
def test_where_viewers_may_comment_they_do_and_nobody_gains_anything_else(visibility, project_uid):
    for caller in EVERYBODY:
        before, after = (allowed(caller, project_uid, visibility, viewers_comment=each) for each in (False, True))
        is_viewer = isinstance(caller, Member) and project_uid is not None and caller.role_in(project_uid) is Role.VIEWER
        writes = is_viewer and (caller.limits is None or {TokenScope.WRITE, TokenScope.ADMIN} & caller.limits.scopes)
        assert after - before == ({A.COMMENT} if writes else set()), caller
        assert before <= after


@pytest.mark.parametrize("visitor", VISITORS)
@pytest.mark.parametrize("visibility", Visibility)
def test_a_link_visitor_never_comments_whatever_the_project_allows(visitor, visibility):
    for action in (A.COMMENT, A.EDIT_EXPERIMENT, A.READ_ANNOTATIONS, A.DELETE_ANY_NOTE, A.KEEP_OWN, A.SHARE_VIEW):
        assert isinstance(decide(visitor, action, HERE, visibility, viewers_comment=True), Deny | Hide)


def test_on_the_origin_of_tensorboards_pages_no_viewer_comments():
    there = replace(VIEWER, limits=ContentLimits(frozenset({HERE})))
    assert not isinstance(decide(there, A.COMMENT, HERE, viewers_comment=True), Allow)


@pytest.mark.parametrize("visibility", Visibility)
@pytest.mark.parametrize("project_uid", [HERE, ELSEWHERE, None])
@pytest.mark.parametrize("comment", [False, True])
def test_no_token_exceeds_its_owner_whatever_its_scopes(visibility, project_uid, comment):
    for holder in HOLDERS:
        owners = allowed(replace(holder, limits=None), project_uid, visibility, viewers_comment=comment)
        assert allowed(holder, project_uid, visibility, viewers_comment=comment) <= owners, holder


@pytest.mark.parametrize("visibility", Visibility)
@pytest.mark.parametrize("project_uid", [HERE, ELSEWHERE, None])
def test_no_link_exceeds_whoever_may_make_one(visibility, project_uid):
    for visitor in VISITORS:
        maker = Member("m", "M", roles={visitor.project_uid: Role.CONTRIBUTOR})
        assert allowed(visitor, project_uid, visibility) <= allowed(maker, project_uid, visibility), visitor


@pytest.mark.parametrize("project_uid", [HERE, ELSEWHERE, None])
def test_opening_a_project_takes_nothing_from_anybody(project_uid):
    for caller in EVERYBODY:
        steps = [allowed(caller, project_uid, visibility) for visibility in (Visibility.MEMBERS, Visibility.SIGNED_IN, Visibility.PUBLIC)]
        assert steps[0] <= steps[1] <= steps[2], caller


def test_nobody_gains_more_than_reading_by_visibility():
    for caller in EVERYBODY:
        gained = allowed(caller, HERE, Visibility.PUBLIC) - allowed(caller, HERE, Visibility.MEMBERS)
        assert gained <= OPEN, caller


@pytest.mark.parametrize("member", [NOBODY, VIEWER, CONTRIBUTOR, OWNER, ADMIN])
@pytest.mark.parametrize("visibility", Visibility)
@pytest.mark.parametrize("project", [HERE, ELSEWHERE])
def test_L08_on_the_origin_of_tensorboards_pages_everybody_only_reads_one_project(member, visibility, project):
    there = replace(member, limits=ContentLimits(frozenset({HERE})))
    for action in Action:
        allowed = isinstance(decide(there, action, project, visibility), Allow)
        assert not allowed or action in {A.PUBLIC, A.READ_TENSORBOARD, A.READ_FOREIGN_PLUGINS, A.READ_FILES}
        assert not allowed or isinstance(decide(member, action, project, visibility), Allow)
        assert not allowed or action is A.PUBLIC or project == HERE


@pytest.mark.parametrize("scopes", SCOPE_SETS)
@pytest.mark.parametrize("member", [NOBODY, VIEWER, CONTRIBUTOR, OWNER, ADMIN])
def test_what_a_member_may_is_what_is_decided_with_the_token_that_they_come_with(member, scopes):
    for caller in (member, narrowed(member, *scopes), narrowed(member, *scopes, projects=frozenset({ELSEWHERE}))):
        for action in set(Action) - WORKSPACE_ACTIONS:
            assert member_may(caller, action, HERE) == isinstance(decide(caller, action, HERE), Allow), (caller, action)
