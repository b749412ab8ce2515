"""A desk over a fresh database, with a clock that tests move."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from tb_share.identity.resolve import Resolver
from tb_share.model.caller import Member
from tb_share.model.project import Project
from tb_share.operations import projects, sign_in
from tb_share.operations.desk import Desk
from tb_share.settings import LogdirSource, Settings, UpstreamSource
from tb_share.signing import new_key
from tb_share.store.database import Database


@dataclass
class Clock:
    """The time of tests."""

    time: datetime = field(default_factory=lambda: datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.time

    def pass_(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


@dataclass
class Room:
    """What most tests need."""

    desk: Desk
    clock: Clock
    logs: Project
    theirs: Project
    admin: Member

    @property
    def resolver(self) -> Resolver:
        return Resolver(self.desk.database, self.desk.keys, self.desk.settings, self.desk.now)


@pytest.fixture
def room(tmp_path, database_url):
    settings = Settings(
        data=tmp_path,
        logdir=(LogdirSource(name="logs", path=tmp_path),),
        upstream=(UpstreamSource(name="theirs", url="http://127.0.0.1:1"),),
    )
    database = Database.open(database_url)
    database.migrate()
    clock = Clock()
    desk = Desk(database, (new_key(),), settings, clock)
    logs, theirs = projects.declare(desk, settings)
    yield Room(desk, clock, logs, theirs, sign_in.local_owner(desk))
    database.close()
