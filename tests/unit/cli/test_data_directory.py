import os
import stat
from contextlib import suppress

import pytest

from tb_share.cli import data_directory, runtime_directory
from tb_share.cli.data_directory import RunningServe
from tb_share.errors import SetUpError

ABOUT = RunningServe(41, "http://127.0.0.1:1", "127.0.0.1", 1, "/tmp/tb-share-x")


def test_it_is_made_for_its_owner_only(tmp_path):
    data_directory.make(tmp_path / "a" / "b")
    assert stat.S_IMODE((tmp_path / "a" / "b").stat().st_mode) == 0o700


def test_what_others_can_look_into_is_refused(tmp_path):
    (tmp_path / "data").mkdir(mode=0o755)
    with pytest.raises(SetUpError, match="chmod 700"):
        data_directory.make(tmp_path / "data")


def test_a_file_is_refused(tmp_path):
    (tmp_path / "data").write_text("")
    with pytest.raises(SetUpError, match="is a file"):
        data_directory.make(tmp_path / "data")


def test_what_cannot_be_made_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(SetUpError, match="--data"):
        data_directory.make(tmp_path / "file" / "data")


def test_what_cannot_be_written_is_refused(tmp_path, monkeypatch):
    def refuse(**_):
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(data_directory.tempfile, "TemporaryFile", refuse)
    with pytest.raises(SetUpError, match=r"cannot be written \(Read-only file system\)"):
        data_directory.make(tmp_path)


def test_one_serve_at_a_time_holds_it(tmp_path):
    data_directory.announce(tmp_path, ABOUT)
    with data_directory.held(tmp_path):
        assert data_directory.is_held(tmp_path)
        with pytest.raises(SetUpError, match=r"process 41, http://127\.0\.0\.1:1"), data_directory.held(tmp_path):
            pass
        assert data_directory.is_held(tmp_path)
    assert not data_directory.is_held(tmp_path)
    with data_directory.held(tmp_path):
        pass


def test_asking_whether_it_is_held_makes_nothing(tmp_path):
    assert not data_directory.is_held(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_what_a_serve_says_of_itself_is_read_again_and_private(tmp_path):
    data_directory.announce(tmp_path, ABOUT)
    assert data_directory.about(tmp_path) == ABOUT
    assert stat.S_IMODE((tmp_path / "serve.json").stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["serve.json"]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"pid": "x"}', '{"pid": null}', "\udcff"])
def test_nonsense_says_nothing(tmp_path, text):
    (tmp_path / "serve.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    assert data_directory.about(tmp_path) is None


def test_commands_need_what_a_serve_has_made(tmp_path):
    with pytest.raises(SetUpError, match="tb-share serve"):
        data_directory.existing(tmp_path)


def test_a_runtime_directory_is_private_and_gone_at_the_end():
    with runtime_directory.made() as runtime:
        assert stat.S_IMODE(runtime.stat().st_mode) == 0o700
        assert len(str(runtime / ("x" * 30))) < 108
        (runtime / "socket").write_text("")
    assert not runtime.exists()


def test_a_long_place_for_temporary_things_is_not_used(tmp_path, monkeypatch):
    monkeypatch.setattr(runtime_directory.tempfile, "gettempdir", lambda: str(tmp_path / ("x" * 100)))
    with runtime_directory.made() as runtime:
        assert len(str(runtime)) < 60


def test_what_a_killed_serve_left_is_removed(tmp_path):
    stale = tmp_path / "tb-share-abc"
    stale.mkdir()
    (stale / "control.sock").write_text("")
    runtime_directory.remove_stale(str(stale))
    assert not stale.exists()


def test_what_is_in_use_or_somebody_elses_is_let_be(tmp_path):
    (tmp_path / "precious").mkdir()
    (tmp_path / "tb-share-link").symlink_to(tmp_path / "precious")
    (tmp_path / "tb-share-file").write_text("")
    for each in ("precious", "tb-share-link", "tb-share-file", "tb-share-gone", ""):
        runtime_directory.remove_stale(str(tmp_path / each))
    runtime_directory.remove_stale("")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["precious", "tb-share-file", "tb-share-link"]
    with runtime_directory.made() as runtime:
        runtime_directory.remove_stale(str(runtime))
        assert runtime.exists()


def test_the_directory_of_another_user_is_let_be(tmp_path, monkeypatch):
    stale = tmp_path / "tb-share-abc"
    stale.mkdir()
    monkeypatch.setattr(os, "getuid", lambda: 12345)
    runtime_directory.remove_stale(str(stale))
    assert stale.exists()
    with suppress(OSError):
        stale.rmdir()


def test_data_of_another_user_is_refused(tmp_path, monkeypatch):
    def refuse(path):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(data_directory.Path, "is_file", refuse)
    with pytest.raises(SetUpError, match=r"cannot be read \(Permission denied\)"):
        data_directory.existing(tmp_path)
