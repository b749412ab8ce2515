"""What a view's address names of experiments, and how it names fewer. The Experiments tab keeps its state in the fragment."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Final
from urllib.parse import quote, unquote, unquote_plus

_LISTS: Final = frozenset({"p.tb_share.ticked", "p.tb_share.compare"})
"""Ids with commas between. Where an id has another place than its colour, the colour's place follows it: ``a,b~4``."""
_ONE: Final = frozenset({"p.tb_share.experiment", "p.tb_share.baseline"})
_FILES: Final = frozenset({"p.tb_share.file", "p.tb_share.cell"})
"""Visitors of links are told of no file that lies beside the logs."""
_ALL_OF_A_FILTER: Final = "*"
_RUNS: Final = frozenset({"run", "runSelectionState"})
"""Of TensorBoard's own tabs: names of runs, of which nothing here tells whose they are. A tab may write its name and a dot before."""
_PINNED: Final = "pinnedCards"


def for_link(view: str, ids: Collection[str] | None) -> str:
    """The same view as a visitor of a link may know it: without names of files.

    Where the link is for the experiments ``ids`` alone, also without a word of any other: visitors learn not even that there are others.
    """
    before, mark, fragment = view.partition("#")
    parts = (part if ids is None else _narrowed(part, ids) for part in fragment.split("&") if part.partition("=")[0] not in _FILES)
    query = before if ids is None else _without_pinned_runs(before)
    return query + mark + "&".join(part for part in parts if part is not None)


def _without_pinned_runs(query: str) -> str:
    """A pinned image or histogram names its run; a pinned chart names none."""
    parts = (_pinned(part) if part.startswith(f"{_PINNED}=") else part for part in query.removeprefix("?").split("&"))
    kept = "&".join(part for part in parts if part)
    return f"?{kept}" if kept else ""


def _pinned(part: str) -> str:
    try:
        cards = json.loads(unquote_plus(part.partition("=")[2]))
    except (ValueError, RecursionError):
        return ""
    kept = [card for card in cards if isinstance(card, dict) and "runId" not in card] if isinstance(cards, list) else []
    if kept == cards:
        return part
    return f"{_PINNED}={quote(json.dumps(kept, separators=(',', ':')), safe='')}" if kept else ""


def _narrowed(part: str, ids: Collection[str]) -> str | None:
    key, _, value = part.partition("=")
    said = unquote(value)
    if key.rpartition(".")[2] in _RUNS:
        return None
    if key in _ONE:
        return part if said in ids else None
    if key not in _LISTS or said.startswith(_ALL_OF_A_FILTER):
        return part
    kept = [(id_, colour or str(at)) for at, (id_, _, colour) in enumerate(each.partition("~") for each in said.split(",")) if id_ in ids]
    listed = ",".join(id_ if colour == str(at) else f"{id_}~{colour}" for at, (id_, colour) in enumerate(kept))
    return f"{key}={quote(listed, safe='')}" if listed else None
