"""Baseline: every table, the indexes, and the triggers that guard the log of actions.

They are written out here, so that the revision stays the same when ``store.tables`` changes. Its id
is that of the last of ten former migrations: a database that had all ten needs none.
"""

from alembic import op

revision = "0010"
down_revision = None
branch_labels = None
depends_on = None

_TABLES = """
CREATE TABLE geozones_scenarios (
    id VARCHAR(100) NOT NULL PRIMARY KEY, name TEXT NOT NULL, description TEXT NOT NULL,
    status TEXT NOT NULL, decisions TEXT NOT NULL, base TEXT NOT NULL, origin TEXT NOT NULL,
    author TEXT NOT NULL, created TEXT NOT NULL, updated TEXT NOT NULL, head VARCHAR(100),
    moves INTEGER NOT NULL, version INTEGER NOT NULL, archived BOOLEAN NOT NULL
);
CREATE TABLE geozones_events (
    scenario VARCHAR(100) NOT NULL,
    position INTEGER NOT NULL, id VARCHAR(100) NOT NULL, parent VARCHAR(100),
    depth INTEGER NOT NULL, kind TEXT NOT NULL, data TEXT NOT NULL, author TEXT NOT NULL,
    at TEXT NOT NULL, why TEXT NOT NULL,
    PRIMARY KEY (scenario, position),
    CONSTRAINT geozones_events_id UNIQUE (scenario, id),
    CONSTRAINT geozones_events_parent FOREIGN KEY (scenario, parent)
        REFERENCES geozones_events (scenario, id) ON DELETE CASCADE,
    FOREIGN KEY (scenario) REFERENCES geozones_scenarios (id) ON DELETE CASCADE
);
CREATE TABLE geozones_frozen (
    token VARCHAR(100) NOT NULL PRIMARY KEY, at TEXT NOT NULL, content TEXT NOT NULL,
    figures TEXT DEFAULT '{}' NOT NULL
);
CREATE TABLE geozones_publications (
    id VARCHAR(100) NOT NULL PRIMARY KEY, position INTEGER NOT NULL, at TEXT NOT NULL,
    effective TEXT NOT NULL, author TEXT NOT NULL, approved_by TEXT NOT NULL,
    reference TEXT NOT NULL, note TEXT NOT NULL, scenario VARCHAR(100) NOT NULL,
    scenario_version INTEGER NOT NULL, frozen VARCHAR(100) NOT NULL, plan TEXT NOT NULL,
    withdraws VARCHAR(100), needs_approval BOOLEAN DEFAULT FALSE NOT NULL,
    figures TEXT DEFAULT '{}' NOT NULL,
    CONSTRAINT geozones_publications_position UNIQUE (position),
    CONSTRAINT geozones_publications_withdraws UNIQUE (withdraws),
    CONSTRAINT geozones_publications_withdrawn FOREIGN KEY (withdraws)
        REFERENCES geozones_publications (id)
);
CREATE TABLE geozones_approvals (
    publication VARCHAR(100) NOT NULL PRIMARY KEY,
    who TEXT NOT NULL, at TEXT NOT NULL,
    FOREIGN KEY (publication) REFERENCES geozones_publications (id)
);
CREATE TABLE geozones_links (
    token VARCHAR(100) NOT NULL PRIMARY KEY, scenario VARCHAR(100) NOT NULL, at TEXT NOT NULL,
    expires TEXT NOT NULL, withdrawn TEXT NOT NULL, comments BOOLEAN DEFAULT FALSE NOT NULL
);
CREATE TABLE geozones_comments (
    id VARCHAR(100) NOT NULL PRIMARY KEY, version VARCHAR(100) NOT NULL,
    scenario VARCHAR(100) NOT NULL, place VARCHAR(100) NOT NULL, kind TEXT NOT NULL,
    place_name TEXT NOT NULL, author TEXT NOT NULL, text TEXT NOT NULL, at TEXT NOT NULL,
    origin TEXT NOT NULL, treatment TEXT NOT NULL, reason TEXT NOT NULL, ruled_by TEXT NOT NULL,
    ruled_at TEXT NOT NULL, hidden TEXT NOT NULL
);
CREATE INDEX ix_geozones_comments_version ON geozones_comments (version);
CREATE INDEX ix_geozones_comments_scenario ON geozones_comments (scenario);
CREATE TABLE geozones_answers (
    comment VARCHAR(100) NOT NULL,
    position INTEGER NOT NULL, author TEXT NOT NULL, text TEXT NOT NULL, at TEXT NOT NULL,
    PRIMARY KEY (comment, position),
    FOREIGN KEY (comment) REFERENCES geozones_comments (id) ON DELETE CASCADE
);
CREATE TABLE geozones_questions (
    version VARCHAR(100) NOT NULL PRIMARY KEY, scenario VARCHAR(100) NOT NULL,
    text TEXT NOT NULL, closes TEXT NOT NULL, author TEXT NOT NULL, at TEXT NOT NULL
);
CREATE INDEX ix_geozones_questions_scenario ON geozones_questions (scenario);
CREATE TABLE geozones_opinions (
    token VARCHAR(100) NOT NULL PRIMARY KEY,
    version VARCHAR(100) NOT NULL,
    lycee VARCHAR(100) NOT NULL, name TEXT NOT NULL, stance TEXT NOT NULL, reason TEXT NOT NULL,
    author TEXT NOT NULL, at TEXT NOT NULL, first_at TEXT NOT NULL,
    CONSTRAINT geozones_opinions_lycee UNIQUE (version, lycee),
    FOREIGN KEY (version) REFERENCES geozones_questions (version) ON DELETE CASCADE
);
CREATE TABLE geozones_opinion_answers (
    opinion VARCHAR(100) NOT NULL,
    position INTEGER NOT NULL, stance TEXT NOT NULL, reason TEXT NOT NULL, author TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (opinion, position),
    FOREIGN KEY (opinion) REFERENCES geozones_opinions (token) ON DELETE CASCADE
);
CREATE TABLE geozones_journal_files (
    id VARCHAR(100) NOT NULL PRIMARY KEY, name TEXT NOT NULL, at TEXT NOT NULL,
    author TEXT NOT NULL, rows INTEGER NOT NULL, first TEXT NOT NULL, last TEXT NOT NULL,
    invented BOOLEAN NOT NULL, report TEXT NOT NULL
);
CREATE TABLE geozones_journal_months (
    file VARCHAR(100) NOT NULL,
    month VARCHAR(7) NOT NULL, content TEXT NOT NULL,
    PRIMARY KEY (file, month),
    FOREIGN KEY (file) REFERENCES geozones_journal_files (id) ON DELETE CASCADE
);
CREATE TABLE geozones_members (
    scenario VARCHAR(100) NOT NULL,
    person VARCHAR(320) NOT NULL, access TEXT NOT NULL,
    PRIMARY KEY (scenario, person),
    FOREIGN KEY (scenario) REFERENCES geozones_scenarios (id) ON DELETE CASCADE
);
CREATE TABLE geozones_presence (
    scenario VARCHAR(100) NOT NULL,
    session VARCHAR(100) NOT NULL, name TEXT NOT NULL, at TEXT NOT NULL,
    PRIMARY KEY (scenario, session),
    FOREIGN KEY (scenario) REFERENCES geozones_scenarios (id) ON DELETE CASCADE
);
CREATE TABLE geozones_actions (
    position INTEGER NOT NULL PRIMARY KEY, at TEXT NOT NULL, who TEXT NOT NULL,
    what TEXT NOT NULL, scenario VARCHAR(100) NOT NULL, name TEXT NOT NULL, detail TEXT NOT NULL,
    seal VARCHAR(64) NOT NULL
);
CREATE INDEX ix_geozones_actions_scenario ON geozones_actions (scenario);
"""
_REFUSED = "geozones_actions: an entry of the log is never changed nor removed"
_REFUSE = f"ON geozones_actions BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END"
_SQLITE = (
    f"CREATE TRIGGER geozones_actions_update BEFORE UPDATE {_REFUSE}",
    f"CREATE TRIGGER geozones_actions_delete BEFORE DELETE {_REFUSE}",
    # INSERT OR REPLACE removes a row without the trigger of DELETE
    """
CREATE TRIGGER geozones_actions_insert BEFORE INSERT ON geozones_actions
WHEN EXISTS (SELECT 1 FROM geozones_actions WHERE position = NEW.position)
BEGIN SELECT RAISE(ABORT, 'geozones_actions: this place of the log is taken'); END
""",
)
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
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    tables = filter(str.strip, _TABLES.split(";\n"))
    for statement in (*tables, *(_SQLITE if is_sqlite else _POSTGRESQL)):
        op.execute(statement)
