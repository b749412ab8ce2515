"""Saved views of the Experiments tab."""

import sqlalchemy as sa
from alembic import op

from tb_share.store.tables import UtcTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "saved_view",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("project_uid", sa.String(32), sa.ForeignKey("project.uid", ondelete="CASCADE"), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("state", sa.JSON, nullable=False),
        sa.Column("shared", sa.Boolean, nullable=False),
        sa.Column("is_default", sa.Boolean, nullable=False),
        sa.Column("author_id", sa.String(32), nullable=False),
        sa.Column("author", sa.String(320), nullable=False),
        sa.Column("updated_at", UtcTime(), nullable=False),
        sa.Column("deleted_at", UtcTime()),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_index("ix_saved_view_project_uid", "saved_view", ["project_uid"])


def downgrade() -> None:
    op.drop_table("saved_view")
