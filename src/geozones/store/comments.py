"""Comments on shared versions: stored beside the versions, which they never change."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, func, select

from geozones.common.bounds import MAX_INTEGER, is_id
from geozones.domain.access import Access
from geozones.domain.actions import ActionKind
from geozones.domain.comments import (
    MAX_COMMENTS_PER_VERSION,
    PER_ADDRESS,
    PER_LINK,
    WINDOW_MIN,
    ClosedCommentsError,
    Comment,
    CommentAnswer,
    FullVersionError,
    Ruling,
    UnknownCommentError,
    too_many_by_link,
    too_many_from_address,
)
from geozones.domain.left_out import LeftOut
from geozones.domain.links import DeadLinkError, SharedLink
from geozones.records import Document, Reading
from geozones.records.kinds import ANSWER, COMMENT
from geozones.records.record import Row
from geozones.store import links, members
from geozones.store.checks import refusing
from geozones.store.permissions import HeldStore
from geozones.store.purge import mark_erased, purge
from geozones.store.tables import ANSWERS, COMMENTS, LINKS

_REFUSED = "Ce commentaire ne peut pas être enregistré"
#: Most addresses erased with each new comment: more than arrive between two comments.
_FORGOTTEN = 500


class VoiceStore(HeldStore):
    """Part of `Store` that keeps comments."""

    def allow_comments(self, token: str, *, allowed: bool) -> None:
        """Allow or forbid comments by the readers of a link."""
        with self._database.writing() as connection:
            link = links.read(connection, token)
            if link is None:
                raise DeadLinkError
            self._require_voices(connection, link.scenario, Access.EDITOR)
            links.allow_comments(connection, token, allowed=allowed)
            self._log(connection, ActionKind.ALLOWED_COMMENTS, link.scenario, allowed=allowed)

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

        Raises
        ------
        DeadLinkError
            If the link no longer works.
        ClosedCommentsError, TooManyCommentsError, FullVersionError
            If the version takes no comments, or no more for now.
        InputError
            If the comment cannot be stored.
        """
        at = self._clock()
        with self._database.writing() as connection:
            link = _open_link(connection, comment.version, today)
            _count(connection, comment.version, origin, at)
            kept = replace(comment, scenario=link.scenario, at=at)
            with refusing(_REFUSED):
                COMMENT.checked(kept)
            insert(connection, kept, origin)
        return kept

    def comments(self, scenario: str | None = None) -> tuple[Comment, ...]:
        """Return the comments on every version of a scenario, or all, in the order of writing.

        The full list leaves out scenarios that the caller may not read.
        """
        with self._database.reading() as connection:
            if scenario is not None:
                self._require_voices(connection, scenario, Access.READER)
                return tuple(read_all(connection, scenario=scenario).values)
            theirs = members.readable(connection, self._hand)
            every = read_all(connection).values
        return tuple(each for each in every if theirs is None or each.scenario in theirs)

    def comments_on(self, version: str) -> tuple[Comment, ...]:
        """Return the comments on a version (its token), in the order of writing."""
        with self._database.reading() as connection:
            return tuple(read_all(connection, version=version).values)

    def answer(self, comment: str, author: str, text: str) -> Comment:
        """Write an answer to a comment (id), and return the comment; raise as `rule`."""
        given = CommentAnswer(author, text, self._clock())
        with refusing(_REFUSED):
            ANSWER.checked(given)
        with self._database.writing() as connection:
            self._take_comment(connection, comment)
            of_it = ANSWERS.c.comment == comment
            sound = ANSWERS.c.position.between(0, MAX_INTEGER - 1)
            query = select(func.max(ANSWERS.c.position)).where(of_it, sound)
            last = connection.execute(query).scalar() or 0
            row = ANSWER.to_row(given) | {"comment": comment, "position": last + 1}
            connection.execute(ANSWERS.insert(), row)
            return _read(connection, comment)

    def rule(self, comment: str, ruling: Ruling) -> Comment:
        """Write the planners' ruling on a comment (id), dated now, and return the comment.

        Raises
        ------
        UnknownCommentError
            If there is no such comment.
        InputError
            If a value cannot be stored.
        """
        dated = replace(ruling, at=self._clock())
        return self._change_comment(
            comment, {"ruling": dated}, ActionKind.RULED_COMMENT, treatment=ruling.treatment.value
        )

    def hide(self, comment: str, reason: str) -> Comment:
        """Hide a comment (id) from readers of the link, or show it again (""); raise as `rule`."""
        return self._change_comment(
            comment, {"hidden": reason}, ActionKind.HID_COMMENT, hidden=bool(reason)
        )

    def erase_commenter(self, comment: str) -> Comment:
        """Erase the name of a comment's author (id), for good; raise as `rule`."""
        changed = self._change_comment(comment, {"author": ""}, ActionKind.ERASED_NAME, origin="")
        purge(self._database.engine)
        return changed

    def _change_comment(
        self,
        comment: str,
        fields: dict[str, Any],
        deed: ActionKind,
        *,
        origin: str | None = None,
        **detail: Any,  # noqa: ANN401 - JSON values
    ) -> Comment:
        with self._database.writing() as connection:
            scenario = self._take_comment(connection, comment)
            changed = replace(_read(connection, comment), **fields)
            with refusing(_REFUSED):
                COMMENT.checked(changed)
            row = COMMENT.to_row(changed) | ({} if origin is None else {"origin": origin})
            connection.execute(COMMENTS.update().where(COMMENTS.c.id == comment).values(**row))
            if deed is ActionKind.ERASED_NAME:
                mark_erased(connection)
            self._log(connection, deed, scenario, comment=comment, **detail)
            return changed

    def _take_comment(self, connection: Connection, comment: str) -> str:
        """Lock a comment, after checking the caller's permission; return its scenario."""
        query = select(COMMENTS.c.scenario).where(COMMENTS.c.id == comment).with_for_update()
        scenario = connection.execute(query).scalar() if is_id(comment) else None
        if scenario is None:
            raise UnknownCommentError
        self._require_voices(connection, str(scenario), Access.EDITOR)
        return str(scenario)


def insert(connection: Connection, comment: Comment, origin: str = "") -> None:
    """Insert a comment that the table does not hold, with its answers."""
    connection.execute(COMMENTS.insert(), COMMENT.to_row(comment) | {"origin": origin})
    answers = [
        ANSWER.to_row(answer) | {"comment": comment.id, "position": position}
        for position, answer in enumerate(comment.answers, 1)
    ]
    if answers:
        connection.execute(ANSWERS.insert(), answers)


def read_all(
    connection: Connection, *, scenario: str | None = None, version: str | None = None
) -> Reading[Comment]:
    """Read comments in the order of writing, with their answers."""
    wanted = select(COMMENTS).order_by(COMMENTS.c.at, COMMENTS.c.id)
    answers = select(ANSWERS).order_by(ANSWERS.c.comment, ANSWERS.c.position)
    for column, value in ((COMMENTS.c.scenario, scenario), (COMMENTS.c.version, version)):
        if value is not None:
            wanted = wanted.where(column == value)
            answers = answers.join(COMMENTS, COMMENTS.c.id == ANSWERS.c.comment)
            answers = answers.where(column == value)
    given, left_out = _answers(connection.execute(answers).mappings())
    reading = COMMENT.read_rows(
        connection.execute(wanted).mappings(), lambda row: {"answers": given.get(row["id"], [])}
    )
    reading.left_out += left_out
    return reading


def orphans(connection: Connection) -> tuple[LeftOut, ...]:
    """Return notices of answers without their comment, which only a damaged file has."""
    query = select(ANSWERS).where(ANSWERS.c.comment.not_in(select(COMMENTS.c.id)))
    reason = "le commentaire auquel elle répond n'existe pas"
    return tuple(ANSWER.left_out(row, reason) for row in connection.execute(query).mappings())


def _answers(rows: Iterable[Row]) -> tuple[dict[str, list[Document]], list[LeftOut]]:
    """Return the answers of each comment (id) as JSON, and notices of unreadable answers."""
    given: dict[str, list[Document]] = {}
    left_out: list[LeftOut] = []
    for row in rows:
        reading = ANSWER.read_rows([row])
        left_out += reading.left_out
        given.setdefault(row["comment"], []).extend(map(ANSWER.to_json, reading.values))
    return given, left_out


def _read(connection: Connection, comment: str) -> Comment:
    """Read a stored comment; raise ``UnknownCommentError`` if it is damaged."""
    row = connection.execute(select(COMMENTS).where(COMMENTS.c.id == comment)).mappings().one()
    query = select(ANSWERS).where(ANSWERS.c.comment == comment).order_by(ANSWERS.c.position)
    given, _ = _answers(connection.execute(query).mappings())
    reading = COMMENT.read_rows([row], lambda _: {"answers": given.get(comment, [])})
    if not reading.values:
        raise UnknownCommentError
    return reading.values[0]


def _open_link(connection: Connection, token: str, today: str) -> SharedLink:
    """Return the link of a version, locked, so that what arrives by it is counted one by one."""
    if not is_id(token):
        raise DeadLinkError
    connection.execute(select(LINKS.c.token).where(LINKS.c.token == token).with_for_update())
    link = links.read(connection, token)
    if link is None:
        raise DeadLinkError
    if not link.is_open(today):
        raise DeadLinkError(link)
    if not link.comments:
        raise ClosedCommentsError
    return link


def _count(connection: Connection, version: str, origin: str, at: str) -> None:
    """Raise if a version gets too many comments; erase addresses that no longer count."""
    since = (datetime.fromisoformat(at) - timedelta(minutes=WINDOW_MIN)).isoformat(
        timespec="milliseconds"
    )
    old = (COMMENTS.c.at < since) & (COMMENTS.c.origin != "")
    # skip rows locked by another transaction, which erases them itself
    query = select(COMMENTS.c.id).where(old).limit(_FORGOTTEN).with_for_update(skip_locked=True)
    keys = connection.execute(query).scalars().all()
    connection.execute(COMMENTS.update().where(COMMENTS.c.id.in_(keys)).values(origin=""))
    of_it = select(func.count()).where(COMMENTS.c.version == version)
    late = of_it.where(COMMENTS.c.at >= since)
    if origin and _number(connection, late.where(COMMENTS.c.origin == origin)) >= PER_ADDRESS:
        raise too_many_from_address()
    if _number(connection, late) >= PER_LINK:
        raise too_many_by_link()
    if _number(connection, of_it) >= MAX_COMMENTS_PER_VERSION:
        raise FullVersionError


def _number(connection: Connection, query: Select[int]) -> int:
    return connection.execute(query).scalar() or 0
