"""Rows of what features store: comments, opinions, journals of an experiment, publications.

They stay in the store, with their tables, because a backup that holds them is written and restored
whole, with and without the feature. Each function works inside the caller's transaction. A
publication, by which a plan is in force, is never changed, nor is the approval of a version.
Journals are kept by file and month, so that old months can be deleted: the feature `experiment`
deletes files, upkeep forgets old months and erases names.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Connection, Select, Table, func, select

from geozones.common.bounds import MAX_INTEGER, is_id
from geozones.domain import Publication
from geozones.domain.comments import Comment, Opinion, Question
from geozones.domain.errors import LeftOut
from geozones.domain.field_journal import JournalFile, JournalMonth
from geozones.domain.publications import Approval
from geozones.records import Document, Reading, Record
from geozones.records.kinds import (
    ANSWER,
    APPROVAL,
    COMMENT,
    JOURNAL_FILE,
    JOURNAL_MONTH,
    OPINION,
    OPINION_ANSWER,
    PUBLICATION,
    QUESTION,
    Row,
)
from geozones.store.tables import (
    ANSWERS,
    APPROVALS,
    COMMENTS,
    JOURNAL_FILES,
    JOURNAL_MONTHS,
    OPINION_ANSWERS,
    OPINIONS,
    PUBLICATIONS,
    QUESTIONS,
)


@dataclass(frozen=True)
class AnswerRows[T]:
    """Answers to the entries of a parent table."""

    table: Table  # The table of answers.
    column: Column[Any]  # Its column that holds the parent's key.
    parent: Column[Any]  # The column of the parent table that this key refers to.
    record: Record[T]  # How an answer is written and read.
    orphan: str  # Why an answer without its parent cannot be kept, in French.

    def insert(
        self, connection: Connection, parent: str, answers: Sequence[T], after: int = 0
    ) -> None:
        """Insert answers that the table does not hold, after a position."""
        rows = [
            self.record.to_row(answer) | {self.column.name: parent, "position": position}
            for position, answer in enumerate(answers, after + 1)
        ]
        if rows:
            connection.execute(self.table.insert(), rows)

    def append(self, connection: Connection, parent: str, answers: Sequence[T]) -> None:
        """Insert answers after the last one of their parent."""
        # a damaged position must not stop the next answer
        sound = self.table.c.position.between(0, MAX_INTEGER - 1)
        last = select(func.max(self.table.c.position)).where(self.column == parent, sound)
        self.insert(connection, parent, answers, connection.execute(last).scalar() or 0)

    def read(
        self, connection: Connection, parents: "Select[Any] | Sequence[str] | None" = None
    ) -> tuple[dict[str, list[Document]], list[LeftOut]]:
        """Return the answers as JSON by parent, of some parents or all, and unreadable ones."""
        query = select(self.table).order_by(self.column, self.table.c.position)
        if parents is not None:
            query = query.where(self.column.in_(parents))
        given: dict[str, list[Document]] = {}
        left_out: list[LeftOut] = []
        for row in connection.execute(query).mappings():
            reading = self.record.read_rows([row])
            left_out += reading.left_out
            given.setdefault(row[self.column.name], []).extend(
                map(self.record.to_json, reading.values)
            )
        return given, left_out

    def orphans(self, connection: Connection) -> tuple[LeftOut, ...]:
        """Return notices of answers without their parent, which only a damaged file has."""
        query = select(self.table).where(self.column.not_in(select(self.parent)))
        rows = connection.execute(query).mappings()
        return tuple(self.record.left_out(row, self.orphan) for row in rows)


COMMENT_ANSWERS = AnswerRows(
    ANSWERS,
    ANSWERS.c.comment,
    COMMENTS.c.id,
    ANSWER,
    "le commentaire auquel elle répond n'existe pas",
)
EARLIER_ANSWERS = AnswerRows(
    OPINION_ANSWERS,
    OPINION_ANSWERS.c.opinion,
    OPINIONS.c.token,
    OPINION_ANSWER,
    "le lien personnel par lequel elle est venue n'existe pas",
)


def insert_comment(connection: Connection, comment: Comment, origin: str = "") -> None:
    """Insert a comment that the table does not hold, with its answers."""
    connection.execute(COMMENTS.insert(), COMMENT.to_row(comment) | {"origin": origin})
    COMMENT_ANSWERS.insert(connection, comment.id, comment.answers)


def read_comments(
    connection: Connection, scenario: str | None = None, **only: str
) -> Reading[Comment]:
    """Read comments in the order of writing, with their answers.

    ``only`` holds the values of columns: ``version``, the token of a version, or ``id``.
    """
    wanted, keys = select(COMMENTS).order_by(COMMENTS.c.at, COMMENTS.c.id), None
    for name, value in (only if scenario is None else {"scenario": scenario}).items():
        wanted = wanted.where(COMMENTS.c[name] == value)
        keys = select(COMMENTS.c.id).where(COMMENTS.c[name] == value)
    given, left_out = COMMENT_ANSWERS.read(connection, keys)
    reading = COMMENT.read_rows(
        connection.execute(wanted).mappings(), lambda row: {"answers": given.get(row["id"], [])}
    )
    reading.left_out += left_out
    return reading


def write_question(connection: Connection, question: Question) -> None:
    """Write a question, replacing the question of its version, if any."""
    values = QUESTION.to_row(question)
    of_it = QUESTIONS.c.version == question.version
    if connection.execute(QUESTIONS.update().where(of_it).values(**values)).rowcount == 0:
        connection.execute(QUESTIONS.insert(), values)


def insert_opinions(connection: Connection, opinions: Sequence[Opinion]) -> None:
    """Insert personal links that the table does not hold, with their answers."""
    if opinions:
        rows = [OPINION.to_row(OPINION.checked(opinion)) for opinion in opinions]
        connection.execute(OPINIONS.insert(), rows)
    for opinion in opinions:
        EARLIER_ANSWERS.insert(connection, opinion.token, opinion.earlier)


def read_questions(
    connection: Connection, scenario: str | None = None, *, version: str | None = None
) -> Reading[Question]:
    """Read the questions on the versions of a scenario, on one version, or all; newest first."""
    query = select(QUESTIONS).order_by(QUESTIONS.c.at.desc(), QUESTIONS.c.version)
    for column, value in ((QUESTIONS.c.scenario, scenario), (QUESTIONS.c.version, version)):
        if value is not None:
            query = query.where(column == value)
    return QUESTION.read_rows(connection.execute(query).mappings())


def read_opinions(connection: Connection, version: str | None = None) -> Reading[Opinion]:
    """Read the personal links on a version, or all links, by name of lycée."""
    query = select(OPINIONS)
    if version is not None:
        query = query.where(OPINIONS.c.version == version)
    reading = with_answers(connection, connection.execute(query).mappings())
    reading.values.sort(key=lambda each: (each.version, each.name.casefold(), each.lycee))
    return reading


def read_opinions_of(connection: Connection, scenario: str) -> Reading[Opinion]:
    """Read the personal links on every version of a scenario."""
    versions = select(QUESTIONS.c.version).where(QUESTIONS.c.scenario == scenario)
    query = select(OPINIONS).where(OPINIONS.c.version.in_(versions))
    return with_answers(connection, connection.execute(query).mappings())


def with_answers(connection: Connection, rows: Iterable[Row]) -> Reading[Opinion]:
    """Read opinions with their earlier answers."""
    listed = list(rows)
    tokens = [row["token"] for row in listed if is_id(row["token"])]
    given, left_out = EARLIER_ANSWERS.read(connection, tokens)
    found = OPINION.read_rows(listed, lambda row: {"earlier": given.get(row["token"], [])})
    found.left_out += left_out
    return found


def read_files(connection: Connection) -> Reading[JournalFile]:
    """Read the journal files, by id."""
    query = select(JOURNAL_FILES).order_by(JOURNAL_FILES.c.id)
    return JOURNAL_FILE.read_rows(connection.execute(query).mappings())


def read_months(connection: Connection) -> Reading[JournalMonth]:
    """Read the rows of files, by file and month."""
    query = select(JOURNAL_MONTHS).order_by(JOURNAL_MONTHS.c.file, JOURNAL_MONTHS.c.month)
    return JOURNAL_MONTH.read_rows(connection.execute(query).mappings())


def read_contents(connection: Connection) -> tuple[str, ...]:
    """Read the rows of the journal: one JSON text for each file and month."""
    query = select(JOURNAL_MONTHS.c.content).order_by(JOURNAL_MONTHS.c.month, JOURNAL_MONTHS.c.file)
    return tuple(connection.execute(query).scalars())


def insert_file(connection: Connection, file: JournalFile) -> None:
    """Insert a file that the table does not hold."""
    connection.execute(JOURNAL_FILES.insert(), JOURNAL_FILE.to_row(file))


def insert_months(connection: Connection, months: Sequence[JournalMonth]) -> None:
    """Insert months that the table does not hold, of files that it does."""
    if months:
        connection.execute(JOURNAL_MONTHS.insert(), list(map(JOURNAL_MONTH.to_row, months)))


def oldest_month(connection: Connection) -> str | None:
    """Return the oldest month of the journal (``2026-03``); ``None`` for an empty journal."""
    oldest: str | None = connection.execute(select(func.min(JOURNAL_MONTHS.c.month))).scalar()
    return oldest


def read_approvals(connection: Connection) -> Reading[Approval]:
    """Read the second approvals, oldest first."""
    query = select(APPROVALS).order_by(APPROVALS.c.at, APPROVALS.c.publication)
    return APPROVAL.read_rows(connection.execute(query).mappings())


def write_missing_approvals(connection: Connection, approvals: Iterable[Approval]) -> None:
    """Insert the approvals of a backup that are missing, where their publication exists."""
    held = set(connection.execute(select(APPROVALS.c.publication)).scalars())
    known = set(connection.execute(select(PUBLICATIONS.c.id)).scalars())
    for entry in approvals:
        if entry.publication in known - held:
            connection.execute(APPROVALS.insert(), APPROVAL.to_row(APPROVAL.checked(entry)))


def insert_publication(connection: Connection, publication: Publication) -> None:
    """Insert a valid publication."""
    connection.execute(PUBLICATIONS.insert(), PUBLICATION.to_row(publication))


def read_publications(connection: Connection) -> Reading[Publication]:
    """Read every publication, in the order of writing."""
    rows = connection.execute(select(PUBLICATIONS).order_by(PUBLICATIONS.c.position)).mappings()
    return PUBLICATION.read_rows(rows)


def never_approved(
    connection: Connection, publications: Iterable[Publication]
) -> tuple[Publication, ...]:
    """Return the publications that waited for a second approval in an earlier version.

    They were never in force; the database and backups keep their rows.
    """
    listed = tuple(publications)
    settled = {entry.publication for entry in read_approvals(connection).values}
    settled |= {entry.withdraws for entry in listed if entry.withdraws is not None}
    return tuple(entry for entry in listed if entry.needs_approval and entry.id not in settled)


def fingerprint(connection: Connection) -> str:
    """Return a key of the last publication or withdrawal; "" without any.

    As stored publications never change, the same key means the same publications.
    """
    last = select(PUBLICATIONS.c.id).order_by(PUBLICATIONS.c.position.desc()).limit(1)
    return connection.execute(last).scalar() or ""


def write_missing_publications(
    connection: Connection, publications: Sequence[Publication]
) -> tuple[int, list[LeftOut]]:
    """Insert missing publications; return their number, or notices of all if one is refused.

    Each keeps its position, as the order of writing settles which plan is in force: inserting only
    a part of them between the publications of someone else would put in force a plan that nobody
    chose.
    """
    columns = (PUBLICATIONS.c.id, PUBLICATIONS.c.position, PUBLICATIONS.c.withdraws)
    stored = connection.execute(select(*columns)).all()
    known = read_publications(connection).values
    missing = [entry for entry in publications if entry not in known]
    ids, positions, withdrawn = ({row[rank] for row in stored} for rank in range(3))
    if any(
        entry.id in ids
        or entry.position in positions
        or (entry.withdraws is not None and entry.withdraws in withdrawn)
        for entry in missing
    ):
        reason = "d'autres publications ont été faites ici : restaurez dans une base neuve"
        return 0, [PUBLICATION.left_out(PUBLICATION.to_json(each), reason) for each in missing]
    for entry in sorted(missing, key=lambda entry: entry.position):
        insert_publication(connection, entry)
    return len(missing), []
