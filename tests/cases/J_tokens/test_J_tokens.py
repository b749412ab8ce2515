"""Group J, but for uploads, command-line sign-in and refreshing, which there are none of."""

from __future__ import annotations

import itertools
import json
import time

import pytest

from tb_share.credentials import is_token, write_token
from tests.cases.C_D_H_I_L_M_people.conftest import CANARY, LINKS, MEMBERS, OTHER, PRIVATE, WHOLE, denied, path_of
from tests.running_serve import Browser

TOKENS = "/api/v1/tokens"
RUNS = f"/p/{PRIVATE}/data/runs"
JSON = {"Content-Type": "application/json"}


def made(browser, **wishes):
    body = json.dumps({"name": "for a test", "scopes": ["read"], **wishes}).encode()
    return browser.post(TOKENS, body, "application/json")


def secret_of(browser, **wishes):
    answer = made(browser, **wishes)
    assert answer.status == 201, answer.body
    return json.loads(answer.body)["secret"]


def holder(team, secret):
    """A program: no cookie, no fetch metadata, the token alone."""
    browser = Browser(team.running.port)
    plain = browser.ask
    sent = {"Authorization": f"Bearer {secret}", "Sec-Fetch-Site": None}
    browser.ask = lambda method, target, body=None, headers=None, **more: plain(method, target, body, {**sent, **(headers or {})}, **more)  # type: ignore[method-assign]
    return browser


def test_J01_a_token_is_shown_once(team):
    answer = made(team["V"])
    said = json.loads(answer.body)
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert is_token(said["secret"])
    assert said["secret"].startswith("tbs_")
    assert said["token"]["expires_at"]
    listed = team["V"].get(TOKENS)
    assert said["token"]["id"].encode() in listed.body
    assert said["secret"].encode() not in listed.body
    with team.database() as database:
        dump = "\n".join(database.iterdump())
    assert said["secret"] not in dump
    assert said["secret"][4:36] not in dump
    assert said["secret"] not in "".join(team.running.printed)


def test_J02_the_database_holds_hashes(team):
    from tb_share.signing import hashed

    secret = secret_of(team["V"])
    with team.database() as database:
        assert database.execute("SELECT count(*) FROM token WHERE hash = ?", (hashed(secret),)).fetchone() == (1,)


READS = {RUNS, f"/api/v1/projects/{PRIVATE}", MEMBERS, "/api/v1/projects", "/api/v1/me"}


@pytest.mark.parametrize("owner", ["V", "C", "O", "ADM"])
@pytest.mark.parametrize("scopes", [["read"], ["write"], ["admin"], ["read", "write"]])
def test_J04_a_token_may_what_its_scope_and_its_owner_may(team, owner, scopes):
    program = holder(team, secret_of(team[owner], scopes=scopes))
    for target in READS:
        assert program.get(target).status == 200, target
    assert (program.get(LINKS).status == 200) == (owner != "V")
    before = team.state()
    create = program.ask("POST", LINKS, json.dumps(WHOLE).encode(), JSON)
    assert (create.status == 201) == (owner != "V" and scopes != ["read"])
    if create.status != 201:
        assert denied(create)
        assert team.state() == before
    all_ended = program.ask("DELETE", LINKS)
    assert (all_ended.status == 200) == (owner in ("O", "ADM") and scopes == ["admin"])
    for method, target in (("GET", TOKENS), ("POST", TOKENS), ("DELETE", f"{TOKENS}/x"), ("POST", "/logout")):
        assert program.ask(method, target, None if method == "GET" else b"{}", JSON).status in (403, 404), (method, target)


@pytest.mark.parametrize(("scopes", "may"), [(["read"], False), (["write"], False), (["read", "write"], False), (["admin"], True)])
def test_J04_what_is_somebody_elses_takes_the_widest_scope_too(team, scopes, may):
    link = json.loads(team["C"].post(LINKS, json.dumps(WHOLE).encode(), "application/json").body)["link"]["id"]
    notes = f"/api/v1/projects/{PRIVATE}/experiments/{'0' * 16}/notes"
    note = json.loads(team["C"].post(notes, b'{"text": "mine"}', "application/json").body)["id"]
    program = holder(team, secret_of(team["O"], scopes=scopes))
    for target in (f"{LINKS}/{link}", f"/api/v1/projects/{PRIVATE}/notes/{note}"):
        before = team.state()
        answer = program.ask("DELETE", target)
        assert (answer.status in {200, 204}) == may, (target, answer.status)
        assert may or (denied(answer) and team.state() == before)
    assert (note.encode() in team["C"].get(notes).body) != may


def test_J05_a_token_of_one_project_is_nobody_in_another(team):
    program = holder(team, secret_of(team["ADM"], projects=[OTHER], scopes=["admin"]))
    assert program.get(f"/api/v1/projects/{OTHER}").status == 200
    for target in (RUNS, f"/api/v1/projects/{PRIVATE}", LINKS, f"/projects/{PRIVATE}"):
        answer = program.get(target)
        assert answer.status == 404
        assert CANARY not in answer.whole
    assert [each["id"] for each in json.loads(program.get("/api/v1/projects").body)["projects"]] == [OTHER]


def test_J05_nobody_makes_a_token_for_a_project_they_have_no_role_in(team):
    assert made(team["N"], projects=[PRIVATE]).status == 404
    assert made(team["N"], projects=["never-was"]).status == 404


@pytest.mark.parametrize(
    "wish",
    [{"expires_in_s": each} for each in (0, -1, 10**12, "never", 1.5, 366 * 86400)]
    + [
        {"scopes": []},
        {"scopes": ["owner"]},
        {"scopes": "read"},
        {"name": ""},
        {"name": "a\nb"},
        {"user_id": "x"},
        {"is_admin": True},
        {"projects": []},
    ],
    ids=str,
)
def test_J07_impossible_wishes_are_refused(team, wish):
    before = team["V"].get(TOKENS).body
    assert made(team["V"], **wish).status == 400
    assert team["V"].get(TOKENS).body == before


def test_J07_a_token_makes_no_token(team):
    program = holder(team, secret_of(team["O"], scopes=["admin"]))
    assert program.ask("POST", TOKENS, json.dumps({"name": "x", "scopes": ["read"]}).encode(), JSON).status == 403


def test_J04_what_its_owner_loses_the_token_loses(team):
    person = team.member("j04@good.test", "contributor")
    program = holder(team, secret_of(person, scopes=["write"]))
    assert program.get(LINKS).status == 200
    team.running.command("member", "role", "j04@good.test", "viewer", "--project", PRIVATE)
    assert program.get(LINKS).status == 403
    team.running.command("member", "remove", "j04@good.test", "--project", PRIVATE)
    assert program.get(RUNS).status == 404


def test_J04_a_revoked_and_an_expired_token_are_nobodys(team):
    secret = secret_of(team["V"])
    program = holder(team, secret)
    assert program.get(RUNS).status == 200
    token = json.loads(team["V"].get(TOKENS).body)["tokens"][0]
    assert team["C"].ask("DELETE", f"{TOKENS}/{token['id']}").status == 404
    assert program.get(RUNS).status == 200
    assert team["V"].ask("DELETE", f"{TOKENS}/{token['id']}").status == 204
    assert program.get(RUNS).status == 401
    second = holder(team, secret_of(team["V"]))
    assert second.get(RUNS).status == 200
    with team.database() as database:
        database.execute("UPDATE token SET expires_at = '2026-01-01 00:00:00.000000' WHERE revoked_at IS NULL")
    assert second.get(RUNS).status == 401


_addresses = itertools.count(1)


def test_J08_J10_wrong_tokens_are_one_refusal_that_repeats_nothing(team):
    secret = secret_of(team["V"])
    wrong = [secret[:-1] + ("a" if secret[-1] != "a" else "b"), secret[:20], "tbs_", "tbs_" + "a" * 39, secret.upper(), secret + "a", "x"]
    wrong += [f"{secret},{secret}", f"{secret} ", f" {secret}x"]
    seen = set()
    for each in wrong[:-2]:
        answer = holder(team, each).get(RUNS)
        seen.add((answer.status, answer.body.replace(answer.headers["X-Request-Id"].encode(), b"")))
        assert each.encode() not in answer.whole or len(each) < 5
    assert len(seen) == 1
    assert next(iter(seen))[0] == 401


def test_J08_a_thousand_wrong_tokens_cost_little(team):
    from tb_share.identity.resolve import Resolver
    from tb_share.settings import Settings

    class Nobody:
        def data_version(self):
            raise AssertionError("a token that is not written as ours asks no database")

    resolver = Resolver(Nobody(), ("ab" * 16 + "cd" * 16,), Settings(), lambda: None)  # type: ignore[arg-type,return-value]
    began = time.process_time()
    for _ in range(1000):
        assert resolver.resolve([], [], "tbs_" + "a" * 39).callers
    assert resolver.resolve([], [], "x" * 1_000_000).callers
    assert time.process_time() - began < 2


def test_C32_a_token_needs_no_page_of_ours_and_looks_at_no_cookie(team):
    secret = secret_of(team["O"], scopes=["write"])
    program = holder(team, secret)
    program.cookies = dict(team["V"].cookies)
    answer = program.ask("POST", LINKS, json.dumps(WHOLE).encode(), {**JSON, "Origin": "https://evil.test", "Sec-Fetch-Site": "cross-site"})
    assert answer.status == 201
    assert "Access-Control-Allow-Origin" not in answer.headers
    nobody = holder(team, "tbs_" + "a" * 39)
    nobody.cookies = dict(team["O"].cookies)
    assert nobody.get(RUNS).status == 401


def test_S_TOK_5_a_token_is_no_cookie_link_or_code(team):
    secret = secret_of(team["V"])
    for name in ("tb_share", "tb_share_link"):
        assert Browser(team.running.port, {name: secret}).get(RUNS).status == 401
    for prefix in ("/s/", "/login/"):
        assert team.running.browser().ask("POST", f"{prefix}{secret}", b"").status == 404
    assert team.running.browser().get(f"{RUNS}?access_token={secret}").status == 401
    assert team.running.browser().get(RUNS, Authorization=f"Basic {secret}").status == 401


def test_the_command_line_makes_lists_and_revokes(team):
    secret = team.running.command("token", "create", "nightly", "--scope", "read", "--project", OTHER, "--expires", "2d").strip()
    assert is_token(secret)
    program = holder(team, secret)
    assert program.get(f"/api/v1/projects/{OTHER}").status == 200
    assert program.get(RUNS).status == 404
    line = next(each for each in team.running.command("token", "list").splitlines() if "nightly" in each)
    assert OTHER in line
    assert secret not in line
    team.running.command("token", "revoke", line.split()[0])
    assert program.get(f"/api/v1/projects/{OTHER}").status == 401
    with pytest.raises(AssertionError, match="token list"):
        team.running.command("token", "revoke", "nothing")


def test_tokens_are_written_in_one_way():
    assert len({write_token() for _ in range(100)}) == 100
    assert all(is_token(write_token()) and len(write_token()) == 43 for _ in range(100))
    assert not any(is_token(each) for each in ("", "tbs_", "x" * 43, write_token()[:-1], write_token() + "a", write_token().upper()))


def test_a_link_made_by_a_token_is_its_owners(team):
    secret = secret_of(team["C"], scopes=["write"])
    answer = holder(team, secret).ask("POST", LINKS, json.dumps(WHOLE).encode(), JSON)
    url = json.loads(answer.body)["url"]
    visitor = team.running.browser()
    assert visitor.ask("GET", path_of(url)).status == 200
