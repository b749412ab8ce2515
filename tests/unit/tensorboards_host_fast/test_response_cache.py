"""Answers are remembered for moments, by scope, within bounds; failures never."""

from __future__ import annotations

import gzip
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from werkzeug import Request, Response
from werkzeug.test import Client, EnvironBuilder, run_wsgi_app

from tb_share.handoff import NOTE_KEY, Note
from tb_share.model.share_link import ChosenExperiments, WholeProject
from tb_share.tensorboards.host.response_cache import FRESH_S, ResponseCache, fresh_for

SERIES = "/data/plugin/timeseries/timeSeries"
ALL = WholeProject()
TWO = ChosenExperiments(("a", "b"))


def note(scope=ALL, project="p", foreign=False, caller="u"):
    return Note(project, "link", caller, "", None, (), scope, foreign, time.time() + 50)


class Told:
    """An application that says who asked what, and how often it was asked."""

    def __init__(self):
        self.asked = []
        self.status = 200
        self.body = None
        self.gate = None
        self.arrived = threading.Semaphore(0)

    def __call__(self, environ, start_response):
        request = Request(environ)
        scope = environ[NOTE_KEY].scope if NOTE_KEY in environ else None
        self.asked.append((request.method, request.path, scope))
        number = len(self.asked)
        self.arrived.release()
        if self.gate is not None:
            assert self.gate.wait(30)
        body = self.body or f'{{"number": {number}, "scope": "{scope}", "asked": {dict(request.form)!r}}}'.encode()
        headers = {"Content-Type": "application/json", "Cache-Control": "no-cache, must-revalidate"}
        if request.accept_encodings["gzip"]:
            body, headers["Content-Encoding"] = gzip.compress(body, mtime=0), "gzip"
        return Response(body, self.status, headers)(environ, start_response)


class Clock:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def told():
    return Told()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def generations():
    return ["g1"]


@pytest.fixture
def cache(told, clock, generations):
    return ResponseCache(told, lambda: generations[-1], fresh_s=lambda: 2.0, memory=64 * 1024, clock=clock)


def ask(cache, path=SERIES, scope=ALL, method="GET", the_note=None, **asked):
    environ = EnvironBuilder(path, method=method, **asked).get_environ()
    environ[NOTE_KEY] = the_note or note(scope)
    pieces, status, headers = run_wsgi_app(cache, environ)
    return int(status.split()[0]), headers, b"".join(pieces)


def test_the_second_who_asks_gets_the_first_answer(cache, told):
    assert ask(cache)[2] == ask(cache, the_note=note(caller="somebody else"))[2]
    assert len(told.asked) == 1


def test_what_a_data_server_says_while_it_loads_is_kept_for_moments_only():
    assert [fresh_for(age, 5) for age in (0, 1, 5, 19, 20, 3600)] == [0, 0.1, 0.5, pytest.approx(1.9), FRESH_S, FRESH_S]
    assert fresh_for(3600, 1) == 0.5


def test_an_answer_is_forgotten_in_time(cache, told, clock):
    ask(cache)
    clock.now += 1.99
    ask(cache)
    assert len(told.asked) == 1
    clock.now += 0.01
    ask(cache)
    assert len(told.asked) == 2


@pytest.mark.parametrize(
    "other",
    [
        note(TWO),
        note(ChosenExperiments(())),
        note(ChosenExperiments(("a",))),
        note(foreign=True),
        note(project="q"),
    ],
)
def test_no_answer_crosses_a_scope(cache, told, other):
    first = ask(cache)
    second = ask(cache, the_note=other)
    assert len(told.asked) == 2
    assert first[1]["ETag"] != second[1]["ETag"]
    assert ask(cache, the_note=other)[2] == second[2] != first[2]


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ({}, {"query_string": "requests=[]"}),
        ({"path": "/data/runs"}, {"path": "/data/plugin/timeseries/tags"}),
        ({"path": "/data/runs"}, {"path": "/experiment/defaultExperimentId/data/runs"}),
        ({}, {"method": "POST"}),
        ({"method": "POST", "data": {"requests": "1"}}, {"method": "POST", "data": {"requests": "2"}}),
        (
            {"method": "POST", "data": b"1", "content_type": "application/json"},
            {"method": "POST", "data": b"2", "content_type": "application/json"},
        ),
        ({}, {"headers": {"X-TensorBoard-Feature-Flags": '{"a": 1}'}}),
    ],
)
def test_different_questions_have_different_answers(cache, told, left, right):
    ask(cache, **left)
    ask(cache, **right)
    assert len(told.asked) == 2
    ask(cache, **left)
    ask(cache, **right)
    assert len(told.asked) == 2


def test_the_boundary_of_a_form_is_not_part_of_the_question(cache, told):
    for boundary in ("----one", "----two"):
        got = ask(cache, method="POST", data={"requests": "[]"}, content_type=f"multipart/form-data; boundary={boundary}")
        assert b"{'requests': '[]'}" in got[2]
    assert len(told.asked) == 1


def test_a_new_data_server_is_asked_anew(cache, told, generations):
    before = ask(cache)
    generations.append("g2")
    told.body = before[2]
    after = ask(cache)
    assert len(told.asked) == 2
    assert before[1]["ETag"] != after[1]["ETag"]


@pytest.mark.parametrize("status", [400, 403, 404, 500, 503, 204, 302])
def test_only_good_answers_are_remembered(cache, told, status):
    told.status = status
    assert ask(cache)[0] == status
    told.status = 200
    assert ask(cache)[0] == 200
    assert len(told.asked) == 2


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/index.js",
        "/healthz",
        "/data/logdir",
        "/data/plugin/images/individualImage",
        "/data/plugin/timeseries/imageData",
        "/data/plugin/tb_share/context",
        "/data/plugin/tb_share/experiments",
        "/data/plugin/hparams/download_data",
        "/data/plugin/projector/tensor",
        "/data/plugin/timeseries/tags/",
        "/experiment/other/data/runs",
        "//data/runs",
    ],
)
def test_what_is_not_listed_is_not_remembered(cache, told, path):
    for _ in range(2):
        ask(cache, path=path)
    assert len(told.asked) == 2
    assert cache.size == 0


@pytest.mark.parametrize("method", ["HEAD", "PUT", "DELETE", "OPTIONS"])
def test_other_methods_are_not_remembered(cache, told, method):
    for _ in range(2):
        ask(cache, method=method)
    assert len(told.asked) == 2


def test_without_a_note_nothing_is_remembered(cache, told):
    client = Client(cache)
    for _ in range(2):
        client.get(SERIES)
    assert len(told.asked) == 2


def test_who_cannot_unpack_gets_it_unpacked(cache, told):
    plain = ask(cache)
    packed = ask(cache, headers={"Accept-Encoding": "gzip, deflate, br"})
    assert len(told.asked) == 1
    assert "Content-Encoding" not in plain[1]
    assert packed[1]["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed[2]) == plain[2]
    assert plain[1]["ETag"] != packed[1]["ETag"]
    assert int(packed[1]["Content-Length"]) == len(packed[2])


@pytest.mark.parametrize("coding", ["gzip", "identity"])
def test_a_browser_that_has_it_is_told_so(cache, coding):
    _, headers, _ = ask(cache, headers={"Accept-Encoding": coding})
    assert headers["Cache-Control"] == "private, no-cache"
    again = ask(cache, headers={"Accept-Encoding": coding, "If-None-Match": headers["ETag"]})
    assert again[0] == 304
    assert again[2] == b""
    assert again[1]["ETag"] == headers["ETag"]


def test_an_unchanged_answer_keeps_its_tag_when_it_is_made_again(cache, told, clock):
    told.body = b"{}"
    _, headers, _ = ask(cache)
    clock.now += 10
    assert ask(cache, headers={"If-None-Match": headers["ETag"]})[0] == 304
    told.body = b"[]"
    clock.now += 10
    assert ask(cache, headers={"If-None-Match": headers["ETag"]})[0] == 200


def test_another_scopes_tag_says_nothing(cache, told):
    told.body = b"{}"
    _, headers, _ = ask(cache)
    assert ask(cache, scope=TWO, headers={"If-None-Match": headers["ETag"]})[0] == 200


def test_a_post_is_never_answered_with_not_modified(cache):
    _, headers, _ = ask(cache, method="POST")
    assert ask(cache, method="POST", headers={"If-None-Match": headers["ETag"]})[0] == 200


def test_memory_is_bounded_and_the_oldest_go_first(cache, told):
    told.body = os.urandom(10 * 1024)
    for number in range(40):
        ask(cache, query_string=f"n={number}")
        assert 10 * 1024 < cache.size <= 64 * 1024
    ask(cache, query_string="n=39")
    assert len(told.asked) == 40
    ask(cache, query_string="n=0")
    assert len(told.asked) == 41


def test_an_answer_larger_than_all_memory_is_passed_on(cache, told):
    told.body = os.urandom(100 * 1024)
    assert ask(cache)[2] == told.body
    assert cache.size == 0


def test_what_has_ended_is_thrown_away(cache, clock):
    for number in range(5):
        ask(cache, query_string=f"n={number}")
    clock.now += 5
    one = cache.size // 5
    ask(cache)
    assert cache.size <= 2 * one


def together(cache, told, questions):
    """Ask all at once; the application answers when the first have come."""
    told.gate = threading.Event()
    with ThreadPoolExecutor(len(questions)) as pool:
        answers = [pool.submit(ask, cache, **question) for question in questions]
        for _ in {repr(question.get("scope", ALL)) for question in questions}:
            assert told.arrived.acquire(timeout=30)
        told.gate.set()
        return [answer.result(30) for answer in answers]


def test_of_many_who_ask_at_once_one_asks(cache, told):
    answers = together(cache, told, [{}] * 8)
    assert len({body for _, _, body in answers}) == 1
    assert len(told.asked) == 1


def test_two_scopes_at_once_get_two_answers(cache, told):
    answers = together(cache, told, [{"scope": scope} for scope in [ALL, TWO] * 4])
    assert [str(ALL).encode() in body for _, _, body in answers] == [True, False] * 4
    assert [str(TWO).encode() in body for _, _, body in answers] == [False, True] * 4
    assert len(told.asked) == 2


def test_nobody_gets_the_failure_of_another(cache, told):
    told.status = 500
    answers = together(cache, told, [{}] * 4)
    assert {status for status, _, _ in answers} == {500}
    assert len(told.asked) == 4
    told.status = 200
    assert ask(cache)[0] == 200


def test_a_raising_application_holds_nobody_up(clock):
    def raising(_environ, _start_response):
        raise RuntimeError("gone")

    cache = ResponseCache(raising, lambda: "g", clock=clock)
    for _ in range(2):
        with pytest.raises(RuntimeError, match="gone"):
            ask(cache)


def test_a_large_body_is_passed_on_unread(cache, told):
    for _ in range(2):
        ask(cache, method="POST", data=b"x" * (4 * 1024 * 1024 + 1), content_type="application/json")
    assert len(told.asked) == 2
