"""Databases of both kinds."""

from __future__ import annotations

import pytest

from tests.postgresql import cluster
from tests.postgresql import database as new_database


@pytest.fixture(scope="session")
def postgresql_host():
    with cluster() as host:
        yield host


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request, tmp_path):
    """Where a fresh database is: everything that operations promise holds on both kinds."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'd.sqlite3'}"
        return
    with new_database(request.getfixturevalue("postgresql_host")) as url:
        yield url.replace("postgresql://", "postgresql+psycopg://")
