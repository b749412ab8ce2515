"""Every address of the front door on one screen: method, pattern, action, destination.

``{project}`` is a project id, ``{name}`` one path segment, ``{rest*}`` the remainder, possibly empty. Patterns are matched against the
canonical path only, in this order. What lies below ``/p/{project}/`` is listed in ``model.tensorboard_routes``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from tb_share.policy.actions import Action


class Destination(StrEnum):
    """The five ends of the pipeline, which do not know one another, and what needs none."""

    PROXY = "proxy"
    API = "api"
    SHARING = "sharing"
    PORTAL = "portal"
    LOGIN = "login"
    ASSETS = "assets"
    HEALTH = "health"


@dataclass(frozen=True, slots=True)
class Route:
    """One line of the map. ``name`` tells the destination which of its functions is meant."""

    methods: frozenset[str]
    pattern: str
    action: Action
    destination: Destination
    name: str


def _route(methods: str, pattern: str, action: Action, destination: Destination, name: str) -> Route:
    return Route(frozenset(methods.split()), pattern, action, destination, name)


A, D = Action, Destination

ROUTES: Final[tuple[Route, ...]] = (
    _route("GET HEAD", "/healthz", A.PUBLIC, D.HEALTH, "health"),
    _route("GET HEAD", "/static/{rest*}", A.PUBLIC, D.ASSETS, "portal_asset"),
    _route("GET HEAD", "/tb-assets/{rest*}", A.PUBLIC, D.ASSETS, "tensorboard_asset"),
    _route("GET HEAD", "/font-roboto/{rest*}", A.PUBLIC, D.ASSETS, "font"),
    _route("GET HEAD", "/tf-imports/{rest*}", A.PUBLIC, D.ASSETS, "editor"),
    _route("GET HEAD", "/login", A.PUBLIC, D.LOGIN, "sign_in_page"),
    _route("POST", "/login", A.PUBLIC, D.LOGIN, "sign_in_by_code"),
    _route("GET", "/login/with/{provider}", A.PUBLIC, D.LOGIN, "begin_with_provider"),
    _route("GET", "/login/callback/{provider}", A.PUBLIC, D.LOGIN, "return_from_provider"),
    _route("POST", "/login/backchannel/{provider}", A.PUBLIC, D.LOGIN, "provider_signs_out"),
    _route("GET HEAD", "/login/{token}", A.PUBLIC, D.LOGIN, "code_page"),
    _route("POST", "/login/{token}", A.PUBLIC, D.LOGIN, "use_code"),
    _route("POST", "/logout", A.SIGN_OUT, D.LOGIN, "sign_out"),
    _route("GET", "/enter/{token}", A.PUBLIC, D.LOGIN, "enter_content"),
    _route("GET HEAD", "/s/{token}", A.PUBLIC, D.SHARING, "landing"),
    _route("POST", "/s/{token}", A.PUBLIC, D.SHARING, "exchange"),
    _route("GET HEAD", "/", A.LIST_PROJECTS, D.PORTAL, "projects"),
    _route("GET HEAD", "/projects/{project}", A.READ_PROJECT, D.PORTAL, "project"),
    _route("GET HEAD", "/projects/{project}/audit", A.READ_AUDIT, D.PORTAL, "project_audit"),
    _route("GET HEAD", "/account", A.READ_ACCOUNT, D.PORTAL, "account"),
    _route("GET HEAD", "/device", A.MANAGE_TOKENS, D.PORTAL, "device"),
    _route("GET HEAD", "/workspace", A.MANAGE_WORKSPACE, D.PORTAL, "workspace"),
    _route("GET HEAD", "/api/v1/me", A.READ_ACCOUNT, D.API, "me"),
    _route("GET HEAD", "/api/v1/tokens", A.MANAGE_TOKENS, D.API, "tokens"),
    _route("POST", "/api/v1/tokens", A.MANAGE_TOKENS, D.API, "create_token"),
    _route("DELETE", "/api/v1/tokens/{apitoken}", A.MANAGE_TOKENS, D.API, "revoke_token"),
    _route("GET HEAD", "/api/v1/sessions", A.MANAGE_SESSIONS, D.API, "sessions"),
    _route("DELETE", "/api/v1/sessions", A.MANAGE_SESSIONS, D.API, "end_other_sessions"),
    _route("DELETE", "/api/v1/sessions/{session}", A.MANAGE_SESSIONS, D.API, "end_session"),
    _route("POST", "/api/v1/device", A.PUBLIC, D.API, "begin_device"),
    _route("POST", "/api/v1/device/token", A.PUBLIC, D.API, "take_device_token"),
    _route("POST", "/api/v1/device/look", A.MANAGE_TOKENS, D.API, "look_at_device"),
    _route("POST", "/api/v1/device/decide", A.MANAGE_TOKENS, D.API, "decide_device"),
    _route("GET HEAD", "/api/v1/people", A.MANAGE_WORKSPACE, D.API, "people"),
    _route("PATCH", "/api/v1/people/{person}", A.MANAGE_WORKSPACE, D.API, "change_person"),
    _route("GET HEAD", "/api/v1/audit", A.MANAGE_WORKSPACE, D.API, "audit"),
    _route("GET HEAD", "/api/v1/settings", A.MANAGE_WORKSPACE, D.API, "settings"),
    _route("GET HEAD", "/api/v1/projects", A.LIST_PROJECTS, D.API, "projects"),
    _route("GET HEAD", "/api/v1/projects/{project}", A.READ_PROJECT, D.API, "project"),
    _route("GET HEAD", "/api/v1/projects/{project}/links", A.READ_LINKS, D.API, "links"),
    _route("POST", "/api/v1/projects/{project}/links", A.CREATE_LINK, D.API, "create_link"),
    _route("DELETE", "/api/v1/projects/{project}/links/{link}", A.REVOKE_OWN_LINK, D.API, "revoke_link"),
    _route("DELETE", "/api/v1/projects/{project}/links", A.REVOKE_ANY_LINK, D.API, "revoke_all_links"),
    _route("GET HEAD", "/api/v1/projects/{project}/experiments", A.READ_ANNOTATIONS, D.API, "annotations"),
    _route("PATCH", "/api/v1/projects/{project}/experiments/{experiment}", A.EDIT_EXPERIMENT, D.API, "annotate"),
    _route("PUT", "/api/v1/projects/{project}/experiments/{experiment}/star", A.KEEP_OWN, D.API, "star"),
    _route("DELETE", "/api/v1/projects/{project}/experiments/{experiment}/star", A.KEEP_OWN, D.API, "unstar"),
    _route("GET HEAD", "/api/v1/projects/{project}/experiments/{experiment}/notes", A.READ_ANNOTATIONS, D.API, "notes"),
    _route("POST", "/api/v1/projects/{project}/experiments/{experiment}/notes", A.COMMENT, D.API, "write_note"),
    _route("PATCH", "/api/v1/projects/{project}/notes/{note}", A.COMMENT, D.API, "change_note"),
    _route("DELETE", "/api/v1/projects/{project}/notes/{note}", A.COMMENT, D.API, "delete_note"),
    _route("GET HEAD", "/api/v1/projects/{project}/views", A.READ_ANNOTATIONS, D.API, "views"),
    _route("POST", "/api/v1/projects/{project}/views", A.KEEP_OWN, D.API, "save_view"),
    _route("PATCH", "/api/v1/projects/{project}/views/{view}", A.KEEP_OWN, D.API, "change_view"),
    _route("DELETE", "/api/v1/projects/{project}/views/{view}", A.KEEP_OWN, D.API, "delete_view"),
    _route("GET HEAD", "/api/v1/projects/{project}/members", A.READ_MEMBERS, D.API, "members"),
    _route("POST", "/api/v1/projects/{project}/invitations", A.MANAGE_MEMBERS, D.API, "invite"),
    _route("DELETE", "/api/v1/projects/{project}/invitations/{invitation}", A.MANAGE_MEMBERS, D.API, "withdraw_invitation"),
    _route("DELETE", "/api/v1/projects/{project}/members/me", A.LEAVE_PROJECT, D.API, "leave"),
    _route("PATCH", "/api/v1/projects/{project}/members/{person}", A.MANAGE_MEMBERS, D.API, "change_role"),
    _route("DELETE", "/api/v1/projects/{project}/members/{person}", A.MANAGE_MEMBERS, D.API, "remove_member"),
    _route("PUT", "/api/v1/projects/{project}/openness", A.MANAGE_PROJECT, D.API, "set_openness"),
    _route("GET HEAD", "/api/v1/projects/{project}/audit", A.READ_AUDIT, D.API, "project_audit"),
    _route("GET", "/p/{project}/lead-over", A.READ_TENSORBOARD, D.LOGIN, "lead_over"),
    _route("GET HEAD POST", "/p/{project}/{rest*}", A.READ_TENSORBOARD, D.PROXY, "tensorboard"),
    _route("GET HEAD", "/p/{project}", A.READ_TENSORBOARD, D.PROXY, "add_slash"),
)

ON_CONTENT: Final = frozenset({"health", "tensorboard_asset", "font", "editor", "tensorboard", "add_slash", "enter_content"})
"""The routes, by name, that answer on the origin of TensorBoard's pages, where that is another one. Unlisted ones do not exist there."""
ONLY_ON_CONTENT: Final = frozenset({"tensorboard", "add_slash", "enter_content"})
"""Those of them that then answer nowhere else."""


def _regex(pattern: str) -> re.Pattern[str]:
    parts = re.split(r"(\{[a-z*]+\})", pattern)
    out = ""
    for part in parts:
        if part.endswith("*}"):
            out += f"(?P<{part[1:-2]}>.*)"
        elif part.startswith("{"):
            out += f"(?P<{part[1:-1]}>[^/]+)"
        else:
            out += re.escape(part)
    return re.compile(out, re.DOTALL)


def _by_first_segment() -> Mapping[str, tuple[tuple[Route, re.Pattern[str]], ...]]:
    found: dict[str, list[tuple[Route, re.Pattern[str]]]] = {}
    for route in ROUTES:
        found.setdefault(_first_segment(route.pattern), []).append((route, _regex(route.pattern)))
    return {segment: tuple(routes) for segment, routes in found.items()}


def _first_segment(path: str) -> str:
    return path.split("/", 2)[1]


# Every pattern begins with a literal segment, so one look-up leaves a handful to try.
_COMPILED: Final = _by_first_segment()


@dataclass(frozen=True, slots=True)
class WrongMethod:
    """The address exists for other methods only. ``route`` is the first one there: who may not use it is told nothing of methods."""

    route: Route
    params: Mapping[str, str]


def match(method: str, path: str) -> tuple[Route, Mapping[str, str]] | WrongMethod | None:
    """The first route for this canonical path and method; None if no route has the path."""
    wrong: WrongMethod | None = None
    for route, regex in _COMPILED.get(_first_segment(path), ()):
        found = regex.fullmatch(path)
        if found is None:
            continue
        if method in route.methods:
            return route, found.groupdict()
        wrong = wrong or WrongMethod(route, found.groupdict())
    return wrong
