"""Proves, before anything is timed, that both sides say the same to the recorded requests.

What differs on purpose is listed in ``ON_PURPOSE`` with its reason, and is counted apart.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable, Sequence
from typing import Any

from tests.benchmarks.replay import Asked, Connection, Got
from tests.benchmarks.sides import Side

ON_PURPOSE = {
    "/": "our page loads the same script from an address that never changes",
    "/data/environment": "paths and arguments of the server are blanked",
    "/data/plugins_listing": "our tab is listed, and plugins that read the disk are not",
}


def differences(stock: Side, ours: Side, asked: Sequence[Asked]) -> list[str]:
    """Requests that are answered differently and should not be."""
    there, here = Connection(stock), Connection(ours)
    found = [each.name for each in asked if not _alike(each, there.ask(each), here.ask(each))]
    there.close()
    here.close()
    return found


def _alike(asked: Asked, theirs: Got, mine: Got) -> bool:
    if (theirs.status, mine.status) != (200, 200):
        return False
    path = asked.target.partition("?")[0]
    if path in ON_PURPOSE:
        return True
    read: Callable[[Got], Any] = _value if "/data/" in path else plain
    return bool(read(theirs) == read(mine))


def _value(got: Got) -> Any:
    """What the JSON says: numbers as doubles, whatever their spelling; TensorBoard writes NaN and infinities as strings."""
    return json.loads(plain(got), object_hook=_with_domains_in_order)


def _with_domains_in_order(value: dict[str, Any]) -> dict[str, Any]:
    """TensorBoard gathers a parameter's values in a set, so their order changes from process to process."""
    domain = value.get("domainDiscrete")
    return {**value, "domainDiscrete": sorted(domain, key=repr)} if isinstance(domain, list) else value


def plain(got: Got) -> bytes:
    """The body, unpacked."""
    match got.coding:
        case "":
            return got.body
        case "gzip":
            return gzip.decompress(got.body)
        case "deflate":
            return zlib.decompress(got.body)
    raise SystemExit(f"an answer came packed as {got.coding}, which this does not unpack")
