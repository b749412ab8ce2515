"""The plugin's routes for what lies beside the event files: the list of it, and one file's bytes. Read-only.

For whoever may read files in the project (S-FILE-9). A file's bytes are never a page of ours: they come as an attachment of no particular
type, under a policy that lets nothing run (S-FILE-6).
"""

from __future__ import annotations

import os
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import asdict, replace
from typing import IO, TYPE_CHECKING, BinaryIO, Final, cast
from urllib.parse import quote

from werkzeug import Request, Response
from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.wsgi import FileWrapper

from tb_share.handoff import NOTE_KEY, Note
from tb_share.logdir.belongings import NOTHING, LogdirFiles
from tb_share.logdir.catalogue import Catalogue
from tb_share.model.experiment import Experiment
from tb_share.plugin.answers import INERT, as_json, refusal, revalidated

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

    from tb_share.plugin.routes import Seen

MOST_AT_ONCE: Final = 6
"""Files on their way at one time: each holds a thread, and TensorBoard needs some."""
MOST_OF_ONE: Final = 4
"""Of these, to one person: whoever takes files slowly leaves others some."""
_PIECE: Final = 256 * 1024
_RANGE: Final = re.compile(r"bytes=(?:([0-9]{1,18})-([0-9]{0,18})|-([0-9]{1,18}))", re.IGNORECASE)
_UNSAYABLE: Final = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
"""What no header can say: controls, and bytes of a name that are no UTF-8."""
_THIS_MACHINE: Final = re.compile(r"(?:localhost|127\.0\.0\.1|\[::1\])(?::[0-9]+)?", re.IGNORECASE)
"""How a TensorBoard is named by whoever uses the machine that it runs on."""


class Files:
    """WSGI applications, one for each route."""

    def __init__(self, catalogue: Callable[[], Catalogue], seen: Seen, files: LogdirFiles | None) -> None:
        self._catalogue = catalogue
        self._seen = seen
        self._files = files
        self._places = _Places()

    def files(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """What lies in the directories of the experiment ``id``, and where it was trained; nothing for whoever may not read files."""
        request = Request(environ)
        catalogue = self._catalogue()
        experiment = self._asked(request, catalogue)
        if experiment is None:
            return _no_experiment(request)(environ, start_response)
        readable = self._readable(environ)
        found = NOTHING if readable is None else readable.of(experiment, catalogue.experiments)
        return as_json(asdict(found), request)(environ, start_response)

    def file(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The bytes of the file ``name`` of the experiment ``id``, or the range of them that is asked for."""
        request = Request(environ)
        catalogue = self._catalogue()
        experiment, readable = self._asked(request, catalogue), self._readable(environ)
        if experiment is None:
            return _no_experiment(request)(environ, start_response)
        name = request.args.get("name", "")
        file = None if readable is None else readable.opened(experiment, catalogue.experiments, name)
        if file is None:
            return refusal("not_found", "There is no such file, or it is not for you.", request, 404)(environ, start_response)
        who = _who(environ)
        refused = self._places.take(who)
        if refused is not None:
            file.close()
            return refusal("too_many_downloads", refused, request, 429)(environ, start_response)
        return _content(_Sent(file, lambda: self._places.leave(who)), name, request)(environ, start_response)

    def _asked(self, request: Request, catalogue: Catalogue) -> Experiment | None:
        return next((each for each in self._seen(request.environ, catalogue) if each.id == request.args.get("id", "")), None)

    def _readable(self, environ: WSGIEnvironment) -> LogdirFiles | None:
        note = environ.get(NOTE_KEY)
        if isinstance(note, Note):
            return self._files if note.files else None
        if self._files is None or _THIS_MACHINE.fullmatch(environ.get("HTTP_HOST", "")):
            return self._files
        # A page from anywhere may let its own name lead to this machine; the browser then says that name.
        return replace(self._files, contents=False)


class _Places:
    """Who is being sent files, and how many each."""

    def __init__(self) -> None:
        self._taken: Counter[str] = Counter()
        self._lock = threading.Lock()

    def take(self, who: str) -> str | None:
        """A place of those that there are, or why not."""
        with self._lock:
            if self._taken.total() >= MOST_AT_ONCE:
                return "Several people are fetching files at this moment. Try again in a minute."
            if self._taken[who] >= MOST_OF_ONE:
                return f"You are fetching {MOST_OF_ONE} files already. Try again when one of them is there."
            self._taken[who] += 1
            return None

    def leave(self, who: str) -> None:
        """Give it back."""
        with self._lock:
            self._taken[who] -= 1
            if not self._taken[who]:
                del self._taken[who]


class _Sent:
    """A file as long as it was when it was opened: what training adds meanwhile is not part of this answer."""

    def __init__(self, file: BinaryIO, closed: Callable[[], None]) -> None:
        self._file = file
        self._closed: Callable[[], None] | None = closed
        about = os.fstat(file.fileno())
        self.size = about.st_size
        self.tag = f"{about.st_ino:x}-{about.st_mtime_ns:x}-{about.st_size:x}"

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def read(self, most: int) -> bytes:
        return self._file.read(min(most, self.size - self._file.tell()))

    def close(self) -> None:
        self._file.close()
        closed, self._closed = self._closed, None
        if closed is not None:
            closed()


def _content(file: _Sent, name: str, request: Request) -> Response:
    response = Response(FileWrapper(cast("IO[bytes]", file), _PIECE), content_type="application/octet-stream", direct_passthrough=True)
    response.headers["Content-Disposition"] = _attached(name.rpartition("/")[2])
    response.headers["Content-Security-Policy"] = INERT
    response.headers["Content-Length"] = str(file.size)
    try:
        return revalidated(response, _asked_in_one_range(request, file.size), file.tag, file.size)
    except RequestedRangeNotSatisfiable:
        response.close()
        refused = refusal("bad_range", "The file is shorter than that. Ask for it anew.", request, 416)
        refused.headers["Content-Range"] = f"bytes */{file.size}"
        return refused


def _asked_in_one_range(request: Request, size: int) -> Request:
    """The request, with its range from the beginning, or without one: whoever asks for several, or for no bytes, gets the file whole."""
    found = _RANGE.fullmatch(request.headers.get("Range", ""))
    environ = {key: value for key, value in request.environ.items() if key != "HTTP_RANGE"}
    if found is not None:
        first, last, of_end = found.groups()
        if of_end is not None:
            # Of a shorter file, its end is all of it.
            environ["HTTP_RANGE"] = f"bytes={max(0, size - int(of_end))}-"
        elif not last or int(first) <= int(last):
            environ["HTTP_RANGE"] = found[0]
    return Request(environ)


def _attached(name: str) -> str:
    """The header for a file of this name, as RFC 6266 has it: a name that any browser reads, and the true one."""
    sayable = _UNSAYABLE.sub("_", name)
    plain = re.sub(r'["\\]', "_", sayable.encode("ascii", "replace").decode())
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(sayable, safe='')}"


def _who(environ: WSGIEnvironment) -> str:
    """Whose places are taken: a person's, or those of whoever uses a TensorBoard without a login."""
    note = environ.get(NOTE_KEY)
    return f"{note.caller_kind} {note.caller_id}" if isinstance(note, Note) else ""


def _no_experiment(request: Request) -> Response:
    return refusal("not_found", "There is no such experiment.", request, 404)
