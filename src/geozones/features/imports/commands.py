"""« import »: a user's list turned into a plan, or its addresses into positions."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

from geozones.cli.options import (
    DEFAULTS,
    Answer,
    CommonOptions,
    Precise,
    content,
    plain,
    progress,
)
from geozones.cli.parameters import Reply, argument, flag, option
from geozones.common.errors import InputError
from geozones.common.files import write_atomically
from geozones.common.french import plural
from geozones.domain.decisions import decisions_of
from geozones.domain.places import Precision
from geozones.domain.terms import terms
from geozones.features.imports.model import (
    ListImport,
    changes_of,
    places_of,
    planned,
    why_elsewhere,
)
from geozones.geocode.provider_chain import NAMES as GEOCODERS
from geozones.intake.documents import MAX_BYTES
from geozones.intake.import_report import Accepted, Report
from geozones.intake.site_fields import LYCEE_FIELDS
from geozones.intake.travel_tables import PLACE_FIELDS, read_places
from geozones.workspace.folder.places import find_places

_PROVIDERS = ", ".join(GEOCODERS)


def import_list(
    file: Annotated[
        Path, argument("FICHIER", "texte collé, CSV, XLSX, ODS, GeoJSON ou GeoPackage")
    ],
    /,
    *,
    drop_absent: Annotated[
        bool, flag("retirer du plan les {sites} des secteurs de la liste qui n'y sont pas")
    ] = False,
    geocode: Annotated[
        bool, flag("seulement la position de chaque ligne, d'après son adresse")
    ] = False,
    provider: Annotated[
        list[str] | None,
        option(
            "SERVICE",
            f"avec --geocode : service, répété dans l'ordre ({_PROVIDERS}) ; sinon, les réglages",
        ),
    ] = None,
    insist: Annotated[
        bool,
        flag("avec --geocode : aussi les points hors de leur commune ou loin de son centre"),
    ] = False,
    out: Annotated[
        Path | None, option("FICHIER", "écrire le plan obtenu, ou les positions")
    ] = None,
    common: CommonOptions = DEFAULTS,
) -> Reply:
    """Read a list of lycées and zones, and print its changes to the plan, or their positions."""
    if geocode:
        return _geocode(file, provider, out, common, insist=insist)
    if provider or insist:
        raise InputError("--provider et --insist vont avec --geocode.")
    study = common.study(LYCEE_FIELDS)
    territory, base = study.territory, study.plan
    current = ListImport.opened(territory, content(file, "fichier", MAX_BYTES), file.name)
    report = current.corrected(common.columns_of(LYCEE_FIELDS)).report
    if elsewhere := why_elsewhere(report):
        advice = "Nommez ses colonnes (--column), ou faites-en un territoire : geozones new."
        raise InputError(f"{elsewhere} {advice}")
    answer = _answer(report)
    try:
        plan = planned(territory, report, base, keep_absent=not drop_absent)
    except InputError as error:
        if out is not None:
            raise
        answer["notes"].append({"row": 0, "what": str(error)})
        return common.reply(study, answer, _text)
    answer["changes"] = {
        "sectors": list(plan.listed),
        "untouched": list(plan.untouched),
        "added": [row.id for row in plan.added],
        "absent": list(plan.removed),
        "renamed": [asdict(renamed) for renamed in plan.renamed],
        "moved": [
            {"lycee": lycee, "from": before, "to": after} for lycee, before, after in plan.moved
        ],
        "created": [zone.id for zone in plan.created],
        "gone": [zone.id for zone in plan.gone],
    }
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
        "repaired": [asdict(repair) for repair in report.repairs],
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
        "calendar": [asdict(step) for step in listing.calendar],
        "notes": [asdict(note) for note in report.notes],
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
    lines += [
        f"Ligne {note['row']} : {note['what']}" if note["row"] else note["what"]
        for note in answer["notes"]
    ]
    changes = answer.get("changes")
    if changes:
        lines.append(
            f"Secteurs de la liste : {', '.join(changes['sectors'])}. Les autres ne changent pas "
            f"({', '.join(changes['untouched']) or 'aucun'})."
        )
        e = terms().site.e
        lines.append(
            f"Par rapport au plan : {plural(len(changes['added']), 'ajout')}, "
            f"{plural(len(changes['absent']), f'absent{e}')}, "
            f"{plural(len(changes['renamed']), f'renommé{e}')}, "
            f"{plural(len(changes['moved']), f'déplacé{e}')}."
        )
    return "\n".join(lines)


def _geocode(
    file: Path,
    provider: list[str] | None,
    out: Path | None,
    common: CommonOptions,
    *,
    insist: bool,
) -> Reply:
    """Locate the addresses of a list; the plan is left aside."""
    study = common.study(PLACE_FIELDS)
    columns = common.columns_of(PLACE_FIELDS)
    queries, refused = read_places(content(file, "fichier", MAX_BYTES), columns)
    search = find_places(
        study.territory, queries, provider, insist=insist, progress=progress("lieux")
    )
    unlocated = sorted((*refused, *search.unlocated), key=lambda entry: entry.row)
    answer: Answer = {
        "located": [
            {
                "id": place.id,
                "lat": Precise(place.lat),
                "lon": Precise(place.lon),
                "provider": place.provider,
                "score": place.score,
                "precision": place.precision.value,
                "row": place.row,
            }
            for place in search.located
        ],
        "unlocated": [{"row": entry.row, "why": entry.why} for entry in unlocated],
    }
    if search.remarks:
        answer["notes"] = [asdict(remark) for remark in search.remarks]
    if search.faults:
        answer["faults"] = [asdict(fault) for fault in search.faults]
    if out is not None:
        write_atomically(out, json.dumps(plain(answer), ensure_ascii=False, indent=1) + "\n")
    return common.reply(study, answer, _places_text)


def _places_text(answer: Answer) -> str:
    kinds = [place["precision"] for place in answer["located"]]
    lines = [f"{plural(len(kinds), 'lieu trouvé', 'lieux trouvés')} :"]
    lines += [
        f"- {kinds.count(kind.value)} {kind.about}" for kind in Precision if kind.value in kinds
    ]
    lines += [f"Ligne {entry['row']} : {entry['why']}" for entry in answer["unlocated"]]
    lines += [f"Ligne {entry['row']} : {entry['what']}" for entry in answer.get("notes", [])]
    lines += [fault["message"] for fault in answer.get("faults", [])]
    return "\n".join(lines)
