"""« import »: a user's list turned into a plan, with its repairs and rejected rows."""

import json
from pathlib import Path
from typing import Annotated

from geozones.cli.answers import Answer, content
from geozones.cli.options import DEFAULTS, CommonOptions
from geozones.cli.parameters import argument, flag, option
from geozones.cli.reply import Reply
from geozones.common.errors import InputError
from geozones.common.files import write_atomically
from geozones.common.french import plural
from geozones.domain.decisions import decisions_of
from geozones.intake.document_reader import read_document
from geozones.intake.documents import MAX_BYTES
from geozones.intake.import_report import Accepted, Report
from geozones.workspace.imports.list_reading import directory_of, read_list
from geozones.workspace.imports.listed_plan import ListedPlan, planned
from geozones.workspace.imports.new_lycees import changes_of, places_of


def import_list(
    file: Annotated[Path, argument("FICHIER", "texte collé, CSV, XLSX, ODS ou GeoJSON")],
    /,
    *,
    drop_absent: Annotated[
        bool, flag("retirer du plan les {sites} des secteurs de la liste qui n'y sont pas")
    ] = False,
    out: Annotated[Path | None, option("FICHIER", "écrire le plan obtenu")] = None,
    common: CommonOptions = DEFAULTS,
) -> Reply:
    """Read a list of lycées and zones, and print its changes to the plan."""
    study = common.study()
    territory, base = study.territory, study.plan
    document = read_document(content(file, "fichier", MAX_BYTES))
    report = read_list(directory_of(territory), document)
    answer = _answer(report)
    try:
        plan = planned(territory, report, base, keep_absent=not drop_absent)
    except InputError as error:
        if out is not None:
            raise
        answer["notes"].append({"row": 0, "what": str(error)})
        return common.reply(study, answer, _text)
    answer["changes"] = _changes(plan)
    answer["notes"] += [{"row": 0, "what": note} for note in plan.notes]
    if out is not None:
        changes = changes_of(territory, plan, places_of(territory, plan.added))
        statuses = decisions_of(plan.plan, study.reference)
        written = study.atlas.plan_json(plan.plan, changes, statuses)
        write_atomically(out, json.dumps(written, ensure_ascii=False, indent=1) + "\n")
        answer["out"] = str(out)
    return common.reply(study, answer, _text)


def _answer(report: Report) -> Answer:
    listing = report.listing
    left = [
        {
            "row": question.row,
            "why": question.why,
            "text": question.text,
            "candidates": [
                {"id": entry.id, "name": entry.name, "score": entry.score, "taken": entry.taken}
                for entry in question.candidates
            ],
        }
        for question in report.ambiguous
    ]
    left += [{"row": row.row, "why": row.why, "text": row.text} for row in report.rejected]
    return {
        "accepted": [_accepted(report, row) for row in report.accepted],
        "repaired": [
            {"row": r.row, "field": r.field, "was": r.was, "now": r.now, "why": r.why}
            for r in report.repairs
        ],
        "rejected": sorted(left, key=lambda row: row["row"]),
        "sectors": [
            {
                "name": sector.name,
                "rns": report.rns.get(sector.rank),
                "support_centre": report.centres.get(sector.rank),
                "zones": [
                    list(report.by_zone[zone.rank])
                    for zone in listing.zones
                    if zone.sector == sector.rank
                ],
            }
            for sector in listing.sectors
        ],
        "calendar": [
            {"date": step.date, "label": step.label, "actions": list(step.actions)}
            for step in listing.calendar
        ],
        "notes": [{"row": note.row, "what": note.what} for note in report.notes],
    }


def _accepted(report: Report, row: Accepted) -> Answer:
    zone = None if row.zone is None else report.listing.zones[row.zone]
    sector = None if zone is None or zone.sector is None else report.listing.sectors[zone.sector]
    return {
        "row": row.row,
        "id": row.id,
        "codes": list(row.codes),
        "name": row.name,
        "commune": row.commune,
        "departement": row.departement,
        "sector": None if sector is None else sector.name,
        "zone": None if zone is None else zone.rank + 1,
        "known": row.known,
    }


def _changes(plan: ListedPlan) -> Answer:
    return {
        "sectors": list(plan.listed),
        "untouched": list(plan.untouched),
        "added": [row.id for row in plan.added],
        "absent": list(plan.removed),
        "renamed": [
            {"lycee": entry.lycee, "before": entry.before, "after": entry.after}
            for entry in plan.renamed
        ],
        "moved": [
            {"lycee": lycee, "from": before, "to": after} for lycee, before, after in plan.moved
        ],
        "created": [zone.id for zone in plan.created],
        "gone": [zone.id for zone in plan.gone],
    }


def _text(answer: Answer) -> str:
    lines = [
        (
            f"{plural(len(answer['accepted']), 'ligne reconnue', 'lignes reconnues')}, "
            f"{plural(len(answer['repaired']), 'réparation')}, "
            f"{plural(len(answer['rejected']), 'ligne laissée', 'lignes laissées')}."
        )
    ]
    lines += [
        f"Ligne {r['row']}, {r['field']} : « {r['was']} » → « {r['now']} ». {r['why']}"
        for r in answer["repaired"]
    ]
    lines += [f"Ligne {row['row']} laissée : {row['why']}" for row in answer["rejected"]]
    lines += [_note(note["row"], note["what"]) for note in answer["notes"]]
    changes = answer.get("changes")
    if changes:
        lines.append(
            f"Secteurs de la liste : {', '.join(changes['sectors'])}. Les autres ne changent pas "
            f"({', '.join(changes['untouched']) or 'aucun'})."
        )
        lines.append(
            f"Par rapport au plan : {plural(len(changes['added']), 'ajout')}, "
            f"{plural(len(changes['absent']), 'absent')}, "
            f"{plural(len(changes['renamed']), 'renommé')}, "
            f"{plural(len(changes['moved']), 'déplacé')}."
        )
    return "\n".join(lines)


def _note(row: int, what: str) -> str:
    return f"Ligne {row} : {what}" if row else what
