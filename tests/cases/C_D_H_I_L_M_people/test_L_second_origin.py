"""L08, with a second origin for TensorBoard's pages: what a script there can reach is what it can read anyway, and nothing of the portal."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.certified_provider import free_port
from tests.processes import wait_for
from tests.running_serve import Browser, start_serve

LOGDIR = Path(__file__).parents[2] / "logdirs" / "keras-orientation"
PAGE = {"Accept": "text/html", "Sec-Fetch-Mode": "navigate"}
JSON = {"Content-Type": "application/json"}
RUNS = "/p/orient/data/runs"


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    port = free_port("127.0.0.1")
    arguments = [f"--logdir=orient={LOGDIR}", f"--logdir=other={LOGDIR}", "--port", str(port)]
    origins = ["--public-url", f"http://127.0.0.1:{port}", "--content-url", f"http://localhost:{port}"]
    started = start_serve(tmp_path_factory.mktemp("data"), [*arguments, *origins])
    yield started
    started.stop()


@pytest.fixture(scope="module")
def owner(running):
    return running.owner()


def content(running) -> Browser:
    return Browser(running.port, name="localhost")


def lead_over(main: Browser, there: Browser, target: str) -> list[str]:
    """Follow redirects from one origin to the other as a browser does, each with its own cookies; the addresses on the way."""
    way, at = [], there
    for _ in range(8):
        answer = at.ask("GET", target, headers=PAGE)
        if answer.status not in {302, 303}:
            return way
        location = urlsplit(answer.headers["Location"])
        at = at if not location.hostname else (there if location.hostname == "localhost" else main)
        target = location.path + (f"?{location.query}" if location.query else "")
        way.append(f"{at.name}{target}")
    raise AssertionError(way)


@pytest.fixture(scope="module")
def there(running, owner):
    """The owner's browser on the content's origin."""
    browser = content(running)
    wait_for(lambda: owner.ask("GET", "/p/orient/", headers=PAGE).status == 302)
    way = lead_over(owner, browser, "/p/orient/?smoothing=0.5")
    assert way[-1] == "localhost/p/orient/?smoothing=0.5"
    return browser


def test_L08_pages_of_tensorboard_live_on_their_own_origin_alone(running, owner, there):
    wait_for(lambda: there.get(RUNS).status == 200)
    assert b"resnet" in there.get(RUNS).body
    assert owner.get(RUNS).status == 404
    assert owner.ask("GET", "/p/orient/?a=b", headers=PAGE).headers["Location"] == f"http://localhost:{running.port}/p/orient/?a=b"


@pytest.mark.parametrize(
    "target",
    [
        "/",
        "/projects/orient",
        "/account",
        "/workspace",
        "/login",
        "/api/v1/me",
        "/api/v1/projects/orient/members",
        "/api/v1/projects/orient/links",
    ],
)
def test_L08_nothing_of_the_portal_answers_there(there, target):
    for method in ("GET", "POST", "DELETE"):
        answer = there.ask(method, target, b"{}" if method != "GET" else None, JSON)
        assert answer.status in {404, 405}, (method, target)


def test_L08_the_cookie_of_the_one_opens_nothing_on_the_other(running, owner, there):
    stolen = there.cookies["tb_share_content"]
    for name in ("tb_share", "tb_share_link", "tb_share_content"):
        assert running.browser().ask("GET", "/api/v1/me", headers={"Cookie": f"{name}={stolen}"}).status == 401
    lent = content(running)
    for name in ("tb_share_content", "tb_share"):
        assert lent.ask("GET", RUNS, headers={"Cookie": f"{name}={owner.cookies['tb_share']}"}).status == 401


def test_L08_it_reads_one_project_and_offers_nothing_else(running, there):
    wait_for(lambda: there.get("/p/orient/data/plugin/tb_share/context").status == 200)
    about = json.loads(there.get("/p/orient/data/plugin/tb_share/context").body)["gateway"]
    assert about["may"] == ["public", "read_tensorboard", "read_foreign_plugins", "read_files"]
    assert about["portal"] == f"http://127.0.0.1:{running.port}/projects/orient"
    assert there.get("/p/other/data/runs").status == 404


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_C25_a_page_there_cannot_act_on_the_portal(running, owner, site):
    headers = {"Sec-Fetch-Site": site, "Origin": f"http://localhost:{running.port}", **JSON}
    before = owner.get("/api/v1/projects/orient/links").body
    body = json.dumps({"scope": {"kind": "project"}}).encode()
    assert owner.ask("POST", "/api/v1/projects/orient/links", body, headers).status == 403
    assert owner.get("/api/v1/projects/orient/links").body == before
    assert "Access-Control-Allow-Origin" not in owner.ask("GET", "/api/v1/me", headers=headers).headers


def test_a_way_over_that_another_browser_began_leads_nowhere(running, owner):
    begun = content(running).ask("GET", "/p/orient/", headers=PAGE)
    token = urlsplit(
        owner.ask("GET", urlsplit(begun.headers["Location"]).path + "?" + urlsplit(begun.headers["Location"]).query).headers["Location"]
    ).path
    for victim in (content(running), content(running)):
        victim.ask("GET", "/p/orient/", headers=PAGE)
        answer = victim.ask("GET", token, headers=PAGE)
        assert answer.status == 400
        assert "tb_share_content" not in victim.cookies
    assert content(running).ask("GET", token[:-1] + ("A" if token[-1] != "A" else "B")).status == 400
    assert running.browser().ask("GET", token).status == 404


def test_a_stranger_is_led_to_sign_in_and_learns_nothing_of_projects(running):
    for project in ("orient", "nothing-like-it"):
        way = lead_over(running.browser(), content(running), f"/p/{project}/")
        assert way[-1].startswith("127.0.0.1/login?next=")
        assert content(running).get(f"/p/{project}/data/runs").status == 401


def test_C10_signing_out_ends_it_there_too(running, owner):
    secret = owner.post("/api/v1/projects/orient/invitations", b'{"email": "v@good.test", "role": "viewer"}', "application/json")
    main, there = running.browser(), content(running)
    assert main.use(json.loads(secret.body)["url"]).status == 303
    lead_over(main, there, "/p/orient/")
    wait_for(lambda: there.get(RUNS).status == 200)
    assert main.post("/logout").status in {200, 303}
    assert there.get(RUNS).status == 401


def test_I01_a_link_leads_over_and_ends_there(running, owner):
    ids = json.loads(
        owner.ask("POST", "/api/v1/projects/orient/links", b'{"scope": {"kind": "project"}, "view": "?smoothing=0.9#tb_share"}', JSON).body
    )
    main, there = running.browser(), content(running)
    opened = main.use(ids["url"])
    assert opened.status == 303
    way = lead_over(main, there, opened.headers["Location"].partition("#")[0])
    assert way[-1] == "localhost/p/orient/?smoothing=0.9"
    assert "tb_share_content" not in there.cookies
    wait_for(lambda: there.get(RUNS).status == 200)
    assert owner.ask("DELETE", f"/api/v1/projects/orient/links/{ids['link']['id']}").status == 204
    assert there.get(RUNS).status == 403


def test_a_token_reads_on_both(running, owner):
    made = owner.post("/api/v1/tokens", b'{"name": "t", "scopes": ["read"], "expires_in_s": 3600}', "application/json")
    headers = {"Authorization": f"Bearer {json.loads(made.body)['secret']}"}
    assert running.browser().ask("GET", RUNS, headers=headers).status == 200
    assert content(running).ask("GET", RUNS, headers=headers).status == 200


def linked(running, owner, **wishes):
    """A link, and a browser on both origins that opened it."""
    body = json.dumps({"scope": {"kind": "project"}, **wishes}).encode()
    link = json.loads(owner.ask("POST", "/api/v1/projects/orient/links", body, JSON).body)
    main, there = running.browser(), content(running)
    assert main.use(link["url"]).status == 303
    lead_over(main, there, "/p/orient/")
    return link, main, there


def may(browser):
    return json.loads(browser.get("/p/orient/data/plugin/tb_share/context").body)["gateway"]["may"]


def test_a_member_whose_browser_once_opened_a_link_is_the_member(running, owner):
    _, main, there = linked(running, owner)
    assert "read_foreign_plugins" not in may(there)
    main.cookies["tb_share"] = owner.cookies["tb_share"]
    # Within the minute nothing changes; the cookie that says so is gone after it.
    assert there.ask("GET", "/p/orient/", headers=PAGE).status == 200
    del there.cookies["tb_share_led"]
    assert lead_over(main, there, "/p/orient/")[-1] == "localhost/p/orient/"
    assert "read_foreign_plugins" in may(there)


def test_a_member_whose_browser_holds_a_link_that_ended_is_let_in(running, owner):
    link, main, there = linked(running, owner)
    assert owner.ask("DELETE", f"/api/v1/projects/orient/links/{link['link']['id']}").status == 204
    del there.cookies["tb_share_led"]
    stranger_main, stranger_there = Browser(running.port, dict(main.cookies)), content(running)
    stranger_there.cookies.update(there.cookies)
    assert lead_over(stranger_main, stranger_there, "/p/orient/")[-1].startswith("127.0.0.1/p/orient/lead-over")
    main.cookies["tb_share"] = owner.cookies["tb_share"]
    assert lead_over(main, there, "/p/orient/")[-1] == "localhost/p/orient/"
    assert there.get(RUNS).status == 200


def test_a_visitor_is_led_over_once_and_stays(running, owner):
    _, main, there = linked(running, owner)
    assert there.ask("GET", "/p/orient/", headers=PAGE).status == 200
    del there.cookies["tb_share_led"]
    assert lead_over(main, there, "/p/orient/")[-1] == "localhost/p/orient/"
    assert there.get(RUNS).status == 200


def test_only_forms_that_let_somebody_in_may_lead_over(running, owner):
    link = json.loads(owner.ask("POST", "/api/v1/projects/orient/links", b'{"scope": {"kind": "project"}}', JSON).body)
    for target, leads in ((urlsplit(link["url"]).path, True), ("/login", True), ("/account", False), ("/projects/orient", False)):
        policy = owner.ask("GET", target, headers=PAGE).headers["Content-Security-Policy"]
        assert (f"form-action 'self' http://localhost:{running.port};" in policy) is leads, target
        assert "form-action 'self'" in policy
