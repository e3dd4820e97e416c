"""Table of publications: plans put in force, and withdrawals.

Existing data do not change.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "geozones_publications",
        sa.Column("id", sa.String(100), primary_key=True),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("effective", sa.Text, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("approved_by", sa.Text, nullable=False),
        sa.Column("reference", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("scenario", sa.String(100), nullable=False),
        sa.Column("scenario_version", sa.Integer, nullable=False),
        sa.Column("frozen", sa.String(100), nullable=False),
        sa.Column("plan", sa.Text, nullable=False),
        sa.Column("withdraws", sa.String(100)),
        sa.UniqueConstraint("position", name="geozones_publications_position"),
        sa.UniqueConstraint("withdraws", name="geozones_publications_withdraws"),
        sa.ForeignKeyConstraint(
            ["withdraws"], ["geozones_publications.id"], name="geozones_publications_withdrawn"
        ),
    )
