"""The figures of a dossier in sentences, for a presenter to say."""

import math
from collections.abc import Sequence

from geozones.domain.french import listing, of, plural
from geozones.export.dossier import Comparison, Dossier, Moved, SectorRow, ZoneRow
from geozones.export.text import typeset


def spoken(minutes: float | None) -> str:
    """Say a duration: ``68 minutes``."""
    if minutes is None:
        return "une durée sans objet"
    if not math.isfinite(minutes):
        return "une durée infinie, faute d'accès routier"
    return plural(round(minutes), "minute")


def of_region(dossier: Dossier) -> list[str]:
    """Say what the region is made of, and how far colleagues are."""
    sectors = dossier.sectors
    zones = [zone for zone in dossier.zones if zone.lycees]
    lycees, areas = plural(len(dossier.lycees), "lycée"), plural(len(zones), "zone")
    said = [f"La carte montre {lycees}, {areas} de continuité, {plural(len(sectors), 'secteur')}."]
    said += _distances(zones, dossier.mean_minutes, dossier.max_minutes)
    published = [sector.name for sector in sectors if not sector.draft]
    drafts = [sector.name for sector in sectors if sector.draft]
    if published:
        said.append(f"{_sectors(published)} : {_many(published, 'publié')} par la Région.")
    if drafts:
        said.append(
            f"{_sectors(drafts)} : {_many(drafts, 'brouillon')}, une proposition de l'outil et "
            "non une décision de la Région."
        )
    return [typeset(line) for line in said + _cautions(dossier)]


def of_sector(dossier: Dossier, sector: SectorRow) -> list[str]:
    """Say who leads a sector, what it is made of, and how far its colleagues are."""
    zones = [zone for zone in sector.zones if zone.lycees]
    status = "publié" if not sector.draft else "un brouillon, une proposition de l'outil"
    said = [f"Le secteur {sector.name} est {status}."]
    if sector.rns:
        said.append(f"Son responsable numérique de secteur (RNS) est {sector.rns}.")
    else:
        said.append("Son responsable numérique de secteur (RNS) n'est pas publié.")
    if sector.support_centre:
        said.append(f"Son centre support est {sector.support_centre}.")
    if sector.support_mean_minutes is not None:
        said.append(
            f"Les autres lycées en sont en moyenne à {spoken(sector.support_mean_minutes)}, "
            f"le plus loin à {spoken(sector.support_max_minutes)}."
        )
    said.append(
        f"Il compte {plural(len(sector.lycees), 'lycée')} en {plural(len(zones), 'zone')} de "
        "continuité."
    )
    said += _distances(zones, sector.mean_minutes, sector.max_minutes)
    said += [line for zone in zones for line in of_zone(zone)]
    return [typeset(line) for line in said + _cautions(dossier, estimated=sector.estimated)]


def of_zone(zone: ZoneRow) -> list[str]:
    """Say how far the colleagues of a zone are, and what the rules say of it."""
    count = plural(len(zone.lycees), "lycée")
    said = f"Zone {zone.name} : {count}"
    if zone.worst_pair is None:
        said += ", donc aucun collègue dans la zone."
    else:
        said += (
            f", {spoken(zone.mean_minutes)} en moyenne, {spoken(zone.max_minutes)} au plus, entre "
            f"{listing(zone.worst_pair)}."
        )
    return [said, *zone.alerts]


def of_comparison(comparison: Comparison, after: str) -> list[str]:
    """Say what changes between two plans."""
    before = comparison.before.name
    if not comparison.moves:
        return [typeset(f"Entre « {before} » et « {after} », aucun lycée ne change de zone.")]
    said = [f"Entre « {before} » et « {after} », {of_moves(comparison.moves)}."]
    for gap in comparison.gaps:
        if gap.difference not in {"=", "—"}:
            told = f"{gap.label} : de {gap.before} à {gap.after}"
            mark = {True: ", c'est mieux", False: ", c'est moins bien"}
            said.append(told + (mark[gap.better] if gap.better is not None else "") + ".")
    return [typeset(line) for line in (*said, *map(_of_move, comparison.moves))]


def of_moves(moves: Sequence[Moved]) -> str:
    """Say how many lycées change of zone, come and go: ``2 lycées changent de zone``."""
    come, go = sum(not move.before for move in moves), sum(not move.after for move in moves)
    parts = (
        (len(moves) - come - go, "lycée change de zone", "lycées changent de zone"),
        (come, "lycée est ajouté", "lycées sont ajoutés"),
        (go, "lycée est retiré", "lycées sont retirés"),
    )
    return listing([plural(count, one, more) for count, one, more in parts if count])


def _of_move(move: Moved) -> str:
    if not move.before:
        return f"{move.lycee} est ajouté à {move.after}."
    if not move.after:
        return f"{move.lycee} est retiré {of(move.before)}."
    also = ", donc à un autre secteur et un autre RNS" if move.changes_sector else ""
    return f"{move.lycee} passe {of(move.before)} à {move.after}{also}."


def _distances(
    zones: list[ZoneRow], mean_minutes: float | None, max_minutes: float | None
) -> list[str]:
    if mean_minutes is None:
        return ["Aucune zone n'y a deux lycées : il n'y a pas de trajet entre collègues."]
    said = (
        f"Deux collègues d'une même zone sont en moyenne à {spoken(mean_minutes)} l'un de l'autre"
    )
    worst = [zone for zone in zones if zone.worst_pair and zone.max_minutes == max_minutes]
    if not worst or worst[0].worst_pair is None:
        return [said + "."]
    pair = listing(worst[0].worst_pair)
    longest = f"le trajet le plus long dure {spoken(max_minutes)}, entre {pair}"
    return [f"{said} ; {longest}, dans la zone {worst[0].name}."]


def _sectors(names: list[str]) -> str:
    return f"{'Secteur' if len(names) == 1 else 'Secteurs'} {listing(names)}"


def _many(names: list[str], word: str) -> str:
    return word if len(names) == 1 else f"{word}s"


def _cautions(dossier: Dossier, *, estimated: bool | None = None) -> list[str]:
    """Say what to know of the figures: peak hours, estimates, lycées off the map."""
    guessed = any(s.estimated for s in dossier.sectors) if estimated is None else estimated
    said = []
    if dossier.peak_note:
        said.append(f"Toutes les durées sont données pour l'{dossier.peak_note}.")
    if guessed:
        said.append("Une partie de ces durées est estimée, faute de trajet routier calculé.")
    if dossier.unplaced:
        names = listing([lycee.name for lycee in dossier.unplaced])
        said.append(f"Sans position, donc absents de la carte : {names}.")
    said.append(f"Plan : {dossier.version.told}.")
    return said
