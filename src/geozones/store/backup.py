"""Backup file: everything the store holds as JSON, written, verified, read back, restored.

Backup files of versions 1 and 2 are converted as they are read: they may lack some lists, hold the
members of scenarios as an object, and have the months of a journal inside its files.
"""

import json
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from geozones.common.bounds import write_json
from geozones.common.errors import InputError
from geozones.common.files import new_code, ordinary, why, write_atomically
from geozones.domain import DamagedScenarioError, Scenario
from geozones.domain.access import EVERYONE, Access, with_owner
from geozones.domain.comments import Comment, Opinion, Question
from geozones.domain.errors import LeftOut
from geozones.domain.scenario import FrozenCopy
from geozones.records import Document, Reading, Record, kinds
from geozones.records.kinds import FROZEN
from geozones.store import feature_rows, permissions, rows, versions
from geozones.store.feature_rows import COMMENT_ANSWERS, EARLIER_ANSWERS
from geozones.store.tables import COMMENTS, JOURNAL_FILES, OPINIONS, QUESTIONS

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
    reading = feature_rows.read_comments(connection)
    return Reading(reading.values, [*reading.left_out, *COMMENT_ANSWERS.orphans(connection)])


def _opinions(connection: Connection) -> Reading[Any]:
    reading = feature_rows.read_opinions(connection)
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
        feature_rows.read_publications,
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
    BackupList(
        "questions", kinds.QUESTION, 3, feature_rows.read_questions, (lambda it: it.version,)
    ),
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
        feature_rows.read_approvals,
        (lambda it: it.publication,),
        ("publications", "publication"),
    ),
    BackupList("journal", kinds.JOURNAL_FILE, 3, feature_rows.read_files, (lambda it: it.id,)),
    BackupList(
        "journal_months",
        kinds.JOURNAL_MONTH,
        3,
        feature_rows.read_months,
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
        values = readings[each.name].values
        seen: set[Hashable] = set()
        kept = []
        for value in values:
            keys = {(rank, identity(value)) for rank, identity in enumerate(each.identities)}
            if seen & keys:
                left_out.append(_notice(each, value, "y est déjà une fois"))
            else:
                kept.append(value)
                seen |= keys
        content[each.name] = kept
        if each.parent is not None:
            content[each.name] = _with_parents(each, content, left_out)
    return content, tuple(left_out)


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


#: The version in which every list has one entry for each stored record.
_REGULAR = 3
#: Lists that a file of version 1 or 2 may lack.
_OPTIONAL = ("links", "actions", "comments", "questions", "opinions", "journal")


def modernised(document: Document) -> Document:
    """Return a backup document with the lists of version 3; return version 3 unchanged."""
    if document["version"] >= _REGULAR:
        return document
    lists = {name: document.get(name, []) for name in _OPTIONAL}
    lists["publications"] = (
        document.get("publications", [])
        if document["version"] == 1
        else (document.get("publications"))
    )
    lists["frozen"] = _copies(document.get("frozen"))
    lists["members"] = _members(document.get("members", {}))
    lists["journal"], lists["journal_months"] = _journal(lists["journal"])
    return {**document, **lists, "version": _REGULAR}


def _copies(copies: Any) -> Any:  # noqa: ANN401 - whatever a file holds
    """Add to each frozen copy its token, which is the id of its scenario."""
    if not isinstance(copies, list):
        return copies
    return [
        {**copy, "token": copy["scenario"].get("id")}
        if isinstance(copy, dict) and isinstance(copy.get("scenario"), dict)
        else copy
        for copy in copies
    ]


def _members(held: Any) -> Any:  # noqa: ANN401 - whatever a file holds
    """Return members as a list; old versions grouped them by scenario (id), then person."""
    if not isinstance(held, dict):
        return held
    return [
        {"scenario": scenario, "person": person, "access": access}
        for scenario, people in held.items()
        for person, access in (people.items() if isinstance(people, dict) else [("", people)])
    ]


def _journal(files: Any) -> tuple[Any, list[Document]]:  # noqa: ANN401 - whatever a file holds
    """Separate the months from the files that contained them."""
    if not isinstance(files, list):
        return files, []
    months = [
        {"file": file.get("id"), "month": month, "content": content}
        for file in files
        if isinstance(file, dict) and isinstance(file.get("months"), dict)
        for month, content in file["months"].items()
    ]
    return [_without_months(file) for file in files], months


def _without_months(file: Any) -> Any:  # noqa: ANN401 - whatever a file holds
    if not isinstance(file, dict):
        return file
    return {name: value for name, value in file.items() if name != "months"}


FORMAT = "geozones.scenarios"
MAX_BYTES = 1_000_000_000
#: Keys that are no lists; ``seal`` is in files of earlier versions, and nothing reads it.
_HEAD = ("format", "version", "written", "seal")
_REFUSED = "Cette sauvegarde ne peut pas être restaurée"


@dataclass(frozen=True, slots=True)
class Backup:
    """Result of writing, verifying or restoring a backup file."""

    path: Path  # The file.
    #: How many scenarios, events, frozen copies, publications, and comments, questions and opinions
    #: were written.
    scenarios: int
    events: int
    links: int = 0
    publications: int = 0
    feedback: int = 0
    skipped: int = 0  # Scenarios of the file that the store already held, the same.
    #: Scenarios whose id held other content: the id in the file, and the new id.
    renamed: tuple[tuple[str, str], ...] = ()
    left_out: tuple[LeftOut, ...] = ()  # What could not be read or restored, and why.
    written: str = ""  # When the file was written (ISO 8601, UTC).


@dataclass(frozen=True, slots=True)
class BackupFile:
    """Content of a backup file that can be restored, and notices of the rest."""

    content: Content
    left_out: tuple[LeftOut, ...]
    written: str


def counted(path: Path, file: BackupFile) -> Backup:
    """Return the counts of a file's content."""
    content = file.content
    return Backup(
        path,
        len(content["scenarios"]),
        sum(len(scenario.events) for scenario in content["scenarios"]),
        len(content["frozen"]),
        publications=len(content["publications"]),
        feedback=sum(len(content[name]) for name in ("comments", "questions", "opinions")),
        left_out=file.left_out,
        written=file.written,
    )


def write_file(path: Path, content: Content, left_out: Sequence[LeftOut], at: str) -> Backup:
    """Write a backup that only its owner may read, after reading it back whole."""
    expected = {name: list(values) for name, values in content.items()}

    def verify(file: Path) -> None:
        read = read_file(file)
        if read.left_out or read.content != expected:
            what = f" : {read.left_out[0]}" if read.left_out else ""
            raise InputError(
                f"La sauvegarde {path} a été écrite mais ne se relit pas{what}. L'ancien fichier "
                "est resté en place ; prévenez l'administrateur de l'outil."
            )

    write_atomically(path, to_text(content, at), private=True, verify=verify)
    return counted(path, BackupFile(content, tuple(left_out), at))


def to_text(content: Content, at: str) -> str:
    """Return the text of a backup file, in the oldest format version that holds its content."""
    version = max(each.version(content[each.name]) for each in LISTS)
    document: Document = {"format": FORMAT, "version": version, "written": at}
    for each in LISTS:
        if each.since <= version:
            document[each.name] = list(map(each.record.to_json, content[each.name]))
    return write_json(document)


def read_file(path: Path) -> BackupFile:
    """Read a backup file: what can be restored, and notices of the rest."""
    document = modernised(_parse(_bytes(path)))
    unknown = sorted(document.keys() - {*_HEAD, *(each.name for each in LISTS)})
    if unknown:
        raise _refused(
            f"elle contient une liste inconnue, « {unknown[0][:60]} », mettez geozones à jour"
        )
    readings: dict[str, Reading[Any]] = {}
    for each in LISTS:
        if each.since > document["version"]:
            readings[each.name] = Reading()
            continue
        entries = document.get(each.name)
        if not isinstance(entries, list):
            raise _refused(f"il manque la liste « {each.name} »")
        readings[each.name] = each.record.read_entries(entries)
    content, left_out = settled(readings)
    written = document.get("written")
    return BackupFile(content, left_out, written if isinstance(written, str) else "")


def verify_file(path: Path) -> Backup:
    """Read a backup file as `Store.restore` does, and return what it would restore."""
    return counted(path, read_file(path))


def _bytes(path: Path) -> bytes:
    try:
        ordinary(path)
        if path.stat().st_size > MAX_BYTES:
            raise _refused(f"{path} est trop gros ({MAX_BYTES // 1_000_000} Mo au plus)")
        return path.read_bytes()
    except OSError as error:
        raise _refused(f"{path} ne peut pas être lu, {why(error)}") from error


def _parse(text: bytes) -> Document:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _refused("le fichier est tronqué ou n'est pas du JSON") from error
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise _refused("ce n'est pas une sauvegarde de scénarios de geozones")
    version = document.get("version")
    if type(version) is not int or not 1 <= version <= VERSION:
        raise _refused(
            "elle est d'une autre version que cette installation ne sait pas lire, mettez "
            "geozones à jour"
        )
    return document


def _refused(fault: str) -> InputError:
    return InputError(f"{_REFUSED} : {fault} ; rien n'a été enregistré.")


def restore_file(connection: Connection, file: BackupFile, path: Path) -> Backup:
    """Restore the entries of a backup file that fit; return it with notices of the rest.

    If a damaged or different scenario has the id of a restored one, the latter gets a new id. A
    frozen copy replaces a damaged copy of the same token, since links lead to it.
    """
    content = file.content
    left_out = list(file.left_out)
    held: dict[str, dict[str, Access]] = {}
    for member in content["members"]:
        held.setdefault(member.scenario, {})[member.person] = member.access
    scenarios = _Scenarios(connection)
    for scenario in content["scenarios"]:
        scenarios.restore(scenario, held.get(scenario.id, {}))
    permissions.restore_actions(connection, content["actions"])
    copies = _restore_copies(connection, content["frozen"], left_out)
    for link in content["links"]:
        versions.restore(connection, link)
    feedback = _restore_comments(connection, content["comments"])
    feedback += _restore_opinions(connection, content["questions"], content["opinions"])
    _restore_journal(connection, file)
    published, unpublished = feature_rows.write_missing_publications(
        connection, content["publications"]
    )
    feature_rows.write_missing_approvals(connection, content["approvals"])
    return Backup(
        path,
        scenarios=len(scenarios.written),
        events=sum(len(scenario.events) for scenario in scenarios.written),
        links=copies,
        feedback=feedback,
        publications=published,
        skipped=len(content["scenarios"]) - len(scenarios.written),
        renamed=tuple(scenarios.renamed),
        left_out=(*left_out, *unpublished),
        written=file.written,
    )


@dataclass
class _Scenarios:
    """Progress of restoring scenarios."""

    connection: Connection
    written: list[Scenario] = field(default_factory=list)
    renamed: list[tuple[str, str]] = field(default_factory=list)

    def restore(self, scenario: Scenario, held: dict[str, Access]) -> None:
        """Write a scenario with its members, unless the store holds the same."""
        kept = scenario
        if rows.exists(self.connection, scenario.id):
            if self._is_stored(scenario):
                return
            kept = replace(scenario, id=new_code())
            self.renamed.append((scenario.id, kept.id))
        rows.insert(self.connection, kept)
        # Files written before members existed: open to everyone, as the migration leaves scenarios.
        opened = held or {EVERYONE: Access.EDITOR}
        permissions.write_members(self.connection, kept.id, with_owner(opened, kept.author))
        self.written.append(kept)

    def _is_stored(self, scenario: Scenario) -> bool:
        try:
            return rows.read(self.connection, scenario.id) == scenario
        except DamagedScenarioError:
            return False


def _restore_copies(
    connection: Connection, copies: Sequence[FrozenCopy], left_out: list[LeftOut]
) -> int:
    stored = {copy.token: copy for copy in versions.read_all_frozen(connection).values}
    written = 0
    for copy in copies:
        held = stored.get(copy.token)
        if held is None:
            versions.write_frozen(connection, copy)
            written += 1
        elif held.scenario != copy.scenario:
            reason = "elle existe déjà avec un autre contenu, qui est gardé"
            left_out.append(FROZEN.left_out({"token": copy.token}, reason))
    return written


def _restore_comments(connection: Connection, listed: Sequence[Comment]) -> int:
    held = set(connection.execute(select(COMMENTS.c.id)).scalars())
    new = [comment for comment in listed if comment.id not in held]
    for comment in new:
        feature_rows.insert_comment(connection, comment)
    return len(new)


def _restore_opinions(
    connection: Connection, questions: Sequence[Question], given: Sequence[Opinion]
) -> int:
    asked = set(connection.execute(select(QUESTIONS.c.version)).scalars())
    held = connection.execute(select(OPINIONS.c.token, OPINIONS.c.version, OPINIONS.c.lycee)).all()
    tokens, pairs = {row.token for row in held}, {(row.version, row.lycee) for row in held}
    new = [question for question in questions if question.version not in asked]
    for question in new:
        feature_rows.write_question(connection, question)
    missing = [
        each
        for each in given
        if each.token not in tokens and (each.version, each.lycee) not in pairs
    ]
    feature_rows.insert_opinions(connection, missing)
    return len(new) + len(missing)


def _restore_journal(connection: Connection, file: BackupFile) -> None:
    held = set(connection.execute(select(JOURNAL_FILES.c.id)).scalars())
    for each in file.content["journal"]:
        if each.id not in held:
            feature_rows.insert_file(connection, each)
    months = [each for each in file.content["journal_months"] if each.file not in held]
    feature_rows.insert_months(connection, months)
