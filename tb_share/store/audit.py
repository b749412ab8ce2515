"""The audit log: rows are added, never changed; people, links and codes by id, never by secret (S-AUD-1)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Select, insert, or_, select

from tb_share.model.origin import LOCAL, Origin
from tb_share.store import audit_chain
from tb_share.store.audit_chain import FIRST, Verdict
from tb_share.store.tables import AUDIT


@dataclass(frozen=True, slots=True)
class Row:
    """What is to be written down. ``actor`` is ``user:ID``, ``link:ID``, ``nobody`` or ``local``; what is too long is cut."""

    at: datetime
    actor: str
    action: str
    target: str
    result: str = "done"
    origin: Origin = LOCAL


@dataclass(frozen=True, slots=True)
class Entry:
    """One row, for people."""

    seq: int
    at: datetime
    actor: str
    action: str
    target: str
    result: str
    address: str
    request_id: str


@dataclass(frozen=True, slots=True)
class Which:
    """Which rows: those about a project, of an actor, of an action or of a family of them such as ``link``, before a row."""

    project_id: str | None = None
    actor: str | None = None
    action: str | None = None
    before: int | None = None
    newest_first: bool = False
    limit: int | None = None


def add(connection: Connection, row: Row) -> None:
    """One row, in the transaction of what it tells of."""
    newest = connection.execute(select(AUDIT.c.seq, AUDIT.c.hash).order_by(AUDIT.c.seq.desc()).limit(1)).first()
    seq, before = (newest.seq + 1, newest.hash) if newest is not None else (1, FIRST)
    values = {
        "seq": seq,
        "at": row.at,
        "actor": row.actor[:100],
        "action": row.action[:60],
        "target": row.target[:200],
        "result": row.result[:60],
        "address": row.origin.address[:64],
        "request_id": row.origin.request_id[:32],
    }
    connection.execute(insert(AUDIT).values(**values, hash=audit_chain.link(before, values)))


def verify(connection: Connection, known: str | None = None) -> Verdict:
    """Look at the whole chain."""
    return audit_chain.verify(map(dict, connection.execute(select(AUDIT).order_by(AUDIT.c.seq)).mappings()), known)


def entries(connection: Connection, which: Which) -> Iterator[Entry]:
    """The rows of that kind."""
    for row in connection.execute(_query(which)).mappings():
        yield Entry(**{name: row[name] for name in Entry.__slots__})


def _query(which: Which) -> Select[tuple[object, ...]]:
    query = select(AUDIT).order_by(AUDIT.c.seq.desc() if which.newest_first else AUDIT.c.seq).limit(which.limit)
    if which.project_id is not None:
        word = f"project:{which.project_id}"
        query = query.where(or_(AUDIT.c.target == word, AUDIT.c.target.startswith(f"{word} ", autoescape=True)))
    if which.actor is not None:
        query = query.where(AUDIT.c.actor == which.actor)
    if which.action is not None:
        query = query.where(or_(AUDIT.c.action == which.action, AUDIT.c.action.startswith(f"{which.action}.", autoescape=True)))
    if which.before is not None:
        query = query.where(AUDIT.c.seq < which.before)
    return query
