"""Runs that are read together say what each says when it is read alone: at first, and when their files grow, go back and break."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tb_share.logdir.index import writer
from tests.benchmarks.sets import Size, write_run
from tests.indexes import KeptIndex
from tests.integration.index.test_kills import told

LOGDIRS = Path(__file__).parents[2] / "logdirs"
GENERATED = Size("few", 20, 12, 60)


@pytest.fixture
def sources(tmp_path):
    """Bytes of files by name: real ones, and generated ones of which some runs have two, with images between the scalars."""
    for number in range(GENERATED.runs):
        write_run(tmp_path / "made", GENERATED, number)
    roots = (LOGDIRS, tmp_path / "made")
    return {str(each.relative_to(root)): each.read_bytes() for root in roots for each in sorted(root.rglob("*tfevents*"))}


def grown(logdir, sources, part, chance):
    """The logdir when so much of each file is written; of some runs a piece comes again in a file of its own, so that steps go back."""
    for name, data in sources.items():
        file = logdir / name
        file.parent.mkdir(parents=True, exist_ok=True)
        there = file.stat().st_size if file.exists() else 0
        with file.open("ab") as target:
            target.write(data[there : int(len(data) * part)])
        if chance.random() < 0.1:
            file.with_name(f"{file.name}.again{part}").write_bytes(data[: int(len(data) * part)])
        if chance.random() < 0.05:
            file.write_bytes(data[: len(data) // 3] + b"\x00" * 40)


def test_reading_together_and_one_by_one_make_one_index(tmp_path, sources, monkeypatch):
    logdir, chance = tmp_path / "logs", random.Random(20261128)
    together, alone = (KeptIndex(logdir, tmp_path / name) for name in ("together", "alone"))
    reads = []
    monkeypatch.setattr(writer, "read", lambda tails, *others, read=writer.read: reads.append(len(tails)) or read(tails, *others))
    for part in (0.3, 0.5, 0.51, 1):
        grown(logdir, sources, part, chance)
        found = told(together)
        assert max(reads) > 5
        reads.clear()
        with monkeypatch.context() as patched:
            patched.setattr(writer, "_TOGETHER_BYTES", 0)
            expected = told(alone)
        assert set(reads) == {1}
        reads.clear()
        for was, is_ in zip(found, expected, strict=True):
            assert was == is_, part
    assert len(found[2]) > 400
