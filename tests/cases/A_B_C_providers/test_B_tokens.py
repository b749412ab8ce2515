"""Group B: whatever a provider or somebody in between says that is not exactly right ends without a session."""

from __future__ import annotations

import pytest

from tb_share.identity.oidc.calls import SILENT_S
from tests.cases.A_B_C_providers.conftest import is_in, projects_of, soon
from tests.cases.A_B_C_providers.rogue import CLIENT, LEFT_OUT, SECRET, at_hash, public_pem
from tests.processes import wait_for

CLAIMS = {
    "B01 iss other": {"iss": "https://evil.test"},
    "B01 iss missing": {"iss": LEFT_OUT},
    "B01 iss a list": {"iss": ["x"]},
    "B04 aud other, azp ours": {"aud": "another", "azp": CLIENT},
    "B04 aud other": {"aud": "another"},
    "B04 aud missing": {"aud": LEFT_OUT},
    "B04 aud empty": {"aud": []},
    "B05 aud list without azp": {"aud": [CLIENT, "another"]},
    "B05 azp other": {"azp": "another"},
    "B05 aud list of odd things": {"aud": [CLIENT, 1], "azp": CLIENT},
    "B07 nonce wrong": {"nonce": "wrong"},
    "B07 nonce missing": {"nonce": LEFT_OUT},
    "B07 nonce empty": {"nonce": ""},
    "B07 nonce a list": {"nonce": ["x"]},
    "B19 iat later": {"iat": soon(3600)},
    "B19 iat 30 days ago": {"iat": soon(-30 * 86400)},
    "B19 iat missing": {"iat": LEFT_OUT},
    "B19 iat a text": {"iat": "now"},
    "B19 iat true": {"iat": True},
    "B20 nbf later": {"nbf": soon(3600)},
    "B20 nbf a text": {"nbf": "later"},
    "exp past": {"exp": soon(-300)},
    "exp missing": {"exp": LEFT_OUT},
    "exp a text": {"exp": "9999999999"},
    "exp huge": {"exp": 1e300},
    "sub missing": {"sub": LEFT_OUT},
    "sub empty": {"sub": ""},
    "sub long": {"sub": "s" * 5000},
    "sub a number": {"sub": 7},
    "sub with a newline": {"sub": "a\nb"},
    "at_hash wrong": {"at_hash": at_hash("another")},
    "at_hash odd": {"at_hash": 7},
}
HEADERS = {
    "B08 alg none": {"alg": "none"},
    "B11 unknown kid": {"kid": "unknown"},
    "kid a number": {"kid": 7},
    "B13 jwk": {"jwk": {"kty": "RSA"}},
    "B13 jku": {"jku": "http://127.0.0.1:1/keys"},
    "B13 x5u": {"x5u": "http://127.0.0.1:1/keys"},
    "B13 x5c": {"x5c": ["MIIB"]},
    "B22 crit": {"crit": ["exp"], "exp": 1},
    "B22 crit unknown": {"crit": ["b64"], "b64": False},
    "B23 logout": {"typ": "logout+jwt"},
    "B23 access": {"typ": "at+jwt"},
    "typ odd": {"typ": 7},
}


def flipped(token):
    head, _, signature = token.rpartition(".")
    return f"{head}.{'A' if signature[0] != 'A' else 'B'}{signature[1:]}"


def refused(club):
    browser, answer = club.sign_in()
    assert answer.status in (403, 502)
    assert "tb_share" not in browser.cookies
    assert not is_in(browser)
    assert b"Traceback" not in answer.body
    return answer


def test_B_a_good_provider_signs_somebody_in(club):
    browser, answer = club.sign_in()
    assert (answer.status, answer.headers["Location"]) == (303, "/")
    assert is_in(browser)


@pytest.mark.parametrize("kind", CLAIMS)
def test_B01_B02_B04_B05_B07_B19_B20_claims(club, kind):
    club.rogue.behave(claims=CLAIMS[kind])
    assert refused(club).status == 403


def test_B02_a_slash_more_is_another_issuer(club):
    club.rogue.behave(claims={"iss": club.rogue.issuer + "/"})
    assert refused(club).status == 403


@pytest.mark.parametrize("kind", HEADERS)
def test_B08_B11_B13_B22_B23_headers(club, kind):
    club.rogue.behave(header=HEADERS[kind])
    before = club.rogue.hits.count("/jwks")
    assert refused(club).status == 403
    assert club.rogue.hits.count("/jwks") <= before + 1


def test_B08_none_stays_none_though_it_is_advertised(club):
    club.rogue.behave(header={"alg": "none"})
    assert "none" in club.rogue.metadata()["id_token_signing_alg_values_supported"]
    assert refused(club).status == 403


def test_B10_another_key_of_the_same_name(club):
    club.rogue.behave(key=club.rogue.other_key)
    assert refused(club).status == 403


def test_B10_one_bit_flipped(club):
    club.rogue.behave(mangle=flipped)
    assert refused(club).status == 403


@pytest.mark.parametrize(
    "mangle", [lambda token: token + ".x", lambda token: token.rpartition(".")[0], lambda _: "", lambda _: "x" * 20_000, lambda _: "a.b.c"]
)
def test_B10_what_is_no_token(club, mangle):
    club.rogue.behave(mangle=mangle)
    assert refused(club).status == 403


@pytest.mark.parametrize("value", [LEFT_OUT, None, 7, ["a"], {}])
def test_B10_no_id_token(club, value):
    club.rogue.behave(token_answer={"id_token": value})
    assert refused(club).status == 403


def test_B10_a_secret_is_no_signature(club):
    for key in (SECRET.encode(), public_pem(club.rogue.key)):
        club.rogue.behave(header={"alg": "HS256"}, key=key)
        assert refused(club).status == 403


def test_B11_B41_keys_are_not_fetched_at_will(club):
    """The unknown name is looked for once within ten seconds, by whomever."""
    club.rogue.behave(header={"kid": "unknown"})
    refused(club)
    before = club.rogue.hits.count("/jwks")
    for _ in range(5):
        refused(club)
    assert club.rogue.hits.count("/jwks") == before


@pytest.mark.parametrize("value", ["https://evil.test", "", None])
def test_B14_an_answer_in_another_issuers_name_sends_nothing(club, value):
    browser = club.somebody()
    asked = club.begin(browser)
    before = len(club.rogue.forms)
    answer = club.come_back(browser, asked, iss=value)
    assert answer.status == 403
    assert not is_in(browser)
    assert len(club.rogue.forms) == before


def test_B17_a_code_of_one_provider_is_not_taken_to_the_other(club):
    for begun, returned in (("rogue", "other"), ("other", "rogue")):
        browser = club.somebody()
        asked = club.begin(browser, begun)
        before = len(club.rogue.forms) + len(club.other.forms)
        for issuer in (club.rogue.issuer, club.other.issuer, None):
            assert club.come_back(browser, asked, returned, iss=issuer).status == 403
        assert not is_in(browser)
        assert len(club.rogue.forms) + len(club.other.forms) == before


def test_B25_an_equal_address_is_another_person(club):
    first, _ = club.sign_in()
    address = club.running.command("member", "add", "bob@good.test", "--project", "priv1").strip()
    bob = club.somebody()
    bob.use(address)
    club.rogue.behave(claims={"sub": "not-bob", "email": "bob@good.test"})
    second, answer = club.sign_in()
    assert answer.status == 303
    assert projects_of(second) == {}
    assert projects_of(bob) == {"priv1": "viewer"}
    assert is_in(first)


def test_B26_an_unchecked_address_claims_no_invitation(club):
    club.running.command("member", "add", "carol@good.test", "--project", "priv1")
    for verified in (False, "true", 1, LEFT_OUT, None):
        club.rogue.behave(
            claims={"sub": f"carol-{verified}", "email": "carol@good.test", "email_verified": verified, "groups": ["admins2"]}
        )
        browser, answer = club.sign_in()
        assert answer.status == 403
        assert not is_in(browser)
    club.rogue.behave(claims={"sub": "carol", "email": "Carol@Good.test"})
    browser, _ = club.sign_in()
    assert projects_of(browser) == {"priv1": "viewer"}
    club.rogue.behave(claims={"sub": "carol-2", "email": "carol@good.test"})
    assert projects_of(club.sign_in()[0]) == {}


@pytest.mark.parametrize("email", [LEFT_OUT, "", 7, ["a@good.test"], None, {"a": 1}])
def test_B28_odd_addresses_match_nothing(club, email):
    club.rogue.behave(claims={"sub": f"b28-{email!r}"[:60], "email": email})
    refused(club)


@pytest.mark.parametrize(
    "email",
    [
        "a@evil.test@good.test",
        "a@good.test\n@evil",
        "a@good.test ",
        "a@good.test.evil.test",
        "a@sub.good.test",
        "good.test",
        "@good.test",
        "a@xgood.test",
        "a@g\u043eod.test",
        '"a@good.test"',
        "a@good.test.",
        "a@[good.test]",
        "<a@good.test>",
        "a,b@good.test",
    ],
)
def test_B29_look_alikes_are_of_no_domain(club, email):
    club.rogue.behave(claims={"sub": "b29", "email": email})
    assert refused(club).status == 403


def test_B31_the_same_subject_of_another_issuer_is_another_account(club):
    club.rogue.behave(claims={"sub": "same", "groups": ["vision"]})
    first, _ = club.sign_in()
    club.other.behave(claims={"sub": "same"})
    second, answer = club.sign_in(provider="other")
    assert answer.status == 303
    assert projects_of(first) == {"priv1": "contributor"}
    assert projects_of(second) == {}


@pytest.mark.parametrize(
    "groups",
    ["admins", "x,admins", "admins\n", ["admins "], ["Admins"], [["admins"]], {"admins": 1}, ["admins", 7], [" admins"], None, True],
)
def test_B32_only_an_exact_group_in_a_list_of_texts_counts(club, groups):
    club.rogue.behave(claims={"sub": "b32", "groups": groups})
    browser, answer = club.sign_in()
    assert answer.status == 303
    assert projects_of(browser) == {}


def test_B32_B35_groups_are_those_of_the_last_sign_in(club):
    club.rogue.behave(claims={"sub": "b35", "groups": ["admins"]})
    admin, _ = club.sign_in()
    assert projects_of(admin) == {"priv1": "owner"}
    club.rogue.behave(claims={"sub": "b35", "groups": ["vision"]})
    assert projects_of(club.sign_in()[0]) == {"priv1": "contributor"}
    assert projects_of(admin) == {"priv1": "contributor"}
    club.rogue.behave(claims={"sub": "b35"})
    assert projects_of(club.sign_in()[0]) == {}
    assert projects_of(admin) == {}


@pytest.mark.parametrize(
    "claims", [{"_claim_names": {"groups": "src1"}, "_claim_sources": {"src1": {}}}, {"groups": [f"g{n}" for n in range(1500)]}]
)
def test_B34_too_many_groups_are_a_refusal_and_no_partial_role(club, claims):
    club.rogue.behave(claims={"sub": "b34", **claims})
    assert refused(club).status == 403


@pytest.mark.parametrize(
    "answer",
    [
        (500, {}, b"oh"),
        (200, {"Content-Type": "text/html"}, b"<html>"),
        (302, {"Location": "http://127.0.0.1:1/"}, b""),
        (200, {}, b"[" * 100_000),
        (200, {}, b"{" + b'"a":"' + b"x" * 50_000_000 + b'"}'),
        (400, {}, b'{"error":"invalid_grant"}'),
        (200, {}, b"[]"),
    ],
    ids=["500", "html", "redirect", "deep", "50 MB", "refusal", "list"],
)
def test_B37_B38_a_token_endpoint_that_answers_oddly(club, answer):
    club.rogue.behave(token_endpoint=answer)
    before = len(club.running.printed)
    assert refused(club).status == 502
    # Why stands in the log, without what was sent.
    wait_for(lambda: any("/token" in line and '"refused"' in line for line in club.running.printed[before:]))
    assert SECRET not in "".join(club.running.printed)


def test_B38_a_slow_provider_slows_nobody_else(club):
    import threading
    import time

    over = threading.Event()

    def slow():
        over.wait(30)
        return 500, {}, b""

    club.rogue.behave(token_endpoint=slow)
    pairs = [(browser, club.begin(browser)) for browser in (club.somebody() for _ in range(20))]
    statuses = []
    threads = [threading.Thread(target=lambda pair=pair: statuses.append(club.come_back(*pair).status)) for pair in pairs]
    for thread in threads:
        thread.start()
    began = time.monotonic()
    assert club.somebody().get("/healthz").status == 200
    assert time.monotonic() - began < 4
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive()
    over.set()
    assert set(statuses) <= {502, 429}
    # No worker asks it again for a while after it kept silent; then all is as it was.
    club.rogue.behave()
    time.sleep(SILENT_S)
    assert [club.sign_in()[1].status for _ in range(8)] == [303] * 8


def test_B44_names_are_texts_of_moderate_length(club):
    club.rogue.behave(claims={"sub": "b44", "name": "<script>alert(1)</script>\u202e" + "x" * 5000, "picture": "javascript:alert(1)"})
    browser, answer = club.sign_in()
    assert answer.status == 303
    page = browser.ask("GET", "/", headers={"Accept": "text/html"})
    assert b"<script>alert" not in page.body
    assert b"javascript:" not in page.body
    assert len(page.body) < 5000
