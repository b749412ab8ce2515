"""What people say of experiments: annotations and notes."""

import sqlalchemy as sa
from alembic import op

from tb_share.store.tables import UtcTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "annotation",
        sa.Column("project_uid", sa.String(32), sa.ForeignKey("project.uid", ondelete="CASCADE"), primary_key=True),
        sa.Column("experiment", sa.String(64), primary_key=True),
        sa.Column("display_name", sa.String(200), nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("tags", sa.JSON, nullable=False),
        sa.Column("archived", sa.Boolean, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("updated_by", sa.String(32), nullable=False),
        sa.Column("updated_at", UtcTime(), nullable=False),
    )
    op.create_table(
        "note",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("project_uid", sa.String(32), sa.ForeignKey("project.uid", ondelete="CASCADE"), nullable=False),
        sa.Column("experiment", sa.String(64), nullable=False),
        sa.Column("author_id", sa.String(32), nullable=False),
        sa.Column("author", sa.String(320), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("edited_at", UtcTime()),
        sa.Column("resolved_by", sa.String(320)),
        sa.Column("resolved_at", UtcTime()),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_index("note_by_experiment", "note", ["project_uid", "experiment"])


def downgrade() -> None:
    op.drop_table("note")
    op.drop_table("annotation")
