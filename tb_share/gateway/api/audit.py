"""``/audit``: who did what, of everything for administrators, of a project for its owners. A page of entries, or CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from werkzeug import Response

from tb_share.errors import BadRequest
from tb_share.gateway.api.asked import project_of, utc
from tb_share.gateway.request_scope import RequestScope
from tb_share.gateway.responses import json_response
from tb_share.operations import audit_log
from tb_share.operations.desk import Desk
from tb_share.store.audit import Entry, Which

_PAGE: Final = 100
_MOST_IN_CSV: Final = 100_000
_LONGEST_FILTER: Final = 100
_LONGEST_NUMBER: Final = 15


@dataclass(frozen=True, slots=True)
class Audit:
    """The audit log."""

    desk: Desk

    def everything(self, scope: RequestScope) -> Response:
        """Of the workspace, the newest first."""
        return self._answer(scope, None)

    def of_project(self, scope: RequestScope) -> Response:
        """Of one project, the newest first."""
        return self._answer(scope, project_of(scope).id)

    def _answer(self, scope: RequestScope, project_id: str | None) -> Response:
        args = scope.request.args
        as_csv = args.get("format") == "csv"
        before = args.get("before", "")
        if before and not (before.isascii() and before.isdecimal() and len(before) <= _LONGEST_NUMBER):
            raise BadRequest("before: the number of an entry.")
        which = Which(
            project_id=project_id,
            actor=args.get("actor", "")[:_LONGEST_FILTER] or None,
            action=args.get("action", "")[:_LONGEST_FILTER] or None,
            before=int(before) if before else None,
            newest_first=True,
            limit=_MOST_IN_CSV if as_csv else _PAGE + 1,
        )
        found = audit_log.entries(self.desk, which)
        if as_csv:
            return _csv(found)
        shown = found[:_PAGE]
        return json_response({"entries": [_as_json(each) for each in shown], "more": len(found) > _PAGE})


def _csv(entries: Sequence[Entry]) -> Response:
    text = io.StringIO()
    rows = [audit_log.COLUMNS, *map(audit_log.as_row, entries)]
    csv.writer(text).writerows([[audit_log.plain(cell) for cell in row] for row in rows])
    response = Response(text.getvalue(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="audit.csv"'
    return response


def _as_json(entry: Entry) -> dict[str, object]:
    return {
        "seq": entry.seq,
        "at": utc(entry.at),
        "actor": entry.actor,
        "action": entry.action,
        "target": entry.target,
        "result": entry.result,
        "address": entry.address,
        "request_id": entry.request_id,
    }
