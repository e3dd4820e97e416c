"""Figures of a dossier as sentences for a presenter, and marks of durations that are estimated.

A duration that contains an estimated drive is marked by words, or by a star where space is short.
"""

from collections.abc import Iterator, Sequence

from geozones.common.french import listing, of, plural, typeset
from geozones.domain.terms import terms
from geozones.domain.times import ESTIMATED_MEANS
from geozones.export.dossier import Dossier, Moved, PlanComparison, PlanInView, SectorRow, ZoneRow
from geozones.metrics import metric, written

#: Most lycées named in one sentence.
_NAMED = 4


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
            single.append(f"{move.lycee} est ajouté à {move.after}.")
        elif not move.after:
            single.append(f"{move.lycee} est retiré {of(move.before)}.")
        else:
            sector = move.sector if move.changes_sector else ""
            joined.setdefault((move.after, sector, move.why), []).append(move.lycee)
    lines = [_joining(lycees, *place) for place, lycees in joined.items()]
    return [typeset(line) for line in (*lines, *single, *comparison.others)]


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
        lines.append(f"Sans position, donc absents des cartes : {names}.")
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
    return "estimé" if metric(key).lycees else shown.estimate_mark


def mean_and_longest(shown: Shown) -> tuple[str, str]:
    """Write the mean and the longest drive to a minute, with a star if estimated."""
    mean, longest = written(shown.values, _MEAN, 0), written(shown.values, _LONGEST)
    return mean + _STAR * (_MEAN in shown.guessed), longest + _STAR * (_LONGEST in shown.guessed)
