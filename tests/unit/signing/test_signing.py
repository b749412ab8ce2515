"""Signatures: one purpose each, a list of keys, nothing but our own text accepted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tb_share import handoff
from tb_share.handoff import Note
from tb_share.model.share_link import ChosenExperiments, WholeProject
from tb_share.signing import Purpose, Signer, hashed, new_key, new_secret, same

OLD, NEW = new_key(), new_key()


@pytest.mark.parametrize("keys", [[], "a" * 64, ["00"], [""], [OLD, ""]])
def test_I19_empty_short_and_lone_keys_are_refused(keys):
    with pytest.raises(ValueError, match="list of keys"):
        Signer(keys, Purpose.LINK)


def test_I19_old_keys_are_read_and_the_newest_signs():
    by_old = Signer([OLD], Purpose.LINK).sign(["x"])
    both = Signer([OLD, NEW], Purpose.LINK)
    assert both.read(by_old) == ["x"]
    assert Signer([NEW], Purpose.LINK).read(by_old) is None
    assert Signer([NEW], Purpose.LINK).read(both.sign(["y"])) == ["y"]


@pytest.mark.parametrize("made", Purpose)
@pytest.mark.parametrize("read", Purpose)
def test_I20_a_signature_is_good_for_its_own_purpose_only(made, read):
    assert (Signer([OLD], read).read(Signer([OLD], made).sign([1])) is not None) == (made is read)


@given(st.text(max_size=200))
def test_C05_garbage_is_nobody(text):
    assert Signer([OLD], Purpose.SESSION).read(text) is None


def test_secrets_are_long_and_only_their_hash_is_kept():
    secret = new_secret()
    assert len(secret) >= 27
    assert len({new_secret() for _ in range(100)}) == 100
    assert secret not in hashed(secret)
    assert same(hashed(secret), hashed(secret))
    assert not same(hashed(secret), hashed(secret + "x"))


def _note(**changes):
    given_ = {
        "project_id": "p1",
        "caller_kind": "member",
        "caller_id": "u",
        "caller_name": "U",
        "role": "viewer",
        "may": ("read_tensorboard",),
        "scope": WholeProject(),
        "foreign_plugins": False,
        "expires_at": 1060.0,
    }
    return Note(**{**given_, **changes})


@pytest.mark.parametrize("scope", [WholeProject(), ChosenExperiments(()), ChosenExperiments(("a", "b"))])
def test_a_note_says_the_same_on_the_other_side(scope):
    note = _note(scope=scope)
    assert handoff.read(handoff.write(note, OLD), OLD, "p1", 1000.0) == note


@pytest.mark.parametrize(
    ("key", "project", "now"),
    [
        pytest.param(NEW, "p1", 1000.0, id="another host's key"),
        pytest.param(OLD, "p2", 1000.0, id="another project"),
        pytest.param(OLD, "p1", 1060.0, id="expired"),
        pytest.param(OLD, "p1", 900.0, id="from the future"),
    ],
)
def test_S_HOST_1_a_note_for_another_host_project_or_time_is_none(key, project, now):
    assert handoff.read(handoff.write(_note(), OLD), key, project, now) is None


@pytest.mark.parametrize("value", ["", "x", "W10.abc", "a" * 100_000, "ü"])
def test_S_HOST_1_garbage_is_no_note(value):
    assert handoff.read(value, OLD, "p1", 1000.0) is None


def test_S_RESP_2_scopes_have_different_fingerprints():
    scopes = [WholeProject(), ChosenExperiments(()), ChosenExperiments(("a",)), ChosenExperiments(("a", "b")), ChosenExperiments(("a,b",))]
    prints = {handoff.fingerprint(_note(scope=scope, foreign_plugins=foreign)) for scope in scopes for foreign in (True, False)}
    assert len(prints) == 10
