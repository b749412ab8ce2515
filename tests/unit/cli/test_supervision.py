import os
import signal
import subprocess
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
    with (tmp_path / "log").open("w+") as log:
        kept = KeptProcess("it", STUBBORN, log=log)
        kept.start()
        assert wait_until(lambda: (tmp_path / "log").read_text() == "ready\n", within_limit())
        kept.stop(lambda: True)
    with pytest.raises(ProcessLookupError):
        os.kill(kept.pid, 0)


def test_stop_before_start_does_nothing():
    KeptProcess("it", SLEEPER).stop()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_the_first_signal_asks_and_the_second_insists(number):
    before = signal.getsignal(number)
    stop = Stop()
    with stop.heard():
        assert not stop.asked
        signal.raise_signal(number)
        assert stop.asked
        assert not stop.at_once
        signal.raise_signal(number)
        assert stop.at_once
    assert signal.getsignal(number) is before


# Sends the signal before the n-th step of the wait, for every n: a handler must never need what the main thread holds.
AT_EVERY_STEP = """
import signal, sys
from tb_share.cli.supervision import Stop

def waits(step):
    stop, left = Stop(), step
    def trace(frame, event, argument):
        nonlocal left
        frame.f_trace_opcodes = True
        left -= 1
        if left == 0:
            signal.raise_signal(signal.SIGTERM)
        return trace
    with stop.heard():
        signal.signal(signal.SIGALRM, lambda *_: signal.raise_signal(signal.SIGTERM))
        signal.setitimer(signal.ITIMER_REAL, 0.05)
        sys.settrace(trace)
        stop.wait()
        sys.settrace(None)
        signal.setitimer(signal.ITIMER_REAL, 0)
    return left <= 0

step = 1
while waits(step):
    step += 1
print(step)
"""


def test_a_signal_at_any_step_of_the_wait_ends_it():
    done = subprocess.run([sys.executable, "-c", AT_EVERY_STEP], capture_output=True, text=True, timeout=LIMIT_S, check=True)
    assert int(done.stdout) > 5


def test_waiting_ends_with_the_reason_to_give_up():
    assert wait_until(lambda: True, lambda: False)
    assert not wait_until(lambda: False, lambda: True)
