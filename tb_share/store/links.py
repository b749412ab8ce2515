"""Share links: rows without secrets; a use is counted in one statement (S-LINK-4)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, func, insert, literal, or_, select, update

from tb_share.model.share_link import ChosenExperiments, Scope, ShareLink, WholeProject
from tb_share.store.tables import LINK, USER, UtcTime


def add(connection: Connection, link: ShareLink, secret_hash: str, passcode: str | None = None) -> None:
    """A new link; ``passcode`` is hashed already."""
    experiments = list(link.scope.ids) if isinstance(link.scope, ChosenExperiments) else None
    connection.execute(
        insert(LINK).values(
            id=link.id,
            secret_hash=secret_hash,
            project_uid=link.project_uid,
            experiments=experiments,
            view=link.view,
            label=link.label,
            created_by=link.created_by,
            created_at=link.created_at,
            expires_at=link.expires_at,
            max_uses=link.max_uses,
            uses=0,
            passcode=passcode,
            emails=list(link.emails) or None,
            download=link.download,
        )
    )


def find(connection: Connection, link_id: str) -> ShareLink | None:
    """The link with this id, in whatever state."""
    row = connection.execute(_links().where(LINK.c.id == link_id)).mappings().first()
    return None if row is None else _link(row)


def find_by_secret(connection: Connection, secret_hash: str) -> ShareLink | None:
    """The link with this secret, in whatever state."""
    row = connection.execute(_links().where(LINK.c.secret_hash == secret_hash)).mappings().first()
    return None if row is None else _link(row)


def passcode(connection: Connection, link_id: str) -> str | None:
    """What is kept of the link's passcode, if it has one."""
    return connection.execute(select(LINK.c.passcode).where(LINK.c.id == link_id)).scalar()


def in_project(connection: Connection, project_uid: str) -> tuple[ShareLink, ...]:
    """All links of a project, the newest first."""
    query = _links().where(LINK.c.project_uid == project_uid).order_by(LINK.c.created_at.desc(), LINK.c.id)
    return tuple(_link(row) for row in connection.execute(query).mappings())


def count_use(connection: Connection, link_id: str, now: datetime) -> bool:
    """Count one more opening, if the link still allows one."""
    room = or_(LINK.c.max_uses.is_(None), LINK.c.uses < LINK.c.max_uses)
    where = (LINK.c.id == link_id) & LINK.c.revoked_at.is_(None) & (LINK.c.expires_at > now) & room
    first = func.coalesce(LINK.c.first_used_at, literal(now, UtcTime()))
    return connection.execute(update(LINK).where(where).values(uses=LINK.c.uses + 1, last_used_at=now, first_used_at=first)).rowcount == 1


def revoke(connection: Connection, link_id: str, now: datetime) -> None:
    """End one link; ending it again changes nothing."""
    _revoke(connection, LINK.c.id == link_id, now)


def revoke_all(connection: Connection, project_uid: str, now: datetime) -> int:
    """End all links of a project; how many were not yet."""
    return _revoke(connection, LINK.c.project_uid == project_uid, now)


def _revoke(connection: Connection, which: ColumnElement[bool], now: datetime) -> int:
    return connection.execute(update(LINK).where(which & LINK.c.revoked_at.is_(None)).values(revoked_at=now)).rowcount


def _links() -> Select[tuple[object, ...]]:
    return select(LINK, USER.c.name.label("created_by_name")).join(USER, USER.c.id == LINK.c.created_by)


def _link(row: RowMapping) -> ShareLink:
    scope: Scope = WholeProject() if row["experiments"] is None else ChosenExperiments(tuple(row["experiments"]))
    return ShareLink(
        id=row["id"],
        project_uid=row["project_uid"],
        scope=scope,
        view=row["view"],
        label=row["label"],
        created_by=row["created_by"],
        created_by_name=row["created_by_name"],
        created_at=row["created_at"],
        expires_at=row["expires_at"],
        max_uses=row["max_uses"],
        uses=row["uses"],
        last_used_at=row["last_used_at"],
        revoked_at=row["revoked_at"],
        has_passcode=row["passcode"] is not None,
        emails=tuple(row["emails"] or ()),
        download=row["download"],
        first_used_at=row["first_used_at"],
    )
