"""M02 for the access log: one record a line, escaped and short."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from tb_share.gateway.server import access_log

AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def test_M02_hostile_values_stay_in_their_field() -> None:
    text = access_log.line(status=200, method="GET" * 99, ms=1.23, sent=5, known={"path": 'a\n\r\x1b[31m"\u202e\u2028\ud800'}, at=AT)
    assert "\n" not in text
    assert text.isascii()
    assert text.isprintable()
    found = json.loads(text)
    assert found["at"] == "2026-01-02T03:04:05.000Z"
    assert len(found["method"]) <= 16
    assert set(found) == {"at", "status", "method", "ms", "sent", "path"}
