import os
import signal
import sys
import threading

import pytest

from tb_share.cli.supervision import KeptProcess, Stop, pauses, wait_until

SLEEPER = [sys.executable, "-c", "import signal; signal.pause()"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, sys; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready', flush=True)\nwhile True: signal.pause()",
]
SHORT_LIVED = [sys.executable, "-S", "-c", ""]
LIMIT_S = 30


def within_limit():
    over = threading.Event()
    timer = threading.Timer(LIMIT_S, over.set)
    timer.daemon = True
    timer.start()
    return over.is_set


def test_each_pause_is_twice_as_long_up_to_two_seconds():
    assert list(pauses([0.0] * 7)) == [0.1, 0.2, 0.4, 0.8, 1.6, 2.0, 2.0]


def test_after_a_good_life_it_comes_back_at_once():
    assert list(pauses([0.0, 0.0, 60.0, 0.0])) == [0.1, 0.2, 0.1, 0.2]


def test_it_comes_back_when_killed_and_not_when_stopped(tmp_path):
    with (tmp_path / "log").open("w+") as log:
        kept = KeptProcess("the sleeper", SLEEPER, log=log)
        kept.start()
        first = kept.pid
        os.kill(first, signal.SIGKILL)
        assert wait_until(lambda: kept.starts == 2, within_limit())
        second = kept.pid
        kept.stop()
        assert kept.starts == 2
        log.seek(0)
        assert "the sleeper ended (status -9) and is started again" in log.read()
    assert first != second
    with pytest.raises(ProcessLookupError):
        os.kill(second, 0)


def test_what_ends_at_once_is_tried_again(tmp_path):
    with (tmp_path / "log").open("w") as log:
        kept = KeptProcess("it", SHORT_LIVED, log=log)
        kept.start()
        assert wait_until(lambda: kept.starts >= 3, within_limit())
        kept.stop()


def test_who_will_not_go_is_killed_at_the_second_signal(tmp_path):
    at_once = threading.Event()
    with (tmp_path / "log").open("w+") as log:
        kept = KeptProcess("it", STUBBORN, log=log)
        kept.start()
        assert wait_until(lambda: (tmp_path / "log").read_text() == "ready\n", within_limit())
        at_once.set()
        kept.stop(at_once)
    with pytest.raises(ProcessLookupError):
        os.kill(kept.pid, 0)


def test_stop_before_start_does_nothing():
    KeptProcess("it", SLEEPER).stop()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_the_first_signal_asks_and_the_second_insists(number):
    before = signal.getsignal(number)
    stop = Stop()
    with stop.heard():
        assert not stop.asked.is_set()
        signal.raise_signal(number)
        assert stop.asked.is_set()
        assert not stop.at_once.is_set()
        signal.raise_signal(number)
        assert stop.at_once.is_set()
    assert signal.getsignal(number) is before


def test_waiting_ends_with_the_reason_to_give_up():
    assert wait_until(lambda: True, lambda: False)
    assert not wait_until(lambda: False, lambda: True)
