"""Group I, without HTTP: what opens, what does not, and who may do what to links."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Event

import pytest

from tb_share.errors import BadRequest, LinkNotValid, NotAllowed, NotFound
from tb_share.model.caller import LinkVisitor, Stranger
from tb_share.model.project import Role
from tb_share.model.share_link import ChosenExperiments, LinkState, WholeProject
from tb_share.operations import links, members, sign_in
from tb_share.operations.links import NewLink
from tb_share.signing import Purpose, Signer, new_key

WHOLE = NewLink(WholeProject())
DAY = 24 * 3600


def opened_with(room, token, by=None, passcode=""):
    return links.exchange(room.desk, links.check(room.desk, token), by, passcode)


def joined(room, role, email="c@x.org"):
    """A member with this role, and their cookie."""
    token = members.invite(room.desk, room.logs, room.admin, email, role)
    cookie = sign_in.use_code(room.desk, token).cookie
    return room.resolver.resolve([cookie], [], None).callers[0], cookie


def visitor(room, cookie):
    return room.resolver.resolve([], [cookie], None)


def test_I01_a_link_makes_a_visitor_of_its_scope(room):
    created = links.create(room.desk, room.logs, room.admin, NewLink(ChosenExperiments(("a", "b")), "?x=1#y", "for Ann"))
    opened = opened_with(room, created.token)
    assert opened.link.view == "?x=1#y"
    assert visitor(room, opened.cookie).callers == (LinkVisitor(created.link.id, room.logs.uid, ChosenExperiments(("a", "b"))),)
    (listed,) = links.list_links(room.desk, room.logs)
    assert (listed.uses, listed.last_used_at) == (1, room.clock())


def test_I02_a_view_says_no_word_of_what_the_scope_hides(room):
    view = "#tb_share&p.tb_share.ticked=a%2Cc&p.tb_share.baseline=c"
    chosen = links.create(room.desk, room.logs, room.admin, NewLink(ChosenExperiments(("a", "b")), view))
    assert opened_with(room, chosen.token).link.view == "#tb_share&p.tb_share.ticked=a"
    whole = links.create(room.desk, room.logs, room.admin, NewLink(WholeProject(), view))
    assert opened_with(room, whole.token).link.view == view


def test_I04_altered_tokens_are_refused_or_the_same_link(room):
    created = links.create(room.desk, room.logs, room.admin, WHOLE)
    other = links.create(room.desk, room.logs, room.admin, WHOLE)
    token = created.token
    altered = [token[:i] + chr(ord(token[i]) ^ 1) + token[i + 1 :] for i in range(len(token))]
    altered += [
        token[:-1],
        token[: len(token) // 2],
        "",
        token + "=",
        token + "==",
        token + "\0",
        token + "~",
        token + "\n",
        token.swapcase(),
    ]
    altered += [token.rsplit(".", 1)[0] + "." + other.token.rsplit(".", 1)[1]]
    for text in altered:
        try:
            found = links.check(room.desk, text)
        except LinkNotValid:
            continue
        assert found.id == created.link.id, text
        opened_with(room, text)
    links.revoke(room.desk, room.logs, room.admin, created.link.id)
    for text in [token, *altered]:
        with pytest.raises(LinkNotValid):
            opened_with(room, text)


def test_I05_revoking_ends_link_and_visitors_at_once(room):
    created = links.create(room.desk, room.logs, room.admin, WHOLE)
    opened = opened_with(room, created.token)
    resolver = room.resolver
    assert isinstance(resolver.resolve([], [opened.cookie], None).callers[0], LinkVisitor)
    links.revoke(room.desk, room.logs, room.admin, created.link.id)
    ended = resolver.resolve([], [opened.cookie], None)
    assert ended.callers == (Stranger(),)
    assert ended.ended_link


def test_expiry_ends_visitors_too(room):
    created = links.create(room.desk, room.logs, room.admin, replace(WHOLE, expires_in_s=60))
    opened = opened_with(room, created.token)
    resolver = room.resolver
    room.clock.pass_(59)
    assert not resolver.resolve([], [opened.cookie], None).ended_link
    room.clock.pass_(1)
    assert resolver.resolve([], [opened.cookie], None).ended_link
    with pytest.raises(LinkNotValid):
        links.check(room.desk, created.token)


@pytest.mark.parametrize("expires_in_s", [0, -1, 10**12, 91 * DAY])
def test_I07_expiries_out_of_bounds_are_refused(room, expires_in_s):
    with pytest.raises(BadRequest, match="90 days"):
        links.create(room.desk, room.logs, room.admin, replace(WHOLE, expires_in_s=expires_in_s))


def test_I07_a_missing_expiry_is_the_default_and_is_shown(room):
    created = links.create(room.desk, room.logs, room.admin, WHOLE)
    assert (created.link.expires_at - created.link.created_at).total_seconds() == 7 * DAY


@pytest.mark.parametrize(
    "wish",
    [
        NewLink(WholeProject(), max_uses=0),
        NewLink(WholeProject(), max_uses=-3),
        NewLink(WholeProject(), label="x" * 201),
        NewLink(WholeProject(), label="a\nb"),
        NewLink(WholeProject(), view="//evil.test"),
        NewLink(WholeProject(), view="javascript:x"),
        NewLink(WholeProject(), view="?" + "x" * 8192),
        NewLink(WholeProject(), view="?" + "x" * 3800),
        NewLink(WholeProject(), view="?" + "\u00e9" * 650 + "#timeseries"),
        NewLink(WholeProject(), view="?a\r\nSet-Cookie: x"),
        NewLink(ChosenExperiments(())),
        NewLink(ChosenExperiments(("",))),
        NewLink(ChosenExperiments(("x" * 65,))),
        NewLink(ChosenExperiments(tuple(str(i) for i in range(1001)))),
    ],
)
def test_I17_impossible_wishes_are_refused_and_leave_nothing(room, wish):
    with pytest.raises(BadRequest):
        links.create(room.desk, room.logs, room.admin, wish)
    assert links.list_links(room.desk, room.logs) == ()


def test_an_upstream_can_only_be_shared_whole(room):
    with pytest.raises(BadRequest, match="whole project"):
        links.create(room.desk, room.theirs, room.admin, NewLink(ChosenExperiments(("a",))))
    assert links.create(room.desk, room.theirs, room.admin, WHOLE).token


def test_I08_looking_counts_nothing_and_the_one_use_is_left_for_a_person(room):
    created = links.create(room.desk, room.logs, room.admin, replace(WHOLE, max_uses=1))
    for _ in range(5):
        links.check(room.desk, created.token)
    opened = opened_with(room, created.token)
    with pytest.raises(LinkNotValid):
        opened_with(room, created.token)
    assert isinstance(visitor(room, opened.cookie).callers[0], LinkVisitor)
    (listed,) = links.list_links(room.desk, room.logs)
    assert (listed.uses, listed.state(room.clock())) == (1, LinkState.USED_UP)


def test_O01_fifty_at_once_share_three_uses(room):
    created = links.create(room.desk, room.logs, room.admin, replace(WHOLE, max_uses=3))

    def open_it(_):
        try:
            return opened_with(room, created.token)
        except LinkNotValid:
            return None

    with ThreadPoolExecutor(16) as pool:
        opened = list(pool.map(open_it, range(50)))
    assert sum(each is not None for each in opened) == 3


def test_O02_after_a_revoke_has_returned_nobody_opens_it(room):
    for _ in range(10):
        created = links.create(room.desk, room.logs, room.admin, WHOLE)
        returned = Event()

        def open_until_refused(created=created, returned=returned):
            """Whether one that began after the revoke had returned succeeded all the same."""
            for _ in range(1000):
                late = returned.is_set()
                try:
                    opened_with(room, created.token)
                except LinkNotValid:
                    return False
                if late:
                    return True
            return True

        with ThreadPoolExecutor(4) as pool:
            tries = [pool.submit(open_until_refused) for _ in range(4)]
            links.revoke(room.desk, room.logs, room.admin, created.link.id)
            returned.set()
            assert not any(each.result() for each in tries)


@pytest.mark.parametrize("change", ["demote", "remove"])
def test_I16_a_link_dies_with_its_creators_right(room, change):
    creator, _ = joined(room, Role.CONTRIBUTOR)
    created = links.create(room.desk, room.logs, creator, WHOLE)
    opened = opened_with(room, created.token)
    if change == "demote":
        members.change_role(room.desk, room.logs, room.admin, creator.user_id, Role.VIEWER)
    else:
        members.remove(room.desk, room.logs, room.admin, creator.user_id)
    assert visitor(room, opened.cookie).callers == (Stranger(),)
    with pytest.raises(LinkNotValid):
        opened_with(room, created.token)


def test_I19_removing_a_key_ends_its_links_and_visitors(room):
    created = links.create(room.desk, room.logs, room.admin, WHOLE)
    opened = opened_with(room, created.token)
    rotated = replace(room.desk, keys=(*room.desk.keys, new_key()))
    links.check(rotated, created.token)
    fresh = links.create(rotated, room.logs, room.admin, WHOLE)
    dropped = replace(room.desk, keys=rotated.keys[1:])
    with pytest.raises(LinkNotValid):
        links.check(dropped, created.token)
    links.check(dropped, fresh.token)
    room.desk = dropped
    assert visitor(room, opened.cookie).callers == (Stranger(),)


def test_I20_tokens_of_other_kinds_open_nothing(room):
    link = links.create(room.desk, room.logs, room.admin, WHOLE)
    session = sign_in.use_code(room.desk, sign_in.owner_code(room.desk)).cookie
    code = sign_in.owner_code(room.desk)
    opened = opened_with(room, link.token)
    secret = Signer(room.desk.keys, Purpose.LINK).read(link.token)[1]
    for token in (session, code, opened.cookie, secret, link.link.id):
        with pytest.raises(LinkNotValid):
            links.check(room.desk, token)
    for cookie in (code, link.token, opened.cookie, secret):
        assert room.resolver.resolve([cookie], [], None).callers == (Stranger(),)
    for cookie in (code, link.token, session, secret):
        assert room.resolver.resolve([], [cookie], None).callers == (Stranger(),)


def test_I22_contributors_revoke_their_own_links_and_owners_any(room):
    contributor, _ = joined(room, Role.CONTRIBUTOR)
    of_admin = links.create(room.desk, room.logs, room.admin, WHOLE).link.id
    own = links.create(room.desk, room.logs, contributor, WHOLE).link.id
    with pytest.raises(NotAllowed):
        links.revoke(room.desk, room.logs, contributor, of_admin)
    links.revoke(room.desk, room.logs, contributor, own)
    links.revoke(room.desk, room.logs, room.admin, of_admin)
    assert {link.state(room.clock()) for link in links.list_links(room.desk, room.logs)} == {LinkState.REVOKED}


def test_H04_links_of_other_projects_are_not_found(room):
    theirs = links.create(room.desk, room.theirs, room.admin, WHOLE).link.id
    for link_id in (theirs, "0", "-1", "1;drop table link", "' or 1=1 --", "x" * 5000):
        with pytest.raises(NotFound):
            links.revoke(room.desk, room.logs, room.admin, link_id)
    assert links.list_links(room.desk, room.theirs)[0].revoked_at is None


def test_I23_revoking_all_spares_other_projects(room):
    for project in (room.logs, room.logs, room.theirs):
        links.create(room.desk, project, room.admin, WHOLE)
    assert links.revoke_all(room.desk, room.logs, room.admin) == 2
    assert links.list_links(room.desk, room.theirs)[0].revoked_at is None


def test_O07_labels_are_text_whatever_they_hold(room):
    for label in ("'; drop table link; --", "%_[", "𝔘𝔫𝔦", "<script>alert(1)</script>"):
        links.create(room.desk, room.logs, room.admin, NewLink(WholeProject(), label=label))
    assert {link.label for link in links.list_links(room.desk, room.logs)} == {
        "'; drop table link; --",
        "%_[",
        "𝔘𝔫𝔦",
        "<script>alert(1)</script>",
    }
