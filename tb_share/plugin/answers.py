"""How the plugin's data routes answer: JSON and bytes that nobody guesses the type of, and that are asked about again each time."""

from __future__ import annotations

import hashlib
import math
from typing import Any, Final

import orjson
from werkzeug import Request, Response

INERT: Final = "default-src 'none'; sandbox"
"""The policy of bytes that others wrote: whatever they are, nothing in them runs or loads something."""
_BEYOND: Final = 1 << 63


def as_json(body: object, request: Request, status: int = 200) -> Response:
    """A JSON answer; what JSON cannot say - names that are no UTF-8, NaN, integers beyond 64 bits - is said as text."""
    text = orjson.dumps(_sayable(body), option=orjson.OPT_NON_STR_KEYS)
    return revalidated(Response(text, status, content_type="application/json"), request)


def refusal(code: str, message: str, request: Request, status: int) -> Response:
    """Why not: a code for programs, a sentence for people."""
    return as_json({"error": {"code": code, "message": message}}, request, status)


def revalidated(response: Response, request: Request, tag: str = "", length: int | None = None) -> Response:
    """Kept by the caller's browser only, and only while it is still the same: by ``tag``, or by the content itself.

    Raises:
        RequestedRangeNotSatisfiable: of these ``length`` bytes a part was asked for that is none.
    """
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-cache"
    response.set_etag(tag or hashlib.sha256(response.get_data()).hexdigest()[:32])
    return response.make_conditional(request, accept_ranges=length is not None, complete_length=length)


def finite(value: float) -> float | str:
    """JSON has no NaN and no infinities; TensorBoard writes them as texts, so do we."""
    if math.isfinite(value):
        return value
    return "NaN" if math.isnan(value) else ("Infinity" if value > 0 else "-Infinity")


def _sayable(body: Any) -> Any:
    match body:
        case bool():
            return body
        case float():
            return finite(body)
        case int() if not -_BEYOND <= body < _BEYOND:
            return str(body)
        case str():
            return body.encode("utf-8", "replace").decode()
        case dict():
            return {_sayable(key): _sayable(value) for key, value in body.items()}
        case list() | tuple():
            return [_sayable(value) for value in body]
        case _:
            return body
