"""Opens the database, reads and writes in transactions, and tells cheaply whether anybody wrote.

The one place that knows what is particular to SQLite and to PostgreSQL. Every acknowledged write survives kill -9 and power cuts. On both,
one write transaction runs at a time, so that what a write has looked at still holds when it commits: of two last owners who leave at
once, one is told that they are the last.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as SqlTimeout
from sqlalchemy.pool import ConnectionPoolEntry

from tb_share.errors import SetUpError, StoreUnavailable

__all__ = ["REVISION", "Connection", "Database"]

REVISION: Final = "0012"
"""The newest migration; a database at it opens without loading the migration tool."""
_BUSY_TIMEOUT_MS: Final = 20_000
"""How long a writer waits for those before it: a few hundred sign-ins at once, on a disk that takes 50 ms to write one down."""
_CONNECT_TIMEOUT_S: Final = 5
_POOL: Final = 8
_WRITERS_LOCK: Final = 0x7462_7368
"""The advisory lock that PostgreSQL's writers take, one after the other."""
_PRAGMAS: Final = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    f"PRAGMA busy_timeout={_BUSY_TIMEOUT_MS}",
)


class Database:
    """A pool of connections. Open it after a fork, never before."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._is_sqlite = engine.dialect.name == "sqlite"
        self._watch: sqlite3.Connection | None = None
        self._watching = threading.Lock()

    @classmethod
    def open(cls, url: str) -> Database:
        """The database at an SQLAlchemy URL; a SQLite file is made, readable by its owner only, if it is missing.

        Raises:
            StoreUnavailable: it cannot be reached.
            SetUpError: the driver of PostgreSQL is not installed.
        """
        path = make_url(url).database
        if url.startswith("sqlite") and path:
            _make_private(Path(path))
        if url.startswith("sqlite"):
            engine = create_engine(url)
            event.listen(engine, "connect", _prepare_sqlite)
            return cls(engine)
        # A connection that stood still may have been cut; one that hangs shall not take a thread with it.
        timeouts = {"connect_timeout": _CONNECT_TIMEOUT_S, "options": f"-c lock_timeout={_BUSY_TIMEOUT_MS} -c timezone=UTC"}
        try:
            return cls(create_engine(url, pool_pre_ping=True, pool_size=_POOL, max_overflow=_POOL, connect_args=timeouts))
        except ImportError as error:
            raise SetUpError('PostgreSQL needs its driver. Install it with: pip install "tb-share[postgresql]"') from error

    def migrate(self) -> None:
        """Bring the tables to the newest revision; safe when several processes do it at once.

        Raises:
            StoreUnavailable: it cannot be reached.
        """
        with self.write() as connection:
            if _revision(connection) == REVISION:
                return
            from alembic import command
            from alembic.config import Config

            config = Config()
            config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One read transaction.

        Raises:
            StoreUnavailable: locked for too long, or gone.
        """
        with _told_apart(), self._engine.connect() as connection:
            connection.execute(text("BEGIN" if self._is_sqlite else "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One write transaction: all of it or nothing, and the only one at its time.

        Raises:
            StoreUnavailable: locked for too long, or gone.
        """
        with _told_apart(), self._engine.connect() as connection:
            if self._is_sqlite:
                connection.execute(text("BEGIN IMMEDIATE"))
            else:
                # In its own statement: those that follow see all that the writers before have committed.
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _WRITERS_LOCK})
            try:
                yield connection
            except BaseException:
                connection.rollback()
                raise
            connection.commit()

    def data_version(self) -> int | None:
        """A number that changes whenever any connection of any process committed; None where that is not to be had.

        Takes a few microseconds, so that caches of what people said can be exact.

        Raises:
            StoreUnavailable: gone.
        """
        if not self._is_sqlite:
            return None
        with self._watching:
            try:
                if self._watch is None:
                    # SQLite counts the commits of *other* connections only, so this one never writes.
                    self._watch = sqlite3.connect(str(self._engine.url.database), check_same_thread=False, isolation_level=None)
                    self._watch.execute(f"PRAGMA busy_timeout={_BUSY_TIMEOUT_MS}")
                row: tuple[int] = self._watch.execute("PRAGMA data_version").fetchone()
            except sqlite3.Error as error:
                raise StoreUnavailable from error
            return row[0]

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()
        with self._watching:
            if self._watch is not None:
                self._watch.close()
                self._watch = None


@contextmanager
def _told_apart() -> Iterator[None]:
    try:
        yield
    except (OperationalError, SqlTimeout) as error:
        raise StoreUnavailable from error


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _make_private(path: Path) -> None:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise StoreUnavailable from error


def _prepare_sqlite(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
    # The driver would begin transactions by itself, and later than we want.
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(pragma)
