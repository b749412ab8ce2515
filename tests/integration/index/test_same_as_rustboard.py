"""Every series of the index against RustBoard's, on logs of four frameworks and on generated ones; the differences are listed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.benchmarks.sets import Size, write_run
from tests.indexes import KeptIndex
from tests.other_readers import alike, as_stock_shows, rustboard

LOGDIRS = Path(__file__).parents[2] / "logdirs"
NAMES = sorted(each.name for each in LOGDIRS.iterdir() if each.is_dir())
GENERATED = Size("few", 20, 12, 300)


def compared(logdir):
    """How many series are equal, and the names of those that are not."""
    mine = KeptIndex(logdir).everything()
    with rustboard(logdir) as other:
        assert other.loaded.wait(60)
        theirs = other.series(other.runs())
    names = {(run, tag) for all_ in (mine, theirs) for run, series in all_.items() for tag in series}
    differing = []
    for run, tag in sorted(names):
        points, found = mine.get(run, {}).get(tag), theirs.get(run, {}).get(tag)
        ours = None if points is None else (points.steps, points.walls, points.values)
        if not alike(ours, None if found is None else as_stock_shows(found)):
            differing.append((run, tag))
    return len(names) - len(differing), differing


@pytest.mark.parametrize("name", NAMES)
def test_every_series_of_real_logs_is_rustboards(name):
    count, differing = compared(LOGDIRS / name)
    assert differing == []
    assert count > 0


def test_every_series_of_generated_logs_is_rustboards(tmp_path):
    for number in range(GENERATED.runs):
        write_run(tmp_path, GENERATED, number)
    assert compared(tmp_path) == (GENERATED.runs * GENERATED.tags, [])
