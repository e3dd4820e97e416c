"""Tables of comments on shared versions, and of opinions asked of lycées by personal links.

Existing links allow no comments.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column and create the tables."""
    op.add_column(
        "geozones_links",
        sa.Column("comments", sa.Boolean, nullable=False, server_default=sa.false()),
    )
    _texts(
        "geozones_comments",
        sa.Column("id", sa.String(100), primary_key=True),
        sa.Column("version", sa.String(100), nullable=False, index=True),
        sa.Column("scenario", sa.String(100), nullable=False, index=True),
        sa.Column("place", sa.String(100), nullable=False),
        texts=(
            *("kind", "place_name", "author", "text", "at", "origin"),
            *("treatment", "reason", "ruled_by", "ruled_at", "hidden"),
        ),
    )
    _texts(
        "geozones_answers",
        sa.Column(
            "comment",
            sa.String(100),
            sa.ForeignKey("geozones_comments.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        texts=("author", "text", "at"),
    )
    _texts(
        "geozones_questions",
        sa.Column("version", sa.String(100), primary_key=True),
        sa.Column("scenario", sa.String(100), nullable=False, index=True),
        texts=("text", "closes", "author", "at"),
    )
    _texts(
        "geozones_opinions",
        sa.Column("token", sa.String(100), primary_key=True),
        sa.Column(
            "version",
            sa.String(100),
            sa.ForeignKey("geozones_questions.version", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("lycee", sa.String(100), nullable=False),
        sa.UniqueConstraint("version", "lycee", name="geozones_opinions_lycee"),
        texts=("name", "stance", "reason", "author", "at", "first_at"),
    )


def _texts(name: str, *parts: sa.schema.SchemaItem, texts: tuple[str, ...]) -> None:
    columns = [sa.Column(text, sa.Text, nullable=False) for text in texts]
    op.create_table(name, *parts, *columns)
