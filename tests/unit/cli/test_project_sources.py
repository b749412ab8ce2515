import pytest

from tb_share.cli import project_sources
from tb_share.cli.settings_file import Said
from tb_share.errors import SetUpError
from tb_share.model.project import is_project_id


def named(read, place, *entries):
    return [(each["name"], str(each.get("path", each.get("url")))) for each in read(Said(list(entries), "--x", place)).value]


def test_a_directory_gives_its_name(tmp_path):
    assert named(project_sources.logdirs, tmp_path, "Vision Runs") == [("vision-runs", str(tmp_path / "Vision Runs"))]


def test_a_name_that_is_taken_is_counted_on(tmp_path):
    found = named(project_sources.logdirs, tmp_path, "a/logs", "b/logs", "logs-2=c", "c/logs")
    assert [name for name, _ in found] == ["logs", "logs-3", "logs-2", "logs-4"]


def test_a_given_name_is_kept_for_its_owner(tmp_path):
    assert [name for name, _ in named(project_sources.logdirs, tmp_path, "a/logs", "logs=b")] == ["logs-2", "logs"]


def test_a_directory_with_an_equals_sign_is_a_directory(tmp_path):
    (tmp_path / "lr=0.1").mkdir()
    assert named(project_sources.logdirs, tmp_path, "lr=0.1") == [("lr-0-1", str(tmp_path / "lr=0.1"))]
    assert named(project_sources.logdirs, tmp_path, "x=lr=0.1") == [("x", str(tmp_path / "lr=0.1"))]


def test_an_absolute_path_and_one_from_home(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", "/home/somebody")
    assert named(project_sources.logdirs, tmp_path, "/a/b", "~/c") == [("b", "/a/b"), ("c", "/home/somebody/c")]


def test_an_address_may_hold_an_equals_sign(tmp_path):
    assert named(project_sources.upstreams, tmp_path, "http://x:1/a=b") == [("tensorboard", "http://x:1/a=b")]
    assert named(project_sources.upstreams, tmp_path, "nlp=https://x/tb/") == [("nlp", "https://x/tb")]


@pytest.mark.parametrize(
    "address",
    ["x:6006", "127.0.0.1:6006", "http://", "http://x:99999", "http://[::1", "http://x/?a=1", "http://x/#a", "//x", "file:///etc"],
)
def test_what_is_no_address_is_refused(tmp_path, address):
    with pytest.raises(SetUpError, match=r"not the address of a TensorBoard|cannot name"):
        project_sources.upstreams(Said([address], "--upstream", tmp_path))


@pytest.mark.parametrize("text", ["logs", "Größe", "日本語", "", "-", "A" * 200, "p", "api", "..", "a--b", "x" * 49 + "-y", "static"])
def test_every_slug_is_a_project_name(text):
    assert is_project_id(project_sources.slug(text))


@pytest.mark.parametrize("name", ["API", "a b", "-a", "a-", "a/b", "..", "api", "p", "a" * 64, "é", "a_b"])
def test_S_PATH_5_a_bad_name_is_refused(tmp_path, name):
    with pytest.raises(SetUpError, match="cannot name a project"):
        project_sources.logdirs(Said([f"{name}=/logs"], "--logdir", tmp_path))


def test_what_we_may_not_look_at_is_taken_for_a_directory(tmp_path, monkeypatch):
    def refuse(path):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(project_sources.Path, "is_dir", refuse)
    assert named(project_sources.logdirs, tmp_path, "secret/a=b") == [("a-b", str(tmp_path / "secret" / "a=b"))]
