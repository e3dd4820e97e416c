"""What each thing of a dossier is told by, under the column names of every data format."""

import math
from typing import Any

from geozones.export.dossier import Dossier, LyceeRow, SectorRow, ZoneRow

type Attributes = dict[str, Any]


def figure(value: float | None) -> float | None:
    """Return minutes to a tenth; ``None`` where there is no figure, or no way."""
    return None if value is None or not math.isfinite(value) else round(value, 1)


def of_dossier(dossier: Dossier) -> Attributes:
    """Which plan a row comes from."""
    version = dossier.version
    return {"plan": version.name, "statut_plan": version.status, "version": version.mark}


def of_sector(sector: SectorRow) -> Attributes:
    """Return the attributes of a sector."""
    return {
        "id": sector.id,
        "nom": sector.name,
        "statut": sector.status.lower(),
        "rns": sector.rns,
        "centre_support": sector.support_centre,
        "zones": len(sector.zones),
        "lycees": len(sector.lycees),
        "trajet_moyen_min": figure(sector.mean_minutes),
        "trajet_max_min": figure(sector.max_minutes),
        "centre_support_moyen_min": figure(sector.support_mean_minutes),
        "centre_support_max_min": figure(sector.support_max_minutes),
        **{name: figure(value) for name, value in sector.teams},
        "estime": sector.estimated,
    }


def of_zone(sector: SectorRow, zone: ZoneRow) -> Attributes:
    """Return the attributes of a zone."""
    return {
        "id": zone.id,
        "nom": zone.name,
        "secteur": sector.name,
        "statut": sector.status.lower(),
        "lycees": len(zone.lycees),
        "codes_uai": ", ".join(lycee.id for lycee in zone.lycees),
        "trajet_moyen_min": figure(zone.mean_minutes),
        "trajet_max_min": figure(zone.max_minutes),
        "releve_max_min": figure(zone.worst_releve_minutes),
        **{name: figure(value) for name, value in zone.teams},
        "modifiee": zone.changed,
        "alertes": " ".join(zone.alerts) or None,
        "estime": zone.estimated,
    }


def of_lycee(sector: SectorRow, zone: ZoneRow, lycee: LyceeRow) -> Attributes:
    """Return the attributes of a lycée."""
    return {
        "uai": lycee.id,
        "uai_associes": ", ".join(lycee.associated_uais) or None,
        "nom": lycee.name,
        "commune": lycee.commune,
        "departement": lycee.departement,
        "zone_id": zone.id,
        "zone": zone.name,
        "secteur": sector.name,
        "statut": sector.status.lower(),
        "est_centre_support": lycee.is_support,
        "releve_min": figure(lycee.releve_minutes),
        "releve_depuis": lycee.releve_from or None,
        "estime": lycee.estimated,
        "remarque": lycee.note or None,
    }
