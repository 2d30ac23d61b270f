"""matching inputs

Whether a match rests on little, and how the lists of a published run follow what changes.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("match") as table:
        table.add_column(sa.Column("is_weak", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("match_run") as table:
        table.add_column(sa.Column("certified_revision", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("repaired_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("drift", sa.Double(), nullable=False, server_default="0"))
        table.add_column(sa.Column("marks", sa.JSON(), nullable=False, server_default=sa.text("'{}'")))
    op.execute("update match_run set certified_revision = revision")


def downgrade() -> None:
    with op.batch_alter_table("match_run") as table:
        table.drop_column("marks")
        table.drop_column("drift")
        table.drop_column("repaired_at")
        table.drop_column("certified_revision")
    with op.batch_alter_table("match") as table:
        table.drop_column("is_weak")
