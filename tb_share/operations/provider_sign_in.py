"""Signing in with an identity provider: who may, as whom, with which roles. The provider's word was verified before."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from tb_share.credentials import Credentials
from tb_share.errors import NotAdmitted
from tb_share.model.person import Person
from tb_share.model.project import Role
from tb_share.operations.desk import Desk
from tb_share.operations.sign_in import NewSession
from tb_share.policy.actions import Action
from tb_share.policy.grants import member_may
from tb_share.settings import ProviderSettings
from tb_share.signing import hashed, new_secret
from tb_share.store import codes, identities, people, projects, sessions
from tb_share.store.codes import Code
from tb_share.store.database import Connection
from tb_share.store.people import NewPerson
from tb_share.store.sessions import AtProvider, SignedOutThere

_MOST_TOLD: Final = 10


def admit(desk: Desk, rules: ProviderSettings, person: Person) -> NewSession:
    """A session for a verified person.

    Whoever was not here before gets an account of their own: nobody is found by an e-mail address (S-OIDC-5). Roles of groups are those of
    now (S-OIDC-7), and invitations to the person's checked address become theirs.

    Raises:
        NotAdmitted: no rule admits them, nobody invited them, or their account is disabled. Nothing is kept of the try but its
            record, and what groups gave them before is gone.
    """
    now = desk.now()
    secret = new_secret()
    with desk.database.write() as connection:
        user_id = identities.find(connection, person.issuer, person.subject)
        known = None if user_id is None else people.caller(connection, user_id, desk.groups_since)
        invitations = _invitations(desk, connection, rules, person)
        roles = _group_roles(connection, rules, person)
        is_admin = bool(person.groups.intersection(rules.admin_groups))
        admitted = (
            _is_listed(rules, person)
            or bool(invitations)
            or bool(roles)
            or is_admin
            or (known is not None and _has_place(connection, known.user_id))
        )
        if admitted and (user_id is None or known is not None):
            user_id = user_id or _new_account(desk, connection, person)
            identities.rename(connection, user_id, person.name, person.email)
            _take_over(desk, connection, person, user_id, _Said(roles, is_admin, _checked_email(rules, person)))
            for code in invitations:
                _claim(desk, connection, code, user_id)
            at_provider = AtProvider(person.provider, person.issuer, person.subject, person.session_id, person.id_token)
            sessions.add(connection, hashed(secret), user_id, now, desk.origin, at_provider)
            desk.note(connection, f"user:{user_id}", "sign_in", f"provider:{person.provider}")
        else:
            admitted = False
            if user_id is not None:
                _take_over(desk, connection, person, user_id, _Said({}, is_admin=False, checked_email=None))
            desk.note(connection, "nobody" if user_id is None else f"user:{user_id}", "sign_in", f"provider:{person.provider}", "refused")
    if not admitted:
        is_disabled = user_id is not None and known is None
        raise NotAdmitted("the account is disabled" if is_disabled else why_not(rules, person))
    return NewSession(Credentials(desk.keys).session(secret), person.name, "/")


def forget_others(desk: Desk, issuers: Collection[str]) -> None:
    """What providers gave that the settings do not name any more ends: nobody could take it back."""
    with desk.database.read() as connection:
        if not identities.has_rights_of_others(connection, issuers):
            return
    with desk.database.write() as connection:
        dropped = identities.drop_rights_of_others(connection, issuers)
        if dropped:
            desk.note(connection, "local", "provider.forget", f"rights:{dropped}")


def sign_out_from_provider(desk: Desk, issuer: str, subject: str | None, session: str | None, began_until: datetime) -> int:
    """The provider says that somebody signed out there: end what it began here until then; how many sessions."""
    now, which = desk.now(), SignedOutThere(issuer, subject, session, began_until)
    with desk.database.write() as connection:
        ended = sessions.end_at_provider(connection, which, now)
        desk.note(connection, "provider", "sign_out", f"sessions:{ended}")
    return ended


@dataclass(frozen=True, slots=True)
class _Said:
    """What a provider says of somebody, as rights: roles by project uid."""

    roles: Mapping[str, Role]
    is_admin: bool
    checked_email: str | None


def _take_over(desk: Desk, connection: Connection, person: Person, user_id: str, said: _Said) -> None:
    """Those of before are gone; what differs is written down."""
    now, before = desk.now(), identities.group_roles(connection, user_id)
    was_admin = identities.is_admin(connection, person.issuer, person.subject)
    identities.note_sign_in(connection, person.issuer, person.subject, is_admin=said.is_admin, checked_email=said.checked_email, now=now)
    identities.set_group_roles(connection, user_id, said.roles, now)
    for uid in sorted(before.keys() | said.roles.keys()):
        role, project = said.roles.get(uid), projects.find_by_uid(connection, uid)
        if role is not before.get(uid):
            name = uid if project is None else project.id
            desk.note(connection, f"user:{user_id}", "member.by_groups", f"project:{name} role:{role or 'none'}")
    rises = said.is_admin and not was_admin
    if rises or any(role is not before.get(uid) and people.higher(role, before.get(uid)) is role for uid, role in said.roles.items()):
        people.note_rise(connection, user_id, now)
    if was_admin is not said.is_admin:
        desk.note(connection, f"user:{user_id}", "user.admin_by_groups", "given" if said.is_admin else "taken")


def _is_listed(rules: ProviderSettings, person: Person) -> bool:
    domain = person.email.rpartition("@")[2] if person.email_verified else ""
    return bool(domain and domain in rules.allowed_domains) or bool(person.groups.intersection(rules.allowed_groups))


def why_not(rules: ProviderSettings, person: Person) -> str:
    """For the server's log: what the provider said that no rule takes. The domain of the address, not the address."""
    domain = person.email.rpartition("@")[2]
    if not domain:
        address = "no e-mail address that can be used"
    elif person.email_verified:
        address = f"an address of {domain}"
    else:
        address = f"an address of {domain}, without email_verified, so that no rule about addresses counts"
    if not rules.groups_claim:
        return f"no rule admits {address}, and nobody invited it"
    named = sorted(person.groups)
    told = ", ".join(named[:_MOST_TOLD]) + (" and more" if len(named) > _MOST_TOLD else "") if named else "none"
    return f"no rule admits {address}, and groups in {rules.groups_claim}: {told}"


def _has_place(connection: Connection, user_id: str) -> bool:
    """Whether people gave them a role: that holds without any rule, until it is taken away."""
    return bool(people.roles_of(connection, user_id))


def _group_roles(connection: Connection, rules: ProviderSettings, person: Person) -> Mapping[str, Role]:
    roles: dict[str, Role] = {}
    for rule in rules.roles:
        project = projects.find(connection, rule.project) if rule.group in person.groups else None
        if project is not None:
            roles[project.uid] = people.higher(rule.role, roles.get(project.uid))
    return roles


def _invitations(desk: Desk, connection: Connection, rules: ProviderSettings, person: Person) -> tuple[Code, ...]:
    """Those to an address that this provider really checks (S-OIDC-6), by somebody who may still invite."""
    if _checked_email(rules, person) is None:
        return ()
    found = []
    for code in codes.invitations_for(connection, person.email, desk.now(), desk.settings.revoked_before):
        inviter = None if code.created_by is None else people.caller(connection, code.created_by, desk.groups_since)
        if code.project_uid and code.role and member_may(inviter, Action.MANAGE_MEMBERS, code.project_uid):
            found.append(code)
    return tuple(found)


def _checked_email(rules: ProviderSettings, person: Person) -> str | None:
    """The address, if this provider is one that really checks addresses of that domain."""
    return person.email if person.email_verified and person.email.rpartition("@")[2] in rules.vouches_for else None


def _new_account(desk: Desk, connection: Connection, person: Person) -> str:
    user_id, now = secrets.token_hex(8), desk.now()
    people.add(connection, NewPerson(user_id, person.name, person.email), now)
    identities.add(connection, person.issuer, person.subject, user_id, now)
    desk.note(connection, f"user:{user_id}", "user.create", f"provider:{person.provider}")
    return user_id


def _claim(desk: Desk, connection: Connection, code: Code, user_id: str) -> None:
    now = desk.now()
    project = None if code.project_uid is None else projects.find_by_uid(connection, code.project_uid)
    if project is None or code.role is None or not codes.use(connection, code.hash, now):
        return
    if code.role is people.higher(code.role, people.roles_of(connection, user_id).get(project.uid)):
        people.set_role(connection, project.uid, user_id, code.role, now)
    desk.note(connection, f"user:{user_id}", "member.join", f"project:{project.id} role:{code.role}")
