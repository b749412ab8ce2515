"""Builds answers, and adds to each what every answer of its class must carry (S-RESP-1, S-RESP-2).

Knows nothing of what an answer is about.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from werkzeug import Response

NO_STORE: Final = "private, no-store"
REVALIDATE: Final = "private, no-cache"
IMMUTABLE: Final = "public, max-age=31536000, immutable"
VARY: Final = "Cookie, Authorization, Accept-Encoding"

_PAGE_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
FRAMED_POLICY: Final = _PAGE_POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
# Addresses that hold a secret: nothing may learn them from a Referer, and no search engine may keep them (S-LINK-2).
_SECRET_PREFIXES: Final = ("/s/", "/login/", "/enter/")
# Pages whose forms end in TensorBoard's pages: share links, one-time addresses, the field for either.
_LETTING_IN: Final = ("/s/", "/login")

_environment: Final = Environment(
    loader=PackageLoader("tb_share.gateway", "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)


def name_static_files(url_of: Callable[[str], str]) -> None:
    """Tell the templates where a file of the portal's bundle is found: ``static_url('pages.css')``."""
    _environment.globals["static_url"] = url_of


name_static_files(lambda name: f"/static/{name}")


def json_response(value: object, status: int = 200) -> Response:
    """A JSON answer."""
    return Response(json.dumps(value, ensure_ascii=False, separators=(",", ":")), status, content_type="application/json")


def page(template_name: str, status: int = 200, **values: object) -> Response:
    """A page from ``gateway/templates``; every value is escaped."""
    return Response(_environment.get_template(template_name).render(values), status, content_type="text/html; charset=utf-8")


def redirect(path: str, status: int = 303) -> Response:
    """Send the browser to a path of ours.

    Raises:
        ValueError: it might leave this origin.
    """
    if not path.startswith("/") or path.startswith(("//", "/\\")) or not path.isprintable():
        raise ValueError("redirects stay on this origin")
    response = Response(status=status)
    response.headers["Location"] = path
    return response


def redirect_to_ourselves(origin: str, path: str, status: int = 303) -> Response:
    """Send the browser to the other one of our two origins, which the settings name.

    Raises:
        ValueError: it might leave both.
    """
    response = redirect(path, status)
    response.headers["Location"] = origin + path
    return response


def redirect_to_provider(url: str) -> Response:
    """Send the browser to an identity provider, whose addresses were checked when they were read; the one redirect that leaves us."""
    response = Response(status=303)
    response.headers["Location"] = url
    return response


def finish(response: Response, path: str, request_id: str, *, secure: bool, content_url: str | None = None) -> Response:
    """Add what the class of this answer must carry; what a destination set on purpose stays.

    ``content_url``: the origin of TensorBoard's pages, where that is another one: forms that let somebody in lead there.
    """
    headers = response.headers
    headers["X-Content-Type-Options"] = "nosniff"
    headers["X-Request-Id"] = request_id
    headers.setdefault("Content-Security-Policy", _policy(path, content_url))
    cache = headers.setdefault("Cache-Control", NO_STORE)
    if not cache.startswith("public"):
        headers["Vary"] = VARY
        headers["Cross-Origin-Resource-Policy"] = "same-origin"
    if path.startswith(_SECRET_PREFIXES):
        headers["Referrer-Policy"] = "no-referrer"
        headers["X-Robots-Tag"] = "noindex"
    else:
        headers.setdefault("Referrer-Policy", "same-origin")
    if secure:
        headers["Strict-Transport-Security"] = "max-age=31536000"
    return response


def _policy(path: str, content_url: str | None) -> str:
    if path.startswith("/p/"):
        return FRAMED_POLICY
    # Browsers hold the whole way that a form's answer sends them to against this, not only its first address.
    if content_url is not None and path.startswith(_LETTING_IN):
        return _PAGE_POLICY.replace("form-action 'self'", f"form-action 'self' {content_url}")
    return _PAGE_POLICY
