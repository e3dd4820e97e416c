"""Titles of slides and pages: the message, not the topic."""

import math
from collections.abc import Iterable

from geozones.common.french import NBSP, in_words, minutes
from geozones.domain.terms import terms
from geozones.export.dossier import Dossier, PlanComparison, SectorRow, ZoneRow
from geozones.export.vigilance import PointRow
from geozones.metrics import number_of
from geozones.metrics.watch_list import watch_list

#: Names of sectors that are départements, which take « en ».
_DEPARTEMENTS = frozenset({"Loire-Atlantique", "Maine-et-Loire", "Mayenne", "Sarthe", "Vendée"})


#: Title of the feedback on a plan, in every format.
FEEDBACK_TITLE = "Avis des établissements"


def in_sector(name: str) -> str:
    """Write the place of a sector: ``En Mayenne``, ``Secteur Nantes``."""
    return f"En {name}" if name in _DEPARTEMENTS else f"Secteur {name}"


def of_sector(dossier: Dossier, sector: SectorRow) -> str:
    """Return which zones of a sector are too wide: « En Mayenne, deux zones dépassent… »."""
    where = in_sector(sector.name)
    joint = "," if where.startswith("En ") else " :"
    return f"{where}{joint} {_too_far(dossier, sector.zones)}"


def of_region(dossier: Dossier) -> str:
    """Return which zones in view are too wide."""
    text = _too_far(dossier, dossier.zones)
    return text[0].upper() + text[1:]


def of_zone(dossier: Dossier) -> str:
    """Return how far the colleagues of the zone in view are."""
    longest, site = number_of(dossier.values["max_minutes"]), terms().site
    if longest is None:
        alone = f"un{site.e} seul{site.e} {site}"
        return f"{dossier.title} : {alone}, aucun collègue pour assurer la relève"
    where = "au-delà" if longest > dossier.threshold else "en deçà"
    limit = minutes(dossier.threshold)
    if not math.isfinite(longest):
        return f"{dossier.title} : aucune route ne relie deux de ses {site.plural}"
    between = f"entre deux {site.plural}"
    return f"{dossier.title} : {minutes(longest)} au plus {between}, {where} de {limit}"


def of_view(dossier: Dossier) -> str:
    """Return the message of the view: a zone, a sector, the region."""
    if dossier.is_of_zone:
        return of_zone(dossier)
    if len(dossier.sectors) == 1:
        return of_sector(dossier, dossier.sectors[0])
    return of_region(dossier)


def _too_far(dossier: Dossier, zones: tuple[ZoneRow, ...]) -> str:
    known = [zone for zone in zones if zone.lycees]
    far = [zone for zone in known if _longest(zone) > dossier.threshold]
    limit = f"{round(dossier.threshold)}{NBSP}minutes"
    if not known:
        return terms().site.no
    if not far:
        return f"aucune zone ne dépasse {limit}"
    if len(known) == 1:
        return f"la zone dépasse {limit}"
    verb = "dépasse" if len(far) == 1 else "dépassent"
    noun = "zone" if len(far) == 1 else "zones"
    many = f" sur {len(known)}" if len(known) > 6 else ""
    return f"{in_words(len(far), feminine=True)} {noun}{many} {verb} {limit}"


def _longest(zone: ZoneRow) -> float:
    value = number_of(zone.values["max_minutes"])
    return -math.inf if value is None else value


def of_figures(worse: int, better: int) -> str:
    """Return how many figures get worse and better: ``Six chiffres sont moins bons…``."""
    if not worse and not better:
        return "Aucun chiffre ne change nettement"
    if not worse:
        return f"{_figures(better)} {_are(better, 'meilleur')}, aucun n'est moins bon"
    text = f"{_figures(worse)} {_are(worse, 'moins bon')}"
    if not better:
        return f"{text}, aucun n'est meilleur"
    other = in_words(better)
    return f"{text}, {other} {_are(better, 'meilleur')}"


def _figures(count: int) -> str:
    words = in_words(count)
    return f"{words.capitalize()} chiffre{'' if count == 1 else 's'}"


def _are(count: int, quality: str) -> str:
    return f"est {quality}" if count == 1 else f"sont {quality}s"


def of_alerts(comparison: PlanComparison, points: Iterable[PointRow]) -> str:
    """Return the numbers of points to watch before and after."""
    before, after = watch_list(comparison.earlier.points).count, watch_list(points)
    if before == after.count:
        return f"{after.text}, comme avant"
    return f"{after.text}{',' if after.doubt else ''} au lieu de {before}"
