"""Group H: who may do what, asked over HTTP, whatever the pages show."""

from __future__ import annotations

import json

import pytest

from tests.cases.C_D_H_I_L_M_people.conftest import CANARY, LINKS, MEMBERS, OTHER, PRIVATE, WHOLE, denied, loaded, path_of

JSON = {"Content-Type": "application/json"}
READS = {
    f"/p/{PRIVATE}/data/runs": {"ADM", "O", "C", "V", "L"},
    f"/p/{PRIVATE}/data/plugin/tb_share/experiments": {"ADM", "O", "C", "V", "L"},
    f"/projects/{PRIVATE}": {"ADM", "O", "C", "V"},
    f"/api/v1/projects/{PRIVATE}": {"ADM", "O", "C", "V"},
    f"/api/v1/projects/{PRIVATE}/experiments": {"ADM", "O", "C", "V"},
    f"/api/v1/projects/{PRIVATE}/experiments/abcd/notes": {"ADM", "O", "C", "V"},
    f"/api/v1/projects/{PRIVATE}/views": {"ADM", "O", "C", "V"},
    MEMBERS: {"ADM", "O", "C", "V"},
    LINKS: {"ADM", "O", "C"},
}
ACTORS = ("A", "N", "V", "C", "O", "ADM", "L")


@pytest.fixture(scope="module")
def people(team):
    """Everybody of the table; L opened a link to the whole project."""
    return {**team.browsers, "L": team.visitor(team.link()["url"])}


@pytest.mark.parametrize("actor", ACTORS)
@pytest.mark.parametrize("target", READS)
def test_H01_who_may_read_what(people, actor, target):
    answer = people[actor].get(target)
    if actor in READS[target]:
        assert answer.status == 200
    else:
        assert denied(answer)
        assert answer.status == {"A": 401, "N": 404, "V": 403}.get(actor, answer.status)


@pytest.mark.parametrize("actor", ACTORS)
def test_H01_H05_who_may_write_what(team, people, actor):
    own = team.link("C") if actor == "C" else team.link("O")
    foreign = team.link("ADM")
    before = team.state()
    create = people[actor].post(LINKS, json.dumps(WHOLE).encode(), "application/json")
    assert (create.status == 201) == (actor in {"C", "O", "ADM"})
    if create.status == 201:
        people[actor].ask("DELETE", f"{LINKS}/{json.loads(create.body)['link']['id']}")
    else:
        assert denied(create)
        assert team.state() == before
    by_hand = people[actor].ask("DELETE", f"{LINKS}/{own['id']}")
    assert (by_hand.status == 204) == (actor in {"C", "O", "ADM"})
    others = people[actor].ask("DELETE", f"{LINKS}/{foreign['id']}")
    assert (others.status == 204) == (actor in {"O", "ADM"})
    if actor not in {"C", "O", "ADM"}:
        assert denied(by_hand)
        assert denied(others)
        assert denied(people[actor].ask("DELETE", LINKS))
        assert team.state() == before
    elif actor == "C":
        assert people["C"].ask("DELETE", LINKS).status == 403


@pytest.mark.parametrize("actor", ACTORS)
@pytest.mark.parametrize(
    ("method", "target"),
    [
        ("POST", MEMBERS),
        ("PUT", f"{MEMBERS}/x"),
        ("DELETE", f"{MEMBERS}/x"),
        ("PATCH", f"/api/v1/projects/{PRIVATE}"),
        ("DELETE", f"/api/v1/projects/{PRIVATE}"),
        ("POST", "/api/v1/projects"),
        ("POST", f"/p/{PRIVATE}/data/runs"),
        ("DELETE", f"/p/{PRIVATE}/data/runs"),
        ("PUT", f"/p/{PRIVATE}/data/plugin/tb_share/experiment"),
    ],
)
def test_H01_what_nobody_may(team, people, actor, method, target):
    before = team.state()
    answer = people[actor].ask(method, target, None if method == "GET" else b"{}", JSON)
    assert answer.status in (401, 403, 404, 405)
    assert CANARY not in answer.whole
    assert team.state() == before


@pytest.mark.parametrize("actor", ["A", "N", "L2"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "OPTIONS", "DELETE"])
def test_H02_a_project_of_others_answers_like_one_that_never_was(team, people, actor, method):
    if actor == "L2":
        people.setdefault("L2", team.visitor(team.link("ADM", OTHER)["url"]))
    for target in ("/p/{}/data/runs", "/p/{}/", "/projects/{}", "/api/v1/projects/{}", "/api/v1/projects/{}/links"):
        body = b"{}" if method == "POST" else None
        there, nowhere = (people[actor].ask(method, target.format(name), body, JSON) for name in (PRIVATE, "never-was"))
        assert _plain(there, PRIVATE) == _plain(nowhere, "never-was"), target


def _plain(answer, name):
    """All but what differs between any two answers."""
    headers = [(key, value) for key, value in answer.headers.items() if key not in ("Date", "X-Request-Id")]
    return answer.status, headers, answer.body.replace(answer.headers["X-Request-Id"].encode(), b"").replace(name.encode(), b"NAME")


@pytest.mark.parametrize("number", ["0", "-1", str(2**63), "1e3", "1;drop", "A" * 500, "%00", "%27%20OR%201%3D1", "null", "[]", "..%2fx"])
def test_H04_odd_ids_are_not_found(team, number):
    before = team.state()
    for target in (f"{LINKS}/{number}", f"/api/v1/projects/{number}", f"/projects/{number}", f"/p/{number}/data/runs"):
        for method in ("GET", "DELETE"):
            assert team["O"].ask(method, target).status in (400, 404, 405), (method, target)
    for ids in ([number], number, None, [None], [[number]], {number: 1}, [1]):
        body = json.dumps({"scope": {"kind": "experiments", "ids": ids}}).encode()
        assert team["N"].post(LINKS, body, "application/json").status == 404
        assert team["V"].post(LINKS, body, "application/json").status == 403
    assert team.state() == before


def test_H07_a_project_is_never_without_somebody_who_owns_it(team):
    """The administrator owns every project, so its last owner may go; without one they stay, see ``tests/unit/operations``."""
    lonely = team.member("lonely@good.test", "owner", OTHER)
    links = f"/api/v1/projects/{OTHER}/links"
    assert lonely.get(links).status == 200
    team.running.command("member", "remove", "lonely@good.test", "--project", OTHER)
    assert lonely.get(links).status == 404
    assert team["ADM"].get(links).status == 200


def test_H10_an_open_tab_of_somebody_demoted_writes_nothing(team):
    second = team.member("o2@good.test", "owner")
    assert second.get(LINKS).status == 200
    team.running.command("member", "role", "o2@good.test", "viewer", "--project", PRIVATE)
    before = team.state()
    for method, target, body in (("POST", LINKS, json.dumps(WHOLE).encode()), ("DELETE", LINKS, None)):
        assert second.ask(method, target, body, JSON).status == 403
    assert team.state() == before


def test_H14_lists_hold_only_what_is_ones_own(team):
    loaded(team["N"], OTHER)
    listed = json.loads(team["N"].get("/api/v1/projects").body)["projects"]
    assert [each["id"] for each in listed] == [OTHER]
    for target in ("/", "/api/v1/projects", "/api/v1/me", f"/projects/{OTHER}", f"/p/{OTHER}/data/plugins_listing"):
        answer = team["N"].get(target)
        assert answer.status == 200
        assert PRIVATE.encode() not in answer.whole
        assert b"v@good.test" not in answer.whole


def test_H16_H17_only_pressing_the_button_makes_a_member_and_only_once(team):
    invitation = team.invitation("h16@good.test", "contributor")
    before = team.state()
    for agent in ("Mozilla/5.0 SafeLinks", "Slackbot-LinkExpanding 1.0"):
        for method in ("HEAD", "GET"):
            answer = team.running.browser().ask(method, path_of(invitation), headers={"User-Agent": agent, "Accept": "text/html"})
            assert answer.status == 200
            # Whom it is for is said, so that nobody joins as somebody else unawares; what for is not.
            assert PRIVATE.encode() not in answer.whole
    assert team.state() == before
    assert team.running.browser().use(invitation).status == 303
    assert team.running.browser().use(invitation).status == 404


def test_H22_ids_of_another_project_open_nothing(team):
    from tb_share.logdir.catalogue import Catalogue
    from tests.cases.C_D_H_I_L_M_people.conftest import LOGDIRS

    foreign = [each.id for each in Catalogue.scan(LOGDIRS / "tensorboardx").experiments]
    ours = Catalogue.scan(LOGDIRS / "keras-orientation").experiments[0]
    mixed = team.visitor(team.link("O", scope={"kind": "experiments", "ids": [*foreign, ours.id]})["url"])
    loaded(mixed)
    assert set(json.loads(mixed.get(f"/p/{PRIVATE}/data/runs").body)) == {run.name for run in ours.runs}
    assert mixed.get(f"/p/{OTHER}/data/runs").status in (401, 403, 404)
