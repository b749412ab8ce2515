"""``/sessions``: where one is signed in."""

from __future__ import annotations

from dataclasses import dataclass

from werkzeug import Response

from tb_share.gateway import cookies
from tb_share.gateway.api.asked import member_of, utc
from tb_share.gateway.request_scope import RequestScope
from tb_share.gateway.responses import json_response
from tb_share.identity import session_cookie
from tb_share.operations import sessions
from tb_share.operations.desk import Desk
from tb_share.settings import Settings


@dataclass(frozen=True, slots=True)
class Sessions:
    """The sessions of whoever asks."""

    desk: Desk
    settings: Settings

    def everything(self, scope: RequestScope) -> Response:
        """All of one's own that are open; ``this`` is the one that asks."""
        own = self._own_id(scope)
        return json_response(
            {
                "sessions": [
                    {
                        "id": each.id,
                        "created_at": utc(each.created_at),
                        "last_seen_at": utc(each.last_seen_at),
                        "provider": each.provider,
                        "address": each.address,
                        "client": each.client,
                        "this": each.is_called(own),
                    }
                    for each in sessions.list_sessions(self.desk, member_of(scope))
                ]
            }
        )

    def end(self, scope: RequestScope) -> Response:
        """End one at once."""
        sessions.end(self.desk.asked_from(scope.origin), member_of(scope), scope.params["session"])
        return Response(status=204)

    def end_others(self, scope: RequestScope) -> Response:
        """End all but the one that asks."""
        ended = sessions.end_others(self.desk.asked_from(scope.origin), member_of(scope), self._own_id(scope))
        return json_response({"ended": ended})

    def _own_id(self, scope: RequestScope) -> str | None:
        name, _ = session_cookie.names(secure=cookies.is_secure(self.settings))
        return sessions.id_of(self.desk, scope.request.cookies.get(name, ""))
