"""Colour palette of a plan: a hue for each sector, a pale tint of it for each zone.

Sectors are distinguished by their outline, in a dark tone; the zones of a sector by white borders,
their numbers, and distinct tints. Zones that share a border also differ in deuteranopia, protanopia
and grey (see docs/decisions/0010).
"""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

import numpy as np

from geozones.domain import Plan
from geozones.render.colour import oklch, tint
from geozones.render.shades import Near, Shade, neighbours_of_zones, shades

#: Hues in degrees (OKLCH) for the first seven sectors of a plan, evenly around the circle.
SECTOR_HUES = (148.0, 96.0, 46.0, 250.0, 199.0, 357.0, 302.0)
#: Zones are this pale because lines and numbers tell them apart, not colour alone; names in one ink
#: then keep a contrast of 4.5 on every tint (docs/decisions/0010).
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
        hue = _hues(plan, known)
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


@lru_cache(maxsize=256)
def _shades_of_sector(
    zones: tuple[str, ...],
    near: tuple[tuple[str, frozenset[str]], ...],
    kept: tuple[tuple[str, Shade], ...],
    own: tuple[tuple[str, Shade], ...],
) -> Mapping[str, Shade]:
    """Return `shades` of the zones of one sector: a move changes two at most."""
    return shades(zones, dict(near), dict(kept), dict(own))


def _hues(plan: Plan, known: Mapping[str, float]) -> dict[str, float]:
    """Return the hue of each sector: its present hue, or one as far as possible from all others."""
    taken, hues = list(known.values()), {}
    for sector in plan.sectors:
        hues[sector.id] = known[sector.id] if sector.id in known else _free_hue(taken)
        if sector.id not in known:
            taken.append(hues[sector.id])
    return hues


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
