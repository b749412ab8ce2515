"""Files that hold no data, served by the front door itself: TensorBoard's own, and the portal's bundle.

TensorBoard's are read from the installed package without importing it, packed once as small as gzip can, kept on disk by version and
shared by all projects. Knows no caller: what is here, everybody may have.
"""

from __future__ import annotations

import gzip
import hashlib
import importlib.util
import mimetypes
import os
import re
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from werkzeug import Response

from tb_share.errors import NotFound, SetUpError
from tb_share.gateway.proxy.headers import TENSORBOARD_POLICY
from tb_share.gateway.request_scope import RequestScope
from tb_share.gateway.responses import IMMUTABLE, REVALIDATE

_SHELL: Final = "index.html"
_RELATIVE_ROOT: Final = b'<!doctype html><meta name="tb-relative-root" content="./">'
_ENTRY_SCRIPT: Final = re.compile(rb'<script src="index\.js(?:\?_file_hash=[0-9a-f]+)?"')
_UNTIL_ASKED_AGAIN: Final = "public, no-cache"
_HASH_CHARS: Final = 16
_TYPES: Final = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml", ".ttf": "font/ttf"}
_PACKED_ALREADY: Final = frozenset({".woff2", ".woff", ".png", ".ico", ".webp"})


@dataclass(frozen=True, slots=True)
class Asset:
    """One file, ready to be sent."""

    body: bytes
    gzipped: bytes | None
    content_type: str
    etag: str


class TensorBoardAssets:
    """TensorBoard's page, scripts and fonts."""

    def __init__(self, cache: Path) -> None:
        self._zip = _webfiles()
        self.hash = hashlib.sha256(self._zip.read_bytes()).hexdigest()[:_HASH_CHARS]
        self._cache = cache / f"tensorboard-{self.hash}"
        self._loaded: dict[str, Asset] = {}
        with zipfile.ZipFile(self._zip) as archive:
            self._names = frozenset(name for name in archive.namelist() if not name.endswith("/"))

    def shell(self, environ: Mapping[str, object]) -> Response:
        """TensorBoard's page; its one script comes from an address that never changes its content."""
        response = _answer(self._asset(_SHELL), environ)
        response.headers["Cache-Control"] = REVALIDATE
        return response

    def below_mount(self, path: str, environ: Mapping[str, object]) -> Response | None:
        """A file that the page asks for by a relative address; the same for every project."""
        name = path.removeprefix("/")
        if name not in self._names or name == _SHELL:
            return None
        response = _answer(self._asset(name), environ)
        response.headers["Cache-Control"] = _UNTIL_ASKED_AGAIN
        return response

    def by_hash(self, scope: RequestScope) -> Response:
        """``/tb-assets/<hash>/<file>``: never changes, so never asked for twice."""
        wanted, _, name = scope.params["rest"].partition("/")
        response = None if wanted != self.hash else self.below_mount(name, scope.request.environ)
        if response is None:
            raise NotFound
        response.headers["Cache-Control"] = IMMUTABLE
        return response

    def at_root(self, scope: RequestScope) -> Response:
        """Files that TensorBoard's scripts ask for at the root of the origin, whatever the mount."""
        response = self.below_mount(scope.path, scope.request.environ)
        if response is None:
            raise NotFound
        return response

    def _asset(self, name: str) -> Asset:
        if name not in self._loaded:
            self._loaded[name] = self._load(name)
        return self._loaded[name]

    def _load(self, name: str) -> Asset:
        with zipfile.ZipFile(self._zip) as archive:
            body = archive.read(name)
        if name == _SHELL:
            body = _RELATIVE_ROOT + _ENTRY_SCRIPT.sub(f'<script src="/tb-assets/{self.hash}/index.js"'.encode(), body)
        suffix = Path(name).suffix
        gzipped = None if suffix in _PACKED_ALREADY else self._packed(name, body)
        return Asset(body if gzipped is None else b"", gzipped, _content_type(suffix), f"{self.hash}-{len(body):x}")

    def _packed(self, name: str, body: bytes) -> bytes:
        # The name is one of the archive's; hashing it keeps folders, and anything else in it, out of the file system.
        path = self._cache / (hashlib.sha256(name.encode() + b"\0" + hashlib.sha256(body).digest()).hexdigest() + ".gz")
        try:
            return path.read_bytes()
        except FileNotFoundError:
            packed = gzip.compress(body, 9, mtime=0)
            _write_whole(path, packed)
            return packed


class PortalFiles:
    """The portal's built bundle: these files, by name, and no path into the file system."""

    def __init__(self, folder: Path) -> None:
        self._files = {
            str(path.relative_to(folder)): path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink()
        }
        self._loaded: dict[str, tuple[int, Asset, str]] = {}

    def url(self, name: str) -> str:
        """The address of a file, with its hash, so that browsers may keep it."""
        return f"/static/{name}?v={self._load(name)[1]}" if name in self._files else f"/static/{name}"

    def answer(self, scope: RequestScope) -> Response:
        """``/static/<file>``."""
        name = scope.params["rest"]
        if name not in self._files:
            raise NotFound
        asset, digest = self._load(name)
        response = _answer(asset, scope.request.environ)
        # Chunks below static/ carry a hash in their names.
        fixed = scope.query == f"v={digest}" or name.startswith("static/")
        response.headers["Cache-Control"] = IMMUTABLE if fixed else _UNTIL_ASKED_AGAIN
        del response.headers["Content-Security-Policy"]
        return response

    def _load(self, name: str) -> tuple[Asset, str]:
        # A file that was built anew has another address, without a restart; one that a build has just removed is still known.
        known = self._loaded.get(name)
        with suppress(FileNotFoundError):
            written_ns = self._files[name].stat().st_mtime_ns
            if known is None or known[0] != written_ns:
                known = self._loaded[name] = (written_ns, *_read(self._files[name]))
        if known is None:
            raise NotFound
        return known[1:]


def _read(path: Path) -> tuple[Asset, str]:
    body = path.read_bytes()
    digest = hashlib.sha256(body).hexdigest()[:_HASH_CHARS]
    gzipped = None if path.suffix in _PACKED_ALREADY else gzip.compress(body, 9, mtime=0)
    return Asset(body, gzipped, _content_type(path.suffix), digest), digest


def destinations(tensorboard: TensorBoardAssets, portal: PortalFiles) -> dict[str, Callable[[RequestScope], Response]]:
    """What is answered from here, by the name of the route."""
    return {
        "tensorboard_asset": tensorboard.by_hash,
        "font": tensorboard.at_root,
        "editor": tensorboard.at_root,
        "portal_asset": portal.answer,
    }


def _answer(asset: Asset, environ: Mapping[str, object]) -> Response:
    gzip_ok = _accepts_gzip(environ)
    etag = f'"{asset.etag}{"-gzip" if gzip_ok and asset.gzipped is not None else ""}"'
    headers = {"ETag": etag, "Content-Security-Policy": TENSORBOARD_POLICY, "Vary": "Accept-Encoding"}
    if etag in str(environ.get("HTTP_IF_NONE_MATCH", "")):
        return Response(status=304, headers=headers)
    body = asset.body
    if asset.gzipped is not None:
        if gzip_ok:
            body = asset.gzipped
            headers["Content-Encoding"] = "gzip"
        elif not body:
            body = gzip.decompress(asset.gzipped)
    return Response(body, headers=headers, content_type=asset.content_type)


def _accepts_gzip(environ: Mapping[str, object]) -> bool:
    for offer in str(environ.get("HTTP_ACCEPT_ENCODING", "")).split(","):
        coding, _, quality = offer.strip().partition(";")
        if coding.strip().lower() in {"gzip", "*"}:
            return quality.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False


def _content_type(suffix: str) -> str:
    if suffix in _TYPES:
        return _TYPES[suffix]
    guessed = mimetypes.types_map.get(suffix, "application/octet-stream")
    return f"{guessed}; charset=utf-8" if guessed.startswith("text/") else guessed


def _webfiles() -> Path:
    # Finding the package does not import it: it is heavy, and its plugins have no business in this process.
    spec = importlib.util.find_spec("tensorboard")
    for folder in (spec.submodule_search_locations if spec is not None else None) or ():
        path = Path(folder) / "webfiles.zip"
        if path.is_file():
            return path
    raise SetUpError("TensorBoard's web files are missing. Install it again: pip install --force-reinstall tensorboard")


def _write_whole(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    Path(temporary).replace(path)
