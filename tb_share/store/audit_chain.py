"""How rows of the audit log are chained: each carries a hash over itself and the row before it (S-AUD-1). Pure.

Whoever changes, removes or re-orders a row breaks the chain there. Whoever may write the database can compute the rest of the chain anew,
or cut its end off, so the newest hash belongs somewhere else, too: ``tb-share audit verify`` prints it, and takes one from before.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

FIRST: Final = "0" * 64
_FIELDS: Final = ("seq", "actor", "action", "target", "result")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a look at the whole chain found. ``broken_at`` is the number of the first row that does not fit; None: all do."""

    rows: int
    newest: str
    broken_at: int | None
    seen: bool
    """Whether the hash that was asked for is one of the chain's."""


def link(before: str, row: Mapping[str, Any]) -> str:
    """The hash of a row, given that of the row before it."""
    at: datetime = row["at"]
    said = [before, at.astimezone(UTC).isoformat(timespec="microseconds"), *(row[name] for name in _FIELDS)]
    # Rows from before these were kept have neither, and rows from the command line have none to tell.
    where = [row.get("address") or "", row.get("request_id") or ""]
    said += where if any(where) else []
    return hashlib.sha256(json.dumps(said, ensure_ascii=True, separators=(",", ":")).encode()).hexdigest()


def verify(rows: Iterable[Mapping[str, Any]], known: str | None = None) -> Verdict:
    """Look at all rows, in the order of their numbers. ``known``: a hash that was printed earlier and must be among them."""
    before, count, seen = FIRST, 0, known is None
    for row in rows:
        expected = link(before, row)
        if row["seq"] != count + 1 or row["hash"] != expected:
            return Verdict(count, before, count + 1, seen)
        before, count = expected, count + 1
        seen = seen or before == known
    return Verdict(count, before, None, seen)
