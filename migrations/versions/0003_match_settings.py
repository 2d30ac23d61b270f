"""match settings

How matches are weighed; what a run reports, how far it is, and that it can be cancelled; what an answer was about.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BEFORE = ("queued", "running", "done", "failed")
STATES = (*BEFORE, "cancelled")
CHECK = "ck_match_run_run_state"


def upgrade() -> None:
    op.create_table(
        "match_settings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("summit_id", sa.Integer(), nullable=False),
        sa.Column("balance", sa.Double(), nullable=False),
        sa.Column("learned", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("balance between -1 and 1", name=op.f("ck_match_settings_balance_range")),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["person.id"], name=op.f("fk_match_settings_changed_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["summit_id"], ["summit.id"], name=op.f("fk_match_settings_summit_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_settings")),
        sa.UniqueConstraint("summit_id", name=op.f("uq_match_settings_summit_id")),
    )
    with op.batch_alter_table("match_run") as table:
        table.add_column(sa.Column("report", sa.JSON(), nullable=False, server_default=sa.text("'{}'")))
        table.add_column(sa.Column("stage", sa.String(length=40), nullable=False, server_default=""))
        table.add_column(sa.Column("progress", sa.Double(), nullable=False, server_default="0"))
    _allow_states(STATES)
    with op.batch_alter_table("match_answer") as table:
        table.add_column(sa.Column("rank", sa.Integer(), nullable=True))
        table.add_column(sa.Column("points", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("match_answer") as table:
        table.drop_column("points")
        table.drop_column("rank")
    op.execute("update match_run set state = 'failed' where state = 'cancelled'")
    _allow_states(BEFORE)
    with op.batch_alter_table("match_run") as table:
        table.drop_column("progress")
        table.drop_column("stage")
        table.drop_column("report")
    op.drop_table("match_settings")


def _allow_states(states: tuple[str, ...]) -> None:
    allowed = ", ".join(f"'{state}'" for state in states)
    with op.batch_alter_table("match_run") as table:
        table.drop_constraint(op.f(CHECK), type_="check")
        table.create_check_constraint(op.f(CHECK), f"state in ({allowed})")
