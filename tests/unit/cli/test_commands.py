import pytest
from click.testing import CliRunner

from tb_share.cli import link, main, serving
from tb_share.cli.workspace import in_columns
from tb_share.errors import NotFound, SetUpError
from tb_share.settings import LogdirSource, ProxySettings, Settings, UpstreamSource

COMMANDS = ["serve", "demo", "project", "member", "link", "token", "service", "login", "whoami", "logout", "audit", "doctor"]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command):
    done = CliRunner().invoke(main.tb_share, [command, "--help"])
    assert done.exit_code == 0
    assert "Usage: " in done.output


def test_help_lists_every_command_and_imports_none():
    done = CliRunner().invoke(main.tb_share, ["--help"])
    assert [line.split()[0] for line in done.output.split("Commands:")[1].split("\n") if line] == list(COMMANDS)


def test_an_unknown_command_is_refused():
    assert CliRunner().invoke(main.tb_share, ["serv"]).exit_code == 2


@pytest.mark.parametrize(("error", "code"), [(SetUpError("Set it up."), 2), (NotFound("Not there."), 1)])
def test_a_failure_is_a_sentence_on_standard_error_and_a_code(monkeypatch, capsys, error, code):
    def fail(**_):
        raise error

    monkeypatch.setattr(main.tb_share, "main", fail)
    with pytest.raises(SystemExit) as ended:
        main.main()
    assert ended.value.code == code
    assert capsys.readouterr() == ("", f"tb-share: {error.text}\n")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", "", id="none"),
        pytest.param("?smoothing=0.6#timeseries", "?smoothing=0.6#timeseries", id="what follows"),
        pytest.param("#scalars", "#scalars", id="fragment only"),
        pytest.param("http://127.0.0.1:6080/p/vision/?a=b#c?d", "?a=b#c?d", id="the whole address"),
        pytest.param("https://tb.example.org/p/vision/#timeseries", "#timeseries", id="the whole public address"),
    ],
)
def test_a_view_is_what_follows_the_address(text, expected):
    assert link._view(text, "vision") == expected


@pytest.mark.parametrize("text", ["timeseries", "http://127.0.0.1:6080/p/vision/", "http://127.0.0.1:6080/p/other/?a#b", "/s/x?y"])
def test_what_shows_no_view_of_the_project_is_refused(text):
    with pytest.raises(SetUpError, match="--view"):
        link._view(text, "vision")


def test_columns_are_aligned():
    assert in_columns([("A", "B"), ("longer", ""), ("x", "y")]) == "A       B\nlonger\nx       y"


def test_what_is_served_is_said(tmp_path):
    settings = Settings(
        data=tmp_path,
        public_url="http://127.0.0.1:1",
        logdir=(LogdirSource(name="a", path=tmp_path),),
        upstream=(UpstreamSource(name="b", url="http://127.0.0.1:2"),),
    )
    said = "\n".join(serving.lines_about(settings, tmp_path / "tb-share.toml", "http://127.0.0.1:1/login/x"))
    for part in ("at http://127.0.0.1:1\n", f"a: {tmp_path}\n", "b: the TensorBoard at http://127.0.0.1:2", "tb-share.toml", "/login/x\n"):
        assert part in said
    assert "trusted_peers" not in said


@pytest.mark.parametrize(("peers", "is_said"), [((), True), (("127.0.0.1",), False)])
def test_a_tls_proxy_that_is_not_listed_is_said_at_the_start(tmp_path, peers, is_said):
    made = Settings(data=tmp_path, public_url="https://tb.example.org", proxy=ProxySettings(trusted_peers=peers))
    assert ("proxy.trusted_peers" in "\n".join(serving.lines_about(made, None, None))) is is_said


@pytest.mark.parametrize(
    ("host", "public_url", "expected"),
    [
        ("127.0.0.1", None, "http://127.0.0.1:5"),
        ("0.0.0.0", None, "http://127.0.0.1:5"),
        ("::", None, "http://[::1]:5"),
        ("::1", None, "http://[::1]:5"),
        ("localhost", None, "http://localhost:5"),
        ("127.0.0.1", "https://tb.example.org/", "https://tb.example.org"),
    ],
)
def test_the_public_address_is_always_known(tmp_path, host, public_url, expected):
    class Listener:
        def getsockname(self):
            return (host, 5)

    found = serving.with_address(Settings(data=tmp_path, host=host, public_url=public_url, port=0), Listener())
    assert (found.public_url, found.port) == (expected, 5)
