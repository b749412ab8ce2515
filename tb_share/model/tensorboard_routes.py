"""What lies below ``/p/<project>/``: the exact addresses of TensorBoard, and nothing else (S-PATH-3).

An allow-list of canonical paths; an address that is not on it does not exist. Knows no caller: it says what an address is, not for whom.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import parse_qs

READ: Final = frozenset({"GET", "HEAD"})
READ_AND_POST: Final = READ | {"POST"}
_EXPERIMENT: Final = "/experiment/defaultExperimentId"
"""The one experiment id that TensorBoard's page sends."""


class Kind(StrEnum):
    """What an address below a mount is."""

    SHELL = "shell"
    ASSET = "asset"
    DATA = "data"
    FOREIGN = "foreign"
    """A plugin that reads the disk itself, or that we do not know."""
    NOTIFICATIONS = "notifications"
    LEGACY = "legacy"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Wanted:
    """An address below a mount, understood."""

    kind: Kind
    path: str
    """To be asked of TensorBoard, with the experiment prefix if it had one."""
    path_below_experiment: str
    methods: frozenset[str] = READ


_SHELL: Final = frozenset({"/", "/index.html"})
_ASSETS: Final = frozenset({"/index.js", "/chart_worker.js", "/icon_bundle.svg"})
_ASSET_FOLDERS: Final = ("/font-roboto/", "/tf-imports/")
_LEGACY: Final = frozenset({"/audio", "/events", "/graphs", "/histograms", "/images"})
_CORE: Final = frozenset(
    f"/data/{name}"
    for name in (
        "plugins_listing plugin_entry.html environment logdir window_properties runs experiments experiment_runs".split()  # noqa: SIM905
    )
)
_BUILT_IN: Final = {
    "timeseries": "tags timeSeries imageData",
    "scalars": "tags scalars scalars_multirun",
    "custom_scalars": "layout scalars download_data",
    "images": "tags images individualImage",
    "audio": "tags audio individualAudio",
    "histograms": "tags histograms",
    "distributions": "tags distributions",
    "text": "tags text",
    "pr_curves": "tags pr_curves",
    "graphs": "info graph run_metadata",
    "mesh": "tags meshes data",
    "hparams": "experiment session_groups metric_evals download_data",
    "tb_share": "context experiments experiment files file series media images image texts index.js",
}
_READ_BY_POST: Final = frozenset(
    f"/data/plugin/{name}"
    for name in (
        "timeseries/timeSeries",
        "scalars/scalars_multirun",
        "hparams/experiment",
        "hparams/session_groups",
        "hparams/metric_evals",
    )
)
DATA_ROUTES: Final = _CORE | {f"/data/plugin/{plugin}/{route}" for plugin, routes in _BUILT_IN.items() for route in routes.split()}
"""Every address that answers with data."""
CONTEXT: Final = "/data/plugin/tb_share/context"
"""Who asks our plugin, and what they may."""
FILES: Final = "/data/plugin/tb_share/files"
"""The list of what lies beside the event files."""
FILE: Final = "/data/plugin/tb_share/file"
"""One of these files."""
_OUR_STATIC: Final = "/data/plugin/tb_share/static/"
_FOREIGN_PLUGIN: Final = re.compile(r"/data/plugin/([A-Za-z0-9_-]+)/.+")


def wanted(rest: str) -> Wanted:
    """What the remainder of a canonical path, after ``/p/<project>/``, asks for."""
    path = "/" + rest
    below = path
    if path.startswith(_EXPERIMENT + "/data/"):
        below = path[len(_EXPERIMENT) :]
    kind = _kind(below)
    methods = READ
    if below in _READ_BY_POST or kind is Kind.FOREIGN:
        methods = READ_AND_POST
    return Wanted(kind, path, below, methods)


def is_download(asked: Wanted, query: str) -> bool:
    """Whether the answer is a file of data to keep, such as the CSV of a series, rather than what a dashboard draws."""
    if asked.path_below_experiment.endswith("/download_data"):
        return True
    formats = parse_qs(query, keep_blank_values=True).get("format", [])
    return asked.path_below_experiment.startswith("/data/plugin/") and any(each != "json" for each in formats)


def _kind(path: str) -> Kind:
    if path in DATA_ROUTES or path.startswith(_OUR_STATIC):
        return Kind.DATA
    if path in _SHELL:
        return Kind.SHELL
    if path in _ASSETS or path.startswith(_ASSET_FOLDERS):
        return Kind.ASSET
    if path == "/data/notifications":
        return Kind.NOTIFICATIONS
    if path in _LEGACY:
        return Kind.LEGACY
    found = _FOREIGN_PLUGIN.fullmatch(path)
    if found is not None and found[1] not in _BUILT_IN:
        return Kind.FOREIGN
    return Kind.UNKNOWN
