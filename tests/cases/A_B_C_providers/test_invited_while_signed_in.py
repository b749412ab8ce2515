"""Somebody who signed in with a provider opens an invitation: to the address that the provider checked, or to another one."""

from __future__ import annotations

from tests.cases.A_B_C_providers.conftest import PROJECT, is_in, projects_of
from tests.cases.A_B_C_providers.test_C_signing_out import tell
from tests.cases.C_D_H_I_L_M_people.conftest import path_of


def invitation(club, email, role):
    return club.running.command("member", "add", email, "--project", PROJECT, "--role", role).strip()


def signed_in(club, subject, email):
    club.rogue.behave(claims={"sub": subject, "sid": f"session-of-{subject}", "email": email, "email_verified": True})
    browser, answer = club.sign_in()
    assert answer.status == 303
    return browser


def test_an_invitation_to_ones_checked_address_is_accepted_with_the_account_that_one_has(club):
    dora = signed_in(club, "dora-1", "dora@good.test")
    me = dora.get("/api/v1/me").body
    assert projects_of(dora) == {}
    path = path_of(invitation(club, "Dora@good.test", "contributor"))
    said = dora.ask("GET", path, headers={"Accept": "text/html"}).body.decode()
    assert "this is your e-mail address" in said
    assert "instead" not in said
    assert PROJECT in said
    assert PROJECT not in club.somebody().ask("GET", path, headers={"Accept": "text/html"}).body.decode()
    before = dict(dora.cookies)
    answer = dora.post(path)
    assert (answer.status, answer.headers["Location"]) == (303, f"/projects/{PROJECT}")
    assert projects_of(dora) == {PROJECT: "contributor"}
    assert dora.get("/api/v1/me").body == me
    # More rights, another secret; and still the session that the provider began, and may end.
    assert dora.cookies != before
    assert club.somebody().post(path).status == 404
    assert tell(club, club.rogue.logout_token(sub="dora-1", sid="session-of-dora-1")).status == 204
    assert not is_in(dora)


def test_an_invitation_to_another_address_says_so_and_changes_nothing_by_being_looked_at(club):
    emil = signed_in(club, "emil-1", "emil@good.test")
    path = path_of(invitation(club, "fay@good.test", "viewer"))
    said = emil.ask("GET", path, headers={"Accept": "text/html"}).body.decode()
    assert "You are signed in here as" in said
    assert "this browser is signed in as fay@good.test instead" in said
    assert projects_of(emil) == {}
    answer = emil.post(path)
    assert answer.status == 303
    assert b"fay@good.test" in emil.get("/api/v1/me").body


def test_an_address_that_the_provider_did_not_check_takes_no_invitation(club):
    club.rogue.behave(claims={"sub": "gus-1", "email": "gus@good.test", "email_verified": True, "groups": ["vision"]})
    club.other.behave(claims={"sub": "gus-2", "email": "gus@good.test", "email_verified": True})
    gus, answer = club.sign_in(provider="other")
    assert answer.status == 303
    path = path_of(invitation(club, "gus@good.test", "owner"))
    assert "this is your e-mail address" not in gus.ask("GET", path, headers={"Accept": "text/html"}).body.decode()
