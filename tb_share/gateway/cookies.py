"""Sets and takes back our two cookies: the one place where their flags stand (S-SESS-2, S-SESS-3)."""

from __future__ import annotations

from typing import Final

from werkzeug import Response

from tb_share.identity import session_cookie
from tb_share.settings import Settings

_LED_S: Final = 60


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


def set_content(response: Response, settings: Settings, value: str, project_id: str) -> None:
    """Somebody was led over to the content's origin; bound to one project's path. Whether it is good, its session says each time."""
    secure = is_secure(settings)
    name = session_cookie.content_name(secure=secure)
    life_s = settings.session.absolute_s
    response.set_cookie(name, value, max_age=life_s, path=f"/p/{project_id}", secure=secure, httponly=True, samesite="Lax")


def led_name(settings: Settings) -> str:
    """The cookie that says that a browser was led over to the content's origin just now."""
    return f"{'__Secure-' if is_secure(settings) else ''}tb_share_led"


def set_led(response: Response, settings: Settings, project_id: str) -> None:
    """Somebody was led over; with what they have, they need not be again for a minute."""
    secure = is_secure(settings)
    response.set_cookie(led_name(settings), "1", max_age=_LED_S, path=f"/p/{project_id}", secure=secure, httponly=True, samesite="Lax")


def entry_name(settings: Settings, name: str) -> str:
    """The cookie of one browser tab that is led over to the content's origin."""
    return f"{'__Host-' if is_secure(settings) else ''}tb_share_entry_{name}"


def under_way_name(settings: Settings, name: str) -> str:
    """The cookie of one sign-in with a provider that is under way."""
    return f"{'__Host-' if is_secure(settings) else ''}tb_share_sign_in_{name}"


def set_for_return(response: Response, settings: Settings, name: str, value: str, life_s: int) -> None:
    """Somebody was sent elsewhere and comes back; Lax, so that it comes along then. ``name`` is the whole name."""
    response.set_cookie(name, value, max_age=life_s, path="/", secure=is_secure(settings), httponly=True, samesite="Lax")


def drop(response: Response, settings: Settings, name: str) -> None:
    """Take back a cookie by its whole name."""
    response.delete_cookie(name, path="/", secure=is_secure(settings), httponly=True, samesite="Lax")
