"""What every operation is handed first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from tb_share.model.origin import LOCAL, Origin
from tb_share.settings import Settings
from tb_share.store import audit
from tb_share.store.database import Connection, Database
from tb_share.store.keys import load_or_create


@dataclass(frozen=True, slots=True)
class Desk:
    """The database, the signing keys (oldest first), the settings and the clock, and for whom it works."""

    database: Database
    keys: tuple[str, ...]
    settings: Settings
    now: Callable[[], datetime]
    origin: Origin = LOCAL

    def asked_from(self, origin: Origin) -> Desk:
        """The same desk, working for one request."""
        return replace(self, origin=origin)

    def note(self, connection: Connection, actor: str, action: str, target: str, result: str = "done") -> None:
        """A row of the audit log, in the transaction of what it tells of."""
        audit.add(connection, audit.Row(self.now(), actor, action, target, result, self.origin))


def open_desk(settings: Settings) -> Desk:
    """Open DATA's database, made and migrated if need be, and its keys.

    Raises:
        SetUpError: the keys cannot be used.
        StoreUnavailable: the database cannot be reached.
    """
    keys = load_or_create(settings.data)
    database = Database.open(f"sqlite:///{settings.data / 'tb-share.sqlite3'}")
    database.migrate()
    return Desk(database, keys, settings, lambda: datetime.now(UTC))
