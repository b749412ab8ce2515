"""Groups L and M over HTTP: what people and logs say stays text, and what was done is written down without secrets.

What a browser makes of such texts is looked at in ``tests/e2e``.
"""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.cases.C_D_H_I_L_M_people.conftest import LINKS, PRIVATE, path_of

XSS = '"><script>alert(1)</script><img src=x onerror=alert(1)>${7*7}{{7*7}}'
PLUGIN = f"/p/{PRIVATE}/data/plugin/tb_share"


def test_L01_a_label_is_text_in_every_answer(team):
    team.link(label=XSS)
    answer = team["O"].get(LINKS)
    assert answer.headers["Content-Type"] == "application/json"
    assert XSS in [each["label"] for each in json.loads(answer.body)["links"]]
    page = team["O"].ask("GET", f"/projects/{PRIVATE}", headers={"Accept": "text/html"})
    assert b"<script>alert" not in page.body


@pytest.mark.parametrize("echo", ["/login?next=/{}", "/{}", "/projects/{}", "/p/{}/", "/s/{}", "/login/{}", f"/p/{PRIVATE}/{{}}"])
def test_L04_an_address_is_no_part_of_a_page(team, echo):
    from urllib.parse import quote

    page = team["O"].ask("GET", echo.format(quote(XSS, safe="")), headers={"Accept": "text/html", "Sec-Fetch-Mode": "navigate"})
    assert b"<script>alert" not in page.body
    assert b"onerror=" not in page.body.replace(quote(XSS, safe="").encode(), b"")


@pytest.mark.parametrize(
    ("route", "kind"),
    [("context", "application/json"), ("experiments", "application/vnd.apache.arrow.stream"), ("experiment?id=x", "application/json")],
)
def test_L05_data_is_never_a_page(team, route, kind):
    answer = team["O"].get(f"{PLUGIN}/{route}")
    assert answer.headers["Content-Type"].split(";")[0] == kind
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_L07_our_pages_run_no_script_that_stands_in_them(team):
    for target in ("/", "/login", f"/projects/{PRIVATE}", "/nothing", path_of(team.link()["url"])):
        page = team["O"].ask("GET", target, headers={"Accept": "text/html", "Sec-Fetch-Mode": "navigate"})
        policy = dict(part.strip().partition(" ")[::2] for part in page.headers["Content-Security-Policy"].split(";"))
        assert policy["default-src"] == "'none'"
        assert policy["script-src"] == "'self'"
        assert not re.search(rb"<script(?![^>]*\ssrc=)|\son[a-z]+=", page.body), target


def test_M01_what_was_done_is_written_down_with_who_and_what(team):
    person = team.member("m01@good.test", "contributor")
    team.browsers["m01"] = person
    link = team.link("m01")
    team.visitor(link["url"])
    person.ask("DELETE", f"{LINKS}/{link['id']}")
    person.ask("DELETE", LINKS)
    team.running.command("member", "role", "m01@good.test", "viewer", "--project", PRIVATE)
    team.running.command("member", "remove", "m01@good.test", "--project", PRIVATE)
    person.post("/logout")
    with team.database() as database:
        rows = database.execute("SELECT seq, at, actor, action, target, result FROM audit ORDER BY seq").fetchall()
        (user,) = database.execute("SELECT id FROM account WHERE email = 'm01@good.test'").fetchone()
    mine = [row[3] for row in rows if row[2] == f"user:{user}" or f"user:{user}" in row[4]]
    assert mine == [
        "member.invite",
        "member.join",
        "sign_in",
        "link.create",
        "link.revoke",
        "revoke_any_link",
        "member.change_role",
        "member.remove",
        "sign_out",
    ]
    assert [row[3] for row in rows if row[2] == f"link:{link['id']}"] == ["link.first_use"]
    assert [row[0] for row in rows] == list(range(1, len(rows) + 1))
    assert all(all(row[1:]) for row in rows)


def test_M07_a_long_wrong_code_leaves_a_short_line(team):
    said_before = len(team.running.printed)
    answer = team["A"].post("/login", b"code=" + b"A" * 1_000_000)
    assert answer.status in (400, 413)
    assert team["A"].post("/login/" + "A" * 3000).status == 404
    assert team["A"].get("/healthz").status == 200
    assert all(len(line) < 2000 for line in team.running.printed[said_before:])


def test_M08_no_page_and_no_line_tells_a_secret(team):
    keys = json.loads((team.running.data / "keys.json").read_text())
    link, invitation = team.link(), team.invitation("m08@good.test")
    secrets = [*keys, path_of(link["url"]).rpartition("/")[2], path_of(invitation).rpartition("/")[2], team["O"].cookies["tb_share"]]
    answers = [
        team["O"].get(target, Accept=accept)
        for target in (
            "/",
            "/api/v1/me",
            LINKS,
            f"/projects/{PRIVATE}",
            "/nothing",
            f"/p/{PRIVATE}/data/environment",
            f"/p/{PRIVATE}/data/logdir",
        )
        for accept in ("application/json", "text/html")
    ]
    doctor = team.running.command("doctor") + team.running.command("link", "list", "--project", PRIVATE)
    for secret in secrets:
        assert not any(secret.encode() in answer.whole for answer in answers)
        assert secret not in doctor
        assert secret not in "".join(team.running.printed)


def test_M05_whoever_changes_the_record_is_found_out(team):
    team.link(label="for the record")
    said = team.running.command("audit", "verify")
    newest = said.split()[-1]
    assert len(newest) == 64
    team.link()
    assert "each as it was written" in team.running.command("audit", "verify", "--known", newest)
    with team.database() as database:
        (count,) = database.execute("SELECT count(*) FROM audit").fetchone()
        kept = database.execute("SELECT * FROM audit WHERE seq = ?", (count - 1,)).fetchone()
        database.execute("UPDATE audit SET actor = 'user:somebody-else' WHERE seq = ?", (count - 1,))
    with pytest.raises(AssertionError):
        team.running.command("audit", "verify")
    with team.database() as database:
        database.execute("UPDATE audit SET actor = ? WHERE seq = ?", (kept[2], count - 1))
    assert team.running.command("audit", "verify")


def test_M01_the_record_is_read_by_project_and_as_a_table(team):
    link = team.link()
    listed = team.running.command("audit", "list", "--project", PRIVATE, "--csv")
    lines = [line for line in listed.splitlines() if f"link:{link['id']}" in line]
    assert len(lines) == 1
    assert "link.create" in lines[0]
    assert "sign_out" not in listed
    assert team.running.command("audit", "list").count("\n") > listed.count("\n")


def refused(team):
    with team.database() as database:
        return database.execute("SELECT actor, action, target, result FROM audit WHERE result LIKE 'refused%' ORDER BY seq").fetchall()


def test_M01_wrong_passcodes_and_tokens_that_are_nobodys_are_written_down(team):
    link = team.link(passcode="open sesame")
    guest = team.running.browser("127.0.0.77")
    assert guest.post(path_of(link["url"]), b"passcode=wrong").status == 403
    assert refused(team)[-1] == ("nobody", "exchange", f"link:{link['id']}", "refused: passcode_wrong")
    secret = "tbs_nobodys"
    assert guest.get(f"/api/v1/projects/{PRIVATE}", Authorization=f"Bearer {secret}").status == 401
    assert refused(team)[-1][:2] == ("nobody", "read_project")
    assert "nobodys" not in str(refused(team))


def test_M01_of_many_who_open_a_link_at_once_one_is_the_first(team):
    link = team.link()
    guests = [team.running.browser(f"127.0.0.{140 + n}") for n in range(12)]
    with ThreadPoolExecutor(12) as pool:
        assert {answer.status for answer in pool.map(lambda guest: guest.use(link["url"]), guests)} == {303}
    with team.database() as database:
        rows = database.execute("SELECT count(*) FROM audit WHERE actor = ? AND action = 'link.first_use'", (f"link:{link['id']}",))
        assert rows.fetchall() == [(1,)]


def test_M02_a_stranger_who_knocks_hides_nobodys_refusals(team):
    stranger = team.running.browser("127.0.0.78")
    for n in range(130):
        stranger.get(f"/api/v1/projects/{PRIVATE}", Authorization=f"Bearer tbs_{n}", X_Forwarded_For=f"10.9.8.{n}")
    before = len(refused(team))
    assert team["V"].post(LINKS, b"{}", "application/json").status == 403
    assert len(refused(team)) == before + 1
    assert before < 500
