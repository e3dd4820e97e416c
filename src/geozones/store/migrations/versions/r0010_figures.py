"""Figures of publications and frozen copies; none are known of those of earlier versions."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns."""
    for table in ("geozones_publications", "geozones_frozen"):
        column = sa.Column("figures", sa.Text, nullable=False, server_default="{}")
        op.add_column(table, column)
