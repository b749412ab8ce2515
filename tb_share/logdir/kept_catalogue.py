"""The catalogue of one logdir, looked at again only when somebody asks and it is no longer fresh."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from tb_share.logdir.catalogue import Catalogue

_FRESH_S: Final = 2.0
_SHARE_OF_TIME: Final = 20
"""A look at the logdir that took a second is good for twenty: large logdirs must not keep a core busy."""


class KeptCatalogue:
    """Shared by the threads of one process: of several who ask at once, one looks and the others wait for it."""

    def __init__(self, logdir: Path, follow_links_to: Sequence[Path] = (), clock: Callable[[], float] = time.monotonic) -> None:
        self._logdir = logdir
        self._follow = tuple(follow_links_to)
        self._clock = clock
        self._lock = threading.Lock()
        self._catalogue: Catalogue | None = None
        self._good_until = 0.0

    def now(self) -> Catalogue:
        """The experiments of now, or of moments ago."""
        with self._lock:
            if self._catalogue is None or self._clock() >= self._good_until:
                began = self._clock()
                self._catalogue = Catalogue.scan(self._logdir, self._follow, self._catalogue)
                took = self._clock() - began
                self._good_until = self._clock() + max(_FRESH_S, _SHARE_OF_TIME * took)
            return self._catalogue
