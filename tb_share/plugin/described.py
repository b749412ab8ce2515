"""What the plugin's data routes are asked and answer, for the API description. A test holds it against the routes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Asked:
    """One query parameter; ``kind`` is its JSON schema type."""

    name: str
    kind: str
    about: str
    repeatable: bool = False
    required: bool = False


@dataclass(frozen=True, slots=True)
class Described:
    """One route."""

    name: str
    summary: str
    answers: str
    """The media type."""
    about: str
    asked: tuple[Asked, ...] = ()


_ARROW: Final = "application/vnd.apache.arrow.stream"
_JSON: Final = "application/json"
_ID: Final = Asked("id", "string", "Of an experiment.", repeatable=True, required=True)
_RUN: Final = Asked("run", "string", "TensorBoard's name of a run.", required=True)
_TAG: Final = Asked("tag", "string", "Of that run.", required=True)

ROUTES: Final = (
    Described(
        "context", "Who asks, what they may do, how far the logs are read", _JSON, "Also says the address of the REST API, if there is one."
    ),
    Described(
        "experiments",
        "The table: a row for each experiment, a column for each thing known of them",
        _ARROW,
        "Columns are named id, name, state, started (Unix seconds), duration (seconds), run_count, warnings (a sentence a "
        "line), p:PARAMETER, m:METRIC for last values, and min:METRIC and so on for others; each carries its kind and label. Missing "
        "numbers are NaN; rows in which NaN was logged are numbered in the metadata of their column: nan. The schema's metadata say "
        "how many rows there are: total.",
        (
            Asked(
                "of",
                "string",
                "Which values of metrics, separated by commas: last, first, min, max, count, and steps for those of the others.",
            ),
            Asked("sort", "string", "Columns by name, the first one first; - before it for descending.", repeatable=True),
            Asked("offset", "integer", "Rows to leave out."),
            Asked("limit", "integer", "The most rows to answer."),
        ),
    ),
    Described(
        "experiment",
        "One experiment",
        _JSON,
        "Parameters and where they stand, runs, metrics with last, first, least and greatest value and their steps.",
        (Asked("id", "string", "Its id.", required=True),),
    ),
    Described(
        "files",
        "What lies in an experiment's directories besides event files, and where it was trained",
        _JSON,
        "Names, sizes and times (Unix seconds) of files, and facts of the machine, the code and the command; contents says whether the "
        "files can be had. Empty for whoever has no role in the project.",
        (Asked("id", "string", "Its id.", required=True),),
    ),
    Described(
        "file",
        "One of these files",
        "application/octet-stream",
        "As an attachment, whatever it is; answers ranges. For whoever has a role in the project.",
        (Asked("id", "string", "Of the experiment.", required=True), Asked("name", "string", "As it is listed.", required=True)),
    ),
    Described(
        "series",
        "Points of metrics",
        _ARROW,
        "Columns experiment and label (places in the lists asked for), step, wall (Unix seconds), value, low, high. Where a series has "
        "more points than asked for, a row stands for a stretch: its last point, and the least and greatest value of it. Where none "
        "does, low and high are left out.",
        (
            _ID,
            Asked("label", "string", "Of a metric, as in the table.", repeatable=True, required=True),
            Asked("from", "number", "The first step."),
            Asked("to", "number", "The last step."),
            Asked("points", "string", "The most rows for each series, or all, where several together have at most 5,000,000."),
        ),
    ),
    Described(
        "media",
        "Which images and texts experiments have, and what TensorBoard's own tabs show of them",
        _JSON,
        "At most 100 experiments.",
        (_ID,),
    ),
    Described(
        "images",
        "At which steps runs have images of a tag",
        _JSON,
        "And how many at each.",
        (Asked("run", "string", "TensorBoard's name of a run.", repeatable=True, required=True), _TAG),
    ),
    Described(
        "image",
        "One image",
        "image/*",
        "As it was logged, if it is PNG, JPEG, GIF, BMP or WebP; its policy lets nothing run.",
        (
            _RUN,
            _TAG,
            Asked("step", "integer", "Its step.", required=True),
            Asked("sample", "integer", "Which of several of that step, from 0."),
        ),
    ),
    Described("texts", "The newest texts of a tag", _JSON, "As they stand; nothing is rendered.", (_RUN, _TAG)),
)
