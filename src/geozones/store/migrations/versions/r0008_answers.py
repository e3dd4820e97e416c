"""Every answer that came by a personal link; of before, the last one is known."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table, with the answers that there are."""
    op.create_table(
        "geozones_opinion_answers",
        sa.Column(
            "opinion",
            sa.String(100),
            sa.ForeignKey("geozones_opinions.token", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("stance", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
    )
    op.execute(
        "INSERT INTO geozones_opinion_answers (opinion, position, stance, reason, author, at) "
        "SELECT token, 1, stance, reason, author, at FROM geozones_opinions WHERE stance <> ''"
    )
