"""Files of the journal read over a scenario's lycées, technicians made anonymous."""

import hashlib
import hmac
from collections.abc import Callable
from datetime import date
from pathlib import Path

from geozones.common.files import home_folder
from geozones.common.secret_key import secret_key
from geozones.domain import Lycee
from geozones.domain.journal import Journal
from geozones.intake.journal_file import MAX_BYTES, JournalReading, read_journal
from geozones.intake.journal_rows import Bounds, Told
from geozones.workspace.apart import FILES, Listener, work_apart
from geozones.workspace.study import Study

__all__ = [
    "KEPT_MONTHS", "MAX_BYTES", "JournalReading", "Told", "first_month_kept", "named", "numbered",
    "oldest_day", "pseudonyms", "read_over", "read_to_keep",
]  # fmt: skip

#: How many months a row is kept after its day: the experiment, and the year after it.
KEPT_MONTHS = 24
#: What a pseudonym begins with: it is no name.
PSEUDONYM = "tip-"
_KEY_FILE = "journal.key"


def read_over(
    study: Study, content: bytes, today: date, pseudonym: Callable[[str], str]
) -> JournalReading:
    """Read a file of the journal over the lycées of a scenario.

    Raises
    ------
    InputError
        If it cannot be read, is too big, or has no table of a journal.
    """
    bounds = Bounds(oldest_day(today), today)
    return read_journal(content, study.territory.lycees, bounds, pseudonym)


def read_to_keep(
    study: Study, content: bytes, today: date, *, keep_names: bool, apart: bool
) -> JournalReading:
    """Read a file of the journal to be kept, in a process of its own if ``apart``.

    Raises
    ------
    InputError
        As `read_over`.
    WorkApartError
        If the process could not read it.
    """
    lycees = dict(study.territory.lycees)
    if not keep_names:
        pseudonyms()  # the secret is made here, once
    if apart:
        return work_apart(FILES, _read_apart, lycees, content, today, keep_names)
    return _read(lycees, content, today, keep_names=keep_names)


def _read_apart(
    _: Listener,
    lycees: dict[str, Lycee],
    content: bytes,
    today: date,
    keep_names: bool,  # noqa: FBT001 - arguments go by place
) -> JournalReading:
    return _read(lycees, content, today, keep_names=keep_names)


def _read(
    lycees: dict[str, Lycee], content: bytes, today: date, *, keep_names: bool
) -> JournalReading:
    pseudonym = named if keep_names else pseudonyms()
    return read_journal(content, lycees, Bounds(oldest_day(today), today), pseudonym)


def oldest_day(today: date) -> date:
    """Return the first day that is still kept: the first of the month, `KEPT_MONTHS` ago."""
    months = today.year * 12 + today.month - 1 - KEPT_MONTHS
    return date(months // 12, months % 12 + 1, 1)


def first_month_kept(today: date) -> str:
    """Return the month of `oldest_day` (``2026-03``)."""
    return oldest_day(today).isoformat()[:7]


def numbered() -> Callable[[str], str]:
    """Return what gives each name met a number: for a file that is read and not kept."""
    known: dict[str, str] = {}
    return lambda name: known.setdefault(_same(name), f"{PSEUDONYM}{len(known) + 1:03d}")


def named(name: str) -> str:
    """Return a name as it is kept where that was asked: on one line, 60 characters at most."""
    return " ".join(name.split())[:60]


def pseudonyms(folder: Path | None = None) -> Callable[[str], str]:
    """Return what makes a name a pseudonym, the same in every file read on this installation.

    It is the beginning of an HMAC-SHA-256 under a secret of this installation, which is in no
    database, backup or export: without it nobody finds a name again, even by trying them all.

    Raises
    ------
    InputError
        If the secret can neither be read nor made.
    """
    secret = secret_key((folder or home_folder()) / _KEY_FILE, "Le secret des pseudonymes")

    def pseudonym(name: str) -> str:
        digest = hmac.new(secret, _same(name).encode(), hashlib.sha256).hexdigest()
        return f"{PSEUDONYM}{digest[:12]}"

    return pseudonym


def is_of(key: str, name: str) -> bool:
    """Tell whether the rows under a key are those of a technician, by their name."""
    return key == pseudonyms()(name) or _same(key) == _same(name)


def _same(name: str) -> str:
    return " ".join(name.casefold().split())


def labels(journal: Journal) -> dict[str, str]:
    """Return how each person is called: ``T.I.P. 3``, ``T.I.S. 1``, by their first day recorded.

    A name that was asked to be kept is written as it is.
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
    counts = {"T.I.P.": 0, "T.I.S.": 0}
    for person in order:
        what = "T.I.S." if person in tis else "T.I.P."
        counts[what] += 1
        named = not person.startswith(PSEUDONYM)
        called[person] = person if named else f"{what} {counts[what]}"
    return called
