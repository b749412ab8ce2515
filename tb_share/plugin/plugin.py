"""The plugin named ``tb_share``: an Experiments tab in any TensorBoard, read-only.

In a plain ``tensorboard`` it reads ``--logdir``; in a host of ours it is handed the catalogue. Who sees what is the data provider's doing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tensorboard.plugins import base_plugin

from tb_share.logdir.catalogue import Catalogue
from tb_share.logdir.kept_catalogue import KeptCatalogue
from tb_share.plugin.media import Media
from tb_share.plugin.routes import Routes
from tb_share.plugin.static_files import StaticFiles

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

STATIC: Final = Path(__file__).parent / "static"


class ExperimentsPlugin(base_plugin.TBPlugin):
    """What TensorBoard loads by the entry point."""

    plugin_name = "tb_share"

    def __init__(self, context: Any, catalogue: Callable[[], Catalogue] | None = None) -> None:
        catalogue = catalogue or _catalogue_of(context)
        self._routes = Routes(context.data_provider, catalogue)
        self._media = Media(context.data_provider, catalogue)
        self._files = StaticFiles(STATIC)

    def get_plugin_apps(self) -> Mapping[str, WSGIApplication]:
        """The routes below ``data/plugin/tb_share``."""
        return {
            "/context": self._routes.context,
            "/experiments": self._routes.experiments,
            "/experiment": self._routes.experiment,
            "/series": self._routes.series,
            "/media": self._media.media,
            "/images": self._media.images,
            "/image": self._media.image,
            "/texts": self._media.texts,
            "/index.js": self._files,
            "/static/*": self._files,
        }

    def is_active(self) -> bool:
        """Always: an empty logdir has its own page."""
        return True

    def frontend_metadata(self) -> Any:
        """The tab."""
        return base_plugin.FrontendMetadata(es_module_path="/index.js", tab_name="Experiments", disable_reload=False)


class ExperimentsLoader(base_plugin.TBLoader):
    """Loads the plugin over a catalogue of somebody else's, where TensorBoard itself is told of no logdir."""

    def __init__(self, catalogue: Callable[[], Catalogue]) -> None:
        self._catalogue = catalogue

    def load(self, context: Any) -> ExperimentsPlugin:
        """The plugin."""
        return ExperimentsPlugin(context, self._catalogue)


def _catalogue_of(context: Any) -> Callable[[], Catalogue]:
    logdir: str = getattr(context.flags, "logdir", "") or ""
    if not logdir or not _is_local(logdir):
        return lambda: Catalogue((), "none")
    return KeptCatalogue(Path(logdir).expanduser()).now


def _is_local(logdir: str) -> bool:
    return "://" not in logdir
