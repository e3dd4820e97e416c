"""The rows of a dossier: lycées, zones, sectors, and what two plans have otherwise."""

import math
from collections.abc import Sequence
from itertools import permutations
from typing import TYPE_CHECKING

from geozones.domain import Plan, Sector
from geozones.domain.french import minutes, number, signed
from geozones.export import Gap, LyceeRow, Matrix, Moved, SectorRow, ZoneRow
from geozones.export.text import printable
from geozones.metrics import Values
from geozones.render import Scene

if TYPE_CHECKING:
    from geozones.workspace.core import Workspace

#: Key, label, unit: what a comparison tells; lower is better for all of them.
COMPARED = (
    ("objective", "Objectif", ""),
    ("mean_minutes", "Trajet moyen entre collègues", "min"),
    ("max_minutes", "Trajet le plus long", "min"),
    ("worst_releve_minutes", "Relève la plus lente", "min"),
)
#: Metric of teams, column of the data formats, label and unit of a comparison.
TEAMS = (
    ("posts", "postes_tip", "Postes de T.I.P.", ""),
    ("unmet", "besoins_sans_poste", "Demi-journées de besoin sans poste", ""),
    ("cover_median_minutes", "delai_median_min", "Délai médian de relève, une absence", "min"),
    ("cover_p90_minutes", "delai_9_sur_10_min", "Relève 9 fois sur 10, une absence", "min"),
    ("uncovered", "sans_releve", "Demi-journées sans relève, une absence", ""),
    ("pair_uncovered", "sans_releve_a_deux", "Demi-journées sans relève, deux absences", ""),
)
_NONE = "non renseigné"
_AT_TOWN = "placé au centre de la commune (adresse non publiée)"
_UNPLACED = "sans position : absent de la carte"


def figure(value: object) -> float | None:
    """Return a metric that is a number."""
    return float(value) if isinstance(value, (int, float)) else None


def sector_row(
    workspace: "Workspace", plan: Plan, sector: Sector, scene: Scene, reference: Plan | None
) -> SectorRow:
    """Return a sector with its zones, told changed from a plan (the shipped one by default)."""
    values = workspace.evaluator.sector(plan, sector.id)
    centre, members = sector.support_centre, plan.lycees_of(sector.id)
    zones = tuple(
        _zone_row(workspace, plan, zone.id, reference) for zone in plan.zones_of(sector.id)
    )
    guessed = centre is not None and any(
        workspace.times.is_estimated(centre, lycee) for lycee in members if lycee != centre
    )
    return SectorRow(
        id=sector.id,
        name=printable(sector.name),
        draft=sector.is_draft,
        rns=printable(sector.rns) if sector.rns else None,
        support_centre=printable(workspace.name(centre)) if centre else None,
        mean_minutes=figure(values["mean_minutes"]),
        max_minutes=figure(values["max_minutes"]),
        support_mean_minutes=figure(values["support_mean_minutes"]),
        support_max_minutes=figure(values["support_max_minutes"]),
        estimated=guessed or any(zone.estimated for zone in zones),
        zones=zones,
        scene=scene,
        teams=_teams(workspace, values),
    )


def _teams(workspace: "Workspace", values: Values) -> tuple[tuple[str, float | None], ...]:
    """Return the figures of teams by column; nothing where the plan has no post at all."""
    if not workspace.teams.posts:
        return ()
    return tuple((column, figure(values[key])) for key, column, _, _ in TEAMS)


def _zone_row(workspace: "Workspace", plan: Plan, zone: str, reference: Plan | None) -> ZoneRow:
    values = workspace.evaluator.zone(plan, zone)
    members = plan.members(zone)
    pair = values["worst_pair"]
    return ZoneRow(
        id=zone,
        name=printable(plan.zone(zone).name),
        lycees=tuple(_lycee_row(workspace, plan, lycee) for lycee in members),
        mean_minutes=figure(values["mean_minutes"]),
        max_minutes=figure(values["max_minutes"]),
        worst_pair=_pair(workspace, pair) if isinstance(pair, tuple) else None,
        worst_releve_minutes=figure(values["worst_releve_minutes"]),
        estimated=any(workspace.times.is_estimated(*way) for way in permutations(members, 2)),
        changed=workspace.is_changed(plan, zone, reference),
        alerts=tuple(printable(breach.message) for breach in workspace.check(plan, [zone])),
        teams=_teams(workspace, values),
    )


def _pair(workspace: "Workspace", pair: tuple[str, ...]) -> tuple[str, str]:
    first, second = (printable(workspace.name(lycee)) for lycee in pair)
    return first, second


def _lycee_row(workspace: "Workspace", plan: Plan, lycee: str) -> LyceeRow:
    place, releve = workspace.lycees[lycee], workspace.releve(plan, lycee)
    placed = math.isfinite(place.lat) and math.isfinite(place.lon)
    note = "" if place.precision == "adresse" else _AT_TOWN
    return LyceeRow(
        id=lycee,
        name=printable(place.name),
        commune=printable(place.commune),
        departement=place.departement,
        lat=place.lat,
        lon=place.lon,
        is_support=plan.sector_of(lycee).support_centre == lycee,
        note=note if placed else _UNPLACED,
        releve_minutes=None if releve is None else releve[1],
        releve_from="" if releve is None else printable(workspace.name(releve[0])),
        estimated=releve is not None and workspace.times.is_estimated(releve[0], lycee),
        associated_uais=place.associated_uais,
    )


def matrix(workspace: "Workspace", lycees: Sequence[str]) -> Matrix:
    """Return the drives between some lycées."""
    times = workspace.times.restricted(lycees, lycees)
    guesses = frozenset(
        (row, column)
        for row, origin in enumerate(lycees)
        for column, destination in enumerate(lycees)
        if times.maker is not None and times.is_estimated(origin, destination)
    )
    return Matrix(tuple(lycees), tuple(map(tuple, times.minutes.tolist())), guesses)


type Placed = tuple["Workspace", Plan]
"""A plan, and the territory with the places that it needs."""


def gaps(before: Placed, after: Placed) -> tuple[Gap, ...]:
    """Return the region's figures in two plans, with the differences."""
    sides = (before, after)
    first, second = (workspace.evaluator.region(plan) for workspace, plan in sides)
    found = []
    for key, label, unit in COMPARED:
        start, end = figure(first[key]), figure(second[key])
        written = minutes if unit else _plain
        found.append(Gap(label, written(start, 1), written(end, 1), *_difference(start, end)))
    was, now = (len(workspace.check(plan)) for workspace, plan in sides)
    found.append(Gap("Alertes", str(was), str(now), *_difference(was, now, 0)))
    was, now = (len([z for z in plan.zones if plan.members(z.id)]) for _, plan in sides)
    found.append(Gap("Zones", str(was), str(now), _difference(was, now, 0)[0], None))
    return tuple(found)


def team_gaps(before: tuple["Workspace", Plan], after: tuple["Workspace", Plan]) -> tuple[Gap, ...]:
    """Return the figures of teams in two plans, each under its own posts; none without posts."""
    if not any(workspace.teams.posts for workspace, _ in (before, after)):
        return ()
    first, second = (workspace.evaluator.region(plan) for workspace, plan in (before, after))
    found = []
    for key, _, label, unit in TEAMS:
        start, end = figure(first[key]), figure(second[key])
        told, better = _difference(start, end, 0)
        was, now = (_NONE if v is None else _written(v, unit) for v in (start, end))
        found.append(Gap(label, was, now, told, None if key == "posts" else better))
    return tuple(found)


def _written(value: float, unit: str) -> str:
    return minutes(value) if unit else number(value)


def _plain(value: float | None, digits: int) -> str:
    return "—" if value is None or not math.isfinite(value) else number(value, digits)


def _difference(
    before: float | None, after: float | None, digits: int = 1
) -> tuple[str, bool | None]:
    """Return what was gained or lost, and whether it is better: lower is."""
    if before is None or after is None:
        return "—", None
    told = signed(after - before, digits)
    if told in {"0", "—"}:
        return "=", None
    return told, after < before


def moves(first: Placed, second: Placed) -> tuple[Moved, ...]:
    """Return the lycées that are not in the same zone, by name."""
    (home, before), (there, after) = first, second
    names = {
        lycee: printable(workspace.name(lycee))
        for workspace in (home, there)
        for lycee in workspace.lycees
    }
    ids = dict.fromkeys((*before.lycees, *after.lycees))
    moved = [
        lycee for lycee in ids if before.zone_by_lycee.get(lycee) != after.zone_by_lycee.get(lycee)
    ]
    return tuple(
        Moved(
            names[lycee],
            _where(before, lycee),
            _where(after, lycee),
            # one that is added or removed changes of none
            len({_sector(before, lycee), _sector(after, lycee)} - {""}) > 1,
        )
        for lycee in sorted(moved, key=names.__getitem__)
    )


def _where(plan: Plan, lycee: str) -> str:
    return printable(plan.zone_of(lycee).name) if lycee in plan.zone_by_lycee else ""


def _sector(plan: Plan, lycee: str) -> str:
    return plan.sector_of(lycee).id if lycee in plan.zone_by_lycee else ""
