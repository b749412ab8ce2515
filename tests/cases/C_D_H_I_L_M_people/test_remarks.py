"""Annotations and notes through the front door: who may, what hostile texts do, two people at once."""

from __future__ import annotations

import json

import pytest

from tests.cases.C_D_H_I_L_M_people.conftest import OTHER, PRIVATE, denied

JSON = {"Content-Type": "application/json"}
EXPERIMENTS = f"/api/v1/projects/{PRIVATE}/experiments"
HOSTILE = "<img src=x onerror=alert(1)> [x](javascript:alert(1)) =cmd|' /C calc'!A0 \u202e"


def say(browser, method, target, body=None):
    return browser.ask(method, target, None if body is None else json.dumps(body).encode(), JSON)


@pytest.fixture(scope="module")
def people(team):
    return {**team.browsers, "L": team.visitor(team.link()["url"])}


@pytest.mark.parametrize("actor", ["A", "N", "V", "C", "O", "ADM", "L"])
def test_H01_who_may_say_what_of_experiments(people, actor):
    may = actor in {"C", "O", "ADM"}
    experiment = f"{EXPERIMENTS}/said-by-{actor}"
    answers = [
        say(people[actor], "PATCH", experiment, {"version": 0, "tags": ["best"]}),
        say(people[actor], "POST", f"{experiment}/notes", {"text": "hello"}),
    ]
    assert [answer.status for answer in answers] == [200, 201] if may else all(map(denied, answers))
    known = json.loads(people["O"].get(EXPERIMENTS).body)["experiments"]
    assert any(each["experiment"] == f"said-by-{actor}" for each in known) == may


@pytest.fixture
def viewers_comment(people):
    openness = f"/api/v1/projects/{PRIVATE}/openness"
    assert say(people["O"], "PUT", openness, {"visibility": "members", "viewers_comment": True}).status == 204
    yield
    assert say(people["O"], "PUT", openness, {"visibility": "members"}).status == 204


@pytest.mark.usefixtures("viewers_comment")
def test_where_owners_allow_it_viewers_comment_and_a_link_visitor_still_does_not(people):
    experiment = f"{EXPERIMENTS}/by-a-viewer"
    made = say(people["V"], "POST", f"{experiment}/notes", {"text": "a viewer says"})
    assert made.status == 201
    note = f"/api/v1/projects/{PRIVATE}/notes/{json.loads(made.body)['id']}"
    assert say(people["V"], "PATCH", note, {"version": 1, "text": "says again"}).status == 200
    assert "comment" in json.loads(people["V"].get(f"/api/v1/projects/{PRIVATE}").body)["may"]
    assert say(people["V"], "PATCH", experiment, {"version": 0, "tags": ["mine"]}).status == 403
    for actor in ("L", "A", "N"):
        assert denied(say(people[actor], "POST", f"{experiment}/notes", {"text": "x"}))
        assert denied(say(people[actor], "PATCH", note, {"version": 2, "resolved": True}))
    theirs = json.loads(say(people["C"], "POST", f"{experiment}/notes", {"text": "a contributor says"}).body)
    assert say(people["V"], "DELETE", f"/api/v1/projects/{PRIVATE}/notes/{theirs['id']}").status == 403
    gone = say(people["V"], "DELETE", note)
    assert gone.status == 200
    assert say(people["V"], "PATCH", note, {"version": json.loads(gone.body)["version"], "deleted": False}).status == 200
    assert say(people["V"], "DELETE", note).status == 200


def test_a_viewer_is_silent_again_at_once_and_only_owners_decide_it(people, viewers_comment):
    openness, notes = f"/api/v1/projects/{PRIVATE}/openness", f"{EXPERIMENTS}/silent/notes"
    for actor in ("V", "C", "N", "A", "L"):
        assert denied(say(people[actor], "PUT", openness, {"visibility": "members", "viewers_comment": True}))
    assert say(people["V"], "POST", notes, {"text": "x"}).status == 201
    assert say(people["O"], "PUT", openness, {"visibility": "members", "viewers_comment": False}).status == 204
    assert say(people["V"], "POST", notes, {"text": "x"}).status == 403
    entries = json.loads(people["O"].get(f"/api/v1/projects/{PRIVATE}/audit?action=project.change").body)["entries"]
    assert [each["target"].rsplit(" ", 1)[1] for each in entries[:2]] == ["comments:contributors", "comments:viewers"]


@pytest.mark.parametrize("actor", ["A", "N", "V", "C", "O", "ADM", "L"])
def test_H01_whoever_has_a_role_stars_for_themselves_alone(people, actor):
    target = f"{EXPERIMENTS}/starred-by-{actor}/star"
    may = actor in {"V", "C", "O", "ADM"}
    answer = say(people[actor], "PUT", target)
    assert answer.status == 204 if may else denied(answer)
    for reader in ("V", "C", "O", "ADM"):
        known = json.loads(people[reader].get(EXPERIMENTS).body)["experiments"]
        assert any(each["experiment"] == f"starred-by-{actor}" and each["starred"] for each in known) == (may and reader == actor)
    answer = say(people[actor], "DELETE", target)
    assert answer.status == 204 if may else denied(answer)


def test_S_ROLE_4_a_note_is_reached_through_its_own_project_alone(team, people):
    note = json.loads(say(people["C"], "POST", f"{EXPERIMENTS}/abcd/notes", {"text": "x"}).body)
    for actor in ("V", "L", "A", "N"):
        assert denied(say(people[actor], "DELETE", f"/api/v1/projects/{PRIVATE}/notes/{note['id']}"))
        assert denied(say(people[actor], "PATCH", f"/api/v1/projects/{PRIVATE}/notes/{note['id']}", {"version": 1, "resolved": True}))
    assert say(people["ADM"], "DELETE", f"/api/v1/projects/{OTHER}/notes/{note['id']}").status == 404
    gone = say(people["O"], "DELETE", f"/api/v1/projects/{PRIVATE}/notes/{note['id']}")
    assert gone.status == 200
    back = {"version": json.loads(gone.body)["version"], "deleted": False}
    for actor in ("V", "L", "A", "N"):
        assert denied(say(people[actor], "PATCH", f"/api/v1/projects/{PRIVATE}/notes/{note['id']}", back))
    assert say(people["ADM"], "PATCH", f"/api/v1/projects/{OTHER}/notes/{note['id']}", back).status == 404
    assert say(people["C"], "PATCH", f"/api/v1/projects/{PRIVATE}/notes/{note['id']}", {**back, "text": "y"}).status == 400
    assert say(people["C"], "PATCH", f"/api/v1/projects/{PRIVATE}/notes/{note['id']}", back).status == 200


def test_two_people_edit_the_same_and_nobodys_text_is_lost(people):
    target = f"{EXPERIMENTS}/contested"
    assert say(people["C"], "PATCH", target, {"version": 0, "description": "from C"}).status == 200
    late = say(people["O"], "PATCH", target, {"version": 0, "description": "from O"})
    assert late.status == 409
    told = json.loads(late.body)
    assert (told["error"]["code"], told["current"]["description"], told["current"]["version"]) == ("edit_conflict", "from C", 1)
    assert say(people["O"], "PATCH", target, {"version": 1, "description": "from C and O"}).status == 200


def test_S_XSS_1_hostile_texts_come_back_as_json_and_as_they_stand(people):
    say(people["C"], "PATCH", f"{EXPERIMENTS}/hostile", {"version": 0, "description": HOSTILE, "tags": ["<script>"]})
    say(people["C"], "POST", f"{EXPERIMENTS}/hostile/notes", {"text": HOSTILE})
    for target in (EXPERIMENTS, f"{EXPERIMENTS}/hostile/notes"):
        answer = people["V"].get(target)
        assert answer.headers["Content-Type"].startswith("application/json")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert HOSTILE in json.dumps(json.loads(answer.body), ensure_ascii=False)


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
def test_C25_another_sites_page_says_nothing_in_our_name(people, site):
    headers = {**JSON, "Sec-Fetch-Site": site}
    for method, target in (("PATCH", f"{EXPERIMENTS}/forged"), ("POST", f"{EXPERIMENTS}/forged/notes")):
        assert people["O"].ask(method, target, b'{"version": 0, "text": "x"}', headers).status == 403


@pytest.mark.parametrize("body", [{}, {"version": "0"}, {"version": 0, "owner": "x"}, {"version": 0, "tags": "best"}, {"version": -1}, []])
def test_S_ROLE_9_bodies_are_strict(people, body):
    assert say(people["O"], "PATCH", f"{EXPERIMENTS}/strict", body).status == 400


PLACES = [{"steps": [10.0, 20.5]}, {"file": "a b.ipynb", "cell": "<img src=x>"}, None]


@pytest.mark.parametrize("place", PLACES)
def test_a_note_says_what_it_is_about(people, place):
    made = say(people["C"], "POST", f"{EXPERIMENTS}/placed/notes", {"text": "here", "place": place})
    assert (made.status, json.loads(made.body)["place"]) == (201, place)
    assert json.loads(people["V"].get(f"{EXPERIMENTS}/placed/notes").body)["notes"][-1]["place"] == place


NO_PLACES = [
    *({}, [], "x", {"steps": [1]}, {"steps": [2, 1]}, {"steps": ["1", "2"]}, {"steps": [1, 2, 3]}, {"steps": [0, 1e999]}),
    *({"steps": [1, 2], "file": "x"}, {"file": "x"}, {"file": "", "cell": "x"}, {"file": "x" * 1001, "cell": "x"}),
]


@pytest.mark.parametrize("place", NO_PLACES)
def test_S_ROLE_9_places_are_strict(people, place):
    text = json.dumps({"text": "here", "place": place}).encode()
    answer = people["C"].ask("POST", f"{EXPERIMENTS}/placed/notes", text, {**JSON, "Sec-Fetch-Site": "same-origin"})
    assert (answer.status, json.loads(answer.body)["error"]["code"]) == (400, "bad_request")
    assert b"Body" not in answer.body


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ({"file": "x"}, "place.cell: Field required."),
        ({"cell": "x"}, "place.file: Field required."),
        ({"steps": [1, "2"]}, "place.steps.1: Input should be a valid number."),
        ({"steps": [1, 2], "file": "x"}, "place.file: Extra inputs are not permitted."),
        ({"steps": [2, 1]}, "Write the first step of a range before its last one."),
    ],
)
def test_what_is_wrong_with_a_place_is_said_of_that(people, place, told):
    answer = say(people["C"], "POST", f"{EXPERIMENTS}/placed/notes", {"text": "here", "place": place})
    assert json.loads(answer.body)["error"]["message"] == told
