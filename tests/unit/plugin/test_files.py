"""Files beside the logs: listed and handed out to those who may read them, of what they may see, and nothing else."""

from __future__ import annotations

import json
import os
import time
from types import SimpleNamespace

import pytest
from werkzeug.test import Client

from tb_share.handoff import NOTE_KEY, Note
from tb_share.logdir.belongings import LogdirFiles
from tb_share.logdir.catalogue import Catalogue
from tb_share.model.experiment import Experiment, ExperimentState, RunRef
from tb_share.model.share_link import WholeProject
from tb_share.plugin import files as files_module
from tb_share.plugin import plugin
from tb_share.plugin.files import Files

A, B = (Experiment(f"id-{name}", name, name, (RunRef(name, ""),), 1.0, 2.0, ExperimentState.FINISHED) for name in "ab")
NOTHING = {"files": [], "more": False, "facts": {}, "contents": False}
TEXT = bytes(range(256)) * 4


def note(kind, role, *, files):
    return Note("logs", kind, "u", "U", role, (), WholeProject(), False, time.time() + 50, files)


MEMBER = note("member", "viewer", files=True)


@pytest.fixture
def served(tmp_path):
    for name in "ab":
        (tmp_path / name).mkdir()
        (tmp_path / name / "notes.txt").write_bytes(TEXT)
        (tmp_path / name / "events.out.tfevents.1.box.1.0").write_bytes(b"events")
    (tmp_path / "a" / 'é"\r\n;x.html').write_text("<script>alert(1)</script>")
    (tmp_path / "a" / "empty").touch()
    return Files(lambda: Catalogue.of([A, B], "1"), lambda _, __: (A,), LogdirFiles(tmp_path))


@pytest.fixture
def ask(served):
    def ask(route, query, said=None, **more):
        client = Client(getattr(served, route))
        return client.open(f"/{route}", query_string=query, environ_overrides={NOTE_KEY: said} if said else {}, buffered=True, **more)

    return ask


@pytest.mark.parametrize("said", [None, MEMBER], ids=["plain TensorBoard", "a viewer"])
def test_files_of_an_experiment_that_the_caller_sees(ask, said):
    answer = ask("files", {"id": "id-a"}, said)
    listed = json.loads(answer.data)
    assert {"notes.txt", "empty"} < {each["name"] for each in listed["files"]}
    assert (listed["contents"], listed["facts"]) == (True, {"host": "box"})
    for asked in ({"id": "id-b"}, {"id": "gone"}, {}):
        for route in ("files", "file"):
            assert ask(route, {**asked, "name": "notes.txt"}, said).status_code == 404


def test_a_name_that_is_no_text_costs_the_others_nothing(ask, tmp_path):
    (tmp_path / "a" / os.fsdecode(b"\xff\xfe.txt")).touch()
    (tmp_path / "a" / os.fsdecode(b"\xff")).mkdir()
    (tmp_path / "a" / os.fsdecode(b"\xff") / "inside.txt").touch()
    (tmp_path / "a" / "_tb_share").mkdir()
    (tmp_path / "a" / "_tb_share" / "experiment.json").write_text('{"host": "\\ud800"}')
    answer = ask("files", {"id": "id-a"}, MEMBER)
    listed = json.loads(answer.data)
    assert [each["name"] for each in listed["files"]] == ["empty", "notes.txt", 'é"\r\n;x.html']
    assert listed["more"] is True
    assert ask("file", {"id": "id-a", "name": b"\xff\xfe.txt"}, MEMBER).status_code == 404


@pytest.mark.parametrize("kind", ["link", "stranger", "member"])
def test_whoever_may_not_read_files_sees_none_and_gets_none(ask, kind):
    said = note(kind, None, files=False)
    assert json.loads(ask("files", {"id": "id-a"}, said).data) == NOTHING
    answer = ask("file", {"id": "id-a", "name": "notes.txt"}, said)
    assert (answer.status_code, json.loads(answer.data)["error"]["code"]) == (404, "not_found")


def test_where_there_is_no_logdir_there_are_no_files():
    alone = Files(lambda: Catalogue.of([A], "1"), lambda _, __: (A,), None)
    assert Client(alone.file).get("/file?id=id-a&name=notes.txt").status_code == 404
    assert json.loads(Client(alone.files).get("/files?id=id-a").data) == NOTHING


def test_a_file_comes_as_bytes_that_no_browser_opens(ask):
    answer = ask("file", {"id": "id-a", "name": 'é"\r\n;x.html'}, MEMBER)
    assert answer.status_code == 200
    assert answer.data == b"<script>alert(1)</script>"
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers["Content-Disposition"] == "attachment; filename=\"?___;x.html\"; filename*=UTF-8''%C3%A9%22__%3Bx.html"


def test_ranges_and_what_the_browser_has_already(ask):
    asked = {"id": "id-a", "name": "notes.txt"}
    whole = ask("file", asked, MEMBER)
    assert (whole.data, whole.headers["Content-Length"]) == (TEXT, "1024")
    part = ask("file", asked, MEMBER, headers={"Range": "bytes=1000-"})
    assert (part.status_code, part.data, part.headers["Content-Range"]) == (206, TEXT[1000:], "bytes 1000-1023/1024")
    first = ask("file", asked, MEMBER, headers={"Range": "bytes=0-9"})
    assert (first.status_code, first.data) == (206, TEXT[:10])
    assert ask("file", asked, MEMBER, headers={"If-None-Match": whole.headers["ETag"]}).status_code == 304
    beyond = ask("file", asked, MEMBER, headers={"Range": "bytes=5000-6000"})
    assert (beyond.status_code, json.loads(beyond.data)["error"]["code"]) == (416, "bad_range")
    assert ask("file", {"id": "id-a", "name": "empty"}, MEMBER, headers={"Range": "bytes=0-9"}).data == b""


@pytest.mark.parametrize(
    ("asked", "status", "said", "part"),
    [
        ("bytes=-24", 206, "bytes 1000-1023/1024", TEXT[-24:]),
        ("bytes=-1024", 206, "bytes 0-1023/1024", TEXT),
        ("bytes=-5000", 206, "bytes 0-1023/1024", TEXT),
        ("bytes=-0", 416, "bytes */1024", None),
        ("bytes=1024-", 416, "bytes */1024", None),
        ("bytes=1023-", 206, "bytes 1023-1023/1024", TEXT[-1:]),
        ("bytes=0-99999", 206, "bytes 0-1023/1024", TEXT),
        ("Bytes=1-1", 206, "bytes 1-1/1024", TEXT[1:2]),
        ("bytes=0-1,4-5", 200, None, TEXT),
        ("bytes=5-4", 200, None, TEXT),
        ("lines=0-1", 200, None, TEXT),
        ("bytes=-", 200, None, TEXT),
        ("bytes=a-b", 200, None, TEXT),
        ("bytes=" + "9" * 5000 + "-", 200, None, TEXT),
        ("bytes=\u0661-", 200, None, TEXT),
    ],
)
def test_a_range_is_what_http_says_it_is_and_anything_else_is_none(ask, asked, status, said, part):
    answer = ask("file", {"id": "id-a", "name": "notes.txt"}, MEMBER, environ_base={"HTTP_RANGE": asked})
    assert (answer.status_code, answer.headers.get("Content-Range")) == (status, said)
    assert part is None or answer.data == part


def test_what_training_adds_meanwhile_is_not_part_of_the_answer(served, tmp_path, monkeypatch):
    monkeypatch.setattr(files_module, "_PIECE", 100)
    answer = Client(served.file).get("/file", query_string={"id": "id-a", "name": "notes.txt"}, buffered=False)
    pieces = iter(answer.response)
    first = next(pieces)
    with (tmp_path / "a" / "notes.txt").open("ab") as file:
        file.write(b"more")
    assert first + b"".join(pieces) == TEXT
    answer.close()


def somebody(number):
    return Note("logs", "member", f"u{number}", "U", "viewer", (), WholeProject(), False, time.time() + 50, files=True)


def test_so_many_at_once_and_no_more_until_one_has_ended(served, ask):
    asked = {"id": "id-a", "name": "notes.txt"}

    def held_by(number):
        return Client(served.file).get("/file", query_string=asked, environ_overrides={NOTE_KEY: somebody(number)}, buffered=False)

    held = [held_by(number // files_module.MOST_OF_ONE) for number in range(files_module.MOST_AT_ONCE)]
    assert {each.status_code for each in held} == {200}
    answer = ask("file", asked, MEMBER)
    assert (answer.status_code, json.loads(answer.data)["error"]["code"]) == (429, "too_many_downloads")
    assert "Several people" in answer.text
    held.pop().close()
    for _ in range(2 * files_module.MOST_AT_ONCE):
        for headers, status in (({}, 200), ({"Range": "bytes=9999-"}, 416), ({"Range": "bytes=1-"}, 206)):
            assert ask("file", asked, MEMBER, headers=headers).status_code == status
        assert ask("file", asked, MEMBER, method="HEAD").status_code == 200
    for each in held:
        each.close()


def test_whoever_takes_files_slowly_leaves_others_a_place(served, ask):
    asked = {"id": "id-a", "name": "notes.txt"}
    one = {NOTE_KEY: somebody(1)}
    held = [
        Client(served.file).get("/file", query_string=asked, environ_overrides=one, buffered=False)
        for _ in range(files_module.MOST_AT_ONCE)
    ]
    assert [each.status_code for each in held] == [200] * files_module.MOST_OF_ONE + [429] * (
        files_module.MOST_AT_ONCE - files_module.MOST_OF_ONE
    )
    assert f"You are fetching {files_module.MOST_OF_ONE} files already." in ask("file", asked, somebody(1)).text
    assert ask("file", asked, somebody(2)).status_code == 200
    held[0].close()
    assert ask("file", asked, somebody(1)).status_code == 200
    for each in held:
        each.close()


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost", 200),
        ("LOCALHOST:6006", 200),
        ("127.0.0.1:6006", 200),
        ("[::1]:6006", 200),
        ("evil.test:6006", 404),
        ("localhost.evil.test", 404),
        ("127.0.0.1.evil.test:6006", 404),
        ("evil.test@localhost", 404),
        ("localhost\n", 404),
        ("", 404),
    ],
)
def test_no_page_of_a_name_that_was_led_to_this_machine_reads_files(served, host, status):
    def asked(route, **said):
        query = {"id": "id-a", "name": "notes.txt"}
        return Client(getattr(served, route)).get(
            f"/{route}", query_string=query, environ_overrides={"HTTP_HOST": host, **said}, buffered=True
        )

    assert asked("file").status_code == status
    assert json.loads(asked("files").data)["contents"] is (status == 200)
    assert asked("file", **{NOTE_KEY: MEMBER}).status_code == 200


@pytest.mark.parametrize(
    ("flags", "contents"),
    [
        ({}, True),
        ({"host": None, "bind_all": False}, True),
        ({"host": "127.0.0.1"}, True),
        ({"host": "::1"}, True),
        ({"host": "localhost"}, True),
        ({"bind_all": True}, False),
        ({"host": ""}, False),
        ({"host": "0.0.0.0"}, False),
        ({"host": "box.example.org"}, False),
        ({"host": "localhost", "bind_all": True}, False),
    ],
)
def test_a_tensorboard_that_others_reach_hands_no_file_out(tmp_path, flags, contents):
    found = plugin._files_of(SimpleNamespace(flags=SimpleNamespace(logdir=str(tmp_path), **flags)))
    assert found is not None
    assert found.contents is contents
