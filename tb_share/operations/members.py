"""Members of a project: invite, list, change, remove. A project keeps an owner (S-ROLE-5)."""

from __future__ import annotations

import re
import secrets
from datetime import timedelta
from math import ceil
from typing import Final

from tb_share.credentials import Credentials
from tb_share.errors import BadRequest, LastOwner, NotFound, TooManyTries
from tb_share.model.caller import Member
from tb_share.model.project import Project, Role
from tb_share.operations.desk import Desk
from tb_share.signing import hashed, new_secret
from tb_share.store import audit, codes, people
from tb_share.store.audit import Which
from tb_share.store.codes import Code, CodeKind, OpenInvitation
from tb_share.store.database import Connection
from tb_share.store.people import NewPerson, OtherMember, ProjectMember

MOST_INVITATIONS: Final = 500
"""By one person within an hour."""
MOST_TO_ONE: Final = 20
"""Of these, to one address."""
_WINDOW: Final = timedelta(hours=1)
_INVITE: Final = "member.invite"
_EMAIL: Final = re.compile(r"[^@\s<>\"',;:\\]{1,64}@[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?")


def invite(desk: Desk, project: Project, by: Member, email: str, role: Role) -> str:
    """A one-time code that makes whoever uses it a member; ``email`` says for whom it is meant and what they are called.

    Whom an administrator invited before under this address is signed in as the same person again, if an administrator invites. In all
    other cases it is a new person: an owner of one project must neither get hold of somebody's account nor prepare one for them, and no
    more may an administrator's token, whose limits would end where that account begins.

    Raises:
        BadRequest: that is no e-mail address.
        TooManyTries: they invited many within an hour, or one again and again; each may be a mail to somebody who asked for none.
    """
    name = email.strip().casefold()
    if not is_email(name):
        raise BadRequest(f"{email.strip()[:80]!r} is not one e-mail address.")
    now = desk.now()
    secret = new_secret()
    expires = now + timedelta(seconds=desk.settings.session.code_s)
    as_admin = by.is_admin and by.limits is None
    with desk.database.write() as connection:
        _check_pace(desk, connection, by, name)
        user_id = people.invited_before(connection, name) if as_admin else None
        if user_id is None:
            user_id = secrets.token_hex(8)
            people.add(connection, NewPerson(user_id, name, name, by_admin=as_admin), now)
        codes.drop_invitations(connection, project.uid, user_id)
        codes.drop_invitations_of(connection, project.uid, name, by.user_id)
        codes.add(connection, Code(hashed(secret), CodeKind.INVITATION, user_id, project.uid, role, by.user_id, expires), now)
        desk.note(connection, f"user:{by.user_id}", _INVITE, f"project:{project.id} user:{user_id} role:{role}")
    return Credentials(desk.keys).code(secret)


def _check_pace(desk: Desk, connection: Connection, by: Member, email: str) -> None:
    since = desk.now() - _WINDOW
    newest = Which(actor=f"user:{by.user_id}", action=_INVITE, newest_first=True, limit=MOST_INVITATIONS)
    made = [each for each in audit.entries(connection, newest) if each.at > since]
    called_so = {f"user:{user_id}" for user_id in people.with_email(connection, email)}
    to_one = [each for each in made if called_so.intersection(each.target.split())]
    for found, most in ((made, MOST_INVITATIONS), (to_one, MOST_TO_ONE)):
        if len(found) >= most:
            raise TooManyTries(retry_after_s=max(1, ceil((found[most - 1].at - since).total_seconds())))


def is_email(text: str) -> bool:
    """Whether it is written as one e-mail address is."""
    name = text.strip().casefold()
    return _EMAIL.fullmatch(name) is not None and name.isprintable()


def list_members(desk: Desk, project: Project) -> tuple[ProjectMember, ...]:
    """Everybody with a role in the project that somebody gave them there, by name."""
    with desk.database.read() as connection:
        return people.members(connection, project.uid)


def list_others(desk: Desk, project: Project) -> tuple[OtherMember, ...]:
    """Who else may read the project: by a provider's groups, or as an administrator of the workspace."""
    with desk.database.read() as connection:
        return people.others(connection, project.uid, desk.groups_since)


def list_invitations(desk: Desk, project: Project) -> tuple[OpenInvitation, ...]:
    """Invitations that still work, the newest first."""
    with desk.database.read() as connection:
        return codes.invitations(connection, project.uid, desk.now(), desk.settings.revoked_before)


def withdraw_invitation(desk: Desk, project: Project, by: Member, invitation_id: str) -> None:
    """An invitation that nobody has used stops working.

    Raises:
        NotFound: the project has no such invitation.
    """
    with desk.database.write() as connection:
        if not codes.drop_invitation(connection, project.uid, invitation_id):
            raise NotFound
        desk.note(connection, f"user:{by.user_id}", "member.withdraw", f"project:{project.id} invitation:{invitation_id}")


def change_role(desk: Desk, project: Project, by: Member, user_id: str, role: Role) -> None:
    """Give a member another role, at once.

    Raises:
        NotFound: that is no member of the project.
        LastOwner: nobody would own the project.
    """
    now = desk.now()
    with desk.database.write() as connection:
        _check_owners(connection, project, user_id, role)
        people.set_role(connection, project.uid, user_id, role, now)
        desk.note(connection, f"user:{by.user_id}", "member.change_role", f"project:{project.id} user:{user_id} role:{role}")


def remove(desk: Desk, project: Project, by: Member, user_id: str) -> None:
    """Take a member out, at once: their links and invitations end with their right.

    Raises:
        NotFound: that is no member of the project.
        LastOwner: nobody would own the project.
    """
    with desk.database.write() as connection:
        _check_owners(connection, project, user_id, None)
        people.drop_role(connection, project.uid, user_id)
        codes.drop_invitations(connection, project.uid, user_id)
        desk.note(connection, f"user:{by.user_id}", "member.remove", f"project:{project.id} user:{user_id}")


def _check_owners(connection: Connection, project: Project, user_id: str, role: Role | None) -> None:
    """Whether a member may become ``role``, or nobody: inside the transaction that does it, so that two cannot leave at once."""
    before = people.roles_of(connection, user_id).get(project.uid)
    if before is None:
        raise NotFound("The project has no such member. tb-share member list shows who is in it.")
    if before is Role.OWNER and role is not Role.OWNER and not people.owners_besides(connection, project.uid, user_id):
        raise LastOwner
