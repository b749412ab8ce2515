"""Share links: create, list, revoke, open."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from tb_share.credentials import Credentials
from tb_share.errors import BadRequest, LinkNotValid, NotAllowed, NotFound
from tb_share.model.caller import Member
from tb_share.model.project import Managed, Project
from tb_share.model.share_link import ChosenExperiments, LinkState, Scope, ShareLink
from tb_share.operations.desk import Desk
from tb_share.policy.actions import Action
from tb_share.policy.grants import member_may
from tb_share.signing import hashed, new_secret, same
from tb_share.store import audit, links, people, projects

MAX_VIEW: Final = 8192
MAX_LABEL: Final = 200
MAX_EXPERIMENTS: Final = 1000
MAX_EXPERIMENT_ID: Final = 64
MAX_USES: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class NewLink:
    """What somebody asks for. ``expires_in_s`` None is the default expiry; ``max_uses`` None is any number."""

    scope: Scope
    view: str = ""
    label: str = ""
    expires_in_s: int | None = None
    max_uses: int | None = None


@dataclass(frozen=True, slots=True)
class CreatedLink:
    """The link, and its token: the only time that the secret is seen."""

    link: ShareLink
    token: str


@dataclass(frozen=True, slots=True)
class OpenedLink:
    """What somebody who opened a link gets."""

    link: ShareLink
    project: Project
    cookie: str
    """The value of the link's cookie."""


def create(desk: Desk, project: Project, by: Member, new: NewLink) -> CreatedLink:
    """Make a link.

    Raises:
        BadRequest: the wishes cannot be met; the text says which.
    """
    _check(desk, project, new)
    now = desk.now()
    expires_in_s = desk.settings.link.default_expiry_s if new.expires_in_s is None else new.expires_in_s
    secret = new_secret()
    link = ShareLink(
        id=secrets.token_hex(8),
        project_uid=project.uid,
        scope=new.scope,
        view=new.view,
        label=new.label.strip(),
        created_by=by.user_id,
        created_by_name=by.name,
        created_at=now,
        expires_at=now + timedelta(seconds=expires_in_s),
        max_uses=new.max_uses,
        uses=0,
        last_used_at=None,
        revoked_at=None,
    )
    with desk.database.write() as connection:
        links.add(connection, link, hashed(secret))
        audit.add(connection, now, f"user:{by.user_id}", "link.create", f"project:{project.id} link:{link.id}")
    return CreatedLink(link, Credentials(desk.keys).link(link.id, secret))


def list_links(desk: Desk, project: Project) -> tuple[ShareLink, ...]:
    """All links of the project, the newest first."""
    with desk.database.read() as connection:
        return links.in_project(connection, project.uid)


def revoke(desk: Desk, project: Project, by: Member, link_id: str) -> None:
    """End a link at once, for those who are in as well.

    Raises:
        NotFound: the project has no such link (S-ROLE-4).
        NotAllowed: it is somebody else's, and revoking that takes an owner.
    """
    now = desk.now()
    with desk.database.write() as connection:
        link = links.find(connection, link_id)
        if link is None or link.project_uid != project.uid:
            raise NotFound
        if link.created_by != by.user_id and not member_may(by, Action.REVOKE_ANY_LINK, project.uid):
            raise NotAllowed("This link is somebody else's. A project owner can revoke it.")
        links.revoke(connection, link_id, now)
        audit.add(connection, now, f"user:{by.user_id}", "link.revoke", f"project:{project.id} link:{link_id}")


def revoke_all(desk: Desk, project: Project, by: Member) -> int:
    """End every link of the project; how many were alive."""
    now = desk.now()
    with desk.database.write() as connection:
        count = links.revoke_all(connection, project.uid, now)
        audit.add(connection, now, f"user:{by.user_id}", "link.revoke_all", f"project:{project.id}")
    return count


def check(desk: Desk, token: str) -> ShareLink:
    """The link behind a token that would open now. Counts nothing.

    Raises:
        LinkNotValid: in every other case, always the same (S-LINK-10).
    """
    now = desk.now()
    said = Credentials(desk.keys).read_link(token)
    if said is None:
        raise LinkNotValid
    link_id, secret = said
    with desk.database.read() as connection:
        link = links.find_by_secret(connection, hashed(secret))
        if link is None or not same(link.id, link_id) or link.state(now) is not LinkState.ACTIVE:
            raise LinkNotValid
        creator = people.caller(connection, link.created_by)
        if projects.find_by_uid(connection, link.project_uid) is None or not member_may(creator, Action.CREATE_LINK, link.project_uid):
            raise LinkNotValid
    return link


def exchange(desk: Desk, token: str) -> OpenedLink:
    """Open a link: counts one use, in one statement, and gives the cookie's value.

    Raises:
        LinkNotValid: unknown, altered, expired, revoked, used up, or its creator may not share any more.
    """
    link = check(desk, token)
    now = desk.now()
    with desk.database.write() as connection:
        project = projects.find_by_uid(connection, link.project_uid)
        if project is None or not links.count_use(connection, link.id, now):
            raise LinkNotValid
        if link.uses == 0:
            audit.add(connection, now, f"link:{link.id}", "link.first_use", f"project:{project.id}")
    return OpenedLink(link, project, Credentials(desk.keys).link_cookie(link.id))


def _check(desk: Desk, project: Project, new: NewLink) -> None:
    limits = desk.settings.link
    expires_in_s = limits.default_expiry_s if new.expires_in_s is None else new.expires_in_s
    if not 1 <= expires_in_s <= limits.max_expiry_s:
        raise BadRequest(
            f"A link lives at least 1 second and at most {limits.max_expiry_s} ({_days(limits.max_expiry_s)}). Choose an expiry in between."
        )
    if new.max_uses is not None and not 1 <= new.max_uses <= MAX_USES:
        raise BadRequest(f"A link can be opened at least once and at most {MAX_USES} times, or any number of times if you leave this out.")
    if len(new.label.strip()) > MAX_LABEL or not new.label.isprintable():
        raise BadRequest(f"A label is one line of at most {MAX_LABEL} characters.")
    if len(new.view) > MAX_VIEW or not new.view.isprintable() or not (new.view == "" or new.view[0] in "?#"):
        raise BadRequest(f"A view is what follows TensorBoard's address, from ? or # on, at most {MAX_VIEW} characters.")
    if isinstance(new.scope, ChosenExperiments):
        _check_chosen(project, new.scope)


def _check_chosen(project: Project, scope: ChosenExperiments) -> None:
    if not isinstance(project.source, Managed):
        raise BadRequest(
            "This project's TensorBoard is run by somebody else, so a link can only share the whole project. "
            "Serve its logs with --logdir to share chosen experiments."
        )
    if not 1 <= len(scope.ids) <= MAX_EXPERIMENTS or any(not _is_id(each) for each in scope.ids):
        raise BadRequest(f"Choose between 1 and {MAX_EXPERIMENTS} experiments by their ids.")


def _is_id(text: str) -> bool:
    return 1 <= len(text) <= MAX_EXPERIMENT_ID and text.isascii() and text.isprintable()


def _days(seconds: int) -> str:
    return f"{seconds / 86400:g} days"
