"""Upkeep of this installation and of its folders: health, each night, backups, files, overview.

Commands « doctor », « nightly », « scenarios backup », « scenarios verify », « folder » and
« overview ».
"""

import json
from contextlib import closing
from pathlib import Path
from typing import Annotated

from geozones.cli.command_line import repeat, start_service_log
from geozones.cli.options import (
    DEFAULTS,
    Answer,
    CommonOptions,
    Reply,
    argument,
    between,
    flag,
    group,
    local_clock,
    one_of,
    option,
    progress,
    store_opener,
)
from geozones.cli.scenarios import counted, written_text
from geozones.common.errors import InputError
from geozones.common.files import write_atomically
from geozones.common.french import listing, number, plural, short_month
from geozones.domain.terms import terms, using_terms
from geozones.export.overview import FIGURES, FORMATS, Overview
from geozones.intake.data_folder import find_data_folder
from geozones.workspace.doctor import FindingState, examine
from geozones.workspace.doctor.folder import FileState, FolderFile, check_folder
from geozones.workspace.roles import LOCAL
from geozones.workspace.scenarios.backups import (
    backup_into,
    note_verified,
    open_store,
    store_is_there,
    verify_backup,
)
from geozones.workspace.territories import (
    figures_json,
    read_overview,
    row_json,
    territory_folder,
    territory_row,
)
from geozones.workspace.upkeep import Night, run_nightly

_SIGNS = {FindingState.OK: "✓", FindingState.WARNING: "!", FindingState.FAULT: "✗"}


def doctor(
    *, as_json: Annotated[bool, flag("répondre par un objet JSON", name="--json")] = False
) -> Reply:
    """Run the health check; exit with status 1 on a fault."""
    found = [(check, finding) for check, finding in examine()]
    faulty = any(finding.state is FindingState.FAULT for _, finding in found)
    if as_json:
        rows = [
            {"key": check.key, "state": finding.state, "message": finding.message}
            for check, finding in found
        ]
        text = json.dumps({"ok": not faulty, "checks": rows}, ensure_ascii=False)
    else:
        text = "\n".join(
            f"{_SIGNS[finding.state]} {check.label} : {finding.message}" for check, finding in found
        )
    return Reply(text, status=1 if faulty else 0)


def nightly(
    *,
    every: Annotated[
        float | None, option("HEURES", "recommencer, jusqu'à l'arrêt", check=between(0.01, 744))
    ] = None,
    as_json: Annotated[bool, flag("répondre par un objet JSON", name="--json")] = False,
) -> Reply | int:
    """Run the nightly maintenance: forget an old month, purge erased content, note the last seal.

    Exit with status 1 if the log contradicts the last noted seal.
    """
    start_service_log()
    if every is not None:
        return repeat(lambda: _report(_run(), as_json=as_json), every * 3600)
    night = _run()
    return Reply(_report(night, as_json=as_json), status=1 if night.fault else 0)


def _run() -> Night:
    if not store_is_there():
        return Night(None, purged=True, fault="")
    with store_opener() as opener:
        return run_nightly(opener, LOCAL, local_clock().date())


def _report(night: Night, *, as_json: bool) -> str:
    if as_json:
        answer = {
            "forgotten": night.forgotten,
            "purged": night.purged,
            "fault": night.fault or None,
        }
        return json.dumps(answer, ensure_ascii=False)
    forgotten = (
        f"Mois du journal de l'expérimentation oublié : {short_month(night.forgotten + '-01')}."
        if night.forgotten
        else "Aucun mois du journal de l'expérimentation n'est à oublier."
    )
    purged = (
        "Rien de ce qui a été effacé ne reste dans les fichiers de la base."
        if night.purged
        else "Ce qui a été effacé n'a pas pu être retiré des fichiers de la base (en cours de "
        "lecture, ou disque plein). Nouvel essai à la prochaine écriture, ou la nuit prochaine."
    )
    sealed = night.fault or "Dernier sceau du journal des actions noté."
    return f"{forgotten}\n{purged}\n{sealed}"


def backup(
    file: Annotated[
        Path, argument("FICHIER", "le fichier à écrire ; avec --keep ou --every, un dossier")
    ],
    /,
    *,
    keep: Annotated[
        int | None,
        option("N", "dans un dossier : garder les N dernières", check=between(1, 10_000)),
    ] = None,
    every: Annotated[
        float | None,
        option(
            "HEURES", "dans un dossier : recommencer, jusqu'à l'arrêt", check=between(0.01, 744)
        ),
    ] = None,
    common: CommonOptions = DEFAULTS,
) -> Reply | int:
    """Back up the whole store to a file, or to a new file of a folder."""
    if every is not None:
        return _again(file, keep, every * 3600, common)
    study = common.study()
    if keep is not None:
        return common.reply(study, _into(file, keep), _into_text)
    with closing(open_store()) as store:
        done = store.backup(file)
    note_verified(done, local_clock())
    return common.reply(study, counted(done), written_text)


def verify(
    file: Annotated[Path, argument("FICHIER", "un fichier écrit par « scenarios backup »")],
    /,
    *,
    common: CommonOptions = DEFAULTS,
) -> Reply:
    """Verify a backup: read it as a restore would, and report its contents; write nothing."""
    study = common.study()
    done = verify_backup(file)
    note_verified(done, local_clock())
    return common.reply(study, counted(done), _verified_text)


def _verified_text(answer: Answer) -> str:
    return (
        f"{written_text(answer)} : tout le reste peut être rétabli."
        if answer["left_out"]
        else (f"{written_text(answer)} : tout peut être rétabli.")
    )


def _into(folder: Path, keep: int | None) -> Answer:
    with closing(open_store()) as store:
        kept = backup_into(store, folder, local_clock(), keep)
    return counted(kept.backup) | {"removed": list(kept.removed)}


def _again(folder: Path, keep: int | None, every_s: float, common: CommonOptions) -> int:
    """Back up until a signal stops it; a failed backup is reported, and tried again."""
    start_service_log()

    def act() -> str:
        answer = _into(folder, keep)
        return json.dumps(answer, ensure_ascii=False) if common.json else _into_text(answer)

    return repeat(act, every_s)


def _into_text(answer: Answer) -> str:
    removed = len(answer["removed"])
    gone = f" ; {plural(removed, 'ancienne supprimée', 'anciennes supprimées')}" if removed else ""
    return f"{written_text(answer)}{gone}"


folder = group("folder")
_FILE_SIGNS = {
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
        f"{_FILE_SIGNS[each.state]} {each.name} ({need}, {each.state}) : {each.purpose}.",
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


def overview(  # noqa: PLR0913 - one parameter an option
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
            msg = "Donnez aussi --out FICHIER, le fichier à écrire."
            raise InputError(msg)
        return None
    kind = (asked or out.suffix.lstrip(".")).casefold()
    if kind not in FORMATS:
        known = listing([*FORMATS], "ou")
        msg = f"Le format « {kind[:40]} » n'existe pas : choisissez {known}."
        raise InputError(msg)
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
