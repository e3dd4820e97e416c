"""Tables of members of scenarios, of presence, and of the action log, which triggers protect.

Existing scenarios stay open to everyone for writing; the author of each becomes its owner.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_REFUSED = "geozones_actions: an entry of the log is never changed nor removed"
_SQLITE = f"""
CREATE TRIGGER geozones_actions_%s BEFORE %s ON geozones_actions
BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END
"""
# INSERT OR REPLACE removes a row without the trigger of DELETE
_SQLITE_REPLACE = """
CREATE TRIGGER geozones_actions_insert BEFORE INSERT ON geozones_actions
WHEN EXISTS (SELECT 1 FROM geozones_actions WHERE position = NEW.position)
BEGIN SELECT RAISE(ABORT, 'geozones_actions: this place of the log is taken'); END
"""
_POSTGRESQL = (
    f"""
CREATE FUNCTION geozones_actions_refuse() RETURNS trigger LANGUAGE plpgsql AS
'BEGIN RAISE EXCEPTION ''{_REFUSED}''; END'
""",
    """
CREATE TRIGGER geozones_actions_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON geozones_actions
FOR EACH STATEMENT EXECUTE FUNCTION geozones_actions_refuse()
""",
)


def upgrade() -> None:
    """Create the tables and the triggers."""
    op.create_table(
        "geozones_members",
        _scenario(),
        sa.Column("person", sa.String(320), primary_key=True),
        sa.Column("access", sa.Text, nullable=False),
    )
    op.create_table(
        "geozones_presence",
        _scenario(),
        sa.Column("session", sa.String(100), primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
    )
    op.create_table(
        "geozones_actions",
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("scenario", sa.String(100), nullable=False, index=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("seal", sa.String(64), nullable=False),
    )
    op.execute(
        "INSERT INTO geozones_members (scenario, person, access) "
        "SELECT id, '*', 'editor' FROM geozones_scenarios"
    )
    op.execute(
        "INSERT INTO geozones_members (scenario, person, access) "
        "SELECT id, LOWER(SUBSTR(author, 1, 320)), 'owner' FROM geozones_scenarios "
        "WHERE author NOT IN ('', '*')"
    )
    if op.get_bind().dialect.name == "sqlite":
        for order in ("update", "delete"):
            op.execute(_SQLITE % (order, order.upper()))
        op.execute(_SQLITE_REPLACE)
    else:
        for statement in _POSTGRESQL:
            op.execute(statement)


def _scenario() -> sa.Column[str]:
    return sa.Column(
        "scenario",
        sa.String(100),
        sa.ForeignKey("geozones_scenarios.id", ondelete="CASCADE"),
        primary_key=True,
    )
