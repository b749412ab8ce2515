"""People and their roles in projects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, delete, exists, func, insert, select, update

from tb_share.model.caller import Member
from tb_share.model.project import Role
from tb_share.store.tables import GROUP_MEMBERSHIP, IDENTITY, MEMBERSHIP, SESSION, USER


@dataclass(frozen=True, slots=True)
class ProjectMember:
    """Somebody with a role in one project."""

    user_id: str
    name: str
    email: str
    role: Role
    added_at: datetime


class Way(StrEnum):
    """How somebody has a role in a project that nobody gave them there."""

    GROUPS = "groups"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True)
class OtherMember:
    """Somebody with a role in one project that they have another way."""

    user_id: str
    name: str
    email: str
    role: Role
    way: Way


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody who has no account yet. ``by_admin``: an administrator vouches that the e-mail address is this person's."""

    user_id: str
    name: str
    email: str = ""
    is_admin: bool = False
    by_admin: bool = False
    is_service: bool = False


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody with an account, for administrators' lists."""

    user_id: str
    name: str
    email: str
    is_admin: bool
    is_service: bool
    disabled_at: datetime | None
    created_at: datetime
    projects: int
    """In how many they have a role."""


def add(connection: Connection, person: NewPerson, now: datetime) -> None:
    """A new account."""
    row = {"id": person.user_id, "name": person.name, "email": person.email, "is_admin": person.is_admin, "by_admin": person.by_admin}
    row["is_service"] = person.is_service
    connection.execute(insert(USER).values(created_at=now, **row))


def first_admin(connection: Connection) -> str | None:
    """The user id of the earliest administrator who is not disabled."""
    query = select(USER.c.id).where(USER.c.is_admin, USER.c.disabled_at.is_(None)).order_by(USER.c.created_at, USER.c.id)
    return connection.execute(query).scalar()


def caller(connection: Connection, user_id: str, groups_since: datetime) -> Member | None:
    """The person as a caller with all their roles; None if unknown or disabled.

    ``groups_since``: what a provider last said before that counts no longer.
    """
    row = connection.execute(select(USER).where(USER.c.id == user_id, USER.c.disabled_at.is_(None))).mappings().first()
    if row is None:
        return None
    said = select(IDENTITY.c.is_admin, IDENTITY.c.checked_email).where(
        IDENTITY.c.user_id == user_id, IDENTITY.c.last_sign_in_at >= groups_since
    )
    identities = connection.execute(said).all()
    emails = {each.checked_email for each in identities} | ({row["email"]} if row["by_admin"] else set())
    return Member(
        user_id=row["id"],
        name=row["name"],
        is_admin=row["is_admin"] or any(each.is_admin for each in identities),
        roles=all_roles_of(connection, user_id, groups_since),
        emails=frozenset(emails - {"", None}),
    )


def roles_of(connection: Connection, user_id: str) -> Mapping[str, Role]:
    """Role by project uid, of those that people gave."""
    rows = connection.execute(select(MEMBERSHIP.c.project_uid, MEMBERSHIP.c.role).where(MEMBERSHIP.c.user_id == user_id))
    return {uid: Role(role) for uid, role in rows}


def all_roles_of(connection: Connection, user_id: str, groups_since: datetime) -> Mapping[str, Role]:
    """Role by project uid: of what people gave and what a provider's groups have had since then, the higher one."""
    roles = dict(roles_of(connection, user_id))
    by_groups = select(GROUP_MEMBERSHIP.c.project_uid, GROUP_MEMBERSHIP.c.role).where(
        GROUP_MEMBERSHIP.c.user_id == user_id, GROUP_MEMBERSHIP.c.added_at >= groups_since
    )
    for uid, text in connection.execute(by_groups):
        roles[uid] = higher(Role(text), roles.get(uid))
    return roles


def higher(one: Role, other: Role | None) -> Role:
    """The role that may more."""
    order = tuple(Role)
    return one if other is None or order.index(one) > order.index(other) else other


def everybody(connection: Connection, groups_since: datetime) -> tuple[Account, ...]:
    """All accounts, by name; what a provider last said before that counts no longer."""
    roles = select(MEMBERSHIP.c.user_id, MEMBERSHIP.c.project_uid).union(
        select(GROUP_MEMBERSHIP.c.user_id, GROUP_MEMBERSHIP.c.project_uid).where(GROUP_MEMBERSHIP.c.added_at >= groups_since)
    )
    held = roles.subquery()
    counted = select(held.c.user_id, func.count().label("projects")).group_by(held.c.user_id).subquery()
    by_groups = exists().where(IDENTITY.c.user_id == USER.c.id, IDENTITY.c.is_admin, IDENTITY.c.last_sign_in_at >= groups_since)
    query = (
        select(USER, func.coalesce(counted.c.projects, 0).label("projects"), by_groups.label("by_groups"))
        .outerjoin(counted, counted.c.user_id == USER.c.id)
        .order_by(USER.c.name, USER.c.id)
    )
    return tuple(
        Account(
            row["id"],
            row["name"],
            row["email"],
            row["is_admin"] or row["by_groups"],
            row["is_service"],
            row["disabled_at"],
            row["created_at"],
            row["projects"],
        )
        for row in connection.execute(query).mappings()
    )


def set_disabled(connection: Connection, user_id: str, at: datetime | None) -> bool:
    """Shut somebody out, and end where they are signed in, or let them in again; whether there is such a one."""
    if at is not None:
        connection.execute(
            update(SESSION).where(SESSION.c.user_id == user_id, SESSION.c.ended_at.is_(None)).values(ended_at=at, id_token=None)
        )
    return connection.execute(update(USER).where(USER.c.id == user_id).values(disabled_at=at)).rowcount == 1


def admins_besides(connection: Connection, user_id: str) -> int:
    """How many other administrators there are who can act."""
    query = select(func.count()).select_from(USER).where(USER.c.id != user_id, USER.c.is_admin, USER.c.disabled_at.is_(None))
    return connection.execute(query).scalar_one()


def members(connection: Connection, project_uid: str) -> tuple[ProjectMember, ...]:
    """Everybody with a role of their own in the project, by name."""
    query = (
        select(USER.c.id, USER.c.name, USER.c.email, MEMBERSHIP.c.role, MEMBERSHIP.c.added_at)
        .join(MEMBERSHIP, MEMBERSHIP.c.user_id == USER.c.id)
        .where(MEMBERSHIP.c.project_uid == project_uid)
        .order_by(USER.c.name, USER.c.id)
    )
    return tuple(ProjectMember(id_, name, email, Role(role), added) for id_, name, email, role, added in connection.execute(query))


def others(connection: Connection, project_uid: str, groups_since: datetime) -> tuple[OtherMember, ...]:
    """Everybody who has a role in the project by a provider's groups or as an administrator, by name; some are members as well."""
    enabled = USER.c.disabled_at.is_(None)
    by_groups = (
        select(USER.c.id, USER.c.name, USER.c.email, GROUP_MEMBERSHIP.c.role)
        .join(GROUP_MEMBERSHIP, GROUP_MEMBERSHIP.c.user_id == USER.c.id)
        .where(GROUP_MEMBERSHIP.c.project_uid == project_uid, GROUP_MEMBERSHIP.c.added_at >= groups_since, enabled)
    )
    found = [OtherMember(id_, name, email, Role(role), Way.GROUPS) for id_, name, email, role in connection.execute(by_groups)]
    said = exists().where(IDENTITY.c.user_id == USER.c.id, IDENTITY.c.is_admin, IDENTITY.c.last_sign_in_at >= groups_since)
    admins = select(USER.c.id, USER.c.name, USER.c.email).where(USER.c.is_admin | said, enabled)
    found += [OtherMember(id_, name, email, Role.OWNER, Way.ADMINISTRATOR) for id_, name, email in connection.execute(admins)]
    return tuple(sorted(found, key=lambda each: (each.name, each.user_id, each.way)))


def set_role(connection: Connection, project_uid: str, user_id: str, role: Role, now: datetime) -> None:
    """Give or change a role; one that may more than the one before is a rise."""
    before = roles_of(connection, user_id).get(project_uid)
    if before is not role and higher(role, before) is role:
        note_rise(connection, user_id, now)
    where = (MEMBERSHIP.c.project_uid == project_uid) & (MEMBERSHIP.c.user_id == user_id)
    if connection.execute(update(MEMBERSHIP).where(where).values(role=role.value)).rowcount == 0:
        connection.execute(insert(MEMBERSHIP).values(project_uid=project_uid, user_id=user_id, role=role.value, added_at=now))


def note_rise(connection: Connection, user_id: str, now: datetime) -> None:
    """Somebody may more than before: their sessions are to get new secrets."""
    connection.execute(update(USER).where(USER.c.id == user_id).values(raised_at=now))


def raised_at(connection: Connection, user_id: str) -> datetime | None:
    """When they last came to more rights."""
    return connection.execute(select(USER.c.raised_at).where(USER.c.id == user_id)).scalar()


def drop_role(connection: Connection, project_uid: str, user_id: str) -> bool:
    """Take the role away; whether there was one."""
    where = (MEMBERSHIP.c.project_uid == project_uid) & (MEMBERSHIP.c.user_id == user_id)
    return connection.execute(delete(MEMBERSHIP).where(where)).rowcount == 1


def owners_besides(connection: Connection, project_uid: str, user_id: str) -> int:
    """How many others could still own the project: its other owners, and administrators, who own every project."""
    others = USER.c.id != user_id
    enabled = USER.c.disabled_at.is_(None)
    owners = (
        select(USER.c.id)
        .join(MEMBERSHIP, MEMBERSHIP.c.user_id == USER.c.id)
        .where(MEMBERSHIP.c.project_uid == project_uid, MEMBERSHIP.c.role == Role.OWNER.value, others, enabled)
    )
    admins = select(USER.c.id).where(USER.c.is_admin, others, enabled)
    return connection.execute(select(func.count()).select_from(owners.union(admins).subquery())).scalar_one()


def with_email(connection: Connection, email: str) -> frozenset[str]:
    """The user ids of all accounts with this address, whoever says that it is theirs."""
    return frozenset(connection.execute(select(USER.c.id).where(USER.c.email == email)).scalars())


def invited_before(connection: Connection, email: str) -> str | None:
    """The user id of the person whom an administrator already invited under this address."""
    query = select(USER.c.id).where(USER.c.email == email, USER.c.disabled_at.is_(None), USER.c.by_admin)
    return connection.execute(query.order_by(USER.c.created_at, USER.c.id)).scalar()
