"""Where somebody is signed in, and signing out there from here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from tb_share.credentials import Credentials
from tb_share.errors import NotFound
from tb_share.model.caller import Member
from tb_share.operations.desk import Desk
from tb_share.signing import hashed, new_secret
from tb_share.store import sessions
from tb_share.store.sessions import ID_LENGTH, Session

_OVERLAP: Final = timedelta(seconds=30)
"""Requests that are under way when a session is renewed still come with its old secret."""


def list_sessions(desk: Desk, of: Member) -> tuple[Session, ...]:
    """All of one's own that still open anything, the latest used first."""
    now, limits = desk.now(), desk.settings.session
    idle, absolute = timedelta(seconds=limits.idle_s), timedelta(seconds=limits.absolute_s)
    with desk.database.read() as connection:
        found = sessions.of_user(connection, of.user_id)
    return tuple(each for each in found if now - each.last_seen_at < idle and now - each.created_at < absolute)


def id_of(desk: Desk, cookie: str) -> str | None:
    """What the session of this cookie is called in the list."""
    secret = Credentials(desk.keys).read_session(cookie)
    return None if secret is None else hashed(secret)[:ID_LENGTH]


def renew(desk: Desk, session_hash: str) -> str | None:
    """Give a session another secret, as on any rise in rights (S-OIDC-9): its cookie; None if somebody else was first, or it has ended."""
    now, secret = desk.now(), new_secret()
    with desk.database.write() as connection:
        if not sessions.renew(connection, session_hash, hashed(secret), now, now + _OVERLAP):
            return None
    return Credentials(desk.keys).session(secret)


def end(desk: Desk, by: Member, session_id: str) -> None:
    """End one of one's own at once.

    Raises:
        NotFound: that is none of theirs.
    """
    if not _end(desk, by, lambda each: each.is_called(session_id)):
        raise NotFound


def end_others(desk: Desk, by: Member, keep: str | None) -> int:
    """End all of one's own but one; how many."""
    return _end(desk, by, lambda each: not each.is_called(keep))


def _end(desk: Desk, by: Member, which: Callable[[Session], bool]) -> int:
    with desk.database.write() as connection:
        found = [each for each in sessions.of_user(connection, by.user_id) if which(each)]
        for each in found:
            sessions.end(connection, each.hash, desk.now())
            desk.note(connection, f"user:{by.user_id}", "session.end", f"session:{each.id}")
    return len(found)
