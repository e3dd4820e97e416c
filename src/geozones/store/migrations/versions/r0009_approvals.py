"""Second approvals of publications: asked for, then given; publications of before have none."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "geozones_approvals",
        sa.Column(
            "publication",
            sa.String(100),
            sa.ForeignKey("geozones_publications.id"),
            primary_key=True,
        ),
        sa.Column("given", sa.Boolean, primary_key=True),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
    )
