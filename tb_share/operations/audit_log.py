"""The audit log, to be read and proved whole."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tb_share.operations.desk import Desk
from tb_share.store import audit
from tb_share.store.audit import Entry, Which
from tb_share.store.audit_chain import Verdict

COLUMNS: Final = ("NUMBER", "AT", "WHO", "DID", "TO WHAT", "RESULT", "FROM", "REQUEST")
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""The last four are wide ones, which some take for the same."""


def verify(desk: Desk, known: str | None = None) -> Verdict:
    """Whether every row is as it was written, and where it was. ``known``: a hash from an earlier look that must still be there."""
    with desk.database.read() as connection:
        return audit.verify(connection, known)


def entries(desk: Desk, which: Which) -> Sequence[Entry]:
    """The rows of that kind."""
    with desk.database.read() as connection:
        return list(audit.entries(connection, which))


def as_row(entry: Entry) -> tuple[str, ...]:
    """The entry under ``COLUMNS``, for people and spreadsheets."""
    at = f"{entry.at:%Y-%m-%dT%H:%M:%SZ}"
    return (str(entry.seq), at, entry.actor, entry.action, entry.target, entry.result, entry.address, entry.request_id)


def plain(text: str) -> str:
    """A spreadsheet takes for a formula what begins like one (S-XSS-1)."""
    return f"'{text}" if text.startswith(_FORMULA) else text
