"""A note may be about a range of steps, or a cell of a notebook."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("note", sa.Column("place", sa.JSON(none_as_null=True)))


def downgrade() -> None:
    with op.batch_alter_table("note") as table:
        table.drop_column("place")
