"""Who is signed in. Only hashes of the secrets are kept (S-SESS-1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Connection, RowMapping, insert, select, update

from tb_share.model.origin import LOCAL, Origin
from tb_share.store.tables import SESSION

ID_LENGTH: Final = 16


@dataclass(frozen=True, slots=True)
class AtProvider:
    """The provider's side of a sign-in. ``session`` is its own name of it, where it has one."""

    provider: str
    issuer: str
    subject: str
    session: str | None
    id_token: str


@dataclass(frozen=True, slots=True)
class Session:
    """One sign-in."""

    hash: str
    user_id: str
    created_at: datetime
    last_seen_at: datetime
    provider: str | None
    address: str
    client: str
    renewed_at: datetime | None = None
    """When it got its secret, if not when it began."""
    old_until: datetime | None = None
    """How long the secret that it had before still stands for it."""
    old_hash: str | None = None

    @property
    def secret_at(self) -> datetime:
        """When it got the secret that it has."""
        return self.renewed_at or self.created_at

    def is_called(self, session_id: str | None) -> bool:
        """Whether a list shows it under this id, or showed it before it was renewed."""
        return session_id is not None and session_id in {self.id, (self.old_hash or "")[:ID_LENGTH]} - {""}

    @property
    def id(self) -> str:
        """What it is called in lists: a part of the hash, from which nobody gets back to the cookie."""
        return self.hash[:ID_LENGTH]


@dataclass(frozen=True, slots=True)
class Ended:
    """A session that was ended just now."""

    user_id: str
    provider: str | None
    id_token: str | None


def add(
    connection: Connection, hash_: str, user_id: str, now: datetime, origin: Origin = LOCAL, at_provider: AtProvider | None = None
) -> None:
    """A new session."""
    row = {"hash": hash_, "user_id": user_id, "created_at": now, "last_seen_at": now}
    row |= {"address": origin.address[:64], "client": origin.client[:200]}
    if at_provider is not None:
        row |= {
            "provider": at_provider.provider,
            "issuer": at_provider.issuer,
            "subject": at_provider.subject,
            "provider_session": at_provider.session,
            "id_token": at_provider.id_token,
        }
    connection.execute(insert(SESSION).values(**row))


def find(connection: Connection, hash_: str) -> Session | None:
    """The session, unless it has been ended; also by the secret that it had before, which counts until ``old_until``."""
    row = connection.execute(select(SESSION).where(_named(hash_))).mappings().first()
    return None if row is None else _session(row)


def renew(connection: Connection, hash_: str, new_hash: str, now: datetime, old_until: datetime) -> bool:
    """Give it another secret; of several at once, one is told True."""
    where = (SESSION.c.hash == hash_) & SESSION.c.ended_at.is_(None)
    row = {"hash": new_hash, "renewed_at": now, "old_hash": hash_, "old_until": old_until}
    return connection.execute(update(SESSION).where(where).values(**row)).rowcount == 1


def touch(connection: Connection, hash_: str, now: datetime) -> None:
    """Note that it was used."""
    connection.execute(update(SESSION).where(SESSION.c.hash == hash_).values(last_seen_at=now))


def end(connection: Connection, hash_: str, now: datetime) -> Ended | None:
    """End it for good; whose it was, and where else they are signed in."""
    query = select(SESSION.c.user_id, SESSION.c.provider, SESSION.c.id_token).where(_named(hash_))
    found = connection.execute(query).first()
    if found is None:
        return None
    connection.execute(update(SESSION).where(_named(hash_)).values(ended_at=now, id_token=None))
    return Ended(*found)


def of_user(connection: Connection, user_id: str) -> tuple[Session, ...]:
    """All of somebody's that were not ended, the latest used first; some may have expired."""
    query = select(SESSION).where(SESSION.c.user_id == user_id, SESSION.c.ended_at.is_(None)).order_by(SESSION.c.last_seen_at.desc())
    return tuple(map(_session, connection.execute(query).mappings()))


@dataclass(frozen=True, slots=True)
class SignedOutThere:
    """Sessions that a provider ended: of a subject, or one of its own; those that began later stay."""

    issuer: str
    subject: str | None
    session: str | None
    began_until: datetime


def end_at_provider(connection: Connection, which: SignedOutThere, now: datetime) -> int:
    """End all that this provider began for a subject, or for one session of its own; how many. With neither, none."""
    subject, session = which.subject, which.session
    if subject is None and session is None:
        return 0
    where = (SESSION.c.issuer == which.issuer) & SESSION.c.ended_at.is_(None) & (SESSION.c.created_at <= which.began_until)
    if subject is not None:
        where &= SESSION.c.subject == subject
    if session is not None:
        where &= SESSION.c.provider_session == session
    return connection.execute(update(SESSION).where(where).values(ended_at=now, id_token=None)).rowcount


def _named(hash_: str) -> ColumnElement[bool]:
    return ((SESSION.c.hash == hash_) | (SESSION.c.old_hash == hash_)) & SESSION.c.ended_at.is_(None)


def _session(row: RowMapping) -> Session:
    return Session(**{name: row[name] for name in Session.__slots__})
