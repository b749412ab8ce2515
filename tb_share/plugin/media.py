"""What an experiment logged besides scalars: a list of it, images with their bytes, texts. Read-only.

Everything is read through the data provider, which knows the caller's scope; a run that it does not show is a run that is not there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from tensorboard import errors, plugin_util
from tensorboard.data import provider
from werkzeug import Request, Response

from tb_share.model.experiment import Experiment, RunRef
from tb_share.plugin.answers import INERT, as_json, refusal, revalidated
from tb_share.plugin.image_type import image_type
from tb_share.plugin.table import label_of

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

MOST_EXPERIMENTS: Final = 100
MOST_RUNS: Final = 100
_MOST_STEPS: Final = 1000
_MOST_TEXTS: Final = 100
_MOST_CHARACTERS: Final = 100_000
_LONGEST_NUMBER: Final = 19
_SIZE_VALUES: Final = 2
"""Before the images of a step, TensorBoard keeps their width and their height."""
ELSEWHERE: Final = {
    "histograms": ("histograms",),
    "graphs": ("graphs", "graph_run_metadata", "graph_run_metadata_graph", "graph_keras_model"),
    "pr_curves": ("pr_curves",),
    "audio": ("audio",),
    "mesh": ("mesh",),
    "custom_scalars": ("custom_scalars",),
}
"""TensorBoard's own tabs, by the plugins whose data they show."""


class Media:
    """WSGI applications, one for each route."""

    def __init__(self, data: Any, experiments: Callable[[WSGIEnvironment], Iterable[Experiment]]) -> None:
        self._data = data
        self._experiments = experiments

    def media(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Of the experiments ``id``, repeatable: their images, their texts, and what of them TensorBoard's own tabs show."""
        request = Request(environ)
        ids = list(dict.fromkeys(request.args.getlist("id")))
        if not 0 < len(ids) <= MOST_EXPERIMENTS:
            return _bad(f"Ask for 1 to {MOST_EXPERIMENTS} experiments, each by its id.", request)(environ, start_response)
        seen = {each.id: each.runs for each in self._experiments(environ)}
        chosen = {each: seen[each] for each in ids if each in seen}
        return as_json({"experiments": self._listed(environ, chosen)}, request)(environ, start_response)

    def images(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """At which steps the runs ``run``, repeatable, have images of ``tag``, and how many at each."""
        request = Request(environ)
        runs, tag = list(dict.fromkeys(request.args.getlist("run"))), request.args.get("tag")
        if tag is None or not 0 < len(runs) <= MOST_RUNS:
            return _bad(f"Name one tag and 1 to {MOST_RUNS} runs.", request)(environ, start_response)
        found = self._sequences(environ, runs, tag)
        listed = [
            {
                "run": run,
                "points": [
                    {"step": int(datum.step), "wall": float(datum.wall_time), "samples": len(datum.values) - _SIZE_VALUES}
                    for datum in found[run]
                    if len(datum.values) > _SIZE_VALUES
                ],
            }
            for run in runs
            if run in found
        ]
        return as_json({"images": listed}, request)(environ, start_response)

    def image(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The bytes of the image of ``run`` and ``tag`` at ``step``, the first one or that of ``sample``."""
        request = Request(environ)
        run, tag = request.args.get("run"), request.args.get("tag")
        step, sample = _whole(request.args.get("step", "")), _whole(request.args.get("sample", "0"))
        if run is None or tag is None or step is None or sample is None or sample < 0:
            return _bad("Name a run and a tag, and write step and sample as whole numbers.", request)(environ, start_response)
        keys = [
            datum.values[sample + _SIZE_VALUES].blob_key
            for datum in self._sequences(environ, [run], tag).get(run, ())
            if datum.step == step and len(datum.values) > sample + _SIZE_VALUES
        ]
        if not keys:
            return refusal("not_found", "There is no such image, or TensorBoard keeps it no longer.", request, 404)(environ, start_response)
        # Of two with one step, the later one is what training meant.
        try:
            content = self._data.read_blob(_context(environ), blob_key=keys[-1])
        except errors.InvalidArgumentError:
            # TensorBoard's data server does not understand its own keys where a name in them holds a quotation mark or a backslash.
            return refusal("not_readable", "TensorBoard cannot read an image of this name.", request, 404)(environ, start_response)
        return _picture(content, request)(environ, start_response)

    def texts(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The newest texts of ``run`` and ``tag``, as they stand."""
        request = Request(environ)
        run, tag = request.args.get("run"), request.args.get("tag")
        if run is None or tag is None:
            return _bad("Name a run and a tag.", request)(environ, start_response)
        found = self._data.read_tensors(
            _context(environ),
            experiment_id=plugin_util.experiment_id(environ),
            plugin_name="text",
            downsample=_MOST_STEPS,
            run_tag_filter=provider.RunTagFilter(runs=[run], tags=[tag]),
        )
        points = [_text_point(datum) for datum in list(found.get(run, {}).get(tag, ()))[-_MOST_TEXTS:]]
        return as_json({"texts": points}, request)(environ, start_response)

    def _listed(self, environ: WSGIEnvironment, chosen: Mapping[str, tuple[RunRef, ...]]) -> list[dict[str, object]]:
        runs = [run.name for each in chosen.values() for run in each]
        if not runs:
            return []
        images, texts = self._list("list_blob_sequences", environ, "images", runs), self._list("list_tensors", environ, "text", runs)
        tabs = {tab: self._with_data(environ, plugins, runs) for tab, plugins in ELSEWHERE.items()}
        return [
            {
                "id": each,
                "images": [
                    {**_named(run, tag), "samples": max(found.max_length - _SIZE_VALUES, 0)}
                    for run in members
                    for tag, found in sorted(images.get(run.name, {}).items())
                ],
                "texts": [_named(run, tag) for run in members for tag in sorted(texts.get(run.name, {}))],
                "tabs": {
                    tab: [run.name for run in members if run.name in with_data]
                    for tab, with_data in tabs.items()
                    if any(run.name in with_data for run in members)
                },
            }
            for each, members in chosen.items()
        ]

    def _with_data(self, environ: WSGIEnvironment, plugins: tuple[str, ...], runs: list[str]) -> set[str]:
        ways = ("list_tensors", "list_blob_sequences")
        return {run for plugin in plugins for how in ways for run in self._list(how, environ, plugin, runs)}

    def _list(self, how: str, environ: WSGIEnvironment, plugin: str, runs: list[str]) -> Mapping[str, Mapping[str, Any]]:
        found: Mapping[str, Mapping[str, Any]] = getattr(self._data, how)(
            _context(environ),
            experiment_id=plugin_util.experiment_id(environ),
            plugin_name=plugin,
            run_tag_filter=provider.RunTagFilter(runs=runs),
        )
        return {run: tags for run, tags in found.items() if tags}

    def _sequences(self, environ: WSGIEnvironment, runs: list[str], tag: str) -> dict[str, Any]:
        found = self._data.read_blob_sequences(
            _context(environ),
            experiment_id=plugin_util.experiment_id(environ),
            plugin_name="images",
            downsample=_MOST_STEPS,
            run_tag_filter=provider.RunTagFilter(runs=runs, tags=[tag]),
        )
        return {run: tags[tag] for run, tags in found.items() if tag in tags}


def _context(environ: WSGIEnvironment) -> Any:
    return plugin_util.context(environ)


def _named(run: RunRef, tag: str) -> dict[str, object]:
    return {"label": label_of(run, tag), "run": run.name, "tag": tag}


def _picture(content: bytes, request: Request) -> Response:
    kind = image_type(content)
    if kind is None:
        return refusal("not_an_image", "What was logged here is no PNG, JPEG, GIF, BMP or WebP image.", request, 404)
    response = Response(content, content_type=kind)
    response.headers["Content-Security-Policy"] = INERT
    return revalidated(response, request)


def _text_point(datum: Any) -> dict[str, object]:
    parts = [part.decode("utf-8", "replace") if isinstance(part, bytes) else str(part) for part in datum.numpy.ravel().tolist()]
    text = "\n".join(parts)
    return {
        "step": int(datum.step),
        "wall": float(datum.wall_time),
        "text": text[:_MOST_CHARACTERS],
        "cut": max(len(text) - _MOST_CHARACTERS, 0),
    }


def _whole(text: str) -> int | None:
    digits = text.removeprefix("-")
    return int(text) if digits.isascii() and digits.isdecimal() and len(digits) <= _LONGEST_NUMBER else None


def _bad(message: str, request: Request) -> Response:
    return refusal("bad_request", message, request, 400)
