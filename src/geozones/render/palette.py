"""Colours of a plan: a hue for each sector, a tint for each zone that its neighbours lack.

Sources of the colour computations: Ottosson, "A perceptual color space for image processing"
(2020), for OKLCH, and WCAG 2.1 for contrast, both as the library coloraide computes them; ITU-R
BT.601 for the grey of printers.

Sectors are distinguished by their outline, in a dark tone; the zones of a sector by white borders,
their numbers, and distinct tints. Zones that share a border also differ in deuteranopia, protanopia
and grey (see docs/decisions.md, 10).

A shade is a level, from the palest (0) to the darkest (3), and a turn of the sector's hue (0 to 4).
Zones that share a border have different levels; zones of one level have different turns.
"""

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from geozones.domain import Plan

if TYPE_CHECKING:
    from coloraide import Color

LEVELS, TURNS = 4, 5
#: Levels by preference; the darkest only if the others do not suffice.
_PREFERRED = (1, 2, 0, 3)
_DARK = 3
#: Most dark zones, in order of trial.
_BUDGETS = (0, 1, 2, 3, math.inf)
#: Levels tried before a search gives up.
_PATIENCE = 4000


class Shade(NamedTuple):
    """Level of a hue, and turn of the hue."""

    level: int
    turn: int


type Near = Mapping[str, AbstractSet[str]]


def neighbours_of_zones(zone_by_lycee: Mapping[str, str], neighbours: Near) -> dict[str, set[str]]:
    """Return the zones that share a border, from the lycées whose cells share a border."""
    near: dict[str, set[str]] = {zone: set() for zone in zone_by_lycee.values()}
    for lycee, zone in zone_by_lycee.items():
        for other in neighbours.get(lycee, ()):
            there = zone_by_lycee.get(other, zone)
            if there != zone:
                near[zone].add(there)
    return near


def shades(
    zones: Sequence[str], near: Near, kept: Mapping[str, Shade], own: Mapping[str, Shade]
) -> dict[str, Shade]:
    """Return a shade for each of ``zones``, and the present shades of ``kept``.

    Zones are coloured in turn, each with its ``own`` shade if that fits; an earlier zone changes
    only if a later zone would have no shade, and a zone of ``kept`` only if nothing else helps. If
    levels do not suffice (pieces of zones may touch more than three others), neighbours of one
    level have different turns. No shade is used twice before all are used.
    """
    own = {**own, **kept}
    every = (*kept, *zones)
    fixed = {zone: shade.level for zone, shade in kept.items()}
    for free, held in ((zones, fixed), (every, {})):
        for budget in _BUDGETS:
            found = _ShadeSearch(near, own, budget, len(every)).levels(free, held)
            if found is not None:
                return _turned(every, found, own)
    found = dict(fixed)
    used = Counter(found.values())
    for zone in zones:
        around = Counter(found[other] for other in near.get(zone, ()) if other in found)
        found[zone] = min(_PREFERRED, key=lambda level: (around[level], used[level]))
        used[found[zone]] += 1
    return _turned(every, found, own)


class _ShadeSearch:
    """Depth-first search of levels, with at most ``budget`` dark zones.

    It has its own stack: a file may hold thousands of zones, more than Python's recursion limit.
    """

    def __init__(self, near: Near, own: Mapping[str, Shade], budget: float, count: int) -> None:
        self.near, self.own, self.budget = near, own, budget
        self.room = max(TURNS, math.ceil(count / LEVELS))
        self.given: dict[str, int] = {}
        self.used: Counter[int] = Counter()
        self.dark = 0

    def levels(self, free: Sequence[str], held: Mapping[str, int]) -> dict[str, int] | None:
        """Return levels ``held`` and a level for each zone of ``free``; ``None`` if none fit."""
        for zone, its_own in held.items():
            self._give(zone, its_own)
        choices: list[Iterator[int]] = []
        tried = 0
        while len(choices) < len(free):
            choices.append(self._choices(free[len(choices)]))
            while (level := next(choices[-1], None)) is None:
                choices.pop()
                if not choices:
                    return None
                self._take_back(free[len(choices) - 1])
            tried += 1
            if tried > _PATIENCE:
                return None
            self._give(free[len(choices) - 1], level)
        return self.given

    def _give(self, zone: str, level: int) -> None:
        self.given[zone] = level
        self.used[level] += 1
        self.dark += self._is_paid(zone, level)

    def _take_back(self, zone: str) -> None:
        level = self.given.pop(zone)
        self.used[level] -= 1
        self.dark -= self._is_paid(zone, level)

    def _is_paid(self, zone: str, level: int) -> bool:
        """Return whether a level is dark, and not the zone's own."""
        return level == _DARK and not (zone in self.own and self.own[zone].level == _DARK)

    def _choices(self, zone: str) -> Iterator[int]:
        """Return the levels that fit, the zone's own first, then the least used."""
        around = {self.given.get(other) for other in self.near.get(zone, ())}
        own = self.own[zone].level if zone in self.own else None
        fitting = [
            level
            for level in _PREFERRED
            if level not in around
            and self.used[level] < self.room
            and (level != _DARK or level == own or self.dark < self.budget)
        ]
        return iter(sorted(fitting, key=lambda level: (level != own, self.used[level])))


def _turned(
    zones: Sequence[str], levels: Mapping[str, int], own: Mapping[str, Shade]
) -> dict[str, Shade]:
    """Assign to each zone a turn at its level: its own if possible, else the least used."""
    given: dict[str, Shade] = {}
    used: Counter[Shade] = Counter()
    for zone in zones:
        if zone in own and own[zone].level == levels[zone] and not used[own[zone]]:
            given[zone] = own[zone]
            used[own[zone]] += 1
    for zone in zones:
        if zone not in given:
            turns = (Shade(levels[zone], turn) for turn in range(TURNS))
            given[zone] = min(turns, key=lambda shade: used[shade])
            used[given[zone]] += 1
    return given


#: Weights of the coded red, green and blue in the grey of printers and image tools.
_REC_601 = (0.299, 0.587, 0.114)
#: Bisection steps in the search of a lightness: finer than a step of a channel.
_HALVINGS = 16


def oklch(lightness: float, chroma: float, hue: float) -> str:
    """Return an OKLCH colour (hue in degrees); with less chroma if sRGB cannot show it."""
    return _written(_oklch(lightness, chroma, hue))


def contrast(first: str, second: str) -> float:
    """Return the contrast ratio of two ``#rrggbb`` colours (WCAG 2.1, 1.4.3), from 1 to 21."""
    return float(_colour(first).contrast(_colour(second), method="wcag21"))


def mixed(colour: str, other: str, part: float) -> str:
    """Return two ``#rrggbb`` colours mixed in coded sRGB, ``part`` (0 to 1) of the second."""
    pairs = [(int(colour[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(a + (b - a) * part):02x}" for a, b in pairs)


@lru_cache(maxsize=4096)
def tint(lightness: float, chroma: float, hue: float) -> str:
    """Return the colour of a hue (OKLCH, degrees) whose grey has a given CIE L*.

    A colour has two greys, by its luminance and in print; ``lightness`` is their mean.
    """
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        colour = _oklch(middle, chroma, hue)
        printed = sum(weight * part for weight, part in zip(_REC_601, colour[:3], strict=True))
        coded = _colour("srgb", [printed] * 3)
        if float(colour.convert("lab-d65")[0] + coded.convert("lab-d65")[0]) / 2 < lightness:
            low = middle
        else:
            high = middle
    return oklch(high, chroma, hue)


def _colour(hex_or_space: str, coordinates: Sequence[float] | None = None) -> "Color":
    from coloraide import Color  # noqa: PLC0415 - it loads much, and a text needs no colour

    return Color(hex_or_space, coordinates)


def _oklch(lightness: float, chroma: float, hue: float) -> "Color":
    return _colour("oklch", [lightness, chroma, hue]).convert("srgb").fit(method="oklch-chroma")


def _written(colour: "Color") -> str:
    return str(colour.to_string(hex=True))


#: Hues in degrees (OKLCH) for the first seven sectors of a plan, evenly around the circle.
SECTOR_HUES = (148.0, 96.0, 46.0, 250.0, 199.0, 357.0, 302.0)
#: Zones are this pale because lines and numbers tell them apart, not colour alone; names in one ink
#: then keep a contrast of 4.5 on every tint (docs/decisions.md, 10).
#: CIE L* and chroma of the levels of a hue, the palest first; turns of the hue, in degrees.
_LEVELS = ((92.6, 0.031), (84.6, 0.0425), (76.6, 0.0515), (68.8, 0.0515))
_TURNS = (0.0, 20.0, -20.0, 10.0, -10.0)
#: Hue that turns brown when darker: other hues avoid it first.
_ORANGE = 70.0
#: Shade of a whole sector.
_SECTOR = Shade(1, 0)
_UNKNOWN = "#b9bec4"


#: CIE L*, chroma and hue (degrees, OKLCH) of a scale of classes, from the best to the worst: as
#: light as zones, so that names in ink are legible, and warm, where the ground has blue.
_SCALE = np.array(
    ((96, 0.05, 100), (89, 0.09, 85), (81.5, 0.105, 60), (74, 0.115, 28), (67, 0.125, -8))
)


def ramp(count: int = 5) -> tuple[str, ...]:
    """Return the colours of ``count`` classes (2 to 5), the lightest first, distinct in grey too.

    The end colours do not depend on the count.
    """
    steps = np.linspace(0, len(_SCALE) - 1, count)
    parts = [np.interp(steps, np.arange(len(_SCALE)), column) for column in _SCALE.T]
    return tuple(tint(*map(float, step)) for step in zip(*parts, strict=True))


#: Colour of a place that no road reaches, and of a zone without a value.
NO_VALUE = "#d8d3ca"


class _Colours(dict[str, str]):
    """Colours by id; an unknown zone or sector is grey."""

    def __missing__(self, _: str) -> str:
        return _UNKNOWN


@dataclass(frozen=True)
class Palette:
    """Colours of a plan's sectors and zones, as ``#rrggbb``, by id.

    ``zone`` fills areas; ``ink`` is the sector's dark tone, for borders and points (contrast of at
    least 4.5:1 on white). ``hue`` is each sector's hue, in degrees, ``shade`` each zone's level and
    turn of the hue.
    """

    zone: dict[str, str]
    ink: dict[str, str]
    sector: dict[str, str]
    hue: dict[str, float] = field(default_factory=dict)
    shade: dict[str, Shade] = field(default_factory=dict)

    @classmethod
    def of(cls, plan: Plan, neighbours: Mapping[str, AbstractSet[str]] | None = None) -> "Palette":
        """Assign to each sector a hue and to each of its zones a tint.

        ``neighbours`` maps each lycée to the lycées whose cells touch its own.
        """
        return cls._with(plan, neighbours or {}, {}, {}, {})

    def after(
        self, before: Plan, plan: Plan, neighbours: Mapping[str, AbstractSet[str]]
    ) -> "Palette":
        """Return the palette of a plan made by changes to ``before``, the plan of this palette.

        A zone with the same lycées keeps its colour. A zone whose lycées changed keeps it too,
        unless a neighbour in its sector is equally light. Sectors do not depend on one another.
        """
        known = {zone.id for zone in before.zones}
        kept = {
            zone.id: self.shade[zone.id]
            for zone in plan.zones
            if zone.id in known
            and before.zone(zone.id).sector == zone.sector
            and before.members(zone.id) == plan.members(zone.id)
        }
        same = len(kept) == len(known) == len(plan.zones)
        if same and all(sector.id in self.hue for sector in plan.sectors):
            return self
        return self._with(plan, neighbours, kept, self.shade, self.hue)

    @classmethod
    def _with(
        cls,
        plan: Plan,
        neighbours: Near,
        kept: Mapping[str, Shade],
        own: Mapping[str, Shade],
        known: Mapping[str, float],
    ) -> "Palette":
        # the hue of each sector: its present hue, or one as far as possible from all others
        taken, hue = list(known.values()), {}
        for sector in plan.sectors:
            hue[sector.id] = known[sector.id] if sector.id in known else _free_hue(taken)
            if sector.id not in known:
                taken.append(hue[sector.id])
        near = neighbours_of_zones(plan.zone_by_lycee, neighbours)
        shade: dict[str, Shade] = {}
        for sector in plan.sectors:
            ids = [zone.id for zone in plan.zones_of(sector.id)]
            shade |= _shades_of_sector(
                tuple(zone for zone in ids if zone not in kept),
                tuple((zone, frozenset(near.get(zone, ())).intersection(ids)) for zone in ids),
                tuple((zone, kept[zone]) for zone in ids if zone in kept),
                tuple((zone, own[zone]) for zone in ids if zone in own),
            )
        zone, ink, area = _Colours(), _Colours(), _Colours()
        for key, angle in hue.items():
            area[key] = tint_of(angle, _SECTOR)
            ink[key] = oklch(0.42, 0.09, angle)
        for entry in plan.zones:
            zone[entry.id] = tint_of(hue[entry.sector], shade[entry.id])
        return cls(zone, ink, area, hue, shade)


@lru_cache(maxsize=1024)
def _shades_of_sector(
    zones: tuple[str, ...],
    near: tuple[tuple[str, frozenset[str]], ...],
    kept: tuple[tuple[str, Shade], ...],
    own: tuple[tuple[str, Shade], ...],
) -> Mapping[str, Shade]:
    """Return `shades` of the zones of one sector: a move changes two at most."""
    return shades(zones, dict(near), dict(kept), dict(own))


def _free_hue(taken: Sequence[float]) -> float:
    """Return the first free usual hue, else the middle of the widest gap."""
    usual = next((hue for hue in SECTOR_HUES if hue not in taken), None)
    if usual is not None:
        return usual
    around = sorted(taken)
    gaps = pairwise([*around, around[0] + 360])
    first, second = max(gaps, key=lambda gap: gap[1] - gap[0])
    return (first + second) / 2 % 360


def tint_of(hue: float, shade: Shade) -> str:
    """Return the tint of a sector's hue (degrees) in a shade."""
    away = -1 if (_ORANGE - hue) % 360 < 90 else 1
    return tint(*_LEVELS[shade.level], hue + away * _TURNS[shade.turn])
