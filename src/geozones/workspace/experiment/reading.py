"""Reader of journal files over a scenario's lycées, with technicians made anonymous."""

import hashlib
import hmac
from collections.abc import Callable
from datetime import date
from pathlib import Path

from geozones.common.files import home_folder
from geozones.common.secret_key import secret_key
from geozones.domain import Lycee
from geozones.domain.field_journal import Journal
from geozones.domain.terms import terms
from geozones.intake.journal_file import MAX_BYTES, JournalReading, read_journal
from geozones.intake.journal_rows import DateBounds, RowNotice
from geozones.workspace.jobs import FILES, Listener, run_in_process
from geozones.workspace.study import Study

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
    """Read a file of the journal over the lycées of a scenario.

    Raises
    ------
    InputError
        If the file cannot be read, is too big, or has no table of a journal.
    """
    bounds = DateBounds(oldest_day(today), today)
    return read_journal(content, study.territory.lycees, bounds, pseudonym)


def read_to_keep(
    study: Study, content: bytes, today: date, *, keep_names: bool, in_process: bool
) -> JournalReading:
    """Read a file of the journal for storage, in a separate process if ``in_process``.

    Raises
    ------
    InputError
        As `read_over`.
    JobError
        If the process could not read it.
    """
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
    return lambda name: known.setdefault(_same(name), f"{PSEUDONYM}{len(known) + 1:03d}")


def named(name: str) -> str:
    """Normalise a name that is stored as such: on one line, 60 characters at most."""
    return " ".join(name.split())[:60]


def pseudonyms(folder: Path | None = None) -> Callable[[str], str]:
    """Return a function from a name to its pseudonym, the same for all files read here.

    A pseudonym is the beginning of an HMAC-SHA-256 under a secret of this installation, which is in
    no database, backup or export: without the secret nobody can recover a name, even by trying all
    names.

    Raises
    ------
    InputError
        If the secret can neither be read nor created.
    """
    secret = secret_key((folder or home_folder()) / _KEY_FILE, "Le secret des pseudonymes")

    def pseudonym(name: str) -> str:
        digest = hmac.new(secret, _same(name).encode(), hashlib.sha256).hexdigest()
        return f"{PSEUDONYM}{digest[:12]}"

    return pseudonym


def is_of(key: str, name: str) -> bool:
    """Return whether a key is a technician's pseudonym, or their name as stored."""
    return key == pseudonyms()(name) or _same(key) == _same(name)


def _same(name: str) -> str:
    return " ".join(name.casefold().split())


def labels(journal: Journal) -> dict[str, str]:
    """Return each person's label (``T.I.P. 3``, ``T.I.S. 1``), numbered by first recorded day.

    A name that is stored as such is its own label.
    """
    tis = {row.person for row in journal.interventions if row.tis}
    order = dict.fromkeys(
        person
        for _, person in sorted(
            {
                *((row.day, row.person) for row in journal.interventions if row.person),
                *((row.first, row.person) for row in journal.absences),
            }
        )
    )
    called: dict[str, str] = {}
    by_sector, by_site = terms().sector_technician.singular, terms().proximity_technician.singular
    counts = dict.fromkeys((by_site, by_sector), 0)
    for person in order:
        what = by_sector if person in tis else by_site
        counts[what] += 1
        named = not person.startswith(PSEUDONYM)
        called[person] = person if named else f"{what} {counts[what]}"
    return called
