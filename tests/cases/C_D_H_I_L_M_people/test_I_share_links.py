"""Group I: share links, through the front door. What a link to chosen experiments shows is asked in ``tests/integration/stack``."""

from __future__ import annotations

import json
import secrets
import urllib.parse

import pytest

from tb_share.logdir.catalogue import Catalogue
from tests.cases.C_D_H_I_L_M_people.conftest import LINKS, LOGDIRS, OTHER, PRIVATE, WHOLE, denied, loaded, path_of
from tests.running_serve import Browser, start_serve

RUNS = f"/p/{PRIVATE}/data/runs"
DAY_S = 24 * 3600


def token_of(link):
    return path_of(link["url"]).removeprefix("/s/")


def state_of(team, link):
    return next(each for each in json.loads(team["ADM"].get(LINKS).body)["links"] if each["id"] == link["id"])


def test_I04_I05_every_altered_link_is_refused_or_the_same_link(team):
    """Looking is not limited, so all of them are looked at; none opens once the link is revoked."""
    link = team.link()
    token = token_of(link)
    altered = [token[:place] + ("A" if char != "A" else "B") + token[place + 1 :] for place, char in enumerate(token)]
    altered += [token[:-1], token + "=", token + "==", token + "%00", token + "~", token + "%0a", token.swapcase(), token.upper()]
    other = token_of(team.link())
    altered.append(token.partition(".")[0] + "." + other.partition(".")[2])
    opening = [each for each in altered if team["A"].ask("GET", f"/s/{each}", headers={"Accept": "text/html"}).status == 200]
    assert len(opening) <= 4
    assert state_of(team, link)["uses"] == 0
    assert team["O"].ask("DELETE", f"{LINKS}/{link['id']}").status == 204
    for each in [token, *opening]:
        assert team.running.browser().ask("POST", f"/s/{each}", b"").status == 404


@pytest.mark.parametrize("expiry", [0, -1, 10**12, "never", 1.5, "7 days", True, [], 91 * DAY_S])
def test_I07_impossible_expiries_are_refused(team, expiry):
    before = team.state()
    answer = team["O"].post(LINKS, json.dumps({**WHOLE, "expires_in_s": expiry}).encode(), "application/json")
    assert answer.status == 400
    assert "expir" in json.loads(answer.body)["error"]["message"].lower() or "expires_in_s" in answer.body.decode()
    assert team.state() == before


def test_I07_a_missing_expiry_is_seven_days_and_shown(team):
    from datetime import datetime

    link = team.link()
    begin, end = (datetime.fromisoformat(str(link[key])) for key in ("created_at", "expires_at"))
    assert (end - begin).total_seconds() == 7 * DAY_S


def test_I13_the_links_cookie_is_its_own_and_signs_nobody_in(team):
    link = team.link()
    browser = team.running.browser()
    line = browser.use(link["url"]).headers["Set-Cookie"]
    flags = {part.strip().lower() for part in line.split(";")[1:]}
    assert line.startswith("tb_share_link=")
    assert {"httponly", "samesite=lax", f"path=/p/{PRIVATE}"} <= flags
    age = next(int(flag.partition("=")[2]) for flag in flags if flag.startswith("max-age="))
    assert age <= 7 * DAY_S
    assert browser.get(RUNS).status == 200
    for target in ("/", "/api/v1/me", "/api/v1/projects", LINKS):
        assert browser.get(target).status in (401, 403, 404)
    as_session = Browser(team.running.port, {"tb_share": browser.cookies["tb_share_link"]})
    assert as_session.get(RUNS).status == 401


def test_I14_a_link_adds_to_somebody_signed_in_and_nothing_stays_of_it(team):
    person = team.member("i14@good.test", project=OTHER)
    link = team.link()
    assert person.get(RUNS).status == 404
    assert person.use(link["url"]).status == 303
    assert person.get(RUNS).status == 200
    assert person.get(LINKS).status in (403, 404)
    assert [each["id"] for each in json.loads(person.get("/api/v1/projects").body)["projects"]] == [OTHER]
    person.post("/logout")
    assert person.get(RUNS).status == 200
    team["O"].ask("DELETE", f"{LINKS}/{link['id']}")
    assert denied(person.get(RUNS))


@pytest.mark.parametrize("change", [("role", "{}", "viewer"), ("remove", "{}")])
def test_I16_a_link_stops_when_its_creator_may_share_no_more(team, change):
    email = f"i16-{change[0]}@good.test"
    team.browsers[email] = team.member(email, "contributor")
    link = team.link(email)
    visitor = team.visitor(link["url"])
    assert visitor.get(RUNS).status == 200
    team.running.command("member", *(part.format(email) for part in change), "--project", PRIVATE)
    assert denied(visitor.get(RUNS))
    assert team["A"].get(path_of(link["url"])).status == 404


@pytest.mark.parametrize(
    "wish",
    [
        {"role": "owner"},
        {"scope": "*"},
        {"scope": {"kind": "*"}},
        {"scope": {"kind": "project", "project": OTHER}},
        {"scope": {"kind": "experiments", "ids": []}},
        {"scope": {"kind": "experiments", "ids": ["*"], "role": "owner"}},
        {"project": OTHER},
        {"created_by": "somebody"},
        {"max_uses": 0},
        {"max_uses": -1},
        {"max_uses": "3"},
        {"view": "https://evil.test/"},
        {"view": "//evil.test"},
    ],
    ids=str,
)
def test_I17_wishes_beyond_what_there_is_are_refused(team, wish):
    before = team.state()
    answer = team["C"].post(LINKS, json.dumps({**WHOLE, **wish}).encode(), "application/json")
    assert answer.status == 400
    assert team.state() == before


def test_I20_what_is_good_for_one_thing_is_good_for_nothing_else(team):
    link, invitation = team.link(), team.invitation("i20@good.test")
    session, link_token, code = team["V"].cookies["tb_share"], token_of(link), path_of(invitation).removeprefix("/login/")
    for token in (session, code):
        assert team.running.browser().ask("POST", f"/s/{token}", b"").status == 404
    for token in (session, link_token):
        assert team.running.browser().ask("POST", f"/login/{token}", b"").status == 404
    for token in (link_token, code, session):
        for name in ("tb_share", "tb_share_link"):
            if (name, token) != ("tb_share", session):
                assert Browser(team.running.port, {name: token}).get(RUNS).status == 401, (name, token)
        for header in (f"Bearer {token}", f"bearer {token}", f"Basic {token}"):
            assert team["A"].get(RUNS, Authorization=header).status == 401
    assert team.running.browser().use(link["url"]).status == 303
    assert team.running.browser().use(invitation).status == 303


def test_I20_a_token_beside_a_session_is_not_a_second_chance(team):
    assert team["V"].get(RUNS, Authorization="Bearer nonsense").status == 401


def test_I22_who_sees_links_and_never_their_secrets(team):
    link = team.link()
    for actor, status in (("O", 200), ("C", 200), ("V", 403), ("N", 404), ("A", 401)):
        answer = team[actor].get(LINKS)
        assert answer.status == status
        assert token_of(link).encode() not in answer.whole
        assert (str(link["id"]).encode() in answer.whole) == (status == 200)
    with team.database() as database:
        dump = "\n".join(database.iterdump())
    assert token_of(link) not in dump
    assert token_of(link) not in "".join(team.running.printed)


def test_I23_revoking_all_ends_this_projects_links_and_no_others(team):
    here, there = team.visitor(team.link()["url"]), team.visitor(team.link("ADM", OTHER)["url"])
    unopened = team.link()
    loaded(there, OTHER)
    assert here.get(RUNS).status == 200
    assert team["O"].ask("DELETE", LINKS).status == 200
    assert denied(here.get(RUNS))
    assert team["A"].get(path_of(unopened["url"])).status == 404
    assert there.get(f"/p/{OTHER}/data/runs").status == 200


DOWNLOADS = (
    "/data/plugin/scalars/scalars?run={run}&tag=epoch_loss&format=csv",
    "/data/plugin/scalars/scalars?run={run}&tag=epoch_loss&format=json",
    "/data/plugin/custom_scalars/download_data?run={run}&tag=epoch_loss&format=csv",
    "/data/plugin/hparams/download_data?format=csv&columnsVisibility=%5Btrue%5D&request=%7B%22colParams%22%3A%5B%5D%7D",
    "/data/plugin/hparams/download_data?format=json&columnsVisibility=%5Btrue%5D&request=%7B%22colParams%22%3A%5B%5D%7D",
    "/data/plugin/hparams/download_data?format=latex&columnsVisibility=%5Btrue%5D&request=%7B%22colParams%22%3A%5B%5D%7D",
)


@pytest.mark.parametrize("suffix", DOWNLOADS)
def test_I28_downloads_show_what_the_page_shows(team, suffix):
    shown, hidden = Catalogue.scan(LOGDIRS / "keras-orientation").experiments[:2]
    guest = team.visitor(team.link(scope={"kind": "experiments", "ids": [shown.id]}, download=True)["url"])
    loaded(guest)
    wanted = next(run.name for run in hidden.runs if run.suffix == "validation")
    answer = guest.get(f"/p/{PRIVATE}{suffix.format(run=urllib.parse.quote(wanted, safe=''))}")
    assert hidden.path.encode() not in answer.body.replace(wanted.encode(), b"")  # an echo of what was asked is no news
    if "{run}" in suffix:
        assert answer.status in (400, 404)
        own = wanted.replace(hidden.path, shown.path)
        if "custom_scalars" not in suffix:
            assert guest.get(f"/p/{PRIVATE}{suffix.format(run=urllib.parse.quote(own, safe=''))}").status == 200


FILES = [each for each in DOWNLOADS if "download_data" in each or "format=json" not in each]


@pytest.mark.parametrize("suffix", [*FILES, "/data/plugin/scalars/scalars?run={run}&tag=epoch_loss&f%6Frmat=c%73v"])
def test_I28_a_link_without_downloads_gives_no_files(team, suffix):
    run = urllib.parse.quote(Catalogue.scan(LOGDIRS / "keras-orientation").experiments[0].runs[0].name, safe="")
    guest = team.visitor(team.link()["url"])
    loaded(guest)
    for prefix in ("", "/experiment/defaultExperimentId"):
        answer = guest.get(f"/p/{PRIVATE}{prefix}{suffix.format(run=run)}")
        assert answer.status == 403
        assert b"looking only" in answer.body


def test_I19_keys_are_rotated_without_losing_a_link_and_retired_with_their_links(tmp_path):
    arguments = [f"--logdir={PRIVATE}={LOGDIRS / 'keras-orientation'}"]
    first = start_serve(tmp_path / "data", arguments)
    try:
        old = first.command("link", "create", "--project", PRIVATE).strip()
    finally:
        first.stop()
    keys = tmp_path / "data" / "keys.json"
    held = json.loads(keys.read_text())
    both = [*held, secrets.token_hex(32)]
    assert _opens(tmp_path, arguments, keys, both, old) == 200
    assert _opens(tmp_path, arguments, keys, both[1:], old) == 404


def _opens(tmp_path, arguments, keys, listed, url):
    keys.write_text(json.dumps(listed))
    running = start_serve(tmp_path / "data", arguments)
    try:
        fresh = running.command("link", "create", "--project", PRIVATE).strip()
        assert running.browser().ask("GET", path_of(fresh)).status == 200
        return running.browser().ask("GET", path_of(url)).status
    finally:
        running.stop()


def test_where_a_link_for_chosen_experiments_leads_names_no_run(team):
    pinned = urllib.parse.quote(json.dumps([{"plugin": "images", "tag": "seen", "runId": "x/hidden", "sample": 0}]), safe="")
    view = f"?pinnedCards={pinned}&smoothing=0.6#graphs&run=hidden"
    led = [
        team.running.browser().use(str(team.link(scope=scope, view=view)["url"])).headers["Location"]
        for scope in ({"kind": "experiments", "ids": ["x"]}, {"kind": "project"})
    ]
    assert led == [f"/p/{PRIVATE}/?smoothing=0.6#graphs", f"/p/{PRIVATE}/{view}"]
