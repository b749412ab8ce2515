"""kill -9 of each process in turn, twenty times, during a replay: no wrong data, no hang, back within five seconds (N13, F07)."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from contextlib import suppress

from tests.integration.stack.conftest import INVENTORY, LOGDIRS, text_of
from tests.processes import children_of, is_alive, wait_for
from tests.running_serve import Browser, serving, start_serve

ROUND_TRIPS = ("tensorboardx", "torch-summarywriter")
KILLS = 20
RECOVERY_S = 5
REQUEST_LIMIT_S = 20


def family(pid):
    """All descendants."""
    below = children_of(pid)
    return below + [each for child in below for each in family(child)]


def expected_runs(name):
    return set(INVENTORY[name]["event_accumulator"])


class Replay:
    """Asks for both projects' runs until told to stop, and keeps whatever was wrong."""

    def __init__(self, port, cookies):
        self._port, self._cookies = port, cookies
        self._over = threading.Event()
        self.wrong = []
        self.good = 0
        self.slowest_s = 0.0
        self.last_good = time.monotonic()
        self._threads = [threading.Thread(target=self._run, args=(name,)) for name in ROUND_TRIPS]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_error):
        self._over.set()
        for thread in self._threads:
            thread.join(REQUEST_LIMIT_S + 5)
            assert not thread.is_alive()

    def _run(self, name):
        browser = Browser(self._port, dict(self._cookies))
        while not self._over.is_set():
            began = time.monotonic()
            try:
                answer = browser.ask("GET", f"/p/{name}/data/runs", timeout_s=REQUEST_LIMIT_S)
            except OSError as error:
                if isinstance(error, TimeoutError):
                    self.wrong.append((name, "hung"))
                self._over.wait(0.02)
                continue
            except Exception:
                self._over.wait(0.02)
                continue
            self.slowest_s = max(self.slowest_s, time.monotonic() - began)
            if answer.status == 200:
                runs = set(json.loads(text_of(answer)))
                if not runs <= expected_runs(name):
                    self.wrong.append((name, sorted(runs)[:3]))
                self.good += 1
                self.last_good = time.monotonic()
            elif answer.status not in (502, 503, 504):
                self.wrong.append((name, answer.status, answer.body[:200]))
            self._over.wait(0.02)


def answers_whole(browser, name):
    def look():
        try:
            answer = browser.ask("GET", f"/p/{name}/data/runs", timeout_s=REQUEST_LIMIT_S)
        except Exception:
            return False
        return answer.status == 200 and set(json.loads(text_of(answer))) == expected_runs(name)

    return look


def test_N13_whatever_is_killed_comes_back_and_nobody_sees_another_projects_data(tmp_path):
    with serving(tmp_path / "data", [f"--logdir={name}={LOGDIRS / name}" for name in ROUND_TRIPS]) as running:
        browser = running.owner()
        for name in ROUND_TRIPS:
            wait_for(answers_whole(browser, name))
        supervisor = running.process.pid
        with Replay(running.port, browser.cookies) as replay:
            for turn in range(KILLS):
                victims = sorted(each for each in family(supervisor) if is_alive(each))
                victim = victims[turn % len(victims)]
                with suppress(ProcessLookupError):
                    os.kill(victim, signal.SIGKILL)
                for name in ROUND_TRIPS:
                    began = time.monotonic()
                    wait_for(answers_whole(browser, name), RECOVERY_S + 10)
                    assert time.monotonic() - began < RECOVERY_S, (turn, name)
        assert replay.wrong == []
        assert replay.good > 50
        kept = [each for each in family(supervisor) if is_alive(each)]
    wait_for(lambda: not any(is_alive(each) for each in kept), 15)


def test_what_was_acknowledged_of_what_people_write_outlasts_every_kill(tmp_path):
    arguments = [f"--logdir=tensorboardx={LOGDIRS / 'tensorboardx'}"]
    notes = "/api/v1/projects/tensorboardx/experiments/0123456789abcdef/notes"
    first = start_serve(tmp_path / "data", arguments)
    cookies = first.owner().cookies
    over, acknowledged = threading.Event(), []

    def write(number):
        browser = Browser(first.port, dict(cookies))
        for turn in range(100):
            if over.is_set():
                return
            text = f"{number}.{turn}"
            with suppress(Exception):
                body = json.dumps({"text": text}).encode()
                if browser.ask("POST", notes, body, {"Content-Type": "application/json"}).status == 201:
                    acknowledged.append(text)

    writers = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for each in writers:
        each.start()
    for killed in range(6):
        before = len(acknowledged)
        wait_for(lambda before=before: len(acknowledged) > before + 2, 15)
        victims = wait_for(lambda: sorted(each for each in children_of(first.process.pid) if is_alive(each)))
        with suppress(ProcessLookupError):
            os.kill(victims[killed % len(victims)], signal.SIGKILL)
    first.process.kill()
    over.set()
    for each in writers:
        each.join(30)
    first.stop()
    with serving(tmp_path / "data", arguments) as second:
        answer = Browser(second.port, dict(cookies)).get(notes)
        kept = [each["text"] for each in json.loads(answer.body)["notes"]]
    assert len(kept) == len(set(kept))
    assert set(acknowledged) <= set(kept)
    assert len(acknowledged) > 12


def test_a_killed_serve_leaves_nobody_behind_and_starts_again_at_once(tmp_path):
    arguments = [f"--logdir=tensorboardx={LOGDIRS / 'tensorboardx'}"]
    first = start_serve(tmp_path / "data", arguments)
    browser = first.owner()
    wait_for(answers_whole(browser, "tensorboardx"))
    kept = family(first.process.pid)
    first.process.kill()
    first.stop()
    wait_for(lambda: not any(is_alive(each) for each in kept), 15)
    with serving(tmp_path / "data", arguments) as second:
        again = Browser(second.port, dict(browser.cookies))
        wait_for(answers_whole(again, "tensorboardx"))
