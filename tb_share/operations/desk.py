"""What every operation is handed first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, urlsplit, urlunsplit

from tb_share.errors import SetUpError
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

    @property
    def groups_since(self) -> datetime:
        """What a provider said of somebody's groups before that counts no longer: nobody holds longer on to it than a session may live."""
        return self.now() - timedelta(seconds=self.settings.session.absolute_s)

    def asked_from(self, origin: Origin) -> Desk:
        """The same desk, working for one request."""
        return replace(self, origin=origin)

    def note(self, connection: Connection, actor: str, action: str, target: str, result: str = "done") -> None:
        """A row of the audit log, in the transaction of what it tells of."""
        audit.add(connection, audit.Row(self.now(), actor, action, target, result, self.origin))


def database_url(settings: Settings) -> str:
    """Where the database is, with the password that stands in a file if there is one.

    Raises:
        SetUpError: it is no PostgreSQL address, or the file cannot be read.
    """
    if settings.database_url is None:
        return f"sqlite:///{settings.data / 'tb-share.sqlite3'}"
    parts = urlsplit(settings.database_url)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise SetUpError("database_url is written as postgresql://USER@HOST/DATABASE. Leave it out to use SQLite.")
    if settings.database_password_file is None:
        return urlunsplit(("postgresql+psycopg", *parts[1:]))
    try:
        password = settings.database_password_file.read_text("utf-8").strip()
    except OSError as error:
        raise SetUpError(
            f"{settings.database_password_file} cannot be read: {error.strerror}. It holds the database's password."
        ) from error
    user, _, host = parts.netloc.rpartition("@")
    return urlunsplit(("postgresql+psycopg", f"{user.partition(':')[0]}:{quote(password, safe='')}@{host}", *parts[2:]))


def open_desk(settings: Settings) -> Desk:
    """Open DATA's database, made and migrated if need be, and its keys.

    Raises:
        SetUpError: the keys cannot be used.
        StoreUnavailable: the database cannot be reached.
    """
    keys = load_or_create(settings.data)
    database = Database.open(database_url(settings))
    database.migrate()
    return Desk(database, keys, settings, lambda: datetime.now(UTC))
