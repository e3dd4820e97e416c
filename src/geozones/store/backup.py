"""Every scenario and publication in one JSON file, and back."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from geozones.common.codes import new_code
from geozones.common.errors import InputError
from geozones.common.files import why
from geozones.domain import DamagedScenarioError, Publication, Scenario
from geozones.domain.access import EVERYONE, MAX_PERSON, Access, checked_members
from geozones.domain.actions import Action
from geozones.domain.links import SharedLink
from geozones.domain.publications import Approval
from geozones.store import actions, approvals, frozen, links, members, publications, rows
from geozones.store.checks import is_date, refuse, scenario_faults, write_json
from geozones.store.documents import from_document, publication_as, publication_of, to_document
from geozones.store.journal_documents import (
    KeptJournal,
    journal_as,
    journal_of,
    read_journal,
    write_missing_journal,
)
from geozones.store.voice_documents import (
    NOTHING,
    Said,
    read_said,
    said_as,
    said_of,
    write_missing_said,
)

FORMAT = "geozones.scenarios"
#: A file without publications is of version 1, which earlier installations read too.
VERSION, WITHOUT_PUBLICATIONS = 2, 1
#: Version of a file with second approvals: read without them, what waits for one is in force.
WITH_APPROVALS = 3
MAX_BYTES = 1_000_000_000
_REFUSED = "Cette sauvegarde ne peut pas être restaurée"


@dataclass(frozen=True, slots=True)
class Backup:
    """What was written to a file, or restored from it.

    Parameters
    ----------
    path
        The file.
    scenarios, events, links, publications, said
        How many scenarios, events, frozen copies, publications, and comments, questions and
        opinions were written.
    skipped
        Scenarios of the file that the store already held, the same.
    renamed
        Those whose id was taken by another content: their id in the file, and their new one.
    damaged
        Why each scenario, frozen copy or publication that is not in the file could not be read.
    """

    path: Path
    scenarios: int
    events: int
    links: int = 0
    publications: int = 0
    said: int = 0
    skipped: int = 0
    renamed: tuple[tuple[str, str], ...] = ()
    damaged: tuple[DamagedScenarioError, ...] = ()


@dataclass(frozen=True, slots=True)
class Content:
    """What a backup file holds: ``copies`` with their times, ``members`` by scenario (id)."""

    scenarios: tuple[Scenario, ...]
    copies: tuple[tuple[str, Scenario], ...]
    publications: tuple[Publication, ...] = ()
    links: tuple[SharedLink, ...] = ()
    members: Mapping[str, Mapping[str, Access]] = field(default_factory=dict)
    actions: tuple[Action, ...] = ()
    said: Said = NOTHING
    journal: tuple[KeptJournal, ...] = ()
    approvals: tuple[Approval, ...] = ()


def read_store(connection: Connection) -> tuple[Content, tuple[DamagedScenarioError, ...]]:
    """Read the whole store; return also what is wrong with what cannot be read."""
    scenarios, damaged = rows.read_all(connection)
    copies, damaged_copies = frozen.read_all(connection)
    published, unpublished = publications.read_all(connection)
    said, unsaid = read_said(connection)
    content = Content(
        scenarios,
        tuple(copies.values()),
        published,
        links.read_all(connection),
        members.read_all(connection),
        actions.read(connection),
        said,
        read_journal(connection),
        approvals.read_all(connection),
    )
    return content, damaged + damaged_copies + unpublished + unsaid


def to_text(content: Content, at: str) -> str:
    """Return the text of a backup file."""
    published = [publication_as(entry) for entry in content.publications]
    approved = [asdict(entry) for entry in content.approvals]
    version = WITH_APPROVALS if approved else VERSION
    return write_json(
        {
            "format": FORMAT,
            "version": version if published else WITHOUT_PUBLICATIONS,
            "written": at,
            "scenarios": [to_document(scenario) for scenario in content.scenarios],
            "frozen": [
                {"at": made, "scenario": to_document(copy)} for made, copy in content.copies
            ],
        }
        | ({"publications": published} if published else {})
        | ({"approvals": approved} if approved else {})
        | ({"links": [links.link_as(link) for link in content.links]} if content.links else {})
        | {"members": content.members, "actions": [*map(actions.action_as, content.actions)]}
        | said_as(content.said)
        | ({"journal": [*map(journal_as, content.journal)]} if content.journal else {})
    )


def read_file(path: Path) -> Content:
    """Read a backup file and check it as a whole.

    Raises
    ------
    InputError
        If it cannot be read or taken; the message lists the first faults.
    """
    document = _parse(_text(path))
    content, faults = _content(document)
    faults.extend(_twice(content.scenarios, "le scénario"))
    faults.extend(_twice(tuple(copy for _, copy in content.copies), "la copie figée"))
    faults.extend(publications.set_faults(content.publications))
    refuse(faults, _REFUSED)
    return content


def write_content(connection: Connection, content: Content, path: Path) -> Backup:
    """Write what the store does not hold yet; nothing that it holds and can be read changes.

    A scenario whose id is that of a damaged one comes under a new id; a frozen copy takes the place
    of a damaged one, since a link leads to it.

    Raises
    ------
    InputError
        If a frozen copy or a publication is there already with another content.
    """
    published, faults = publications.write_missing(connection, content.publications)
    refuse(faults, _REFUSED)
    approvals.write_missing(connection, content.approvals)
    written: list[Scenario] = []
    renamed: list[tuple[str, str]] = []
    for scenario in content.scenarios:
        if not rows.exists(connection, scenario.id):
            kept = scenario
        elif _is_stored(connection, scenario):
            continue
        else:
            kept = replace(scenario, id=new_code())
            renamed.append((scenario.id, kept.id))
        rows.insert(connection, kept)
        opened = content.members.get(scenario.id) or _members_before(scenario)
        members.write(connection, kept.id, opened)
        written.append(kept)
    actions.restore(connection, content.actions)
    write_missing_journal(connection, content.journal)
    return Backup(
        path,
        scenarios=len(written),
        events=sum(len(scenario.events) for scenario in written),
        links=_write_copies(connection, content),
        said=write_missing_said(connection, content.said),
        publications=published,
        skipped=len(content.scenarios) - len(written),
        renamed=tuple(renamed),
    )


def _members_before(scenario: Scenario) -> dict[str, Access]:
    """Return the members of a scenario of a file of before it had any, as the migration does."""
    return {EVERYONE: Access.EDITOR, scenario.author.casefold()[:MAX_PERSON]: Access.OWNER}


def _write_copies(connection: Connection, content: Content) -> int:
    stored, _ = frozen.read_all(connection)
    clashes = [
        f"la copie figée {copy.id} existe déjà avec un autre contenu"
        for _, copy in content.copies
        if copy.id in stored and not _same(stored[copy.id][1], copy)
    ]
    refuse(clashes, _REFUSED)
    new = [(made, copy) for made, copy in content.copies if copy.id not in stored]
    for made, copy in new:
        frozen.write(connection, copy, made)
    for link in content.links:
        links.restore(connection, link)
    return len(new)


def _is_stored(connection: Connection, scenario: Scenario) -> bool:
    """Tell whether the scenario stored under this id is the same."""
    try:
        return _same(rows.read(connection, scenario.id), scenario)
    except DamagedScenarioError:
        return False


def _same(one: Scenario, other: Scenario) -> bool:
    return to_document(one) == to_document(other)


def _text(path: Path) -> bytes:
    try:
        if path.exists() and not path.is_file():
            msg = f"{path} n'est pas un fichier ordinaire"
            raise _refused(msg)
        if path.stat().st_size > MAX_BYTES:
            msg = f"{path} est trop gros ({MAX_BYTES // 1_000_000} Mo au plus)"
            raise _refused(msg)
        return path.read_bytes()
    except OSError as error:
        msg = f"{path} ne peut pas être lu, {why(error)}"
        raise _refused(msg) from error


def _parse(text: bytes) -> dict[str, Any]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        msg = "le fichier est tronqué ou n'est pas du JSON"
        raise _refused(msg) from error
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        msg = "ce n'est pas une sauvegarde de scénarios de geozones"
        raise _refused(msg)
    version = document.get("version")
    if type(version) is not int or not WITHOUT_PUBLICATIONS <= version <= WITH_APPROVALS:
        msg = (
            "elle est d'une autre version que cette installation ne sait pas lire, mettez "
            "geozones à jour"
        )
        raise _refused(msg)
    return document


def _content(document: dict[str, Any]) -> tuple[Content, list[str]]:
    faults: list[str] = []
    scenarios: list[Scenario] = []
    copies: list[tuple[str, Scenario]] = []
    for number, item in enumerate(_items(document, "scenarios"), 1):
        scenarios.extend(_scenario(item, f"scénario {number}", faults))
    for number, item in enumerate(_items(document, "frozen"), 1):
        where = f"copie figée {number}"
        if not isinstance(item, dict) or not is_date(item.get("at")):
            faults.append(f"{where} : « at » n'est pas une date ISO 8601")
            continue
        read = _scenario(item.get("scenario"), where, faults)
        copies.extend((item["at"], copy) for copy in read)
    published = _publications(document, faults)
    shared = _links(document, faults)
    opened, log = _members(document, faults), _actions(document, faults)
    said, journal = said_of(document, faults), _journal(document, faults)
    content = Content(
        tuple(scenarios), tuple(copies), published, shared, opened, log, said, journal,
        _approvals(document, faults),
    )  # fmt: skip
    return content, faults


def _approvals(document: dict[str, Any], faults: list[str]) -> tuple[Approval, ...]:
    """Read second approvals: none in a file of before there were."""
    read = []
    items = _items(document, "approvals") if "approvals" in document else []
    for rank, item in enumerate(items, 1):
        try:
            read.append(approvals.approval_of(item))
        except InputError as error:
            faults.append(f"seconde approbation {rank} : {error}")
    return tuple(read)


def _journal(document: dict[str, Any], faults: list[str]) -> tuple[KeptJournal, ...]:
    """Read the journal of the experiment: none in a file of before there was one."""
    items = _items(document, "journal") if "journal" in document else []
    read = [journal_of(item) for item in items]
    wrong = (rank for rank, kept in enumerate(read, 1) if kept is None)
    faults.extend(f"fichier {rank} du journal de l'expérimentation : illisible" for rank in wrong)
    return tuple(kept for kept in read if kept is not None)


def _members(document: dict[str, Any], faults: list[str]) -> dict[str, dict[str, Access]]:
    """Read who may do what with each scenario: none in a file of before there were."""
    held = document.get("members", {})
    read: dict[str, dict[str, Access]] = {}
    for key, people in held.items() if isinstance(held, dict) else [("members", held)]:
        try:
            read[key] = checked_members({who: Access(word) for who, word in people.items()})
        except (InputError, ValueError, AttributeError) as error:
            why = str(error) if isinstance(error, InputError) else "ce n'est pas une liste"
            faults.append(f"personnes du scénario {key[:100]} : {why}")
    return read


def _actions(document: dict[str, Any], faults: list[str]) -> tuple[Action, ...]:
    """Read the log: none in a file of before there was one."""
    read = []
    for rank, item in enumerate(_items(document, "actions") if "actions" in document else [], 1):
        try:
            read.append(actions.action_of(item))
        except InputError as error:
            faults.append(f"journal, ligne {rank} : {error}")
    return tuple(read)


def _links(document: dict[str, Any], faults: list[str]) -> tuple[SharedLink, ...]:
    """Read the links: a file without any has none, as those made before there were."""
    items = _items(document, "links") if "links" in document else []
    read = [links.link_of(item) for item in items]
    wrong = (rank for rank, link in enumerate(read, 1) if link is None)
    faults.extend(f"lien {rank} : ce n'est pas un lien partagé" for rank in wrong)
    return tuple(link for link in read if link is not None)


def _publications(document: dict[str, Any], faults: list[str]) -> tuple[Publication, ...]:
    if document["version"] == WITHOUT_PUBLICATIONS:
        return ()
    read: list[Publication] = []
    for number, item in enumerate(_items(document, "publications"), 1):
        where = f"publication {number}"
        try:
            read.append(publication_of(item))
        except InputError as error:
            faults.append(f"{where} : {error}")
            continue
        faults.extend(f"{where} : {fault}" for fault in publications.publication_faults(read[-1]))
    return tuple(read)


def _items(document: dict[str, Any], name: str) -> list[Any]:
    items = document.get(name)
    if not isinstance(items, list):
        msg = f"il manque la liste « {name} »"
        raise _refused(msg)
    return items


def _scenario(item: Any, where: str, faults: list[str]) -> Iterator[Scenario]:  # noqa: ANN401
    try:
        scenario = from_document(item)
    except InputError as error:
        faults.append(f"{where} : {error}")
        return
    faults.extend(f"{where} : {fault}" for fault in scenario_faults(scenario))
    yield scenario


def _twice(scenarios: tuple[Scenario, ...], what: str) -> Iterator[str]:
    seen: set[str] = set()
    for scenario in scenarios:
        key = str(scenario.id)
        if key in seen:
            yield f"{what} {key[:100]} y est deux fois"
        seen.add(key)


def _refused(fault: str) -> InputError:
    return InputError(f"{_REFUSED} : {fault} ; rien n'a été enregistré.")
