"""Readers of the plan of a data folder: sectors, zones, calendar, and sites with their zone."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from geozones.common.errors import DataFileError, InputError
from geozones.domain import DecisionStatus, Lycee, Origin, Sector, Zone
from geozones.domain.identifiers import Scheme, id_form, is_code, is_valid_id, scheme
from geozones.domain.places import Precision
from geozones.domain.plan_documents import (
    checked_experimental,
    checked_milestones,
    checked_note,
    checked_technicians,
)
from geozones.domain.terms import terms
from geozones.domain.workload import Basis, checked_size
from geozones.intake.json_files import as_text

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
