"""The plugin's data routes: context, table, series, one experiment. All of them read from the index, of which the caller sees a part."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any, Final

from werkzeug import Request, Response

from tb_share.handoff import NOTE_KEY, Note, introduction
from tb_share.logdir.catalogue import Catalogue
from tb_share.logdir.index.reader import Index, Progress, View
from tb_share.logdir.points.columns import Points
from tb_share.model.experiment import Experiment
from tb_share.model.share_link import ChosenExperiments
from tb_share.plugin import arrow, series
from tb_share.plugin.answers import as_json, finite, refusal, revalidated
from tb_share.plugin.kept_tables import KeptTables, Table
from tb_share.plugin.table import STATISTICS, Metric, columns, metrics, span, statistics

if TYPE_CHECKING:
    import numpy as np
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

Seen = Callable[["WSGIEnvironment", Catalogue], Sequence[Experiment]]
"""Which experiments whoever asks may see."""
_ARROW: Final = "application/vnd.apache.arrow.stream"
_BAD_SERIES: Final = "Ask for at most 500 series, and write numbers as numbers."
_TOO_MANY: Final = f"That is more than {series.MOST_WHOLE_POINTS:,} points. Ask for fewer series at once."
_ALL: Final = "all"
_BAD_TABLE: Final = f"Ask of metrics for {', '.join(STATISTICS)}, separated by commas, and sort by columns that are asked for."
_MOST_DIGITS: Final = 9


class Routes:
    """WSGI applications, one for each route."""

    def __init__(self, index: Index, seen: Seen, dashboards_fail: Callable[[], bool] = lambda: False) -> None:
        self._index = index
        self._seen = seen
        self._dashboards_fail = dashboards_fail
        self._version = _own_version()
        self._tables = KeptTables()

    def context(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Who is asking, whether a gateway stands in front, whether there is anything to see, how far the index is, if other tabs fail."""
        note = environ.get(NOTE_KEY)
        view = self._index.view()
        body = {
            "version": self._version,
            "gateway": introduction(note) if isinstance(note, Note) else None,
            "logdir_empty": not self._seen(environ, view.catalogue),
            "index": asdict(_progress(note, view)),
            "dashboards_fail": self._dashboards_fail(),
        }
        return as_json(body, Request(environ))(environ, start_response)

    def experiments(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The table, as an Arrow IPC stream.

        ``of`` names the statistics of each metric, ``last`` if nothing is said; ``sort``, repeatable, columns by their names, with ``-``
        before it for descending; ``offset`` and ``limit`` a part of the rows. The schema's metadata say how many there are: ``total``.
        """
        request = Request(environ)
        view = self._index.view()
        seen = self._seen(environ, view.catalogue)
        # The scope alone: what somebody may not see has no part in it.
        scope = "all" if len(seen) == len(view.catalogue.experiments) else ",".join(each.id for each in seen)
        tag = hashlib.sha256(repr((view.catalogue.version, scope, request.query_string)).encode()).hexdigest()[:32]
        if request.if_none_match.contains(tag):
            return revalidated(Response(status=304), request, tag)(environ, start_response)
        try:
            of = statistics(request.args.get("of", "last"))
            offset, limit = _whole_number(request, "offset"), _whole_number(request, "limit")
            key = (view.catalogue.version, scope, of)
            table = self._tables.of(key, lambda: Table(columns(seen, view, of), len(seen)))
            page = table.page(request.args.getlist("sort"), offset or 0, limit)
        except (ValueError, KeyError):
            return refusal("bad_request", _BAD_TABLE, request, 400)(environ, start_response)
        response = Response(arrow.stream(page, {"total": str(table.count)}), content_type=_ARROW)
        return revalidated(response, request, tag)(environ, start_response)

    def experiment(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """One experiment, by ``id``."""
        request = Request(environ)
        view = self._index.view()
        experiment = self._by_id(environ, view).get(request.args.get("id", ""))
        if experiment is None:
            return refusal("not_found", "There is no such experiment.", request, 404)(environ, start_response)
        return as_json(_described(experiment, view), request)(environ, start_response)

    def series(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Points of the metrics ``label`` of the experiments ``id``, both repeatable, as an Arrow IPC stream.

        ``from`` and ``to`` bound the steps; ``points`` is how many rows of each series a chart can show, or ``all``.
        """
        request = Request(environ)
        ids, labels = request.args.getlist("id"), request.args.getlist("label")
        try:
            window = _window(request)
        except ValueError:
            return refusal("bad_request", _BAD_SERIES, request, 400)(environ, start_response)
        if len(ids) * len(labels) > series.MOST_SERIES:
            return refusal("bad_request", _BAD_SERIES, request, 400)(environ, start_response)
        view = self._index.view()
        # One after the other: no more than one experiment's points are held at once.
        seen = self._by_id(environ, view)
        if window.points is None and _is_too_much([seen[each] for each in ids if each in seen], frozenset(labels), view):
            return refusal("too_many_points", _TOO_MANY, request, 400)(environ, start_response)
        asked = (self._points(view, seen.get(each), frozenset(labels)) for each in ids)
        response = Response(arrow.stream(series.columns(asked, labels, window)), content_type=_ARROW)
        return revalidated(response, request)(environ, start_response)

    def _by_id(self, environ: WSGIEnvironment, view: View) -> dict[str, Experiment]:
        return {each.id: each for each in self._seen(environ, view.catalogue)}

    def _points(self, view: View, experiment: Experiment | None, labels: frozenset[str]) -> dict[str, Points]:
        if experiment is None:
            return {}
        found: dict[str, Points] = {}
        by_run: dict[str, list[Metric]] = {}
        for metric in metrics(experiment.runs, view):
            if metric.label in labels:
                by_run.setdefault(metric.run, []).append(metric)
        for run, wanted in by_run.items():
            points = self._index.points(view, run, [metric.tag for metric in wanted])
            found |= {metric.label: points[metric.tag] for metric in wanted if metric.tag in points}
        return found


def _progress(note: object, view: View) -> Progress:
    """How far the index is. Whoever sees chosen experiments is not told how many files there are, nor how they grow (S-LINK-7)."""
    if isinstance(note, Note) and isinstance(note.scope, ChosenExperiments):
        return Progress(view.progress.state)
    return view.progress


def _described(experiment: Experiment, view: View) -> dict[str, object]:
    started, ended = span(experiment, view)
    return {
        "id": experiment.id,
        "name": experiment.name,
        "path": experiment.path,
        "state": experiment.state.value,
        "started": None if math.isnan(started) else started,
        "ended": None if math.isnan(ended) else ended,
        "duration": None if math.isnan(ended - started) else ended - started,
        "params": dict(experiment.parameters),
        "param_sources": list(experiment.parameter_sources),
        "runs": [{"name": run.name, "suffix": run.suffix, "tags": _scalar_tags(view.series_of(run.name))} for run in experiment.runs],
        "metrics": [
            {"label": each.label, "run": each.run, "tag": each.tag, **_summary(each.summary)} for each in metrics(experiment.runs, view)
        ],
        "warnings": list(experiment.warnings),
    }


def _scalar_tags(records: np.ndarray[Any, Any]) -> int:
    return int(((records["is_scalar"] == 1) & (records["count"] > 0)).sum())


def _summary(record: np.void) -> dict[str, object]:
    """The last, first, least and greatest value with their steps, and how many there are; NaN is neither least nor greatest."""
    found: dict[str, object] = {"last": finite(float(record["last"])), "step": int(record["last_step"])}
    found |= {"count": int(record["count"]), "first": finite(float(record["first"])), "first_step": int(record["first_step"])}
    if record["nans"] < record["count"]:
        for name in ("min", "max"):
            found |= {name: finite(float(record[name])), f"{name}_step": int(record[f"{name}_step"])}
    return found


def _whole_number(request: Request, name: str) -> int | None:
    text = request.args.get(name)
    if text is None:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS):
        raise ValueError
    return int(text)


def _is_too_much(experiments: Sequence[Experiment], labels: frozenset[str], view: View) -> bool:
    counts = [int(each.summary["count"]) for one in experiments for each in metrics(one.runs, view) if each.label in labels]
    return len(counts) > 1 and sum(counts) > series.MOST_WHOLE_POINTS


def _window(request: Request) -> series.Window:
    first, last = (float(request.args.get(name) or default) for name, default in (("from", "-inf"), ("to", "inf")))
    if math.isnan(first) or math.isnan(last):
        raise ValueError
    return series.Window(_most_points(request), first, last)


def _most_points(request: Request) -> int | None:
    if request.args.get("points") == _ALL:
        return None
    points = _whole_number(request, "points")
    if points is None:
        return series.USUAL_POINTS
    if not 0 < points <= series.MOST_POINTS:
        raise ValueError
    return points


def _own_version() -> str:
    try:
        return version("tb-share")
    except PackageNotFoundError:
        return "unknown"
