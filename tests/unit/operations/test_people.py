"""Signing in, invitations, members and sessions, without HTTP (groups C, H, O)."""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from tb_share.credentials import Credentials
from tb_share.errors import BadRequest, CodeNotValid, LastOwner, NotFound, SetUpError, StoreUnavailable, TooManyTries
from tb_share.model.api_token import Limits, TokenScope
from tb_share.model.caller import Member, Stranger
from tb_share.model.origin import Origin
from tb_share.model.project import Role
from tb_share.operations import devices, members, projects, sessions, sign_in
from tb_share.settings import LogdirSource, Settings
from tb_share.signing import hashed
from tb_share.store.database import Database
from tb_share.store.keys import load_or_create

HOUR = 3600


def who(room, cookie):
    return room.resolver.resolve([cookie], [], None).callers[0]


def join(room, role, email):
    session = sign_in.use_code(room.desk, members.invite(room.desk, room.logs, room.admin, email, role))
    return who(room, session.cookie), session.cookie


def test_N10_the_owner_is_whoever_holds_the_printed_address_and_it_works_once(room):
    code = sign_in.owner_code(room.desk)
    session = sign_in.use_code(room.desk, code)
    assert who(room, session.cookie).is_admin
    with pytest.raises(CodeNotValid):
        sign_in.use_code(room.desk, code)


def test_N10_a_new_owner_code_ends_the_one_before(room):
    first, second = sign_in.owner_code(room.desk), sign_in.owner_code(room.desk)
    with pytest.raises(CodeNotValid):
        sign_in.use_code(room.desk, first)
    assert sign_in.check_code(room.desk, second).kind == "owner"


def test_N10_ten_at_once_with_one_code_make_one_session(room):
    code = sign_in.owner_code(room.desk)

    def use(_):
        try:
            return sign_in.use_code(room.desk, code)
        except CodeNotValid:
            return None

    with ThreadPoolExecutor(10) as pool:
        assert sum(session is not None for session in pool.map(use, range(10))) == 1


def test_an_owner_code_expires(room):
    code = sign_in.owner_code(room.desk)
    room.clock.pass_(24 * HOUR)
    with pytest.raises(CodeNotValid):
        sign_in.use_code(room.desk, code)


def test_C07_sessions_end_when_idle_and_at_last_in_any_case(room):
    cookie = sign_in.use_code(room.desk, sign_in.owner_code(room.desk)).cookie
    resolver = room.resolver
    for _ in range(5):
        room.clock.pass_(6 * 24 * HOUR)
        assert not isinstance(resolver.resolve([cookie], [], None).callers[0], Stranger) or room.clock.time.month == 2
    assert resolver.resolve([cookie], [], None).callers == (Stranger(),)
    idle = sign_in.use_code(room.desk, sign_in.owner_code(room.desk)).cookie
    room.clock.pass_(7 * 24 * HOUR)
    assert resolver.resolve([idle], [], None).callers == (Stranger(),)


def test_C10_signing_out_ends_the_session_on_the_server(room):
    cookie = sign_in.use_code(room.desk, sign_in.owner_code(room.desk)).cookie
    resolver = room.resolver
    assert isinstance(resolver.resolve([cookie], [], None).callers[0], Member)
    sign_in.sign_out(room.desk, cookie)
    assert resolver.resolve([cookie], [], None).callers == (Stranger(),)
    sign_in.sign_out(room.desk, cookie)
    sign_in.sign_out(room.desk, "garbage")


def test_C05_two_cookies_or_a_token_beside_them_are_nobody(room):
    cookie = sign_in.use_code(room.desk, sign_in.owner_code(room.desk)).cookie
    assert room.resolver.resolve([cookie, cookie], [], None).callers == (Stranger(),)
    assert room.resolver.resolve([cookie], [], "tbs_x").callers == (Stranger(),)
    for broken in (cookie[:-1], cookie + "x", cookie.swapcase(), "", "x" * 9000, "ü"):
        assert room.resolver.resolve([broken], [], None).callers == (Stranger(),)


@pytest.mark.parametrize("role", Role)
def test_H16_an_invitation_gives_its_role_once(room, role):
    token = members.invite(room.desk, room.logs, room.admin, " Ann@X.org ", role)
    assert [each.email for each in members.list_invitations(room.desk, room.logs)] == ["ann@x.org"]
    session = sign_in.use_code(room.desk, token)
    assert session.landing == "/projects/logs"
    assert who(room, session.cookie).roles == {room.logs.uid: role}
    assert members.list_invitations(room.desk, room.logs) == ()
    with pytest.raises(CodeNotValid):
        sign_in.use_code(room.desk, token)


def test_H16_an_invitation_expires_and_dies_with_its_inviter(room):
    late = members.invite(room.desk, room.logs, room.admin, "a@x.org", Role.VIEWER)
    owner, _ = join(room, Role.OWNER, "o@x.org")
    by_owner = members.invite(room.desk, room.logs, owner, "b@x.org", Role.VIEWER)
    members.remove(room.desk, room.logs, room.admin, owner.user_id)
    with pytest.raises(CodeNotValid):
        sign_in.check_code(room.desk, by_owner)
    with pytest.raises(CodeNotValid):
        sign_in.use_code(room.desk, by_owner)
    room.clock.pass_(7 * 24 * HOUR)
    with pytest.raises(CodeNotValid):
        sign_in.use_code(room.desk, late)


def test_S_OIDC_5_an_owner_who_invites_a_known_address_gets_no_hold_of_that_account(room):
    ann, _ = join(room, Role.CONTRIBUTOR, "ann@x.org")
    owner, _ = join(room, Role.OWNER, "o@x.org")
    stolen = who(room, sign_in.use_code(room.desk, members.invite(room.desk, room.logs, owner, "ann@x.org", Role.VIEWER)).cookie)
    assert stolen.user_id != ann.user_id
    again = who(room, sign_in.use_code(room.desk, members.invite(room.desk, room.logs, room.admin, "ann@x.org", Role.VIEWER)).cookie)
    assert again.user_id == ann.user_id
    assert again.roles[room.logs.uid] is Role.CONTRIBUTOR


def test_S_OIDC_5_an_account_that_an_owner_prepared_is_not_handed_to_its_namesake(room):
    owner, _ = join(room, Role.OWNER, "o@x.org")
    prepared = who(room, sign_in.use_code(room.desk, members.invite(room.desk, room.logs, owner, "bea@x.org", Role.VIEWER)).cookie)
    bea, _ = join(room, Role.OWNER, "bea@x.org")
    assert bea.user_id != prepared.user_id


@pytest.mark.parametrize("email", ["", "x", "a@b@c", "a@x.org,b@x.org", "a b@x.org", "a@x.org\nBcc: z", "@x.org", "a@", "<a@x.org>"])
def test_H16_what_is_no_single_address_is_refused(room, email):
    with pytest.raises(BadRequest):
        members.invite(room.desk, room.logs, room.admin, email, Role.VIEWER)


def test_O04_one_invitation_used_twice_at_once_makes_one_member(room):
    token = members.invite(room.desk, room.logs, room.admin, "a@x.org", Role.VIEWER)

    def use(_):
        try:
            return sign_in.use_code(room.desk, token)
        except CodeNotValid:
            return None

    with ThreadPoolExecutor(8) as pool:
        assert sum(session is not None for session in pool.map(use, range(8))) == 1
    assert len(members.list_members(room.desk, room.logs)) == 1


def test_H07_the_last_owner_stays(room):
    owner, _ = join(room, Role.OWNER, "o@x.org")
    with room.desk.database.write() as connection:
        from sqlalchemy import update

        from tb_share.store.tables import USER

        connection.execute(update(USER).where(USER.c.is_admin).values(disabled_at=room.clock()))
    with pytest.raises(LastOwner):
        members.remove(room.desk, room.logs, owner, owner.user_id)
    with pytest.raises(LastOwner):
        members.change_role(room.desk, room.logs, owner, owner.user_id, Role.VIEWER)


def test_H08_O05_two_owners_who_leave_at_once_leave_one(room):
    from sqlalchemy import update

    from tb_share.store.tables import USER

    for turn in range(20):
        first, _ = join(room, Role.OWNER, f"a{turn}@x.org")
        second, _ = join(room, Role.OWNER, f"b{turn}@x.org")
        with room.desk.database.write() as connection:
            connection.execute(update(USER).where(USER.c.is_admin).values(disabled_at=room.clock()))

        def leave(person):
            try:
                members.remove(room.desk, room.logs, person, person.user_id)
            except LastOwner:
                return False
            return True

        with ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(leave, [first, second])) == [False, True]
        with room.desk.database.write() as connection:
            connection.execute(update(USER).where(USER.c.is_admin).values(disabled_at=None))
        for person in (first, second):
            if any(each.user_id == person.user_id for each in members.list_members(room.desk, room.logs)):
                members.remove(room.desk, room.logs, room.admin, person.user_id)


def test_H10_a_change_of_role_acts_on_the_next_request(room):
    ann, cookie = join(room, Role.OWNER, "ann@x.org")
    resolver = room.resolver
    assert resolver.resolve([cookie], [], None).callers[0].roles[room.logs.uid] is Role.OWNER
    members.change_role(room.desk, room.logs, room.admin, ann.user_id, Role.VIEWER)
    assert resolver.resolve([cookie], [], None).callers[0].roles[room.logs.uid] is Role.VIEWER
    members.remove(room.desk, room.logs, room.admin, ann.user_id)
    assert resolver.resolve([cookie], [], None).callers[0].roles == {}
    with pytest.raises(NotFound):
        members.remove(room.desk, room.logs, room.admin, ann.user_id)
    with pytest.raises(NotFound):
        members.change_role(room.desk, room.logs, room.admin, ann.user_id, Role.OWNER)


def test_C08_a_disabled_user_is_out_on_the_next_request(room, database_url):
    ann, cookie = join(room, Role.OWNER, "ann@x.org")
    resolver = room.resolver
    assert isinstance(resolver.resolve([cookie], [], None).callers[0], Member)
    other = Database.open(database_url)
    from sqlalchemy import update

    from tb_share.store.tables import USER

    with other.write() as connection:
        connection.execute(update(USER).where(USER.c.id == ann.user_id).values(disabled_at=room.clock()))
    other.close()
    assert resolver.resolve([cookie], [], None).callers == (Stranger(),)


def test_projects_keep_their_members_when_the_logdir_moves(room, tmp_path):
    moved = Settings(data=tmp_path, logdir=(LogdirSource(name="logs", path=tmp_path / "elsewhere"),))
    (again,) = projects.declare(room.desk, moved)
    assert again.uid == room.logs.uid
    assert again.source != room.logs.source
    assert projects.find(room.desk, "logs") == again
    assert projects.find(room.desk, "nothing") is None


@pytest.mark.parametrize("name", ["..", ".", "data", "static", "api", "login", "", "A", "a_b", "-a", "x" * 64, "a/b", "a;b"])
def test_E11_names_that_cannot_be_addresses_are_refused(room, tmp_path, name):
    with pytest.raises(SetUpError):
        projects.declare(room.desk, Settings(data=tmp_path, logdir=(LogdirSource(name=name, path=tmp_path),)))


def test_keys_are_made_once_and_are_nobody_elses(tmp_path):
    keys = load_or_create(tmp_path)
    assert load_or_create(tmp_path) == keys
    assert (tmp_path / "keys.json").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("content", ["[]", "{}", '"x"', '["00"]', '["zz"]', "not json", '["' + "00" * 32 + '"]', "[1]"])
def test_I19_S_LIM_4_bad_keys_stop_the_start(tmp_path, content):
    file = tmp_path / "keys.json"
    file.write_text(content)
    file.chmod(0o600)
    with pytest.raises(SetUpError):
        load_or_create(tmp_path)


def test_S_LIM_4_keys_that_others_can_read_stop_the_start(tmp_path):
    load_or_create(tmp_path)
    (tmp_path / "keys.json").chmod(0o640)
    with pytest.raises(SetUpError, match="chmod 600"):
        load_or_create(tmp_path)


def test_S_LIM_3_a_database_that_is_gone_is_an_error_and_lets_nobody_in(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreUnavailable):
        Database.open(f"sqlite:///{tmp_path / 'file' / 'd.sqlite3'}")


def test_a_writer_waits_for_hundreds_before_it(room):
    with room.desk.database.write() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        waits = connection.exec_driver_sql(
            "PRAGMA busy_timeout" if is_sqlite else "SELECT setting FROM pg_settings WHERE name = 'lock_timeout'"
        )
        # In milliseconds: 200 of them, on a disk that takes 50 ms for each, and as much again.
        assert int(waits.scalar_one()) >= 2 * 200 * 50


def test_K20_the_database_is_readable_by_its_owner_only(tmp_path):
    Database.open(f"sqlite:///{tmp_path / 'd.sqlite3'}").close()
    assert (tmp_path / "d.sqlite3").stat().st_mode & 0o077 == 0


WRITER = """
import json, sys
from pathlib import Path
from tb_share.model.share_link import WholeProject
from tb_share.operations import desk, links, projects, sign_in
from tb_share.settings import LogdirSource, Settings
from tb_share.signing import hashed
data = Path(sys.argv[1])
settings = Settings(data=data, logdir=(LogdirSource(name="logs", path=data),))
at = desk.open_desk(settings)
(project,) = projects.declare(at, settings)
owner = sign_in.local_owner(at)
while True:
    print(links.create(at, project, owner, links.NewLink(WholeProject())).token, flush=True)
"""


def test_N13_kill_9_loses_nothing_that_was_acknowledged(tmp_path):
    from tb_share.operations import desk, links

    acknowledged: list[str] = []
    for turn in range(6):
        process = subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE, text=True)
        acknowledged += [process.stdout.readline().strip() for _ in range(3 + turn)]
        process.kill()
        process.communicate()
    at = desk.open_desk(Settings(data=tmp_path))
    assert len(acknowledged) == len({links.check(at, token).id for token in acknowledged})
    at.database.close()
    assert json.loads((tmp_path / "keys.json").read_text())


def test_H_an_administrators_token_gets_hold_of_nobodys_account(room):
    """Its limits would end where a session of that account begins."""
    before, _ = join(room, Role.VIEWER, "ada@example.org")
    for projects_ in (frozenset({room.logs.uid}), None):
        limited = replace(room.admin, limits=Limits("t-1", frozenset(TokenScope), projects_))
        session = sign_in.use_code(room.desk, members.invite(room.desk, room.logs, limited, "ada@example.org", Role.VIEWER))
        found = who(room, session.cookie)
        assert found.user_id != before.user_id
        # ... nor does it prepare one that an administrator's invitation would later open.
        assert join(room, Role.VIEWER, "ada@example.org")[0].user_id == before.user_id


def test_H_invitations_from_before_revoked_before_are_over(room):
    code = members.invite(room.desk, room.logs, room.admin, "ada@example.org", Role.OWNER)
    room.clock.pass_(10)
    later = replace(room.desk, settings=room.desk.settings.model_copy(update={"revoked_before": room.clock.time}))
    assert members.list_invitations(room.desk, room.logs)
    assert not members.list_invitations(later, room.logs)
    for use in (sign_in.check_code, sign_in.use_code):
        with pytest.raises(CodeNotValid):
            use(later, code)
    assert sign_in.use_code(later, members.invite(later, room.logs, room.admin, "bo@example.org", Role.OWNER))


def test_S_TOK_7_programs_that_wait_are_counted_by_site(room):
    """Whoever has one IPv6 address has all of its site."""
    for n in range(10):
        at = room.desk.asked_from(Origin(f"2001:db8:1:1::{n:x}", "r", "c"))
        devices.begin(at, "laptop", frozenset({TokenScope.READ}), None)
    with pytest.raises(TooManyTries):
        devices.begin(room.desk.asked_from(Origin("2001:db8:1:1:ffff::1", "r", "c")), "laptop", frozenset({TokenScope.READ}), None)
    devices.begin(room.desk.asked_from(Origin("2001:db8:1:2::1", "r", "c")), "laptop", frozenset({TokenScope.READ}), None)


def resolved(room, cookie):
    return room.resolver.resolve([cookie], [], None)


def test_a_session_gets_another_secret_when_its_person_comes_to_more_rights(room):
    member, cookie = join(room, Role.VIEWER, "ann@good.test")
    room.clock.pass_(60)
    members.change_role(room.desk, room.logs, room.admin, member.user_id, Role.CONTRIBUTOR)
    found = resolved(room, cookie)
    assert found.to_renew is not None
    renewed = sessions.renew(room.desk, found.to_renew)
    assert sessions.renew(room.desk, found.to_renew) is None
    assert resolved(room, renewed).to_renew is None
    assert who(room, renewed).user_id == member.user_id
    # What is under way comes to its end with the secret of before, and then that is nobody's.
    room.clock.pass_(29)
    assert who(room, cookie).user_id == member.user_id
    assert resolved(room, cookie).to_renew is None
    room.clock.pass_(2)
    assert isinstance(who(room, cookie), Stranger)
    assert who(room, renewed).user_id == member.user_id


def test_less_rights_or_the_same_renew_nothing(room):
    member, cookie = join(room, Role.CONTRIBUTOR, "ann@good.test")
    room.clock.pass_(60)
    members.change_role(room.desk, room.logs, room.admin, member.user_id, Role.CONTRIBUTOR)
    members.change_role(room.desk, room.logs, room.admin, member.user_id, Role.VIEWER)
    assert resolved(room, cookie).to_renew is None


def test_an_invitation_accepted_elsewhere_renews_the_session_here(room):
    invited = members.invite(room.desk, room.logs, room.admin, "ann@good.test", Role.VIEWER)
    here = sign_in.use_code(room.desk, invited).cookie
    room.clock.pass_(60)
    again = members.invite(room.desk, room.theirs, room.admin, "ann@good.test", Role.VIEWER)
    there = sign_in.use_code(room.desk, again).cookie
    assert resolved(room, here).to_renew is not None
    assert resolved(room, there).to_renew is None


def test_signing_out_with_the_secret_of_before_ends_the_renewed_session(room):
    member, cookie = join(room, Role.VIEWER, "ann@good.test")
    room.clock.pass_(60)
    members.change_role(room.desk, room.logs, room.admin, member.user_id, Role.OWNER)
    renewed = sessions.renew(room.desk, resolved(room, cookie).to_renew)
    sign_in.sign_out(room.desk, cookie)
    assert isinstance(who(room, renewed), Stranger)


def test_a_number_of_invitations_an_hour_and_no_more(room, monkeypatch):
    monkeypatch.setattr(members, "MOST_INVITATIONS", 3)
    ann, _ = join(room, Role.OWNER, "ann@good.test")
    for number in range(3):
        members.invite(room.desk, room.logs, ann, f"p{number}@good.test", Role.VIEWER)
        room.clock.pass_(60)
    with pytest.raises(TooManyTries) as late:
        members.invite(room.desk, room.logs, ann, "late@good.test", Role.VIEWER)
    assert late.value.retry_after_s == HOUR - 180
    # Only whoever made them waits.
    members.invite(room.desk, room.logs, room.admin, "late@good.test", Role.VIEWER)
    room.clock.pass_(HOUR - 180)
    members.invite(room.desk, room.logs, ann, "late@good.test", Role.VIEWER)


def test_a_code_says_what_it_would_do_before_it_is_used(room):
    offered = sign_in.check_code(room.desk, members.invite(room.desk, room.logs, room.admin, "ann@good.test", Role.VIEWER))
    assert (offered.name, offered.project.id, offered.role) == ("ann@good.test", "logs", Role.VIEWER)
    assert sign_in.check_code(room.desk, sign_in.owner_code(room.desk)).project is None


def test_nobody_is_invited_again_and_again(room, monkeypatch):
    monkeypatch.setattr(members, "MOST_TO_ONE", 3)
    ann, _ = join(room, Role.OWNER, "ann@good.test")
    for project in (room.logs, room.theirs, room.logs):
        members.invite(room.desk, project, ann, "Victim@good.test", Role.VIEWER)
        room.clock.pass_(60)
    with pytest.raises(TooManyTries) as late:
        members.invite(room.desk, room.logs, ann, "victim@good.test", Role.VIEWER)
    assert late.value.retry_after_s == HOUR - 180
    members.invite(room.desk, room.logs, ann, "other@good.test", Role.VIEWER)
    room.clock.pass_(HOUR - 180)
    members.invite(room.desk, room.logs, ann, "victim@good.test", Role.VIEWER)


def owner_of_both(room, email):
    join(room, Role.OWNER, email)
    cookie = sign_in.use_code(room.desk, members.invite(room.desk, room.theirs, room.admin, email, Role.OWNER)).cookie
    return who(room, cookie)


def test_inviting_an_address_again_ends_ones_invitation_of_before(room):
    ann = owner_of_both(room, "ann@good.test")
    first = members.invite(room.desk, room.logs, ann, "bob@good.test", Role.OWNER)
    by_another = members.invite(room.desk, room.logs, room.admin, "bob@good.test", Role.VIEWER)
    elsewhere = members.invite(room.desk, room.theirs, ann, "bob@good.test", Role.VIEWER)
    second = members.invite(room.desk, room.logs, ann, "bob@good.test", Role.VIEWER)
    with pytest.raises(CodeNotValid):
        sign_in.check_code(room.desk, first)
    for code in (by_another, elsewhere, second):
        sign_in.check_code(room.desk, code)


def test_an_invitation_to_ones_own_address_gives_the_role_to_the_account_that_one_has(room):
    ann, cookie = join(room, Role.VIEWER, "ann@good.test")
    assert ann.emails == {"ann@good.test"}
    owner = owner_of_both(room, "olga@good.test")
    room.clock.pass_(60)
    code = members.invite(room.desk, room.theirs, owner, "ann@good.test", Role.CONTRIBUTOR)
    assert sign_in.check_code(room.desk, code, ann).is_for_here
    assert sign_in.join(room.desk, code, ann) == "/projects/theirs"
    assert who(room, cookie).roles == {room.logs.uid: Role.VIEWER, room.theirs.uid: Role.CONTRIBUTOR}
    assert resolved(room, cookie).to_renew is not None
    with pytest.raises(CodeNotValid):
        sign_in.join(room.desk, code, ann)


def test_an_invitation_to_somebody_else_gives_nothing_to_whoever_is_signed_in(room):
    admin_said, _ = join(room, Role.VIEWER, "ann@good.test")
    owner = owner_of_both(room, "olga@good.test")
    # An owner's word on whose address it is does not count.
    owners_said = sign_in.use_code(room.desk, members.invite(room.desk, room.logs, owner, "eve@good.test", Role.VIEWER)).cookie
    code = members.invite(room.desk, room.theirs, owner, "eve@good.test", Role.OWNER)
    for here in (admin_said, who(room, owners_said)):
        assert not sign_in.check_code(room.desk, code, here).is_for_here
        assert sign_in.join(room.desk, code, here) is None
        assert sign_in.join(room.desk, sign_in.owner_code(room.desk), here) is None
    sign_in.check_code(room.desk, code)


def test_a_renewed_session_answers_to_the_id_that_a_list_showed_before(room):
    member, cookie = join(room, Role.VIEWER, "ann@good.test")
    room.clock.pass_(60)
    other = sign_in.use_code(room.desk, members.invite(room.desk, room.logs, room.admin, "ann@good.test", Role.OWNER)).cookie
    (shown,) = [each.id for each in sessions.list_sessions(room.desk, member) if each.id == sessions.id_of(room.desk, cookie)]
    renewed = sessions.renew(room.desk, resolved(room, cookie).to_renew)
    # A request that was under way says "all but mine" with the secret of before.
    assert sessions.end_others(room.desk, member, sessions.id_of(room.desk, cookie)) == 1
    assert isinstance(who(room, other), Stranger)
    assert who(room, renewed).user_id == member.user_id
    sessions.end(room.desk, member, shown)
    assert isinstance(who(room, renewed), Stranger)


def test_a_page_of_the_other_origin_stays_open_when_its_session_is_renewed(room):
    member, cookie = join(room, Role.VIEWER, "ann@good.test")
    credentials = Credentials(room.desk.keys)
    there = credentials.content(hashed(credentials.read_session(cookie)), room.logs.uid)
    room.clock.pass_(60)
    members.change_role(room.desk, room.logs, room.admin, member.user_id, Role.OWNER)
    renewed = sessions.renew(room.desk, resolved(room, cookie).to_renew)
    room.clock.pass_(HOUR)
    assert isinstance(who(room, cookie), Stranger)
    (on_content,) = room.resolver.resolve_content([there], []).callers
    assert (on_content.user_id, on_content.limits.projects) == (member.user_id, {room.logs.uid})
    sign_in.sign_out(room.desk, renewed)
    assert room.resolver.resolve_content([there], []).callers == (Stranger(),)
