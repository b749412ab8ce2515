"""A session gets a new secret when its person's rights rise; what somebody did lately is found at once."""

import sqlalchemy as sa
from alembic import op

from tb_share.store.tables import UtcTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("account", sa.Column("raised_at", UtcTime()))
    op.add_column("session", sa.Column("renewed_at", UtcTime()))
    op.add_column("session", sa.Column("old_hash", sa.String(64)))
    op.add_column("session", sa.Column("old_until", UtcTime()))
    op.create_index("session_by_old_hash", "session", ["old_hash"])
    op.create_index("audit_by_actor", "audit", ["actor", "action", "seq"])


def downgrade() -> None:
    op.drop_index("audit_by_actor", "audit")
    op.drop_index("session_by_old_hash", "session")
    with op.batch_alter_table("session") as table:
        for name in ("old_until", "old_hash", "renewed_at"):
            table.drop_column(name)
    with op.batch_alter_table("account") as table:
        table.drop_column("raised_at")
