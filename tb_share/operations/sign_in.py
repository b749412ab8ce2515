"""Signing in without a provider: one-time codes, as Jupyter's; and signing out.

The workspace administrator is whoever holds the address that ``serve`` printed, never whoever comes first (S-OIDC-15). No password is kept.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from tb_share.credentials import Credentials
from tb_share.errors import CodeNotValid
from tb_share.model.caller import Member
from tb_share.model.project import Project, Role
from tb_share.operations.desk import Desk
from tb_share.policy.actions import Action
from tb_share.policy.grants import member_may
from tb_share.signing import hashed, new_secret
from tb_share.store import codes, people, projects, sessions
from tb_share.store.codes import Code, CodeKind
from tb_share.store.database import Connection
from tb_share.store.people import NewPerson
from tb_share.store.sessions import Ended

OWNER_NAME = "owner"


@dataclass(frozen=True, slots=True)
class NewSession:
    """Somebody is signed in."""

    cookie: str
    """The value of the session's cookie."""
    member_name: str
    landing: str
    """The path to show first."""


def local_owner(desk: Desk) -> Member:
    """The workspace administrator, made if there is none: who acts when commands run on this machine."""
    with desk.database.read() as connection:
        known = people.first_admin(connection)
        found = None if known is None else people.caller(connection, known, desk.groups_since)
    if found is not None:
        return found
    now = desk.now()
    with desk.database.write() as connection:
        user_id = people.first_admin(connection)
        if user_id is None:
            user_id = secrets.token_hex(8)
            people.add(connection, NewPerson(user_id, OWNER_NAME, is_admin=True), now)
            desk.note(connection, "local", "user.create_admin", f"user:{user_id}")
    return Member(user_id, OWNER_NAME, is_admin=True)


def owner_code(desk: Desk) -> str:
    """A fresh one-time code that signs in the administrator; earlier unused ones stop working."""
    owner = local_owner(desk)
    now = desk.now()
    secret = new_secret()
    expires = now + timedelta(seconds=desk.settings.session.owner_code_s)
    code = Code(hashed(secret), CodeKind.OWNER, owner.user_id, None, None, None, expires)
    with desk.database.write() as connection:
        codes.drop_owner_codes(connection)
        codes.add(connection, code, now)
    return Credentials(desk.keys).code(secret)


@dataclass(frozen=True, slots=True)
class Offered:
    """What a code would do. Invitations have a project and a role."""

    kind: CodeKind
    user_id: str
    name: str
    project: Project | None
    role: Role | None
    is_for_here: bool = False
    """Whether it is for whoever is signed in here, so that the account that they have is given the role."""


def check_code(desk: Desk, token: str, here: Member | None = None) -> Offered:
    """What the code would do now, if used where ``here`` is signed in. Uses nothing up.

    Raises:
        CodeNotValid: unknown, altered, expired, used, or its inviter may not invite any more.
    """
    hash_ = _hash(desk, token)
    with desk.database.read() as connection:
        code, who, project = _usable(desk, connection, hash_)
        is_for_here = here is not None and _is_for(desk, connection, code, here)
    return Offered(code.kind, who.user_id, who.name, project, code.role, is_for_here)


def join(desk: Desk, token: str, here: Member) -> str | None:
    """Accept an invitation with the account that one is signed in with, if it is to an address that is known to be this person's.

    The path to show first; None if the code is for somebody else, and then nothing is used up. Another account for the same person would
    have to be told apart for ever.

    Raises:
        CodeNotValid: unknown, altered, expired, used, or its inviter may not invite any more.
    """
    hash_ = _hash(desk, token)
    now = desk.now()
    with desk.database.write() as connection:
        code, _, project = _usable(desk, connection, hash_)
        if project is None or not _is_for(desk, connection, code, here):
            return None
        _give_role(desk, connection, code, project, here, now)
        if not codes.use(connection, hash_, now):
            raise CodeNotValid
    return f"/projects/{project.id}"


def _is_for(desk: Desk, connection: Connection, code: Code, here: Member) -> bool:
    """Whether a provider or an administrator vouches that the invited address is theirs (S-INV-1)."""
    if code.kind is not CodeKind.INVITATION:
        return False
    to_them = (codes.invitations_for(connection, email, desk.now(), desk.settings.revoked_before) for email in here.emails)
    return any(code.hash == each.hash for found in to_them for each in found)


def _give_role(desk: Desk, connection: Connection, code: Code, project: Project, who: Member, now: datetime) -> None:
    # An invitation never takes away what somebody has already.
    if code.role is not None and code.role is people.higher(code.role, people.roles_of(connection, who.user_id).get(project.uid)):
        people.set_role(connection, project.uid, who.user_id, code.role, now)
        desk.note(connection, f"user:{who.user_id}", "member.join", f"project:{project.id} role:{code.role}")


def use_code(desk: Desk, token: str) -> NewSession:
    """Sign in with a code. Of several at once, one succeeds.

    Raises:
        CodeNotValid: unknown, altered, expired, used, or its inviter may not invite any more.
    """
    hash_ = _hash(desk, token)
    now = desk.now()
    secret = new_secret()
    with desk.database.write() as connection:
        code, who, project = _usable(desk, connection, hash_)
        if project is not None:
            _give_role(desk, connection, code, project, who, now)
        if not codes.use(connection, hash_, now):
            raise CodeNotValid
        if code.kind is CodeKind.OWNER:
            codes.drop_owner_codes(connection)
        sessions.add(connection, hashed(secret), who.user_id, now, desk.origin)
        desk.note(connection, f"user:{who.user_id}", "sign_in", code.kind.value)
    return NewSession(Credentials(desk.keys).session(secret), who.name, "/" if project is None else f"/projects/{project.id}")


def _usable(desk: Desk, connection: Connection, hash_: str) -> tuple[Code, Member, Project | None]:
    """The code, whom it signs in, and the project that an invitation is for."""
    code = codes.find(connection, hash_, desk.now(), desk.settings.revoked_before)
    who = None if code is None else people.caller(connection, code.user_id, desk.groups_since)
    if code is None or who is None:
        raise CodeNotValid
    if code.kind is not CodeKind.INVITATION:
        return code, who, None
    inviter = None if code.created_by is None else people.caller(connection, code.created_by, desk.groups_since)
    project = None if code.project_uid is None else projects.find_by_uid(connection, code.project_uid)
    if project is None or code.role is None or not member_may(inviter, Action.MANAGE_MEMBERS, project.uid):
        raise CodeNotValid
    return code, who, project


def sign_out(desk: Desk, cookie: str) -> Ended | None:
    """End the session of this cookie on the server; a cookie that is nobody's changes nothing."""
    secret = Credentials(desk.keys).read_session(cookie)
    if secret is None:
        return None
    now = desk.now()
    with desk.database.write() as connection:
        ended = sessions.end(connection, hashed(secret), now)
        if ended is not None:
            desk.note(connection, f"user:{ended.user_id}", "sign_out", "session")
    return ended


def _hash(desk: Desk, token: str) -> str:
    secret = Credentials(desk.keys).read_code(token)
    if secret is None:
        raise CodeNotValid
    return hashed(secret)
