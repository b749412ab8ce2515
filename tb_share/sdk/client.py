"""What a project's experiments are, for programs: tables as pandas DataFrames, every point of a series, and the files beside the logs.

Asks the routes that the Experiments tab asks; a token's rights are its owner's, at most (docs/guide/tokens.md). Only reads.
"""

from __future__ import annotations

import io
import os
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlencode

import requests

from tb_share.errors import SetUpError, ShareError
from tb_share.sdk.server import kept_tokens, server_address

if TYPE_CHECKING:
    import pandas as pd

FROM_ENVIRONMENT: Final = "TB_SHARE_TOKEN"
"""The variable that holds a token."""
_DEADLINE_S: Final = 60.0
_START_S: Final = 120.0
"""For so long a project's TensorBoard may take to start."""
_PAUSE_S: Final = 1.0
_MOST_SERIES: Final = 500
_LONGEST_QUERY: Final = 3000
"""The server reads addresses of about 4,000 characters."""
_PIECE: Final = 1024 * 1024
_PREFIXES: Final = {"p": "params.", "m": "metrics."}


class RequestRefused(ShareError):
    """The server said no; ``status`` and ``code`` are its own, ``text`` says what to do."""

    def __init__(self, status: int, code: str, text: str) -> None:
        super().__init__(text)
        self.status, self.code = status, code  # type: ignore[misc]  # of a class elsewhere, of the answer here


class Client:
    """One server, asked with one token.

    ``url`` is the server's address. ``token`` is an API token; without one, that of the variable ``TB_SHARE_TOKEN``, or the one that
    ``tb-share login URL`` kept on this machine. ``ca_file`` names the certificate authority of a server inside a company.

    Raises:
        SetUpError: the address is none, or there is no token for it.
    """

    def __init__(self, url: str, token: str | None = None, *, ca_file: str | None = None) -> None:
        self.url: Final = server_address(url)
        found = token or os.environ.get(FROM_ENVIRONMENT) or kept_tokens().get(self.url)
        if not found:
            raise SetUpError(f"There is no token for {self.url}. Run: tb-share login {self.url}")
        self._session = requests.Session()
        self._session.auth = Bearer(found)
        self._session.verify = ca_file or True

    def projects(self) -> list[dict[str, Any]]:
        """The projects that the token may read, as the REST API describes them."""
        found: list[dict[str, Any]] = self._ask("/api/v1/projects").json()["projects"]
        return found

    def experiments(self, project: str, of: Sequence[str] = ("last",)) -> pd.DataFrame:
        """All experiments that are visible, a row each, by id.

        ``of`` names which values of metrics are wanted: ``last``, ``first``, ``min``, ``max``, ``count``, and ``steps`` for those of the
        others. Columns: ``name``, ``state``, ``started`` (UTC), ``duration`` (seconds), ``run_count``, ``warnings`` (a sentence a
        line), ``params.NAME``, and for metrics ``metrics.NAME`` for last values, ``metrics.NAME:min`` and so on for others. What an
        experiment does not have is NaN, or empty where a column holds text.

        Raises:
            RequestRefused: there is no such project for this token, or no such value of metrics.
        """
        import pandas as pd

        names, columns = self._table(project, "experiments", [("of", ",".join(of))])
        frame = pd.DataFrame(dict(zip(map(_title, names), columns, strict=True))).set_index("id")
        frame["started"] = pd.to_datetime(frame["started"], unit="s", utc=True)
        return frame

    def series(
        self,
        project: str,
        experiments: str | Sequence[str],
        metrics: str | Sequence[str],
        *,
        steps: tuple[float | None, float | None] = (None, None),
    ) -> pd.DataFrame:
        """Every point of these metrics of these experiments (ids), as training wrote it.

        A row for each point, by experiment, metric and step; columns ``experiment``, ``metric``, ``step``, ``wall_time`` (Unix seconds),
        ``value``. ``steps`` bounds them, both ends included. What is not there has no rows.

        Raises:
            RequestRefused: there is no such project for this token.
        """
        import numpy as np
        import pandas as pd

        ids, labels = _listed(experiments), _listed(metrics)
        bounds = [(name, repr(float(step))) for name, step in zip(("from", "to"), steps, strict=True) if step is not None]
        found = [self._points(project, some, few, bounds) for some, few in _asked(ids, labels)]
        parts = [part for parts in found for part in parts]
        names = ("experiment", "metric", "step", "wall_time", "value")
        made = {name: np.concatenate([part[at] for part in parts]) if parts else np.empty(0) for at, name in enumerate(names)}
        return pd.DataFrame(made)

    def experiment(self, project: str, experiment: str) -> dict[str, Any]:
        """One experiment: parameters and where they stand, runs, metrics with their values and steps, warnings.

        Raises:
            RequestRefused: there is no such experiment for this token.
        """
        found: dict[str, Any] = self._ask(_route(project, "experiment", [("id", experiment)])).json()
        return found

    def files(self, project: str, experiment: str) -> list[dict[str, Any]]:
        """What lies beside the event files: ``name``, ``size`` (bytes), ``modified`` (Unix seconds).

        Raises:
            RequestRefused: there is no such experiment for this token.
        """
        found: list[dict[str, Any]] = self._ask(_route(project, "files", [("id", experiment)])).json()["files"]
        return found

    def download(self, project: str, experiment: str, name: str, to: str | os.PathLike[str]) -> Path:
        """Fetch one of these files to the path ``to``, which is there only once all of it is; the path.

        Raises:
            RequestRefused: there is no such file for this token, or the server hands none out.
            SetUpError: the connection broke off.
        """
        path = Path(to)
        partial = path.with_name(f".{path.name}.{os.getpid()}.part")
        answer = self._ask(_route(project, "file", [("id", experiment), ("name", name)]), stream=True)
        try:
            with answer, partial.open("xb") as file:
                size = sum(file.write(piece) for piece in answer.iter_content(_PIECE))
            if size != int(answer.headers.get("Content-Length", size)):
                raise requests.ConnectionError
            partial.replace(path)
        except requests.RequestException as error:
            raise SetUpError(f"{name} broke off. Try again.") from error
        finally:
            partial.unlink(missing_ok=True)
        return path

    def _points(self, project: str, ids: list[str], labels: list[str], bounds: list[tuple[str, str]]) -> list[list[Any]]:
        import numpy as np

        asked = [*(("id", each) for each in ids), *(("label", each) for each in labels), ("points", "all"), *bounds]
        try:
            _, (experiment, label, *rest) = self._table(project, "series", asked)
        except RequestRefused as refused:
            if refused.code != "too_many_points":
                raise
            # Together they are too many, and each of them alone is not.
            halves = _halved(ids, labels)
            return [part for some, few in halves for part in self._points(project, some, few, bounds)]
        named = (np.array(names, dtype=object)[places.astype(int)] for names, places in ((ids, experiment), (labels, label)))
        return [[*named, *rest]]

    def _table(self, project: str, route: str, asked: list[tuple[str, str]]) -> tuple[list[str], list[Any]]:
        """Names and columns of an Arrow stream: arrays of numbers, lists of texts."""
        import nanoarrow
        import numpy as np

        answer = self._ask(_route(project, route, asked)).content
        table = nanoarrow.ArrayStream.from_readable(io.BytesIO(answer)).read_all()
        names, columns = table.to_columns_pysequence()
        return names, [each if isinstance(each, list) else np.asarray(each) for each in columns]

    def _ask(self, target: str, *, stream: bool = False) -> requests.Response:
        until = time.monotonic() + _START_S
        while True:
            try:
                answer = self._session.get(
                    f"{self.url}{target}", headers={"Accept": "application/json"}, timeout=_DEADLINE_S, allow_redirects=False, stream=stream
                )
            except requests.exceptions.SSLError as error:
                raise SetUpError(f"The certificate of {self.url} is not believed. Name its authority with ca_file.") from error
            except requests.RequestException as error:
                raise SetUpError(f"No tb-share answers at {self.url}. Check the address.") from error
            if answer.status_code == requests.codes.ok:
                return answer
            # A project's TensorBoard starts when somebody asks for it.
            if answer.status_code != requests.codes.service_unavailable or time.monotonic() > until:
                raise _refused(answer)
            answer.close()
            time.sleep(_PAUSE_S)


class Bearer(requests.auth.AuthBase):
    """An API token, given as ``auth`` of requests, so that no ``.netrc`` comes in its place."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """The same request, with the token."""
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


def _refused(answer: requests.Response) -> RequestRefused:
    try:
        error = answer.json()["error"]
        return RequestRefused(answer.status_code, str(error["code"]), str(error["message"]))
    except (requests.RequestException, ValueError, KeyError, TypeError):
        return RequestRefused(answer.status_code, "unknown", f"It answers with status {answer.status_code}. Check the address.")


def _route(project: str, route: str, asked: list[tuple[str, str]]) -> str:
    return f"/p/{quote(project, safe='')}/data/plugin/tb_share/{route}?{urlencode(asked)}"


def _title(name: str) -> str:
    """``p:lr`` is ``params.lr``, ``m:loss`` is ``metrics.loss``, ``min:loss`` is ``metrics.loss:min``."""
    kind, colon, label = name.partition(":")
    if not colon:
        return name
    return f"{_PREFIXES[kind]}{label}" if kind in _PREFIXES else f"metrics.{label}:{kind}"


def _listed(names: str | Sequence[str]) -> list[str]:
    return [names] if isinstance(names, str) else list(dict.fromkeys(names))


def _asked(ids: list[str], labels: list[str]) -> Iterator[tuple[list[str], list[str]]]:
    """Parts of them for one address each: experiments first, so that one's points stay together where they can."""
    for few in _parts(labels, _LONGEST_QUERY // 2, _MOST_SERIES):
        for some in _parts(ids, _LONGEST_QUERY // 2, _MOST_SERIES // len(few)):
            yield some, few


def _parts(names: Iterable[str], longest: int, most: int) -> Iterator[list[str]]:
    part: list[str] = []
    length = 0
    for name in names:
        more = len(quote(name, safe="")) + len("&label=")
        if part and (length + more > longest or len(part) == most):
            yield part
            part, length = [], 0
        part.append(name)
        length += more
    if part:
        yield part


def _halved(ids: list[str], labels: list[str]) -> list[tuple[list[str], list[str]]]:
    if len(ids) > 1:
        at = len(ids) // 2
        return [(ids[:at], labels), (ids[at:], labels)]
    at = len(labels) // 2
    return [(ids, labels[:at]), (ids, labels[at:])]
