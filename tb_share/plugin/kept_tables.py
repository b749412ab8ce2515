"""Tables that were made once for one state of the index and one scope, so that a page or another order of them costs little."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from tb_share.plugin.table import Column, ordered

if TYPE_CHECKING:
    from numpy.typing import NDArray

_KEPT: Final = 8


@dataclass(slots=True)
class Table:
    """All rows and columns of one table."""

    columns: list[Column]
    count: int
    _orders: dict[tuple[str, ...], NDArray[np.int64]] = field(default_factory=dict)

    def page(self, sort: Sequence[str], offset: int, limit: int | None) -> list[Column]:
        """Some rows in some order. Raises ``KeyError`` for a column that there is not."""
        if not sort and not offset and limit is None:
            return self.columns
        key = tuple(sort)
        order = self._orders.get(key)
        if order is None:
            order = ordered({column.name: column for column in self.columns}, sort, self.count)
            if len(self._orders) >= _KEPT:
                self._orders.clear()
            self._orders[key] = order
        rows = order[offset : None if limit is None else offset + limit]
        return [column.taken(rows) for column in self.columns]


class KeptTables:
    """Shared by the threads of one process; of several who ask for one table at once, one makes it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._tables: OrderedDict[object, tuple[threading.Lock, list[Table]]] = OrderedDict()

    def of(self, key: object, make: Callable[[], Table]) -> Table:
        """The table of this key: state of the index, scope and statistics."""
        with self._lock:
            lock, made = self._tables.setdefault(key, (threading.Lock(), []))
            self._tables.move_to_end(key)
            while len(self._tables) > _KEPT:
                self._tables.popitem(last=False)
        with lock:
            if not made:
                made.append(make())
            return made[0]
