"""API tokens of one's own: make, list, revoke. A token makes no tokens (S-TOK-4); the guard sees to that."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from tb_share.credentials import write_token
from tb_share.errors import BadRequest, NotFound
from tb_share.model.api_token import ApiToken, TokenScope
from tb_share.model.caller import Member
from tb_share.operations.desk import Desk
from tb_share.signing import hashed
from tb_share.store import projects, tokens
from tb_share.store.database import Connection

MAX_NAME: Final = 100
MAX_ALIVE: Final = 100


@dataclass(frozen=True, slots=True)
class NewToken:
    """What somebody asks for. ``projects`` are project ids; None: all that its owner has a role in."""

    name: str
    scopes: frozenset[TokenScope]
    projects: tuple[str, ...] | None = None
    expires_in_s: int | None = None


@dataclass(frozen=True, slots=True)
class CreatedToken:
    """The only time that the secret is seen."""

    token: ApiToken
    secret: str


def create(desk: Desk, by: Member, new: NewToken, maker: Member | None = None) -> CreatedToken:
    """Make a token that may at most what its owner may; ``maker`` makes it for somebody else, such as a service account.

    Raises:
        BadRequest: the wishes cannot be met; the text says which.
        NotFound: a project that is none, or none of the owner's.
    """
    expires_in_s = check(desk, new)
    with desk.database.write() as connection:
        return add(desk, connection, by, NewToken(new.name.strip(), new.scopes, new.projects, expires_in_s), maker or by)


def check(desk: Desk, new: NewToken) -> int:
    """Whether the wishes can be met; the seconds until it expires.

    Raises:
        BadRequest: they cannot; the text says which.
    """
    limits = desk.settings.token
    expires_in_s = limits.default_expiry_s if new.expires_in_s is None else new.expires_in_s
    if not 60 <= expires_in_s <= limits.max_expiry_s:  # noqa: PLR2004 - a minute
        raise BadRequest(f"A token lives at least a minute and at most {limits.max_expiry_s // 86400} days. Choose an expiry in between.")
    name = new.name.strip()
    if not 0 < len(name) <= MAX_NAME or not name.isprintable():
        raise BadRequest(f"A token needs a name of one line and at most {MAX_NAME} characters, so that you know it again.")
    if not new.scopes:
        raise BadRequest(f"Say what the token may do: {', '.join(TokenScope)}.")
    return expires_in_s


def add(desk: Desk, connection: Connection, by: Member, new: NewToken, maker: Member) -> CreatedToken:
    """The token that was checked, in a transaction that may do more.

    Raises:
        BadRequest: its owner has too many.
        NotFound: a project that is none, or none of the owner's.
    """
    secret, now = write_token(), desk.now()
    if sum(each.is_good(now) for each in tokens.of_user(connection, by.user_id)) >= MAX_ALIVE:
        raise BadRequest(f"You have {MAX_ALIVE} tokens already. Revoke those that you no longer use.")
    token = ApiToken(
        id=secrets.token_hex(8),
        user_id=by.user_id,
        name=new.name,
        scopes=new.scopes,
        projects=None if new.projects is None else frozenset(_uid(connection, by, each) for each in new.projects),
        created_at=now,
        expires_at=now + timedelta(seconds=new.expires_in_s or desk.settings.token.default_expiry_s),
        last_used_at=None,
        revoked_at=None,
    )
    tokens.add(connection, token, hashed(secret))
    target = f"token:{token.id} for:{by.user_id} scopes:{','.join(sorted(new.scopes))}"
    desk.note(connection, f"user:{maker.user_id}", "token.create", target)
    return CreatedToken(token, secret)


def list_tokens(desk: Desk, of: Member) -> tuple[ApiToken, ...]:
    """All of one's own, the newest first."""
    with desk.database.read() as connection:
        return tokens.of_user(connection, of.user_id)


def revoke(desk: Desk, by: Member, token_id: str) -> None:
    """End one of one's own at once.

    Raises:
        NotFound: that is none of theirs.
    """
    now = desk.now()
    with desk.database.write() as connection:
        if not tokens.revoke(connection, token_id, by.user_id, now):
            raise NotFound
        desk.note(connection, f"user:{by.user_id}", "token.revoke", f"token:{token_id}")


def project_ids(desk: Desk) -> Mapping[str, str]:
    """Project ids by uid, for lists that people read."""
    with desk.database.read() as connection:
        return {project.uid: project.id for project in projects.everything(connection)}


def _uid(connection: Connection, by: Member, project_id: str) -> str:
    project = projects.find(connection, project_id)
    if project is None or by.role_in(project.uid) is None:
        raise NotFound(f"There is no project {project_id[:63]!r} that you have a role in.")
    return project.uid
