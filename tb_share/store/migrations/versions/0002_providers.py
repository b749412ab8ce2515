"""Who a provider says that people are, the roles that their groups have, and the provider's side of a session."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "identity",
        sa.Column("issuer", sa.String(500), primary_key=True),
        sa.Column("subject", sa.String(255), primary_key=True),
        sa.Column("user_id", sa.String(32), sa.ForeignKey("account.id", ondelete="CASCADE"), nullable=False, index=True),
        sa.Column("is_admin", sa.Boolean, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("last_sign_in_at", TIME, nullable=False),
    )
    op.create_table(
        "group_membership",
        sa.Column("project_uid", sa.String(32), sa.ForeignKey("project.uid", ondelete="CASCADE"), primary_key=True),
        sa.Column("user_id", sa.String(32), sa.ForeignKey("account.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("added_at", TIME, nullable=False),
    )
    with op.batch_alter_table("session") as session:
        session.add_column(sa.Column("provider", sa.String(63)))
        session.add_column(sa.Column("issuer", sa.String(500)))
        session.add_column(sa.Column("subject", sa.String(255)))
        session.add_column(sa.Column("provider_session", sa.String(320)))
        session.add_column(sa.Column("id_token", sa.Text))
    op.create_index("session_by_provider", "session", ["issuer", "subject"])


def downgrade() -> None:
    op.drop_index("session_by_provider", "session")
    with op.batch_alter_table("session") as session:
        for name in ("provider", "issuer", "subject", "provider_session", "id_token"):
            session.drop_column(name)
    op.drop_table("group_membership")
    op.drop_table("identity")
