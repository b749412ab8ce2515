"""Who is calling? Cookies in, callers out, strongest first.

A credential that is not ours, or is garbage, makes nobody (S-SESS-4). A link whose row says no makes nobody either, and is reported as
ended. What the database said is kept per process and forgotten as soon as anybody commits, so an ended session or link ends at once.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from tb_share.credentials import Credentials, is_token
from tb_share.model.api_token import ApiToken, ContentLimits
from tb_share.model.caller import Caller, LinkVisitor, Member, Stranger
from tb_share.model.share_link import ShareLink
from tb_share.policy.actions import Action
from tb_share.policy.grants import member_may
from tb_share.settings import Settings
from tb_share.signing import hashed
from tb_share.store import links, people, sessions, tokens
from tb_share.store.database import Database
from tb_share.store.sessions import Session

_TOUCH_AFTER: Final = timedelta(minutes=1)
_KEPT: Final = 4096
_KEPT_FOR: Final = timedelta(minutes=1)
"""Rights also end by time alone, without anybody writing."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """Who is asking; ``ended_link`` says that a link's cookie was there whose link has ended."""

    callers: tuple[Caller, ...]
    ended_link: bool
    to_renew: str | None = None
    """The hash of a session whose person has come to more rights since it got its secret."""


@dataclass(frozen=True, slots=True)
class _SignedIn:
    session: Session
    member: Member
    raised_at: datetime | None

    def is_to_renew(self, hash_: str | None) -> bool:
        """Whether this secret is from before a rise in rights. Whoever comes with one that was renewed was told the new one already."""
        return self.session.hash == hash_ and self.raised_at is not None and self.session.secret_at < self.raised_at


@dataclass(frozen=True, slots=True)
class _Held:
    token: ApiToken
    member: Member


@dataclass(frozen=True, slots=True)
class _Opened:
    link: ShareLink
    creator_may: bool


class Resolver:
    """One for each process."""

    def __init__(self, database: Database, keys: tuple[str, ...], settings: Settings, now: Callable[[], datetime]) -> None:
        self._database = database
        self._credentials = Credentials(keys)
        self._idle = timedelta(seconds=settings.session.idle_s)
        self._absolute = timedelta(seconds=settings.session.absolute_s)
        self._now = now
        self._not_before = settings.revoked_before or datetime.min.replace(tzinfo=UTC)
        self._lock = threading.Lock()
        self._version: int | None = None
        self._known_until = self._now()
        self._known: dict[str, _SignedIn | _Opened | _Held | None] = {}

    def resolve(self, session_cookies: list[str], link_cookies: list[str], bearer: str | None) -> Resolved:
        """Who is asking with these cookies, or with this token? Two cookies of one name are nobody; those beside a token do not count.

        Raises:
            StoreUnavailable: the database cannot be asked, so nobody can be let in.
        """
        if bearer is not None:
            holder = self._holder(bearer)
            return Resolved((Stranger(),) if holder is None else (holder,), ended_link=False)
        if not (session_cookies or link_cookies):
            return Resolved((Stranger(),), ended_link=False)
        secret = self._credentials.read_session(session_cookies[0]) if len(session_cookies) == 1 else None
        hash_ = None if secret is None else hashed(secret)
        signed_in = None if hash_ is None else self._signed_in(hash_)
        member = None if signed_in is None else signed_in.member
        visitor, ended = self._visitor(link_cookies[0], member) if len(link_cookies) == 1 else (None, False)
        callers = tuple(caller for caller in (member, visitor) if caller is not None)
        to_renew = hash_ if signed_in is not None and signed_in.is_to_renew(hash_) else None
        return Resolved(callers or (Stranger(),), ended_link=ended, to_renew=to_renew)

    def resolve_content(self, content_cookies: list[str], link_cookies: list[str]) -> Resolved:
        """Who is asking on the origin of TensorBoard's pages? The same people with less: there a session only reads one project.

        Raises:
            StoreUnavailable: the database cannot be asked, so nobody can be let in.
        """
        member = self._content_member(content_cookies[0]) if len(content_cookies) == 1 else None
        visitor, ended = self._visitor(link_cookies[0], member) if len(link_cookies) == 1 else (None, False)
        callers = tuple(caller for caller in (member, visitor) if caller is not None)
        return Resolved(callers or (Stranger(),), ended_link=ended)

    def _content_member(self, cookie: str) -> Member | None:
        named = self._credentials.read_content(cookie)
        if named is None:
            return None
        session_hash, project_uid = named
        # A page that is open there cannot be given another credential; what it has reads one project, and ends with the session.
        found = self._signed_in(session_hash, by_old_name=True)
        return None if found is None else replace(found.member, limits=ContentLimits(frozenset({project_uid})))

    def _signed_in(self, hash_: str, *, by_old_name: bool = False) -> _SignedIn | None:
        found = self._remembered(f"session:{hash_}", lambda: self._load_session(hash_))
        now = self._now()
        if not isinstance(found, _SignedIn) or not self._is_alive(found.session, now):
            return None
        if not by_old_name and not _still_named(found.session, hash_, now):
            return None
        if now - found.session.last_seen_at >= _TOUCH_AFTER:
            with self._database.write() as connection:
                sessions.touch(connection, found.session.hash, now)
            self._forget()
        return found

    def _holder(self, bearer: str) -> Member | None:
        if not is_token(bearer):
            return None
        hash_ = hashed(bearer)
        found = self._remembered(f"token:{hash_}", lambda: self._load_token(hash_))
        now = self._now()
        if not isinstance(found, _Held) or not found.token.is_good(now) or found.token.created_at < self._not_before:
            return None
        if found.token.last_used_at is None or now - found.token.last_used_at >= _TOUCH_AFTER:
            with self._database.write() as connection:
                tokens.touch(connection, found.token.id, now)
            self._forget()
        return found.member

    def _load_token(self, hash_: str) -> _Held | None:
        with self._database.read() as connection:
            token = tokens.find_by_hash(connection, hash_)
            member = None if token is None else people.caller(connection, token.user_id, self._now() - self._absolute)
        return None if token is None or member is None else _Held(token, replace(member, limits=token.limits))

    def _is_alive(self, session: Session, now: datetime) -> bool:
        young = now - session.last_seen_at < self._idle and now - session.created_at < self._absolute
        return young and session.created_at >= self._not_before

    def _load_session(self, hash_: str) -> _SignedIn | None:
        with self._database.read() as connection:
            session = sessions.find(connection, hash_)
            member = None if session is None else people.caller(connection, session.user_id, self._now() - self._absolute)
            raised_at = None if session is None else people.raised_at(connection, session.user_id)
        return None if session is None or member is None else _SignedIn(session, member, raised_at)

    def _visitor(self, cookie: str, member: Member | None) -> tuple[LinkVisitor | None, bool]:
        link_id = self._credentials.read_link_cookie(cookie)
        if link_id is None:
            return None, False
        found = self._remembered(f"link:{link_id}", lambda: self._load_link(link_id))
        if not isinstance(found, _Opened) or not found.creator_may or not found.link.admits_visitor(self._now()):
            return None, True
        if found.link.created_at < self._not_before or (
            found.link.emails and (member is None or member.emails.isdisjoint(found.link.emails))
        ):
            return None, True
        return LinkVisitor(found.link.id, found.link.project_uid, found.link.scope, found.link.download), False

    def _load_link(self, link_id: str) -> _Opened | None:
        with self._database.read() as connection:
            link = links.find(connection, link_id)
            creator = None if link is None else people.caller(connection, link.created_by, self._now() - self._absolute)
        return None if link is None else _Opened(link, member_may(creator, Action.CREATE_LINK, link.project_uid))

    def _remembered(self, key: str, load: Callable[[], _SignedIn | _Opened | _Held | None]) -> _SignedIn | _Opened | _Held | None:
        # The version is read before the rows: what is loaded under an old version is forgotten with it.
        version = self._database.data_version()
        with self._lock:
            if version != self._version or len(self._known) >= _KEPT or self._now() >= self._known_until:
                self._version, self._known, self._known_until = version, {}, self._now() + _KEPT_FOR
            known = self._known
        if version is not None and key in known:
            return known[key]
        known[key] = found = load()
        return found

    def _forget(self) -> None:
        with self._lock:
            self._known = {}


def _still_named(session: Session, hash_: str, now: datetime) -> bool:
    """Whether this secret stands for the session: the one that it has, or for a while the one that it had before."""
    return session.hash == hash_ or (session.old_until is not None and now < session.old_until)
