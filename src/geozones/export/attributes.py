"""Attributes of plan, sectors, zones and lycées by column, and of comments, as files."""

import csv
import io
import math
from collections.abc import Mapping, Sequence
from typing import Any

from geozones.domain.terms import LYCEES, has_organisation, terms
from geozones.export.dossier import Dossier, Interval, LyceeRow, SectorRow, ZoneRow
from geozones.export.file_parts import safe_cell, slug
from geozones.metrics import MetricPlace, Values, number_of, shown_in

type Attributes = dict[str, Any]


def figure(value: object, digits: int = 1) -> float | None:
    """Return a number, to a tenth or finer; ``None`` if missing or unreachable."""
    known = number_of(value)
    return None if known is None or not math.isfinite(known) else round(known, max(digits, 1))


def of_dossier(dossier: Dossier) -> Attributes:
    """Return the attributes of a row's plan."""
    version = dossier.version
    return {"plan": version.name, "statut_plan": version.status, "version": version.fingerprint}


def _metrics(values: Values, place: MetricPlace) -> Attributes:
    """Return the metrics of a place, by their column names."""
    return {
        record.column: figure(values[record.key], record.format.digits)
        for record in shown_in(place, posts=True)
        if record.key in values
    }


def _sure(interval: Interval | None, *, estimated: bool) -> Attributes:
    """Return the interval of minutes: low, high, and whether a part of them is estimated."""
    low, high = interval or (None, None)
    return {"bas": figure(low), "haut": figure(high), "estime": estimated}


def _before(dossier: Dossier, area: str, place: MetricPlace) -> Attributes:
    """Return the metrics of a zone or sector (id) in the previous plan, if there is one.

    They are present and empty if the previous plan lacks the zone or sector.
    """
    if dossier.comparison is None:
        return {}
    values = dossier.comparison.values.get(area, {})
    return {
        f"avant_{record.column}": figure(values.get(record.key), record.format.digits)
        for record in shown_in(place, posts=True)
        if record.key in dossier.values
    }


#: Parts of names of columns and layers where the sites are no lycées, by those where they are.
_SITE_NAMES = {
    "codes_uai": "codes",
    "uai_associes": "codes_associes",
    "uai": "code",
    "lycees": "sites",
    "eleves": "usagers",
    "postes_tip": "postes",
    "tip_reunis": "techniciens_reunis",
}


def named(column: str) -> str:
    """Return the name of a column or of a layer in the words of the territory."""
    if terms() != LYCEES:
        for name, other in _SITE_NAMES.items():
            column = column.replace(name, other)
    return column


def _named(values: Attributes) -> Attributes:
    return {named(column): value for column, value in values.items()}


def of_sector(dossier: Dossier, sector: SectorRow) -> Attributes:
    """Return the attributes of a sector."""
    # who runs a sector, if the territory says it
    if not has_organisation():
        led = {}
    else:
        led = {"rns": sector.rns, "centre_support": sector.support_centre}
    return _named(
        {
            "id": sector.id,
            "nom": sector.name,
            "statut": sector.status.label,
            "changements": sector.marks or None,
            **led,
            "zones": sum(bool(zone.lycees) for zone in sector.zones),
            "lycees": len(sector.lycees),
            **_metrics(sector.values, MetricPlace.SECTOR_ATTRIBUTES),
            **_before(dossier, sector.id, MetricPlace.SECTOR_ATTRIBUTES),
            **_sure(sector.interval, estimated=sector.estimated),
        }
    )


def of_zone(dossier: Dossier, sector: SectorRow, zone: ZoneRow) -> Attributes:
    """Return the attributes of a zone."""
    # the lycées and the points to watch of a zone in the previous plan, if any
    if dossier.comparison is None:
        alerts_before = {}
    else:
        was = dossier.comparison.zone_before(zone.id)
        alerts_before = {
            "avant_codes_uai": None if was is None else ", ".join(lycee.id for lycee in was.lycees),
            "avant_points_de_vigilance": None if was is None else len(was.alerts),
            "avant_alertes": None if was is None else " ".join(was.alerts) or None,
        }
    return _named(
        {
            "id": zone.id,
            "nom": zone.name,
            "secteur": sector.name,
            "statut": zone.status.label,
            "lycees": len(zone.lycees),
            "codes_uai": ", ".join(lycee.id for lycee in zone.lycees),
            **_metrics(zone.values, MetricPlace.ZONE_ATTRIBUTES),
            **_before(dossier, zone.id, MetricPlace.ZONE_ATTRIBUTES),
            "modifiee": zone.changed,
            "points_de_vigilance": len(zone.alerts),
            "alertes": " ".join(zone.alerts) or None,
            **alerts_before,
            **_sure(zone.interval, estimated=zone.estimated),
        }
    )


def of_zone_beside_lycee(zone: ZoneRow) -> Attributes:
    """Return the metrics of a zone in the row of each of its lycées."""
    beside = _metrics(zone.values, MetricPlace.LYCEE_ROWS)
    beside |= _sure(zone.interval, estimated=zone.estimated)
    return _named({f"zone_{name}": value for name, value in beside.items()})


def of_lycee(dossier: Dossier, sector: SectorRow, zone: ZoneRow, lycee: LyceeRow) -> Attributes:
    """Return the attributes of a lycée, including its zone in the previous plan, if any."""
    comparison = dossier.comparison
    before: Attributes = {}
    if comparison is not None:
        before["zone_avant"] = comparison.zones.get(lycee.id)
        before["changement"] = comparison.change_of(lycee.id) or None
    return _named(
        {
            "uai": lycee.id,
            "uai_associes": ", ".join(lycee.associated_uais) or None,
            "nom": lycee.name,
            "nom_imprime": lycee.printed or lycee.name,
            "commune": lycee.commune,
            "departement": lycee.departement,
            "zone_id": zone.id,
            "zone": zone.name,
            **before,
            "secteur": sector.name,
            "statut": zone.status.label,
            "zone_modifiee": zone.changed,
            **({"est_centre_support": lycee.is_support} if has_organisation() else {}),
            "eleves": lycee.pupils,
            "eleves_source": lycee.pupils_source or None,
            "besoin_demi_journees": lycee.need,
            "besoin_origine": lycee.need_origin or None,
            "releve_min": figure(lycee.releve_minutes),
            "releve_depuis": lycee.releve_from or None,
            **_sure(lycee.interval, estimated=lycee.estimated),
            "remarque": lycee.note or None,
        }
    )


def csv_bytes(dossier: Dossier) -> bytes:
    """Return the lycées in view; a byte order mark tells Excel that it is UTF-8."""
    plan = of_dossier(dossier)
    rows = [
        {
            **of_lycee(dossier, sector, zone, lycee),
            "latitude": lycee.lat if lycee.is_placed else None,
            "longitude": lycee.lon if lycee.is_placed else None,
            **of_zone_beside_lycee(zone),
            **plan,
            "sources": " ".join(dossier.sources),
        }
        for sector, zone, lycee in dossier.lines()
    ]
    return rows_bytes(rows)


def rows_bytes(rows: Sequence[Mapping[str, object]]) -> bytes:
    """Return a table of rows with the same columns."""
    stream = io.StringIO(newline="")
    if rows:
        writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
        writer.writerow(rows[0])
        writer.writerows([_cell(value) for value in row.values()] for row in rows)
    return stream.getvalue().encode("utf-8-sig")


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, float):
        return f"{value:.10g}".replace(".", ",")
    return str(value) if isinstance(value, int) else safe_cell(str(value))


def table_name(what: str, plan: str) -> str:
    """Return the name of a file: ``geozones_commentaires_essai.csv``."""
    return f"geozones_{what}_{slug(plan, 30)}.csv"
