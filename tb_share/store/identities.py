"""Who providers say that people are: an account is found by (issuer, subject) and by nothing else (S-OIDC-5)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import Connection, delete, exists, insert, select, update

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


def group_roles(connection: Connection, user_id: str) -> Mapping[str, Role]:
    """The roles, by project uid, that the provider's groups had when it last said so."""
    rows = connection.execute(select(GROUP_MEMBERSHIP.c.project_uid, GROUP_MEMBERSHIP.c.role).where(GROUP_MEMBERSHIP.c.user_id == user_id))
    return {uid: Role(role) for uid, role in rows}


def is_admin(connection: Connection, issuer: str, subject: str) -> bool:
    """Whether the provider's groups made them an administrator when it last said so."""
    where = (IDENTITY.c.issuer == issuer) & (IDENTITY.c.subject == subject)
    return bool(connection.execute(select(IDENTITY.c.is_admin).where(where)).scalar())


def drop_rights_of_others(connection: Connection, issuers: Collection[str]) -> int:
    """What providers gave that are not among these is gone; of how many identities. Accounts, and what people gave them, stay."""
    others = IDENTITY.c.issuer.not_in(issuers)
    users = select(IDENTITY.c.user_id).where(others)
    dropped = connection.execute(delete(GROUP_MEMBERSHIP).where(GROUP_MEMBERSHIP.c.user_id.in_(users))).rowcount
    said = others & (IDENTITY.c.is_admin | IDENTITY.c.checked_email.is_not(None))
    return dropped + connection.execute(update(IDENTITY).where(said).values(is_admin=False, checked_email=None)).rowcount


def has_rights_of_others(connection: Connection, issuers: Collection[str]) -> bool:
    """Whether there is anything that ``drop_rights_of_others`` would drop."""
    others = IDENTITY.c.issuer.not_in(issuers)
    held = exists().where(GROUP_MEMBERSHIP.c.user_id == IDENTITY.c.user_id)
    where = others & (IDENTITY.c.is_admin | IDENTITY.c.checked_email.is_not(None) | held)
    return connection.execute(select(IDENTITY.c.user_id).where(where).limit(1)).first() is not None


def set_group_roles(connection: Connection, user_id: str, roles: Mapping[str, Role], now: datetime) -> None:
    """The roles, by project uid, that the provider's groups have now; those of before are gone (S-OIDC-7)."""
    connection.execute(delete(GROUP_MEMBERSHIP).where(GROUP_MEMBERSHIP.c.user_id == user_id))
    if roles:
        rows = [{"project_uid": uid, "user_id": user_id, "role": role.value, "added_at": now} for uid, role in roles.items()]
        connection.execute(insert(GROUP_MEMBERSHIP), rows)
