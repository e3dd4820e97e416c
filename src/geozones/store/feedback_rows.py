"""Rows of comments, questions and opinions, read and inserted inside the caller's transaction.

They stay in the store, with their tables, because a backup that holds them is written and restored
whole, with and without the feature `comments`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Connection, Select, Table, func, select

from geozones.common.bounds import MAX_INTEGER, is_id
from geozones.domain.comments import Comment, Opinion, Question
from geozones.domain.errors import LeftOut
from geozones.records import Document, Reading, Record
from geozones.records.kinds import ANSWER, COMMENT, OPINION, OPINION_ANSWER, QUESTION, Row
from geozones.store.tables import ANSWERS, COMMENTS, OPINION_ANSWERS, OPINIONS, QUESTIONS


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
