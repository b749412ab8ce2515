"""What every operation is handed first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from tb_share.settings import Settings
from tb_share.store.database import Database
from tb_share.store.keys import load_or_create


@dataclass(frozen=True, slots=True)
class Desk:
    """The database, the signing keys (oldest first), the settings and the clock."""

    database: Database
    keys: tuple[str, ...]
    settings: Settings
    now: Callable[[], datetime]


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
