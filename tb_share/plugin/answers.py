"""How the plugin's data routes answer: JSON and bytes that nobody guesses the type of, and that are asked about again each time."""

from __future__ import annotations

import hashlib
from typing import Any

import orjson
from werkzeug import Request, Response


def as_json(body: object, request: Request, status: int = 200) -> Response:
    """A JSON answer; names that are no valid UTF-8 are made so."""
    text = orjson.dumps(_sayable(body), option=orjson.OPT_NON_STR_KEYS)
    return revalidated(Response(text, status, content_type="application/json"), request)


def refusal(code: str, message: str, request: Request, status: int) -> Response:
    """Why not: a code for programs, a sentence for people."""
    return as_json({"error": {"code": code, "message": message}}, request, status)


def revalidated(response: Response, request: Request) -> Response:
    """Kept by the caller's browser only, and only while it is still the same."""
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-cache"
    # The scope is in the content itself: what somebody may not see is not hashed.
    response.set_etag(hashlib.sha256(response.get_data()).hexdigest()[:32])
    return response.make_conditional(request)


def _sayable(body: Any) -> Any:
    """Names of files need not be valid UTF-8; JSON is."""
    match body:
        case str():
            return body.encode("utf-8", "replace").decode()
        case dict():
            return {_sayable(key): _sayable(value) for key, value in body.items()}
        case list():
            return [_sayable(value) for value in body]
        case _:
            return body
