"""Share links: create, list, revoke, open."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from urllib.parse import quote

from tb_share.credentials import Credentials
from tb_share.errors import BadRequest, LinkForOthers, LinkNotValid, NotAllowed, NotFound, PasscodeWrong
from tb_share.model.caller import Member
from tb_share.model.project import Managed, Project
from tb_share.model.share_link import ChosenExperiments, LinkState, Scope, ShareLink
from tb_share.model.view import for_link
from tb_share.operations import projects as projects_of
from tb_share.operations.desk import Desk
from tb_share.operations.members import is_email
from tb_share.policy.actions import Action
from tb_share.policy.grants import member_may
from tb_share.signing import fits_passcode, hash_passcode, hashed, new_secret, same
from tb_share.store import links, people, projects

MAX_VIEW: Final = 8192
MAX_QUERY: Final = 3800
"""Of a view, what a browser sends: as bytes of the address, with room for the rest of the line that the server reads."""
MAX_LABEL: Final = 200
MAX_EXPERIMENTS: Final = 1000
MAX_EXPERIMENT_ID: Final = 64
MAX_USES: Final = 1_000_000
MIN_PASSCODE: Final = 4
MAX_PASSCODE: Final = 200
MAX_EMAILS: Final = 100
_AS_IT_IS: Final = "!#$%&'()*+,/:;=?@[]~"


@dataclass(frozen=True, slots=True)
class NewLink:
    """What somebody asks for. ``expires_in_s`` None is the default expiry; ``max_uses`` None is any number."""

    scope: Scope
    view: str = ""
    label: str = ""
    expires_in_s: int | None = None
    max_uses: int | None = None
    passcode: str | None = None
    emails: tuple[str, ...] = ()
    download: bool = False


@dataclass(frozen=True, slots=True)
class Lives:
    """How long links of a project live, in seconds, when nobody says and at most."""

    default_s: int
    longest_s: int


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
    expires_in_s = _check(desk, project, new)
    now = desk.now()
    secret = new_secret()
    link = ShareLink(
        id=secrets.token_hex(8),
        project_uid=project.uid,
        scope=new.scope,
        view=for_link(new.view, new.scope.ids if isinstance(new.scope, ChosenExperiments) else None),
        label=new.label.strip(),
        created_by=by.user_id,
        created_by_name=by.name,
        created_at=now,
        expires_at=now + timedelta(seconds=expires_in_s),
        max_uses=new.max_uses,
        uses=0,
        last_used_at=None,
        revoked_at=None,
        has_passcode=new.passcode is not None,
        emails=tuple(dict.fromkeys(each.strip().casefold() for each in new.emails)),
        download=new.download,
    )
    passcode = None if new.passcode is None else hash_passcode(new.passcode)
    with desk.database.write() as connection:
        links.add(connection, link, hashed(secret), passcode)
        desk.note(connection, f"user:{by.user_id}", "link.create", f"project:{project.id} link:{link.id}")
    return CreatedLink(link, Credentials(desk.keys).link(link.id, secret))


def lives(desk: Desk, project: Project) -> Lives:
    """What the owners of the project decided, within what the server's settings allow."""
    server, chosen = desk.settings.link, projects_of.openness(desk, project)
    longest = min(chosen.link_max_s or server.max_expiry_s, server.max_expiry_s)
    return Lives(min(chosen.link_default_s or server.default_expiry_s, longest), longest)


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
        desk.note(connection, f"user:{by.user_id}", "link.revoke", f"project:{project.id} link:{link_id}")


def revoke_all(desk: Desk, project: Project, by: Member) -> int:
    """End every link of the project; how many were alive."""
    now = desk.now()
    with desk.database.write() as connection:
        count = links.revoke_all(connection, project.uid, now)
        desk.note(connection, f"user:{by.user_id}", "link.revoke_all", f"project:{project.id}")
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
        revoked_before = desk.settings.revoked_before
        if revoked_before is not None and link.created_at < revoked_before:
            raise LinkNotValid
        creator = people.caller(connection, link.created_by, desk.groups_since)
        if projects.find_by_uid(connection, link.project_uid) is None or not member_may(creator, Action.CREATE_LINK, link.project_uid):
            raise LinkNotValid
    return link


def exchange(desk: Desk, link: ShareLink, by: Member | None, passcode: str) -> OpenedLink:
    """Open a link that was checked: counts one use, in one statement, and gives the cookie's value.

    Raises:
        LinkNotValid: it ended meanwhile.
        LinkForOthers: it is for people with certain addresses, and ``by`` has none of them.
        PasscodeWrong: it has another passcode.
    """
    if not admits(link, by):
        raise LinkForOthers
    if link.has_passcode:
        with desk.database.read() as connection:
            kept = links.passcode(connection, link.id)
        if len(passcode) > MAX_PASSCODE or kept is None or not fits_passcode(passcode, kept):
            raise PasscodeWrong
    now = desk.now()
    with desk.database.write() as connection:
        project = projects.find_by_uid(connection, link.project_uid)
        if project is None or not links.count_use(connection, link.id, now):
            raise LinkNotValid
        # Read under the same lock as it was counted: of two who open it at once, one was the first.
        counted = links.find(connection, link.id)
        if counted is not None and counted.uses == 1:
            desk.note(connection, f"link:{link.id}", "link.first_use", f"project:{project.id}")
    return OpenedLink(link, project, Credentials(desk.keys).link_cookie(link.id))


def life_s(desk: Desk, link_id: str) -> int:
    """Seconds until the link expires; 0 for one that is not there."""
    with desk.database.read() as connection:
        link = links.find(connection, link_id)
    return 0 if link is None else int((link.expires_at - desk.now()).total_seconds())


def admits(link: ShareLink, by: Member | None) -> bool:
    """Whether the link is for whoever signed in as this."""
    return not link.emails or (by is not None and not by.emails.isdisjoint(link.emails))


def _check(desk: Desk, project: Project, new: NewLink) -> int:
    """Seconds until it expires."""
    limits = lives(desk, project)
    expires_in_s = limits.default_s if new.expires_in_s is None else new.expires_in_s
    if not 1 <= expires_in_s <= limits.longest_s:
        raise BadRequest(
            f"A link lives at least 1 second and at most {limits.longest_s} ({_days(limits.longest_s)}). Choose an expiry in between."
        )
    if new.passcode is not None and not MIN_PASSCODE <= len(new.passcode) <= MAX_PASSCODE:
        raise BadRequest(f"A passcode has between {MIN_PASSCODE} and {MAX_PASSCODE} characters.")
    if len(new.emails) > MAX_EMAILS or not all(is_email(each) for each in new.emails):
        raise BadRequest(f"Write at most {MAX_EMAILS} e-mail addresses, each as name@example.org.")
    if new.max_uses is not None and not 1 <= new.max_uses <= MAX_USES:
        raise BadRequest(f"A link can be opened at least once and at most {MAX_USES} times, or any number of times if you leave this out.")
    if len(new.label.strip()) > MAX_LABEL or not new.label.isprintable():
        raise BadRequest(f"A label is one line of at most {MAX_LABEL} characters.")
    if len(new.view) > MAX_VIEW or not new.view.isprintable() or not (new.view == "" or new.view[0] in "?#"):
        raise BadRequest(f"A view is what follows TensorBoard's address, from ? or # on, at most {MAX_VIEW} characters.")
    if len(quote(new.view.partition("#")[0], safe=_AS_IT_IS)) > MAX_QUERY:
        raise BadRequest(
            f"What this view says before # is longer than {MAX_QUERY} characters, and no browser could open it. "
            "Unpin some cards, or shorten the filter."
        )
    if isinstance(new.scope, ChosenExperiments):
        _check_chosen(project, new.scope)
    return expires_in_s


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
