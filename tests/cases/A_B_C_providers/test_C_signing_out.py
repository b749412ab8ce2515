"""Group C: signing out here and there, by the browser and by the provider's own word."""

from __future__ import annotations

import urllib.parse

import pytest

from tests.cases.A_B_C_providers.conftest import is_in, soon
from tests.cases.A_B_C_providers.rogue import LEFT_OUT, LOGOUT_EVENT
from tests.running_serve import Browser

BACK = "/login/backchannel/rogue"


def tell(club, token, path=BACK, **headers):
    """As a provider's server does: no cookie, no fetch metadata."""
    body = urllib.parse.urlencode({"logout_token": token}).encode()
    sent = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": None, **headers}
    return club.somebody().ask("POST", path, body, sent)


def signed_in(club, subject="alice-1", session="session-1"):
    club.rogue.behave(claims={"sub": subject, "sid": session})
    browser, answer = club.sign_in()
    assert answer.status == 303
    return browser


def test_C14_signing_out_here_leads_to_signing_out_there(club):
    browser = signed_in(club)
    old = browser.cookies["tb_share"]
    answer = browser.post("/logout")
    assert answer.status == 200
    assert f'content="0; url={club.rogue.issuer}/end?id_token_hint='.encode() in answer.body
    assert urllib.parse.quote(f"{club.running.base}/login", safe="").encode() in answer.body
    assert "no-store" in answer.headers["Cache-Control"]
    assert not is_in(Browser(club.running.port, {"tb_share": old}))
    assert browser.get("/login?state=wrong").status == 200
    assert browser.get("/login").status == 200


def test_C16_the_session_that_ended_there_ends_here_and_no_other(club):
    one, two = signed_in(club, session="session-1"), signed_in(club, session="session-2")
    answer = tell(club, club.rogue.logout_token(sid="session-1"))
    assert answer.status in (200, 204)
    assert "no-store" in answer.headers["Cache-Control"]
    assert not is_in(one)
    assert is_in(two)


def test_C16_whoever_signed_in_after_that_stays_in(club):
    """Also when the token is sent again, to another worker too: what it ends has ended."""
    old = signed_in(club, "carol-1", "s-9")
    assert tell(club, club.rogue.logout_token(sub="carol-1", sid=LEFT_OUT)).status == 204
    assert not is_in(old)
    new = signed_in(club, "carol-1", "s-10")
    assert tell(club, club.rogue.logout_token(sub="carol-1", sid=LEFT_OUT, iat=soon(-120))).status == 204
    assert is_in(new)
    assert tell(club, club.rogue.logout_token(sub="carol-1", sid=LEFT_OUT)).status == 204
    assert not is_in(new)


def test_C22_by_session_alone_by_subject_alone_and_by_neither(club):
    one, two, other = signed_in(club, session="s-1"), signed_in(club, session="s-2"), signed_in(club, "bob-1", "s-3")
    assert tell(club, club.rogue.logout_token(sub=LEFT_OUT, sid="s-1")).status == 204
    assert [is_in(each) for each in (one, two, other)] == [False, True, True]
    assert tell(club, club.rogue.logout_token(sub=LEFT_OUT, sid=LEFT_OUT)).status == 400
    assert tell(club, club.rogue.logout_token(sid=LEFT_OUT)).status == 204
    assert [is_in(each) for each in (one, two, other)] == [False, False, True]


BAD = {
    "C19 no events": {"events": LEFT_OUT},
    "C19 another event": {"events": {"https://evil.test": {}}},
    "C19 an event that is a text": {"events": {LOGOUT_EVENT: "x"}},
    "C19 events that are a list": {"events": [LOGOUT_EVENT]},
    "C20 nonce": {"nonce": "n"},
    "C20 an empty nonce": {"nonce": ""},
    "iss": {"iss": "https://evil.test"},
    "aud": {"aud": "another"},
    "iat long ago": {"iat": soon(-86400)},
    "iat later": {"iat": soon(3600)},
    "iat missing": {"iat": LEFT_OUT},
    "exp past": {"exp": soon(-300)},
    "jti missing": {"jti": LEFT_OUT},
    "jti empty": {"jti": ""},
    "sub a number": {"sub": 7},
    "sid a list": {"sid": ["session-1"]},
}


@pytest.mark.parametrize("kind", BAD)
def test_C19_C20_odd_logout_tokens_end_nothing(club, kind):
    browser = signed_in(club)
    answer = tell(club, club.rogue.logout_token(**BAD[kind]))
    assert answer.status == 400
    assert "no-store" in answer.headers["Cache-Control"]
    assert is_in(browser)


@pytest.mark.parametrize("how", ["other key", "HS256", "none", "at+jwt", "crit"])
def test_C17_only_the_providers_key_counts(club, how):
    browser = signed_in(club)
    token = {
        "other key": lambda: club.rogue.logout_token(key=club.rogue.other_key),
        "HS256": lambda: club.rogue.logout_token({"alg": "HS256"}, key=b"a-secret-that-only-the-two-know"),
        "none": lambda: club.rogue.logout_token({"alg": "none"}),
        "at+jwt": lambda: club.rogue.logout_token({"typ": "at+jwt"}),
        "crit": lambda: club.rogue.logout_token({"crit": ["b64"], "b64": False}),
    }[how]()
    assert tell(club, token).status == 400
    assert is_in(browser)


def test_C23_an_id_token_signs_nobody_out(club):
    browser = signed_in(club)
    for claims in (club.rogue.claims(sub="alice-1"), club.rogue.claims(sub="alice-1", nonce=LEFT_OUT)):
        assert tell(club, club.rogue.signed(claims)).status == 400
    assert is_in(browser)


def test_C16_a_token_counts_once_in_a_process(club):
    """A second use may reach another process, where it ends what had ended already; a session begun since stays its own."""
    token = club.rogue.logout_token(sid="session-9")
    statuses = {tell(club, token).status for _ in range(6)}
    assert 400 in statuses
    assert statuses <= {204, 400}


def test_C16_another_providers_token_ends_nothing_here(club):
    browser = signed_in(club)
    assert tell(club, club.rogue.logout_token(), "/login/backchannel/other").status == 400
    assert tell(club, club.rogue.logout_token(), "/login/backchannel/nobody").status == 404
    assert is_in(browser)


@pytest.mark.parametrize("body", [b"", b"logout_token=", b"logout_token=a&logout_token=b", b"logout_token=" + b"a" * 20_000])
def test_C17_what_is_no_token(club, body):
    answer = club.somebody().ask("POST", BACK, body, {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": None})
    assert answer.status in (400, 413)
