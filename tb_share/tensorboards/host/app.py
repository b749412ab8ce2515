"""TensorBoard's own WSGI application over a scoped provider, behind the check of the hand-off note."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Final

import grpc
from tensorboard import auth, default, errors, program
from tensorboard.backend import application
from tensorboard.plugins.core import core_plugin

from tb_share import handoff
from tb_share.handoff import NOTE_KEY, Note
from tb_share.model.tensorboard_routes import Kind, wanted
from tb_share.plugin.plugin import ExperimentsLoader
from tb_share.tensorboards.host import fast_series
from tb_share.tensorboards.host.rustboard import DataServerAway
from tb_share.tensorboards.host.scoped_provider import AUTH_KEY, ScopedProvider
from tb_share.tensorboards.host.specification import Specification

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_HEADER: Final = "HTTP_" + handoff.HEADER.upper().replace("-", "_")
_EXPERIMENT_HEADER: Final = "HTTP_TENSORBOARD_EXPERIMENT_ID"
_ALL: Final = 2**31 - 1
_READ_THE_DISK: Final = ("projector", "debugger")
_SERVERS_OWN: Final = {
    "/data/logdir": {"logdir": ""},
    "/data/notifications": {"notifications": []},
}
_GONE: Final = {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.CANCELLED}


def tensorboard_app(specification: Specification, scoped: ScopedProvider, experiments: ExperimentsLoader) -> WSGIApplication:
    """TensorBoard with an explicit list of plugins."""
    tensorboard = program.TensorBoard(plugins=[*_plugins(foreign=specification.settings.foreign_plugins), experiments])
    tensorboard._fix_mime_types()  # noqa: SLF001 - without it its scripts have no type and are not cached
    # An address switches off every loader of its own; it is never asked, since the provider is ours.
    tensorboard.configure(
        argv=("tb-share",),
        grpc_data_provider="127.0.0.1:1",
        logdir="",
        window_title=specification.project_id,
        # Its handlers sample once more what RustBoard kept; there 0 means none, not all.
        samples_per_plugin={plugin: count or _ALL for plugin, count in specification.settings.samples_per_plugin.items()},
    )
    app: WSGIApplication = application.TensorBoardWSGIApp(
        tensorboard.flags,
        tensorboard.plugin_loaders,
        scoped,
        tensorboard.assets_zip_provider,
        None,
        auth_providers={AUTH_KEY: _NoteOfRequest()},
        experimental_middlewares=[
            fast_series.middleware(scoped, (tensorboard.flags.samples_per_plugin or {}).get("scalars", fast_series.SAMPLES))
        ],
    )
    return app


def _plugins(*, foreign: bool) -> list[Any]:
    """The built-in plugins; those that read the disk themselves only where the administrator wants them (S-FILE-9)."""
    static = list(default.get_static_plugins())
    static[0] = core_plugin.CorePluginLoader(include_debug_info=False)
    if foreign:
        return [*static, *(plugin for plugin in default.get_dynamic_plugins() if not _is_ours(plugin))]
    return [plugin for plugin in static if not any(name in repr(plugin) for name in _READ_THE_DISK)]


def _is_ours(plugin: Any) -> bool:
    return str(getattr(plugin, "__module__", "")).startswith("tb_share.")


class _NoteOfRequest(auth.AuthProvider):
    def authenticate(self, environ: WSGIEnvironment) -> Note:
        note = environ.get(NOTE_KEY)
        if not isinstance(note, Note):
            raise errors.PermissionDeniedError("Nobody is asking.")
        return note


class Door:
    """The outermost layer: a note, a listed address, a listed method, or nothing."""

    def __init__(self, app: WSGIApplication, specification: Specification, now: Callable[[], float] = time.time) -> None:
        self._app = app
        self._specification = specification
        self._now = now

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        specification = self._specification
        note = handoff.read(environ.pop(_HEADER, ""), specification.handoff_key, specification.project_id, self._now())
        if note is None:
            return _answer(start_response, "401 Unauthorized", {"error": "no note"})
        # It would forge the experiment id and switch off TensorBoard's own handling of the prefix.
        environ.pop(_EXPERIMENT_HEADER, None)
        environ[NOTE_KEY] = note
        path = environ.get("PATH_INFO", "")
        if path == "/healthz":
            return _answer(start_response, "200 OK", {"network": specification.network})
        want = wanted(path.removeprefix("/"))
        if want.kind is Kind.UNKNOWN or want.kind is Kind.LEGACY or (want.kind is Kind.FOREIGN and not note.foreign_plugins):
            return _answer(start_response, "404 Not Found", {"error": "not found"})
        if environ["REQUEST_METHOD"] not in want.methods:
            return _answer(start_response, "405 Method Not Allowed", {"error": "method not allowed"})
        if want.path_below_experiment in _SERVERS_OWN:
            return _answer(start_response, "200 OK", _SERVERS_OWN[want.path_below_experiment])
        return self._forward(environ, start_response)

    def _forward(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        try:
            return self._app(environ, start_response)
        except DataServerAway:
            return _answer(start_response, "503 Service Unavailable", {"error": "starting"})
        except grpc.RpcError as error:
            if error.code() not in _GONE:
                return self._failed(error, start_response)
            return _answer(start_response, "503 Service Unavailable", {"error": "starting"})
        except Exception as error:  # noqa: BLE001 - TensorBoard raises whatever a missing parameter leads to
            return self._failed(error, start_response)

    def _failed(self, error: Exception, start_response: StartResponse) -> Iterable[bytes]:
        # The kind alone: texts of errors hold names of runs and tags.
        print(f"{self._specification.project_id}: TensorBoard raised {type(error).__name__}", file=sys.stderr, flush=True)
        return _answer(start_response, "500 Internal Server Error", {"error": "TensorBoard could not answer"})


def _answer(start_response: StartResponse, status: str, body: object) -> list[bytes]:
    text = json.dumps(body).encode()
    headers = [("Content-Type", "application/json"), ("Content-Length", str(len(text))), ("Cache-Control", "no-store")]
    start_response(status, [*headers, ("Retry-After", "1")] if status.startswith("503") else headers)
    return [text]
