"""The audit log, to be read and proved whole."""

from __future__ import annotations

from collections.abc import Sequence

from tb_share.operations.desk import Desk
from tb_share.store import audit
from tb_share.store.audit import Entry
from tb_share.store.audit_chain import Verdict


def verify(desk: Desk, known: str | None = None) -> Verdict:
    """Whether every row is as it was written, and where it was. ``known``: a hash from an earlier look that must still be there."""
    with desk.database.read() as connection:
        return audit.verify(connection, known)


def entries(desk: Desk, project_id: str | None = None) -> Sequence[Entry]:
    """All rows in the order in which they were written, or those about one project."""
    with desk.database.read() as connection:
        return list(audit.entries(connection, None if project_id is None else f"project:{project_id}"))
