"""Areas of observed figures, what the tool expects there, their tables and map."""

import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

import shapely

from geozones.common.french import NBSP, capital, listing, long_date, number, plural
from geozones.domain import Plan
from geozones.domain.field_journal import (
    OUTSIDE,
    AdoptedHypotheses,
    BilanLine,
    BilanVerdict,
    Journal,
)
from geozones.domain.teams import single_figures
from geozones.domain.yearly_cost import YearlyCost
from geozones.experiment.facts import facts_of
from geozones.experiment.observed import Observed, Observer
from geozones.experiment.observed_figures import BY_KEY, FIGURES, ObservedFigure, bilan_line
from geozones.render import Scene, View
from geozones.render.palette import NO_VALUE, ramp
from geozones.workspace.analysis import Analysis
from geozones.workspace.maps.plan_scene import SceneOptions, build_scene
from geozones.workspace.study import Study


@dataclass(frozen=True, slots=True)
class Area:
    """The whole, a sector, a zone or a lycée.

    ``key`` is its id, empty for the whole; ``kind`` is ``region``, ``sector``, ``zone`` or
    ``lycee``.
    """

    kind: str
    key: str
    name: str
    lycees: tuple[str, ...]


def whole(study: Study, observed: Observer) -> Area:
    """Return all the sectors with rows in the journal as one area."""
    sectors = recorded(study, observed)
    lycees = (key for key in study.plan.lycees if study.plan.sector_of(key).id in sectors)
    return Area("region", "", "l'ensemble", tuple(lycees))


def sector_area(study: Study, sector: str) -> Area:
    """Return the area of a sector (id); raise ``InputError`` if there is none."""
    known = study.plan.sector(sector)
    return Area("sector", known.id, f"le secteur {known.name}", study.plan.lycees_of(known.id))


def zone_area(study: Study, zone: str) -> Area:
    """Return the area of a zone (id); raise ``InputError`` if there is none."""
    known = study.plan.zone(zone)
    return Area("zone", known.id, f"la zone {known.name}", study.plan.members(known.id))


def lycee_area(study: Study, lycee: str) -> Area:
    """Return the area of a lycée (id)."""
    study.plan.zone_of(lycee)
    return Area("lycee", lycee, study.name(lycee), (lycee,))


def observer(study: Study, journal: Journal) -> Observer:
    """Return the cached figures of a journal over the zones of a scenario.

    Drives are compared with the original matrix, without the scenario's corrections.
    """
    return _observer(journal, study.plan, as_supposed(study).analysis)


def as_supposed(study: Study) -> Study:
    """Return a scenario under the supposed figures, without anything adopted from a journal."""
    adopted = study.state.adopted
    state = replace(study.state, adopted=AdoptedHypotheses())
    return replace(study, analysis=study.analysis.leaving(adopted), state=state)


@lru_cache(maxsize=4)
def _observer(journal: Journal, plan: Plan, analysis: Analysis) -> Observer:
    times = analysis.times
    zone_of = dict(plan.zone_by_lycee)

    def minutes(origin: str, destination: str) -> float:
        known = origin in times.origin_index and destination in times.destination_index
        return times.one_way[origin][destination] if known else float("nan")

    return Observer(facts_of(journal, zone_of, analysis.territory.atlas.school), minutes)


def recorded(study: Study, observed: Observer) -> frozenset[str]:
    """Return the sectors (ids) with rows in the journal."""
    held = (lycee for lycee in observed.recorded if lycee in study.plan.zone_by_lycee)
    return frozenset(study.plan.zone_of(lycee).sector for lycee in held)


def area_costs(study: Study, area: Area, sectors: frozenset[str]) -> tuple[YearlyCost, ...]:
    """Return the yearly costs of an area: of each of some sectors (ids) for the whole."""
    if area.kind == "region":
        return tuple(study.cost(sector_id=sector) for sector in sorted(sectors))
    return (study.cost(**{f"{area.kind}_id": area.key}),)


def expected(study: Study, area: Area) -> Mapping[str, float]:
    """Return the tool's expectation of each figure; figures that it does not model are left out."""
    study = as_supposed(study)
    teams, cost = study.settings.teams, study.settings.cost
    lycees = study.territory.lycees
    needs = [study.teams.need(lycees[key]).half_days for key in area.lycees]
    values = {
        "visits_per_month": cost.visits_per_month,
        "absence_rate": teams.absence_rate,
        "absence_days": teams.absence_days,
        "tis_visits": teams.tis_visits,
        "tis_minutes": teams.tis_minutes,
        "drive_ratio": 1.0,
    }
    if needs:
        values["presence"] = sum(needs) / len(needs)
    share, minutes = _covers(study, area)
    if share is not None:
        values["cover_share"] = share
    if minutes is not None:
        values["cover_minutes"] = minutes
    return values


def _covers(study: Study, area: Area) -> tuple[float | None, float | None]:
    """Return the share of missed half-days that posts cover, and the median minutes of covers."""
    if area.kind == "lycee":
        return None, None
    plan = study.plan
    zones = {plan.zone_of(lycee).id for lycee in area.lycees}
    covers = (study.analysis.covers.cover(plan, study.teams, zone) for zone in sorted(zones))
    single = single_figures([cover for cover in covers if cover is not None])
    if single is None or not single.missed:
        return None, None
    reached = single.median is not None and math.isfinite(single.median)
    return 1 - single.uncovered / single.missed, single.median if reached else None


def figures_json(observed: Observed, expects: Mapping[str, float]) -> dict[str, object]:
    """Return the figures in the format of the command line's JSON."""
    answer: dict[str, object] = {}
    for figure in FIGURES:
        estimate = observed.estimates[figure.key]
        answer[figure.key] = {
            "value": None if estimate is None else estimate.value,
            "low": None if estimate is None else estimate.low,
            "high": None if estimate is None else estimate.high,
            "count": 0 if estimate is None else estimate.count,
            "expected": expects.get(figure.key),
        }
    return answer


#: Figures of the tables, after the number of requests.
TABLE_KEYS = ("presence", "visits_per_month", "absence_rate", "cover_share")
#: Name of the parts of an area by its kind, a text for `worded`.
PART_NAMES = {"region": "secteur", "sector": "zone", "zone": "{site}"}


@dataclass(frozen=True)
class AreaRow:
    """Row of a table: a sector, a zone, a lycée or a month.

    ``requests`` is a number, so that rows add up to their area; ``figures`` are texts by key.
    """

    name: str
    place: str
    requests: int
    figures: Mapping[str, str]
    gap: int | None

    @property
    def cells(self) -> tuple[str, ...]:
        """The cells under `HEADS`."""
        figures = (self.figures.get(key, "—") for key in TABLE_KEYS)
        return number(self.requests), *figures, "—" if self.gap is None else number(self.gap)


def _heads() -> tuple[str, ...]:
    labels = []
    for figure in map(BY_KEY.__getitem__, TABLE_KEYS):
        unit = "rythme par mois" if figure.is_rate else figure.unit
        labels.append(figure.label if unit == "%" else f"{figure.label}, {unit}")
    return "Demandes", *labels, "Jours ouvrés de suite sans personne, au plus"


#: Titles of the columns, after the name of the row.
HEADS = _heads()


def part_rows(study: Study, watched: Observer, area: Area) -> tuple[AreaRow, ...]:
    """Return the sectors of the whole, the zones of a sector, or the lycées of a zone."""
    rows = []
    for part in _parts(study, watched, area):
        name = part.name.removeprefix("le ").removeprefix("la ")
        seen = watched.observe(part.lycees)
        asked = watched.work(frozenset(part.lycees)).asked
        rows.append(_row(capital(name), f"{part.kind}:{part.key}", asked, seen))
    return tuple(rows)


def month_rows(watched: Observer, area: Area) -> tuple[AreaRow, ...]:
    """Return the months of the journal, each with its number of working days."""
    rows = []
    for month in watched.months:
        seen = watched.observe(area.lycees, month)
        first = date.fromisoformat(f"{month}-02")
        name = capital(long_date(first.isoformat()).partition(" ")[2])
        days = plural(seen.days, "jour ouvré", "jours ouvrés")
        asked = watched.work(frozenset(area.lycees), month).asked
        rows.append(_row(f"{name} ({days})", "", asked, seen))
    return tuple(rows)


def _parts(study: Study, watched: Observer, area: Area) -> Sequence[Area]:
    plan = study.plan
    if area.kind == "region":
        held = recorded(study, watched)
        return [sector_area(study, sector.id) for sector in plan.sectors if sector.id in held]
    if area.kind == "sector":
        zones = (zone for zone in plan.zones_of(area.key) if plan.members(zone.id))
        return [zone_area(study, zone.id) for zone in zones]
    return [lycee_area(study, lycee) for lycee in area.lycees]


def _row(name: str, place: str, requests: int, seen: Observed) -> AreaRow:
    texts = {}
    for key in TABLE_KEYS:
        figure, estimate = BY_KEY[key], seen.estimates[key]
        if estimate is not None:
            unit = f"{NBSP}%" if figure.unit == "%" else ""
            texts[key] = f"{figure.number_text(estimate.value)}{unit}"
    return AreaRow(name, place, requests, texts, seen.gaps[0].days if seen.gaps else None)


#: Figures that a map may show, in the order of preference where none stands out.
MAPPED = ("presence", "visits_per_month", "cover_share", "tis_visits", "drive_ratio")
#: Bounds of the classes, as shares of what was expected, and their names.
_BOUNDS = (0.75, 0.95, 1.05, 1.25)
_CLASSES = (
    f"moins de 75{NBSP}% de l'attendu",
    f"75 à 95{NBSP}% de l'attendu",
    f"95 à 105{NBSP}% de l'attendu",
    f"105 à 125{NBSP}% de l'attendu",
    f"plus de 125{NBSP}% de l'attendu",
)
_UNKNOWN = "trop peu d'observations"


@dataclass(frozen=True)
class ZoneObservation:
    """Figure observed in a zone: its number on the map, its colour, its value, its line.

    ``line`` is ``None`` where there are too few observations; ``value`` says so then.
    """

    number: int
    zone: str
    name: str
    colour: str
    value: str
    line: BilanLine | None


@dataclass(frozen=True)
class ObservedMap:
    """Map of a figure by zone."""

    title: str  # What the map shows, in a sentence without a full stop.
    scene: Scene  # The zones of the area in the colours of their classes, all others faded.
    zones: tuple[ZoneObservation, ...]  # The zones of the area, in the order of their numbers.
    legend: tuple[tuple[str, str], ...]  # The colours in use, each with its class.

    @property
    def lines(self) -> tuple[str, ...]:
        """The figure of each zone, in the order of their numbers."""
        return tuple(f"{zone.number}. {zone.name} : {zone.value}" for zone in self.zones)

    @property
    def described(self) -> str:
        """The map in words."""
        return f"Carte. {self.title}. {' ; '.join(self.lines)}."


def observed_map(
    study: Study, watched: Observer, area: Area, findings: tuple[str, ...]
) -> ObservedMap | None:
    """Return the map of the first of some figures (keys) that differs by class between zones.

    If none does, of the first one that a map may show; ``None`` for a zone or a lycée, and where
    fewer than two zones have enough observations.
    """
    if area.kind not in {"region", "sector"}:
        return None
    zones = _zones(study, watched, area)
    found: list[tuple[bool, int, str, dict[str, BilanLine | None]]] = []
    for key in dict.fromkeys((*(key for key in findings if key in MAPPED), *MAPPED)):
        lines = {zone: _line(study, watched, zone, BY_KEY[key]) for zone in zones}
        known = [line for line in lines.values() if line is not None]
        if len(known) > 1:
            found.append((len({_class(line) for line in known}) == 1, len(found), key, lines))
    if not found:
        return None
    _, _, key, lines = min(found, key=lambda one: one[:2])
    return _map(study, area, BY_KEY[key], lines)


def _zones(study: Study, watched: Observer, area: Area) -> list[str]:
    plan = study.plan
    sectors = recorded(study, watched) if area.kind == "region" else {area.key}
    return [zone.id for zone in plan.zones if zone.sector in sectors and plan.members(zone.id)]


def _line(study: Study, watched: Observer, zone: str, figure: ObservedFigure) -> BilanLine | None:
    """Return the line of a zone; ``None`` where it cannot be compared."""
    area = zone_area(study, zone)
    seen = watched.observe(area.lycees)
    estimate, hoped = seen.estimates[figure.key], expected(study, area).get(figure.key)
    if estimate is None or not hoped:
        return None
    line = bilan_line(figure, estimate, hoped, seen.days)
    return None if line.verdict is BilanVerdict.UNSURE else line


def _map(
    study: Study, area: Area, figure: ObservedFigure, lines: Mapping[str, BilanLine | None]
) -> ObservedMap:
    shades = ramp(len(_CLASSES))
    if figure.lower is False:
        shades = shades[::-1]
    colours = {
        zone: NO_VALUE if line is None else shades[_class(line)] for zone, line in lines.items()
    }
    sector = area.key if area.kind == "sector" else None
    options = SceneOptions(sector=sector, colours=colours, layers={"lycees": False})
    scene = _near(build_scene(study, options), frozenset(lines))
    drawn = [zone for zone in scene.zones if zone.id in lines]
    zones = tuple(
        ZoneObservation(
            zone.number,
            zone.id,
            zone.name,
            colours[zone.id],
            _value(lines[zone.id]),
            lines[zone.id],
        )
        for zone in drawn
    )
    classes = (*zip(shades, _CLASSES, strict=True), (NO_VALUE, _UNKNOWN))
    legend = tuple(entry for entry in classes if entry[0] in colours.values())
    return ObservedMap(_title(figure, zones), scene, zones, legend)


def _value(line: BilanLine | None) -> str:
    return _UNKNOWN if line is None else line.value


def _class(line: BilanLine) -> int:
    return bisect_right(_BOUNDS, _share(line))


def _share(line: BilanLine) -> float:
    return line.bar.value / line.bar.expected if line.bar.expected else 1.0


def _near(scene: Scene, subject: frozenset[str]) -> Scene:
    """Return a scene focused on some zones, the others faded."""
    zones = tuple(replace(zone, aside=zone.id not in subject) for zone in scene.zones)
    shapes = [zone.geometry for zone in zones if not zone.aside]
    west, south, east, north = shapely.total_bounds(shapes).tolist()
    return replace(scene, zones=zones, view=View((west, south, east, north), "bilan"))


def _title(figure: ObservedFigure, zones: tuple[ZoneObservation, ...]) -> str:
    """Say in how many zones the figure is outside its expectation, on which side."""
    known = [zone.line for zone in zones if zone.line is not None]
    sides = []
    for way, more in (("plus", True), ("moins", False)):
        count = sum(line.verdict in OUTSIDE and (_share(line) > 1) is more for line in known)
        if count:
            sides.append(f"{way} que prévu dans {plural(count, 'zone')}")
    told = f"{listing(sides)} sur {len(known)}" if sides else "comme prévu dans chaque zone"
    return f"{figure.label} : {told}"
