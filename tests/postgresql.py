"""A PostgreSQL server of the tests' own: Debian's programs, a new cluster in a temporary directory, reached by a Unix socket only."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.processes import missing, wait_for

_FAST = ["-c", "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=off", "-c", "max_connections=400"]


def programs() -> Path | None:
    """Where initdb and postgres are."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).parent if on_path else None


@contextmanager
def cluster() -> Iterator[str]:
    """Its directory, which is its host as well."""
    where = programs()
    if where is None:
        missing("PostgreSQL is not installed (apt-get install postgresql)")
    # It refuses to run as root.
    user = "postgres" if os.getuid() == 0 else None
    # Short: the path of a Unix socket may have 107 bytes.
    place = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))
    if user is not None:
        os.chown(place, pwd.getpwnam(user).pw_uid, -1)
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "user": user, "cwd": "/"}
    data = place / "data"
    subprocess.run([where / "initdb", "-D", data, "-U", "tests", "-A", "trust", "-N", "-E", "UTF8", "--locale=C"], check=True, **quiet)
    server = subprocess.Popen([where / "postgres", "-D", data, "-k", place, "-c", "listen_addresses=", *_FAST], **quiet)
    try:
        wait_for(lambda: _answers(place))
        yield str(place)
    finally:
        server.terminate()
        server.wait(timeout=30)
        shutil.rmtree(place, ignore_errors=True)


@contextmanager
def database(host: str) -> Iterator[str]:
    """The address of a new, empty database there."""
    name = f"t{secrets.token_hex(6)}"
    with _connected(host) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    try:
        yield f"postgresql://tests@/{name}?host={host}"
    finally:
        with _connected(host) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _connected(host: object) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(host=str(host), user="tests", dbname="postgres", autocommit=True)


def _answers(host: object) -> bool:
    try:
        with _connected(host):
            return True
    except psycopg.OperationalError:
        return False
