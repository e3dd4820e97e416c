"""Rows of answers, in the order of writing: to comments, and by the personal links of opinions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Connection, Select, Table, func, select

from geozones.common.bounds import MAX_INTEGER
from geozones.domain.left_out import LeftOut
from geozones.records import Document, Record
from geozones.records.kinds import ANSWER, OPINION_ANSWER
from geozones.store.tables import ANSWERS, COMMENTS, OPINION_ANSWERS, OPINIONS


@dataclass(frozen=True)
class AnswerRows[T]:
    """Answers to the entries of a parent table.

    Parameters
    ----------
    table
        The table of answers.
    column
        Its column that holds the parent's key.
    parent
        The column of the parent table that this key refers to.
    record
        How an answer is written and read.
    orphan
        Why an answer without its parent cannot be kept, in French.
    """

    table: Table
    column: Column[Any]
    parent: Column[Any]
    record: Record[T]
    orphan: str

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
