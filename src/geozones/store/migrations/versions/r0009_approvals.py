"""Table of second approvals of publications; existing publications need none."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column and create the table."""
    op.add_column(
        "geozones_publications",
        sa.Column("needs_approval", sa.Boolean, nullable=False, server_default=sa.false()),
    )
    op.create_table(
        "geozones_approvals",
        sa.Column(
            "publication",
            sa.String(100),
            sa.ForeignKey("geozones_publications.id"),
            primary_key=True,
        ),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
    )
