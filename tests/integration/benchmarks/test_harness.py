"""The benchmarks measure what they say: their logs are TensorBoard's, and a difference between the sides is found before anything is timed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from tests.benchmarks import measures, sides
from tests.benchmarks.equality import ON_PURPOSE, differences
from tests.benchmarks.pairs import Compared
from tests.benchmarks.replay import recorded, replay
from tests.benchmarks.sets import SIZES, Size, made, tags_of, write_run

TINY = Size("tiny", runs=8, tags=20, steps=300)


def accumulated(directory):
    reader = EventAccumulator(str(directory), size_guidance={"scalars": 0, "tensors": 0})
    reader.Reload()
    return reader


def test_tensorboards_own_reader_finds_every_point_that_was_written(tmp_path):
    for number in (0, 3, 7):  # plain, with images and histograms, started again halfway
        write_run(tmp_path, TINY, number)
        reader = accumulated(tmp_path / "sweep_000" / f"run_{number:05d}")
        tags = set(reader.Tags()["tensors"])
        assert set(tags_of(TINY)) <= tags
        assert ("weights" in tags) == ("samples" in tags) == (number == 3)
        for tag in tags_of(TINY):
            assert [event.step for event in reader.Tensors(tag)] == list(range(0, 3000, 10))
            times = [event.wall_time for event in reader.Tensors(tag)]
            assert times == sorted(times)


@pytest.fixture(scope="module")
def three(tmp_path_factory):
    """All three sides over the small set, with everything loaded."""
    size = SIZES["S"]
    with sides.stock(made("S")) as stock, sides.ours(made("S")) as ours, sides.in_front_of(stock) as front:
        chart = next(each for each in recorded("S") if each.target.endswith("/timeSeries"))
        for side in (stock, ours, front):
            measures.wait_until_loaded(side, size, chart)
        yield stock, ours, front


def test_every_recorded_answer_is_the_same_through_us(three):
    stock, ours, front = three
    assert len(recorded("S")) > 30
    assert differences(stock, ours, recorded("S")) == []
    assert differences(stock, front, recorded("S")) == []
    assert sum(each.target in ON_PURPOSE for each in recorded("S")) <= 4


def test_a_difference_is_found(three):
    stock, ours, _ = three
    chart = next(each for each in recorded("S") if each.target.endswith("/timeSeries"))
    stranger = replace(ours, cookie="")
    assert differences(stock, stranger, [chart]) == [chart.name]
    with pytest.raises(SystemExit, match="401"):
        replay(stranger, [chart], 1)


def test_a_replay_counts_every_answer_and_the_cpu_of_all_processes(three):
    stock, _, front = three
    for side in (stock, front):
        figures = measures.dashboard(side, recorded("S"), 2)
        assert figures["wall"] > 0
        assert figures["bytes"] > 1
    assert len(front.processes()) >= 4
    assert measures.small(front, "/data/environment", 20)["p99"] > 0


def test_a_ratio_is_of_pairs():
    compared = Compared("x", stock=(1.0, 2.0, 4.0), ours=(2.0, 1.0, 1.0))
    assert compared.ratios == [2.0, 0.5, 0.25]
    assert compared.differences == [1.0, -1.0, -3.0]
    assert "0.50" in compared.line()
