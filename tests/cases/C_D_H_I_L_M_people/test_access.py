"""Members, sessions, visibility, the audit log, devices and the finer kinds of links, through a real front door."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import stat
import subprocess
import sys
import urllib.parse
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.cases.C_D_H_I_L_M_people.conftest import CANARY, LINKS, LOGDIRS, MEMBERS, OTHER, PRIVATE, WHOLE, Team, denied, loaded, path_of
from tests.processes import listen
from tests.running_serve import start_serve

JSON = {"Content-Type": "application/json"}
PROJECT = f"/api/v1/projects/{PRIVATE}"
RUNS = f"/p/{PRIVATE}/data/runs"


def say(browser, method, target, body=None):
    return browser.ask(method, target, None if body is None else json.dumps(body).encode(), JSON)


def read(browser, target):
    answer = browser.get(target)
    assert answer.status == 200, answer.body
    return json.loads(answer.body)


def ids(team):
    return {each["name"]: each["id"] for each in read(team["ADM"], MEMBERS)["members"]}


def test_an_owner_invites_changes_and_removes_over_rest(team):
    made = say(team["O"], "POST", f"{PROJECT}/invitations", {"email": "new@good.test", "role": "viewer"})
    assert made.status == 201
    assert [each["email"] for each in read(team["O"], MEMBERS)["invitations"]] == ["new@good.test"]
    assert ("administrator", "owner") in {(each["by"], each["role"]) for each in read(team["V"], MEMBERS)["others"]}
    person = team.running.browser()
    url = json.loads(made.body)["url"]
    assert person.use(url).status == 303
    assert team.running.browser().use(url).status == 404
    assert person.get(RUNS).status == 200
    assert say(person, "POST", LINKS, WHOLE).status == 403
    who = f"{PROJECT}/members/{ids(team)['new@good.test']}"
    assert say(team["O"], "PATCH", who, {"role": "contributor"}).status == 204
    assert say(person, "POST", LINKS, WHOLE).status == 201
    assert say(team["O"], "DELETE", who).status == 204
    assert person.get(RUNS).status == 404


def test_an_administrators_token_gets_hold_of_nobodys_account(team):
    """Not even of somebody whom an administrator invited, whose invitation by an administrator in person would."""
    email = "kept@good.test"
    team.member(email)
    wish = {"name": "narrow", "scopes": ["admin"], "projects": [PRIVATE]}
    secret = json.loads(say(team["ADM"], "POST", "/api/v1/tokens", wish).body)["secret"]
    headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}
    body = json.dumps({"email": email, "role": "viewer"}).encode()
    made = team.running.browser().ask("POST", f"{PROJECT}/invitations", body, headers)
    assert made.status == 201, made.body
    taker = team.running.browser()
    assert taker.use(json.loads(made.body)["url"]).status == 303
    assert len({each["id"] for each in read(team["ADM"], MEMBERS)["members"] if each["name"] == email}) == 2


def test_H16_an_invitation_can_be_withdrawn(team):
    url = json.loads(say(team["O"], "POST", f"{PROJECT}/invitations", {"email": "gone@good.test", "role": "viewer"}).body)["url"]
    (invitation,) = [each for each in read(team["O"], MEMBERS)["invitations"] if each["email"] == "gone@good.test"]
    assert say(team["N"], "DELETE", f"/api/v1/projects/{OTHER}/invitations/{invitation['id']}").status == 403
    assert say(team["O"], "DELETE", f"{PROJECT}/invitations/{invitation['id'][:4]}").status == 404
    assert say(team["O"], "DELETE", f"{PROJECT}/invitations/{invitation['id']}").status == 204
    assert team.running.browser().use(url).status == 404


@pytest.mark.parametrize("actor", ["A", "N", "V", "C"])
@pytest.mark.parametrize(
    ("method", "target", "body"),
    [
        ("POST", "/invitations", {"email": "x@good.test", "role": "owner"}),
        ("PATCH", "/members/x", {"role": "owner"}),
        ("DELETE", "/members/x", None),
        ("PUT", "/openness", {"visibility": "public"}),
        ("GET", "/audit", None),
    ],
)
def test_S_ROLE_6_managing_takes_an_owner(team, actor, method, target, body):
    before = team.state()
    assert denied(say(team[actor], method, f"{PROJECT}{target}", body))
    assert team.state() == before


@pytest.mark.parametrize(
    "body",
    [
        {"email": "x@good.test", "role": "admin"},
        {"email": "x@good.test", "role": "viewer", "is_admin": True},
        {"email": "x", "role": "viewer"},
    ],
)
def test_S_ROLE_9_invitations_are_strict(team, body):
    assert say(team["O"], "POST", f"{PROJECT}/invitations", body).status == 400


def test_somebody_leaves_and_is_out(team):
    person = team.member("leaves@good.test")
    assert say(person, "DELETE", f"{MEMBERS}/me").status == 204
    assert person.get(RUNS).status == 404


def test_sessions_are_listed_and_ended_from_another_browser(team):
    first = team.member("two@good.test")
    user = ids(team)["two@good.test"]
    second = team.running.browser()
    assert second.use(team.running.command("member", "add", "two@good.test", "--project", PRIVATE).strip()).status == 303
    listed = read(first, "/api/v1/sessions")["sessions"]
    assert sorted(each["this"] for each in listed) == [False, True]
    assert {each["address"] for each in listed} == {"127.0.0.1"}
    (other,) = [each for each in listed if not each["this"]]
    assert say(team["O"], "DELETE", f"/api/v1/sessions/{other['id']}").status == 404
    assert second.get(RUNS).status == 200
    assert say(first, "DELETE", f"/api/v1/sessions/{other['id']}").status == 204
    assert second.get(RUNS).status == 401
    assert first.get(RUNS).status == 200
    with team.database() as database:
        assert database.execute("SELECT count(*) FROM audit WHERE action = 'session.end' AND actor = ?", [f"user:{user}"]).fetchone() == (
            1,
        )


def test_M04_an_audit_log_is_for_its_owners(team):
    for actor in "A", "N", "V", "C":
        assert denied(team[actor].get(f"{PROJECT}/audit"))
    assert denied(team["N"].get(f"/api/v1/projects/{OTHER}/audit"))
    assert denied(team["O"].get("/api/v1/audit"))
    link = team.link("O", label="=cmd()")
    newest = read(team["O"], f"{PROJECT}/audit?action=link")["entries"][0]
    assert newest["action"] == "link.create"
    assert newest["target"] == f"project:{PRIVATE} link:{link['id']}"
    assert newest["address"] == "127.0.0.1"
    assert re.fullmatch("[0-9a-f]{16}", newest["request_id"])
    everything = read(team["ADM"], "/api/v1/audit")["entries"]
    assert {each["action"] for each in everything} > {"sign_in", "link.create"}
    assert all(f"project:{PRIVATE}" in each["target"] for each in read(team["O"], f"{PROJECT}/audit")["entries"])


def test_the_log_is_read_page_by_page_and_as_csv(team):
    for _ in range(3):
        team.link("O")
    pages, before = [], ""
    for _ in range(100):
        page = read(team["ADM"], f"/api/v1/audit?before={before}")
        pages += [each["seq"] for each in page["entries"]]
        before = pages[-1]
        if not page["more"]:
            break
    assert pages == sorted(pages, reverse=True)
    assert pages[-1] == 1
    answer = team["ADM"].get("/api/v1/audit?format=csv")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    rows = list(csv.reader(io.StringIO(answer.body.decode())))
    assert rows[0][0] == "NUMBER"
    assert len(rows) - 1 >= len(pages)
    assert team["ADM"].get("/api/v1/audit?before=x").status == 400


def test_refusals_are_written_down_once_and_say_who(team):
    user = ids(team)["v@good.test"]
    for _ in range(5):
        assert say(team["V"], "DELETE", LINKS).status == 403
    rows = read(team["O"], f"{PROJECT}/audit?actor=user:{user}&action=revoke_any_link")["entries"]
    workers = 2
    assert 1 <= len(rows) <= workers
    assert {each["result"] for each in rows} == {"refused: not_allowed"}


def test_the_chain_holds_over_all_of_this(team):
    assert "each as it was written" in team.running.command("audit", "verify")


def test_a_disabled_person_is_out_everywhere_at_once(team):
    person = team.member("out@good.test", "contributor")
    team.browsers["out"] = person
    token = json.loads(say(person, "POST", "/api/v1/tokens", {"name": "t", "scopes": ["read"]}).body)["secret"]
    guest = team.visitor(team.link("out")["url"])
    bearer = {"Authorization": f"Bearer {token}"}
    assert [person.get(RUNS).status, guest.get(RUNS).status, team["A"].get(RUNS, **bearer).status] == [200, 200, 200]
    (who,) = [each for each in read(team["ADM"], "/api/v1/people")["people"] if each["email"] == "out@good.test"]
    assert say(team["O"], "PATCH", f"/api/v1/people/{who['id']}", {"disabled": True}).status == 403
    assert say(team["ADM"], "PATCH", f"/api/v1/people/{who['id']}", {"disabled": True}).status == 204
    assert [person.get(RUNS).status, guest.get(RUNS).status, team["A"].get(RUNS, **bearer).status] == [401, 403, 401]
    assert say(team["ADM"], "PATCH", f"/api/v1/people/{who['id']}", {"disabled": False}).status == 204
    assert person.get(RUNS).status == 401
    (me,) = [each for each in read(team["ADM"], "/api/v1/people")["people"] if each["me"]]
    assert say(team["ADM"], "PATCH", f"/api/v1/people/{me['id']}", {"disabled": True}).status == 409


def test_only_administrators_see_the_workspace(team):
    for target in "/workspace", "/api/v1/people", "/api/v1/settings", "/api/v1/audit":
        assert [denied(team[actor].get(target)) for actor in "ANVCO"] == [True] * 5
        assert team["ADM"].get(target).status == 200
    assert b"client_secret" not in team["ADM"].get("/api/v1/settings").body


def test_S_LINK_13_a_passcode_is_asked_for_and_limited(team):
    link = team.link(passcode="open sesame")
    guest = team.running.browser()
    landing = guest.ask("GET", path_of(link["url"]), headers={"Accept": "text/html"})
    assert b'name="passcode"' in landing.body
    assert guest.use(link["url"]).status == 403
    assert guest.post(path_of(link["url"]), b"passcode=wrong").status == 403
    assert denied(guest.get(RUNS))
    assert guest.post(path_of(link["url"]), b"passcode=open+sesame").status == 303
    assert guest.get(RUNS).status == 200
    with team.database() as database:
        ((kept, uses),) = database.execute("SELECT passcode, uses FROM link WHERE id = ?", [link["id"]]).fetchall()
    assert "sesame" not in kept
    assert uses == 1
    assert read(team["O"], LINKS)["links"][0]["has_passcode"]


def test_S_LINK_13_guesses_at_once_do_not_get_past_the_limit(team):
    link = team.link(passcode="open sesame")
    guests = [team.running.browser(f"127.0.0.{100 + n}") for n in range(8)]
    for guest in guests[:6]:
        assert guest.post(path_of(link["url"]), b"passcode=open+sesame").status == 303
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: guests[n % 8].post(path_of(link["url"]), b"passcode=wrong").status, range(60)))
    # Those who knew it did not count, and of all others no more were looked at than may be.
    assert answers.count(403) == 20
    assert answers.count(429) == 40


def test_a_link_for_certain_people_opens_for_them_alone_and_only_while_they_are_signed_in(team):
    link = team.link(emails=["V@good.test"])
    landing = team["A"].ask("GET", path_of(link["url"]), headers={"Accept": "text/html"})
    assert landing.status == 403
    assert team.running.browser().use(link["url"]).status == 403
    assert team["N"].use(link["url"]).status == 403
    assert denied(team["N"].get(RUNS))
    guest = team.running.browser()
    assert guest.use(team.running.command("member", "add", "far@good.test", "--project", OTHER).strip()).status == 303
    far = team.link(emails=["far@good.test"])
    assert denied(guest.get(RUNS))
    assert guest.use(far["url"]).status == 303
    assert guest.get(RUNS).status == 200
    guest.post("/logout")
    assert denied(guest.get(RUNS))


def test_owners_bound_the_life_of_links(team):
    assert say(team["O"], "PUT", f"{PROJECT}/openness", {"visibility": "members", "link_default_s": 3600, "link_max_s": 7200}).status == 204
    assert read(team["O"], PROJECT)["link_defaults"] == {"expires_in_s": 3600, "max_expires_in_s": 7200}
    assert say(team["C"], "POST", LINKS, {**WHOLE, "expires_in_s": 7201}).status == 400
    assert say(team["O"], "PUT", f"{PROJECT}/openness", {"visibility": "members", "link_max_s": 10**9}).status == 400
    assert say(team["O"], "PUT", f"{PROJECT}/openness", {"visibility": "members"}).status == 204
    assert say(team["C"], "POST", LINKS, {**WHOLE, "expires_in_s": 7201}).status == 201


def test_two_owners_who_change_the_settings_at_once_are_told(team):
    target = f"{PROJECT}/openness"
    seen = {"visibility": "members", "link_default_s": None, "link_max_s": None, "viewers_comment": False}
    assert say(team["O"], "PUT", target, seen).status == 204
    assert say(team["O"], "PUT", target, {**seen, "viewers_comment": True, "seen": seen}).status == 204
    late = say(team["ADM"], "PUT", target, {**seen, "link_max_s": 7200, "seen": seen})
    said = json.loads(late.body)
    assert (late.status, said["error"]["code"], said["current"]) == (409, "edit_conflict", {**seen, "viewers_comment": True})
    found = read(team["O"], PROJECT)["openness"]
    assert {key: found[key] for key in seen} == {**seen, "viewers_comment": True}
    both = {**said["current"], "link_max_s": 7200}
    assert say(team["ADM"], "PUT", target, {**both, "seen": said["current"]}).status == 204
    assert say(team["ADM"], "PUT", target, seen).status == 204


def test_projects_stay_private_where_the_server_says_so(team):
    for visibility in "public", "signed_in":
        assert say(team["O"], "PUT", f"{PROJECT}/openness", {"visibility": visibility}).status == 400
    assert say(team["O"], "PUT", f"{PROJECT}/openness", {"visibility": "whatever"}).status == 400


@pytest.fixture
def open_team(tmp_path):
    """A serve that lets owners open their projects."""
    (tmp_path / "tb-share.toml").write_text("[visibility]\nallow_signed_in = true\nallow_public = true\n")
    arguments = [f"--logdir={PRIVATE}={LOGDIRS / 'keras-orientation'}", f"--logdir={OTHER}={LOGDIRS / 'tensorboardx'}"]
    running = start_serve(tmp_path / "data", [*arguments, "--config", str(tmp_path / "tb-share.toml")])
    try:
        team = Team(running, {"A": running.browser(), "ADM": running.owner()})
        team.browsers["N"] = team.member("n@good.test", "viewer", OTHER)
        loaded(team["ADM"])
        yield team
    finally:
        running.stop()


def test_H13_a_project_opens_and_closes_at_once(open_team):
    team = open_team
    shell = f"/p/{PRIVATE}/"

    def seen():
        return [team[actor].get(RUNS).status for actor in ("A", "N")]

    assert seen() == [401, 404]
    assert say(team["ADM"], "PUT", f"{PROJECT}/openness", {"visibility": "signed_in"}).status == 204
    assert seen() == [401, 200]
    assert {each["id"]: each["role"] for each in read(team["N"], "/api/v1/projects")["projects"]} == {PRIVATE: None, OTHER: "viewer"}
    assert read(team["N"], PROJECT)["may"] == [
        "public",
        "list_projects",
        "read_account",
        "sign_out",
        "manage_tokens",
        "read_project",
        "read_tensorboard",
        "manage_sessions",
    ]
    assert say(team["N"], "POST", LINKS, WHOLE).status == 403
    assert team["N"].get(MEMBERS).status == 403
    assert say(team["ADM"], "PUT", f"{PROJECT}/openness", {"visibility": "public"}).status == 204
    assert seen() == [200, 200]
    assert team["A"].get(shell).status == 200
    assert json.loads(team["A"].get(f"{shell}data/plugin/tb_share/context").body)["gateway"]["caller"]["kind"] == "stranger"
    assert team["A"].get("/").status == 401
    assert team["A"].get(PROJECT).status == 401
    assert say(team["ADM"], "PUT", f"{PROJECT}/openness", {"visibility": "members"}).status == 204
    assert seen() == [401, 404]
    assert CANARY not in team["A"].get(RUNS).whole


def test_a_project_that_was_open_is_closed_when_the_server_takes_the_permission_back(open_team, tmp_path):
    team = open_team
    assert say(team["ADM"], "PUT", f"{PROJECT}/openness", {"visibility": "public"}).status == 204
    data = team.running.data
    team.running.stop()
    again = start_serve(data, [f"--logdir={PRIVATE}={LOGDIRS / 'keras-orientation'}"])
    try:
        assert again.browser().get(RUNS).status == 401
    finally:
        again.stop()


def logging_in(team, place, *more):
    command = [sys.executable, "-u", "-m", "tb_share.cli.main", "login", team.running.base, "--name", "the laptop", *more]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env={**os.environ, "TB_SHARE_CONFIG_DIR": str(place)}
    )
    listener = listen(process, process.stdout, re.compile(r"[B-Z]{4}-[B-Z]{4}"))
    code = listener.wait(30)
    assert code is not None, listener.said
    return process, listener, code.group(0)


def test_J13_a_command_line_is_let_in_from_a_browser(team, tmp_path):
    process, listener, code = logging_in(team, tmp_path)
    asked = read_post(team["V"], "/api/v1/device/look", {"user_code": code.lower().replace("-", " ")})
    assert (asked["name"], asked["scopes"]) == ("the laptop", ["read"])
    assert say(team["V"], "POST", "/api/v1/device/decide", {"user_code": code, "allow": True}).status == 204
    assert say(team["N"], "POST", "/api/v1/device/decide", {"user_code": code, "allow": True}).status == 404
    assert process.wait(timeout=60) == 0
    said = "".join(listener.said)
    listener.close()
    kept = tmp_path / "tokens.json"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    token = json.loads(kept.read_text())[team.running.base]
    assert token not in said
    environment = {**os.environ, "TB_SHARE_CONFIG_DIR": str(tmp_path)}
    whoami = [sys.executable, "-m", "tb_share.cli.main", "whoami", team.running.base]
    who = subprocess.run(whoami, capture_output=True, text=True, env=environment, timeout=60, check=True)
    assert who.stdout.splitlines() == [f"v@good.test at {team.running.base}", f"  {PRIVATE}: viewer"]
    assert team["A"].get(RUNS, Authorization=f"Bearer {token}").status == 200
    assert say_bearer(team, token, "POST", LINKS, WHOLE).status == 403


def test_J13_no_is_no(team, tmp_path):
    process, listener, code = logging_in(team, tmp_path)
    assert say(team["V"], "POST", "/api/v1/device/decide", {"user_code": code, "allow": False}).status == 204
    assert process.wait(timeout=60) == 1
    assert "did not let this program in" in "".join(listener.said)
    listener.close()
    assert not (tmp_path / "tokens.json").exists()


def test_J13_codes_are_good_once_for_a_while_and_not_to_be_guessed(team):
    begun = json.loads(say(team["A"], "POST", "/api/v1/device", {"name": "p", "scopes": ["read"]}).body)
    take = {"device_code": begun["device_code"]}

    def code_of(answer):
        return json.loads(answer.body)["error"]["code"]

    assert code_of(say(team["A"], "POST", "/api/v1/device/token", take)) == "authorization_pending"
    assert code_of(say(team["A"], "POST", "/api/v1/device/token", take)) == "slow_down"
    assert say(team["V"], "POST", "/api/v1/device/decide", {"user_code": begun["user_code"], "allow": True}).status == 204
    assert say(team["A"], "POST", "/api/v1/device/token", take).status == 201
    assert code_of(say(team["A"], "POST", "/api/v1/device/token", take)) == "expired_token"
    late = json.loads(say(team["A"], "POST", "/api/v1/device", {"name": "p", "scopes": ["read"]}).body)
    with team.database() as database:
        database.execute("UPDATE device SET expires_at = '2026-01-01 00:00:00.000000'")
    assert say(team["V"], "POST", "/api/v1/device/decide", {"user_code": late["user_code"], "allow": True}).status == 404
    assert code_of(say(team["A"], "POST", "/api/v1/device/token", {"device_code": late["device_code"]})) == "expired_token"
    assert denied(say(team["A"], "POST", "/api/v1/device/look", {"user_code": late["user_code"]}))
    statuses = [say(team["V"], "POST", "/api/v1/device/look", {"user_code": f"BBBB-BB{n:02}"}).status for n in range(40)]
    assert statuses[0] == 404
    assert statuses[-1] == 429


def read_post(browser, target, body):
    answer = say(browser, "POST", target, body)
    assert answer.status == 200, answer.body
    return json.loads(answer.body)


def say_bearer(team, token, method, target, body):
    return team.running.browser().ask(method, target, json.dumps(body).encode(), {**JSON, "Authorization": f"Bearer {token}"})


def test_a_service_account_acts_by_token_alone(tmp_path):
    running = start_serve(tmp_path / "data", [f"--logdir={PRIVATE}={LOGDIRS / 'keras-orientation'}"])
    try:
        running.command("service", "add", "ci", "--project", PRIVATE)
        token = running.command("service", "token", "ci", "nightly").strip()
        browser = running.browser()
        bearer = {"Authorization": f"Bearer {token}"}
        assert browser.get(f"/api/v1/projects/{PRIVATE}", **bearer).status == 200
        assert browser.get("/api/v1/sessions", **bearer).status == 403
        assert "ci" in running.command("service", "list")
        owner = running.owner()
        (ci,) = [each for each in read(owner, "/api/v1/people")["people"] if each["is_service"]]
        assert say(owner, "PATCH", f"/api/v1/people/{ci['id']}", {"disabled": True}).status == 204
        assert browser.get(f"/api/v1/projects/{PRIVATE}", **bearer).status == 401
    finally:
        running.stop()


def test_S_LINK_14_what_was_made_before_the_moment_opens_nothing_any_more(tmp_path):
    arguments = [f"--logdir={PRIVATE}={LOGDIRS / 'keras-orientation'}"]
    first = start_serve(tmp_path / "data", arguments)
    try:
        owner = first.owner()
        link = first.command("link", "create", "--project", PRIVATE).strip()
        guest = first.browser()
        assert guest.use(link).status == 303
        token = first.command("token", "create", "t").strip()
    finally:
        first.stop()
    (tmp_path / "data" / "tb-share.toml").write_text("revoked_before = 2099-01-01T00:00:00Z\n")
    second = start_serve(tmp_path / "data", [*arguments, "--config", str(tmp_path / "data" / "tb-share.toml")])
    try:
        for browser in owner, guest:
            browser.port = second.port
        assert owner.get(RUNS).status == 401
        assert guest.get(RUNS).status in (401, 403)
        assert second.browser().use(f"http://x{urllib.parse.urlsplit(link).path}").status == 404
        assert second.browser().get(RUNS, Authorization=f"Bearer {token}").status == 401
    finally:
        second.stop()
