"""Puts the front door together over a resolver, projects and the pages that people use; ``app`` supplies those from the store.

Kept apart from ``app`` so that tests open a real door with callers of their own choosing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from werkzeug import Response

from tb_share.errors import SetUpError, ShareError
from tb_share.gateway import assets, cookies, guard, portal
from tb_share.gateway.assets import PortalFiles, TensorBoardAssets
from tb_share.gateway.client_address import address_reader
from tb_share.gateway.health import health
from tb_share.gateway.pipeline import Answer, ContentOrigin, Door, FrontDoor, Resolver, Tries
from tb_share.gateway.proxy.forward import Proxy
from tb_share.gateway.proxy.upstreams import Connections
from tb_share.gateway.proxy.whereabouts import Whereabouts
from tb_share.gateway.request_scope import RequestScope
from tb_share.gateway.responses import name_static_files
from tb_share.gateway.routes import Destination
from tb_share.gateway.same_origin import allowed_hosts
from tb_share.model.project import Project, Visibility
from tb_share.settings import Settings
from tb_share.tensorboards.fleet import Fleet

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

_PORTAL_FILES: Final = Path(portal.__file__).parent / "static"

Destinations = Mapping[Destination, Mapping[str, Callable[[RequestScope], Response]]]


@dataclass(frozen=True, slots=True)
class Behind:
    """What stands behind the door."""

    fleet: Fleet
    resolver: Resolver
    projects: Mapping[str, Project]
    people: Destinations
    """The destinations that speak with people: API, sharing, portal, login."""
    tries: Tries
    session_cookie: str
    link_cookie: str
    log_error: Callable[[str], None]
    visibility: Callable[[str], Visibility] = lambda _uid: Visibility.MEMBERS
    viewers_comment: Callable[[str], bool] = lambda _uid: False
    note_refusal: Callable[[RequestScope, ShareError], None] = lambda _scope, _error: None
    renew: Callable[[str, Response], None] = lambda _hash, _response: None
    content_cookie: str = ""


def open_door(settings: Settings, behind: Behind) -> WSGIApplication:
    """The application.

    Raises:
        SetUpError: the settings cannot be served.
    """
    if settings.public_url is None:
        raise SetUpError("The public address is not known. Set --public-url.")
    portal_files = PortalFiles(_PORTAL_FILES)
    name_static_files(portal_files.url)
    tensorboard_files = TensorBoardAssets(settings.data / "cache")
    destinations: Destinations = {
        **behind.people,
        Destination.ASSETS: assets.destinations(tensorboard_files, portal_files),
        Destination.HEALTH: {"health": health},
        Destination.PROXY: _proxy(settings, behind, tensorboard_files).routes(),
    }
    door = Door(
        own_scheme=urlsplit(settings.public_url).scheme,
        hosts=allowed_hosts(settings.public_url, by_this_name=settings.content_url is not None),
        session_cookie=behind.session_cookie,
        link_cookie=behind.link_cookie,
        max_body_bytes=settings.server.max_body_bytes,
        read_address=address_reader(settings.proxy),
        resolver=behind.resolver,
        projects=behind.projects,
        tries=behind.tries,
        destinations=_by_route(destinations),
        visibility=behind.visibility,
        viewers_comment=behind.viewers_comment,
        note_refusal=behind.note_refusal,
        renew=behind.renew,
        content=_content(settings, behind),
    )
    return FrontDoor(door, behind.log_error)


def _content(settings: Settings, behind: Behind) -> ContentOrigin | None:
    if settings.content_url is None:
        return None
    begin = behind.people[Destination.LOGIN]["begin_content"]
    hosts = allowed_hosts(settings.content_url, by_this_name=True)
    return ContentOrigin(settings.content_url, hosts, behind.content_cookie, cookies.led_name(settings), begin)


def _by_route(destinations: Destinations) -> dict[tuple[Destination, str], Answer]:
    return {(destination, name): answer for destination, answers in destinations.items() for name, answer in answers.items()}


def _proxy(settings: Settings, behind: Behind, files: TensorBoardAssets) -> Proxy:
    tensorboard = settings.tensorboard
    whereabouts = Whereabouts(
        behind.fleet,
        guard,
        time.time,
        behind.viewers_comment,
        foreign_plugins=tensorboard.foreign_plugins,
        portal_url=settings.public_url or "",
    )
    return Proxy(
        Connections(tensorboard.answer_deadline_s),
        whereabouts,
        files,
        guard,
        foreign_plugins=tensorboard.foreign_plugins,
        hand_out_files=tensorboard.hand_out_files,
    )
