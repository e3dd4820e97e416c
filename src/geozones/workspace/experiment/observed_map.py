"""Map of an observed figure by zone, in classes of the share of what was expected there."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, replace

import shapely

from geozones.common.french import NBSP, listing, plural
from geozones.domain.bilan_line import OUTSIDE, BilanLine, BilanVerdict
from geozones.experiment.bilan_lines import bilan_line
from geozones.experiment.observed import Observer
from geozones.experiment.observed_figures import BY_KEY, ObservedFigure
from geozones.render import Scene, View
from geozones.render.palette import NO_VALUE, ramp
from geozones.workspace.experiment.areas import Area, expected, recorded, zone_area
from geozones.workspace.maps.plan_scene import SceneOptions, build_scene
from geozones.workspace.study import Study

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
    """Map of a figure by zone.

    Parameters
    ----------
    title
        What the map shows, in a sentence without a full stop.
    scene
        The zones of the area in the colours of their classes, all others faded.
    zones
        The zones of the area, in the order of their numbers.
    legend
        The colours in use, each with its class.
    """

    title: str
    scene: Scene
    zones: tuple[ZoneObservation, ...]
    legend: tuple[tuple[str, str], ...]

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
            rank, zone.id, zone.name, colours[zone.id], _value(lines[zone.id]), lines[zone.id]
        )
        for rank, zone in enumerate(drawn, 1)
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
