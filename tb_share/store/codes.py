"""One-time codes: owner sign-in and invitations. Only hashes are kept; each works once (S-INV-1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import ColumnElement, Connection, RowMapping, delete, insert, select, true, update

from tb_share.model.project import Role
from tb_share.store.tables import CODE, USER

ID_LENGTH: Final = 16


class CodeKind(StrEnum):
    """What a code does when it is used."""

    OWNER = "owner"
    INVITATION = "invitation"


@dataclass(frozen=True, slots=True)
class Code:
    """One row. Invitations have a project, a role and an inviter."""

    hash: str
    kind: CodeKind
    user_id: str
    project_uid: str | None
    role: Role | None
    created_by: str | None
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class OpenInvitation:
    """An invitation that nobody has used yet. ``id`` is a part of its hash, from which nobody gets back to the address."""

    id: str
    email: str
    role: Role
    expires_at: datetime


def add(connection: Connection, code: Code, now: datetime) -> None:
    """A new code."""
    role = None if code.role is None else code.role.value
    connection.execute(
        insert(CODE).values(
            hash=code.hash,
            kind=code.kind.value,
            user_id=code.user_id,
            project_uid=code.project_uid,
            role=role,
            created_by=code.created_by,
            created_at=now,
            expires_at=code.expires_at,
        )
    )


def find(connection: Connection, hash_: str, now: datetime, since: datetime | None = None) -> Code | None:
    """The code, if it can still be used; none that is older than ``since``."""
    row = connection.execute(select(CODE).where(_usable(hash_, now) & _made(since))).mappings().first()
    return None if row is None else _code(row)


def use(connection: Connection, hash_: str, now: datetime) -> bool:
    """Use it up; of several at once, one is told True."""
    return connection.execute(update(CODE).where(_usable(hash_, now)).values(used_at=now)).rowcount == 1


def drop_owner_codes(connection: Connection) -> None:
    """Unused owner codes stop working."""
    connection.execute(delete(CODE).where(CODE.c.kind == CodeKind.OWNER.value, CODE.c.used_at.is_(None)))


def drop_invitations(connection: Connection, project_uid: str, user_id: str) -> int:
    """Unused invitations of this person to this project stop working; how many."""
    return connection.execute(
        delete(CODE).where(
            CODE.c.kind == CodeKind.INVITATION.value,
            CODE.c.project_uid == project_uid,
            CODE.c.user_id == user_id,
            CODE.c.used_at.is_(None),
        )
    ).rowcount


def drop_invitations_of(connection: Connection, project_uid: str, email: str, created_by: str) -> int:
    """Unused invitations of this address to this project, by the same person, stop working; how many."""
    called_so = select(USER.c.id).where(USER.c.email == email)
    return connection.execute(
        delete(CODE).where(
            CODE.c.kind == CodeKind.INVITATION.value,
            CODE.c.project_uid == project_uid,
            CODE.c.created_by == created_by,
            CODE.c.user_id.in_(called_so),
            CODE.c.used_at.is_(None),
        )
    ).rowcount


def drop_invitation(connection: Connection, project_uid: str, invitation_id: str) -> bool:
    """One unused invitation to this project stops working; whether there was such a one."""
    where = (CODE.c.project_uid == project_uid) & CODE.c.hash.startswith(invitation_id, autoescape=True) & CODE.c.used_at.is_(None)
    return len(invitation_id) == ID_LENGTH and connection.execute(delete(CODE).where(where)).rowcount == 1


def invitations(connection: Connection, project_uid: str, now: datetime, since: datetime | None = None) -> tuple[OpenInvitation, ...]:
    """Invitations to the project that still work and are not older than ``since``, the newest first."""
    query = (
        select(CODE.c.hash, USER.c.email, CODE.c.role, CODE.c.expires_at)
        .join(USER, USER.c.id == CODE.c.user_id)
        .where(CODE.c.project_uid == project_uid, CODE.c.used_at.is_(None), CODE.c.expires_at > now, _made(since))
        .order_by(CODE.c.created_at.desc(), USER.c.email)
    )
    return tuple(OpenInvitation(hash_[:ID_LENGTH], email, Role(role), expires) for hash_, email, role, expires in connection.execute(query))


def invitations_for(connection: Connection, email: str, now: datetime, since: datetime | None = None) -> tuple[Code, ...]:
    """Invitations to this address that still work and are not older than ``since``."""
    query = (
        select(CODE)
        .join(USER, USER.c.id == CODE.c.user_id)
        .where(
            USER.c.email == email,
            CODE.c.kind == CodeKind.INVITATION.value,
            CODE.c.used_at.is_(None),
            CODE.c.expires_at > now,
            _made(since),
        )
        .order_by(CODE.c.created_at, CODE.c.hash)
    )
    return tuple(map(_code, connection.execute(query).mappings()))


def _usable(hash_: str, now: datetime) -> ColumnElement[bool]:
    return (CODE.c.hash == hash_) & CODE.c.used_at.is_(None) & (CODE.c.expires_at > now)


def _made(since: datetime | None) -> ColumnElement[bool]:
    return true() if since is None else CODE.c.created_at >= since


def _code(row: RowMapping) -> Code:
    role = None if row["role"] is None else Role(row["role"])
    return Code(row["hash"], CodeKind(row["kind"]), row["user_id"], row["project_uid"], role, row["created_by"], row["expires_at"])
