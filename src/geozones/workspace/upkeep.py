"""Upkeep of stored data: nightly maintenance, and erasure of a person's name (RGPD, article 17).

The journal of an experiment is forgotten month by month, and its names are erased, with and without
the feature that keeps it; the pseudonyms of its technicians are made here for both.
"""

import hashlib
import hmac
import json
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING

from sqlalchemy import Column, Connection, Table, delete, select, update

from geozones.common.errors import InputError
from geozones.common.files import home_folder, ordinary, secret_key, write_atomically
from geozones.common.french import compared_name, listing, plural
from geozones.domain.access import ActionKind
from geozones.domain.field_journal import readable_months
from geozones.store import feature_rows
from geozones.store.tables import (
    COMMENTS,
    JOURNAL_FILES,
    JOURNAL_MONTHS,
    OPINION_ANSWERS,
    OPINIONS,
    mark_erased,
    purge,
)
from geozones.workspace.roles import Actor, Role, needs

if TYPE_CHECKING:
    from geozones.store import Store


#: Months that a row of the journal is kept after its day: the experiment, and the year after it.
KEPT_MONTHS = 24
#: Prefix of a pseudonym, which distinguishes it from a name.
PSEUDONYM = "tip-"
_KEY_FILE = "journal.key"


def oldest_day(today: date) -> date:
    """Return the first day whose rows are kept: the first of the month, `KEPT_MONTHS` ago."""
    months = today.year * 12 + today.month - 1 - KEPT_MONTHS
    return date(months // 12, months % 12 + 1, 1)


def first_month_kept(today: date) -> str:
    """Return the month of `oldest_day` (``2026-03``)."""
    return oldest_day(today).isoformat()[:7]


def pseudonyms() -> Callable[[str], str]:
    """Return a function from a name to its pseudonym, the same for all files read here.

    A pseudonym is the beginning of an HMAC-SHA-256 under a secret of this installation, which is in
    no database, backup or export: without the secret nobody can recover a name, even by trying all
    names.
    """
    secret = _secret()
    return lambda name: _pseudonym(secret, compared_name(name))


def keys_of(name: str, known: Iterable[str]) -> list[str]:
    """Return the known keys that are a technician's pseudonym, or their name as stored.

    Pseudonyms of earlier versions depended on the apostrophe and on the encoding of accents.
    """
    secret, wanted = _secret(), compared_name(name)
    theirs = {
        _pseudonym(secret, unicodedata.normalize(form, wanted.replace("'", apostrophe)))
        for form in ("NFC", "NFD")
        for apostrophe in "'’"
    }
    return [key for key in known if key in theirs or compared_name(key) == wanted]


def _secret() -> bytes:
    return secret_key(home_folder() / _KEY_FILE, "Le secret des pseudonymes")


def _pseudonym(secret: bytes, name: str) -> str:
    return f"{PSEUDONYM}{hmac.new(secret, name.encode(), hashlib.sha256).hexdigest()[:12]}"


@dataclass(frozen=True, slots=True)
class Night:
    """Result of a nightly run."""

    #: The month of the journal that was deleted (``2026-03``); ``None`` for none.
    forgotten: str | None
    purged: bool  # Whether no trace of erased content remains in the database files.


@needs(Role.ADMINISTRATOR)
def run_nightly(opener: "Callable[[], Store]", actor: Actor, today: date) -> Night:
    """Forget the oldest month of the journal if it is too old, then purge erased content.

    At most one month: a clock that is wrong by years costs one month a night.
    """
    context = opener().by(actor.caller).context
    with context.writing() as connection:
        forgotten = feature_rows.oldest_month(connection)
        if forgotten is not None and forgotten >= first_month_kept(today):
            forgotten = None
        of_it = delete(JOURNAL_MONTHS).where(JOURNAL_MONTHS.c.month == forgotten)
        if forgotten is not None and not connection.execute(of_it).rowcount:
            forgotten = None  # someone else has just done it
        if forgotten is not None:
            left = select(JOURNAL_MONTHS.c.file)
            connection.execute(delete(JOURNAL_FILES).where(JOURNAL_FILES.c.id.not_in(left)))
            first = f"{_next_month(forgotten)}-01"
            late = JOURNAL_FILES.c.first < first
            connection.execute(update(JOURNAL_FILES).where(late).values(first=first))
            mark_erased(connection)
            context.log(connection, ActionKind.FORGOT, month=forgotten)
    return Night(forgotten, purge(context.database.engine))


def _next_month(month: str) -> str:
    year, number = int(month[:4]), int(month[5:])
    return f"{year + number // 12:04}-{number % 12 + 1:02}"


@dataclass(frozen=True, slots=True)
class Erasure:
    """Result of erasing a name."""

    comments: int  # Number of comments, opinions, posts and journal rows that had the name.
    opinions: int
    posts: int
    journal: int
    purged: bool  # Whether no trace of the name remains in the database files.

    @property
    def sentence(self) -> str:
        """Describe what was erased, in one or two sentences."""
        counted = [
            plural(self.posts, "poste") if self.posts else "",
            plural(self.comments, "commentaire") if self.comments else "",
            plural(self.opinions, "avis", "avis") if self.opinions else "",
            plural(self.journal, "ligne du journal", "lignes du journal") if self.journal else "",
        ]
        erased = f"Nom effacé : {listing([each for each in counted if each])}."
        later = (
            ""
            if self.purged
            else " Le fichier de la base, occupé en ce moment, en garde encore une trace. Elle "
            "sera retirée à la prochaine écriture, ou cette nuit (geozones admin nightly)."
        )
        return f"{erased} Les textes restent, sans nom.{later}"


#: File of former versions in the home folder: names of the holders of posts, by post (id). Nothing
#: reads it any more but the erasing of a name, to which people have a right.
_HOLDERS = "names.json"


def _without(name: str, holders: Path) -> tuple[int, str]:
    """Return how many posts a name holds in the file of holders, and the file without them."""
    try:
        document = json.loads(ordinary(holders).read_bytes())
        kept = {
            post: holder
            for post, holder in document["names"].items()
            if compared_name(str(holder)) != name
        }
    except FileNotFoundError:
        return 0, ""
    except (OSError, ValueError, RecursionError, KeyError, TypeError, AttributeError) as error:
        raise InputError(
            f"Le fichier des noms {holders} est illisible : réparez-le ou supprimez-le."
        ) from error
    text = json.dumps(document | {"names": kept}, ensure_ascii=False, indent=1)
    return len(document["names"]) - len(kept), text + "\n"


@needs(Role.ADMINISTRATOR)
def erase_person(
    opener: "Callable[[], Store]", actor: Actor, name: str, folder: Path | None = None
) -> Erasure:
    """Erase a name from posts, other people's texts and the journal, however it is spelt.

    The log of actions records who erased how many items of each kind, never the name. ``folder`` is
    the home folder of the tool, if it is not the default one.
    """
    wanted = compared_name(name)
    if not wanted:
        raise InputError("Indiquez le nom à effacer, comme il a été écrit.", field="erased")
    holders = (folder or home_folder()) / _HOLDERS
    posts, others = _without(wanted, holders)
    context = opener().by(actor.caller).context
    with context.writing() as connection:
        answered = _erase(connection, OPINION_ANSWERS, OPINION_ANSWERS.c.opinion, wanted)
        comments = len(_erase(connection, COMMENTS, COMMENTS.c.id, wanted, origin=""))
        opinions = len(answered | _erase(connection, OPINIONS, OPINIONS.c.token, wanted))
        journal = _unlink(connection, name)
        if posts or comments or opinions or journal:
            mark_erased(connection)
            context.log(
                connection,
                ActionKind.ERASED_NAME,
                comments=comments,
                opinions=opinions,
                posts=posts,
                journal=journal,
            )
    if posts:
        write_atomically(holders, others, private=True)
    if not (posts or comments or opinions or journal):
        raise InputError(f"Rien n'est signé « {name.strip()[:60]} » : vérifiez le nom.")
    return Erasure(comments, opinions, posts, journal, purge(context.database.engine))


def _erase(
    connection: Connection, table: Table, key: Column[str], wanted: str, **also: str
) -> set[str]:
    """Erase an author's name from the rows of a table; return the keys of these rows."""
    signed = select(key, table.c.author).where(table.c.author != "").with_for_update()
    rows = connection.execute(signed)
    theirs = [(row[0], row[1]) for row in rows if compared_name(str(row[1])) == wanted]
    keys, written = {each[0] for each in theirs}, {each[1] for each in theirs}
    if theirs:
        of_them = table.update().where(key.in_(keys), table.c.author.in_(written))
        connection.execute(of_them.values(author="", **also))
    return keys


def _unlink(connection: Connection, name: str) -> int:
    """Replace a technician's key in the journal by a random one that no name leads to.

    Return how many rows had it.
    """
    query = select(JOURNAL_MONTHS.c.file, JOURNAL_MONTHS.c.month, JOURNAL_MONTHS.c.content)
    months = connection.execute(query).all()
    held, _ = readable_months([row.content for row in months], invented=False)
    rows = (held.interventions, held.absences, held.trips)
    known = {row.person for kind in rows for row in kind if row.person}
    theirs = {
        json.dumps(key, ensure_ascii=escaped)
        for key in keys_of(name, known)
        for escaped in (False, True)
    }
    unlinked, changed = json.dumps(f"{PSEUDONYM}{token_hex(6)}"), 0
    for row in months:
        count, content = sum(row.content.count(key) for key in theirs), row.content
        for key in theirs:
            content = content.replace(key, unlinked)
        if count:
            at = (JOURNAL_MONTHS.c.file == row.file) & (JOURNAL_MONTHS.c.month == row.month)
            connection.execute(update(JOURNAL_MONTHS).where(at).values(content=content))
            changed += count
    return changed
