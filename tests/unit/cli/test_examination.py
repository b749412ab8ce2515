import os

import pytest

from tb_share.cli import examination
from tb_share.settings import ProxySettings, Settings, TensorBoardSettings


def verdicts(findings):
    return [each.verdict for each in findings]


def test_no_data_directory_yet_is_no_fault(tmp_path):
    assert verdicts(examination.data_findings(tmp_path / "gone")) == ["note"]


def test_private_data_is_good(tmp_path):
    tmp_path.chmod(0o700)
    (tmp_path / "keys.json").touch(0o600)
    assert verdicts(examination.data_findings(tmp_path)) == ["good"]


@pytest.mark.parametrize("name", ["keys.json", "tb-share.sqlite3", "tb-share.sqlite3-wal"])
def test_secrets_that_others_can_read_are_named_with_the_remedy(tmp_path, name):
    tmp_path.chmod(0o700)
    (tmp_path / name).touch()
    (tmp_path / name).chmod(0o640)
    (finding,) = examination.data_findings(tmp_path)
    assert finding.verdict == "wrong"
    assert finding.remedy == f"Run: chmod 600 {tmp_path / name}"


def test_a_directory_open_to_others_is_named(tmp_path):
    tmp_path.chmod(0o755)
    (finding,) = examination.data_findings(tmp_path)
    assert finding.remedy == f"Run: chmod 700 {tmp_path}"


def test_a_directory_that_cannot_be_read_is_wrong_and_ends_the_look(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert verdicts(examination.data_findings(tmp_path)) == ["wrong"]
    assert examination.clock_finding(tmp_path, 0).verdict == "good"


def test_a_file_for_data_is_wrong(tmp_path):
    (tmp_path / "file").touch()
    assert verdicts(examination.data_findings(tmp_path / "file")) == ["wrong"]


@pytest.mark.parametrize(
    ("how", "verdict"),
    [
        pytest.param({}, "good", id="loopback"),
        pytest.param({"host": "0.0.0.0"}, "wrong", id="plain for all"),
        pytest.param({"public_url": "https://tb.example.org"}, "note", id="TLS proxy not listed"),
        pytest.param(
            {"public_url": "https://tb.example.org", "proxy": ProxySettings(trusted_peers=("127.0.0.1",))}, "good", id="TLS proxy listed"
        ),
        pytest.param({"proxy": ProxySettings(trusted_peers=("0.0.0.0/0",))}, "wrong", id="everybody is a proxy"),
        pytest.param({"insecure_http": True}, "note", id="plain, and said so"),
        pytest.param({"public_url": "tb.example.org"}, "wrong", id="no address"),
    ],
)
def test_address_and_tls_fit_together(tmp_path, how, verdict):
    assert examination.address_finding(Settings(data=tmp_path, **how)).verdict == verdict


def test_missing_bundles_are_named(tmp_path):
    (tmp_path / "plugin" / "static").mkdir(parents=True)
    (tmp_path / "plugin" / "static" / "index.js").touch()
    assert verdicts(examination.bundle_findings(tmp_path)) == ["good", "wrong"]


def test_a_clock_behind_the_data_is_wrong(tmp_path):
    (tmp_path / "keys.json").touch()
    os.utime(tmp_path / "keys.json", (2_000_000_000, 2_000_000_000))
    assert examination.clock_finding(tmp_path, 1_999_990_000.0).verdict == "wrong"
    assert examination.clock_finding(tmp_path, 2_000_000_001.0).verdict == "good"


def test_switched_off_namespaces_are_said(tmp_path):
    settings = Settings(data=tmp_path, tensorboard=TensorBoardSettings(namespaces="off"))
    assert "Other users" in examination.namespace_finding(settings).text


def test_the_data_server_of_this_machine_runs():
    assert examination.data_server_finding().verdict == "good"


def test_wrong_settings_end_the_examination(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tb-share.toml").write_text("prot = 1\n")
    (finding,) = examination.examine(None, None)
    assert finding.verdict == "wrong"
    assert "line 1" in finding.text
