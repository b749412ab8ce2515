"""The audit log: rows are added, never changed; people, links and codes by id, never by secret (S-AUD-1)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, insert

from tb_share.store.tables import AUDIT


def add(connection: Connection, at: datetime, actor: str, action: str, target: str, result: str = "done") -> None:
    """One row. ``actor`` is ``user:ID``, ``link:ID`` or ``local``; values are cut to their columns' width (S-AUD-2)."""
    row = {"actor": actor[:100], "action": action[:60], "target": target[:200], "result": result[:60]}
    connection.execute(insert(AUDIT).values(at=at, **row))
