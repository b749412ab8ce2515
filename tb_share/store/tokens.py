"""API tokens. Only hashes are kept; a token is found by its hash (S-TOK-1)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, RowMapping, insert, select, update

from tb_share.model.api_token import ApiToken, TokenScope
from tb_share.store.tables import TOKEN


def add(connection: Connection, token: ApiToken, hash_: str) -> None:
    """A new token."""
    connection.execute(
        insert(TOKEN).values(
            id=token.id,
            hash=hash_,
            user_id=token.user_id,
            name=token.name,
            scopes=sorted(token.scopes),
            projects=None if token.projects is None else sorted(token.projects),
            created_at=token.created_at,
            expires_at=token.expires_at,
        )
    )


def find_by_hash(connection: Connection, hash_: str) -> ApiToken | None:
    """The token, good or not."""
    row = connection.execute(select(TOKEN).where(TOKEN.c.hash == hash_)).mappings().first()
    return None if row is None else _token(row)


def of_user(connection: Connection, user_id: str) -> tuple[ApiToken, ...]:
    """All of somebody's, the newest first."""
    query = select(TOKEN).where(TOKEN.c.user_id == user_id).order_by(TOKEN.c.created_at.desc(), TOKEN.c.id)
    return tuple(map(_token, connection.execute(query).mappings()))


def touch(connection: Connection, token_id: str, now: datetime) -> None:
    """Note that it was used."""
    connection.execute(update(TOKEN).where(TOKEN.c.id == token_id).values(last_used_at=now))


def revoke(connection: Connection, token_id: str, user_id: str, now: datetime) -> bool:
    """End one of somebody's; whether there was such a one."""
    mine = (TOKEN.c.id == token_id) & (TOKEN.c.user_id == user_id)
    connection.execute(update(TOKEN).where(mine, TOKEN.c.revoked_at.is_(None)).values(revoked_at=now))
    return connection.execute(select(TOKEN.c.id).where(mine)).first() is not None


def _token(row: RowMapping) -> ApiToken:
    return ApiToken(
        id=row["id"],
        user_id=row["user_id"],
        name=row["name"],
        scopes=frozenset(map(TokenScope, row["scopes"])),
        projects=None if row["projects"] is None else frozenset(row["projects"]),
        created_at=row["created_at"],
        expires_at=row["expires_at"],
        last_used_at=row["last_used_at"],
        revoked_at=row["revoked_at"],
    )
