"""Is the front door open? Asked by exact address, never by a header (S-PATH-7)."""

from __future__ import annotations

from werkzeug import Response

from tb_share.gateway.request_scope import RequestScope


def health(_scope: RequestScope) -> Response:
    """Says yes, and nothing about anything behind the door."""
    return Response("ok\n", content_type="text/plain; charset=utf-8")
