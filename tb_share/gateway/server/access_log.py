"""One line of JSON for each request, holding nothing that opens anything (S-LOG-1, S-LOG-2).

Names of fields are stable; every value is escaped by JSON and short.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from datetime import UTC, datetime

_LONGEST: int = 4096


def line(*, status: int, method: str, ms: float, sent: int, known: Mapping[str, object], at: datetime) -> str:
    """A request that was answered."""
    record = {
        "at": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "status": status,
        "method": method[:16],
        "ms": round(ms, 1),
        "sent": sent,
        **known,
    }
    return json.dumps(record, separators=(",", ":"))


def refused_line(*, status: int, peer: str, reason: str, at: datetime) -> str:
    """Bytes that were no request: what was wrong with them, not what they were."""
    return line(status=status, method="-", ms=0, sent=0, known={"from": peer, "error": reason[:64]}, at=at)


def error_line(text: str) -> str:
    """Something that went wrong on our side."""
    return json.dumps({"at": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"), "failed": text[:_LONGEST]})


def write(text: str) -> None:
    """Write one line at once, so that lines of several workers do not mix."""
    try:
        os.write(sys.stderr.fileno(), text.encode("ascii", "backslashreplace") + b"\n")
    except OSError:  # nobody reads any more; that must not end a request
        return
