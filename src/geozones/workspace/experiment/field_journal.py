"""Journal of the experiment: files read and made anonymous, stored, deleted by month."""

import hashlib
import hmac
import json
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from secrets import token_hex
from threading import Lock
from typing import TYPE_CHECKING

from geozones.common.errors import InputError
from geozones.common.files import home_folder, secret_key
from geozones.common.french import compared_name, plural
from geozones.domain import Lycee
from geozones.domain.field_journal import Journal, JournalFile, by_month, readable_months
from geozones.intake.journal_file import (
    MAX_BYTES,
    DateBounds,
    JournalReading,
    RowNotice,
    read_journal,
)
from geozones.jobs import FILES, Listener, run_in_process
from geozones.workspace.roles import Actor, Role, UseCases, needs, needs_nothing
from geozones.workspace.study import Study

if TYPE_CHECKING:
    from geozones.workspace.scenarios.backups import Store

__all__ = [
    "KEPT_MONTHS", "MAX_BYTES", "JournalReading", "RowNotice", "first_month_kept", "named",
    "numbered", "oldest_day", "pseudonyms", "read_over", "read_to_keep",
]  # fmt: skip

#: Months that a row is kept after its day: the experiment, and the year after it.
KEPT_MONTHS = 24
#: Prefix of a pseudonym, which distinguishes it from a name.
PSEUDONYM = "tip-"
_KEY_FILE = "journal.key"


def read_over(
    study: Study, content: bytes, today: date, pseudonym: Callable[[str], str]
) -> JournalReading:
    """Read a file of the journal over the lycées of a scenario."""
    bounds = DateBounds(oldest_day(today), today)
    return read_journal(content, study.territory.lycees, bounds, pseudonym)


def read_to_keep(
    study: Study, content: bytes, today: date, *, keep_names: bool, in_process: bool
) -> JournalReading:
    """Read a file of the journal for storage, in a separate process if ``in_process``."""
    lycees = dict(study.territory.lycees)
    if not keep_names:
        pseudonyms()  # create the secret in this process, once, before the other process needs it
    if in_process:
        return run_in_process(FILES, _read_alone, lycees, content, today, keep_names)
    return _read(lycees, content, today, keep_names=keep_names)


def _read_alone(
    _: Listener,
    lycees: dict[str, Lycee],
    content: bytes,
    today: date,
    keep_names: bool,  # noqa: FBT001 - `run_in_process` passes positional arguments
) -> JournalReading:
    return _read(lycees, content, today, keep_names=keep_names)


def _read(
    lycees: dict[str, Lycee], content: bytes, today: date, *, keep_names: bool
) -> JournalReading:
    pseudonym = named if keep_names else pseudonyms()
    return read_journal(content, lycees, DateBounds(oldest_day(today), today), pseudonym)


def oldest_day(today: date) -> date:
    """Return the first day whose rows are kept: the first of the month, `KEPT_MONTHS` ago."""
    months = today.year * 12 + today.month - 1 - KEPT_MONTHS
    return date(months // 12, months % 12 + 1, 1)


def first_month_kept(today: date) -> str:
    """Return the month of `oldest_day` (``2026-03``)."""
    return oldest_day(today).isoformat()[:7]


def numbered() -> Callable[[str], str]:
    """Return a function that numbers names in order of appearance, for a file not to be stored."""
    known: dict[str, str] = {}
    return lambda name: known.setdefault(compared_name(name), f"{PSEUDONYM}{len(known) + 1:03d}")


def named(name: str) -> str:
    """Normalise a name that is stored as such: on one line, 60 characters at most."""
    return " ".join(name.split())[:60]


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


_MAX_NAME = 80


@dataclass(frozen=True)
class Imported:
    """Result of importing a file."""

    file: JournalFile  # The stored record of the file.
    #: Result of reading it; ``None`` for a file that was already in the journal.
    reading: JournalReading | None
    again: int = 0  # Rows that earlier files already had; they are counted once.

    @property
    def sentence(self) -> str:
        """Describe the import in one sentence."""
        if self.reading is None:
            return f"« {self.file.name} » est déjà dans le journal : rien n'a été compté deux fois."
        kept = plural(self.file.rows, "ligne gardée", "lignes gardées")
        also = []
        if self.again:
            also.append(f"{plural(self.again, 'ligne')} déjà dans le journal, comptées une fois")
        if self.reading.rows_left_out:
            left = self.reading.rows_left_out
            also.append(plural(left, "ligne non prise", "lignes non prises"))
        return f"« {self.file.name} » : {', '.join([kept, *also])}."


class Journals(UseCases):
    """Use cases of the journal, for one user."""

    def __init__(self, opener: "Callable[[], Store]", actor: Actor, today: date) -> None:
        super().__init__(opener, actor)
        self._today = today

    @needs(Role.READER)
    def files(self) -> tuple[JournalFile, ...]:
        """Return the imported files; raise ``NotAllowedError``."""
        return self.store().field_journal.files()

    @needs(Role.READER)
    def read(self) -> Journal:
        """Return the stored journal, empty if there is none; raise ``NotAllowedError``."""
        files = self.files()
        if not files:
            return Journal()
        key = tuple((file.id, file.at, file.first) for file in files)
        with _HELD.lock:
            if _HELD.key != key:
                invented = any(file.invented for file in files)
                months = self.store().field_journal.months()
                _HELD.journal, _HELD.altered = readable_months(months, invented=invented)
                _HELD.key = key
            return _HELD.journal

    @needs(Role.READER)
    def altered_months(self) -> int:
        """Return the number of stored months that are unreadable and left out of `read`."""
        self.read()
        return _HELD.altered

    @needs(Role.PLANNER)
    def add(
        self,
        study: Study,
        name: str,
        content: bytes,
        *,
        keep_names: bool = False,
        in_process: bool = False,
    ) -> Imported:
        """Import the rows of a file that no earlier file has, with technicians made anonymous.

        Parameters
        ----------
        keep_names
            Keep the names of technicians as the file has them.
        in_process
            Read the file in a separate process with limited memory and time.
        """
        key = hashlib.sha256(content).hexdigest()
        for file in self.files():
            if file.id == key:
                return Imported(file, None)
        reading = read_to_keep(
            study, content, self._today, keep_names=keep_names, in_process=in_process
        )
        if not reading.journal.is_usable:
            notices = (*reading.left_out, *reading.doubts)
            reasons = " ; ".join(notice.text for notice in notices[:3])
            msg = f"Aucune ligne de ce fichier n'a pu être prise{': ' if reasons else ''}{reasons}."
            raise InputError(msg.replace(": ", " : ", 1))
        new = _without(reading.journal, self.read())
        again = reading.journal.rows - new.rows
        period = new.period
        first, last = ("", "") if period is None else (day.isoformat() for day in period)
        report = (*(notice.text for notice in (*reading.left_out, *reading.doubts)), *reading.notes)
        shown = " ".join(name.split())[:_MAX_NAME] or "journal"
        file = JournalFile(
            key, shown, "", self.actor.name, new.rows, first, last, new.invented, report
        )
        kept = self.store().field_journal.add(file, by_month(new))
        return Imported(file, reading if kept else None, again)

    @needs(Role.ADMINISTRATOR)
    def forget(self) -> str | None:
        """Delete the oldest month, and no other, if it is too old; return it (``2026-03``)."""
        return self.store().field_journal.forget_oldest_month(first_month_kept(self._today))

    @needs(Role.ADMINISTRATOR)
    def unlinking(self, name: str) -> Callable[[str], tuple[str, int]] | None:
        """Return a function that anonymises a technician's rows of a month; ``None`` if none.

        The function replaces the technician's key with a random one that no name leads to, and
        returns the changed rows and how many were the technician's. Call `forget_held` after using
        it, so that the journal is read again.
        """
        held = self.read()
        rows = (held.interventions, held.absences, held.trips)
        known = {row.person for kind in rows for row in kind if row.person}
        theirs = {
            json.dumps(key, ensure_ascii=escaped)
            for key in keys_of(name, known)
            for escaped in (False, True)
        }
        unlinked = json.dumps(f"{PSEUDONYM}{token_hex(6)}")

        def unlink(content: str) -> tuple[str, int]:
            count = sum(content.count(key) for key in theirs)
            for key in theirs:
                content = content.replace(key, unlinked)
            return content, count

        return unlink if theirs else None

    @needs_nothing
    def forget_held(self) -> None:
        """Clear the cached journal: its next use reads the store again."""
        with _HELD.lock:
            _HELD.key = None

    @needs(Role.PLANNER)
    def drop(self, file: str | None = None) -> None:
        """Delete a file (id) of the journal, or all files; raise ``NotAllowedError``."""
        self.store().field_journal.drop(file)


class _Held:
    """Cache of the journal, keyed by the files in the store: 300,000 rows are read once."""

    lock = Lock()
    key: object = None
    journal = Journal()
    altered = 0


_HELD = _Held()


def _without(journal: Journal, known: Journal) -> Journal:
    """Return the rows of a journal that another journal lacks."""
    done = frozenset(known.interventions)
    gone, driven = frozenset(known.absences), frozenset(known.trips)
    return Journal(
        tuple(row for row in journal.interventions if row not in done),
        tuple(row for row in journal.absences if row not in gone),
        tuple(row for row in journal.trips if row not in driven),
        journal.invented,
    )
