"""Where a project's TensorBoard is to be asked, and the note that goes along (S-HOST-1).

Both are kept for moments only, so that a request of the hot path costs neither a question to the fleet nor a signature.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol
from urllib.parse import urlsplit

from tb_share import handoff
from tb_share.errors import TensorBoardStarting, UpstreamUnreachable
from tb_share.gateway.proxy.upstreams import TcpAddress, tcp_address
from tb_share.gateway.request_scope import RequestScope
from tb_share.model.caller import Caller, LinkVisitor, Member, Stranger
from tb_share.model.project import Project, Role, Visibility
from tb_share.model.share_link import Scope, WholeProject
from tb_share.policy.actions import Action
from tb_share.tensorboards.fleet import Failed, Fleet, Ready, Starting

_READY_FOR_S: Final = 1.0
"""How long the fleet's word is taken without asking again; a host that dies meanwhile is noticed by its refusing us."""
_NOTE_FOR_S: Final = 10.0
_MOST_NOTES: Final = 1024


class Writer(Protocol):
    """What a note says of the caller's rights."""

    def actions_in(self, caller: Caller, project: Project, visibility: Visibility, *, viewers_comment: bool) -> tuple[str, ...]:
        """Everything it may do there."""
        ...

    def role_of(self, caller: Caller, project: Project) -> Role | None:
        """Its role there."""
        ...


@dataclass(frozen=True, slots=True)
class Somewhere:
    """Somebody's own TensorBoard, taken apart once."""

    address: TcpAddress
    host_header: str
    origin: str
    prefix: str


class Whereabouts:
    """Asks the fleet and writes notes, and remembers both for a moment."""

    def __init__(
        self,
        fleet: Fleet,
        writer: Writer,
        now: Callable[[], float],
        viewers_comment: Callable[[str], bool],
        *,
        foreign_plugins: bool,
        portal_url: str = "",
    ) -> None:
        self._portal_url = portal_url
        self._viewers_comment = viewers_comment
        self._fleet = fleet
        self._writer = writer
        self._now = now
        self._foreign_plugins = foreign_plugins
        self._ready: dict[str, tuple[Ready, float]] = {}
        self._notes: dict[object, tuple[str, float]] = {}
        self._upstreams: dict[str, Somewhere] = {}

    def host(self, project_id: str) -> Ready:
        """The host of a project of ours.

        Raises:
            TensorBoardStarting: not yet.
            UpstreamUnreachable: it cannot be started.
        """
        known = self._ready.get(project_id)
        now = self._now()
        if known is not None and now < known[1]:
            return known[0]
        match self._fleet.ensure(project_id):
            case Ready() as ready:
                self._ready[project_id] = (ready, now + _READY_FOR_S)
                return ready
            case Starting():
                raise TensorBoardStarting
            case Failed():
                raise UpstreamUnreachable

    def lost(self, project_id: str, generation: str) -> None:
        """Nobody answers there."""
        self._ready.pop(project_id, None)
        self._fleet.lost(project_id, generation)

    def upstream(self, url: str) -> Somewhere:
        """Where an upstream listens."""
        if url not in self._upstreams:
            parts = urlsplit(url)
            self._upstreams[url] = Somewhere(
                tcp_address(url), parts.netloc.rpartition("@")[2], f"{parts.scheme}://{parts.netloc}", parts.path.rstrip("/")
            )
        return self._upstreams[url]

    def note(self, scope: RequestScope, project: Project, host: Ready) -> tuple[str, str]:
        """The header that tells the host who is asking and what they may see."""
        caller = scope.caller
        limits = caller.limits if isinstance(caller, Member) else None
        key = (
            _described(caller),
            limits,
            self._standing(caller, project),
            scope.visibility,
            project.uid,
            scope.on_content,
            host.generation,
        )
        known = self._notes.get(key)
        now = self._now()
        if known is not None and now < known[1]:
            return handoff.HEADER, known[0]
        note = self._written(scope, project)
        signed = handoff.write(note, host.handoff_key)
        if len(self._notes) >= _MOST_NOTES:
            self._notes.clear()
        self._notes[key] = (signed, now + _NOTE_FOR_S)
        return handoff.HEADER, signed

    def introduction(self, scope: RequestScope, project: Project) -> dict[str, object]:
        """What the panel of somebody else's TensorBoard is told of us."""
        return handoff.introduction(self._written(scope, project))

    def _written(self, scope: RequestScope, project: Project) -> handoff.Note:
        caller = scope.caller
        kind, caller_id, name, sees = _described(caller)
        may = self._writer.actions_in(caller, project, scope.visibility, viewers_comment=self._viewers_comment(project.uid))
        role = self._writer.role_of(caller, project)
        return handoff.Note(
            project_id=project.id,
            caller_kind=kind,
            caller_id=caller_id,
            caller_name=name,
            role=None if role is None else role.value,
            may=may,
            scope=sees,
            foreign_plugins=self._foreign_plugins and Action.READ_FOREIGN_PLUGINS.value in may,
            expires_at=self._now() + handoff.LIFE_S,
            files=Action.READ_FILES.value in may,
            portal=f"{self._portal_url}/projects/{project.id}" if scope.on_content and role is not None else "",
        )

    def _standing(self, caller: Caller, project: Project) -> str | None:
        role = self._writer.role_of(caller, project)
        return None if role is None else role.value


def _described(caller: Caller) -> tuple[str, str, str, Scope]:
    match caller:
        case Member():
            return "member", caller.user_id, caller.name, WholeProject()
        case LinkVisitor():
            return "link", caller.link_id, "Link visitor", caller.scope
        case Stranger():
            return "stranger", "", "Visitor", WholeProject()
