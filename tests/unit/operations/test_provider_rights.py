"""What a provider's groups give ends when the provider takes it back, is gone from the settings, or has not said it for long."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tb_share.errors import NotAdmitted
from tb_share.model.api_token import TokenScope
from tb_share.model.caller import Member, Stranger
from tb_share.model.person import Person
from tb_share.model.project import Role
from tb_share.operations import members, provider_sign_in, tokens
from tb_share.operations import people as operations_on_people
from tb_share.operations.tokens import NewToken
from tb_share.settings import GroupRole, ProviderSettings
from tb_share.store import audit, people
from tb_share.store.audit import Which

ISSUER = "https://sso.example.org"
RULES = ProviderSettings(
    name="sso",
    issuer=ISSUER,
    client_id="c",
    client_secret="s",
    admin_groups=("admins",),
    roles=(GroupRole(group="vision", project="logs", role=Role.OWNER),),
)


def person(*groups):
    return Person(
        provider="sso",
        issuer=ISSUER,
        subject="ada",
        name="Ada",
        email="ada@example.org",
        email_verified=True,
        groups=frozenset(groups),
        session_id=None,
        id_token="",
    )


def signed_in(room, *groups):
    return provider_sign_in.admit(room.desk, RULES, person(*groups))


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({}, "no rule admits an address of example.org, and groups in groups: none"),
        ({"groups": frozenset({"/vision", "b"})}, "no rule admits an address of example.org, and groups in groups: /vision, b"),
        ({"email_verified": False}, "an address of example.org, without email_verified, so that no rule about addresses counts, and"),
        ({"email": ""}, "no rule admits no e-mail address that can be used, and groups in groups: none"),
        ({"groups": frozenset(map(str, range(10, 99)))}, "groups in groups: 10, 11, 12, 13, 14, 15, 16, 17, 18, 19 and more"),
    ],
)
def test_the_log_is_told_what_was_said_that_no_rule_takes(room, said, why):
    rules = RULES.model_copy(update={"groups_claim": "groups"})
    with pytest.raises(NotAdmitted) as refused:
        provider_sign_in.admit(room.desk, rules, replace(person(), **said))
    assert why in refused.value.reason
    assert "ada" not in refused.value.reason
    with pytest.raises(NotAdmitted) as without_groups:
        provider_sign_in.admit(room.desk, RULES, person())
    assert without_groups.value.reason == "no rule admits an address of example.org, and nobody invited it"


def test_the_log_is_told_that_an_account_is_disabled(room, ada):
    found = who(room, ada[0])
    operations_on_people.disable(room.desk, room.admin, found.user_id)
    with pytest.raises(NotAdmitted) as refused:
        signed_in(room, "vision")
    assert refused.value.reason == "the account is disabled"


def who(room, cookie=None, bearer=None):
    return room.resolver.resolve([cookie] if cookie else [], [], bearer).callers[0]


def noted(room):
    with room.desk.database.read() as connection:
        rows = audit.entries(connection, Which(newest_first=True))
        return [(row.action, row.target) for row in rows if row.action.endswith("by_groups")]


@pytest.fixture
def ada(room):
    """Signed in as an owner and administrator by groups, and somebody who holds her token."""
    session = signed_in(room, "admins", "vision")
    found = who(room, session.cookie)
    assert found.is_admin
    assert found.roles == {room.logs.uid: Role.OWNER}
    token = tokens.create(room.desk, found, NewToken("t", frozenset(TokenScope), None, None)).secret
    return session.cookie, token


def test_S_OIDC_7_a_sign_in_that_is_refused_takes_what_the_groups_gave(room, ada):
    cookie, token = ada
    with pytest.raises(NotAdmitted):
        signed_in(room)
    for found in (who(room, cookie), who(room, bearer=token)):
        assert isinstance(found, Member)
        assert not found.is_admin
        assert found.roles == {}


def test_S_OIDC_7_rights_of_a_provider_that_is_not_in_the_settings_any_more_are_gone(room, ada):
    cookie, token = ada
    provider_sign_in.forget_others(room.desk, [ISSUER])
    assert who(room, cookie).is_admin
    provider_sign_in.forget_others(room.desk, ["https://another.example.org"])
    for found in (who(room, cookie), who(room, bearer=token)):
        assert not found.is_admin
        assert found.roles == {}
        assert found.emails == frozenset()


@pytest.mark.parametrize("none", [(), ("https://another.example.org",)])
def test_forgetting_twice_writes_once(room, ada, none):
    provider_sign_in.forget_others(room.desk, none)
    version = room.desk.database.data_version()
    provider_sign_in.forget_others(room.desk, none)
    assert room.desk.database.data_version() == version


def test_S_OIDC_7_a_token_outlives_what_the_provider_said_by_no_more_than_a_session_could(room, ada):
    _, token = ada
    resolver = room.resolver
    room.clock.pass_(room.desk.settings.session.absolute_s - 60)
    assert resolver.resolve([], [], token).callers[0].is_admin
    room.clock.pass_(120)
    found = resolver.resolve([], [], token).callers[0]
    assert not isinstance(found, Stranger)
    assert not found.is_admin
    assert found.roles == {}
    signed_in(room, "admins")
    assert room.resolver.resolve([], [], token).callers[0].is_admin


def test_S_AUD_1_what_groups_change_is_written_down(room, ada):
    assert noted(room) == [("user.admin_by_groups", "given"), ("member.by_groups", "project:logs role:owner")]
    signed_in(room, "vision")
    assert noted(room)[0] == ("user.admin_by_groups", "taken")
    signed_in(room, "vision")
    assert len(noted(room)) == 3
    with pytest.raises(NotAdmitted):
        signed_in(room)
    assert noted(room)[0] == ("member.by_groups", "project:logs role:none")


def test_what_people_gave_stays(room, ada):
    cookie, _ = ada
    with room.desk.database.write() as connection:
        people.set_role(connection, room.logs.uid, who(room, cookie).user_id, Role.VIEWER, room.clock())
    provider_sign_in.forget_others(room.desk, [])
    assert who(room, cookie).roles == {room.logs.uid: Role.VIEWER}
    assert [each.role for each in members.list_members(room.desk, room.logs)] == [Role.VIEWER]


def test_a_project_tells_who_else_has_access_and_why(room, ada):
    def others():
        return [(each.name, each.role, str(each.way)) for each in members.list_others(room.desk, room.logs)]

    assert others() == [("Ada", Role.OWNER, "administrator"), ("Ada", Role.OWNER, "groups"), ("owner", Role.OWNER, "administrator")]
    room.clock.pass_(room.desk.settings.session.absolute_s + 1)
    assert others() == [("owner", Role.OWNER, "administrator")]
