"""The audit log: rows are added, never changed; people, links and codes by id, never by secret (S-AUD-1)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from tb_share.store import audit_chain
from tb_share.store.audit_chain import FIRST, Verdict
from tb_share.store.tables import AUDIT


@dataclass(frozen=True, slots=True)
class Entry:
    """One row, for people."""

    seq: int
    at: datetime
    actor: str
    action: str
    target: str
    result: str


def add(connection: Connection, at: datetime, actor: str, action: str, target: str, result: str = "done") -> None:
    """One row, in the transaction of what it tells of. ``actor`` is ``user:ID``, ``link:ID`` or ``local``; what is too long is cut."""
    newest = connection.execute(select(AUDIT.c.seq, AUDIT.c.hash).order_by(AUDIT.c.seq.desc()).limit(1)).first()
    seq, before = (newest.seq + 1, newest.hash) if newest is not None else (1, FIRST)
    row = {"seq": seq, "at": at, "actor": actor[:100], "action": action[:60], "target": target[:200], "result": result[:60]}
    connection.execute(insert(AUDIT).values(**row, hash=audit_chain.link(before, row)))


def verify(connection: Connection, known: str | None = None) -> Verdict:
    """Look at the whole chain."""
    return audit_chain.verify(map(dict, connection.execute(select(AUDIT).order_by(AUDIT.c.seq)).mappings()), known)


def entries(connection: Connection, target: str | None = None) -> Iterator[Entry]:
    """All rows in order, or those whose target has this word, such as ``project:vision``."""
    for row in connection.execute(select(AUDIT).order_by(AUDIT.c.seq)).mappings():
        if target is None or target in row["target"].split():
            yield Entry(row["seq"], row["at"], row["actor"], row["action"], row["target"], row["result"])
