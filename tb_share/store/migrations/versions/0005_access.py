"""Visibility and limits of projects, more kinds of links, where sessions and audit rows came from, service accounts, device codes."""

import sqlalchemy as sa
from alembic import op

from tb_share.store.tables import UtcTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # One by one and in place: SQLite would otherwise make a table anew, and with the old one all would go that hangs on its rows.
    op.add_column("project", sa.Column("visibility", sa.String(20), nullable=False, server_default="members"))
    op.add_column("project", sa.Column("link_default_s", sa.Integer))
    op.add_column("project", sa.Column("link_max_s", sa.Integer))
    op.add_column("account", sa.Column("is_service", sa.Boolean, nullable=False, server_default=sa.text("false")))
    op.add_column("identity", sa.Column("checked_email", sa.String(320)))
    op.add_column("session", sa.Column("address", sa.String(64), nullable=False, server_default=""))
    op.add_column("session", sa.Column("client", sa.String(200), nullable=False, server_default=""))
    op.add_column("link", sa.Column("passcode", sa.String(200)))
    op.add_column("link", sa.Column("emails", sa.JSON(none_as_null=True)))
    op.add_column("link", sa.Column("download", sa.Boolean, nullable=False, server_default=sa.text("false")))
    op.add_column("link", sa.Column("first_used_at", UtcTime()))
    op.add_column("audit", sa.Column("address", sa.String(64), nullable=False, server_default=""))
    op.add_column("audit", sa.Column("request_id", sa.String(32), nullable=False, server_default=""))
    op.create_table(
        "device",
        sa.Column("hash", sa.String(64), primary_key=True),
        sa.Column("user_code", sa.String(16), nullable=False, unique=True),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("scopes", sa.JSON, nullable=False),
        sa.Column("token_life_s", sa.Integer, nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("expires_at", UtcTime(), nullable=False),
        sa.Column("polled_at", UtcTime()),
        sa.Column("user_id", sa.String(32), sa.ForeignKey("account.id", ondelete="CASCADE")),
        sa.Column("refused_at", UtcTime()),
    )


def downgrade() -> None:
    op.drop_table("device")
    for table, columns in {
        "audit": ("address", "request_id"),
        "link": ("passcode", "emails", "download", "first_used_at"),
        "session": ("address", "client"),
        "identity": ("checked_email",),
        "account": ("is_service",),
        "project": ("visibility", "link_default_s", "link_max_s"),
    }.items():
        for column in columns:
            op.drop_column(table, column)
