"""Every row of the audit log is chained to the one before it; those that there are, in their order."""

import sqlalchemy as sa
from alembic import op

from tb_share.store.audit_chain import FIRST, link
from tb_share.store.tables import UtcTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

AUDIT = sa.table(
    "audit",
    sa.column("seq", sa.Integer),
    sa.column("at", UtcTime()),
    sa.column("actor", sa.String),
    sa.column("action", sa.String),
    sa.column("target", sa.String),
    sa.column("result", sa.String),
    sa.column("hash", sa.String),
)
"""As it was then."""


def upgrade() -> None:
    with op.batch_alter_table("audit") as audit:
        audit.add_column(sa.Column("hash", sa.String(64), nullable=False, server_default=""))
    connection = op.get_bind()
    before = FIRST
    for row in connection.execute(sa.select(AUDIT).order_by(AUDIT.c.seq)).mappings().all():
        before = link(before, dict(row))
        connection.execute(sa.update(AUDIT).where(AUDIT.c.seq == row["seq"]).values(hash=before))


def downgrade() -> None:
    with op.batch_alter_table("audit") as audit:
        audit.drop_column("hash")
