"""Files of the journal of an experiment as JSON objects of a backup, and back."""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from sqlalchemy import Connection, select

from geozones.common.errors import InputError
from geozones.domain.journal_files import JournalFile, of_months
from geozones.store.checks import is_date, write_json
from geozones.store.tables import JOURNAL_FILES, JOURNAL_MONTHS

_KEY, _MONTH = re.compile(r"[0-9a-f]{64}"), re.compile(r"\d{4}-\d{2}")
_TEXTS = ("name", "author", "first", "last")


@dataclass(frozen=True, slots=True)
class KeptJournal:
    """A file of the journal, and its rows by month as `by_month` writes them."""

    file: JournalFile
    months: Mapping[str, str]


def read_journal(connection: Connection) -> tuple[KeptJournal, ...]:
    """Read the files whose rows are kept, by their id."""
    months: dict[str, dict[str, str]] = {}
    query = select(JOURNAL_MONTHS).order_by(JOURNAL_MONTHS.c.file, JOURNAL_MONTHS.c.month)
    for row in connection.execute(query).mappings():
        months.setdefault(row["file"], {})[row["month"]] = row["content"]
    found = connection.execute(select(JOURNAL_FILES).order_by(JOURNAL_FILES.c.id)).mappings()
    return tuple(
        KeptJournal(
            JournalFile(**{**row, "report": tuple(json.loads(row["report"]))}),
            months.get(row["id"], {}),
        )
        for row in found
    )


def journal_as(kept: KeptJournal) -> dict[str, Any]:
    """Return a file as an object of a backup."""
    return {**asdict(kept.file), "report": list(kept.file.report), "months": dict(kept.months)}


def journal_of(item: Any) -> KeptJournal | None:  # noqa: ANN401 - whatever a file holds
    """Read such an object; ``None`` where it is none."""
    names = {field.name for field in fields(JournalFile)}
    if not isinstance(item, dict) or item.keys() != names | {"months"}:
        return None
    months, report = item["months"], item["report"]
    sound = (
        isinstance(item["id"], str)
        and _KEY.fullmatch(item["id"])
        and all(isinstance(item[name], str) for name in _TEXTS)
        and is_date(item["at"])
        and type(item["rows"]) is int
        and isinstance(item["invented"], bool)
        and isinstance(report, list)
        and all(isinstance(line, str) for line in report)
        and isinstance(months, dict)
        and all(_MONTH.fullmatch(month) for month in months)
    )
    if not sound:
        return None
    try:
        of_months(months.values(), invented=item["invented"])
    except InputError:
        return None
    told = {name: item[name] for name in names}
    return KeptJournal(JournalFile(**{**told, "report": tuple(report)}), months)


def write_missing_journal(connection: Connection, journal: tuple[KeptJournal, ...]) -> int:
    """Write the files that the store has not, with their dates; return how many."""
    held = set(connection.execute(select(JOURNAL_FILES.c.id)).scalars())
    new = [kept for kept in journal if kept.file.id not in held]
    for kept in new:
        values = {**asdict(kept.file), "report": write_json(list(kept.file.report))}
        connection.execute(JOURNAL_FILES.insert(), values)
        rows = [
            {"file": kept.file.id, "month": month, "content": content}
            for month, content in kept.months.items()
        ]
        if rows:
            connection.execute(JOURNAL_MONTHS.insert(), rows)
    return len(new)
