"""« new »: a territory made from a list of sites or an area; a first plan of the open one."""

import json
import sys
from collections import Counter
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated

from geozones.cli.options import (
    DEFAULTS,
    Answer,
    CommonOptions,
    content,
    rounded,
)
from geozones.cli.parameters import Reply, argument, between, flag, one_of, option
from geozones.common.errors import InputError
from geozones.common.files import write_atomically
from geozones.common.french import listing, minutes, number, plural
from geozones.domain import Plan
from geozones.domain.identifiers import AreaKind, KnownArea, RoadExtract
from geozones.domain.places import Spot, read_coordinates
from geozones.domain.terms import terms
from geozones.features.new_territory.column_plan import (
    PLACES,
    AreaStart,
    area_named,
    known_areas,
    roads_sentence,
)
from geozones.features.new_territory.placing import PositionDoubt
from geozones.features.new_territory.request import NewTerritory, TerritoryRequest
from geozones.features.new_territory.use_cases import make_territory
from geozones.intake.documents import MAX_BYTES
from geozones.intake.manifest_file import credit_of
from geozones.intake.plan_file import plan_to_json
from geozones.intake.site_fields import SITE_FIELDS
from geozones.intake.travel_tables import DRIVE_FIELDS
from geozones.workspace.drafting import (
    DraftOptions,
    draft,
    read_sectors,
    read_sizes,
    sites_of,
)

#: Rows left out, and remarks, that are written out; more are counted.
_FEW, _MANY = 5, 12


def new(  # noqa: PLR0913 - one argument an option
    name: Annotated[
        str | None,
        argument("NOM", "nom du territoire, ou de la région, du département, de l'EPCI : Bretagne"),
    ] = None,
    sites: Annotated[
        Path | None, argument("SITES", "liste des sites : CSV, XLSX, ODS, GeoJSON ou GeoPackage")
    ] = None,
    /,
    *,
    listing: Annotated[
        bool,
        flag("lister les régions, départements et EPCI, ceux de NOM s'il y en a", name="--list"),
    ] = False,
    places: Annotated[
        str | None,
        option(
            "LIEUX", "au lieu de SITES : lycees, ceux de la liste nationale", check=one_of(PLACES)
        ),
    ] = None,
    area: Annotated[
        str | None,
        option("OÙ", "région, département ou EPCI dont les communes servent", name="--in"),
    ] = None,
    position: Annotated[
        list[str] | None,
        option("LIGNE=LAT,LON", "position d'une ligne de la liste, corrigée ; peut être répété"),
    ] = None,
    sizes: Annotated[str | None, option("MIN-MAX", "nombre de sites par zone (3-5)")] = None,
    zones: Annotated[
        int | None, option("N", "nombre de zones, au lieu de --sizes", check=between(1, 3000))
    ] = None,
    sectors: Annotated[
        str | None, option("FAÇON", "secteurs par département, par EPCI, ou leur nombre")
    ] = None,
    communes: Annotated[
        Path | None, option("FICHIER", "contours des communes : GeoJSON, GeoPackage, shapefile…")
    ] = None,
    extract: Annotated[
        list[Path] | None,
        option("FICHIER.osm.pbf", "extrait d'OpenStreetMap pour les durées ; peut être répété"),
    ] = None,
    minutes: Annotated[
        Path | None, option("FICHIER", "durées données : colonnes de, a, minutes")
    ] = None,
    folder: Annotated[
        Path | None, option("DOSSIER", "dossier à faire (sinon, parmi vos territoires)")
    ] = None,
    replacing: Annotated[
        bool, flag("remplacer le territoire de ce nom, s'il existe", name="--replace")
    ] = False,
    drafting: Annotated[
        bool,
        flag("non un territoire, mais un premier plan de celui qui est ouvert", name="--draft"),
    ] = False,
    out: Annotated[Path | None, option("FICHIER", "avec --draft : écrire le plan obtenu")] = None,
    common: CommonOptions = DEFAULTS,
) -> Reply:
    """Make a data folder from a list of sites; print what was understood and how to open it.

    With ``drafting``, draft a first plan of the sites of the open territory instead.
    """
    as_json = common.json
    if listing:
        return _areas(known_areas(name or ""), as_json=as_json)
    shape = DraftOptions(
        sizes=None if sizes is None else read_sizes(sizes),
        zones=zones,
        sectors=None if sectors is None else read_sectors(sectors),
    )
    if drafting:
        return _draft(shape, out, common)
    if out is not None or replace(common, json=False, column=None) != DEFAULTS:
        raise InputError(
            "--out, --plan, --scenario, --publication et --max-minutes vont avec --draft."
        )
    common.check_columns(SITE_FIELDS if minutes is None else {**SITE_FIELDS, **DRIVE_FIELDS})
    start = _start(name, area, places, communes)
    asked = replace(
        _begun(name, sites, places, start, named_after=area is None),
        corrections=common.columns_of(SITE_FIELDS),
        positions=dict(map(_position, position or ())),
        sizes=shape.sizes,
        zones=shape.zones,
        sectors=shape.sectors,
        communes=communes,
        extracts=tuple(extract or ()),
        minutes=minutes,
        minutes_columns=common.columns_of(DRIVE_FIELDS),
        folder=folder,
        replace=replacing,
    )
    warnings = start.warnings if start is not None and places else ()
    for warning in () if as_json else warnings:
        print(f"À savoir : {warning}", file=sys.stderr)
    made = make_territory(asked, _listen)
    extracts = () if start is None or extract or minutes is not None else start.extracts
    if as_json:
        known = {"warnings": list(warnings), "extracts": [asdict(each) for each in extracts]}
        return Reply(json.dumps(_answer(made) | known, ensure_ascii=False))
    return Reply("\n\n".join(filter(None, [_text(made), _extracts_text(extracts)])))


def _start(
    name: str | None, area: str | None, places: str | None, communes: Path | None
) -> AreaStart | None:
    """Return what is known of the area that a command names; ``None`` if it names none."""
    named = area or (name if places else None)
    if named is None:
        return None
    if communes is not None:
        raise InputError("Donnez --in ou --communes, pas les deux.")
    return AreaStart(area_named(named))


def _begun(
    name: str | None,
    sites: Path | None,
    places: str | None,
    start: AreaStart | None,
    *,
    named_after: bool,
) -> TerritoryRequest:
    """Return the territory's request; raise ``InputError`` for missing or conflicting options."""
    if name is None or (sites is None and places is None):
        raise InputError(
            "Donnez le nom du territoire et une liste de sites, ou une région et --places lycees "
            "(geozones new --list)."
        )
    if sites is not None and places is not None:
        raise InputError("Donnez une liste de sites ou --places, pas les deux.")
    if start is not None and places is not None:
        return start.request(start.area.name if named_after else name)
    assert sites is not None  # noqa: S101 - checked above
    list_content = content(sites, "fichier", MAX_BYTES)
    asked = TerritoryRequest(name, list_content, sites.name, list_credit=credit_of(sites))
    return asked if start is None else start.with_communes(asked)


def _areas(areas: tuple[KnownArea, ...], *, as_json: bool) -> Reply:
    """Return the areas that a territory may begin with."""
    if as_json:
        rows = [
            {
                "kind": each.kind.value,
                "code": each.code,
                "name": each.name,
                "communes": each.communes,
                "lycees": each.lycees,
            }
            for each in areas
        ]
        return Reply(json.dumps({"areas": rows}, ensure_ascii=False))
    # the areas as lines: name, code where people know it, communes, lycées; by kind
    lines, kind = [], None
    for area in areas:
        if area.kind is not kind:
            kind = area.kind
            lines.append(f"{kind.value.capitalize()}s :")
        counts = f"{plural(area.communes, 'commune')}, {plural(area.lycees, 'lycée')}"
        code = f" [{area.code}]" if area.kind is AreaKind.EPCI else ""
        name = area.name if area.kind is AreaKind.REGION else area.label
        lines.append(f"  {name}{code} : {counts}")
    return Reply("\n".join(lines) or "Aucun territoire de ce nom.")


def _position(text: str) -> tuple[int, Spot]:
    """Return the line and the position of « ligne=latitude,longitude »."""
    line, equals, place = text.partition("=")
    if not equals or not line.strip().isdecimal():
        raise InputError(
            f"« {text[:60]} » : écrivez --position ligne=latitude,longitude, "
            "par exemple 12=47.95,-2.55."
        )
    return int(line), read_coordinates(place)


def _listen(*report: object) -> None:
    """Write each step on stderr as it ends, on a terminal only."""
    if len(report) == 3 and sys.stderr.isatty():
        done, total, what = report
        print(f"\r\x1b[K{done}/{total} {what}", end="", file=sys.stderr, flush=True)
        if done == total:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def _answer(made: NewTerritory) -> Answer:
    return {
        "folder": str(made.folder),
        "sites": made.sites,
        "left_out": [{"line": row.line, "reason": row.reason} for row in made.left_out],
        "left_out_file": None if made.left_out_file is None else str(made.left_out_file),
        "columns": [
            {
                "field": guess.field,
                "title": guess.title,
                "confidence": guess.confidence,
                "origin": guess.origin,
            }
            for guess in made.listed.columns.guesses
        ],
        "sectors": made.sectors,
        "zones": made.zones,
        "minutes_by": made.minutes_by,
        "doubts": [
            {
                "line": doubt.line,
                "name": doubt.name,
                "km": rounded(doubt.km),
                "position": None if doubt.spot is None else [doubt.spot.lat, doubt.spot.lon],
            }
            for doubt in made.doubts
        ],
        "remarks": list(made.remarks),
        "seconds": round(made.seconds, 2),
        "steps": [
            {"step": step.step, "text": step.text, "seconds": step.seconds} for step in made.steps
        ],
        "open": made.command,
    }


def _text(made: NewTerritory) -> str:
    columns = "\n".join(
        f"  {guess.label} : « {guess.title} » ({guess.origin}, {number(100 * guess.confidence)} %)"
        for guess in made.listed.columns.guesses
    )
    steps = "\n".join(
        f"{rank}. {step.step} : {step.text} ({number(step.seconds, 1)} s)"
        for rank, step in enumerate(made.steps, start=1)
    )
    blocks = [f"Colonnes reconnues (à corriger par --column champ=titre) :\n{columns}", steps]
    if made.left_out:
        rows = [f"- ligne {row.line} : {row.reason}" for row in made.left_out[:_FEW]]
        if len(made.left_out) > _FEW:
            rows.append(f"- {number(len(made.left_out) - _FEW)} de plus dans ce fichier")
        what = plural(len(made.left_out), "ligne écartée", "lignes écartées")
        blocks.append("\n".join([f"{what} ({made.left_out_file}) :", *rows]))
    if made.doubts:
        blocks.append("\n".join(["Positions à confirmer :", *map(_doubt, made.doubts)]))
    if made.remarks:
        remarks = [f"- {remark}" for remark in made.remarks[:_MANY]]
        if len(made.remarks) > _MANY:
            remarks.append(f"- {number(len(made.remarks) - _MANY)} de plus (voir --json)")
        blocks.append("\n".join(["À savoir :", *remarks]))
    blocks.append(f"Pour l'ouvrir : {made.command}")
    return "\n\n".join(blocks)


def _doubt(doubt: PositionDoubt) -> str:
    if doubt.spot is None:
        return f"- {doubt.sentence} --position {doubt.line}=LAT,LON la corrige."
    at = f"{doubt.spot.lat:g},{doubt.spot.lon:g}"
    return f"- {doubt.sentence} --replace --position {doubt.line}={at} l'y met."


def _extracts_text(extracts: tuple[RoadExtract, ...]) -> str:
    """Return the sentence of road extracts and their addresses; empty for none."""
    return "\n".join([roads_sentence(extracts), *(f"  {each.address}" for each in extracts)])


def _draft(asked: DraftOptions, out: Path | None, common: CommonOptions) -> Reply:
    """Draft sectors and zones anew of the open territory, whatever its plan is."""
    study = common.study()
    limit = study.settings.max_minutes
    found = draft(sites_of(study), asked.under(study.settings))
    plan = found.plan
    answer: Answer = {
        "sectors": [
            {
                "id": sector.id,
                "name": sector.name,
                "lycees": len(plan.lycees_of(sector.id)),
                "zones": [
                    {"id": zone.id, "name": zone.name, "lycees": list(plan.members(zone.id))}
                    for zone in plan.zones_of(sector.id)
                ],
            }
            for sector in plan.sectors
        ],
        "zones": len(found.plan.zones),
        "sizes": _sizes(found.plan),
        "max_minutes": rounded(found.longest),
        "share_within": None if study.times.all_estimated else round(found.share_within, 4),
        "limit": limit,
        "notes": list(found.notes),
        "plan": plan_to_json(found.plan),
    }
    if out is not None:
        text = json.dumps(answer["plan"], ensure_ascii=False, indent=1)
        write_atomically(out, text + "\n")
        answer["out"] = str(out)
    return common.reply(study, answer, _draft_text)


def _sizes(plan: Plan) -> dict[str, int]:
    """Return how many zones there are of each size."""
    counts = Counter(len(plan.members(zone.id)) for zone in plan.zones)
    return {str(size): counts[size] for size in sorted(counts)}


def _draft_text(answer: Answer) -> str:
    site = terms().site
    lines = []
    for sector in answer["sectors"]:
        zones = plural(len(sector["zones"]), "zone")
        lines.append(f"{sector['name']} : {site.counted(sector['lycees'])}, {zones}")
        lines += [
            f"  {zone['id']:<6} {zone['name']} : {', '.join(zone['lycees'])}"
            for zone in sector["zones"]
        ]
    sizes = [f"{plural(count, 'zone')} de {size}" for size, count in answer["sizes"].items()]
    drives = [f"le plus long {minutes(answer['max_minutes'])}"]
    if (share := answer["share_within"]) is not None:
        drives.insert(0, f"{number(100 * share)} % à {minutes(answer['limit'])} au plus")
    lines.append(
        f"{plural(len(answer['sectors']), 'secteur')}, {plural(answer['zones'], 'zone')} "
        f"({listing(sizes)}). Trajets dans les zones : {', '.join(drives)}."
    )
    lines += answer["notes"]
    if "out" in answer:
        lines.append(f"Plan écrit dans {answer['out']}.")
    return "\n".join(lines)
