"""Use cases of the journal of an experiment: files read and made anonymous, kept, deleted."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from threading import Lock
from typing import TYPE_CHECKING

from sqlalchemy import Connection, delete, func, select

from geozones.common.errors import InputError
from geozones.common.french import compared_name, plural
from geozones.domain import Lycee
from geozones.domain.access import ActionKind
from geozones.domain.field_journal import (
    Journal,
    JournalFile,
    JournalMonth,
    by_month,
    readable_months,
)
from geozones.features.experiment.journal_file import (
    DateBounds,
    JournalReading,
    read_journal,
    table_columns,
)
from geozones.intake.columns import TableColumns
from geozones.intake.document_reader import read_document
from geozones.jobs import FILES, Listener, run_in_process
from geozones.records.kinds import JOURNAL_FILE
from geozones.store.database import refusing
from geozones.store.feature_rows import (
    insert_file,
    insert_months,
    read_contents,
    read_files,
)
from geozones.store.permissions import StoreContext
from geozones.store.tables import ACTIONS, JOURNAL_FILES, mark_erased
from geozones.workspace.figures.study import Study
from geozones.workspace.roles import Actor, Role, UseCases, needs
from geozones.workspace.upkeep import PSEUDONYM, oldest_day, pseudonyms

if TYPE_CHECKING:
    from geozones.store import Store

_REFUSED = "Ce fichier ne peut pas être gardé"
_MAX_NAME = 80


def read_over(
    lycees: Mapping[str, Lycee],
    content: bytes,
    today: date,
    pseudonym: Callable[[str], str],
    corrections: Mapping[str, str] | None = None,
) -> JournalReading:
    """Read a file of the journal over some lycées."""
    bounds = DateBounds(oldest_day(today), today)
    return read_journal(content, lycees, bounds, pseudonym, corrections)


def _read_alone(
    _: Listener,
    lycees: dict[str, Lycee],
    content: bytes,
    today: date,
    keep_names: bool,  # noqa: FBT001 - `run_in_process` passes positional arguments
    corrections: Mapping[str, str],
) -> JournalReading:
    pseudonym = named if keep_names else pseudonyms()
    return read_over(lycees, content, today, pseudonym, corrections)


def journal_columns(content: bytes, corrections: Mapping[str, str]) -> TableColumns:
    """Return the columns of the first table of a journal, for the user to correct."""
    lines = read_document(content).lines
    return table_columns([line.cells for line in lines], corrections)


def numbered() -> Callable[[str], str]:
    """Return a function that numbers names in order of appearance, for a file not to be stored."""
    known: dict[str, str] = {}
    return lambda name: known.setdefault(compared_name(name), f"{PSEUDONYM}{len(known) + 1:03d}")


def named(name: str) -> str:
    """Normalise a name that is stored as such: on one line, 60 characters at most."""
    return " ".join(name.split())[:60]


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
        told = [plural(self.file.rows, "ligne gardée", "lignes gardées")]
        if self.again:
            told.append(f"{plural(self.again, 'ligne')} déjà dans le journal, comptées une fois")
        if self.reading.rows_left_out:
            left = self.reading.rows_left_out
            told.append(plural(left, "ligne non prise", "lignes non prises"))
        return f"« {self.file.name} » : {', '.join(told)}."


class Journals(UseCases):
    """Use cases of the journal, for one user."""

    def __init__(self, opener: "Callable[[], Store]", actor: Actor, today: date) -> None:
        super().__init__(opener, actor)
        self._today = today

    @needs(Role.READER)
    def files(self) -> tuple[JournalFile, ...]:
        """Return the imported files; raise ``NotAllowedError``."""
        with self.store().context.reading() as connection:
            return _files(connection)

    @needs(Role.READER)
    def read(self) -> Journal:
        """Return the stored journal, empty if there is none; raise ``NotAllowedError``."""
        return self._held()[0]

    @needs(Role.READER)
    def altered_months(self) -> int:
        """Return the number of stored months that are unreadable and left out of `read`."""
        return self._held()[1]

    def _held(self) -> tuple[Journal, int]:
        """Return the journal and its unreadable months, cached as long as nothing changes it.

        An import or a forgotten month changes the files; an erased name is counted in the log.
        """
        erased = select(func.count()).where(ACTIONS.c.what == ActionKind.ERASED_NAME)
        context = self.store().context
        with context.reading() as connection:
            files, count = _files(connection), connection.execute(erased).scalar_one()
        if not files:
            return Journal(), 0
        key = (count, *((file.id, file.at, file.first) for file in files))
        with _HELD.lock:
            if _HELD.key != key:
                with context.reading() as connection:
                    months = read_contents(connection)
                invented = any(file.invented for file in files)
                _HELD.journal, _HELD.altered = readable_months(months, invented=invented)
                _HELD.key = key
            return _HELD.journal, _HELD.altered

    @needs(Role.PLANNER)
    def add(
        self,
        study: Study,
        name: str,
        content: bytes,
        corrections: Mapping[str, str] | None = None,
        *,
        keep_names: bool = False,
        in_process: bool = False,
    ) -> Imported:
        """Import the rows of a file that no earlier file has.

        Technicians are made anonymous, unless ``keep_names``; ``in_process`` reads the file in a
        separate process with limited memory and time. A file whose columns the user corrects
        (``corrections``) is read anew in place of its rows.
        """
        key = hashlib.sha256(content).hexdigest()
        corrections = corrections or {}
        same = next((file for file in self.files() if file.id == key), None)
        if same is not None and not corrections:
            return Imported(same, None)
        lycees = dict(study.territory.lycees)
        # the secret is created in this process, once, before the other process needs it
        pseudonym = named if keep_names else pseudonyms()
        if in_process:
            reading = run_in_process(
                FILES, _read_alone, lycees, content, self._today, keep_names, corrections
            )
        else:
            reading = read_over(lycees, content, self._today, pseudonym, corrections)
        notices = [notice.text for notice in (*reading.left_out, *reading.doubts)]
        if not reading.journal.is_usable:
            reasons = " ; ".join(notices[:3])
            raise InputError(
                f"Aucune ligne de ce fichier n'a pu être prise{' : ' if reasons else ''}{reasons}."
            )
        if same is not None:
            self.drop(same.id)
        known = self._held()[0]
        done, gone, driven = map(frozenset, (known.interventions, known.absences, known.trips))
        new = Journal(
            tuple(row for row in reading.journal.interventions if row not in done),
            tuple(row for row in reading.journal.absences if row not in gone),
            tuple(row for row in reading.journal.trips if row not in driven),
            reading.journal.invented,
        )
        first, last = ("", "") if new.period is None else (day.isoformat() for day in new.period)
        file = JournalFile(
            key,
            " ".join(name.split())[:_MAX_NAME] or "journal",
            "",
            self.actor.name,
            new.rows,
            first,
            last,
            new.invented,
            (*notices, *reading.notes),
        )
        kept = keep_file(self.store().context, file, by_month(new))
        return Imported(file, reading if kept else None, reading.journal.rows - new.rows)

    @needs(Role.PLANNER)
    def drop(self, file: str | None = None) -> None:
        """Delete a file (id) of the journal, or all files, for good; raise ``NotAllowedError``."""
        context = self.store().context
        with context.writing() as connection:
            of_it = delete(JOURNAL_FILES)
            if file is not None:
                of_it = of_it.where(JOURNAL_FILES.c.id == file)
            dropped = connection.execute(of_it).rowcount
            if dropped:
                mark_erased(connection)
                context.log(connection, ActionKind.DROPPED, files=dropped)


def _files(connection: Connection) -> tuple[JournalFile, ...]:
    """Return the journal files that can be read, in the order of import."""
    return tuple(sorted(read_files(connection).values, key=lambda file: (file.at, file.id)))


def keep_file(context: StoreContext, file: JournalFile, months: Mapping[str, str]) -> bool:
    """Write the rows of a file, dated now; return whether the file was new, else do nothing.

    Two imports of the same file at once keep one copy.
    """
    kept = replace(file, at=context.now())
    with refusing(_REFUSED):
        JOURNAL_FILE.checked(kept)
    known = select(JOURNAL_FILES.c.id).where(JOURNAL_FILES.c.id == file.id)
    with context.writing() as connection:
        if connection.execute(known).first() is not None:
            return False
        insert_file(connection, kept)
        insert_months(
            connection,
            [JournalMonth(file.id, month, rows) for month, rows in sorted(months.items())],
        )
    return True


class _Held:
    """Cache of the journal, keyed by the files in the store: 300,000 rows are read once."""

    lock = Lock()
    key: object = None
    journal = Journal()
    altered = 0


_HELD = _Held()
