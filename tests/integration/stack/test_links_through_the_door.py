"""A link for two of twelve experiments, through the real front door: the other ten are in no answer (group I; S-LINK-7)."""

from __future__ import annotations

import json
import time
import urllib.parse

import pytest

from tb_share.logdir.catalogue import Catalogue
from tb_share.model.tensorboard_routes import DATA_ROUTES
from tests.integration.stack.conftest import LOGDIRS, text_of
from tests.processes import wait_for

PROJECT = "keras-orientation"
CHOSEN = ("resnet_small_lr1e-3_bs32_2026-11-02T10-31", "resnet_medium_lr1e-3_bs32_dense64_aug_final_2026-11-06T08-50")
CATALOGUE = Catalogue.scan(LOGDIRS / PROJECT)
IDS = [each.id for each in CATALOGUE.experiments if each.path in CHOSEN]
HIDDEN = [
    text.encode()
    for each in CATALOGUE.experiments
    if each.path not in CHOSEN
    for text in (each.path, each.id)
    if not any(shown.startswith(text) for shown in CHOSEN)
]
SPELLINGS = (
    "{}",
    "/{}",
    "{}/",
    "{}%3Fx",
    "{}%23x",
    "{};x",
    "{}%3Bx",
    "{}%2f",
    "{}%00",
    "./{}",
    "x/../{}",
    "%2e%2e/{}",
    "experiment/defaultExperimentId/{}",
    "experiment/abc/{}",
    "experiment//{}",
    "experiment/../{}",
)


def made(owner, **more):
    body = {"scope": {"kind": "experiments", "ids": IDS}, **more}
    answer = owner.post(f"/api/v1/projects/{PROJECT}/links", json.dumps(body).encode(), "application/json")
    assert answer.status == 201, answer.body
    return json.loads(answer.body)


@pytest.fixture
def link(owner):
    return made(owner, view="?smoothing=0.9#timeseries")


@pytest.fixture
def guest(serve, link):
    browser = serve.browser()
    answer = browser.use(link["url"])
    assert (answer.status, answer.headers["Location"]) == (303, f"/p/{PROJECT}/?smoothing=0.9#timeseries")
    return browser


def test_I01_I02_every_route_in_every_spelling_hides_the_other_ten(guest):
    assert len(HIDDEN) >= 18
    shown = 0
    for route in sorted(DATA_ROUTES):
        for spelling in SPELLINGS:
            answer = guest.get(f"/p/{PROJECT}/{spelling.format(route[1:])}")
            body = text_of(answer) + str(answer.headers).encode()
            assert not any(name in body for name in HIDDEN), (spelling, route, answer.status)
            shown += any(name.encode() in body for name in CHOSEN)
        hidden_run = next(
            run.name for each in CATALOGUE.experiments if each.path not in CHOSEN for run in each.runs if run.suffix == "validation"
        )
        for tag in ("epoch_loss", "roc_curve"):
            query = urllib.parse.urlencode({"run": hidden_run, "tag": tag, "sample": 0, "format": "json"})
            body = text_of(guest.get(f"/p/{PROJECT}{route}?{query}")).replace(hidden_run.encode(), b"")
            assert not any(name in body for name in HIDDEN), route
    assert shown > 10


def test_I02_a_guest_may_nothing_but_read_this(guest, link):
    targets = [
        ("GET", f"/api/v1/projects/{PROJECT}"),
        ("GET", f"/api/v1/projects/{PROJECT}/links"),
        ("POST", f"/api/v1/projects/{PROJECT}/links"),
        ("DELETE", f"/api/v1/projects/{PROJECT}/links/{link['link']['id']}"),
        ("GET", f"/api/v1/projects/{PROJECT}/members"),
        ("GET", "/api/v1/projects"),
        ("GET", "/api/v1/me"),
        ("GET", "/"),
        ("GET", f"/projects/{PROJECT}"),
        ("GET", "/p/lightning/data/runs"),
        ("GET", "/p/theirs/data/runs"),
    ]
    for method, target in targets:
        answer = guest.ask(method, target, b"{}" if method == "POST" else None, {"Content-Type": "application/json"})
        assert answer.status in (401, 403, 404), (method, target, answer.status)
        assert b"keras" not in answer.body.lower()


def test_I05_after_revoking_the_open_page_is_refused_at_once(owner, guest, link):
    assert guest.get(f"/p/{PROJECT}/data/runs").status == 200
    assert owner.ask("DELETE", f"/api/v1/projects/{PROJECT}/links/{link['link']['id']}").status == 204
    began = time.monotonic()
    for route in ("/data/runs", "/data/plugin/tb_share/experiments", "/", "/data/plugin/scalars/tags"):
        assert guest.get(f"/p/{PROJECT}{route}").status == 403
    assert time.monotonic() - began < 10


def test_I10_I25_bad_links_of_every_kind_look_alike(serve, owner, link):
    revoked = made(owner)
    owner.ask("DELETE", f"/api/v1/projects/{PROJECT}/links/{revoked['link']['id']}")
    used_up = made(owner, max_uses=1)
    serve.browser().use(used_up["url"])
    expired = made(owner, expires_in_s=1)
    path = urllib.parse.urlsplit(link["url"]).path
    bad = [urllib.parse.urlsplit(each["url"]).path for each in (revoked, used_up)]
    bad += [
        path[:-4],
        path[:20],
        path + "x",
        "/s/x",
        "/s/" + "a" * 100,
        urllib.parse.urlsplit(serve.sign_in_url).path.replace("/login/", "/s/"),
    ]
    of_expired = urllib.parse.urlsplit(expired["url"]).path
    wait_for(lambda: serve.browser().get(of_expired).status == 404)
    bad.append(of_expired)
    seen = set()
    for target in bad:
        for method in ("GET", "POST"):
            answer = serve.browser().ask(method, target, headers={"Accept": "text/html"})
            without_id = answer.body.replace(answer.headers["X-Request-Id"].encode(), b"")
            seen.add((answer.status, without_id))
            assert b"keras" not in answer.whole
            assert b"resnet" not in answer.whole
    assert len(seen) == 1
    assert next(iter(seen))[0] == 404


def test_I08_I10_the_landing_page_is_inert_and_counts_nothing(serve, owner):
    link = made(owner, max_uses=1)
    target = urllib.parse.urlsplit(link["url"]).path
    for method in ("HEAD", "GET", "GET"):
        for agent in ("Slackbot-LinkExpanding 1.0", "Mozilla/5.0 SafeLinks"):
            answer = serve.browser().ask(method, target, headers={"User-Agent": agent, "Sec-Purpose": "prefetch", "Accept": "text/html"})
            assert answer.status == 200
            assert answer.headers["Referrer-Policy"] == "no-referrer"
            assert answer.headers["X-Robots-Tag"] == "noindex"
            assert "no-store" in answer.headers["Cache-Control"]
            assert "Set-Cookie" not in answer.headers
            assert b"keras" not in answer.body
    assert serve.browser().ask("POST", target, headers={"Sec-Fetch-Site": "cross-site"}).status == 403
    assert serve.browser().use(link["url"]).status == 303
    assert serve.browser().use(link["url"]).status == 404


def test_I11_I13_the_secret_leaves_the_address_and_the_cookie_is_bound_to_the_project(serve, owner):
    link = made(owner)
    secret = link["url"].rpartition("/")[2]
    answer = serve.browser().use(link["url"])
    cookie = answer.headers["Set-Cookie"]
    assert f"Path=/p/{PROJECT}" in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert secret not in answer.whole.decode()
    assert secret not in "".join(serve.printed)
    listed = owner.get(f"/api/v1/projects/{PROJECT}/links").body.decode()
    assert link["link"]["id"] in listed
    assert secret not in listed


def test_without_signing_in_nothing_answers(serve):
    routes = [f"/p/{PROJECT}{route}" for route in DATA_ROUTES]
    routes += ["/", f"/p/{PROJECT}/", f"/projects/{PROJECT}", "/api/v1/me", "/api/v1/projects", f"/api/v1/projects/{PROJECT}/links"]
    for route in routes:
        program = serve.browser().get(route)
        assert program.status == 401, route
        person = serve.browser().ask("GET", route, headers={"Accept": "text/html", "Sec-Fetch-Mode": "navigate"})
        assert person.status == 302, route
        assert person.headers["Location"].startswith("/login")
    for public in ("/login", "/healthz", "/static/pages.css", "/static/portal.js"):
        assert serve.browser().get(public).status == 200, public


def test_H02_a_hidden_project_answers_like_a_missing_one(serve):
    address = serve.command("member", "add", "n@x.org", "--project", "lightning").strip()
    member = serve.browser()
    assert member.use(address).status == 303
    for target in ("/p/{}/data/runs", "/p/{}/", "/projects/{}", "/api/v1/projects/{}", "/api/v1/projects/{}/links"):
        answers = [member.get(target.format(name)) for name in (PROJECT, "no-such-project")]
        plain = [(each.status, each.body.replace(each.headers["X-Request-Id"].encode(), b"")) for each in answers]
        assert plain[0] == plain[1], target
        assert plain[0][0] == 404
    assert member.get("/p/lightning/data/runs").status == 200


def test_the_command_line_makes_lists_and_revokes_links(serve, owner):
    url = serve.command(
        "link",
        "create",
        "--project",
        PROJECT,
        "--experiment",
        CHOSEN[0],
        "--expires",
        "2h",
        "--label",
        "for Ann",
        "--view",
        "http://x/p/keras-orientation/?a=1#b",
    ).strip()
    guest = serve.browser()
    answer = guest.use(url)
    assert answer.headers["Location"] == f"/p/{PROJECT}/?a=1#b"
    assert len(json.loads(text_of(guest.get(f"/p/{PROJECT}/data/runs")))) == 3
    listed = serve.command("link", "list", "--project", PROJECT)
    line = next(each for each in listed.splitlines() if "for Ann" in each)
    serve.command("link", "revoke", line.split()[0], "--project", PROJECT)
    assert guest.get(f"/p/{PROJECT}/data/runs").status == 403
