"""Backup file: everything that the store holds as JSON, written, verified and read back."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geozones.common.errors import InputError
from geozones.common.files import ordinary, why, write_atomically
from geozones.common.json_text import write_json
from geozones.domain.left_out import LeftOut
from geozones.domain.log_chain import Anchor, anchor_of, chain_faults
from geozones.records import Document, Reading
from geozones.store.backup_lists import LISTS, VERSION, Content, settled
from geozones.store.log_keys import known_keys
from geozones.store.old_backups import modernised

FORMAT = "geozones.scenarios"
MAX_BYTES = 1_000_000_000
_HEAD = ("format", "version", "written", "seal")
_REFUSED = "Cette sauvegarde ne peut pas être restaurée"


@dataclass(frozen=True, slots=True)
class Backup:
    """Result of writing, verifying or restoring a backup file.

    Parameters
    ----------
    path
        The file.
    scenarios, events, links, publications, feedback
        How many scenarios, events, frozen copies, publications, and comments, questions and
        opinions were written.
    skipped
        Scenarios of the file that the store already held, the same.
    renamed
        Scenarios whose id held other content: the id in the file, and the new id.
    left_out
        What could not be read or restored, and why.
    written
        When the file was written (ISO 8601, UTC).
    log_faults
        What is wrong with the log of actions that the file holds, in French sentences.
    """

    path: Path
    scenarios: int
    events: int
    links: int = 0
    publications: int = 0
    feedback: int = 0
    skipped: int = 0
    renamed: tuple[tuple[str, str], ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    written: str = ""
    log_faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BackupFile:
    """Content of a backup file that can be restored, and notices of the rest."""

    content: Content
    left_out: tuple[LeftOut, ...]
    written: str
    log_faults: tuple[str, ...] = ()


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
        log_faults=file.log_faults,
    )


def write_file(path: Path, content: Content, left_out: Sequence[LeftOut], at: str) -> Backup:
    """Write a backup that only its owner may read, after reading it back whole.

    Raises
    ------
    InputError
        If the file cannot be written, or is not read back the same; the file at this
        path is then unchanged.
    """
    expected = {name: list(values) for name, values in content.items()}

    def verify(file: Path) -> None:
        read = read_file(file)
        if read.left_out or read.content != expected:
            what = f" : {read.left_out[0]}" if read.left_out else ""
            msg = (
                f"La sauvegarde {path} a été écrite mais ne se relit pas{what}. L'ancien fichier "
                "est resté en place ; prévenez l'administrateur de l'outil."
            )
            raise InputError(msg)

    write_atomically(path, to_text(content, at), private=True, verify=verify)
    faults = chain_faults(content["actions"], known_keys())
    return counted(path, BackupFile(content, tuple(left_out), at, faults))


def to_text(content: Content, at: str) -> str:
    """Return the text of a backup file, in the oldest format version that holds its content."""
    version = max(each.version(content[each.name]) for each in LISTS)
    document: Document = {"format": FORMAT, "version": version, "written": at}
    last = anchor_of(content["actions"])
    if last is not None:
        document["seal"] = {"position": last.position, "seal": last.seal}
    for each in LISTS:
        if each.since <= version:
            document[each.name] = list(map(each.record.to_json, content[each.name]))
    return write_json(document)


def read_file(path: Path) -> BackupFile:
    """Read a backup file: what can be restored, and notices of the rest.

    Raises
    ------
    InputError
        If the file itself cannot be read: it is cut, is no backup, or is of a newer version.
    """
    document = modernised(_parse(_bytes(path)))
    unknown = sorted(document.keys() - {*_HEAD, *(each.name for each in LISTS)})
    if unknown:
        msg = f"elle contient une liste inconnue, « {unknown[0][:60]} », mettez geozones à jour"
        raise _refused(msg)
    readings: dict[str, Reading[Any]] = {}
    for each in LISTS:
        if each.since > document["version"]:
            readings[each.name] = Reading()
            continue
        entries = document.get(each.name)
        if not isinstance(entries, list):
            msg = f"il manque la liste « {each.name} »"
            raise _refused(msg)
        readings[each.name] = each.record.read_entries(entries)
    content, left_out = settled(readings)
    written = document.get("written")
    faults = chain_faults(content["actions"], known_keys(), _anchor(document.get("seal")))
    return BackupFile(content, left_out, written if isinstance(written, str) else "", faults)


def _anchor(noted: object) -> Anchor | None:
    """Return the last seal noted in a file; ``None`` if there is none."""
    if not isinstance(noted, dict) or type(noted.get("position")) is not int:
        return None
    return Anchor(noted["position"], str(noted.get("seal")))


def verify_file(path: Path) -> Backup:
    """Read a backup file as `Store.restore` does, and return what it would restore."""
    return counted(path, read_file(path))


def _bytes(path: Path) -> bytes:
    try:
        ordinary(path)
        if path.stat().st_size > MAX_BYTES:
            msg = f"{path} est trop gros ({MAX_BYTES // 1_000_000} Mo au plus)"
            raise _refused(msg)
        return path.read_bytes()
    except OSError as error:
        msg = f"{path} ne peut pas être lu, {why(error)}"
        raise _refused(msg) from error


def _parse(text: bytes) -> Document:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        msg = "le fichier est tronqué ou n'est pas du JSON"
        raise _refused(msg) from error
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        msg = "ce n'est pas une sauvegarde de scénarios de geozones"
        raise _refused(msg)
    version = document.get("version")
    if type(version) is not int or not 1 <= version <= VERSION:
        msg = (
            "elle est d'une autre version que cette installation ne sait pas lire, mettez "
            "geozones à jour"
        )
        raise _refused(msg)
    return document


def _refused(fault: str) -> InputError:
    return InputError(f"{_REFUSED} : {fault} ; rien n'a été enregistré.")
