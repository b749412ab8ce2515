"""The plugin's data routes: context, table, series, one experiment.

Everything is read through the data provider, which knows the caller's scope.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any, Final

from tensorboard import plugin_util
from tensorboard.data import provider
from werkzeug import Request, Response

from tb_share.handoff import NOTE_KEY, Note
from tb_share.logdir.catalogue import Catalogue
from tb_share.logdir.points.columns import Points
from tb_share.logdir.points.kept import KeptSeries
from tb_share.model.experiment import Experiment, RunRef
from tb_share.plugin import arrow, series
from tb_share.plugin.answers import as_json as _json
from tb_share.plugin.answers import revalidated as _revalidated
from tb_share.plugin.table import STATISTICS, Last, columns, duration, metrics, statistics, visible_experiments

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


_ARROW: Final = "application/vnd.apache.arrow.stream"
_BAD_REQUEST: Final = {"error": {"code": "bad_request", "message": "Ask for at most 500 series, and write numbers as numbers."}}
_NO_SUCH_STATISTIC: Final = {
    "error": {"code": "bad_request", "message": f"Ask of metrics for {', '.join(STATISTICS)}, separated by commas."}
}


class Routes:
    """WSGI applications, one for each route."""

    def __init__(self, data: Any, catalogue: Callable[[], Catalogue]) -> None:
        self._data = data
        self._catalogue = catalogue
        self._version = _own_version()
        self._kept = KeptSeries()

    def context(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Who is asking, whether a gateway stands in front, whether there is anything to see."""
        note = environ.get(NOTE_KEY)
        runs = self._runs(environ)
        body = {"version": self._version, "gateway": _gateway(note) if isinstance(note, Note) else None, "logdir_empty": not runs}
        return _json(body, Request(environ))(environ, start_response)

    def experiments(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The table, as an Arrow IPC stream; ``of`` names the statistics of each metric, ``last`` if nothing is said."""
        request = Request(environ)
        try:
            of = statistics(request.args.get("of", "last"))
        except ValueError:
            return _json(_NO_SUCH_STATISTIC, request, 400)(environ, start_response)
        catalogue = self._catalogue()
        rows = visible_experiments(catalogue, self._runs(environ))
        last = self._last(environ, [run.name for _, runs in rows for run in runs])
        summaries = [] if set(of) <= {"last", "last_step"} else [self._summaries(catalogue, runs) for _, runs in rows]
        response = Response(arrow.stream(columns(rows, last, of, summaries)), content_type=_ARROW)
        return _revalidated(response, request)(environ, start_response)

    def experiment(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """One experiment, by ``id``."""
        request = Request(environ)
        wanted = request.args.get("id", "")
        catalogue = self._catalogue()
        for experiment, runs in visible_experiments(catalogue, self._runs(environ)):
            if experiment.id == wanted:
                last = self._last(environ, [run.name for run in runs])
                described = _described(experiment, runs, last, self._points(catalogue, runs))
                return _json(described, request)(environ, start_response)
        return _json({"error": {"code": "not_found", "message": "There is no such experiment."}}, request, 404)(environ, start_response)

    def series(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Points of the metrics ``label`` of the experiments ``id``, both repeatable, as an Arrow IPC stream.

        ``from`` and ``to`` bound the steps; ``points`` is how many rows of each series a chart can show.
        """
        request = Request(environ)
        ids, labels = request.args.getlist("id"), request.args.getlist("label")
        try:
            window = _window(request)
        except ValueError:
            return _json(_BAD_REQUEST, request, 400)(environ, start_response)
        if len(ids) * len(labels) > series.MOST_SERIES:
            return _json(_BAD_REQUEST, request, 400)(environ, start_response)
        catalogue = self._catalogue()
        seen = {each.id: runs for each, runs in visible_experiments(catalogue, self._runs(environ))}
        # One after the other: no more than one experiment's points are held beside those that are kept anyway.
        asked = (self._points(catalogue, seen.get(each, ())) for each in ids)
        response = Response(arrow.stream(series.columns(asked, labels, window)), content_type=_ARROW)
        return _revalidated(response, request)(environ, start_response)

    def _summaries(self, catalogue: Catalogue, runs: tuple[RunRef, ...]) -> dict[str, dict[str, float | int]]:
        return {label: series.extremes(points) for label, points in self._points(catalogue, runs).items()}

    def _points(self, catalogue: Catalogue, runs: tuple[RunRef, ...]) -> dict[str, Points]:
        return series.by_label(runs, {run.name: self._kept.of(run.name, catalogue.files.get(run.name, ())) for run in runs})

    def _runs(self, environ: WSGIEnvironment) -> list[str]:
        found = self._data.list_runs(plugin_util.context(environ), experiment_id=plugin_util.experiment_id(environ))
        return [run.run_name for run in found]

    def _last(self, environ: WSGIEnvironment, runs: list[str]) -> Last:
        if not runs:
            return {}
        found: Last = self._data.read_last_scalars(
            plugin_util.context(environ),
            experiment_id=plugin_util.experiment_id(environ),
            plugin_name="scalars",
            run_tag_filter=provider.RunTagFilter(runs=runs),
        )
        return found


def _gateway(note: Note) -> dict[str, object]:
    return {
        "api": f"/api/v1/projects/{note.project_id}",
        "project": note.project_id,
        "caller": {"kind": note.caller_kind, "name": note.caller_name, "role": note.role},
        "may": list(note.may),
        "portal": note.portal,
    }


def _described(experiment: Experiment, runs: tuple[RunRef, ...], last: Last, points: Mapping[str, Points]) -> dict[str, object]:
    took = duration(experiment, runs, last)
    return {
        "id": experiment.id,
        "name": experiment.name,
        "path": experiment.path,
        "state": experiment.state.value,
        "started": experiment.started,
        "duration": None if math.isnan(took) else took,
        "params": dict(experiment.parameters),
        "param_sources": list(experiment.parameter_sources),
        "runs": [{"name": run.name, "suffix": run.suffix, "tags": len(last.get(run.name, {}))} for run in runs],
        "metrics": [
            {"label": each.label, "run": each.run, "tag": each.tag, "last": _finite(each.last), "step": each.step}
            | {name: _finite(value) for name, value in (series.extremes(points[each.label]) if each.label in points else {}).items()}
            for each in metrics(runs, last)
        ],
        "warnings": list(experiment.warnings),
    }


def _window(request: Request) -> series.Window:
    points = request.args.get("points", str(series.USUAL_POINTS))
    if not (
        points.isascii() and points.isdecimal() and len(points) <= len(str(series.MOST_POINTS)) and 0 < int(points) <= series.MOST_POINTS
    ):
        raise ValueError
    first, last = (float(request.args.get(name) or default) for name, default in (("from", "-inf"), ("to", "inf")))
    if math.isnan(first) or math.isnan(last):
        raise ValueError
    return series.Window(int(points), first, last)


def _finite(value: float) -> float | str:
    """JSON has no NaN and no infinities; TensorBoard writes them as texts, so do we."""
    if math.isfinite(value):
        return value
    return "NaN" if math.isnan(value) else ("Infinity" if value > 0 else "-Infinity")


def _own_version() -> str:
    try:
        return version("tb-share")
    except PackageNotFoundError:
        return "unknown"
