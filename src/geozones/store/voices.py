"""Comments on shared versions: kept beside these, which they never change."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select

from geozones.domain.access import Access
from geozones.domain.actions import Deed
from geozones.domain.links import DeadLinkError, SharedLink
from geozones.domain.voices import (
    MOST,
    PER_ADDRESS,
    PER_LINK,
    WINDOW_MIN,
    About,
    Answer,
    ClosedCommentsError,
    Comment,
    FullVersionError,
    PlaceKind,
    Ruling,
    Treatment,
    UnknownCommentError,
    too_many_everywhere,
    too_many_here,
)
from geozones.store import links, members
from geozones.store.checks import is_id, refuse, text_faults
from geozones.store.hands import HeldStore
from geozones.store.purge import mark_erased, purge
from geozones.store.tables import ANSWERS, COMMENTS, LINKS

_REFUSED = "Ce commentaire ne peut pas être enregistré"
#: Most addresses forgotten with one comment: more than come meanwhile.
_FORGOTTEN = 500
_KINDS = {kind.value: kind for kind in PlaceKind}
_TREATMENTS = {treatment.value: treatment for treatment in Treatment}


class VoiceStore(HeldStore):
    """The part of `Store` that keeps comments."""

    def allow_comments(self, token: str, *, allowed: bool) -> None:
        """Let who opens a link leave comments, or no more."""
        with self._database.writing() as connection:
            link = links.read(connection, token)
            if link is None:
                raise DeadLinkError
            self._require_voices(connection, link.scenario, Access.EDITOR)
            links.allow_comments(connection, token, allowed=allowed)
            self._log(connection, Deed.ALLOWED_COMMENTS, link.scenario, allowed=allowed)

    def leave(self, comment: Comment, origin: str, today: str) -> Comment:
        """Write a comment that came by the link of its version, and return it as it is kept.

        Its time is set here, and its scenario is that of the link.

        Parameters
        ----------
        comment
            As it was left.
        origin
            A print of the address that it came from, kept while comments are counted; empty where
            it is not known.
        today
            The day it is (ISO), for the link.

        Raises
        ------
        DeadLinkError
            If the link shows its version no more.
        ClosedCommentsError, TooManyCommentsError, FullVersionError
            If it takes no comment, or no more for now.
        InputError
            If the comment cannot be kept.
        """
        at = self._clock()
        with self._database.writing() as connection:
            link = _open_link(connection, comment.version, today)
            _count(connection, comment.version, origin, at)
            kept = replace(comment, scenario=link.scenario, at=at)
            refuse(comment_faults(kept), _REFUSED)
            insert(connection, kept, origin)
        return kept

    def comments(self, scenario: str | None = None) -> tuple[Comment, ...]:
        """Return the comments on every version of a scenario, or all, in the order of writing.

        Of all, those on scenarios that are not theirs to read are left out.
        """
        with self._database.reading() as connection:
            if scenario is not None:
                self._require_voices(connection, scenario, Access.READER)
                return read_all(connection, scenario=scenario)
            theirs = members.readable(connection, self._hand)
            every = read_all(connection)
        return tuple(each for each in every if theirs is None or each.scenario in theirs)

    def comments_on(self, version: str) -> tuple[Comment, ...]:
        """Return the comments on a version (its token), in the order of writing."""
        with self._database.reading() as connection:
            return read_all(connection, version=version)

    def answer(self, comment: str, author: str, text: str) -> Comment:
        """Write an answer to a comment (id), and return the latter; raises as `rule`."""
        refuse((*text_faults(author, "author"), *text_faults(text, "text")), _REFUSED)
        with self._database.writing() as connection:
            self._take_comment(connection, comment)
            of_it = ANSWERS.c.comment == comment
            last = connection.execute(select(func.max(ANSWERS.c.position)).where(of_it)).scalar()
            row = {"comment": comment, "position": (last or 0) + 1}
            row |= {"author": author, "text": text, "at": self._clock()}
            connection.execute(ANSWERS.insert(), row)
            return _read(connection, comment)

    def rule(self, comment: str, ruling: Ruling) -> Comment:
        """Write what planners make of a comment (id), dated here, and return it.

        Raises
        ------
        UnknownCommentError
            If there is no such comment.
        InputError
            If something given cannot be kept.
        """
        refuse(
            (*text_faults(ruling.author, "author"), *text_faults(ruling.reason, "reason")), _REFUSED
        )
        values = {
            "treatment": ruling.treatment.value,
            "reason": ruling.reason,
            "ruled_by": ruling.author,
            "ruled_at": self._clock(),
        }
        return self._change_comment(
            comment, values, Deed.RULED_COMMENT, treatment=ruling.treatment.value
        )

    def hide(self, comment: str, reason: str) -> Comment:
        """Hide a comment (id) from who opens the link, or show it again (""); raises as `rule`."""
        refuse(text_faults(reason, "reason"), _REFUSED)
        values = {"hidden": reason}
        return self._change_comment(comment, values, Deed.HID_COMMENT, hidden=bool(reason))

    def erase_commenter(self, comment: str) -> Comment:
        """Erase the name of who left a comment (id), for good; raises as `rule`."""
        changed = self._change_comment(comment, {"author": "", "origin": ""}, Deed.ERASED_NAME)
        purge(self._database.engine)
        return changed

    def _change_comment(
        self,
        comment: str,
        values: dict[str, str],
        deed: Deed,
        **detail: Any,  # noqa: ANN401 - JSON values
    ) -> Comment:
        with self._database.writing() as connection:
            scenario = self._take_comment(connection, comment)
            connection.execute(COMMENTS.update().where(COMMENTS.c.id == comment).values(**values))
            if deed is Deed.ERASED_NAME:
                mark_erased(connection)
            self._log(connection, deed, scenario, comment=comment, **detail)
            return _read(connection, comment)

    def _take_comment(self, connection: Connection, comment: str) -> str:
        """Lock a comment for the transaction, if it is theirs to treat; return its scenario."""
        query = select(COMMENTS.c.scenario).where(COMMENTS.c.id == comment).with_for_update()
        scenario = connection.execute(query).scalar() if is_id(comment) else None
        if scenario is None:
            raise UnknownCommentError
        self._require_voices(connection, str(scenario), Access.EDITOR)
        return str(scenario)


def comment_faults(comment: Comment) -> Iterable[str]:
    """Say what keeps a comment from being kept."""
    for name, value in (("id", comment.id), ("version", comment.version)):
        if not is_id(value):
            yield f"« {name} » n'est pas un code"
    if not is_id(comment.about.id):
        yield "le lieu n'a pas de code"
    texts = {
        "author": comment.author,
        "text": comment.text,
        "place_name": comment.about.name,
        "reason": comment.ruling.reason,
        "hidden": comment.hidden,
    }
    for name, value in texts.items():
        yield from text_faults(value, name)


def insert(connection: Connection, comment: Comment, origin: str = "") -> None:
    """Write a comment that is not there, with its answers."""
    row = {
        "id": comment.id,
        "version": comment.version,
        "scenario": comment.scenario,
        "kind": comment.about.kind.value,
        "place": comment.about.id,
        "place_name": comment.about.name,
        "author": comment.author,
        "text": comment.text,
        "at": comment.at,
        "origin": origin,
        "treatment": comment.ruling.treatment.value,
        "reason": comment.ruling.reason,
        "ruled_by": comment.ruling.author,
        "ruled_at": comment.ruling.at,
        "hidden": comment.hidden,
    }
    connection.execute(COMMENTS.insert(), row)
    answers = [
        {
            "comment": comment.id,
            "position": position,
            "author": answer.author,
            "text": answer.text,
            "at": answer.at,
        }
        for position, answer in enumerate(comment.answers, 1)
    ]
    if answers:
        connection.execute(ANSWERS.insert(), answers)


def read_all(
    connection: Connection, *, scenario: str | None = None, version: str | None = None
) -> tuple[Comment, ...]:
    """Return comments in the order of writing, with their answers."""
    wanted = select(COMMENTS).order_by(COMMENTS.c.at, COMMENTS.c.id)
    answers = select(ANSWERS).order_by(ANSWERS.c.comment, ANSWERS.c.position)
    for column, value in ((COMMENTS.c.scenario, scenario), (COMMENTS.c.version, version)):
        if value is not None:
            wanted = wanted.where(column == value)
            answers = answers.join(COMMENTS, COMMENTS.c.id == ANSWERS.c.comment)
            answers = answers.where(column == value)
    given: dict[str, list[Answer]] = {}
    for row in connection.execute(answers):
        given.setdefault(row.comment, []).append(Answer(row.author, row.text, row.at))
    return tuple(
        replace(_comment(row), answers=tuple(given.get(row.id, ())))
        for row in connection.execute(wanted)
    )


def _comment(row: Row[tuple[str, ...]]) -> Comment:
    """Return the comment of a row; a word that nobody knows stands for the plainest."""
    about = About(_KINDS.get(row.kind, PlaceKind.SECTOR), row.place, row.place_name)
    treatment = _TREATMENTS.get(row.treatment, Treatment.OPEN)
    return Comment(
        row.id,
        row.version,
        row.scenario,
        about,
        row.author,
        row.text,
        row.at,
        Ruling(treatment, row.reason, row.ruled_by, row.ruled_at),
        row.hidden,
    )


def _read(connection: Connection, comment: str) -> Comment:
    row = connection.execute(select(COMMENTS).where(COMMENTS.c.id == comment)).one()
    query = select(ANSWERS).where(ANSWERS.c.comment == comment).order_by(ANSWERS.c.position)
    answers = tuple(Answer(each.author, each.text, each.at) for each in connection.execute(query))
    return replace(_comment(row), answers=answers)


def _open_link(connection: Connection, token: str, today: str) -> SharedLink:
    """Return the link of a version, locked, so that what comes by it is counted one by one."""
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
    """Refuse what is too much for a version; forget the addresses that count no more."""
    since = (datetime.fromisoformat(at) - timedelta(minutes=WINDOW_MIN)).isoformat(
        timespec="milliseconds"
    )
    old = (COMMENTS.c.at < since) & (COMMENTS.c.origin != "")
    # those that another transaction has in hand are its to forget: nobody waits for nobody
    query = select(COMMENTS.c.id).where(old).limit(_FORGOTTEN).with_for_update(skip_locked=True)
    keys = connection.execute(query).scalars().all()
    connection.execute(COMMENTS.update().where(COMMENTS.c.id.in_(keys)).values(origin=""))
    of_it = select(func.count()).where(COMMENTS.c.version == version)
    late = of_it.where(COMMENTS.c.at >= since)
    if origin and _number(connection, late.where(COMMENTS.c.origin == origin)) >= PER_ADDRESS:
        raise too_many_here()
    if _number(connection, late) >= PER_LINK:
        raise too_many_everywhere()
    if _number(connection, of_it) >= MOST:
        raise FullVersionError


def _number(connection: Connection, query: Select[int]) -> int:
    return connection.execute(query).scalar() or 0
