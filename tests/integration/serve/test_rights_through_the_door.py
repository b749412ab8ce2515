"""Through the front door of a real serve: a rise in rights renews the session, invitations name whom they are for and are not made without end."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tb_share.cli import from_outside
from tb_share.settings import LogdirSource, Settings
from tests.running_serve import serving

LOGDIR = Path(__file__).parents[2] / "logdirs" / "keras-orientation"
API = "/api/v1/projects/orient"


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("data"), [f"--logdir=orient={LOGDIR}"]) as running:
        yield running


@pytest.fixture(scope="module")
def owner(running):
    return running.owner()


def asked(browser, method, path, body):
    return browser.ask(method, path, json.dumps(body).encode(), {"Content-Type": "application/json"})


def invited(owner, email, role):
    answer = asked(owner, "POST", f"{API}/invitations", {"email": email, "role": role})
    assert answer.status == 201, answer.body
    return json.loads(answer.body)["url"]


def member_id(owner, email):
    members = json.loads(owner.ask("GET", f"{API}/members").body)["members"]
    return next(each["id"] for each in members if each["email"] == email)


def test_a_raised_member_has_another_cookie_with_the_next_page_and_the_old_one_is_let_in_no_more(running, owner):
    ann = running.browser()
    assert ann.use(invited(owner, "ann@good.test", "viewer")).status == 303
    before = dict(ann.cookies)
    assert "Set-Cookie" not in ann.ask("GET", "/api/v1/me").headers
    assert asked(owner, "PATCH", f"{API}/members/{member_id(owner, 'ann@good.test')}", {"role": "contributor"}).status == 204
    # An answer that a browser may keep, or that comes in parallel with others, brings no cookie.
    assert (
        "Set-Cookie" not in ann.ask("GET", "/p/orient/data/runs", headers={"Accept": "application/json", "Sec-Fetch-Mode": "cors"}).headers
    )
    assert "Set-Cookie" in ann.ask("GET", "/api/v1/me").headers
    assert ann.cookies != before
    assert "Set-Cookie" not in ann.ask("GET", "/api/v1/me").headers
    assert json.loads(ann.ask("GET", "/api/v1/me").body)["name"] == "ann@good.test"
    # Lowered, it stays.
    kept = dict(ann.cookies)
    assert asked(owner, "PATCH", f"{API}/members/{member_id(owner, 'ann@good.test')}", {"role": "viewer"}).status == 204
    assert ann.ask("GET", "/api/v1/me").status == 200
    assert ann.cookies == kept


def test_an_invitation_says_whom_it_is_for_and_who_would_be_signed_out(running, owner):
    url = invited(owner, "bob@good.test", "contributor")
    path = url.removeprefix(running.base)
    stranger = running.browser().ask("GET", path).body.decode()
    assert all(text in stranger for text in ("bob@good.test", "contributor"))
    assert "orient" not in stranger
    assert "You are signed in here as" not in stranger
    page = owner.ask("GET", path).body.decode()
    assert re.search(r"You are signed in here as <strong>owner</strong>", page)
    assert running.browser().use(url).status == 303


def test_invitations_are_not_made_without_end(running, owner):
    answers = (asked(owner, "POST", f"{API}/invitations", {"email": f"p{number}@good.test", "role": "viewer"}) for number in range(501))
    late = next(each for each in answers if each.status != 201)
    assert late.status == 429
    assert 0 < int(late.headers["Retry-After"]) <= 3600
    assert json.loads(late.body)["error"]["code"] == "too_many_tries"
    # Only whoever made them waits.
    assert owner.ask("GET", f"{API}/members").status == 200


def test_doctor_says_what_to_look_at_where_no_provider_sets_a_cookie(running, owner):
    settings = Settings(data=running.data, logdir=(LogdirSource(name="orient", path=LOGDIR),))
    (note,) = [each for each in from_outside.outside_findings(settings, running.base) if each.verdict == "note"]
    assert "without a provider none is set" in note.text
    # What it tells to look for is what a browser has that signed in.
    (name,) = owner.cookies
    assert f"cookies for {name}: HttpOnly, SameSite=Lax, Path=/, no Domain" in note.remedy
