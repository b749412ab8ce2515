"""Draws every error: one JSON shape for programs, one designed page for people (S-RESP-3).

Nothing of the request but its id reaches an answer, so that a hidden project looks like a missing one (S-ROLE-3).
"""

from __future__ import annotations

import base64
import hashlib
from typing import Final
from urllib.parse import quote

from markupsafe import Markup
from werkzeug import Response

from tb_share.errors import (
    LinkEnded,
    LinkNotValid,
    NotAdmitted,
    NotFound,
    ProviderUnreachable,
    ShareError,
    SignInFirst,
    SignInRefused,
    TensorBoardStarting,
)
from tb_share.gateway.request_scope import RequestScope
from tb_share.gateway.responses import FRAMED_POLICY, json_response, page, redirect

_TITLES: Final = {
    400: "That request did not make sense",
    401: "Sign in first",
    403: "Not allowed",
    404: "Nothing here",
    405: "That does not work here",
    409: "Somebody was faster",
    413: "Too large",
    429: "Slow down a little",
    500: "Something went wrong",
    502: "TensorBoard does not answer",
    503: "Just a moment",
    504: "TensorBoard is taking too long",
}
_RETRY_STARTING_S: Final = 1
_LONGEST_NEXT: Final = 2048
_AGAIN: Final = f"setTimeout(() => location.reload(), {1000 * _RETRY_STARTING_S})"
_AGAIN_HASH: Final = f"sha256-{base64.b64encode(hashlib.sha256(_AGAIN.encode()).digest()).decode()}"


def render(error: ShareError, scope: RequestScope) -> Response:
    """The answer that tells this error to a browser's page or to a program."""
    navigation = is_navigation(scope)
    if navigation and isinstance(error, SignInFirst):
        return redirect("/login" + _next(scope), 302)
    response = _page(error, scope) if navigation else as_json(error, scope)
    if isinstance(error, TensorBoardStarting):
        response.headers["Retry-After"] = str(_RETRY_STARTING_S)
    elif error.retry_after_s is not None:
        response.headers["Retry-After"] = str(error.retry_after_s)
    return response


def is_navigation(scope: RequestScope) -> bool:
    """Whether a person looks at the answer as a page, rather than a script at its text."""
    headers = scope.request.headers
    return "text/html" in headers.get("Accept", "") and headers.get("Sec-Fetch-Mode", "navigate") == "navigate"


def as_json(error: ShareError, scope: RequestScope, **more: object) -> Response:
    """The one shape of errors for programs; ``more`` stands beside it, such as what something is now after a conflict."""
    return json_response({"error": {"code": error.code, "message": error.text, "request_id": scope.request_id}, **more}, error.status)


def _page(error: ShareError, scope: RequestScope) -> Response:
    if isinstance(error, TensorBoardStarting):
        return _starting(error.status)
    return page(
        "error.html",
        error.status,
        title=_title(error),
        text=error.text,
        number=error.status,
        request_id=scope.request_id,
        home=isinstance(error, NotFound) and not isinstance(error, LinkNotValid | LinkEnded),
    )


def _starting(status: int) -> Response:
    """A page that looks again by itself.

    A refresh that the page or a header asks for does nothing where the address has a fragment: browsers take it for a step within the page.
    So this one line of script is allowed on this page, by its hash.
    """
    response = page("starting.html", status, retry_s=_RETRY_STARTING_S, again=Markup(_AGAIN))  # noqa: S704 - a constant
    response.headers["Content-Security-Policy"] = FRAMED_POLICY.replace("script-src 'self'", f"script-src '{_AGAIN_HASH}'")
    return response


def _title(error: ShareError) -> str:
    if isinstance(error, LinkNotValid | LinkEnded):
        return "This link has ended"
    if isinstance(error, SignInRefused | NotAdmitted | ProviderUnreachable):
        return "You are not signed in"
    return _TITLES.get(error.status, _TITLES[500])


def _next(scope: RequestScope) -> str:
    if scope.request.method not in {"GET", "HEAD"}:
        return ""
    wanted = scope.target
    if len(wanted) > _LONGEST_NEXT:
        wanted = wanted.partition("?")[0]
    return "" if wanted == "/" or len(wanted) > _LONGEST_NEXT else "?next=" + quote(wanted, safe="")
