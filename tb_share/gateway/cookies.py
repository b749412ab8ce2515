"""Sets and takes back our two cookies: the one place where their flags stand (S-SESS-2, S-SESS-3)."""

from __future__ import annotations

from werkzeug import Response

from tb_share.identity import session_cookie
from tb_share.settings import Settings


def is_secure(settings: Settings) -> bool:
    """Whether browsers speak https with us."""
    return (settings.public_url or "").startswith("https://")


def set_session(response: Response, settings: Settings, value: str) -> None:
    """Somebody signed in."""
    secure = is_secure(settings)
    name, _ = session_cookie.names(secure=secure)
    response.set_cookie(name, value, max_age=settings.session.absolute_s, path="/", secure=secure, httponly=True, samesite="Lax")


def drop_session(response: Response, settings: Settings) -> None:
    """Somebody signed out."""
    secure = is_secure(settings)
    name, _ = session_cookie.names(secure=secure)
    response.delete_cookie(name, path="/", secure=secure, httponly=True, samesite="Lax")


def set_link(response: Response, settings: Settings, value: str, project_id: str, life_s: int) -> None:
    """Somebody opened a share link. Bound to one project's path, so a visitor can hold links to two projects at once."""
    secure = is_secure(settings)
    _, name = session_cookie.names(secure=secure)
    response.set_cookie(name, value, max_age=life_s, path=f"/p/{project_id}", secure=secure, httponly=True, samesite="Lax")
