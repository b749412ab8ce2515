"""What the index knows of each series of a run, as records of NumPy. Pure.

All of them follow the view of stock TensorBoard (``Points.stock_view``). NaN is neither least nor greatest; where nothing else was
written, both are NaN.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from tb_share.logdir.index.packing import Tagged
from tb_share.logdir.points.columns import joined
from tb_share.logdir.points.content import News

if TYPE_CHECKING:
    from numpy.typing import NDArray

SERIES: Final = np.dtype(
    [
        ("tag", "<u4"),
        ("plugin", "<u4"),
        ("data_class", "<u4"),
        ("is_scalar", "<u4"),
        ("count", "<u4"),
        ("nans", "<u4"),
        ("first", "<f8"),
        ("last", "<f8"),
        ("min", "<f8"),
        ("max", "<f8"),
        ("first_step", "<i8"),
        ("last_step", "<i8"),
        ("min_step", "<i8"),
        ("max_step", "<i8"),
        ("first_wall", "<f8"),
        ("last_wall", "<f8"),
        ("file", "<u4"),
        ("position", "<u4"),
        ("offset", "<i8"),
        ("length", "<i8"),
    ]
)
"""One series of one run: names as numbers of texts; where its first record stands: file, offset, length, index of the value."""
NO_SERIES: Final = np.empty(0, SERIES)


_STATISTICS: Final = tuple(
    name for name in SERIES.names or () if name not in ("tag", "plugin", "data_class", "is_scalar", "file", "position", "offset", "length")
)


def described(news: News, numbers: NDArray[np.int64]) -> NDArray[np.void]:
    """What some tails say of their series, as if nothing had come before; offsets are in the tails, ``numbers`` those of their texts."""
    said = news.series
    series = np.zeros(len(said), SERIES)
    series["tag"], series["plugin"] = numbers[said["tag"]], numbers[said["plugin"]]
    for name in ("data_class", "is_scalar", "position", "offset", "length"):
        series[name] = said[name]
    for name in ("first", "last", "min", "max"):
        series[name] = np.nan
    scalars = np.flatnonzero(said["is_scalar"] & (said["count"] > 0))
    found = summarised(in_stock_view(Tagged(series["tag"][scalars], said["count"][scalars], news.points)))
    for name in _STATISTICS:
        series[name][scalars] = found[name]
    others = np.flatnonzero(~said["is_scalar"])
    ends = np.cumsum(said["count"][others])
    series["count"][others] = said["count"][others]
    for name, at in (("first", ends - said["count"][others]), ("last", ends - 1)):
        series[f"{name}_step"][others], series[f"{name}_wall"][others] = news.places.steps[at], news.places.walls[at]
    return series


def in_stock_view(tagged: Tagged) -> Tagged:
    """Each tag's points as stock TensorBoard shows them."""
    starts = np.cumsum(tagged.counts) - tagged.counts
    steps = tagged.points.steps
    goes_on = np.ones(len(steps), bool)
    goes_on[1:] = steps[1:] > steps[:-1]
    goes_on[starts] = True
    if goes_on.all():
        return tagged
    each = [points.stock_view() for points in tagged.split()]
    return Tagged(tagged.tags, np.array([len(points.steps) for points in each], np.int64), joined(each))


def summarised(tagged: Tagged) -> NDArray[np.void]:
    """One record a tag, of points in stock's view; what is known of the series itself is left zero."""
    records = np.zeros(len(tagged.tags), SERIES)
    if not len(records):
        return records
    steps, walls, values = tagged.points.steps, tagged.points.walls, tagged.points.values
    ends = np.cumsum(tagged.counts)
    starts = ends - tagged.counts
    records["tag"], records["count"], records["is_scalar"] = tagged.tags, tagged.counts, 1
    for name, at in (("first", starts), ("last", ends - 1)):
        records[name], records[f"{name}_step"], records[f"{name}_wall"] = values[at], steps[at], walls[at]
    nans = np.isnan(values)
    records["nans"] = np.add.reduceat(nans.astype(np.int64), starts)
    owner = np.repeat(np.arange(len(starts)), tagged.counts)
    for name, reduce, worst in (("min", np.minimum, np.inf), ("max", np.maximum, -np.inf)):
        cleared = np.where(nans, worst, values)
        found = reduce.reduceat(cleared, starts)
        # The first place where it stands: of equal values in one series the earliest step counts.
        places = np.flatnonzero((cleared == found[owner]) & ~nans)
        owners, first = np.unique(owner[places], return_index=True)
        records[name], records[f"{name}_step"] = np.nan, steps[starts]
        records[name][owners], records[f"{name}_step"][owners] = found[owners], steps[places[first]]
    return records


def follows(known: NDArray[np.void], new: NDArray[np.void]) -> bool:
    """Whether all these new points come after those that were summarised, so that both can be put together without them."""
    _, mine, other = np.intersect1d(known["tag"], new["tag"], assume_unique=True, return_indices=True)
    return bool((new["first_step"][other] > known["last_step"][mine])[known["count"][mine] > 0].all())


def put_together(known: NDArray[np.void], new: NDArray[np.void]) -> NDArray[np.void]:
    """Summaries of points that follow one another; what is known of a series itself stays as it was first said."""
    _, mine, other = np.intersect1d(known["tag"], new["tag"], assume_unique=True, return_indices=True)
    both, more = known.copy(), new[other]
    told = more["count"] > 0
    mine, more = mine[told], more[told]
    was_empty = both["count"][mine] == 0
    for name in ("first", "first_step", "first_wall"):
        both[name][mine] = np.where(was_empty, more[name], both[name][mine])
    for name in ("last", "last_step", "last_wall"):
        both[name][mine] = more[name]
    for name, better in (("min", np.less), ("max", np.greater)):
        wins = better(more[name], both[name][mine]) | (np.isnan(both[name][mine]) & ~np.isnan(more[name])) | was_empty
        both[f"{name}_step"][mine] = np.where(wins, more[f"{name}_step"], both[f"{name}_step"][mine])
        both[name][mine] = np.where(wins, more[name], both[name][mine])
    both["count"][mine] += more["count"]
    both["nans"][mine] += more["nans"]
    fresh = ~np.isin(new["tag"], known["tag"])
    return np.concatenate([both, new[fresh]])
