"""Group B: a provider changes its keys. A file, and so a serve and a provider, of its own: what is cached here would disturb others."""

from __future__ import annotations

import time

from tests.cases.A_B_C_providers.conftest import is_in
from tests.cases.A_B_C_providers.rogue import other_kinds


def test_B40_B43_new_and_odd_keys(club):
    public = {**club.rogue.key.as_dict(private=False), "kid": "one", "use": "sig"}
    odd = [
        {"kty": "EC", "crv": "brainpoolP256r1", "x": "AA", "y": "AA", "kid": "b"},
        {"kty": "XYZ"},
        "text",
        None,
        {"kty": "RSA", "n": "AQAB", "e": "AQAB", "kid": "weak"},
    ]
    newest = {**club.rogue.other_key.as_dict(private=False), "kid": "two", "use": "sig"}
    _let_keys_be_fetched()
    club.rogue.behave(keys=[*odd, newest, public], key=club.rogue.other_key, header={"kid": "two"}, claims={"sub": "b40"})
    browser, answer = club.sign_in()
    assert answer.status == 303, answer.body
    assert is_in(browser)


def test_B40_other_kinds_of_signatures(club):
    for algorithm, key in other_kinds():
        _let_keys_be_fetched()
        public = {**key.as_dict(private=False), "kid": algorithm, "use": "sig", "alg": algorithm}
        club.rogue.behave(keys=[public], key=key, header={"kid": algorithm, "alg": algorithm}, claims={"sub": "b40"})
        browser, _ = club.sign_in()
        assert is_in(browser), algorithm


def _let_keys_be_fetched():
    """Keys are fetched at most every ten seconds; two workers have each their own."""
    time.sleep(10.1)
