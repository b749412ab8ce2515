"""Stars: which experiments somebody marked for themselves."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "star",
        sa.Column("project_uid", sa.String(32), sa.ForeignKey("project.uid", ondelete="CASCADE"), primary_key=True),
        sa.Column("user_id", sa.String(32), sa.ForeignKey("account.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("experiment", sa.String(64), primary_key=True),
    )


def downgrade() -> None:
    op.drop_table("star")
