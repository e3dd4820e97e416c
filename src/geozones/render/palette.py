"""Sectors by hue, zones by shade within it.

Colours are chosen in OKLCH (Ottosson, "A perceptual color space for image processing", 2020),
where equal steps look equal.
"""

import math
from dataclasses import dataclass
from itertools import pairwise

from geozones.domain import Plan

#: Hues in degrees for the first seven sectors of a plan, told apart side by side on the map.
_HUES = (150.0, 92.0, 52.0, 262.0, 200.0, 12.0, 322.0)
_GOLDEN_ANGLE = 137.508
#: Lightness of the zones of a sector, ordered so that consecutive zones differ most.
_SHADES = (0.80, 0.89, 0.73, 0.84, 0.77, 0.92)
_CHROMA = 0.082
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
    of at least 4.5:1 on white).
    """

    zone: dict[str, str]
    ink: dict[str, str]
    sector: dict[str, str]

    @classmethod
    def of(cls, plan: Plan) -> "Palette":
        """Give each sector a hue and each of its zones a shade, by their place in the plan."""
        zone, ink, sector = _Colours(), _Colours(), _Colours()
        for rank, area in enumerate(plan.sectors):
            hue = _hue(rank)
            sector[area.id] = oklch(0.80, _CHROMA, hue)
            ink[area.id] = oklch(0.42, 0.09, hue)
            for place, entry in enumerate(plan.zones_of(area.id)):
                shade = _SHADES[place % len(_SHADES)]
                zone[entry.id] = oklch(shade, _CHROMA * (1.15 - (shade - 0.73)), hue)
        return cls(zone, ink, sector)


def _hue(rank: int) -> float:
    if rank < len(_HUES):
        return _HUES[rank]
    return (_HUES[0] + 20 + rank * _GOLDEN_ANGLE) % 360


def oklch(lightness: float, chroma: float, hue: float) -> str:
    """Return the sRGB colour ``#rrggbb`` of an OKLCH colour (hue in degrees), clipped to gamut."""
    a = chroma * math.cos(math.radians(hue))
    b = chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
    return "#" + "".join(f"{round(255 * _gamma(value)):02x}" for value in linear)


def _gamma(value: float) -> float:
    value = min(max(value, 0.0), 1.0)
    return 12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055


def contrast(first: str, second: str) -> float:
    """Return the contrast ratio of two ``#rrggbb`` colours (WCAG 2.1, 1.4.3), from 1 to 21."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[i:j], 16) / 255 for i, j in pairwise((1, 3, 5, 7))]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
