"""Files of a journal: kept once, whole or not at all, forgotten by month."""

import hashlib
import json
import subprocess
import sys
from datetime import date
from pathlib import Path

from geozones.domain.field_journal import (
    Absence,
    Intervention,
    Journal,
    JournalFile,
    JournalTrip,
    Nature,
    by_month,
    journal_of,
    of_months,
)
from geozones.features.experiment.use_cases import Journals, keep_file
from geozones.store import Store
from geozones.workspace.roles import LOCAL
from geozones.workspace.upkeep import run_nightly
from helpers.fixture_types import Make
from helpers.stored import StoredScenarios, files_of, journal_file, months_of

JOURNAL = journal_of(
    [
        Intervention(
            date(2026, 1, 30), 510, "A", "tip-1", 2, 45.0, Nature.COVER, "12", tis=True, remote=True
        ),
        Intervention(date(2026, 2, 2), -1, "B", ""),
    ],
    [Absence("tip-1", date(2026, 1, 28), date(2026, 2, 3))],
    [JournalTrip(date(2026, 2, 2), 480, "tip-1", "A", "B", 12.5, 7.0)],
)
#: Keeps files, each of three months, and says so, until it is killed.
WRITER = """
import hashlib, sys
from geozones.domain.field_journal import JournalFile
from geozones.features.experiment.use_cases import keep_file
from geozones.store import open_store
store = open_store(sys.argv[1])
for rank in range(int(sys.argv[2]), 10**9):
    key = hashlib.sha256(str(rank).encode()).hexdigest()
    file = JournalFile(key, "x", "", "Ada", 3, "2026-01-01", "2026-03-01", False)
    months = {f"2026-0{month}": "{}" * 20_000 for month in (1, 2, 3)}
    keep_file(store.context, file, months)
    print(rank, flush=True)
"""


def journals(store: Store) -> Journals:
    return Journals(lambda: store, LOCAL, date(2026, 6, 30))


def digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def file_of(key: str, journal: Journal = JOURNAL) -> JournalFile:
    return journal_file(key, journal)


def test_a_file_is_kept_once_and_read_back_as_it_was(store: Store) -> None:
    assert keep_file(store.context, file_of("f1"), by_month(JOURNAL))
    assert not keep_file(store.context, file_of("f1"), by_month(JOURNAL))
    (file,) = files_of(store)
    assert (file.name, file.rows, file.report, file.invented) == ("export.csv", 4, ("dit",), True)
    read = of_months(months_of(store), invented=True)
    assert read.interventions == JOURNAL.interventions
    assert (read.absences, read.trips) == (JOURNAL.absences, JOURNAL.trips)


def forget(store: Store) -> str | None:
    """Forget the oldest month before February 2026, which goes 24 months later."""
    return run_nightly(lambda: store, LOCAL, date(2028, 2, 1)).forgotten


def test_months_too_old_go_one_at_a_time_and_a_file_with_none_left_goes_too(store: Store) -> None:
    old = journal_of([Intervention(date(2023, 12, 4), 0, "A", "tip-1")])
    keep_file(store.context, file_of("old", old), by_month(old))
    keep_file(store.context, file_of("new"), by_month(JOURNAL))
    assert forget(store) == "2023-12"
    assert [file.first for file in files_of(store)] == ["2026-01-28"]
    assert forget(store) == "2026-01"
    (file,) = files_of(store)
    assert (file.id, file.first) == (digest("new"), "2026-02-01")
    assert all(json.loads(text) for text in months_of(store))
    read = of_months(months_of(store), invented=False)
    assert [row.day for row in read.interventions] == [date(2026, 2, 2)]
    assert forget(store) is None
    told = [(entry.what, entry.detail) for entry in StoredScenarios(store).actions()]
    assert told == [
        ("forget_journal", {"month": "2023-12"}),
        ("forget_journal", {"month": "2026-01"}),
    ]


def test_a_backup_brings_no_month_back_that_was_forgotten_here(
    store: Store, tmp_path: Path
) -> None:
    keep_file(store.context, file_of("f1"), by_month(JOURNAL))
    whole = months_of(store)
    file = store.backup(tmp_path / "b.json").path
    store.restore(file)
    assert months_of(store) == whole
    forget(store)
    left = months_of(store)
    store.restore(file)
    assert months_of(store) == left != whole
    journals(store).drop()
    store.restore(file)
    assert months_of(store) == whole


def test_every_file_acknowledged_is_whole_after_a_sigkill(
    opened: Make[Store], url: str, tmp_path: Path
) -> None:
    opened(url).close()
    script = tmp_path / "keeps_files.py"
    script.write_text(WRITER)
    start = [sys.executable, str(script), url, "0"]
    with subprocess.Popen(start, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout
        said = [int(writer.stdout.readline()) for _ in range(6)]
        writer.kill()
    store = opened(url)
    files = {file.id for file in files_of(store)}
    assert {digest(str(rank)) for rank in said} <= files
    assert len(months_of(store)) == 3 * len(files)
