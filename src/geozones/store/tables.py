"""Database tables, and the purge of erased content from their files.

Names of tables have a prefix, since a team's database may hold other tables.

A deleted row leaves its bytes in a file, until the purge. SQLite: the file is rewritten and its
``-wal`` emptied. An erasure marks the database in its own transaction (``user_version``, which
nothing else uses here); the mark is removed once neither file holds erased content. PostgreSQL: the
tables that hold names are rewritten.
"""

import contextlib
import sqlite3

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Engine,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.exc import SQLAlchemyError

METADATA = MetaData()


def _part_of(column: str, table: str) -> Column[str]:
    """Return a key column that refers to a row of a table; deleting this row deletes the others."""
    whole = ForeignKey(f"{table}.id", ondelete="CASCADE")
    return Column(column, String(100), whole, primary_key=True)


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
    _part_of("scenario", "geozones_scenarios"),
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

#: Frozen copies; they outlive their scenario, hence no foreign key. ``figures`` is JSON.
FROZEN = Table(
    "geozones_frozen",
    METADATA,
    Column("token", String(100), primary_key=True),
    Column("at", Text, nullable=False),
    Column("content", Text, nullable=False),
    Column("figures", Text, nullable=False, server_default="{}"),
)

#: Links to frozen copies, by the token of the copy; ``expires`` and ``withdrawn`` may be empty.
#: ``comments`` says whether readers of the link may comment.
LINKS = Table(
    "geozones_links",
    METADATA,
    Column("token", String(100), primary_key=True),
    Column("scenario", String(100), nullable=False),
    Column("at", Text, nullable=False),
    Column("expires", Text, nullable=False),
    Column("withdrawn", Text, nullable=False),
    Column("comments", Boolean, nullable=False, server_default=false()),
)

#: Comments on frozen copies; no foreign key, as for the copies. ``origin`` is a digest of the
#: sender's address, erased after some minutes; ``hidden`` is the reason for hiding, empty if shown.
COMMENTS = Table(
    "geozones_comments",
    METADATA,
    Column("id", String(100), primary_key=True),
    Column("version", String(100), nullable=False, index=True),
    Column("scenario", String(100), nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("place", String(100), nullable=False),
    Column("place_name", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Column("treatment", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("ruled_by", Text, nullable=False),
    Column("ruled_at", Text, nullable=False),
    Column("hidden", Text, nullable=False),
)

#: Answers of planners to comments; ``position`` is the order of writing, from 1.
ANSWERS = Table(
    "geozones_answers",
    METADATA,
    _part_of("comment", "geozones_comments"),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("author", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("at", Text, nullable=False),
)

#: Questions to lycées on frozen copies, one for each copy.
QUESTIONS = Table(
    "geozones_questions",
    METADATA,
    Column("version", String(100), primary_key=True),
    Column("scenario", String(100), nullable=False, index=True),
    Column("text", Text, nullable=False),
    Column("closes", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("at", Text, nullable=False),
)

#: Personal links and their last answers; ``stance`` and the answer's columns may be empty.
OPINIONS = Table(
    "geozones_opinions",
    METADATA,
    Column("token", String(100), primary_key=True),
    Column(
        "version",
        String(100),
        ForeignKey("geozones_questions.version", ondelete="CASCADE"),
        nullable=False,
    ),
    Column("lycee", String(100), nullable=False),
    Column("name", Text, nullable=False),
    Column("stance", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("first_at", Text, nullable=False),
    UniqueConstraint("version", "lycee", name="geozones_opinions_lycee"),
)

#: Earlier answers by a personal link; the last is in the row of the opinion. ``position`` is the
#: order of writing, from 1.
OPINION_ANSWERS = Table(
    "geozones_opinion_answers",
    METADATA,
    Column(
        "opinion",
        String(100),
        ForeignKey("geozones_opinions.token", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("stance", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("at", Text, nullable=False),
)

#: Members of scenarios and their access; ``person`` is ``*`` for everyone.
MEMBERS = Table(
    "geozones_members",
    METADATA,
    _part_of("scenario", "geozones_scenarios"),
    Column("person", String(320), primary_key=True),
    Column("access", Text, nullable=False),
)

#: Presence: sessions that have a scenario open, and when each was last seen.
PRESENCE = Table(
    "geozones_presence",
    METADATA,
    _part_of("scenario", "geozones_scenarios"),
    Column("session", String(100), primary_key=True),
    Column("name", Text, nullable=False),
    Column("at", Text, nullable=False),
)

#: Action log; triggers forbid changing or removing a row. ``detail`` is JSON.
ACTIONS = Table(
    "geozones_actions",
    METADATA,
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("at", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("scenario", String(100), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("seal", String(64), nullable=False),
)

#: ``plan`` and ``figures`` are JSON; rows are never changed nor deleted, hence no foreign key to a
#: scenario, which may be deleted. ``position`` is unique: of two people who publish at once, one
#: gets an error.
PUBLICATIONS = Table(
    "geozones_publications",
    METADATA,
    Column("id", String(100), primary_key=True),
    Column("position", Integer, nullable=False),
    Column("at", Text, nullable=False),
    Column("effective", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("approved_by", Text, nullable=False),
    Column("reference", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("scenario", String(100), nullable=False),
    Column("scenario_version", Integer, nullable=False),
    Column("frozen", String(100), nullable=False),
    Column("plan", Text, nullable=False),
    Column("withdraws", String(100)),
    Column("needs_approval", Boolean, nullable=False, server_default=false()),
    Column("figures", Text, nullable=False, server_default="{}"),
    UniqueConstraint("position", name="geozones_publications_position"),
    UniqueConstraint("withdraws", name="geozones_publications_withdraws"),
    ForeignKeyConstraint(
        ["withdraws"], ["geozones_publications.id"], name="geozones_publications_withdrawn"
    ),
)

#: Second approvals of publications; rows are only added.
APPROVALS = Table(
    "geozones_approvals",
    METADATA,
    Column("publication", String(100), ForeignKey("geozones_publications.id"), primary_key=True),
    Column("who", Text, nullable=False),
    Column("at", Text, nullable=False),
)

#: Files of the journal of an experiment, by the SHA-256 of their bytes; ``report`` is JSON.
JOURNAL_FILES = Table(
    "geozones_journal_files",
    METADATA,
    Column("id", String(100), primary_key=True),
    Column("name", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("first", Text, nullable=False),
    Column("last", Text, nullable=False),
    Column("invented", Boolean, nullable=False),
    Column("report", Text, nullable=False),
)

#: Their rows, by month (``2026-03``): old months are deleted whole. ``content`` is JSON.
JOURNAL_MONTHS = Table(
    "geozones_journal_months",
    METADATA,
    _part_of("file", "geozones_journal_files"),
    Column("month", String(7), primary_key=True),
    Column("content", Text, nullable=False),
)


#: Marks: no purge needed; the file must be rewritten; only its ``-wal`` must be emptied.
_CLEAN, _ERASED, _WRITTEN_ANEW = 0, 1, 2
#: Longest wait for readers of erased content, in milliseconds.
_WAIT_MS = 1000


def mark_erased(connection: Connection) -> None:
    """Mark the database, in the caller's transaction, so that `purge` cleans the files later."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA user_version={_ERASED}")


def waits_for_readers(connection: Connection) -> bool:
    """Return whether readers kept a purge from finishing."""
    mark = connection.exec_driver_sql("PRAGMA user_version").scalar()
    return mark == _WRITTEN_ANEW


def purge(engine: Engine, wait_ms: int = _WAIT_MS) -> bool:
    """Remove erased content from the files; return whether it succeeded.

    It fails while another connection reads the database as it was before, or writes, or when the
    disk is full: the next purge continues from there.
    """
    try:
        if engine.dialect.name == "sqlite":
            return _purge_file(engine, wait_ms)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for table in (COMMENTS, OPINIONS, OPINION_ANSWERS, JOURNAL_MONTHS):
                connection.exec_driver_sql(f"VACUUM FULL {table.name}")
    except (sqlite3.Error, SQLAlchemyError):
        return False
    return True


def _purge_file(engine: Engine, wait_ms: int) -> bool:
    with contextlib.closing(engine.raw_connection()) as connection:
        cursor = connection.cursor()
        usual = _number(cursor, "PRAGMA busy_timeout")
        cursor.execute(f"PRAGMA busy_timeout={wait_ms}")
        try:
            return _purge(cursor)
        finally:
            cursor.execute(f"PRAGMA busy_timeout={usual}")


def _purge(cursor: DBAPICursor) -> bool:
    if _mark(cursor) == _ERASED:
        cursor.execute("VACUUM")
        _replace(cursor, _ERASED, _WRITTEN_ANEW)
    if _number(cursor, "PRAGMA wal_checkpoint(TRUNCATE)"):  # 1 if readers kept it from finishing
        return False
    _replace(cursor, _WRITTEN_ANEW, _CLEAN)
    return _mark(cursor) == _CLEAN


def _mark(cursor: DBAPICursor) -> int:
    return _number(cursor, "PRAGMA user_version")


def _number(cursor: DBAPICursor, order: str) -> int:
    """Return the first number of SQLite's answer."""
    cursor.execute(order)
    row = cursor.fetchone()
    return int(row[0]) if row else 0


def _replace(cursor: DBAPICursor, before: int, after: int) -> None:
    """Change the mark, unless another process erased something meanwhile."""
    if _mark(cursor) == before:
        cursor.execute("BEGIN IMMEDIATE")
        if _mark(cursor) == before:
            cursor.execute(f"PRAGMA user_version={after}")
        cursor.execute("COMMIT")
