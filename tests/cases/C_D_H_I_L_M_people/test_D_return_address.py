"""Group D through the front door: whatever is asked for, nobody is led away from us."""

from __future__ import annotations

import urllib.parse

import pytest

from tests.cases.C_D_H_I_L_M_people.conftest import PRIVATE, path_of
from tests.unit.identity.test_next_path import OFF_SITE

OURS = f"/p/{PRIVATE}/?u=https://evil.test/#//x"
EVIL = [pytest.param(case, value, id=f"{case}-{value!r}") for case, values in OFF_SITE.items() for value in values if value]


@pytest.mark.parametrize(("case", "value"), EVIL)
def test_D01_D02_D04_D05_D07_D08_D11_somebody_signed_in_goes_to_the_front_page(team, case, value):
    answer = team["V"].get(f"/login?next={urllib.parse.quote(value, safe='')}")
    assert (answer.status, answer.headers["Location"]) == (303, "/"), case


@pytest.mark.parametrize(("case", "value"), EVIL)
def test_D01_D02_D04_D05_D07_D08_D11_the_form_carries_nothing_of_it(team, case, value):
    page = team["A"].ask("GET", f"/login?next={urllib.parse.quote(value, safe='')}", headers={"Accept": "text/html"})
    assert page.status == 200
    assert b'name="next" value="/"' in page.body, case
    form = urllib.parse.urlencode({"code": "some-code", "next": value}).encode()
    answer = team["A"].post("/login", form)
    assert (answer.status, answer.headers["Location"]) == (303, "/login/some-code"), case


@pytest.mark.parametrize("value", ["//evil.test", "/\\evil.test", "https://evil.test", "javascript:alert(1)", "/logout"])
def test_D01_D02_D04_D05_D11_a_code_leads_to_a_page_of_ours(team, value):
    browser = team.running.browser()
    code = path_of(team.invitation(f"d{abs(hash(value))}@good.test"))
    answer = browser.post(code, urllib.parse.urlencode({"next": value}).encode())
    assert (answer.status, answer.headers["Location"]) == (303, f"/projects/{PRIVATE}")


def test_D10_a_legal_address_survives_as_it_is(team):
    asked = urllib.parse.quote(OURS, safe="")
    assert team["V"].get(f"/login?next={asked}").headers["Location"] == OURS
    browser = team.running.browser()
    answer = browser.post(path_of(team.invitation("d10@good.test")), urllib.parse.urlencode({"next": OURS}).encode())
    assert answer.headers["Location"] == OURS


def test_D11_whoever_is_sent_to_sign_in_comes_back_to_where_they_were(team):
    answer = team["A"].ask("GET", f"/p/{PRIVATE}/?a=1", headers={"Accept": "text/html", "Sec-Fetch-Mode": "navigate"})
    assert answer.status == 302
    asked = urllib.parse.parse_qs(urllib.parse.urlsplit(answer.headers["Location"]).query)["next"]
    assert asked == [f"/p/{PRIVATE}/?a=1"]
    assert team["A"].get("/logout").status == 401
