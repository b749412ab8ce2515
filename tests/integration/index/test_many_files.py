"""More files than a process may open."""

from __future__ import annotations

import multiprocessing
import resource
from pathlib import Path

from tb_share.logdir.index.reader import Index
from tb_share.logdir.index.writer import Writer

LOGDIR = Path(__file__).parents[2] / "logdirs" / "tensorboardx"
FILES = 11_000
MOST_OPEN = 64


def write(directory, logdir):
    resource.setrlimit(resource.RLIMIT_NOFILE, (MOST_OPEN, MOST_OPEN))
    Writer.begin(directory, logdir).poll()


def test_11000_files_are_read_by_a_process_that_may_open_64(tmp_path):
    logdir, kept = tmp_path / "logs", tmp_path / "index"
    data = min((path.read_bytes() for path in LOGDIR.rglob("*tfevents*")), key=len)
    for number in range(FILES):
        run = logdir / f"sweep_{number // 100:03}" / f"run_{number:05}"
        run.mkdir(parents=True)
        (run / "events.out.tfevents.1700000000.host.1.0").write_bytes(data)
    process = multiprocessing.get_context("spawn").Process(target=write, args=(kept, logdir))
    process.start()
    process.join()
    assert process.exitcode == 0
    view = Index(kept).view()
    assert view.progress.state == "complete"
    assert (view.progress.files, view.progress.files_done) == (FILES, FILES)
    assert len(view.slices) == FILES
    first, last = f"sweep_000/run_{0:05}", f"sweep_{(FILES - 1) // 100:03}/run_{FILES - 1:05}"
    assert len(view.series_of(first)) > 0
    assert view.series_of(first)["last"].tobytes() == view.series_of(last)["last"].tobytes()
