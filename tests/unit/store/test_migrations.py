"""A database of any earlier version comes up to date with what was in it, and is then what the code thinks it is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

import tb_share.store
from tb_share.model.annotation import NotebookCell
from tb_share.store import audit, remarks
from tb_share.store.database import REVISION, Database
from tb_share.store.tables import METADATA


@pytest.fixture
def database(database_url):
    opened = Database.open(database_url)
    yield opened
    opened.close()


def bring_to(database, revision):
    with database.write() as connection:
        config = Config()
        config.set_main_option("script_location", str(Path(tb_share.store.__file__).parent / "migrations"))
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


@pytest.mark.parametrize("revision", ["0001", "0002", "0003"])
def test_an_earlier_database_keeps_its_rows_and_gets_its_chain(database, revision):
    bring_to(database, revision)
    with database.write() as connection:
        for number in (1, 2, 3):
            row = {"seq": number, "at": f"2026-11-0{number} 10:00:00.000000"}
            connection.execute(text("INSERT INTO audit VALUES (:seq, :at, 'local', 'user.create_admin', 'user:1', 'done')"), row)
        connection.execute(
            text(
                "INSERT INTO account (id, name, email, is_admin, by_admin, created_at) VALUES ('1', 'owner', '', true, false, '2026-11-01 10:00:00')"
            )
        )
        connection.execute(
            text(
                "INSERT INTO session (hash, user_id, created_at, last_seen_at) VALUES ('h', '1', '2026-11-01 10:00:00', '2026-11-01 10:00:00')"
            )
        )
    database.migrate()
    with database.read() as connection:
        verdict = audit.verify(connection)
        assert (verdict.rows, verdict.broken_at) == (3, None)
        assert connection.execute(text("SELECT count(*) FROM session WHERE ended_at IS NULL")).scalar() == 1
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == REVISION


def test_notes_from_before_there_were_places_are_about_the_whole_experiment(database):
    bring_to(database, "0011")
    with database.write() as connection:
        connection.execute(
            text("INSERT INTO project (uid, id, title, source, created_at) VALUES ('u', 'logs', '', '{}', '2026-11-01 10:00')")
        )
        connection.execute(
            text(
                "INSERT INTO note (id, project_uid, experiment, author_id, author, text, created_at, version)"
                " VALUES ('n', 'u', 'abcd', '1', 'ann', 'well', '2026-11-01 10:00:00', 3)"
            )
        )
    database.migrate()
    place = NotebookCell("a\0.ipynb", "#1")
    with database.write() as connection:
        (note,) = remarks.notes(connection, "u", "abcd")
        assert (note.text, note.version, note.place) == ("well", 3, None)
        remarks.put_note(connection, "u", replace(note, place=place))
    with database.read() as connection:
        assert remarks.find_note(connection, "u", "n") == replace(note, place=place)


def test_the_tables_are_those_of_the_code(database):
    database.migrate()
    with database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, METADATA) == []
