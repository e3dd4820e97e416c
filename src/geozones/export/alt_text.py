"""Alternative texts of maps, for readers who do not see them."""

from collections.abc import Iterable

from geozones.common.french import listing, plural
from geozones.domain import DecisionStatus
from geozones.domain.terms import terms
from geozones.export.dossier import Dossier, PlanComparison, SectorRow, ZoneRow
from geozones.metrics import written

_MOST = 8


def of_region(dossier: Dossier) -> str:
    """Describe the map of several sectors: zones, status and changes of each."""
    lines = ["Carte de la région, un secteur par couleur."]
    lines += [
        f"{row.name} ({row.status_text}) : {plural(len(_zones(row)), 'zone')}, "
        f"{terms().site.counted(len(row.lycees))}."
        for row in dossier.sectors
        if row.lycees
    ]
    return " ".join(lines + _signs(dossier.sectors))


def of_sector(sector: SectorRow) -> str:
    """Describe the map of a sector: its numbered zones, their lycées and distances."""
    lines = [f"Carte du secteur {sector.name} ({sector.status_text}), une zone par couleur."]
    for rank, zone in enumerate(_zones(sector), 1):
        names = [lycee.name for lycee in zone.lycees]
        shown = listing(names) if len(names) <= _MOST else terms().site.counted(len(names))
        lines.append(f"Zone {rank}, {zone.name} : {shown}{_far(zone)}.")
    if sector.support_centre:
        lines.append(f"L'étoile est {terms().support_centre.the}, {sector.support_centre}.")
    return " ".join(lines + _signs([sector]))


def of_zone(dossier: Dossier) -> str:
    """Describe the map of one zone among its neighbours."""
    (sector,) = dossier.sectors
    (zone,) = sector.zones
    names = listing([lycee.name for lycee in zone.lycees])
    text = f"Carte de la zone {zone.name}, secteur {sector.name} : {names}{_far(zone)}."
    return " ".join([text, *_signs(dossier.sectors)])


def of_view(dossier: Dossier) -> str:
    """Describe the map of the view."""
    if dossier.is_of_zone:
        return of_zone(dossier)
    if len(dossier.sectors) == 1:
        return of_sector(dossier.sectors[0])
    return of_region(dossier)


def of_pair(comparison: PlanComparison, after: str) -> str:
    """Describe the two maps of a comparison: the lycées that move, and where."""
    first = f"Deux cartes de la partie qui change, de même étendue : {comparison.before.name} à "
    lines = [f"{first}gauche, {after} à droite."]
    lines += [
        f"{move.lycee}, en jaune, est à gauche dans {move.before or 'aucune zone'} et à droite "
        f"dans {move.after or 'aucune zone'}."
        for move in comparison.moves[:_MOST]
    ]
    if len(comparison.moves) > _MOST:
        site = terms().site
        others = plural(len(comparison.moves) - _MOST, f"autre {site}", f"autres {site.plural}")
        lines.append(f"Et {others}.")
    return " ".join(lines)


def _zones(sector: SectorRow) -> list[ZoneRow]:
    return [zone for zone in sector.zones if zone.lycees]


def _far(zone: ZoneRow) -> str:
    if zone.farthest is None:
        return ""
    longest = written(zone.values, "max_minutes", 0)
    return f" ; {longest} au plus, entre {listing(zone.farthest)}"


def _signs(sectors: Iterable[SectorRow]) -> list[str]:
    """Explain the hatchings and dashes that the map has."""
    zones = [(sector.name, zone) for sector in sectors for zone in sector.zones]
    lines = []
    drafts = dict.fromkeys(name for name, z in zones if z.status is DecisionStatus.DRAFT)
    if drafts:
        lines.append(f"Hachures, brouillon de l'outil : {listing(list(drafts))}.")
    changed = [zone.name for _, zone in zones if zone.changed]
    if changed:
        lines.append(f"Tirets, zones modifiées : {listing(changed)}.")
    return lines
