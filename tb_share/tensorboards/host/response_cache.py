"""Remembers TensorBoard's answers for moments, so that many who look at one dashboard cost as much as one.

No entry crosses a scope: the fingerprint of the verified note is part of every key (S-RESP-2), and so is the data server's start, whose
successor may say otherwise. Only listed reading routes are remembered, only whole good answers. Of several who ask the same at once, one
asks TensorBoard and the others wait. Knows no route's meaning beyond its name on the list.

How stale: TensorBoard's data server looks for new data every few seconds anyway; an answer from here is at most ``fresh_s`` older, counted
from when it was made. While a data server still loads, nearly every answer is another one, so what a young one said is kept much shorter.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from werkzeug import Request
from werkzeug.exceptions import HTTPException

from tb_share import handoff
from tb_share.handoff import NOTE_KEY, Note
from tb_share.model.tensorboard_routes import wanted

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

MEMORY: Final = 64 * 1024 * 1024
"""Bytes of answers kept, packed as they are sent."""
FRESH_S: Final = 2.0
_SHARE_OF_AGE: Final = 0.1
ROUTES: Final = frozenset({"/data/runs", "/data/environment", "/data/plugins_listing"}) | frozenset(
    f"/data/plugin/{plugin}/{route}"
    for plugin, routes in {
        "timeseries": "tags timeSeries",
        "scalars": "tags scalars scalars_multirun",
        "custom_scalars": "layout scalars",
        "histograms": "tags histograms",
        "distributions": "tags distributions",
        "images": "tags images",
        "audio": "tags audio",
        "text": "tags text",
        "pr_curves": "tags pr_curves",
        "mesh": "tags",
        "graphs": "info",
        "hparams": "experiment session_groups metric_evals",
    }.items()
    for route in routes.split()
)
"""What is remembered: JSON that the caller's scope and the data decide, and nothing else. Blobs, files and our plugin are not on it."""
_MAX_BODY: Final = 4 * 1024 * 1024
_LONGEST_WAIT_S: Final = 60.0
_OVERHEAD: Final = 1024
_FORMS: Final = ("multipart/form-data", "application/x-www-form-urlencoded")
_FLAGS: Final = "HTTP_X_TENSORBOARD_FEATURE_FLAGS"
_KEPT_HEADERS: Final = frozenset({"content-type", "content-encoding", "x-content-type-options"})

Key = bytes


@dataclass(frozen=True, slots=True)
class Remembered:
    """An answer as it is sent: packed if TensorBoard packed it."""

    headers: tuple[tuple[str, str], ...]
    body: bytes
    packed: bool
    etag: str
    good_until: float


@dataclass(slots=True)
class _Flight:
    """A question that is being asked."""

    landed: threading.Event = field(default_factory=threading.Event)
    answer: Remembered | None = None


@dataclass(frozen=True, slots=True)
class _Raw:
    """What the application said."""

    status: str
    headers: list[tuple[str, str]]
    body: bytes


def fresh_for(age_s: float, reload_interval_s: float) -> float:
    """Seconds for which the answer of a data server of this age is good."""
    return min(FRESH_S, reload_interval_s / 2, _SHARE_OF_AGE * age_s)


class ResponseCache:
    """WSGI middleware inside the check of the note."""

    def __init__(
        self,
        app: WSGIApplication,
        generation: Callable[[], str],
        fresh_s: Callable[[], float] = lambda: FRESH_S,
        memory: int = MEMORY,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._app = app
        self._generation = generation
        self._fresh_s = fresh_s
        self._memory = memory
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: dict[Key, Remembered] = {}
        self._size = 0
        self._flights: dict[Key, _Flight] = {}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer from memory, or ask and remember."""
        note = environ.get(NOTE_KEY)
        asked = _canonical(environ) if isinstance(note, Note) else None
        if asked is None or not isinstance(note, Note):
            return self._app(environ, start_response)
        # Read before asking: what an earlier data server said must not pass for its successor's word.
        generation = self._generation()
        key = hashlib.sha256(repr((handoff.fingerprint(note), generation, asked)).encode("utf-8", "surrogateescape")).digest()
        said = self._remembered_or_asked(key, environ)
        if isinstance(said, _Raw):
            start_response(said.status, said.headers)
            return [said.body]
        return _sent(said, environ, start_response)

    @property
    def size(self) -> int:
        """Bytes held."""
        return self._size

    def _remembered_or_asked(self, key: Key, environ: WSGIEnvironment) -> Remembered | _Raw:
        with self._lock:
            known = self._kept.get(key)
            if known is not None and self._clock() < known.good_until:
                return known
            flight = self._flights.get(key)
            leads = flight is None
            if flight is None:
                flight = self._flights[key] = _Flight()
        if not leads:
            flight.landed.wait(_LONGEST_WAIT_S)
            # Nobody gets another's failure: who waited for nothing asks again.
            return flight.answer or self._ask(key, environ)
        try:
            said = self._ask(key, environ)
            if isinstance(said, Remembered):
                flight.answer = said
            return said
        finally:
            with self._lock:
                del self._flights[key]
                if flight.answer is not None:
                    self._keep(key, flight.answer)
            flight.landed.set()

    def _ask(self, key: Key, environ: WSGIEnvironment) -> Remembered | _Raw:
        # Packed for all: who cannot unpack gets it unpacked from the one copy that is kept.
        raw = _run(self._app, {**environ, "HTTP_ACCEPT_ENCODING": "gzip"})
        if not raw.status.startswith("200"):
            return raw
        headers = tuple((name, value) for name, value in raw.headers if name.lower() in _KEPT_HEADERS)
        packed = any(name.lower() == "content-encoding" and value == "gzip" for name, value in headers)
        etag = hashlib.sha256(key + raw.body).hexdigest()[:32]
        return Remembered(
            tuple((name, value) for name, value in headers if name.lower() != "content-encoding"),
            raw.body,
            packed,
            etag,
            self._clock() + self._fresh_s(),
        )

    def _keep(self, key: Key, answer: Remembered) -> None:
        """Under the lock. Later ones live as long or longer, so the oldest are those that have ended."""
        self._forget(key)
        if _weight(answer) <= self._memory:
            self._kept[key] = answer
            self._size += _weight(answer)
        now = self._clock()
        while self._kept and (self._size > self._memory or now >= next(iter(self._kept.values())).good_until):
            self._forget(next(iter(self._kept)))

    def _forget(self, key: Key) -> None:
        gone = self._kept.pop(key, None)
        self._size -= 0 if gone is None else _weight(gone)


def _weight(answer: Remembered) -> int:
    return len(answer.body) + _OVERHEAD


def _canonical(environ: WSGIEnvironment) -> tuple[object, ...] | None:
    """What is asked, whatever the boundary of its form, or None if it is not to be remembered.

    A body that was read is put back, for whoever answers.
    """
    path = environ.get("PATH_INFO", "")
    if wanted(path.removeprefix("/")).path_below_experiment not in ROUTES:
        return None
    asked = (path, environ.get("QUERY_STRING", ""), environ.get(_FLAGS, ""))
    length = environ.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > _MAX_BODY:
        return None
    match environ["REQUEST_METHOD"]:
        case "GET" if length == "0":
            return ("GET", *asked)
        case "POST":
            body = environ["wsgi.input"].read(int(length))
            environ["wsgi.input"] = io.BytesIO(body)
            content = _content(environ, body)
            return None if content is None else ("POST", *asked, content)
        case _:
            return None


def _content(environ: WSGIEnvironment, body: bytes) -> object | None:
    """The fields of a form, or the bytes of anything else."""
    kind = environ.get("CONTENT_TYPE", "")
    if not kind.lower().startswith(_FORMS):
        return kind, body
    request = Request({**environ, "wsgi.input": io.BytesIO(body)})
    try:
        fields = tuple(request.form.items(multi=True))
    except (HTTPException, ValueError):
        return None
    return None if request.files else fields


def _run(app: WSGIApplication, environ: WSGIEnvironment) -> _Raw:
    said: list[tuple[str, list[tuple[str, str]]]] = []
    written: list[bytes] = []

    def start_response(status: str, headers: list[tuple[str, str]], _failure: object = None) -> Callable[[bytes], object]:
        said.append((status, headers))
        return written.append

    pieces = app(environ, start_response)
    try:
        body = b"".join([*written, *pieces])
    finally:
        close = getattr(pieces, "close", None)
        if close is not None:
            close()
    status, headers = said[-1]
    return _Raw(status, headers, body)


def _sent(answer: Remembered, environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
    request = Request(environ)
    packed = answer.packed and request.accept_encodings["gzip"] > 0
    etag = f"{answer.etag}-gzip" if packed else answer.etag
    caching = [("ETag", f'"{etag}"'), ("Cache-Control", "private, no-cache"), ("Vary", "Accept-Encoding")]
    if request.method == "GET" and request.if_none_match.contains_weak(etag):
        start_response("304 Not Modified", caching)
        return []
    body = gzip.decompress(answer.body) if answer.packed and not packed else answer.body
    coding = [("Content-Encoding", "gzip")] if packed else []
    start_response("200 OK", [*answer.headers, *coding, ("Content-Length", str(len(body))), *caching])
    return [body]
