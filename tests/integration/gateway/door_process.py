"""A real front door in a process of its own, over callers that are named by their cookies.

``python -m tests.integration.gateway.door_process RUNTIME_DIR LISTEN_FD`` reads RUNTIME_DIR/behind.json.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from werkzeug import Response

from tb_share.errors import CodeNotValid, LinkNotValid, StoreUnavailable
from tb_share.gateway.front_door import Behind, open_door
from tb_share.gateway.limits import FailureCounter
from tb_share.gateway.request_scope import RequestScope
from tb_share.gateway.responses import json_response, redirect
from tb_share.gateway.routes import ROUTES, Destination
from tb_share.gateway.server import access_log
from tb_share.gateway.server.arbiter import Door
from tb_share.model.caller import Caller, LinkVisitor, Member, Stranger
from tb_share.model.project import Managed, Project, Role, Upstream
from tb_share.model.share_link import ChosenExperiments, WholeProject
from tb_share.settings import Settings
from tb_share.tensorboards.fleet import Failed, HostState, Ready, Starting

MEMBERS: dict[str, Caller] = {
    "N": Member("u-n", "Nina"),
    "V": Member(
        "u-v",
        "Vera",
        roles=MappingProxyType(
            {
                "uid-priv1": Role.VIEWER,
                "uid-host1": Role.VIEWER,
                "uid-starting": Role.VIEWER,
                "uid-failed": Role.VIEWER,
                "uid-gone": Role.VIEWER,
            }
        ),
    ),
    "PUB": Member("u-p", "Paul", roles=MappingProxyType({"uid-pub": Role.VIEWER})),
    "O": Member("u-o", "Olga", roles=MappingProxyType({"uid-priv1": Role.OWNER, "uid-host1": Role.OWNER})),
}
VISITORS: dict[str, Caller] = {
    "L": LinkVisitor("l-1", "uid-priv1", WholeProject()),
    "LH": LinkVisitor("l-2", "uid-host1", ChosenExperiments(("e1",))),
    "LC": LinkVisitor("l-3", "uid-priv1", ChosenExperiments(("e1",))),
}


@dataclass(frozen=True)
class Named:
    callers: tuple[Caller, ...]
    ended_link: bool = False
    to_renew: str | None = None


class NamedCallers:
    """A resolver for whom a cookie's value is a name."""

    def resolve(self, session_cookies: list[str], link_cookies: list[str], bearer: str | None) -> Named:
        if "DATABASE-GONE" in session_cookies:
            raise StoreUnavailable
        if "BUG" in session_cookies:
            raise RuntimeError("secret-in-a-message")
        sessions = [MEMBERS[value] for value in session_cookies[:1] if value in MEMBERS and len(session_cookies) == 1]
        links = [VISITORS[value] for value in link_cookies[:1] if value in VISITORS]
        return Named((*sessions, *links) or (Stranger(),), "ENDED" in link_cookies)


class FixedFleet:
    """Hosts that are where behind.json says."""

    def __init__(self, sockets: dict[str, str]) -> None:
        self._sockets = sockets

    def ensure(self, project_id: str) -> HostState:
        socket = self._sockets.get(project_id, "starting")
        match socket:
            case "starting":
                return Starting()
            case "failed":
                return Failed("/secret/reason")
            case _:
                return Ready(socket, "ab" * 32, "g1")

    def lost(self, project_id: str, generation: str) -> None:
        access_log.write(json.dumps({"lost": [project_id, generation]}))


def _people() -> dict[Destination, dict[str, Callable[[RequestScope], Response]]]:
    """Destinations that tell what reached them."""
    found: dict[Destination, dict[str, Callable[[RequestScope], Response]]] = {}
    for route in ROUTES:
        if route.destination not in {Destination.ASSETS, Destination.HEALTH, Destination.PROXY}:
            found.setdefault(route.destination, {})[route.name] = _echo(route.name)
    found[Destination.LOGIN]["use_code"] = _refuse_code
    found[Destination.LOGIN]["sign_in_by_code"] = _read_form
    found[Destination.SHARING]["exchange"] = _refuse_link
    found[Destination.API]["create_link"] = _read_json
    return found


def _echo(name: str) -> Callable[[RequestScope], Response]:
    return lambda scope: json_response({"reached": name, "peer": scope.peer, "url": scope.request.url_root, "secure": scope.secure})


def _refuse_code(_scope: RequestScope) -> Response:
    raise CodeNotValid


def _refuse_link(_scope: RequestScope) -> Response:
    raise LinkNotValid


def _read_form(scope: RequestScope) -> Response:
    return redirect("/") if scope.request.form.get("code") == "good" else json_response({"form": list(scope.request.form)})


def _read_json(scope: RequestScope) -> Response:
    return json_response({"length": len(scope.request.get_data())}, 201)


def main(runtime_dir: Path, listen_fd: int) -> None:
    settings = Settings.model_validate_json((runtime_dir / "settings.json").read_text())
    behind = json.loads((runtime_dir / "behind.json").read_text())
    sources = {name: Upstream(url) for name, url in behind["upstreams"].items()} | {name: Managed("/x") for name in behind["hosts"]}
    projects = {name: Project(name, f"uid-{name}", name, source) for name, source in sources.items()}

    def load() -> object:
        (runtime_dir / f"worker-{os.getpid()}").touch()
        return open_door(
            settings,
            Behind(
                fleet=FixedFleet(behind["hosts"]),
                resolver=NamedCallers(),
                projects=projects,
                people=_people(),
                tries=FailureCounter(runtime_dir / "tries", time.time),
                session_cookie="__Host-tb_share" if behind.get("https") else "tb_share",
                link_cookie="__Secure-tb_share_link" if behind.get("https") else "tb_share_link",
                log_error=lambda text: access_log.write(access_log.error_line(text)),
            ),
        )

    Door(settings, listen_fd, runtime_dir, load).run()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
