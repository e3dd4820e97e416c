"""An owner for every scenario: migration 0006 left none where the author was "" or "*"."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_NOBODYS_OWNER = "poste local"
_LOWER = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")
_MEMBERS = sa.table(
    "geozones_members", sa.column("scenario"), sa.column("person"), sa.column("access")
)


def upgrade() -> None:
    """Take ownership from names that nobody logs in with, then give each scenario an owner."""
    connection = op.get_bind()
    owners = sa.select(_MEMBERS.c.scenario, _MEMBERS.c.person).where(_MEMBERS.c.access == "owner")
    for scenario, person in connection.execute(owners).all():
        if not _names_somebody(person):
            of_it = (_MEMBERS.c.scenario == scenario) & (_MEMBERS.c.person == person)
            connection.execute(_MEMBERS.delete().where(of_it))
    owned = sa.select(_MEMBERS.c.scenario).where(_MEMBERS.c.access == "owner")
    scenarios = sa.table("geozones_scenarios", sa.column("id"), sa.column("author"))
    query = sa.select(scenarios.c.id, scenarios.c.author).where(scenarios.c.id.not_in(owned))
    for scenario, author in connection.execute(query).all():
        _own(connection, scenario, author)


def _own(connection: sa.Connection, scenario: object, author: object) -> None:
    person = author.strip().translate(_LOWER) if isinstance(author, str) else ""
    person = person if _names_somebody(person) else _NOBODYS_OWNER
    of_it = (_MEMBERS.c.scenario == scenario) & (_MEMBERS.c.person == person)
    connection.execute(_MEMBERS.delete().where(of_it))
    row = {"scenario": scenario, "person": person, "access": "owner"}
    connection.execute(_MEMBERS.insert(), row)


def _names_somebody(person: object) -> bool:
    """Return whether a login may have this name: stripped, not everyone, 320 characters at most."""
    return (
        isinstance(person, str)
        and person == person.strip()
        and person not in {"", "*"}
        and len(person) <= 320
        and person.isprintable()
    )
