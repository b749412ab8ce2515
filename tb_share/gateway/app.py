"""Settings in, application out: the only place that opens the store for the front door."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from tb_share.gateway import api, cookies, login, portal, sharing
from tb_share.gateway.front_door import Behind, open_door
from tb_share.gateway.limits import FailureCounter
from tb_share.gateway.refusals import Refusals
from tb_share.gateway.routes import Destination
from tb_share.gateway.server import access_log
from tb_share.identity import session_cookie
from tb_share.identity.oidc import presets
from tb_share.identity.resolve import Resolver
from tb_share.identity.visibility import Visibilities
from tb_share.operations import projects, provider_sign_in, sessions
from tb_share.operations.desk import Desk, open_desk
from tb_share.settings import Settings
from tb_share.tensorboards.fleet import Fleet

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication
    from werkzeug import Response


def build(settings: Settings, fleet: Fleet) -> WSGIApplication:
    """The front door of these settings. Called in each worker, after the fork.

    Raises:
        SetUpError: the settings cannot be served.
    """
    desk = open_desk(settings)
    declared = {project.id: project for project in projects.declare(desk, settings)}
    provider_sign_in.forget_others(desk, [presets.completed(each).issuer for each in settings.provider])
    secure = (settings.public_url or "").startswith("https://")
    session_name, link_name = session_cookie.names(secure=secure)
    tries = FailureCounter(settings.data / "cache" / "tries", time.time)
    visibility = Visibilities(desk.database, settings.visibility)
    behind = Behind(
        fleet=fleet,
        resolver=Resolver(desk.database, desk.keys, settings, desk.now),
        projects=declared,
        people={
            Destination.API: api.build(desk, declared, settings, visibility),
            Destination.SHARING: sharing.build(desk, declared, settings, tries),
            Destination.PORTAL: portal.build(declared, visibility),
            Destination.LOGIN: login.build(desk, declared, settings),
        },
        tries=tries,
        session_cookie=session_name,
        link_cookie=link_name,
        content_cookie=session_cookie.content_name(secure=secure),
        log_error=lambda text: access_log.write(access_log.error_line(text)),
        visibility=visibility,
        viewers_comment=visibility.viewers_comment,
        note_refusal=Refusals(desk, time.monotonic).note,
        renew=lambda hash_, response: _renew(desk, settings, hash_, response),
    )
    return open_door(settings, behind)


def _renew(desk: Desk, settings: Settings, session_hash: str, response: Response) -> None:
    cookie = sessions.renew(desk, session_hash)
    if cookie is not None:
        cookies.set_session(response, settings, cookie)
