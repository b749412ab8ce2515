"""TensorBoard's data provider, reduced to what the caller may see. Without a verified note nobody sees anything.

Every method goes through ``_visible``: "all runs" becomes the explicit visible set, and an empty set is answered without asking, since an
empty filter and no filter look alike on the wire. Blob keys name runs in clear, so callers get signed ones, which are checked again.

Where the data server keeps ending, the lists of plugins and of runs still answer, so that the page opens: our own tab needs no data server.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

from tensorboard import errors
from tensorboard.data import provider

from tb_share import handoff
from tb_share.handoff import Note
from tb_share.logdir.catalogue import Catalogue
from tb_share.logdir.layout import is_text
from tb_share.model.experiment import Experiment
from tb_share.signing import Purpose, Signer, hashed
from tb_share.tensorboards.host import found_parameters
from tb_share.tensorboards.host.visible_runs import visible_experiments, visible_runs

AUTH_KEY: Final = "tb_share"
"""Under which ``ctx.auth`` finds the note."""
_FRESH_S: Final = 1.0
_MAX_BLOB_KEY: Final = 32 * 1024
_KEPT: Final = 256


class ScopedProvider(provider.DataProvider):
    """Wraps the provider that ``inner`` gives at the moment of asking; ``keeps_ending`` says that there is not going to be one."""

    def __init__(
        self, inner: Callable[[], Any], catalogue: Callable[[], Catalogue], key: str, keeps_ending: Callable[[], bool] = lambda: False
    ) -> None:
        self._inner = inner
        self._keeps_ending = keeps_ending
        self._catalogue = catalogue
        self._blob_keys = Signer([key], Purpose.BLOB)
        self._kept: dict[object, tuple[float, Any]] = {}
        self._lock = threading.Lock()

    def experiment_metadata(self, ctx: Any, *, experiment_id: str) -> Any:
        """Nothing: paths and names of logdirs are the server's own business (S-RESP-4)."""
        _note(ctx)
        return provider.ExperimentMetadata()

    def list_plugins(self, ctx: Any, *, experiment_id: str) -> list[str]:
        """The plugins that have data in visible runs: the others would tell of hidden ones."""
        note, visible = self._visible(ctx)
        if self._keeps_ending():
            return []
        names = list(self._inner().list_plugins(ctx, experiment_id=experiment_id))
        if found_parameters.PLUGIN not in names and any(each.parameters for each in self._experiments(ctx)):
            names.append(found_parameters.PLUGIN)
        if all(run.run_name in visible for run in self._all_runs(ctx, experiment_id)):
            return names
        key = ("plugins", handoff.fingerprint(note), tuple(names), visible)
        return list(self._remembered(key, lambda: [name for name in names if self._has_data(ctx, experiment_id, name)]))

    def _has_data(self, ctx: Any, experiment_id: str, plugin_name: str) -> bool:
        asked = {"experiment_id": experiment_id, "plugin_name": plugin_name}
        return bool(self.list_scalars(ctx, **asked) or self.list_tensors(ctx, **asked) or self.list_blob_sequences(ctx, **asked))

    def list_runs(self, ctx: Any, *, experiment_id: str) -> list[Any]:
        """The visible runs."""
        _, visible = self._visible(ctx)
        if self._keeps_ending():
            return [provider.Run(run_id=name, run_name=name, start_time=None) for name in sorted(_sayable(visible))]
        return [run for run in self._all_runs(ctx, experiment_id) if run.run_name in visible] if visible else []

    def _all_runs(self, ctx: Any, experiment_id: str) -> list[Any]:
        return list(self._remembered("runs", lambda: self._inner().list_runs(ctx, experiment_id=experiment_id)))

    def list_scalars(self, ctx: Any, *, experiment_id: str, plugin_name: str, run_tag_filter: Any = None) -> Mapping[str, Any]:
        """Of visible runs."""
        return self._filtered("list_scalars", ctx, run_tag_filter, experiment_id=experiment_id, plugin_name=plugin_name)

    def read_scalars(
        self, ctx: Any, *, experiment_id: str, plugin_name: str, downsample: int | None = None, run_tag_filter: Any = None
    ) -> Mapping[str, Any]:
        """Of visible runs."""
        asked = {"experiment_id": experiment_id, "plugin_name": plugin_name, "downsample": downsample}
        return self._filtered("read_scalars", ctx, run_tag_filter, **asked)

    def read_last_scalars(self, ctx: Any, *, experiment_id: str, plugin_name: str, run_tag_filter: Any = None) -> Mapping[str, Any]:
        """Of visible runs."""
        return self._filtered("read_last_scalars", ctx, run_tag_filter, experiment_id=experiment_id, plugin_name=plugin_name)

    def list_tensors(self, ctx: Any, *, experiment_id: str, plugin_name: str, run_tag_filter: Any = None) -> Mapping[str, Any]:
        """Of visible runs; for hparams, with the parameters that we found elsewhere."""
        listed = self._filtered("list_tensors", ctx, run_tag_filter, experiment_id=experiment_id, plugin_name=plugin_name)
        if plugin_name != found_parameters.PLUGIN or run_tag_filter is not None:
            return listed
        return found_parameters.with_found(listed, self._experiments(ctx))

    def _experiments(self, ctx: Any) -> list[Experiment]:
        return list(visible_experiments(_note(ctx), self._catalogue()))

    def read_tensors(
        self, ctx: Any, *, experiment_id: str, plugin_name: str, downsample: int | None = None, run_tag_filter: Any = None
    ) -> Mapping[str, Any]:
        """Of visible runs."""
        asked = {"experiment_id": experiment_id, "plugin_name": plugin_name, "downsample": downsample}
        return self._filtered("read_tensors", ctx, run_tag_filter, **asked)

    def list_blob_sequences(self, ctx: Any, *, experiment_id: str, plugin_name: str, run_tag_filter: Any = None) -> Mapping[str, Any]:
        """Of visible runs."""
        return self._filtered("list_blob_sequences", ctx, run_tag_filter, experiment_id=experiment_id, plugin_name=plugin_name)

    def read_blob_sequences(
        self, ctx: Any, *, experiment_id: str, plugin_name: str, downsample: int | None = None, run_tag_filter: Any = None
    ) -> Mapping[str, Any]:
        """Of visible runs, with keys of our own."""
        asked = {"experiment_id": experiment_id, "plugin_name": plugin_name, "downsample": downsample}
        found = self._filtered("read_blob_sequences", ctx, run_tag_filter, **asked)
        scope = hashed(handoff.fingerprint(_note(ctx)))
        return {
            run: {tag: [self._sealed_datum(datum, run, scope) for datum in data] for tag, data in tags.items()}
            for run, tags in found.items()
        }

    def _sealed_datum(self, datum: Any, run: str, scope: str) -> Any:
        values = [provider.BlobReference(self._blob_keys.sign([value.blob_key, run, scope])) for value in datum.values]
        return provider.BlobSequenceDatum(step=datum.step, wall_time=datum.wall_time, values=values)

    def read_blob(self, ctx: Any, *, blob_key: str) -> bytes:
        """Only by a key that this caller's scope was given, and while its run is visible."""
        note, visible = self._visible(ctx)
        match self._blob_keys.read(blob_key, _MAX_BLOB_KEY):
            case [str(inner), str(run), str(scope)] if run in visible and scope == hashed(handoff.fingerprint(note)):
                return bytes(self._inner().read_blob(ctx, blob_key=inner))
            case _:
                raise errors.NotFoundError("No such image or recording.")

    def list_hyperparameters(self, ctx: Any, *, experiment_ids: Any, limit: int | None = None) -> Any:
        """None beyond those in the event files, which come through ``list_tensors``."""
        _note(ctx)
        return provider.ListHyperparametersResult(hyperparameters=[], session_groups=[])

    def read_hyperparameters(
        self, ctx: Any, *, experiment_ids: Any, filters: Any = None, sort: Any = None, hparams_to_include: Any = None
    ) -> list[Any]:
        """None beyond those in the event files."""
        _note(ctx)
        return []

    def _visible(self, ctx: Any) -> tuple[Note, frozenset[str]]:
        note = _note(ctx)
        return note, visible_runs(note, self._catalogue())

    def _filtered(self, method: str, ctx: Any, run_tag_filter: Any, **asked: object) -> Mapping[str, Any]:
        _, visible = self._visible(ctx)
        wanted = None if run_tag_filter is None else run_tag_filter.runs
        runs = _sayable(visible if wanted is None else visible.intersection(wanted))
        tags = None if run_tag_filter is None else run_tag_filter.tags
        if not runs:
            return {}
        narrowed = provider.RunTagFilter(runs=runs, tags=tags)
        found: Mapping[str, Any] = getattr(self._inner(), method)(ctx, run_tag_filter=narrowed, **asked)
        return {run: found[run] for run in found if run in runs}

    def _remembered(self, key: object, load: Callable[[], Any]) -> Any:
        now = time.monotonic()
        known = self._kept.get(key)
        if known is not None and now < known[0]:
            return known[1]
        found = load()
        with self._lock:
            if len(self._kept) >= _KEPT:
                self._kept.clear()
            self._kept[key] = (now + _FRESH_S, found)
        return found


def _sayable(runs: frozenset[str]) -> frozenset[str]:
    """Names of directories need not be valid UTF-8, those of RustBoard are: it calls such a run something else."""
    try:
        "".join(runs).encode()
    except UnicodeEncodeError:
        return frozenset(run for run in runs if is_text(run))
    return runs


def _note(ctx: Any) -> Note:
    note = None if ctx is None or ctx.auth is None else ctx.auth.get(AUTH_KEY)
    if not isinstance(note, Note):
        raise errors.PermissionDeniedError("Nobody is asking.")
    return note
