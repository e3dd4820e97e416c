"""Lists of a backup file: record, reader, identities and parent of each."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from sqlalchemy import Connection

from geozones.domain.errors import LeftOut
from geozones.records import Reading, Record, kinds
from geozones.store import (
    comments,
    field_journal,
    opinions,
    permissions,
    publications,
    rows,
    versions,
)
from geozones.store.comments import COMMENT_ANSWERS, EARLIER_ANSWERS

type Content = Mapping[str, Sequence[Any]]


@dataclass(frozen=True)
class BackupList:
    """A list of a backup file."""

    name: str  # Its key in the file.
    record: Record[Any]  # How its entries are written and read.
    #: The version of the file format that brought it: a file that holds such entries is of this
    #: version at least, so that code that would ignore the list refuses the file.
    since: int
    read: Callable[[Connection], Reading[Any]]  # Reads its entries from the database.
    identities: tuple[Callable[[Any], Hashable], ...]  # Keys that are unique among its entries.
    #: Name of the parent list, and the field of an entry that holds its parent's key.
    parent: tuple[str, str] | None = None
    #: Whether an entry is a part of its parent: it goes with it, without a notice of its own.
    is_part: bool = False
    #: Fields added later, and the version that each needs where it is not empty: code that does not
    #: know the field refuses the file, and does not leave these entries out.
    added: tuple[tuple[str, int], ...] = ()

    def version(self, entries: Sequence[Any]) -> int:
        """Return the oldest version of the file format that can hold these entries."""
        held = [v for name, v in self.added if any(getattr(entry, name) for entry in entries)]
        return max([self.since if entries else 1, *held])


def _scenarios(connection: Connection) -> Reading[Any]:
    values, left_out = rows.read_all(connection)
    return Reading(list(values), [*left_out, *rows.orphans(connection)])


def _comments(connection: Connection) -> Reading[Any]:
    reading = comments.read_all(connection)
    return Reading(reading.values, [*reading.left_out, *COMMENT_ANSWERS.orphans(connection)])


def _opinions(connection: Connection) -> Reading[Any]:
    reading = opinions.read_opinions(connection)
    return Reading(reading.values, [*reading.left_out, *EARLIER_ANSWERS.orphans(connection)])


_FIGURES = (("figures", 5),)
LISTS = (
    BackupList("scenarios", kinds.SCENARIO, 1, _scenarios, (lambda it: it.id,)),
    BackupList(
        "frozen", kinds.FROZEN, 1, versions.read_all_frozen, (lambda it: it.token,), added=_FIGURES
    ),
    BackupList(
        "publications",
        kinds.PUBLICATION,
        2,
        publications.read_all,
        (lambda it: it.id, lambda it: it.position, lambda it: it.withdraws or ("none", it.id)),
        ("publications", "withdraws"),
        added=_FIGURES,
    ),
    BackupList("links", kinds.LINK, 3, versions.read_all, (lambda it: it.token,)),
    BackupList(
        "members",
        kinds.MEMBER,
        3,
        permissions.read_all_members,
        (lambda it: (it.scenario, it.person),),
        ("scenarios", "scenario"),
        is_part=True,
    ),
    BackupList("actions", kinds.ACTION, 3, permissions.read_actions, (lambda it: it.position,)),
    BackupList("comments", kinds.COMMENT, 3, _comments, (lambda it: it.id,)),
    BackupList("questions", kinds.QUESTION, 3, opinions.read_questions, (lambda it: it.version,)),
    BackupList(
        "opinions",
        kinds.OPINION,
        3,
        _opinions,
        (lambda it: it.token, lambda it: (it.version, it.lycee)),
        ("questions", "version"),
    ),
    BackupList(
        "approvals",
        kinds.APPROVAL,
        4,
        publications.read_approvals,
        (lambda it: it.publication,),
        ("publications", "publication"),
    ),
    BackupList("journal", kinds.JOURNAL_FILE, 3, field_journal.read_files, (lambda it: it.id,)),
    BackupList(
        "journal_months",
        kinds.JOURNAL_MONTH,
        3,
        field_journal.read_months,
        (lambda it: (it.file, it.month),),
        ("journal", "file"),
        is_part=True,
    ),
)
#: The newest version of the file format that this code reads; it reads older ones too.
VERSION = max(version for each in LISTS for version in (each.since, *(v for _, v in each.added)))


def read_store(connection: Connection) -> tuple[Content, tuple[LeftOut, ...]]:
    """Read the whole database, and return it with notices of what cannot be restored."""
    return settled({each.name: each.read(connection) for each in LISTS})


def settled(readings: Mapping[str, Reading[Any]]) -> tuple[Content, tuple[LeftOut, ...]]:
    """Drop duplicates and entries without their parent; return the rest, and notices."""
    content: dict[str, list[Any]] = {}
    left_out = list(chain.from_iterable(reading.left_out for reading in readings.values()))
    for each in LISTS:
        content[each.name] = _without_twins(each, readings[each.name].values, left_out)
        if each.parent is not None:
            content[each.name] = _with_parents(each, content, left_out)
    return content, tuple(left_out)


def _without_twins(listed: BackupList, values: Sequence[Any], left_out: list[LeftOut]) -> list[Any]:
    seen: set[Hashable] = set()
    kept = []
    for value in values:
        keys = {(rank, identity(value)) for rank, identity in enumerate(listed.identities)}
        if seen & keys:
            left_out.append(_notice(listed, value, "y est déjà une fois"))
        else:
            kept.append(value)
            seen |= keys
    return kept


def _with_parents(
    listed: BackupList, content: Mapping[str, Sequence[Any]], left_out: list[LeftOut]
) -> list[Any]:
    assert listed.parent is not None  # noqa: S101 - the caller looked
    name, field = listed.parent
    parents = next(each for each in LISTS if each.name == name)
    known = {parents.identities[0](value) for value in content[name]}
    kept = []
    for value in content[listed.name]:
        parent = getattr(value, field)
        if parent is None or parent in known:
            kept.append(value)
        elif not listed.is_part:
            reason = f"ce dont il dépend n'y est pas ({parents.record.label} {parent})"
            left_out.append(_notice(listed, value, reason))
    return kept


def _notice(listed: BackupList, value: Any, reason: str) -> LeftOut:  # noqa: ANN401 - any kept value
    return listed.record.left_out(listed.record.to_json(value), reason)
