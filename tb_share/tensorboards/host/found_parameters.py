"""Shows parameters that we found - in YAML and JSON files, in texts - to TensorBoard's own tabs, as if training had written hparams.

TensorBoard reads hparams from the metadata that the data provider lists, so what is missing there is added: to the session of an experiment
that has one, else as a session at the experiment's path. Pure: listed metadata and experiments in, metadata out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from google.protobuf.message import DecodeError
from tensorboard.data import provider
from tensorboard.plugins.hparams import metadata, plugin_data_pb2

from tb_share.logdir.layout import is_text
from tb_share.model.experiment import Experiment, ParameterValue

PLUGIN: Final = metadata.PLUGIN_NAME
_START: Final = metadata.SESSION_START_INFO_TAG
_COLUMNS: Final = metadata.EXPERIMENT_TAG

Listed = Mapping[str, Mapping[str, Any]]
"""TensorBoard's time series by run and tag."""


def with_found(listed: Listed, experiments: Iterable[Experiment]) -> dict[str, dict[str, Any]]:
    """What was listed, with every parameter of these experiments in it."""
    made = {run: dict(tags) for run, tags in listed.items()}
    known: set[str] = set()
    for experiment in experiments:
        known |= set(experiment.parameters)
        if experiment.parameters:
            _add(made, experiment)
    # One list of columns, wherever it was written, rules all of them: it goes where it would hide what we know.
    columns = {name for tags in made.values() if _COLUMNS in tags for name in _column_names(tags[_COLUMNS].plugin_content)}
    if not known <= columns:
        for tags in made.values():
            tags.pop(_COLUMNS, None)
    return {run: tags for run, tags in made.items() if tags}


def _add(made: dict[str, dict[str, Any]], experiment: Experiment) -> None:
    sessions = [run.name for run in experiment.runs if _START in made.get(run.name, {})]
    for session in sessions or ([experiment.path] if is_text(experiment.path) else []):
        tags = made.setdefault(session, {})
        known = tags.get(_START)
        content = _with_parameters(None if known is None else known.plugin_content, experiment)
        if content is not None:
            tags[_START] = provider.TensorTimeSeries(
                max_step=0,
                max_wall_time=experiment.started or 0.0,
                plugin_content=content,
                description="",
                display_name="",
            )


def _with_parameters(content: bytes | None, experiment: Experiment) -> bytes | None:
    """A session's metadata with what it lacks; None if it lacks nothing, or is none of this version's."""
    data = plugin_data_pb2.HParamsPluginData(version=metadata.PLUGIN_DATA_VERSION)
    if content is not None:
        known = _parsed(content)
        if known is None:
            return None
        data = known
        if data.version != metadata.PLUGIN_DATA_VERSION or not data.HasField("session_start_info"):
            return None
    elif experiment.started is not None:
        data.session_start_info.start_time_secs = experiment.started
    values = data.session_start_info.hparams
    missing = {name: value for name, value in experiment.parameters.items() if name not in values}
    for name, value in missing.items():
        _set(values[name], value)
    return data.SerializeToString() if missing else None


def _set(field: Any, value: ParameterValue) -> None:
    match value:
        case bool():
            field.bool_value = value
        case int() | float():
            field.number_value = float(value)
        case _:
            field.string_value = value


def _column_names(content: bytes) -> list[str]:
    data = _parsed(content)
    return [] if data is None else [info.name for info in data.experiment.hparam_infos]


def _parsed(content: bytes) -> Any:
    """What a run's writer said, or None if it is no message: it must not keep the other runs from being seen."""
    try:
        return plugin_data_pb2.HParamsPluginData.FromString(content)
    except DecodeError:
        return None
