"""Figures of a dossier as sentences for a presenter, and marks of durations that are estimated.

A duration that contains an estimated drive is marked by words, or by a star where space is short.
"""

import math
from collections.abc import Iterator, Sequence

from geozones.common.french import capital, listing, of, plural, typeset
from geozones.domain import DecisionStatus
from geozones.domain.terms import terms, worded
from geozones.domain.times import ESTIMATED_MEANS, PARTLY_ESTIMATED
from geozones.export.dossier import Dossier, Moved, PlanComparison, PlanInView, SectorRow, ZoneRow
from geozones.metrics import Value, Values, metric, number_of, written

#: Most lycées named in one sentence.
_NAMED = 4


def spoken(value: Value) -> str:
    """Return a duration in words: ``68 minutes``."""
    minutes = number_of(value)
    if minutes is None:
        return "une durée sans objet"
    if not math.isfinite(minutes):
        return "une durée infinie, faute d'accès routier"
    return plural(round(minutes), "minute")


def of_region(dossier: Dossier) -> list[str]:
    """Return the composition of the region, and the distances between colleagues."""
    sectors = dossier.sectors
    zones = [zone for zone in dossier.zones if zone.lycees]
    lycees, areas = terms().site.counted(len(dossier.lycees)), plural(len(zones), "zone")
    lines = [f"La carte montre {lycees}, {areas} de continuité, {plural(len(sectors), 'secteur')}."]
    lines += _distances(zones, dossier.values)
    lines += statuses(sectors)
    return [typeset(line) for line in lines + _cautions(dossier)]


def of_sector(dossier: Dossier, sector: SectorRow) -> list[str]:
    """Return the RNS of a sector, its composition, and the distances between colleagues."""
    zones = [zone for zone in sector.zones if zone.lycees]
    lines = [f"Le secteur {sector.name} est {_IS[sector.status]}."]
    lines += [f"Ce qui y change : {sector.marks}."] if sector.marks else []
    if sector.rns:
        lines.append(f"Son responsable numérique de secteur (RNS) est {sector.rns}.")
    else:
        lines.append("Son responsable numérique de secteur (RNS) n'est pas publié.")
    if sector.support_centre:
        lines.append(f"{capital(terms().support_centre.its)} est {sector.support_centre}.")
    if sector.values["support_mean_minutes"] is not None:
        lines.append(
            f"Les autres {terms().site.plural} en sont en moyenne à "
            f"{spoken(sector.values['support_mean_minutes'])}, {terms().site.article} plus loin à "
            f"{spoken(sector.values['support_max_minutes'])}."
        )
    lines.append(
        f"Il compte {terms().site.counted(len(sector.lycees))} en {plural(len(zones), 'zone')} de "
        "continuité."
    )
    lines += _distances(zones, sector.values)
    lines += [line for zone in zones for line in of_zone(zone)]
    return [typeset(line) for line in lines + _cautions(dossier, estimated=sector.estimated)]


def of_zone(zone: ZoneRow) -> list[str]:
    """Return the distances between colleagues of a zone, and the breaches of rules."""
    count = terms().site.counted(len(zone.lycees))
    text = f"Zone {zone.name} ({zone.status_text}) : {count}"
    if zone.farthest is None:
        text += ", donc aucun collègue dans la zone."
    else:
        text += (
            f", {spoken(zone.values['mean_minutes'])} en moyenne, "
            f"{spoken(zone.values['max_minutes'])} au plus, entre {listing(zone.farthest)}."
        )
    return [text, *zone.alerts]


def of_figures(comparison: PlanComparison) -> list[str]:
    """Return the figures of a change, but those of the headline, a sentence each."""
    return [
        f"{change.metric.label} : {change.before_text} → {change.after_text}"
        f" ({change.difference_text})."
        for change in comparison.changes
        if change not in comparison.headline
    ]


def of_moves(moves: Sequence[Moved]) -> str:
    """Return how many lycées change zone, come and go: ``2 lycées changent de zone``."""
    come, go = sum(not move.before for move in moves), sum(not move.after for move in moves)
    one, more, e = terms().site.singular, terms().site.plural, terms().site.e
    parts = (
        (len(moves) - come - go, f"{one} change de zone", f"{more} changent de zone"),
        (come, f"{one} est ajouté{e}", f"{more} sont ajouté{e}s"),
        (go, f"{one} est retiré{e}", f"{more} sont retiré{e}s"),
    )
    return listing([plural(count, single, several) for count, single, several in parts if count])


def rows_of_moves(
    dossier: Dossier, comparison: PlanComparison
) -> Iterator[tuple[Moved, tuple[str, ...]]]:
    """Yield each lycée that moves with its row, under the sector that it is in after.

    A row has the sector with its status, where it begins; the lycée; its zones before and after.
    """
    sectors = {row.name: f"{row.name} ({row.status_text})" for row in dossier.sectors}
    # the status of a zone that differs from its sector's
    apart = {
        zone.name: f"{zone.name} ({zone.status.label})"
        for row in dossier.sectors
        for zone in row.zones
        if zone.status is not row.status
    }
    before = ""
    for move in sorted(comparison.moves, key=lambda move: move.sector):
        sector = "" if move.sector == before else sectors.get(move.sector, move.sector)
        yield (
            move,
            (sector, move.lycee, move.before or "—", apart.get(move.after, move.after) or "—"),
        )
        before = move.sector


def what_changes(comparison: PlanComparison) -> list[str]:
    """Return all that differs between two plans, a sentence for each zone that lycées join.

    Moves to one zone for one reason are told together, then what else changes.
    """
    joined: dict[tuple[str, str, str], list[str]] = {}
    single: list[str] = []
    for move in comparison.moves:
        if not move.before:
            single.append(f"{move.lycee} est ajouté{terms().site.e} à {move.after}.")
        elif not move.after:
            single.append(f"{move.lycee} est retiré{terms().site.e} {of(move.before)}.")
        else:
            sector = move.sector if move.changes_sector else ""
            joined.setdefault((move.after, sector, move.why), []).append(move.lycee)
    lines = [_joining(lycees, *place) for place, lycees in joined.items()]
    return [typeset(line) for line in (*lines, *single, *comparison.others)]


def untold_reasons(dossier: Dossier) -> list[str]:
    """Return people's reasons for a change that no line of `what_changes` gives."""
    moves = () if dossier.comparison is None else dossier.comparison.moves
    told = {_plain(move.why) for move in moves if move.why}
    return [
        typeset(reason)
        for reason in dossier.reasons
        if not any(_plain(reason).endswith(why) for why in told)
    ]


def _plain(why: str) -> str:
    return why.strip().removesuffix(".").casefold()


def without_rns(comparison: PlanComparison) -> list[str]:
    """Return who has no RNS any more, a sentence for each RNS that they had."""
    return [
        f"{who} {"n'ont" if len(names) > 1 else "n'a"} plus de RNS nommé ; c'était {rns}."
        for rns, names in comparison.without_rns.items()
        for who in (listing(names) if len(names) <= _NAMED else terms().site.counted(len(names)),)
    ]


def _joining(lycees: Sequence[str], zone: str, sector: str, why: str) -> str:
    verb = "rejoint" if len(lycees) == 1 else "rejoignent"
    where = f", dans un autre secteur : {sector}" if sector else ""
    text = f"{listing(lycees)} {verb} la zone {zone}{where}"
    return f"{text} ; raison : {why.removesuffix('.')}." if why else f"{text}."


def _distances(zones: list[ZoneRow], values: Values) -> list[str]:
    mean, longest = values["mean_minutes"], values["max_minutes"]
    if mean is None:
        sites = terms().site.plural
        return [f"Aucune zone n'y a deux {sites} : il n'y a pas de trajet entre collègues."]
    text = f"Deux collègues d'une même zone sont en moyenne à {spoken(mean)} l'un de l'autre"
    worst = [zone for zone in zones if zone.farthest and zone.values["max_minutes"] == longest]
    if not worst or worst[0].farthest is None:
        return [text + "."]
    where = f"entre {listing(worst[0].farthest)}, dans la zone {worst[0].name}"
    return [f"{text} ; le trajet le plus long dure {spoken(longest)}, {where}."]


_IS = {
    DecisionStatus.PUBLISHED: "publié",
    DecisionStatus.RETAINED: "retenu, pas encore publié",
    DecisionStatus.PROPOSED: "proposé, non décidé",
    DecisionStatus.DRAFT: "un brouillon, une proposition de l'outil",
}
#: Phrases for sectors by status, for `worded`: singular, plural.
_ARE = {
    DecisionStatus.PUBLISHED: ("publié par {the_organisation}", "publiés par {the_organisation}"),
    DecisionStatus.RETAINED: ("retenu, pas encore publié", "retenus, pas encore publiés"),
    DecisionStatus.PROPOSED: ("proposé, non décidé", "proposés, non décidés"),
    DecisionStatus.DRAFT: (
        "brouillon, une proposition de l'outil et non une décision {of_the_organisation}",
        "brouillons, une proposition de l'outil et non une décision {of_the_organisation}",
    ),
}


def statuses(sectors: Sequence[SectorRow]) -> list[str]:
    """Return which sectors are published, retained, proposed, drafts, and their changes."""
    lines = []
    for status, (one, several) in _ARE.items():
        names = [sector.name for sector in sectors if sector.status is status]
        if len(names) == 1:
            lines.append(f"Secteur {names[0]} : {worded(one)}.")
        elif names:
            lines.append(f"Secteurs {listing(names)} : {worded(several)}.")
    return lines + [f"Secteur {s.name} : {s.marks}." for s in sectors if s.marks]


def of_sources(dossier: Dossier) -> list[str]:
    """Return the sources, and the identity of the plan."""
    site = terms().site
    lines = [
        f"Plan : {dossier.version.full_name}.",
        *dossier.sources,
        f"Durées en minutes, {site.of} à {site} ; entre deux collègues, moyenne des deux sens.",
        f"Un trajet est « estimé » quand {ESTIMATED_MEANS}.",
    ]
    if dossier.unplaced:
        names = listing([lycee.name for lycee in dossier.unplaced])
        lines.append(f"Sans position, donc absent{site.e}s des cartes : {names}.")
    return lines


def _cautions(dossier: Dossier, *, estimated: bool | None = None) -> list[str]:
    """Return cautions on the figures: estimates, lycées off the map."""
    guessed = any(s.estimated for s in dossier.sectors) if estimated is None else estimated
    lines = []
    if guessed:
        lines.append(f"Une partie de ces durées est estimée : {ESTIMATED_MEANS}.")
    if dossier.unplaced:
        names = listing([lycee.name for lycee in dossier.unplaced])
        lines.append(f"Sans position, donc absent{terms().site.e}s de la carte : {names}.")
    lines.append(f"Plan : {dossier.version.dated_name}.")
    return lines


type Shown = PlanInView | SectorRow | ZoneRow
"""Object with metrics that knows which of them depend on an estimated drive."""

_MEAN, _LONGEST = "mean_minutes", "max_minutes"
_STAR = " *"


def guess_of(shown: Shown, key: str) -> str:
    """Return the mark of a metric (key): « estimé » for a single drive, else that it is in part.

    Empty if it contains no estimated drive.
    """
    if key not in shown.guessed:
        return ""
    return "estimé" if metric(key).lycees else PARTLY_ESTIMATED


def mean_and_longest(shown: Shown) -> tuple[str, str]:
    """Write the mean and the longest drive to a minute, with a star if estimated."""
    mean, longest = written(shown.values, _MEAN, 0), written(shown.values, _LONGEST)
    return mean + _STAR * (_MEAN in shown.guessed), longest + _STAR * (_LONGEST in shown.guessed)
