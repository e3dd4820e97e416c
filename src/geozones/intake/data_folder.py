"""Data folder: reader of its sites, plan and calendar, writer of its files."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from geozones.common.errors import MEND, DataFileError, GeozonesError
from geozones.domain import Lycee, Plan, Sector
from geozones.domain.identifiers import Scheme
from geozones.domain.plan import plan_of
from geozones.domain.scenario import StartingPlan
from geozones.domain.settings import FolderFiles, TerritoryManifest
from geozones.domain.terms import terms
from geozones.intake.json_files import altered, read_json_object
from geozones.intake.manifest_file import read_manifest
from geozones.intake.plan_file import read_plan
from geozones.intake.sectors_file import (
    CalendarStep,
    calendar_of,
    origin_of,
    read_sites,
    sectors_of,
)

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
    """Return the sectors and zones of a plan, as `sectors_file` reads them.

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
