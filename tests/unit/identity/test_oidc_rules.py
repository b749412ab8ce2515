"""What needs no provider: discovery documents, addresses, settings' rules, sign-ins under way. Tokens are tried in ``tests/cases``."""

from __future__ import annotations

import pytest

from tb_share.errors import ProviderUnreachable, SetUpError, SignInRefused
from tb_share.identity.oidc import metadata, presets, transaction
from tb_share.identity.oidc.addresses import is_safe
from tb_share.identity.oidc.metadata import Discovery
from tb_share.identity.oidc.person import canonical_email, person
from tb_share.settings import GroupRole, Preset, ProviderSettings
from tb_share.signing import new_key
from tests.tls import certificates

ISSUER = "https://sso.example.org"
DOCUMENT = {
    "issuer": ISSUER,
    "authorization_endpoint": f"{ISSUER}/a",
    "token_endpoint": f"{ISSUER}/t",
    "jwks_uri": f"{ISSUER}/k",
}


@pytest.mark.parametrize(
    "url", ["https://a.example", "https://a.example:8443/x?y=1", "http://127.0.0.1:1/", "http://localhost:8/", "http://[::1]:8/"]
)
def test_safe_addresses(url):
    assert is_safe(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://a.example",
        "ftp://a.example",
        "https://",
        "https://u:p@a.example",
        "https://a.example/#x",
        "https://a b",
        "//a",
        "",
        None,
        7,
        "https://a:x/",
    ],
)
def test_S_OIDC_12_other_addresses(url):
    assert not is_safe(url)


def test_B16_another_issuers_document_is_refused():
    assert metadata.parse(DOCUMENT, ISSUER).algorithms == ("RS256",)
    for issuer in (ISSUER + "/", "https://evil.test", None, [ISSUER]):
        with pytest.raises(ProviderUnreachable):
            metadata.parse({**DOCUMENT, "issuer": issuer}, ISSUER)


@pytest.mark.parametrize("name", ["authorization_endpoint", "token_endpoint", "jwks_uri"])
def test_a_document_without_a_safe_address_is_refused(name):
    for value in (None, "http://plain.example/", "javascript:x", 7):
        with pytest.raises(ProviderUnreachable):
            metadata.parse({**DOCUMENT, name: value}, ISSUER)


@pytest.mark.parametrize("offered", [["none"], ["HS256"], [], "RS256", None])
def test_B08_no_signature_that_we_accept(offered):
    with pytest.raises(ProviderUnreachable):
        metadata.parse({**DOCUMENT, "id_token_signing_alg_values_supported": offered}, ISSUER)


class Asked:
    """A provider that answers, or does not."""

    def __init__(self):
        self.answer = DOCUMENT
        self.count = 0

    def get(self, _url, _headers=None):
        self.count += 1
        if self.answer is None:
            raise ProviderUnreachable
        return self.answer


def test_B37_what_was_known_counts_while_the_provider_is_away():
    calls, now = Asked(), [0.0]
    discovery = Discovery(ISSUER, calls, lambda: now[0])
    calls.answer = None
    with pytest.raises(ProviderUnreachable):
        discovery.metadata()
    calls.answer = DOCUMENT
    assert discovery.metadata() is discovery.metadata()
    assert calls.count == 2
    calls.answer = None
    now[0] += metadata.LIFE_S
    for _ in range(5):
        assert discovery.metadata().issuer == ISSUER
    assert calls.count == 3


def settings(**more):
    return ProviderSettings(**{"name": "work", "issuer": ISSUER, "client_id": "c", "client_secret": "s", **more})


@pytest.mark.parametrize(
    "rule", [{"allowed_groups": ("a",)}, {"admin_groups": ("a",)}, {"roles": (GroupRole(group="a", project="p", role="viewer"),)}]
)
def test_S_OIDC_16_a_rule_about_groups_needs_a_claim(rule):
    with pytest.raises(SetUpError, match="groups_claim"):
        presets.completed(settings(**rule))
    assert presets.completed(settings(**rule, groups_claim="groups")).groups_claim == "groups"
    assert presets.completed(settings(**rule, preset=Preset.KEYCLOAK)).groups_claim == "groups"


def test_a_ca_file_without_certificates_stops_the_start(tmp_path):
    (tmp_path / "empty.pem").write_text("no certificate")
    good = certificates(tmp_path).authority
    for path in (tmp_path / "missing.pem", tmp_path / "empty.pem", tmp_path):
        with pytest.raises(SetUpError, match="no certificates can be read from"):
            presets.completed(settings(allowed_domains=("a.example",), ca_file=path))
    assert presets.completed(settings(allowed_domains=("a.example",), ca_file=good)).ca_file == good


@pytest.mark.parametrize("domain", ["", "Example.org", "@example.org", "*.example.org", "example", "ex ample.org", "ex\u00e4mple.org"])
def test_S_OIDC_16_what_is_no_domain_stops_the_start(domain):
    for rule in ("allowed_domains", "vouches_for"):
        with pytest.raises(SetUpError, match="domain"):
            presets.completed(settings(**{rule: (domain,)}))


@pytest.mark.parametrize(
    "issuer",
    [
        "",
        "http://plain.example",
        "https://login.microsoftonline.com/{tenantid}/v2.0",
        "https://login.microsoftonline.com/common/v2.0",
        "https://a?b",
    ],
)
def test_B16_an_issuer_that_is_not_one(issuer):
    with pytest.raises(SetUpError, match="issuer"):
        presets.completed(settings(issuer=issuer))


def test_a_secret_stays_out_of_sight(tmp_path):
    assert "hush" not in repr(settings(client_secret="hush"))
    file = tmp_path / "secret"
    file.write_text("hush\n")
    file.chmod(0o644)
    with pytest.raises(SetUpError, match="chmod 600"):
        presets.completed(settings(client_secret="", client_secret_file=file))
    file.chmod(0o600)
    assert presets.completed(settings(client_secret="", client_secret_file=file)).client_secret == "hush"
    with pytest.raises(SetUpError, match="client_secret"):
        presets.completed(settings(client_secret=""))


def test_S_OIDC_1_a_sign_in_under_way_is_ours_of_one_state_and_young():
    keys = (new_key(), new_key())
    begun = transaction.new("work", "/x", 1000.0)
    sealed = transaction.Sealer(keys).sealed(begun)
    assert transaction.Sealer((*keys, new_key())).opened(sealed, begun.state, 1599) == begun
    assert transaction.Sealer(keys).opened(sealed, begun.state, 1601) is None
    assert transaction.Sealer(keys).opened(sealed, begun.state, 900) is None
    assert transaction.Sealer(keys).opened(sealed, begun.state + "x", 1000) is None
    assert transaction.Sealer(keys[:1]).opened(sealed, begun.state, 1000) is None
    for odd in ("", "x", sealed[:-2], sealed + "x", "a.b.c.d.e", "\u00e9" * 5, "x" * 5000):
        assert transaction.Sealer(keys).opened(odd, begun.state, 1000) is None
    for secret in (begun.state, begun.nonce, begun.verifier, "/x"):
        assert secret not in sealed


@pytest.mark.parametrize(
    ("value", "canonical"),
    [("A.B@Example.org", "a.b@example.org"), ("a@b", ""), ("a@b@c.d", ""), (" a@b.c", ""), ("\u0430@b.c", ""), (None, "")],
)
def test_S_OIDC_6_one_form_of_an_address(value, canonical):
    assert canonical_email(value) == canonical


def test_B28_B32_B44_odd_claims_say_nothing():
    found = person(
        "work",
        ISSUER,
        {"sub": "s", "email": ["a@b.c"], "email_verified": "true", "name": 7, "groups": "admins", "sid": ["x"]},
        "groups",
        "t",
    )
    assert (found.email, found.email_verified, found.name, found.groups, found.session_id) == ("", False, "s", frozenset(), None)
    with pytest.raises(SignInRefused):
        person("work", ISSUER, {"sub": "s", "groups": ["g"] * 1001}, "groups", "t")


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ([{}], "lets nobody in"),
        ([{"preset": Preset.ENTRA, "allowed_domains": ("a.example",)}], "Entra does not say"),
        ([{"preset": Preset.ENTRA, "allowed_groups": ("g",), "vouches_for": ("a.example",)}], "Entra does not say"),
        ([{"allowed_domains": ("a.example",)}, {"name": "second", "allowed_domains": ("b.example",)}], "have one issuer"),
    ],
)
def test_S_OIDC_16_rules_that_cannot_be_kept_stop_the_start(rules, said):
    with pytest.raises(SetUpError, match=said):
        presets.check_together([presets.completed(settings(**each)) for each in rules])


def test_S_OIDC_16_rules_that_can_be_kept():
    two = [{"allowed_domains": ("a.example",)}, {"name": "second", "issuer": "https://b.example", "vouches_for": ("b.example",)}]
    presets.check_together([presets.completed(settings(**each)) for each in two])
