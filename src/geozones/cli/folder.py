"""« folder »: files of a data folder."""

import json
from typing import Annotated

from geozones.cli.parameters import Reply, argument, flag, group
from geozones.common.french import listing, plural
from geozones.intake.manifest_file import find_data_folder
from geozones.workspace.doctor.folder import FileState, FolderFile, check_folder
from geozones.workspace.territories import territory_folder

folder = group("folder")
_SIGNS = {
    FileState.PRESENT: "✓",
    FileState.ABSENT: "-",
    FileState.STALE: "!",
    FileState.ALTERED: "✗",
}


@folder.command(name="check", help="Chaque fichier du dossier d'un territoire : état, remède.")
def check(
    place: Annotated[
        str | None, argument("DOSSIER", "dossier ou territoire (sinon, celui qui est ouvert)")
    ] = None,
    /,
    *,
    as_json: Annotated[bool, flag("répondre par un objet JSON", name="--json")] = False,
) -> Reply:
    """Check every file of a data folder; exit with status 2 if it cannot be opened."""
    path = find_data_folder() if place is None else territory_folder(place)
    files = check_folder(path)
    wrong = [each for each in files if each.is_wrong]
    if as_json:
        text = json.dumps(
            {"folder": str(path), "ok": not wrong, "files": [_row(each) for each in files]},
            ensure_ascii=False,
        )
    else:
        text = "\n".join([f"Dossier {path}", *map(_line, files), _verdict(wrong)])
    return Reply(text, status=2 if wrong else 0)


def _row(each: FolderFile) -> dict[str, object]:
    return {
        "name": each.name,
        "purpose": each.purpose,
        "required": each.required,
        "state": each.state,
        "fault": each.fault or None,
        "remedy": each.remedy or None,
    }


def _line(each: FolderFile) -> str:
    need = "obligatoire" if each.required else "facultatif"
    parts = (
        f"{_SIGNS[each.state]} {each.name} ({need}, {each.state}) : {each.purpose}.",
        each.fault,
    )
    line = " ".join(part for part in parts if part)
    return f"{line}\n    → {each.remedy}" if each.remedy else line


def _verdict(wrong: list[FolderFile]) -> str:
    names = [each.name for each in wrong]
    if not wrong:
        return "Ce dossier peut être ouvert."
    return f"{plural(len(wrong), 'fichier')} à corriger ou à refaire : {listing(names)}."
