"""N04 and F14 as pure cases: tries are counted, bodies are measured."""

from __future__ import annotations

import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tb_share.errors import BodyTooLarge
from tb_share.gateway.bodies import BodyCutShort, body_pieces, counted
from tb_share.gateway.limits import FailureCounter


class Clock:
    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def counter(tmp_path: Path, clock: Clock) -> Iterator[FailureCounter]:
    found = FailureCounter(tmp_path / "sub" / "tries", clock)
    yield found
    found.close()


def test_N04_after_twenty_failures_an_address_waits(counter: FailureCounter, clock: Clock) -> None:
    for _ in range(20):
        assert counter.wait_s("1.2.3.4") is None
        counter.failed("1.2.3.4")
    assert counter.wait_s("1.2.3.4") == 60
    assert counter.wait_s("1.2.3.5") is None
    clock.now += 60
    assert counter.wait_s("1.2.3.4") is None


def test_S_LIM_1_tries_that_are_counted_before_they_are_made_cannot_exceed_the_limit_at_once(counter: FailureCounter) -> None:
    with ThreadPoolExecutor(16) as pool:
        allowed = [wait for wait in pool.map(lambda _: counter.taken("link:1"), range(200)) if wait is None]
    assert len(allowed) == 20
    assert counter.taken("link:1") == 60
    counter.forgiven("link:1")
    assert counter.taken("link:1") is None
    assert counter.taken("link:1") == 60


def test_N04_one_client_has_one_count_however_it_is_written(counter: FailureCounter) -> None:
    for n in range(20):
        counter.failed(f"2001:db8::{n:x}")
    assert counter.wait_s("2001:0DB8:0:0:ffff::1") == 60
    for _ in range(20):
        counter.failed("::ffff:9.9.9.9")
    assert counter.wait_s("9.9.9.9") == 60


def test_N04_workers_share_the_table_and_it_does_not_grow(counter: FailureCounter, tmp_path: Path, clock: Clock) -> None:
    other = FailureCounter(tmp_path / "sub" / "tries", clock)
    size = (tmp_path / "sub" / "tries").stat().st_size
    for n in range(3000):
        counter.failed(f"10.0.{n // 250}.{n % 250}")
    for _ in range(20):
        counter.failed("7.7.7.7")
    assert other.wait_s("7.7.7.7") == 60
    assert (tmp_path / "sub" / "tries").stat().st_size == size
    assert (tmp_path / "sub" / "tries").stat().st_mode & 0o777 == 0o600
    other.close()


def test_M10_a_clock_that_jumps_back_frees_nobody_for_ever(counter: FailureCounter, clock: Clock) -> None:
    for _ in range(20):
        counter.failed("1.2.3.4")
    clock.now -= 1000
    assert counter.wait_s("1.2.3.4") is None
    counter.failed("1.2.3.4")
    assert counter.wait_s("1.2.3.4") is None


def environ(body: bytes, length: int | None, *, chunked: bool = False) -> dict[str, object]:
    found: dict[str, object] = {"wsgi.input": io.BytesIO(body)}
    if length is not None:
        found["CONTENT_LENGTH"] = str(length)
    if chunked:
        found["HTTP_TRANSFER_ENCODING"] = "chunked"
    return found


def test_a_body_arrives_whole() -> None:
    assert counted(environ(b"abc", 3), 3).read() == b"abc"
    assert b"".join(body_pieces(counted(environ(b"x" * 200_000, None, chunked=True), 200_000))) == b"x" * 200_000
    assert counted(environ(b"", None), 3).length == 0


def test_F14_a_body_over_the_limit() -> None:
    with pytest.raises(BodyTooLarge):
        counted(environ(b"", 4), 3)
    with pytest.raises(BodyTooLarge):
        counted(environ(b"abcd", None, chunked=True), 3).read()


def test_S_WIRE_2_a_body_that_ends_early_or_breaks() -> None:
    with pytest.raises(BodyCutShort):
        counted(environ(b"ab", 3), 3).read()

    class Broken:
        def read(self, size: int) -> bytes:
            raise RuntimeError(size)

    with pytest.raises(BodyCutShort):
        counted({"wsgi.input": Broken(), "HTTP_TRANSFER_ENCODING": "chunked"}, 3).read(1)
