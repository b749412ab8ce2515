"""Saved views through the front door: who sees, saves, shares and deletes which; two people at once; odd bodies."""

from __future__ import annotations

import json

import pytest

from tests.cases.C_D_H_I_L_M_people.conftest import OTHER, PRIVATE, denied

JSON = {"Content-Type": "application/json"}
VIEWS = f"/api/v1/projects/{PRIVATE}/views"
ACTORS = ["A", "N", "V", "C", "O", "ADM", "L"]
SHARERS = {"C", "O", "ADM"}
KEEPERS = SHARERS | {"V"}
STATE = {"query": "resnet", "sort": "-loss"}


def say(browser, method, target, body=None):
    return browser.ask(method, target, None if body is None else json.dumps(body).encode(), JSON)


@pytest.fixture(scope="module")
def people(team):
    return {**team.browsers, "L": team.visitor(team.link()["url"])}


def saved(browser, name, **wishes):
    answer = say(browser, "POST", VIEWS, {"name": name, "state": STATE, **wishes})
    assert answer.status == 201, answer.body
    return json.loads(answer.body)


def names(browser):
    return [each["name"] for each in json.loads(browser.get(VIEWS).body)["views"]]


@pytest.mark.parametrize("actor", ACTORS)
def test_H01_who_may_read_keep_and_share_views(people, actor):
    read = people[actor].get(VIEWS)
    assert read.status == 200 if actor in KEEPERS else denied(read)
    for shared, mays in ((False, KEEPERS), (True, SHARERS)):
        answer = say(people[actor], "POST", VIEWS, {"name": f"{actor} {shared}", "state": STATE, "shared": shared})
        assert answer.status == 201 if actor in mays else denied(answer)
        for reader in sorted(KEEPERS):
            assert (f"{actor} {shared}" in names(people[reader])) == (actor in mays and (shared or reader == actor))


@pytest.mark.parametrize("actor", ACTORS)
def test_H01_who_may_change_and_delete_the_projects_views(people, actor):
    view = saved(people["C"], f"of C, tried by {actor}", shared=True)
    target, may = f"{VIEWS}/{view['id']}", actor in SHARERS
    for wish in ({"state": {"query": actor}}, {"name": f"renamed by {actor}"}, {"is_default": True}):
        answer = say(people[actor], "PATCH", target, {"version": view["version"], **wish})
        assert answer.status == 200 if may else denied(answer)
        view = json.loads(answer.body) if may else view
    defaults = [each["id"] for each in json.loads(people["V"].get(VIEWS).body)["views"] if each["is_default"]]
    assert defaults == ([view["id"]] if may else [])
    answer = say(people[actor], "DELETE", target)
    assert answer.status == 200 if may else denied(answer)
    assert (view["name"] in names(people["V"])) == (not may)


@pytest.mark.parametrize("actor", ACTORS)
def test_H02_a_private_view_is_nobody_elses_not_even_an_owners(people, actor):
    view = saved(people["V"], f"V's own, tried by {actor}")
    target = f"{VIEWS}/{view['id']}"
    others = actor != "V"
    answers = [
        say(people[actor], "PATCH", target, {"version": 1, "name": f"taken by {actor}"}),
        say(people[actor], "DELETE", target),
        say(people[actor], "PATCH", target, {"version": 3 if not others else 1, "deleted": False}),
    ]
    assert all(map(denied, answers)) if others else [answer.status for answer in answers] == [200, 200, 200]
    assert (f"V's own, tried by {actor}" in names(people["V"])) == others


def test_S_ROLE_4_a_view_is_reached_through_its_own_project_alone(people):
    view = saved(people["C"], "of this project", shared=True)
    for target in (f"/api/v1/projects/{OTHER}/views/{view['id']}", f"/api/v1/projects/none/views/{view['id']}"):
        assert say(people["ADM"], "PATCH", target, {"version": 1, "name": "x"}).status == 404
        assert say(people["ADM"], "DELETE", target).status == 404
    assert "of this project" not in people["N"].get(f"/api/v1/projects/{OTHER}/views").body.decode()


def test_two_people_save_the_same_view_and_the_second_sees_what_the_first_saved(people):
    view = saved(people["C"], "contested", shared=True)
    target = f"{VIEWS}/{view['id']}"
    assert say(people["C"], "PATCH", target, {"version": 1, "state": {"query": "from C"}}).status == 200
    late = say(people["O"], "PATCH", target, {"version": 1, "state": {"query": "from O"}})
    assert late.status == 409
    told = json.loads(late.body)
    assert (told["error"]["code"], told["current"]["state"], told["current"]["version"]) == ("edit_conflict", {"query": "from C"}, 2)


def test_what_was_deleted_can_be_brought_back(people):
    view = saved(people["V"], "by mistake")
    gone = json.loads(say(people["V"], "DELETE", f"{VIEWS}/{view['id']}").body)
    assert "by mistake" not in names(people["V"])
    back = say(people["V"], "PATCH", f"{VIEWS}/{view['id']}", {"version": gone["version"], "deleted": False})
    assert json.loads(back.body)["state"] == STATE
    assert "by mistake" in names(people["V"])


@pytest.mark.parametrize(("scopes", "may"), [(["read"], False), (["write"], True)])
def test_J05_a_token_that_reads_saves_nothing(people, scopes, may):
    made = say(people["C"], "POST", "/api/v1/tokens", {"name": "views", "scopes": scopes, "expires_in_s": 3600})
    bearer = {**JSON, "Authorization": f"Bearer {json.loads(made.body)['secret']}"}
    body = json.dumps({"name": f"by a token that may {scopes}", "state": STATE, "shared": True}).encode()
    answer = people["A"].ask("POST", VIEWS, body, bearer)
    assert answer.status == 201 if may else denied(answer)
    assert people["A"].ask("GET", VIEWS, None, bearer).status == 200


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
def test_C25_another_sites_page_saves_nothing_in_our_name(people, site):
    body = json.dumps({"name": "forged", "state": STATE}).encode()
    assert people["O"].ask("POST", VIEWS, body, {**JSON, "Sec-Fetch-Site": site}).status == 403


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": "x"},
        {"name": "x", "state": []},
        {"name": "x", "state": {"a": 1}},
        {"name": "x", "state": {"a": {}}},
        {"name": "x", "state": {"a": "b\n"}},
        {"name": "x", "state": {"A": "b"}},
        {"name": "x", "state": {"a": "b" * 20_000}},
        {"name": "x", "state": {f"k{n}": "" for n in range(41)}},
        {"name": "", "state": {}},
        {"name": "x", "state": {}, "shared": "yes"},
        {"name": "x", "state": {}, "is_default": True},
        {"name": "x", "state": {}, "author": "somebody"},
    ],
)
def test_S_ROLE_9_bodies_are_strict(people, body):
    before = names(people["O"])
    assert say(people["O"], "POST", VIEWS, body).status == 400
    assert names(people["O"]) == before


def test_S_ROLE_9_a_change_that_would_delete_is_refused_and_not_passed_over(people):
    view = json.loads(say(people["V"], "POST", VIEWS, {"name": "kept", "state": {}}).body)
    assert say(people["V"], "PATCH", f"{VIEWS}/{view['id']}", {"version": 1, "deleted": True}).status == 400
    assert say(people["V"], "DELETE", f"{VIEWS}/{view['id']}").status == 200


def test_S_XSS_1_hostile_names_and_states_come_back_as_json_and_as_they_stand(people):
    hostile = "<img src=x onerror=alert(1)> =cmd|' /C calc'!A0"
    saved(people["C"], hostile, state={"query": hostile}, shared=True)
    answer = people["V"].get(VIEWS)
    assert answer.headers["Content-Type"].startswith("application/json")
    assert answer.headers["Cache-Control"] == "private, no-store"
    (found,) = [each for each in json.loads(answer.body)["views"] if each["name"] == hostile]
    assert found["state"] == {"query": hostile}
