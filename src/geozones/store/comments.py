"""Comments on shared versions, stored beside them, and the answers to comments and opinions."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, Connection, Select, Table, func, select

from geozones.common.bounds import MAX_INTEGER, is_id
from geozones.domain.access import Access, ActionKind
from geozones.domain.comments import (
    MAX_COMMENTS_PER_VERSION,
    PER_ADDRESS,
    PER_LINK,
    WINDOW_MIN,
    Comment,
    CommentAnswer,
    FullVersionError,
    Ruling,
    UnknownCommentError,
    too_many_by_link,
    too_many_from_address,
)
from geozones.domain.errors import LeftOut
from geozones.records import Document, Reading, Record
from geozones.records.kinds import ANSWER, COMMENT, OPINION_ANSWER
from geozones.store import versions
from geozones.store.database import refusing
from geozones.store.permissions import StoreContext
from geozones.store.tables import ANSWERS, COMMENTS, OPINION_ANSWERS, OPINIONS, mark_erased, purge


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


_REFUSED = "Ce commentaire ne peut pas être enregistré"
#: Most addresses erased with each new comment: more than arrive between two comments.
_FORGOTTEN = 500


@dataclass(frozen=True, slots=True)
class CommentStore:
    """Comments of the store."""

    context: StoreContext

    def leave(self, comment: Comment, origin: str, today: str) -> Comment:
        """Write a comment that came by the link of its version, and return it as stored.

        This sets its time, and its scenario from the link.

        Parameters
        ----------
        comment
            The comment as its author sent it.
        origin
            A digest of the sender's address, stored while comments are counted; empty if
            unknown.
        today
            Today (ISO), to check that the link works.
        """
        with self.context.writing() as connection:
            link = versions.lock_for_comments(connection, comment.version, today)
            at = self.context.now()  # past the lock: no comment already written is later
            _count(connection, comment.version, origin, at)
            kept = replace(comment, scenario=link.scenario, at=at)
            with refusing(_REFUSED):
                COMMENT.checked(kept)
            insert(connection, kept, origin)
        return kept

    def list(self, scenario: str | None = None) -> tuple[Comment, ...]:
        """Return the comments on every version of a scenario, or all, in the order of writing.

        The full list leaves out scenarios that the caller may not read.
        """
        return self.context.read_visible(read_all, scenario)

    def on_version(self, version: str) -> tuple[Comment, ...]:
        """Return the comments on a version (its token), in the order of writing."""
        with self.context.reading() as connection:
            return tuple(read_all(connection, version=version).values)

    def answer(self, comment: str, author: str, text: str) -> Comment:
        """Write an answer to a comment (id), and return the comment; raise as `rule`."""
        given = CommentAnswer(author, text, self.context.now())
        with refusing(_REFUSED):
            ANSWER.checked(given)
        with self.context.writing() as connection:
            self._lock(connection, comment)
            COMMENT_ANSWERS.append(connection, comment, [given])
            return _read(connection, comment)

    def rule(self, comment: str, ruling: Ruling) -> Comment:
        """Write the planners' ruling on a comment (id), dated now, and return the comment."""
        dated = replace(ruling, at=self.context.now())
        return self._change(
            comment, {"ruling": dated}, ActionKind.RULED_COMMENT, treatment=ruling.treatment.value
        )

    def hide(self, comment: str, reason: str) -> Comment:
        """Hide a comment (id) from readers of the link, or show it again (""); raise as `rule`."""
        return self._change(
            comment, {"hidden": reason}, ActionKind.HID_COMMENT, hidden=bool(reason)
        )

    def erase_author(self, comment: str) -> Comment:
        """Erase the name of a comment's author (id), for good; raise as `rule`."""
        changed = self._change(comment, {"author": ""}, ActionKind.ERASED_NAME, origin="")
        purge(self.context.database.engine)
        return changed

    def _change(
        self,
        comment: str,
        fields: dict[str, Any],
        kind: ActionKind,
        *,
        origin: str | None = None,
        **detail: Any,  # noqa: ANN401 - JSON values
    ) -> Comment:
        with self.context.writing() as connection:
            scenario = self._lock(connection, comment)
            changed = replace(_read(connection, comment), **fields)
            with refusing(_REFUSED):
                COMMENT.checked(changed)
            row = COMMENT.to_row(changed) | ({} if origin is None else {"origin": origin})
            connection.execute(COMMENTS.update().where(COMMENTS.c.id == comment).values(**row))
            if kind is ActionKind.ERASED_NAME:
                mark_erased(connection)
            self.context.log(connection, kind, scenario, comment=comment, **detail)
            return changed

    def _lock(self, connection: Connection, comment: str) -> str:
        """Lock a comment, after checking the caller's permission; return its scenario."""
        query = select(COMMENTS.c.scenario).where(COMMENTS.c.id == comment).with_for_update()
        scenario = connection.execute(query).scalar() if is_id(comment) else None
        if scenario is None:
            raise UnknownCommentError
        self.context.require_unless_deleted(connection, str(scenario), Access.EDITOR)
        return str(scenario)


def insert(connection: Connection, comment: Comment, origin: str = "") -> None:
    """Insert a comment that the table does not hold, with its answers."""
    connection.execute(COMMENTS.insert(), COMMENT.to_row(comment) | {"origin": origin})
    COMMENT_ANSWERS.insert(connection, comment.id, comment.answers)


def read_all(
    connection: Connection, scenario: str | None = None, *, version: str | None = None
) -> Reading[Comment]:
    """Read comments in the order of writing, with their answers."""
    wanted, keys = select(COMMENTS).order_by(COMMENTS.c.at, COMMENTS.c.id), None
    for column, value in ((COMMENTS.c.scenario, scenario), (COMMENTS.c.version, version)):
        if value is not None:
            wanted = wanted.where(column == value)
            keys = select(COMMENTS.c.id).where(column == value)
    given, left_out = COMMENT_ANSWERS.read(connection, keys)
    reading = COMMENT.read_rows(
        connection.execute(wanted).mappings(), lambda row: {"answers": given.get(row["id"], [])}
    )
    reading.left_out += left_out
    return reading


def _read(connection: Connection, comment: str) -> Comment:
    """Read a stored comment; raise ``UnknownCommentError`` if it is damaged."""
    row = connection.execute(select(COMMENTS).where(COMMENTS.c.id == comment)).mappings().one()
    given, _ = COMMENT_ANSWERS.read(connection, [comment])
    reading = COMMENT.read_rows([row], lambda _: {"answers": given.get(comment, [])})
    if not reading.values:
        raise UnknownCommentError
    return reading.values[0]


def _count(connection: Connection, version: str, origin: str, at: str) -> None:
    """Raise ``TooManyCommentsError`` or ``FullVersionError`` at a limit; erase old digests."""
    since = (datetime.fromisoformat(at) - timedelta(minutes=WINDOW_MIN)).isoformat(
        timespec="milliseconds"
    )
    recent = COMMENTS.c.at.between(since, at)  # a later one comes from a clock that was set back
    old = ~recent & (COMMENTS.c.origin != "")
    # skip rows locked by another transaction, which erases them itself
    query = select(COMMENTS.c.id).where(old).limit(_FORGOTTEN).with_for_update(skip_locked=True)
    keys = connection.execute(query).scalars().all()
    connection.execute(COMMENTS.update().where(COMMENTS.c.id.in_(keys)).values(origin=""))
    of_version = select(func.count()).where(COMMENTS.c.version == version)
    late = of_version.where(recent)
    if origin and _number(connection, late.where(COMMENTS.c.origin == origin)) >= PER_ADDRESS:
        raise too_many_from_address()
    if _number(connection, late) >= PER_LINK:
        raise too_many_by_link()
    if _number(connection, of_version) >= MAX_COMMENTS_PER_VERSION:
        raise FullVersionError


def _number(connection: Connection, query: Select[int]) -> int:
    return connection.execute(query).scalar() or 0
