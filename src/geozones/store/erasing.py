"""Erasure of a person's name from everything that they signed, in one transaction."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Column, Connection, Table, select

from geozones.domain.actions import ActionKind
from geozones.store.field_journal import rewrite_months
from geozones.store.permissions import StoreContext
from geozones.store.purge import mark_erased, purge
from geozones.store.tables import COMMENTS, OPINION_ANSWERS, OPINIONS


@dataclass(frozen=True, slots=True)
class Erased:
    """Numbers of comments, opinions and journal rows that bore an erased name."""

    comments: int
    opinions: int
    journal: int


@dataclass(frozen=True, slots=True)
class ErasureStore:
    """Erasure of names from the store."""

    context: StoreContext

    def erase_name(
        self,
        name: str,
        unlink: Callable[[str], tuple[str, int]] | None = None,
        *,
        posts: int = 0,
    ) -> Erased:
        """Erase a name, in any case, from comments, opinions and the journal, for good.

        The log says who erased how many items of which kind, never the name.

        Parameters
        ----------
        unlink
            Returns the rows of a month of the journal without the name, and how many had it.
        posts
            How many posts bear the name: the caller erases it there, the log counts it with the
            rest.
        """
        wanted = name.strip().casefold()
        with self.context.writing() as connection:
            answered = _erase(connection, OPINION_ANSWERS, OPINION_ANSWERS.c.opinion, wanted)
            erased = Erased(
                len(_erase(connection, COMMENTS, COMMENTS.c.id, wanted, origin="")),
                len(answered | _erase(connection, OPINIONS, OPINIONS.c.token, wanted)),
                0 if unlink is None else rewrite_months(connection, unlink),
            )
            if posts or erased.comments or erased.opinions or erased.journal:
                mark_erased(connection)
                self.context.log(
                    connection,
                    ActionKind.ERASED_NAME,
                    comments=erased.comments,
                    opinions=erased.opinions,
                    posts=posts,
                    journal=erased.journal,
                )
        return erased

    def purge(self) -> bool:
        """Remove erased content from the files of SQLite; return whether none of it is left.

        Content is left while another connection reads the database as it was before: the next write
        without such readers removes it, or the next call does.
        """
        return purge(self.context.database.engine)


def _erase(
    connection: Connection, table: Table, key: Column[str], wanted: str, **also: str
) -> set[str]:
    """Erase an author's name from the rows of a table; return the keys of these rows."""
    signed = select(key, table.c.author).where(table.c.author != "").with_for_update()
    rows = connection.execute(signed)
    theirs = [(row[0], row[1]) for row in rows if str(row[1]).casefold() == wanted]
    keys, written = {each[0] for each in theirs}, {each[1] for each in theirs}
    if theirs:
        of_them = table.update().where(key.in_(keys), table.c.author.in_(written))
        connection.execute(of_them.values(author="", **also))
    return keys
