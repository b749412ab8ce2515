"""The tables, as SQLAlchemy sees them; the migrations are what makes them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from sqlalchemy import JSON, Boolean, Column, DateTime, Dialect, ForeignKey, Index, Integer, MetaData, String, Table, Text, false
from sqlalchemy.types import TypeDecorator


class UtcTime(TypeDecorator[datetime]):
    """An aware time, kept in UTC: SQLite forgets the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Into the database.

        Raises:
            ValueError: a time without a zone.
        """
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("times in the database are aware")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Out of the database."""
        return None if value is None else value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


METADATA: Final = MetaData()
_TIME: Final = UtcTime()

PROJECT: Final = Table(
    "project",
    METADATA,
    Column("uid", String(32), primary_key=True),
    Column("id", String(63), nullable=False, unique=True),
    Column("title", String(200), nullable=False),
    Column("source", JSON, nullable=False),
    Column("created_at", _TIME, nullable=False),
    Column("visibility", String(20), nullable=False, server_default="members"),
    Column("link_default_s", Integer),
    Column("link_max_s", Integer),
    Column("viewers_comment", Boolean, nullable=False, server_default=false()),
)

USER: Final = Table(
    "account",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("email", String(320), nullable=False),
    Column("is_admin", Boolean, nullable=False),
    Column("by_admin", Boolean, nullable=False),
    Column("created_at", _TIME, nullable=False),
    Column("disabled_at", _TIME),
    Column("is_service", Boolean, nullable=False, server_default=false()),
    Column("raised_at", _TIME),
)

SESSION: Final = Table(
    "session",
    METADATA,
    Column("hash", String(64), primary_key=True),
    Column("user_id", ForeignKey("account.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("created_at", _TIME, nullable=False),
    Column("last_seen_at", _TIME, nullable=False),
    Column("ended_at", _TIME),
    Column("provider", String(63)),
    Column("issuer", String(500)),
    Column("subject", String(255)),
    Column("provider_session", String(320)),
    Column("id_token", Text),
    Column("address", String(64), nullable=False, server_default=""),
    Column("client", String(200), nullable=False, server_default=""),
    Column("renewed_at", _TIME),
    Column("old_hash", String(64)),
    Column("old_until", _TIME),
    Index("session_by_provider", "issuer", "subject"),
    Index("session_by_old_hash", "old_hash"),
)

IDENTITY: Final = Table(
    "identity",
    METADATA,
    Column("issuer", String(500), primary_key=True),
    Column("subject", String(255), primary_key=True),
    Column("user_id", ForeignKey("account.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("is_admin", Boolean, nullable=False),
    Column("created_at", _TIME, nullable=False),
    Column("last_sign_in_at", _TIME, nullable=False),
    Column("checked_email", String(320)),
)

GROUP_MEMBERSHIP: Final = Table(
    "group_membership",
    METADATA,
    Column("project_uid", ForeignKey("project.uid", ondelete="CASCADE"), primary_key=True),
    Column("user_id", ForeignKey("account.id", ondelete="CASCADE"), primary_key=True),
    Column("role", String(20), nullable=False),
    Column("added_at", _TIME, nullable=False),
)

MEMBERSHIP: Final = Table(
    "membership",
    METADATA,
    Column("project_uid", ForeignKey("project.uid", ondelete="CASCADE"), primary_key=True),
    Column("user_id", ForeignKey("account.id", ondelete="CASCADE"), primary_key=True),
    Column("role", String(20), nullable=False),
    Column("added_at", _TIME, nullable=False),
)

CODE: Final = Table(
    "code",
    METADATA,
    Column("hash", String(64), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("user_id", ForeignKey("account.id", ondelete="CASCADE"), nullable=False),
    Column("project_uid", ForeignKey("project.uid", ondelete="CASCADE")),
    Column("role", String(20)),
    Column("created_by", String(32)),
    Column("created_at", _TIME, nullable=False),
    Column("expires_at", _TIME, nullable=False),
    Column("used_at", _TIME),
    Index("code_by_project", "project_uid"),
)

LINK: Final = Table(
    "link",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("secret_hash", String(64), nullable=False, unique=True),
    Column("project_uid", ForeignKey("project.uid", ondelete="CASCADE"), nullable=False, index=True),
    Column("experiments", JSON),
    Column("view", String(8192), nullable=False),
    Column("label", String(200), nullable=False),
    Column("created_by", ForeignKey("account.id", ondelete="CASCADE"), nullable=False),
    Column("created_at", _TIME, nullable=False),
    Column("expires_at", _TIME, nullable=False),
    Column("max_uses", Integer),
    Column("uses", Integer, nullable=False),
    Column("last_used_at", _TIME),
    Column("revoked_at", _TIME),
    Column("passcode", String(200)),
    Column("emails", JSON(none_as_null=True)),
    Column("download", Boolean, nullable=False, server_default=false()),
    Column("first_used_at", _TIME),
)

TOKEN: Final = Table(
    "token",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("hash", String(64), nullable=False, unique=True),
    Column("user_id", ForeignKey("account.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("name", String(100), nullable=False),
    Column("scopes", JSON, nullable=False),
    Column("projects", JSON(none_as_null=True)),
    Column("created_at", _TIME, nullable=False),
    Column("expires_at", _TIME, nullable=False),
    Column("last_used_at", _TIME),
    Column("revoked_at", _TIME),
)

ANNOTATION: Final = Table(
    "annotation",
    METADATA,
    Column("project_uid", ForeignKey("project.uid", ondelete="CASCADE"), primary_key=True),
    Column("experiment", String(64), primary_key=True),
    Column("display_name", String(200), nullable=False),
    Column("description", Text, nullable=False),
    Column("tags", JSON, nullable=False),
    Column("archived", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
    Column("updated_by", String(32), nullable=False),
    Column("updated_at", _TIME, nullable=False),
)

NOTE: Final = Table(
    "note",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("project_uid", ForeignKey("project.uid", ondelete="CASCADE"), nullable=False),
    Column("experiment", String(64), nullable=False),
    Column("author_id", String(32), nullable=False),
    Column("author", String(320), nullable=False),
    Column("text", Text, nullable=False),
    Column("created_at", _TIME, nullable=False),
    Column("edited_at", _TIME),
    Column("resolved_by", String(320)),
    Column("resolved_at", _TIME),
    Column("deleted_at", _TIME),
    Column("place", JSON(none_as_null=True)),
    Column("version", Integer, nullable=False),
    Index("note_by_experiment", "project_uid", "experiment"),
)

STAR: Final = Table(
    "star",
    METADATA,
    Column("project_uid", ForeignKey("project.uid", ondelete="CASCADE"), primary_key=True),
    Column("user_id", ForeignKey("account.id", ondelete="CASCADE"), primary_key=True),
    Column("experiment", String(64), primary_key=True),
)

VIEW: Final = Table(
    "saved_view",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("project_uid", ForeignKey("project.uid", ondelete="CASCADE"), nullable=False, index=True),
    Column("name", String(100), nullable=False),
    Column("state", JSON, nullable=False),
    Column("shared", Boolean, nullable=False),
    Column("is_default", Boolean, nullable=False),
    Column("author_id", String(32), nullable=False),
    Column("author", String(320), nullable=False),
    Column("updated_at", _TIME, nullable=False),
    Column("deleted_at", _TIME),
    Column("version", Integer, nullable=False),
)

AUDIT: Final = Table(
    "audit",
    METADATA,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("at", _TIME, nullable=False),
    Column("actor", String(100), nullable=False),
    Column("action", String(60), nullable=False),
    Column("target", String(200), nullable=False),
    Column("result", String(60), nullable=False),
    Column("hash", String(64), nullable=False),
    Column("address", String(64), nullable=False, server_default=""),
    Column("request_id", String(32), nullable=False, server_default=""),
    Index("audit_by_actor", "actor", "action", "seq"),
)

DEVICE: Final = Table(
    "device",
    METADATA,
    Column("hash", String(64), primary_key=True),
    Column("user_code", String(16), nullable=False, unique=True),
    Column("name", String(100), nullable=False),
    Column("scopes", JSON, nullable=False),
    Column("token_life_s", Integer, nullable=False),
    Column("address", String(64), nullable=False),
    Column("created_at", _TIME, nullable=False),
    Column("expires_at", _TIME, nullable=False),
    Column("polled_at", _TIME),
    Column("user_id", ForeignKey("account.id", ondelete="CASCADE")),
    Column("refused_at", _TIME),
)
