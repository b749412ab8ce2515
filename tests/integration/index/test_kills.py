"""200 kills -9 of the indexer at random moments, while its logdir grows, shrinks and is written anew: what is left equals a fresh index."""

from __future__ import annotations

import multiprocessing
import os
import random
import shutil
import time
from dataclasses import dataclass, field
from pathlib import Path

from tb_share.logdir.index import writer
from tb_share.logdir.index.writer import Writer
from tests.indexes import KeptIndex

LOGDIRS = Path(__file__).parents[2] / "logdirs"
KILLS = 200
LOOK_AFTER = 20


def write(directory, logdir):
    """What the indexer's process does, with a commit after each few runs, so that there are many moments between two."""
    writer._BATCH_S, writer._TOGETHER_BYTES = 0.0, 5000
    made = Writer.begin(directory, logdir)
    while True:
        made.poll()


@dataclass
class Training:
    """Writes real event files piece by piece, as trainings do, and sometimes what people do to them."""

    logdir: Path
    chance: random.Random
    sources: list[Path] = field(default_factory=lambda: sorted(LOGDIRS.rglob("*tfevents*")))

    def go_on(self):
        for _ in range(self.chance.randint(1, 6)):
            source = self.chance.choice(self.sources)
            file = self.logdir / source.relative_to(LOGDIRS)
            what = self.chance.random()
            if what < 0.03 and file.parent.is_dir():
                shutil.rmtree(file.parent)
            elif what < 0.06 and file.exists():
                self.replace(file)
            else:
                self.append(source, file)

    def append(self, source, file):
        """Some more bytes, which need not end where a record does."""
        file.parent.mkdir(parents=True, exist_ok=True)
        there = file.stat().st_size if file.exists() else 0
        data = source.read_bytes()
        more = len(data) if self.chance.random() < 0.3 else self.chance.randint(1, 4000)
        with file.open("ab") as target:
            target.write(data[there : there + more])

    def replace(self, file):
        """Another file of the same name."""
        other = file.with_name(f".{file.name}.new")
        data = self.chance.choice(self.sources).read_bytes()
        other.write_bytes(data[: self.chance.randint(0, len(data))])
        other.replace(file)


def told(kept):
    """Everything that readers are told, whatever order things were read in; not a number equals itself as text."""
    view = kept.view()
    series = {}
    for run in view.slices:
        for row in view.series_of(run):
            numbers = [str(row[name]) for name in row.dtype.names if name not in ("tag", "plugin", "file")]
            series[run, view.texts[row["tag"]]] = [view.texts[row["plugin"]], *numbers]
    points = {
        (run, tag): (each.steps.tolist(), each.walls.tolist(), each.values.tobytes())
        for run in view.slices
        for tag, each in kept.index.points(view, run).items()
    }
    return {each.id: each for each in view.catalogue.experiments}, series, points, view.progress.state


def test_200_kills_leave_an_index_that_equals_a_fresh_one(tmp_path):
    seed = int(os.environ.get("TB_SHARE_SEED", "20261128"))
    training = Training(tmp_path / "logs", random.Random(seed))
    training.logdir.mkdir()
    kept = tmp_path / "index"
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.integration.index.test_kills"])
    interrupted = 0
    for number in range(1, KILLS + 1):
        training.go_on()
        process = context.Process(target=write, args=(kept, training.logdir), daemon=True)
        process.start()
        time.sleep(training.chance.random() * 0.08)
        training.go_on()
        time.sleep(training.chance.random() * 0.04)
        process.kill()
        process.join()
        interrupted += list(kept.glob("*-wal")) != []
        if number % LOOK_AFTER == 0:
            old, fresh = KeptIndex(training.logdir, kept), KeptIndex(training.logdir)
            for was, is_ in zip(told(old), told(fresh), strict=True):
                assert was == is_, (seed, number)
            old.writer.close()
            fresh.writer.close()
    assert interrupted > KILLS // 2
