"""Who providers say that people are: an account is found by (issuer, subject) and by nothing else (S-OIDC-5)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from tb_share.model.project import Role
from tb_share.store.tables import GROUP_MEMBERSHIP, IDENTITY, USER


def find(connection: Connection, issuer: str, subject: str) -> str | None:
    """The user id of this identity, disabled or not."""
    return connection.execute(select(IDENTITY.c.user_id).where(IDENTITY.c.issuer == issuer, IDENTITY.c.subject == subject)).scalar()


def add(connection: Connection, issuer: str, subject: str, user_id: str, now: datetime) -> None:
    """A new identity of an account."""
    row = {"issuer": issuer, "subject": subject, "user_id": user_id, "is_admin": False}
    connection.execute(insert(IDENTITY).values(created_at=now, last_sign_in_at=now, **row))


def note_sign_in(connection: Connection, issuer: str, subject: str, *, is_admin: bool, checked_email: str | None, now: datetime) -> None:
    """They signed in; the provider's groups make them an administrator or not, and an address is surely theirs or not."""
    where = (IDENTITY.c.issuer == issuer) & (IDENTITY.c.subject == subject)
    connection.execute(update(IDENTITY).where(where).values(is_admin=is_admin, checked_email=checked_email, last_sign_in_at=now))


def rename(connection: Connection, user_id: str, name: str, email: str) -> None:
    """What they are called now, for display."""
    connection.execute(update(USER).where(USER.c.id == user_id).values(name=name, email=email))


def set_group_roles(connection: Connection, user_id: str, roles: Mapping[str, Role], now: datetime) -> None:
    """The roles, by project uid, that the provider's groups have now; those of before are gone (S-OIDC-7)."""
    connection.execute(delete(GROUP_MEMBERSHIP).where(GROUP_MEMBERSHIP.c.user_id == user_id))
    if roles:
        rows = [{"project_uid": uid, "user_id": user_id, "role": role.value, "added_at": now} for uid, role in roles.items()]
        connection.execute(insert(GROUP_MEMBERSHIP), rows)
