"""The plugin named ``tb_share``: an Experiments tab in any TensorBoard, read-only.

In a plain ``tensorboard`` it keeps an index of ``--logdir`` and shows everything; a host of ours hands it an index, and says who sees what.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tensorboard.plugins import base_plugin

from tb_share.logdir.belongings import LogdirFiles
from tb_share.logdir.index.process import Indexer
from tb_share.logdir.index.reader import Index
from tb_share.plugin.files import Files
from tb_share.plugin.media import Media
from tb_share.plugin.routes import Routes, Seen
from tb_share.plugin.static_files import StaticFiles

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

STATIC: Final = Path(__file__).parent / "static"
_THIS_MACHINE: Final = frozenset({"localhost", "127.0.0.1", "::1"})


class ExperimentsPlugin(base_plugin.TBPlugin):
    """What TensorBoard loads by the entry point."""

    plugin_name = "tb_share"

    def __init__(
        self,
        context: Any,
        index: Index | None = None,
        seen: Seen | None = None,
        files: LogdirFiles | None = None,
        dashboards_fail: Callable[[], bool] = lambda: False,
    ) -> None:
        if index is None:
            index, seen, files = _index_of(context), lambda _, catalogue: catalogue.experiments, _files_of(context)
        # Whoever hands over an index and says nothing of who sees what shows nothing.
        seen = seen or (lambda _, __: ())
        self._routes = Routes(index, seen, dashboards_fail)
        self._files = Files(lambda: index.view().catalogue, seen, files)
        self._media = Media(context.data_provider, lambda environ: seen(environ, index.view().catalogue))
        self._static = StaticFiles(STATIC)

    def get_plugin_apps(self) -> Mapping[str, WSGIApplication]:
        """The routes below ``data/plugin/tb_share``."""
        return {
            "/context": self._routes.context,
            "/experiments": self._routes.experiments,
            "/experiment": self._routes.experiment,
            "/files": self._files.files,
            "/file": self._files.file,
            "/series": self._routes.series,
            "/media": self._media.media,
            "/images": self._media.images,
            "/image": self._media.image,
            "/texts": self._media.texts,
            "/index.js": self._static,
            "/static/*": self._static,
        }

    def is_active(self) -> bool:
        """Always: an empty logdir has its own page."""
        return True

    def frontend_metadata(self) -> Any:
        """The tab."""
        return base_plugin.FrontendMetadata(es_module_path="/index.js", tab_name="Experiments", disable_reload=False)


class ExperimentsLoader(base_plugin.TBLoader):
    """Loads the plugin over an index of somebody else's, where TensorBoard itself is told of no logdir."""

    def __init__(
        self, index: Index, seen: Seen, files: LogdirFiles | None = None, dashboards_fail: Callable[[], bool] = lambda: False
    ) -> None:
        self._index, self._seen, self._files, self._dashboards_fail = index, seen, files, dashboards_fail

    def load(self, context: Any) -> ExperimentsPlugin:
        """The plugin."""
        return ExperimentsPlugin(context, self._index, self._seen, self._files, self._dashboards_fail)


def _logdir_of(context: Any) -> Path | None:
    logdir: str = getattr(context.flags, "logdir", "") or ""
    return None if not logdir or "://" in logdir else Path(logdir).expanduser().absolute()


def _files_of(context: Any) -> LogdirFiles | None:
    """Those of ``--logdir``. TensorBoard has no login: their contents are for a TensorBoard that only this machine reaches."""
    path = _logdir_of(context)
    flags = context.flags
    # An empty host is not none: it is every address that the machine has.
    host = getattr(flags, "host", None)
    alone = not getattr(flags, "bind_all", False) and (host is None or host in _THIS_MACHINE)
    return None if path is None else LogdirFiles(path, contents=alone)


def _index_of(context: Any) -> Index:
    path = _logdir_of(context)
    if path is None:
        return Index(None)
    directory = _cache() / hashlib.sha256(os.fsencode(path)).hexdigest()[:16]
    Indexer(directory, path).start()
    return Index(directory)


def _cache() -> Path:
    """Where indexes of a plain ``tensorboard`` are kept; where nothing can be written there, only for as long as it runs."""
    from platformdirs import user_cache_path

    path = user_cache_path("tb-share", appauthor=False) / "index"
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        return Path(tempfile.mkdtemp(prefix="tb-share-index-"))
    return path if os.access(path, os.W_OK) else Path(tempfile.mkdtemp(prefix="tb-share-index-"))
