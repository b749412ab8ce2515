"""Indexes of logdirs for tests that need one at once, without a process."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from pathlib import Path

from tb_share.logdir.catalogue import Catalogue
from tb_share.logdir.index.reader import Index
from tb_share.logdir.index.writer import Writer


class KeptIndex:
    """A writer and a reader of one logdir; what is asked for is looked at first."""

    def __init__(self, logdir, directory=None):
        self.directory = Path(directory or _for_now())
        self.logdir = Path(logdir)
        self.writer = Writer.begin(self.directory, self.logdir)
        self.index = Index(self.directory)

    def view(self):
        """Everything as it lies there now."""
        self.writer.poll()
        self.index._fresh_until = 0.0
        return self.index.view()

    def now(self) -> Catalogue:
        """The experiments."""
        return self.view().catalogue

    def everything(self):
        """All points by run and tag."""
        view = self.view()
        return {run: self.index.points(view, run) for run in view.slices}


def _for_now() -> str:
    directory = tempfile.mkdtemp(prefix="tbs-index-")
    atexit.register(shutil.rmtree, directory, ignore_errors=True)
    return directory
