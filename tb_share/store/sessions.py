"""Who is signed in. Only hashes of the secrets are kept (S-SESS-1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from tb_share.store.tables import SESSION


@dataclass(frozen=True, slots=True)
class Session:
    """One sign-in."""

    hash: str
    user_id: str
    created_at: datetime
    last_seen_at: datetime


def add(connection: Connection, hash_: str, user_id: str, now: datetime) -> None:
    """A new session."""
    connection.execute(insert(SESSION).values(hash=hash_, user_id=user_id, created_at=now, last_seen_at=now))


def find(connection: Connection, hash_: str) -> Session | None:
    """The session, unless it has been ended."""
    query = select(SESSION).where(SESSION.c.hash == hash_, SESSION.c.ended_at.is_(None))
    row = connection.execute(query).mappings().first()
    return None if row is None else Session(row["hash"], row["user_id"], row["created_at"], row["last_seen_at"])


def touch(connection: Connection, hash_: str, now: datetime) -> None:
    """Note that it was used."""
    connection.execute(update(SESSION).where(SESSION.c.hash == hash_).values(last_seen_at=now))


def end(connection: Connection, hash_: str, now: datetime) -> str | None:
    """End it for good; whose it was."""
    found = find(connection, hash_)
    if found is None:
        return None
    connection.execute(update(SESSION).where(SESSION.c.hash == hash_).values(ended_at=now))
    return found.user_id
