"""Sectors by hue, zones by shade within it; neighbours are told apart by every eye.

Two zones that share a border, of one sector or of two, are ``APART`` at least (CIEDE2000): by
usual sight, in deuteranopia, in protanopia and in grey.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import lru_cache

from geozones.domain import Plan
from geozones.render.colour import apart, oklch, toned
from geozones.render.shades import adjusted, neighbours_of_zones, shades

#: Hues in degrees for the first seven sectors of a plan, told apart side by side on the map.
_HUES = (150.0, 92.0, 52.0, 262.0, 200.0, 12.0, 322.0)
_GOLDEN_ANGLE = 137.508
#: CIE L* and chroma of the shades, and their price: the dark ones only where nothing else fits.
_SHADES = (
    (77.0, 0.095),
    (93.5, 0.05),
    (62.5, 0.105),
    (50.0, 0.1),
    (38.0, 0.09),
    (26.0, 0.08),
)
_PRICES = (0, 0, 0, 1, 3, 6)
APART = 10.0
_UNKNOWN = "#b9bec4"


def ramp() -> tuple[str, ...]:
    """Return five colours for classes of minutes: the longer the darker, told apart in grey too."""
    steps = ((0.94, 0.09, 110.0), (0.83, 0.1, 160.0), (0.69, 0.09, 215.0), (0.53, 0.1, 265.0))
    return tuple(oklch(*step) for step in (*steps, (0.37, 0.11, 305.0)))


#: Where there is no way.
NO_WAY = "#d8d3ca"


class _Colours(dict[str, str]):
    """Colours by id; a zone or sector that the palette does not know is grey."""

    def __missing__(self, _: str) -> str:
        return _UNKNOWN


@dataclass(frozen=True)
class Palette:
    """Colours of a plan's sectors and zones, as ``#rrggbb``, by id.

    ``zone`` fills areas; ``ink`` is the sector's dark tone, for borders, points and text (contrast
    of at least 4.5:1 on white). ``shade`` counts the shades of a hue.
    """

    zone: dict[str, str]
    ink: dict[str, str]
    sector: dict[str, str]
    shade: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, plan: Plan, neighbours: Mapping[str, AbstractSet[str]] | None = None) -> "Palette":
        """Give each sector a hue and each of its zones a shade.

        ``neighbours`` are, for each lycée, those whose cell touches its own.
        """
        near = neighbours_of_zones(plan.zone_by_lycee, neighbours or {})
        zones = [zone.id for zone in plan.zones]
        return cls._with(plan, shades(zones, near, _PRICES, _Fits(plan)))

    def after(
        self, before: Plan, plan: Plan, neighbours: Mapping[str, AbstractSet[str]]
    ) -> "Palette":
        """Return the palette of a plan that was made from the palette's own, ``before``.

        Only the zones whose lycées are not the same may change colour, and only where they would
        not be told from a neighbour; where that is not enough the plan gets a palette of its own.
        """
        known = {zone.id for zone in before.zones}
        touched = [
            zone.id
            for zone in plan.zones
            if zone.id not in known
            or before.members(zone.id) != plan.members(zone.id)
            or before.zone(zone.id).sector != zone.sector
        ]
        if not touched and len(known) == len(plan.zones):
            return self
        near = neighbours_of_zones(plan.zone_by_lycee, neighbours)
        kept = {zone.id: self.shade[zone.id] for zone in plan.zones if zone.id in self.shade}
        found = adjusted(touched, near, kept, _PRICES, _Fits(plan))
        if found is None:
            return Palette.of(plan, neighbours)
        return self._with(plan, found)

    @classmethod
    def _with(cls, plan: Plan, shade: dict[str, int]) -> "Palette":
        zone, ink, sector = _Colours(), _Colours(), _Colours()
        hues = {area.id: _hue(rank) for rank, area in enumerate(plan.sectors)}
        for area, hue in hues.items():
            sector[area] = toned(*_SHADES[0], hue)
            ink[area] = oklch(0.42, 0.09, hue)
        for entry in plan.zones:
            zone[entry.id] = toned(*_SHADES[shade[entry.id]], hues[entry.sector])
        return cls(zone, ink, sector, shade)


class _Fits:
    """Whether two zones of a plan, each in a shade, are told apart."""

    def __init__(self, plan: Plan) -> None:
        hues = {area.id: _hue(rank) for rank, area in enumerate(plan.sectors)}
        self._hue = {zone.id: hues[zone.sector] for zone in plan.zones}

    def __call__(self, zone: str, shade: int, other: str, its: int) -> bool:
        return _told_apart(self._hue[zone], shade, self._hue[other], its)


@lru_cache(maxsize=4096)
def _told_apart(hue: float, shade: int, other: float, its: int) -> bool:
    return apart(toned(*_SHADES[shade], hue), toned(*_SHADES[its], other)) >= APART


def _hue(rank: int) -> float:
    if rank < len(_HUES):
        return _HUES[rank]
    return (_HUES[0] + 20 + rank * _GOLDEN_ANGLE) % 360
