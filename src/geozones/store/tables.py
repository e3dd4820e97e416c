"""The tables. Their names are prefixed: a team's database may hold other things."""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

METADATA = MetaData()

#: ``base`` and ``decisions`` are JSON; ``moves`` is the depth of the head.
SCENARIOS = Table(
    "geozones_scenarios",
    METADATA,
    Column("id", String(100), primary_key=True),
    Column("name", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("decisions", Text, nullable=False),
    Column("base", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("created", Text, nullable=False),
    Column("updated", Text, nullable=False),
    Column("head", String(100)),
    Column("moves", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("archived", Boolean, nullable=False),
)

#: ``position`` is the order of writing, ``depth`` the number of events from the root to this one.
EVENTS = Table(
    "geozones_events",
    METADATA,
    Column(
        "scenario",
        String(100),
        ForeignKey("geozones_scenarios.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("id", String(100), nullable=False),
    Column("parent", String(100)),
    Column("depth", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("data", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("why", Text, nullable=False),
    UniqueConstraint("scenario", "id", name="geozones_events_id"),
    ForeignKeyConstraint(
        ["scenario", "parent"],
        ["geozones_events.scenario", "geozones_events.id"],
        name="geozones_events_parent",
        ondelete="CASCADE",
    ),
)

#: Read-only copies; they outlive the scenario, hence no foreign key.
FROZEN = Table(
    "geozones_frozen",
    METADATA,
    Column("token", String(100), primary_key=True),
    Column("at", Text, nullable=False),
    Column("content", Text, nullable=False),
)
