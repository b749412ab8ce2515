"""A deleted note is kept for a day, so that it can be brought back."""

import sqlalchemy as sa
from alembic import op

from tb_share.store.tables import UtcTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("note", sa.Column("deleted_at", UtcTime()))


def downgrade() -> None:
    op.execute("delete from note where deleted_at is not null")
    with op.batch_alter_table("note") as table:
        table.drop_column("deleted_at")
