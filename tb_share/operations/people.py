"""Everybody who has an account: list, shut out, let in again; and accounts for programs. For administrators."""

from __future__ import annotations

import secrets
from typing import Final

from tb_share.errors import BadRequest, Conflict, LastOwner, NotFound
from tb_share.model.caller import Member
from tb_share.model.project import Project, Role
from tb_share.operations.desk import Desk
from tb_share.store import people
from tb_share.store.database import Connection
from tb_share.store.people import Account, NewPerson

_LONGEST_NAME: Final = 100


def everybody(desk: Desk) -> tuple[Account, ...]:
    """All accounts, by name."""
    with desk.database.read() as connection:
        return people.everybody(connection, desk.groups_since)


def disable(desk: Desk, by: Member, user_id: str) -> None:
    """Shut somebody out, at once: their sessions, tokens, links and invitations open nothing any more.

    Raises:
        NotFound: nobody has this id.
        LastOwner: a project would have nobody left, or the workspace no administrator.
        Conflict: nobody shuts themselves out.
    """
    if user_id == by.user_id:
        raise Conflict("You cannot disable yourself. Ask another administrator.")
    with desk.database.write() as connection:
        who = _enabled(desk, connection, user_id)
        if who.is_admin and not people.admins_besides(connection, user_id):
            raise LastOwner("The workspace needs an administrator. Make somebody else one first.")
        for uid, role in people.roles_of(connection, user_id).items():
            if role is Role.OWNER and not people.owners_besides(connection, uid, user_id):
                raise LastOwner
        people.set_disabled(connection, user_id, desk.now())
        desk.note(connection, f"user:{by.user_id}", "user.disable", f"user:{user_id}")


def enable(desk: Desk, by: Member, user_id: str) -> None:
    """Let somebody in again, with the roles that they had; sessions that were open when they were shut out stay ended.

    Raises:
        NotFound: nobody has this id.
    """
    with desk.database.write() as connection:
        if not people.set_disabled(connection, user_id, None):
            raise NotFound
        desk.note(connection, f"user:{by.user_id}", "user.enable", f"user:{user_id}")


def add_service(desk: Desk, by: Member, name: str, project: Project, role: Role) -> str:
    """An account for a program, with a role in a project; its id. Nobody signs in with it: it is for API tokens only.

    Raises:
        BadRequest: the name cannot be used.
        Conflict: there is one of this name.
    """
    name = name.strip()
    if not 0 < len(name) <= _LONGEST_NAME or not name.isprintable():
        raise BadRequest(f"A service account has a name of one line and at most {_LONGEST_NAME} characters.")
    if role is Role.OWNER:
        raise BadRequest("A service account cannot own a project. Make it a viewer or a contributor.")
    with desk.database.write() as connection:
        if any(each.is_service and each.name == name for each in people.everybody(connection, desk.groups_since)):
            raise Conflict(f"There is a service account called {name} already.")
        user_id = secrets.token_hex(8)
        people.add(connection, NewPerson(user_id, name, is_service=True), desk.now())
        people.set_role(connection, project.uid, user_id, role, desk.now())
        desk.note(connection, f"user:{by.user_id}", "service.create", f"project:{project.id} user:{user_id} role:{role}")
    return user_id


def service(desk: Desk, name: str) -> Member:
    """The service account of this name or id, as whoever comes with its token.

    Raises:
        NotFound: there is none.
    """
    with desk.database.read() as connection:
        found = [each for each in people.everybody(connection, desk.groups_since) if each.is_service and name in (each.user_id, each.name)]
        member = people.caller(connection, found[0].user_id, desk.groups_since) if found else None
    if member is None:
        raise NotFound(f"There is no service account {name[:80]!r}. tb-share service list shows those there are.")
    return member


def _enabled(desk: Desk, connection: Connection, user_id: str) -> Member:
    who = people.caller(connection, user_id, desk.groups_since)
    if who is None:
        raise NotFound
    return who
