"""meetings

Slots, tables, who is not free when; planned meetings and their seats, groups at challenge tables.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "slot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("summit_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "use",
            sa.Enum(
                "meetings", "challenge_tables", name="slot_use", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_slot_ends_after_start")),
        sa.ForeignKeyConstraint(["summit_id"], ["summit.id"], name=op.f("fk_slot_summit_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slot")),
        sa.UniqueConstraint("summit_id", "starts_at", name=op.f("uq_slot_summit_id_starts_at")),
    )
    op.create_table(
        "summit_table",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("summit_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_summit_table_counted_from_one")),
        sa.ForeignKeyConstraint(
            ["summit_id"], ["summit.id"], name=op.f("fk_summit_table_summit_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_summit_table")),
        sa.UniqueConstraint("summit_id", "number", name=op.f("uq_summit_table_summit_id_number")),
    )
    op.create_table(
        "challenge_seat",
        sa.Column("slot_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("table_id", sa.Integer(), nullable=False),
        sa.Column("challenge_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["challenge_id"], ["challenge.id"], name=op.f("fk_challenge_seat_challenge_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_challenge_seat_person_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["slot_id"], ["slot.id"], name=op.f("fk_challenge_seat_slot_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["table_id"], ["summit_table.id"], name=op.f("fk_challenge_seat_table_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("slot_id", "person_id", name=op.f("pk_challenge_seat")),
    )
    with op.batch_alter_table("challenge_seat", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_challenge_seat_challenge_id"), ["challenge_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_challenge_seat_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_challenge_seat_table_id"), ["table_id"], unique=False)

    op.create_table(
        "meeting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("summit_id", sa.Integer(), nullable=False),
        sa.Column("slot_id", sa.Integer(), nullable=False),
        sa.Column("table_id", sa.Integer(), nullable=True),
        sa.Column("low_id", sa.Integer(), nullable=False),
        sa.Column("high_id", sa.Integer(), nullable=False),
        sa.Column("third_id", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "planned", "called_off", name="meeting_state", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(state = 'planned') = (table_id is not null)", name=op.f("ck_meeting_table_while_planned")),
        sa.CheckConstraint("low_id < high_id", name=op.f("ck_meeting_ordered_pair")),
        sa.CheckConstraint(
            "third_id is null or (third_id <> low_id and third_id <> high_id)", name=op.f("ck_meeting_three_people")
        ),
        sa.ForeignKeyConstraint(["high_id"], ["person.id"], name=op.f("fk_meeting_high_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["low_id"], ["person.id"], name=op.f("fk_meeting_low_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["slot_id"], ["slot.id"], name=op.f("fk_meeting_slot_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["summit_id"], ["summit.id"], name=op.f("fk_meeting_summit_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["table_id"], ["summit_table.id"], name=op.f("fk_meeting_table_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["third_id"], ["person.id"], name=op.f("fk_meeting_third_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
        sa.UniqueConstraint("slot_id", "table_id", name=op.f("uq_meeting_slot_id_table_id")),
    )
    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_meeting_high_id"), ["high_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_meeting_low_id"), ["low_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_meeting_summit_id_low_id"), ["summit_id", "low_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_meeting_table_id"), ["table_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_meeting_third_id"), ["third_id"], unique=False)

    op.create_table(
        "meeting_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("summit_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "queued",
                "running",
                "done",
                "failed",
                "cancelled",
                name="plan_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("requested_by_id", sa.Integer(), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("wished", sa.Integer(), nullable=False),
        sa.Column("placed", sa.Integer(), nullable=False),
        sa.Column("bound", sa.Integer(), nullable=False),
        sa.Column("seated", sa.Integer(), nullable=False),
        sa.Column("repeats", sa.Integer(), nullable=False),
        sa.Column("unmixed", sa.Integer(), nullable=False),
        sa.Column("failure", sa.String(length=500), nullable=False),
        sa.Column("lease_token", sa.String(length=32), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["requested_by_id"], ["person.id"], name=op.f("fk_meeting_plan_requested_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["summit_id"], ["summit.id"], name=op.f("fk_meeting_plan_summit_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_plan")),
    )
    with op.batch_alter_table("meeting_plan", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_meeting_plan_state"), ["state"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_meeting_plan_summit_id_requested_at"), ["summit_id", "requested_at"], unique=False
        )

    op.create_table(
        "unavailability",
        sa.Column("slot_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_unavailability_person_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["slot_id"], ["slot.id"], name=op.f("fk_unavailability_slot_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("slot_id", "person_id", name=op.f("pk_unavailability")),
    )
    with op.batch_alter_table("unavailability", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unavailability_person_id"), ["person_id"], unique=False)

    op.create_table(
        "meeting_seat",
        sa.Column("slot_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_seat_meeting_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_meeting_seat_person_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["slot_id"], ["slot.id"], name=op.f("fk_meeting_seat_slot_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("slot_id", "person_id", name=op.f("pk_meeting_seat")),
    )
    with op.batch_alter_table("meeting_seat", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_meeting_seat_meeting_id"), ["meeting_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_meeting_seat_person_id"), ["person_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("meeting_seat", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_meeting_seat_person_id"))
        batch_op.drop_index(batch_op.f("ix_meeting_seat_meeting_id"))

    op.drop_table("meeting_seat")
    with op.batch_alter_table("unavailability", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_unavailability_person_id"))

    op.drop_table("unavailability")
    with op.batch_alter_table("meeting_plan", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_meeting_plan_summit_id_requested_at"))
        batch_op.drop_index(batch_op.f("ix_meeting_plan_state"))

    op.drop_table("meeting_plan")
    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_meeting_third_id"))
        batch_op.drop_index(batch_op.f("ix_meeting_table_id"))
        batch_op.drop_index(batch_op.f("ix_meeting_summit_id_low_id"))
        batch_op.drop_index(batch_op.f("ix_meeting_low_id"))
        batch_op.drop_index(batch_op.f("ix_meeting_high_id"))

    op.drop_table("meeting")
    with op.batch_alter_table("challenge_seat", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_challenge_seat_table_id"))
        batch_op.drop_index(batch_op.f("ix_challenge_seat_person_id"))
        batch_op.drop_index(batch_op.f("ix_challenge_seat_challenge_id"))

    op.drop_table("challenge_seat")
    op.drop_table("summit_table")
    op.drop_table("slot")
