"""« folder » and « overview »: files of a data folder, figures of several territories."""

import json
from pathlib import Path
from typing import Annotated

from geozones.cli.options import (
    DEFAULTS,
    Answer,
    Reply,
    argument,
    between,
    flag,
    group,
    one_of,
    option,
    progress,
)
from geozones.common.errors import InputError
from geozones.common.files import write_atomically
from geozones.common.french import listing, number, plural
from geozones.domain.terms import terms, using_terms
from geozones.export.overview import FIGURES, FORMATS, Overview
from geozones.intake.data_folder import find_data_folder
from geozones.workspace.doctor.folder import FileState, FolderFile, check_folder
from geozones.workspace.overview import figures_json, read_overview, row_json, territory_row
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


#: Widths of the name of a territory and of a figure, and the space between columns.
_NAME, _LEAST, _GAP = 28, 6, 2


def overview(
    folders: Annotated[
        list[str] | None,
        argument(
            "DOSSIER", "dossiers, ou noms de territoires créés ici (sinon, celui qui est ouvert)"
        ),
    ] = None,
    /,
    *,
    figure: Annotated[
        str,
        option(
            "CHIFFRE",
            f"chiffre de la carte : {', '.join(record.key for record in FIGURES)} (road_hours)",
            check=one_of([record.key for record in FIGURES]),
        ),
    ] = "road_hours",
    format_: Annotated[
        str | None,
        option("FORMAT", f"{', '.join(FORMATS)} (sinon, d'après FICHIER)", name="--format"),
    ] = None,
    out: Annotated[Path | None, option("FICHIER", "le fichier à écrire : tableau ou carte")] = None,
    size: Annotated[str, option("TAILLE", "de la carte : hd (le défaut), 4k, a4, a3")] = "hd",
    jobs: Annotated[
        int, option("N", "territoires ouverts à la fois (1)", check=between(1, 64))
    ] = 1,
    as_json: Annotated[bool, flag("répondre par un objet JSON", name="--json")] = False,
) -> Reply:
    """Print the figures of several territories, each opened by a process of its own."""
    kind = _kind(format_, out)
    record = next(record for record in FIGURES if record.key == figure)
    if folders:
        found = read_overview(folders, jobs, record, progress("territoires"))
    else:
        found = Overview((territory_row(DEFAULTS.study()),), record, terms())
    answer: Answer = {}
    with using_terms(found.terms):
        if out is not None and kind is not None:
            made = FORMATS[kind](found, size)
            write_atomically(out, made)
            answer = {"path": str(out), "bytes": len(made)}
        text = _table(found)
    left_out = [f"{row.name} : {row.problem}" for row in found.rows if row.problem]
    left_out += [f"{row.name} : {note}" for row in found.rows for note in row.notes]
    if as_json:
        rows = [row_json(row) for row in found.rows]
        totals = figures_json({each.key: found.total(each) for each in FIGURES})
        answer = {"territories": rows, "total": totals} | answer
        return Reply(json.dumps(answer, ensure_ascii=False), tuple(left_out))
    if answer:
        text = f"{text}\n{answer['path']} : {number(answer['bytes'])} octets"
    return Reply(text, tuple(left_out))


def _kind(asked: str | None, out: Path | None) -> str | None:
    """Return the format of the file; raise ``InputError`` if there is none of this name."""
    if out is None:
        if asked is not None:
            raise InputError("Donnez aussi --out FICHIER, le fichier à écrire.")
        return None
    kind = (asked or out.suffix.lstrip(".")).casefold()
    if kind not in FORMATS:
        known = listing([*FORMATS], "ou")
        raise InputError(f"Le format « {kind[:40]} » n'existe pas : choisissez {known}.")
    return kind


def _table(found: Overview) -> str:
    """Return the table as text: a line for each territory, and the total if there are several."""
    heads = ("Territoire", *(record.narrow for record in FIGURES))
    rows = [
        (row.name, *(each.write(row.figures[each.key]) for each in FIGURES)) for row in found.opened
    ]
    if len(found.rows) > 1:
        rows.append((found.total_name, *(each.write(found.total(each)) for each in FIGURES)))
    widths = [max(_LEAST, *(len(row[at]) for row in (heads, *rows))) for at in range(len(heads))]
    widths[0] = min(widths[0], _NAME)
    lines = [
        "".join(
            _cut(cell).ljust(wide) if not at else cell.rjust(wide + _GAP)
            for at, (cell, wide) in enumerate(zip(row, widths, strict=True))
        )
        for row in (heads, *rows)
    ]
    return "\n".join([*lines, *filter(None, [found.limits])])


def _cut(name: str) -> str:
    return name if len(name) <= _NAME else f"{name[: _NAME - 1]}…"
