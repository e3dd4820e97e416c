"""Data folder: reader of its sites, plan and calendar, writer of its files."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from geozones.common.errors import MEND, DataFileError, GeozonesError, InputError
from geozones.domain import DecisionStatus, Lycee, Origin, Plan, Sector, Zone
from geozones.domain.identifiers import Scheme, id_form, is_code, is_valid_id, scheme
from geozones.domain.places import Precision
from geozones.domain.plan import plan_of
from geozones.domain.plan_documents import (
    checked_experimental,
    checked_milestones,
    checked_note,
    checked_technicians,
)
from geozones.domain.scenario import StartingPlan
from geozones.domain.settings import FolderFiles, TerritoryManifest
from geozones.domain.teams import Basis, checked_size
from geozones.domain.terms import terms
from geozones.intake.json_files import altered, as_text, read_json_object
from geozones.intake.manifest_file import read_manifest
from geozones.intake.plan_file import read_plan

#: Mark of what the document leaves uncertain.
UNCERTAIN = "lecture incertaine"


@dataclass(frozen=True, slots=True)
class CalendarAction:
    """Action planned at a date, in the document's words.

    ``doubt`` describes its uncertainty in a French sentence; empty if it is certain.
    """

    text: str
    doubt: str = ""

    @property
    def marked_text(self) -> str:
        """Its words, with the mark of uncertainty if needed: the same everywhere."""
        return f"{self.text} ({UNCERTAIN})" if self.doubt else self.text


@dataclass(frozen=True, slots=True)
class CalendarStep:
    """Date of the deployment, and the actions planned then."""

    id: str
    date: str  # ISO date.
    label: str  # The date as the source document prints it.
    #: Actions in the experimental sectors, and in the others.
    experimental: tuple[CalendarAction, ...]
    others: tuple[CalendarAction, ...]
    region: tuple[CalendarAction, ...] = ()  # Actions for the whole region.
    doubt: str = ""  # Uncertainty of the date itself; empty if it is certain.

    @property
    def heading(self) -> str:
        """The date, with the mark of uncertainty if needed: the same everywhere."""
        return f"{self.label} ({UNCERTAIN})" if self.doubt else self.label

    @property
    def doubts(self) -> tuple[str, ...]:
        """Uncertainties at this date, in sentences, each once."""
        actions = (*self.region, *self.experimental, *self.others)
        doubts = (self.doubt, *(action.doubt for action in actions))
        return tuple(dict.fromkeys(doubt for doubt in doubts if doubt))


def origin_of(organisation: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return the optional objects on the origin of the plan, their dates checked."""
    return [_texts(organisation, name) for name in ("source", "brouillons", "en_vigueur")]


def _texts(organisation: Mapping[str, Any], name: str) -> dict[str, str]:
    """Return an optional object of texts; its dates are ISO, and a decision has its day."""
    row = organisation.get(name) or {}
    texts = {key: as_text(value) for key, value in row.items()}
    if row and name == "en_vigueur":
        texts["depuis"] = date.fromisoformat(texts["depuis"]).isoformat()
    if texts.get("date"):
        texts["date"] = date.fromisoformat(texts["date"]).isoformat()
    return texts


def sectors_of(content: Mapping[str, Any]) -> tuple[list[Sector], list[Zone]]:
    """Return the sectors and the zones of the file, each id once."""
    sectors, zones = [], []
    for row in content["secteurs"]:
        # a sector; without origine a draft is the tool's
        status = DecisionStatus(row["statut"])
        drawn_by = Origin.TOOL if status is DecisionStatus.DRAFT else Origin.REGION
        calendar = [
            {
                "date": entry["date"],
                "text": entry["texte"],
                "uncertain": entry.get("incertain", False),
            }
            for entry in row.get("calendrier", ())
        ]
        sectors.append(
            Sector(
                id=row["id"],
                name=row["nom"],
                status=status,
                rns=row.get("rns"),
                support_centre=row.get("centre_support"),
                origin=Origin(row.get("origine", drawn_by)),
                technicians=checked_technicians(row.get("tis")),
                experimental=checked_experimental(row.get("experimental", False)),
                milestones=checked_milestones(calendar),
                note=checked_note(row.get("note", "")),
            )
        )
        zones += [Zone(zone["id"], zone["nom"], row["id"]) for zone in row["zones"]]
    codes = Counter([sector.id for sector in sectors]) + Counter([zone.id for zone in zones])
    twice = sorted(code for code, count in codes.items() if count > 1)
    if twice:
        raise InputError(f"le code {', '.join(twice)} y est deux fois.")
    return sectors, zones


def calendar_of(content: Mapping[str, Any]) -> tuple[CalendarStep, ...]:
    """Return the steps of the deployment; none without a calendar."""
    return tuple(
        CalendarStep(
            id=row["id"],
            date=date.fromisoformat(row["date"]).isoformat(),
            label=row["libelle"],
            experimental=_actions(row.get("secteurs_experimentaux", ())),
            others=_actions(row.get("autres_secteurs", ())),
            region=_actions(row.get("ensemble", ())),
            doubt=as_text(row.get("doute", "")),
        )
        for row in content.get("calendrier", ())
    )


def _actions(rows: Iterable[str | dict[str, Any]]) -> tuple[CalendarAction, ...]:
    """Read actions: a text, or an object with its ``texte`` and its ``doute``."""
    return tuple(
        CalendarAction(as_text(row["texte"]), as_text(row["doute"]))
        if isinstance(row, dict)
        else CalendarAction(as_text(row))
        for row in rows
    )


def read_sites(content: Mapping[str, Any], name: str) -> tuple[dict[str, Lycee], dict[str, str]]:
    """Return the lycées of a GeoJSON, and the zone of each, by id.

    ``name`` is the file's, for messages. Only ``id``, ``nom``, ``zone`` and the point are required.
    """
    lycees: dict[str, Lycee] = {}
    zone_by_lycee: dict[str, str] = {}
    for feature in content["features"]:
        row = feature["properties"]
        lon, lat = feature["geometry"]["coordinates"]
        associated = [code for code in row.get("uai_associes", ()) if not is_code(code)]
        for code in associated if is_valid_id(row["id"]) else [row["id"], *associated]:
            wrong = "lettre-clé fausse" if scheme() is Scheme.UAI else id_form()
            raise DataFileError(f"{name} : « {code} » n'est pas {terms().code.a} ({wrong}).")
        if row["id"] in lycees:
            raise DataFileError(f"{name} : {terms().site.the} {row['id']} y est deux fois.")
        lycees[row["id"]] = _lycee(row, float(lat), float(lon))
        zone_by_lycee[row["id"]] = row["zone"]
    return lycees, zone_by_lycee


def _lycee(row: dict[str, Any], lat: float, lon: float) -> Lycee:
    return Lycee(
        id=row["id"],
        name=row["nom"],
        published_name=as_text(row.get("nom_publie", "")),
        kind=as_text(row.get("type", "")),
        address=as_text(row.get("adresse", "")),
        postcode=as_text(row.get("code_postal", "")),
        commune=as_text(row.get("commune", "")),
        insee=as_text(row.get("code_insee", "")),
        departement=as_text(row.get("departement", "")),
        lat=lat,
        lon=lon,
        associated_uais=tuple(row.get("uai_associes", ())),
        precision=Precision(row.get("precision", Precision.ADDRESS)).value,
        source=as_text(row.get("source", "")),
        remark=as_text(row.get("remarque", "")),
        pupils=None if row.get("eleves") is None else _pupils(row["eleves"], row["id"]),
        pupils_source=as_text(row.get("eleves_source", "")),
    )


def _pupils(value: object, lycee: str) -> int:
    return checked_size(value, Basis.PUPILS, f"{terms().site.of_the} {lycee}")


#: File of the sites of a folder without lycées.
OTHER_SITES = "sites.geojson"
#: Version of ``secteurs.json`` that this code reads.
VERSION = 1
_REPAIR = f"reprenez l'original ou {MEND}"


@dataclass(frozen=True)
class DataFolder:
    """Content of the data folder."""

    path: Path
    lycees: dict[str, Lycee]  # The lycées to serve, by id.
    plan: Plan  # The starting plan: sectors that a document presents, and drafts.
    calendar: tuple[CalendarStep, ...]  # The steps of the deployment, by date.
    source: dict[str, str]  # Source of the organisation: the field ``source`` of ``secteurs.json``.
    #: Author and date of the drafts: the field ``brouillons`` (``auteur``, ``date``).
    drafts: dict[str, str] = field(default_factory=dict)
    #: Decision that put the plan in force: the field ``en_vigueur`` (``depuis``, ``approuve_par``,
    #: ``reference``); empty if there is none.
    decision: dict[str, str] = field(default_factory=dict)
    #: Plans that the folder delivered before, in ``plans_de_depart``: scenarios may start from
    #: them. By date of their drafts, the name of their file.
    earlier: dict[str, Plan] = field(default_factory=dict)
    #: Content of ``territoire.toml``.
    manifest: TerritoryManifest = field(default_factory=TerritoryManifest)

    @property
    def starting_plan(self) -> StartingPlan:
        """The plan, with its origin and the decision that put it in force, if any."""
        decision = self.manifest.decision
        return replace(
            self._presented(self.plan),
            since=decision.since or self.decision.get("depuis", ""),
            approved_by=decision.approved_by or self.decision.get("approuve_par", ""),
            reference=decision.reference or self.decision.get("reference", ""),
        )

    @property
    def has_directory(self) -> bool:
        """Whether a published directory gave the sites."""
        return (self.path / "annuaire.json").exists()

    @property
    def earlier_starting_plans(self) -> tuple[StartingPlan, ...]:
        """The plans delivered before, the oldest first."""
        return tuple(
            replace(self._presented(plan), drafted_on=day) for day, plan in self.earlier.items()
        )

    def _presented(self, plan: Plan) -> StartingPlan:
        return StartingPlan(
            plan,
            author=self.source.get("auteur", ""),
            date=self.source.get("date", ""),
            occasion=self.source.get("presentation", ""),
            drafted_by=self.drafts.get("auteur", ""),
        )


def read_data_folder(folder: Path) -> DataFolder:
    """Read the manifest, the sites and the sectors of a data folder.

    The scheme of ids in use (`geozones.domain.identifiers`) says which ids are valid.
    """
    manifest = read_manifest(folder)
    # the file of the sites: the one that the manifest names, else sites.geojson
    named = folder / manifest.files.sites
    usual = manifest.files == FolderFiles()
    other = folder / OTHER_SITES
    has_other = other.exists() or manifest.scheme is Scheme.FREE
    sectors_file, sites_file = (
        manifest.files.sectors,
        other if usual and not named.exists() and has_other else named,
    )
    organisation = read_json_object(folder / sectors_file, VERSION, _REPAIR)
    places = read_json_object(sites_file, None, _REPAIR)
    sectors, zones = _checked(sectors_file, lambda: sectors_of(organisation))
    calendar = _checked(sectors_file, lambda: calendar_of(organisation))
    lycees, zone_by_lycee = _checked(sites_file.name, lambda: read_sites(places, sites_file.name))
    plan = _checked(sites_file.name, lambda: plan_of(sectors, zones, zone_by_lycee))
    names = (sectors_file, sites_file.name)
    for sector in sectors:
        if sector.support_centre is not None and sector.support_centre not in lycees:
            raise DataFileError(
                f"{names[0]} : {terms().support_centre.the} de {sector.name} n'est pas "
                f"{terms().site.a} de {names[1]} : {_REPAIR}."
            )
    source, drafts, decision = _checked(sectors_file, lambda: origin_of(organisation))
    earlier = _earlier(folder / "plans_de_depart", plan)
    return DataFolder(folder, lycees, plan, calendar, source, drafts, decision, earlier, manifest)


def _earlier(folder: Path, plan: Plan) -> dict[str, Plan]:
    """Return the plans that the folder delivered before, by the date of their drafts."""
    found = {}
    for file in sorted(folder.glob("*.json")):
        name = f"{folder.name}/{file.name}"
        document = read_json_object(file, VERSION, _REPAIR, name)
        found[file.stem] = _checked(name, partial(_dated_plan, file.stem, document, plan))
    return found


def _dated_plan(day: str, document: Mapping[str, Any], reference: Plan) -> Plan:
    date.fromisoformat(day)
    return read_plan(json.dumps(document), reference).plan


def _checked[T](name: str, build: Callable[[], T]) -> T:
    """Return the result of ``build`` on a data file; raise ``DataFileError`` for its faults."""
    try:
        return build()
    except DataFileError:
        raise
    except GeozonesError as error:
        raise DataFileError(f"Le fichier de données {name} se contredit : {error}") from error
    except KeyError as error:
        raise DataFileError(
            f"Le fichier de données {name} n'a pas de champ « {error.args[0]} » : {_REPAIR}."
        ) from error
    except (TypeError, ValueError, AttributeError, IndexError) as error:
        raise altered(name, error, _REPAIR) from error


#: Field of each attribute of a site in the file of sites, beside its id, name and zone.
_FIELDS = {
    "nom_publie": "published_name",
    "type": "kind",
    "adresse": "address",
    "code_postal": "postcode",
    "commune": "commune",
    "code_insee": "insee",
    "departement": "departement",
    "precision": "precision",
    "source": "source",
    "remarque": "remark",
    "eleves": "pupils",
    "eleves_source": "pupils_source",
}


def sites_document(sites: Mapping[str, Lycee], plan: Plan) -> dict[str, Any]:
    """Return the GeoJSON of the sites and their zones, as `sites_file` reads it; empty texts go."""
    return {
        "type": "FeatureCollection",
        "features": [_feature(site, plan.zone_of(key).id) for key, site in sites.items()],
    }


def _feature(site: Lycee, zone: str) -> dict[str, Any]:
    texts = {key: getattr(site, name) for key, name in _FIELDS.items()}
    row = {"id": site.id, "nom": site.name, "zone": zone}
    row |= {key: value for key, value in texts.items() if value not in ("", None)}
    point = {"type": "Point", "coordinates": [site.lon, site.lat]}
    return {"type": "Feature", "properties": row, "geometry": point}


def sectors_document(plan: Plan, drafts: Mapping[str, str]) -> dict[str, Any]:
    """Return the sectors and zones of a plan, as `sectors_of` reads them.

    ``drafts`` says who drew it and when: see `origin_of`.
    """
    return {
        "version": VERSION,
        "brouillons": dict(drafts),
        "secteurs": [_sector(sector, plan) for sector in plan.sectors],
        "calendrier": [],
    }


def _sector(sector: Sector, plan: Plan) -> dict[str, Any]:
    return {
        "id": sector.id,
        "nom": sector.name,
        "statut": sector.status.value,
        "origine": sector.origin.value,
        "rns": sector.rns,
        "centre_support": sector.support_centre,
        "zones": [{"id": zone.id, "nom": zone.name} for zone in plan.zones_of(sector.id)],
    }
