from pathlib import Path

import pytest

from tb_share.cli.settings_source import known_settings, load
from tb_share.errors import SetUpError


@pytest.fixture
def place(tmp_path):
    """A directory to start in, whose own data directory is not this machine's."""
    (tmp_path / "logs").mkdir()
    return tmp_path


def loaded(place, flags=None, environment=None, config=None):
    return load({"data": str(place / "data"), **(flags or {})}, environment or {}, place, config)


def refusal(place, **how):
    with pytest.raises(SetUpError) as caught:
        loaded(place, **how)
    return caught.value.text


def write(file: Path, text: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return file


def test_without_anything_said_the_defaults_hold(place):
    found = loaded(place)
    assert found.config is None
    assert (found.settings.port, found.settings.host, found.settings.logdir) == (6080, "127.0.0.1", ())


def test_a_flag_beats_a_variable_beats_the_file_beats_the_default(place):
    write(place / "tb-share.toml", 'port = 1001\nhost = "::1"\npublic_url = "http://localhost:1"\n[server]\nworkers = 3\nthreads = 5\n')
    environment = {"TB_SHARE_PORT": "1002", "TB_SHARE_HOST": "127.0.0.2", "TB_SHARE_SERVER__WORKERS": "4"}
    found = loaded(place, {"port": 1003}, environment).settings
    assert (found.port, found.host, found.public_url) == (1003, "127.0.0.2", "http://localhost:1")
    assert (found.server.workers, found.server.threads, found.server.body_deadline_s) == (4, 5, 30)


def test_flags_that_were_not_used_say_nothing(place):
    write(place / "tb-share.toml", 'insecure_http = true\nlogdir = ["logs"]\n')
    found = loaded(place, {"insecure_http": False, "logdir": (), "public_url": None, "port": None}).settings
    assert found.insecure_http
    assert [each.name for each in found.logdir] == ["logs"]


def test_port_0_is_a_port(place):
    assert loaded(place, {"port": 0}).settings.port == 0


@pytest.mark.parametrize(
    ("where", "config", "environment"),
    [
        pytest.param("named.toml", Path("named.toml"), {}, id="named by --config"),
        pytest.param("named.toml", None, {"TB_SHARE_CONFIG": "named.toml"}, id="named by TB_SHARE_CONFIG"),
        pytest.param("tb-share.toml", None, {}, id="in the directory"),
        pytest.param("data/tb-share.toml", None, {}, id="in the data directory"),
    ],
)
def test_the_file_is_found_and_said(place, where, config, environment):
    write(place / where, "port = 7\n")
    found = loaded(place, config=config, environment=environment)
    assert found.settings.port == 7
    assert found.config == place / where


def test_the_file_in_the_directory_comes_before_the_one_in_the_data(place):
    write(place / "data" / "tb-share.toml", "port = 1\n")
    write(place / "tb-share.toml", "port = 2\n")
    assert loaded(place).settings.port == 2


def test_paths_in_a_file_begin_at_the_file_and_paths_of_flags_where_we_are(place):
    write(place / "etc" / "a.toml", 'logdir = ["b=logs"]\n[tensorboard]\nfollow_links_to = ["../store"]\n')
    found = loaded(place, config=Path("etc/a.toml")).settings
    assert [each.path for each in found.logdir] == [place / "etc" / "logs"]
    assert found.tensorboard.follow_links_to == (place / "etc" / ".." / "store",)
    assert loaded(place, {"logdir": ("b=logs",)}).settings.logdir[0].path == place / "logs"


def test_projects_may_be_tables(place):
    write(place / "tb-share.toml", '[[logdir]]\nname = "a"\npath = "logs"\n\n[[upstream]]\nurl = "http://127.0.0.1:6006/"\n')
    found = loaded(place).settings
    assert [(each.name, each.path) for each in found.logdir] == [("a", place / "logs")]
    assert [(each.name, each.url) for each in found.upstream] == [("tensorboard", "http://127.0.0.1:6006")]


def test_lists_in_variables_have_commas_or_are_json(place):
    environment = {"TB_SHARE_LOGDIR": "a=logs, b=logs", "TB_SHARE_PROXY__TRUSTED_PEERS": '["10.0.0.1"]'}
    found = loaded(place, environment=environment | {"TB_SHARE_TENSORBOARD__SAMPLES_PER_PLUGIN": '{"images": 5}'}).settings
    assert [each.name for each in found.logdir] == ["a", "b"]
    assert found.proxy.trusted_peers == ("10.0.0.1",)
    assert found.tensorboard.samples_per_plugin == {"images": 5}


def test_variables_of_others_are_let_be(place):
    assert loaded(place, environment={"TB_SHARE_CHROMIUM": "/usr/bin/chromium", "HOME": "/"}).settings.port == 6080


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("port = 1\nprot = 2\n", ["line 2", '"prot"', '"port"'], id="unknown, with a near one"),
        pytest.param("[server]\nworkers = 2\nzzz = 1\n", ["line 3", '"server.zzz"'], id="unknown below a table"),
        pytest.param("[sever]\nworkers = 2\n", ["line 1", '"sever"', "server"], id="unknown table"),
        pytest.param("server.workerz = 2\n", ["line 1", '"server.workerz"', '"server.workers"'], id="unknown, dotted"),
        pytest.param("server = 5\n", ["line 1", '"server"'], id="a value where a table belongs"),
        pytest.param("port = 1\nhost\n", ["line 2", "not TOML"], id="no TOML"),
        pytest.param('\n\n[server]\nworkers = "many"\n', ["line 4", '"server.workers"'], id="wrong kind"),
        pytest.param("port = 70000\n", ["line 1", '"port"', "65535"], id="out of range"),
        pytest.param('logdir = ["API=logs"]\n', ["line 1", '"API"', "cannot name a project"], id="bad project name"),
        pytest.param('logdir = ["a=x", "a=y"]\n', ["line 1", '"a"', "Two projects"], id="same name twice"),
        pytest.param('upstream = ["ftp://x"]\n', ["line 1", "ftp://x"], id="bad address"),
        pytest.param('upstream = ["http://user:pw@x/"]\n', ["line 1", "TensorBoard"], id="address with a password"),
        pytest.param("[[logdir]]\nfolder = 'x'\n", ["line 1", "folder"], id="unknown word in a project"),
        pytest.param("logdir = [5]\n", ["line 1", "5"], id="a number for a directory"),
        pytest.param('logdir = ["a="]\n', ["line 1", "empty"], id="an empty directory"),
    ],
)
def test_S_LIM_4_what_is_wrong_in_the_file_is_named_with_its_line(place, text, said):
    write(place / "tb-share.toml", text)
    sentence = refusal(place)
    assert str(place / "tb-share.toml") in sentence
    assert [part for part in said if part not in sentence] == []


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        pytest.param({"TB_SHARE_PROT": "1"}, ["TB_SHARE_PROT", '"port"'], id="unknown"),
        pytest.param({"TB_SHARE_SERVER__PORT__X": "1"}, ["TB_SHARE_SERVER__PORT__X"], id="unknown below"),
        pytest.param({"TB_SHARE_PORT": "x"}, ["TB_SHARE_PORT", '"port"'], id="wrong"),
        pytest.param({"TB_SHARE_LOGDIR": "[broken"}, ["TB_SHARE_LOGDIR", "JSON"], id="no JSON"),
        pytest.param({"TB_SHARE_SERVER": "x", "TB_SHARE_SERVER__WORKERS": "1"}, ["TB_SHARE_SERVER"], id="a table as a word"),
    ],
)
def test_S_LIM_4_what_is_wrong_in_a_variable_is_named(place, environment, said):
    sentence = refusal(place, environment=environment)
    assert [part for part in said if part not in sentence] == []


def test_a_file_that_was_named_has_to_be_there(place):
    assert "missing.toml" in refusal(place, config=Path("missing.toml"))
    assert "--config" in refusal(place, config=Path("logs"))


def test_the_file_in_the_data_directory_cannot_move_it(place, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(place / "home"))
    write(place / "home" / "tb-share" / "tb-share.toml", 'data = "elsewhere"\n')
    with pytest.raises(SetUpError, match="cannot move"):
        load({}, {}, place)


def test_the_file_in_the_directory_may_name_the_data_directory(place):
    write(place / "tb-share.toml", 'data = "elsewhere"\n')
    assert load({}, {}, place).settings.data == place / "elsewhere"


def test_every_setting_is_known_by_its_way():
    assert ("server", "workers") in known_settings()
    assert ("logdir",) in known_settings()
    assert ("server",) not in known_settings()


@pytest.mark.parametrize(
    ("line", "setting"),
    [
        ("[session]\nabsolute_s = 100000000000000", "session.absolute_s"),
        ("[session]\nowner_code_s = 100000000000000", "session.owner_code_s"),
        ("[link]\nmax_expiry_s = 100000000000000", "link.max_expiry_s"),
        ("[token]\ndefault_expiry_s = 100000000000000", "token.default_expiry_s"),
        ("[tensorboard]\nanswer_deadline_s = 100000000000000", "tensorboard.answer_deadline_s"),
        ("[tensorboard]\nreload_interval_s = 99999999999999999999999", "tensorboard.reload_interval_s"),
        ("[tensorboard]\nsamples_per_plugin = { scalars = -5 }", "tensorboard.samples_per_plugin"),
        ('[tensorboard]\nsamples_per_plugin = { "scalars=1,images" = 5 }', "tensorboard.samples_per_plugin"),
        ("[server]\nworkers = true", "server.workers"),
    ],
)
def test_a_number_that_nothing_could_be_run_with_is_refused_with_its_line(place, line, setting):
    write(place / "tb-share.toml", line + "\n")
    sentence = refusal(place)
    assert "tb-share.toml, line 2" in sentence
    assert f'"{setting}' in sentence


def test_a_truth_for_a_port_is_no_port_1(place):
    write(place / "tb-share.toml", "port = true\n")
    assert "true and false are no numbers" in refusal(place)
