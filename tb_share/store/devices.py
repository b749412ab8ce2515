"""Programs that wait for somebody to let them in. Only hashes of their codes are kept; each is good once and not for long."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from tb_share.model.api_token import TokenScope
from tb_share.store.tables import DEVICE


@dataclass(frozen=True, slots=True)
class Device:
    """One row. ``name`` and ``scopes`` are what the program says of itself and wants."""

    hash: str
    user_code: str
    name: str
    scopes: frozenset[TokenScope]
    token_life_s: int
    address: str
    created_at: datetime
    expires_at: datetime
    polled_at: datetime | None = None
    user_id: str | None = None
    """Who let it in."""
    refused_at: datetime | None = None


def add(connection: Connection, device: Device) -> None:
    """A new one; those that expired go."""
    connection.execute(delete(DEVICE).where(DEVICE.c.expires_at <= device.created_at))
    connection.execute(
        insert(DEVICE).values(
            hash=device.hash,
            user_code=device.user_code,
            name=device.name,
            scopes=sorted(device.scopes),
            token_life_s=device.token_life_s,
            address=device.address,
            created_at=device.created_at,
            expires_at=device.expires_at,
        )
    )


def waiting(connection: Connection, now: datetime) -> tuple[str, ...]:
    """The addresses from which programs wait, each as often as one does."""
    return tuple(connection.execute(select(DEVICE.c.address).where(DEVICE.c.expires_at > now)).scalars())


def find(connection: Connection, hash_: str) -> Device | None:
    """The one with this secret code."""
    row = connection.execute(select(DEVICE).where(DEVICE.c.hash == hash_)).mappings().first()
    return None if row is None else _device(row)


def undecided(connection: Connection, user_code: str, now: datetime) -> Device | None:
    """The one that shows this code, while nobody decided."""
    where = (DEVICE.c.user_code == user_code) & (DEVICE.c.expires_at > now) & DEVICE.c.user_id.is_(None) & DEVICE.c.refused_at.is_(None)
    row = connection.execute(select(DEVICE).where(where)).mappings().first()
    return None if row is None else _device(row)


def let_in(connection: Connection, hash_: str, user_id: str) -> None:
    """Somebody said yes."""
    connection.execute(update(DEVICE).where(DEVICE.c.hash == hash_).values(user_id=user_id))


def refuse(connection: Connection, hash_: str, now: datetime) -> None:
    """Somebody said no."""
    connection.execute(update(DEVICE).where(DEVICE.c.hash == hash_).values(refused_at=now))


def polled(connection: Connection, hash_: str, now: datetime) -> None:
    """It asked."""
    connection.execute(update(DEVICE).where(DEVICE.c.hash == hash_).values(polled_at=now))


def drop(connection: Connection, hash_: str) -> bool:
    """It is done with; of several at once, one is told True."""
    return connection.execute(delete(DEVICE).where(DEVICE.c.hash == hash_)).rowcount == 1


def _device(row: RowMapping) -> Device:
    values = {name: row[name] for name in Device.__slots__}
    return Device(**{**values, "scopes": frozenset(map(TokenScope, row["scopes"]))})
