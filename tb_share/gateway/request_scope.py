"""The one typed object that travels with a request through the pipeline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tb_share.model.caller import Caller, Stranger
from tb_share.model.origin import Origin
from tb_share.model.project import Visibility

if TYPE_CHECKING:
    from werkzeug import Request

    from tb_share.gateway.routes import Route
    from tb_share.model.project import Project


STRANGER = Stranger()


@dataclass(slots=True)
class RequestScope:
    """Filled step by step; each step reads only what earlier ones wrote."""

    request_id: str
    request: Request
    peer: str = ""
    """Where it comes from, after ``client_address``: the address for audit and limits."""
    secure: bool = False
    """Whether the visitor's browser speaks https."""
    on_content: bool = False
    """Whether it came to the origin of TensorBoard's pages, where that is another one."""
    path: str = ""
    """The canonical path; nothing later looks at any other."""
    query: str = ""
    """The query as received, without the question mark."""
    target: str = ""
    """Path and query as they go on the wire."""
    callers: tuple[Caller, ...] = (STRANGER,)
    """All valid credentials, strongest first."""
    ended_link: bool = False
    """A link cookie of ours was there, but its link has ended."""
    to_renew: str | None = None
    """The hash of the session that it came with, if that is to get a new secret."""
    route: Route | None = None
    params: Mapping[str, str] = field(default_factory=dict)
    project: Project | None = None
    visibility: Visibility = Visibility.MEMBERS
    """The project's, as the settings let it be."""
    viewers_comment: bool = False
    """Whether the project's owners let viewers write notes. Read for the API alone: nothing of TensorBoard hangs on it."""
    caller: Caller = STRANGER
    """The credential with which the guard allowed it."""
    refusal: str = ""
    """Why the guard refused, for the log; never shown."""
    about: str = ""
    """What was tried, where it is no project, for the audit log: ``link:ID``."""
    has_bad_token: bool = False
    """Whether a token came with it that is nobody's."""

    @property
    def origin(self) -> Origin:
        """What is kept of where it came from."""
        client = "".join(char for char in self.request.headers.get("User-Agent", "") if char.isprintable())
        return Origin(self.peer, self.request_id, client[:200])
