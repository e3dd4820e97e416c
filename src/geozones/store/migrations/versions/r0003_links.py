"""Table of links to frozen versions: last day of each link, date of its withdrawal.

Existing data do not change: a version without a row in this table never expires.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "geozones_links",
        sa.Column("token", sa.String(100), primary_key=True),
        sa.Column("scenario", sa.String(100), nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("expires", sa.Text, nullable=False),
        sa.Column("withdrawn", sa.Text, nullable=False),
    )
