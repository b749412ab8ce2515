"""The panel's built files, by an explicit list of names: a path is never put together from what was asked (S-FILE-1)."""

from __future__ import annotations

import hashlib
import mimetypes
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from werkzeug import Request, Response

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_ROUTE: Final = "/data/plugin/tb_share/"
_TYPES: Final = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".json": "application/json"}
_NOT_BUILT: Final = (
    "export function render() {\n"
    "  document.body.textContent =\n"
    "    'The Experiments tab was not built. Install tb-share from a wheel, or run \"make frontend\" in a checkout.';\n"
    "}\n"
)


class StaticFiles:
    """``index.js`` is asked about each time; the files below ``static/`` carry a hash in their names and never change."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._files = {path.relative_to(directory).as_posix(): path for path in directory.rglob("*") if path.is_file()}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        request = Request(environ)
        name = request.path.partition(_ROUTE)[2] or request.path.rpartition("/")[2]
        return self._answer(name, request)(environ, start_response)

    def _answer(self, name: str, request: Request) -> Response:
        path = self._files.get(name)
        if path is not None:
            content = path.read_bytes()
        elif name == "index.js":
            content = _NOT_BUILT.encode()
        else:
            return Response("not found", 404, {"X-Content-Type-Options": "nosniff"})
        suffix = "." + name.rpartition(".")[2]
        kind = _TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
        response = Response(content, content_type=kind)
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Cache-Control"] = "private, no-cache" if name == "index.js" else "private, max-age=31536000, immutable"
        response.set_etag(hashlib.sha256(content).hexdigest()[:32])
        return response.make_conditional(request)
