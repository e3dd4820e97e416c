"""Data folder: the lycées with their positions, the starting plan and its calendar."""

import json
import os
from collections import Counter
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any

from geozones.common.errors import DataFileError, GeozonesError
from geozones.domain import DecisionStatus, Lycee, Origin, Plan, Sector, Zone
from geozones.domain.plan import plan_of
from geozones.domain.sector_documents import (
    checked_experimental,
    checked_milestones,
    checked_note,
    checked_technicians,
)
from geozones.domain.starting_plan import StartingPlan
from geozones.domain.terms import terms
from geozones.domain.uai import is_uai, is_valid_id
from geozones.domain.workload import Basis, checked_size
from geozones.intake.json_files import altered, read_json_object
from geozones.intake.plan_file import read_plan

ENVIRONMENT = "GEOZONES_DATA_DIR"
#: Mark of what the document leaves uncertain.
UNCERTAIN = "lecture incertaine"
#: Version of ``secteurs.json`` that this code reads.
VERSION = 1
_REPAIR = "reprenez l'original ou reconstruisez-le (« make data », voir docs/data.md)"


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
    """Date of the deployment, and the actions planned then.

    Parameters
    ----------
    date
        ISO date.
    label
        The date as the source document prints it.
    experimental, others
        Actions in the experimental sectors, and in the others.
    region
        Actions for the whole region.
    doubt
        Uncertainty of the date itself; empty if it is certain.
    """

    id: str
    date: str
    label: str
    experimental: tuple[CalendarAction, ...]
    others: tuple[CalendarAction, ...]
    region: tuple[CalendarAction, ...] = ()
    doubt: str = ""

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


@dataclass(frozen=True)
class DataFolder:
    """Content of the data folder.

    Parameters
    ----------
    lycees
        The lycées to serve, by id.
    plan
        The starting plan: sectors that a document presents, and drafts.
    calendar
        The steps of the deployment, by date.
    source
        Source of the organisation: the field ``source`` of ``secteurs.json``.
    drafts
        Author and date of the drafts: the field ``brouillons`` (``auteur``, ``date``).
    decision
        Decision that put the plan in force: the field ``en_vigueur`` (``depuis``, ``approuve_par``,
        ``reference``); empty if there is none.
    earlier
        Plans that the folder delivered before, in ``plans_de_depart``: scenarios may start from
        them. By date of their drafts, the name of their file.
    """

    path: Path
    lycees: dict[str, Lycee]
    plan: Plan
    calendar: tuple[CalendarStep, ...]
    source: dict[str, str]
    drafts: dict[str, str] = field(default_factory=dict)
    decision: dict[str, str] = field(default_factory=dict)
    earlier: dict[str, Plan] = field(default_factory=dict)

    @property
    def starting_plan(self) -> StartingPlan:
        """The plan, with its origin and the decision that put it in force, if any."""
        return replace(
            self._presented(self.plan),
            since=self.decision.get("depuis", ""),
            approved_by=self.decision.get("approuve_par", ""),
            reference=self.decision.get("reference", ""),
        )

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


def find_data_folder() -> Path:
    """Return the data folder: ``GEOZONES_DATA_DIR``, else the checkout's, else the package's.

    Raises
    ------
    DataFileError
        If ``GEOZONES_DATA_DIR`` names no folder, or no data folder exists.
    """
    configured = os.environ.get(ENVIRONMENT)
    if configured:
        folder = Path(configured)
        if not os.path.isdir(folder):  # noqa: PTH112 - is_dir raises where a name is too long
            msg = f"Le dossier de données {folder} ({ENVIRONMENT}) n'existe pas."
            raise DataFileError(msg)
        return folder
    package = Path(str(files("geozones")))
    for folder in (package.parents[1] / "data", package / "_share" / "data"):
        if (folder / "secteurs.json").is_file():
            return folder
    msg = f"Aucun dossier de données : indiquez-en un par la variable {ENVIRONMENT}."
    raise DataFileError(msg)


def read_data_folder(folder: Path) -> DataFolder:
    """Read ``lycees.geojson`` and ``secteurs.json`` of a data folder.

    Raises
    ------
    DataFileError
        If a file is missing, cannot be read, or contradicts itself or the other file.
    """
    organisation = read_json_object(folder / "secteurs.json", VERSION, _REPAIR)
    places = read_json_object(folder / "lycees.geojson", None, _REPAIR)
    sectors, zones = _checked("secteurs.json", lambda: _sectors(organisation))
    calendar = _checked("secteurs.json", lambda: _calendar(organisation))
    lycees, zone_by_lycee = _checked("lycees.geojson", lambda: _lycees(places))
    plan = _checked("lycees.geojson", lambda: plan_of(sectors, zones, zone_by_lycee))
    _check_support_centres(sectors, lycees)
    source, drafts, decision = _checked("secteurs.json", lambda: _origin(organisation))
    earlier = _earlier(folder / "plans_de_depart", plan)
    return DataFolder(folder, lycees, plan, calendar, source, drafts, decision, earlier)


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


def _origin(organisation: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return the optional objects on the origin of the plan, their dates checked."""
    return [_texts(organisation, name) for name in ("source", "brouillons", "en_vigueur")]


def _texts(organisation: Mapping[str, Any], name: str) -> dict[str, str]:
    """Return an optional object of texts; its dates are ISO, and a decision has its day."""
    row = organisation.get(name) or {}
    texts = {key: _text(value) for key, value in row.items()}
    if row and name == "en_vigueur":
        texts["depuis"] = date.fromisoformat(texts["depuis"]).isoformat()
    if texts.get("date"):
        texts["date"] = date.fromisoformat(texts["date"]).isoformat()
    return texts


def _check_support_centres(sectors: Iterable[Sector], lycees: Container[str]) -> None:
    for sector in sectors:
        if sector.support_centre is not None and sector.support_centre not in lycees:
            msg = (
                f"secteurs.json : {terms().support_centre.the} de {sector.name} n'est pas "
                f"{terms().site.a} de lycees.geojson : {_REPAIR}."
            )
            raise DataFileError(msg)


def _checked[T](name: str, build: Callable[[], T]) -> T:
    """Return the result of ``build`` on a data file; raise ``DataFileError`` for its faults."""
    try:
        return build()
    except DataFileError:
        raise
    except GeozonesError as error:
        msg = f"Le fichier de données {name} se contredit : {error}"
        raise DataFileError(msg) from error
    except KeyError as error:
        msg = f"Le fichier de données {name} n'a pas de champ « {error.args[0]} » : {_REPAIR}."
        raise DataFileError(msg) from error
    except (TypeError, ValueError, AttributeError, IndexError) as error:
        raise altered(name, error, _REPAIR) from error


def _sectors(content: dict[str, Any]) -> tuple[list[Sector], list[Zone]]:
    """Return the sectors and the zones of ``secteurs.json``, each id once."""
    sectors, zones = [], []
    for row in content["secteurs"]:
        sectors.append(_sector(row))
        zones += [Zone(zone["id"], zone["nom"], row["id"]) for zone in row["zones"]]
    codes = Counter([sector.id for sector in sectors]) + Counter([zone.id for zone in zones])
    twice = sorted(code for code, count in codes.items() if count > 1)
    if twice:
        msg = f"secteurs.json : le code {', '.join(twice)} y est deux fois."
        raise DataFileError(msg)
    return sectors, zones


def _sector(row: dict[str, Any]) -> Sector:
    """Return a sector; without ``origine`` a draft is the tool's."""
    status = DecisionStatus(row["statut"])
    drawn_by = Origin.TOOL if status is DecisionStatus.DRAFT else Origin.REGION
    calendar = [
        {"date": entry["date"], "text": entry["texte"], "uncertain": entry.get("incertain", False)}
        for entry in row.get("calendrier", ())
    ]
    return Sector(
        id=row["id"],
        name=row["nom"],
        status=status,
        rns=row["rns"],
        support_centre=row["centre_support"],
        origin=Origin(row.get("origine", drawn_by)),
        technicians=checked_technicians(row.get("tis")),
        experimental=checked_experimental(row.get("experimental", False)),
        milestones=checked_milestones(calendar),
        note=checked_note(row.get("note", "")),
    )


def _calendar(content: dict[str, Any]) -> tuple[CalendarStep, ...]:
    return tuple(
        CalendarStep(
            id=row["id"],
            date=row["date"],
            label=row["libelle"],
            experimental=_actions(row["secteurs_experimentaux"]),
            others=_actions(row["autres_secteurs"]),
            region=_actions(row.get("ensemble", [])),
            doubt=_text(row.get("doute", "")),
        )
        for row in content["calendrier"]
    )


def _actions(rows: list[str | dict[str, Any]]) -> tuple[CalendarAction, ...]:
    """Read actions: a text, or an object with its ``texte`` and its ``doute``."""
    return tuple(
        CalendarAction(_text(row["texte"]), _text(row["doute"]))
        if isinstance(row, dict)
        else CalendarAction(_text(row))
        for row in rows
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        msg = f"{value!r} n'est pas un texte"
        raise TypeError(msg)
    return value


def _lycees(content: dict[str, Any]) -> tuple[dict[str, Lycee], dict[str, str]]:
    """Return the lycées of ``lycees.geojson``, and the zone of each, by id."""
    lycees: dict[str, Lycee] = {}
    zone_by_lycee: dict[str, str] = {}
    for feature in content["features"]:
        row = feature["properties"]
        lon, lat = feature["geometry"]["coordinates"]
        associated = [code for code in row["uai_associes"] if not is_uai(code)]
        for code in associated if is_valid_id(row["id"]) else [row["id"], *associated]:
            msg = f"lycees.geojson : « {code} » n'est pas {terms().code.a} (lettre-clé fausse)."
            raise DataFileError(msg)
        if row["id"] in lycees:
            msg = f"lycees.geojson : {terms().site.the} {row['id']} y est deux fois."
            raise DataFileError(msg)
        lycees[row["id"]] = _lycee(row, float(lat), float(lon))
        zone_by_lycee[row["id"]] = row["zone"]
    return lycees, zone_by_lycee


def _lycee(row: dict[str, Any], lat: float, lon: float) -> Lycee:
    return Lycee(
        id=row["id"],
        name=row["nom"],
        published_name=row["nom_publie"],
        kind=row["type"],
        address=row["adresse"],
        postcode=row["code_postal"],
        commune=row["commune"],
        insee=row["code_insee"],
        departement=row["departement"],
        lat=lat,
        lon=lon,
        associated_uais=tuple(row["uai_associes"]),
        precision=row["precision"],
        source=row["source"],
        remark=_text(row.get("remarque", "")),
        pupils=None if row.get("eleves") is None else _pupils(row["eleves"], row["id"]),
        pupils_source=_text(row.get("eleves_source", "")),
    )


def _pupils(value: object, lycee: str) -> int:
    return checked_size(value, Basis.PUPILS, f"{terms().site.of_the} {lycee}")
